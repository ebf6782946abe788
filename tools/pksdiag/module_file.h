/* SPDX-License-Identifier: GPL-2.0 */
/* The file of a kernel module: symbols and lines of its code. */
#ifndef PKSDIAG_MODULE_FILE_H
#define PKSDIAG_MODULE_FILE_H

#include "dwarf_lines.h"
#include "dwfl_file.h"
#include "map_calls.h"
#include "module_layout.h"

/**
 * struct module_file - an open NAME.ko; all 0 if there is none
 * @path: its name
 * @layout: where its sections are at run time
 * @elf: the file, open
 * @dwarf: the debug info
 * @has_dwarf: @dwarf is there
 */
struct module_file {
	char *path;
	struct module_layout layout;
	struct dwfl_file elf;
	struct dwarf_lines dwarf;
	bool has_dwarf;
};

bool module_file_is_of(const char *file, const char *module);
bool module_file_open(struct module_file *f, const char *path,
		      const struct pksdiag_record *r, struct dwarf_lines *kernel);
bool module_file_fits(struct module_file *f, const struct pksdiag_record *r);
void module_file_close(struct module_file *f);
void module_file_find(struct module_file *f, __u64 offset, bool is_return,
		      struct location *loc);
enum map_calls module_file_maps(struct module_file *f, __u64 offset,
				const struct location *loc, __u64 *after);

#endif /* PKSDIAG_MODULE_FILE_H */
