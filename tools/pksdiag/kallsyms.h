/* SPDX-License-Identifier: GPL-2.0 */
/* Functions of a module by /proc/kallsyms of the running kernel. */
#ifndef PKSDIAG_KALLSYMS_H
#define PKSDIAG_KALLSYMS_H

#include "symbols.h"

/**
 * struct kallsyms_entry - a function
 * @offset: its first byte, from the start of the module's text
 * @name: its name, in @text
 */
struct kallsyms_entry {
	__u64 offset;
	const char *name;
};

/**
 * struct kallsyms - the functions of one module
 * @text: the file
 * @v: sorted by address
 * @nr: how many
 * @size: bytes of the module's text
 */
struct kallsyms {
	char *text;
	struct kallsyms_entry *v;
	size_t nr;
	__u64 size;
};

void kallsyms_open(struct kallsyms *k, const char *module, __u64 base,
		   __u64 size);
void kallsyms_close(struct kallsyms *k);
void kallsyms_find(const struct kallsyms *k, __u64 offset, bool is_return,
		   struct location *loc);

#endif /* PKSDIAG_KALLSYMS_H */
