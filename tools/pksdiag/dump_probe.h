/* SPDX-License-Identifier: GPL-2.0 */
/* Try what may crash in a process of its own. */
#ifndef PKSDIAG_DUMP_PROBE_H
#define PKSDIAG_DUMP_PROBE_H

#include <stdbool.h>

bool dump_probe(const char *name, void (*try)(void *arg), void *arg);

#endif /* PKSDIAG_DUMP_PROBE_H */
