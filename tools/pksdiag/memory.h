/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of a kernel, wherever it is read from. All of it may be damaged, or not there. */
#ifndef PKSDIAG_MEMORY_H
#define PKSDIAG_MEMORY_H

#include <linux/types.h>
#include <stddef.h>

struct memory;

/**
 * struct memory_ops - how some memory is read
 * @read: copy @len bytes at kernel address @addr to @buf; 0, or -1
 * @symbol: where VMCOREINFO, or who else knows it, says that a symbol is; 0, or -1
 * @release: of the kernel (uname -r), NULL if it is not known; the caller frees it
 * @why: why @read failed the last time
 */
struct memory_ops {
	int (*read)(struct memory *mem, __u64 addr, void *buf, size_t len);
	int (*symbol)(struct memory *mem, const char *name, __u64 *addr);
	char *(*release)(struct memory *mem);
	const char *(*why)(struct memory *mem);
};

/**
 * struct memory - the memory of a kernel
 * @ops: how it is read
 * @name: of where it is read from, for messages
 * @symbols: what its symbols are from, for messages
 */
struct memory {
	const struct memory_ops *ops;
	const char *name;
	const char *symbols;
};

/**
 * struct memory_array - an array in memory
 * @what: what its items are called, for messages
 * @base: its address
 * @nr: items in it
 * @size: bytes of each, at most 64 KiB
 * @unreadable: items that are not there
 * @take: called for each of the others
 */
struct memory_array {
	const char *what;
	__u64 base;
	__u32 nr;
	__u32 size;
	__u32 unreadable;
	void (*take)(struct memory_array *array, __u32 nr, const void *item);
};

int memory_read(struct memory *mem, __u64 addr, void *buf, size_t len);
int memory_symbol(struct memory *mem, const char *name, __u64 *addr);
void memory_read_array(struct memory *mem, struct memory_array *array);

#endif /* PKSDIAG_MEMORY_H */
