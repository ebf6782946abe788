// SPDX-License-Identifier: GPL-2.0
/* The functions around an address: a real one, and what is inlined into it. */
#include <dwarf.h>
#include <stdbool.h>

#include "dwarf_scopes.h"

static bool is_function(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

static bool is_scope(Dwarf_Die *die)
{
	return is_function(die) || dwarf_tag(die) == DW_TAG_lexical_block;
}

/*
 * The scope among the children of @parent that @pc is in. Each must be behind the last
 * one: damaged debug info could lead in circles.
 */
static bool child_scope(Dwarf_Die *parent, Dwarf_Addr pc, Dwarf_Die *child)
{
	Dwarf_Off last = dwarf_dieoffset(parent);
	int more;

	for (more = dwarf_child(parent, child); !more && dwarf_dieoffset(child) > last;
	     more = dwarf_siblingof(child, child)) {
		if (is_scope(child) && dwarf_haspc(child, pc) > 0)
			return true;
		last = dwarf_dieoffset(child);
	}
	return false;
}

/**
 * dwarf_scopes_at - the functions around an address
 * @cu: the unit that it is in
 * @pc: the address
 * @scopes: out
 */
void dwarf_scopes_at(Dwarf_Die *cu, Dwarf_Addr pc, struct dwarf_scopes *scopes)
{
	Dwarf_Die child, parent = *cu;

	scopes->nr = 0;
	while (scopes->nr < INLINES_MAX && child_scope(&parent, pc, &child)) {
		if (is_function(&child))
			scopes->die[scopes->nr++] = child;
		parent = child;
	}
}
