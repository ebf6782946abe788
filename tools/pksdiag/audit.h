/* SPDX-License-Identifier: GPL-2.0 */
/* pksdiag audit: what it found. */
#ifndef PKSDIAG_AUDIT_H
#define PKSDIAG_AUDIT_H

#include "audit_files.h"
#include "audit_sites.h"

/**
 * struct audit - all that was found
 * @files: in which files
 * @sites: the sites
 * @counts: how many
 */
struct audit {
	struct audit_files files;
	struct audit_sites sites;
	struct audit_counts counts;
};

void audit_json(const struct audit *a);

#endif /* PKSDIAG_AUDIT_H */
