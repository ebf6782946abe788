/* SPDX-License-Identifier: GPL-2.0 */
/* The modules of all records, and where their files may be. */
#ifndef PKSDIAG_MODULES_H
#define PKSDIAG_MODULES_H

#include "dwarf_lines.h"
#include "map_calls.h"
#include "record.h"
#include "symbols.h"

struct module;

/**
 * struct modules - the modules that were asked for
 * @dir: directory that the user named, NULL: none
 * @debug_dir: another one, for debug info, NULL: none
 * @files: files that the user named, some of them may be modules
 * @nr_files: how many
 * @vmlinux: usable vmlinux that the user named, NULL: none
 * @release: of the running kernel; "" if the records are not of it
 * @lines: debug info of the vmlinux, NULL if there is none
 * @list: the modules
 */
struct modules {
	const char *dir;
	const char *debug_dir;
	const char *const *files;
	size_t nr_files;
	const char *vmlinux;
	char release[64];
	struct dwarf_lines *lines;
	struct module *list;
};

void modules_close(struct modules *ms);
struct module *modules_get(struct modules *ms, const struct pksdiag_record *r);
void module_check(struct module *m, const struct pksdiag_record *r);
void module_find(struct module *m, __u64 address, bool is_return,
		 struct location *loc);
enum map_calls module_maps(struct module *m, __u64 address,
			   const struct location *loc, __u64 *after);
void module_put_quality(FILE *out, const struct module *m);

#endif /* PKSDIAG_MODULES_H */
