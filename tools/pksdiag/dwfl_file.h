/* SPDX-License-Identifier: GPL-2.0 */
/* An ELF file and its debug info, by libdwfl. */
#ifndef PKSDIAG_DWFL_FILE_H
#define PKSDIAG_DWFL_FILE_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>

/**
 * struct dwfl_file - an open file; all 0 if there is none
 * @dwfl: libdwfl's session
 * @mod: libdwfl's module
 */
struct dwfl_file {
	Dwfl *dwfl;
	Dwfl_Module *mod;
};

bool dwfl_file_open(struct dwfl_file *f, const char *file, GElf_Addr base);
void dwfl_file_close(struct dwfl_file *f);

#endif /* PKSDIAG_DWFL_FILE_H */
