/* SPDX-License-Identifier: GPL-2.0 */
/* Where a compilation unit maps and unmaps pages. */
#ifndef PKSDIAG_AUDIT_UNIT_H
#define PKSDIAG_AUDIT_UNIT_H

#include <elfutils/libdw.h>
#include <stdbool.h>

#include "audit_code.h"
#include "audit_dwarf.h"

/**
 * struct audit_unit - a unit
 * @cu: its first entry
 * @sink: for what is found
 */
struct audit_unit {
	Dwarf_Die *cu;
	const struct audit_sink *sink;
};

bool audit_unit_walk(const struct audit_unit *unit);
void audit_unit_call(const struct audit_unit *unit, const struct audit_call *call);

#endif /* PKSDIAG_AUDIT_UNIT_H */
