/* SPDX-License-Identifier: GPL-2.0 */
/* Does a function map memory? By the calls in its code. */
#ifndef PKSDIAG_MAP_CALLS_H
#define PKSDIAG_MAP_CALLS_H

#include "elf_symbols.h"

/* What is known about a function. */
enum map_calls {
	MAP_CALLS_UNKNOWN,	/* its code is not at hand */
	MAP_CALLS_NONE,
	MAP_CALLS_SOME,
};

/**
 * struct map_place - a place in a relocatable file
 * @ndx: its section
 * @at: byte of that
 */
struct map_place {
	size_t ndx;
	__u64 at;
};

enum map_calls map_calls_linked(const struct elf_symbols *table, Elf *elf,
				const Elf64_Sym *function, __u64 *after);
enum map_calls map_calls_relocatable(Elf *elf, const char *name,
				     struct map_place start, __u64 size,
				     struct map_place *after);

#endif /* PKSDIAG_MAP_CALLS_H */
