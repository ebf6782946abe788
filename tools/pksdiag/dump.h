/* SPDX-License-Identifier: GPL-2.0 */
/* A crash dump, by libkdumpfile. */
#ifndef PKSDIAG_DUMP_H
#define PKSDIAG_DUMP_H

#include <libkdumpfile/kdumpfile.h>

#include "memory.h"

/**
 * struct dump - an open crash dump
 * @mem: its memory, by the name of the file
 * @ctx: libkdumpfile's handle
 * @fd: the file
 */
struct dump {
	struct memory mem;
	kdump_ctx_t *ctx;
	int fd;
};

/*
 * libkdumpfile 0.5.1 crashes when it frees what it could not open because of
 * damaged headers (kdump_free(), diskdump). So that stays until the program ends.
 */
extern kdump_ctx_t *dump_not_freed;

int dump_open(struct dump *dump, const char *name);
void dump_close(struct dump *dump);

#endif /* PKSDIAG_DUMP_H */
