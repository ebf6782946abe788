/* SPDX-License-Identifier: GPL-2.0 */
/* What DWARF calls things: attributes, and the names of source files. */
#ifndef PKSDIAG_DWARF_NAMES_H
#define PKSDIAG_DWARF_NAMES_H

#include <elfutils/libdw.h>

const char *dwarf_path_below(const char *path, const char *dir);
char *dwarf_path(const char *file, Dwarf_Die *cu);
Dwarf_Word dwarf_die_number(Dwarf_Die *die, unsigned int name);
const char *dwarf_die_string(Dwarf_Die *die, unsigned int name);

#endif /* PKSDIAG_DWARF_NAMES_H */
