/* SPDX-License-Identifier: GPL-2.0 */
/* The memory of the kernel that crash has open. */
#ifndef PKSDIAG_CRASH_MEMORY_H
#define PKSDIAG_CRASH_MEMORY_H

#include "memory.h"
#include "options.h"

/**
 * struct crash_memory - the memory, and where it is from
 * @mem: it, by the name of the dump
 * @symbols: text of @mem.symbols
 */
struct crash_memory {
	struct memory mem;
	char *symbols;
};

void crash_memory_open(struct crash_memory *m, struct options *opt);
void crash_memory_close(struct crash_memory *m);
int crash_memory_read_phys(__u64 addr, void *buf, size_t len);

#endif /* PKSDIAG_CRASH_MEMORY_H */
