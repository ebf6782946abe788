/* SPDX-License-Identifier: GPL-2.0 */
/* A crash dump, by libkdumpfile. */
#ifndef PKSDIAG_DUMP_H
#define PKSDIAG_DUMP_H

#include <libkdumpfile/kdumpfile.h>

#include "dump_part.h"
#include "memory.h"

/**
 * struct dump - an open crash dump
 * @mem: its memory, by the name of the file
 * @ctx: libkdumpfile's handle
 * @parts: its files, in the order of what is in them
 * @nr_parts: how many
 */
struct dump {
	struct memory mem;
	kdump_ctx_t *ctx;
	struct dump_part *parts;
	unsigned int nr_parts;
};

/*
 * libkdumpfile 0.5.1 crashes when it frees what it could not open because of
 * damaged headers (kdump_free(), diskdump). So that stays until the program ends.
 */
extern kdump_ctx_t *dump_not_freed;

int dump_open(struct dump *dump, const char *const *names, unsigned int nr);
void dump_close(struct dump *dump);
bool dump_number(struct dump *dump, const char *line, __u64 *value);

#endif /* PKSDIAG_DUMP_H */
