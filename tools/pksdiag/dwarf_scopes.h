/* SPDX-License-Identifier: GPL-2.0 */
/* The functions around an address: a real one, and what is inlined into it. */
#ifndef PKSDIAG_DWARF_SCOPES_H
#define PKSDIAG_DWARF_SCOPES_H

#include <elfutils/libdw.h>

#include "symbols.h"

/**
 * struct dwarf_scopes - the functions around an address, outermost first
 * @die: the real function, then what is inlined into it
 * @nr: how many
 */
struct dwarf_scopes {
	Dwarf_Die die[INLINES_MAX];
	int nr;
};

void dwarf_scopes_at(Dwarf_Die *cu, Dwarf_Addr pc, struct dwarf_scopes *scopes);

#endif /* PKSDIAG_DWARF_SCOPES_H */
