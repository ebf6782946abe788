/* SPDX-License-Identifier: GPL-2.0 */
/* The source lines of a compilation unit, named from the top of the kernel's source. */
#ifndef PKSDIAG_AUDIT_LINES_H
#define PKSDIAG_AUDIT_LINES_H

#include <elfutils/libdw.h>

#include "symbols.h"

/**
 * struct audit_lines - the source files of a unit
 * @cu: the unit
 * @files: their names
 * @nr: how many, 0 if they were not read yet, or cannot be
 * @root: the directory of the kernel's source, "" if it is not known
 */
struct audit_lines {
	Dwarf_Die *cu;
	Dwarf_Files *files;
	size_t nr;
	char *root;
};

void audit_lines_init(struct audit_lines *lines, Dwarf_Die *cu);
void audit_lines_free(struct audit_lines *lines);
char *audit_lines_file(struct audit_lines *lines, const char *file);
void audit_lines_call(struct audit_lines *lines, Dwarf_Die *inlined,
		      struct frame *frame);
int audit_lines_at(struct audit_lines *lines, Dwarf_Addr pc, struct frame *frame);

#endif /* PKSDIAG_AUDIT_LINES_H */
