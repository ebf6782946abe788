/* SPDX-License-Identifier: GPL-2.0 */
/* Source lines and inline chains, by DWARF. */
#ifndef PKSDIAG_DWARF_LINES_H
#define PKSDIAG_DWARF_LINES_H

#include <elfutils/libdwfl.h>

#include "dwarf_units.h"
#include "symbols.h"

/**
 * struct dwarf_lines - the debug info of a vmlinux or a module
 * @mod: libdwfl's module
 * @units: its file, if it is a linked one: to open as little of it as can be
 * @start_kernel: address of that function: its unit gives away @root
 * @root: directory of the kernel source at build time, NULL: not yet known
 */
struct dwarf_lines {
	Dwfl_Module *mod;
	struct dwarf_units units;
	Dwarf_Addr start_kernel;
	char *root;
};

bool dwarf_lines_open(struct dwarf_lines *lines, Dwfl_Module *mod,
		      Dwarf_Addr start_kernel);
void dwarf_lines_close(struct dwarf_lines *lines);
const char *dwarf_lines_root(struct dwarf_lines *lines);
bool dwarf_lines_unit(struct dwarf_lines *lines, Dwarf_Addr pc, Dwarf_Die *unit);
bool dwarf_lines_find(struct dwarf_lines *lines, Dwarf_Addr pc,
		      struct location *loc);

#endif /* PKSDIAG_DWARF_LINES_H */
