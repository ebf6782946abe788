/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that read the files that are audited. */
#ifndef PKSDIAG_AUDIT_WORKERS_H
#define PKSDIAG_AUDIT_WORKERS_H

#include "audit_files.h"
#include "audit_sites.h"

void audit_workers_run(struct audit_files *files, const char *debug_dir,
		       struct audit_sites *sites);

#endif /* PKSDIAG_AUDIT_WORKERS_H */
