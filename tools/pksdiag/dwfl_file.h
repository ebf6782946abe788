/* SPDX-License-Identifier: GPL-2.0 */
/* An ELF file and its debug info, by libdwfl. */
#ifndef PKSDIAG_DWFL_FILE_H
#define PKSDIAG_DWFL_FILE_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>

/**
 * struct dwfl_file - an open file; @dwfl is NULL if there is none
 * @dwfl: libdwfl's session
 * @mod: libdwfl's module
 * @debug_dir: set by the caller: where debug info may be that is not in the file; or
 *	NULL: where distributions have it
 * @debug_path: the same, for libdwfl
 * @callbacks: for libdwfl
 */
struct dwfl_file {
	Dwfl *dwfl;
	Dwfl_Module *mod;
	const char *debug_dir;
	char *debug_path;
	Dwfl_Callbacks callbacks;
};

bool dwfl_file_open(struct dwfl_file *f, const char *file, GElf_Addr base);
void dwfl_file_close(struct dwfl_file *f);

#endif /* PKSDIAG_DWFL_FILE_H */
