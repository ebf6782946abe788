/* SPDX-License-Identifier: GPL-2.0 */
/* A crash dump's memory. All of it may be damaged, or not there. */
#ifndef PKSDIAG_DUMP_H
#define PKSDIAG_DUMP_H

#include <linux/types.h>
#include <stddef.h>

#include <libkdumpfile/kdumpfile.h>

/**
 * struct dump - an open crash dump
 * @name: of the file
 * @ctx: libkdumpfile's handle
 * @fd: the file
 */
struct dump {
	const char *name;
	kdump_ctx_t *ctx;
	int fd;
};

/**
 * struct dump_array - an array in a dump
 * @what: what its items are called, for messages
 * @base: its address in the dump
 * @nr: items in it
 * @size: bytes of each, at most 64 KiB
 * @unreadable: items that the dump does not have
 * @take: called for each of the others
 */
struct dump_array {
	const char *what;
	__u64 base;
	__u32 nr;
	__u32 size;
	__u32 unreadable;
	void (*take)(struct dump_array *array, __u32 nr, const void *item);
};

/*
 * libkdumpfile 0.5.1 crashes when it frees what it could not open because of
 * damaged headers (kdump_free(), diskdump). So that stays until the program ends.
 */
extern kdump_ctx_t *dump_not_freed;

int dump_open(struct dump *dump, const char *name);
void dump_close(struct dump *dump);
int dump_read(struct dump *dump, __u64 addr, void *buf, size_t len);
void dump_read_array(struct dump *dump, struct dump_array *array);

#endif /* PKSDIAG_DUMP_H */
