/* SPDX-License-Identifier: GPL-2.0 */
/* Names of the kernel's functions by the kallsyms tables of a dump. */
#ifndef PKSDIAG_DUMP_NAMES_H
#define PKSDIAG_DUMP_NAMES_H

#include <linux/types.h>
#include <stdbool.h>

#include "memory.h"
#include "symbols.h"

struct dump_names;

struct dump_names *dump_names_new(struct memory *mem);
bool dump_names_usable(struct dump_names *n);
void dump_names_free(struct dump_names *n);
bool dump_names_find(struct dump_names *n, __u64 address, bool is_return,
		     struct location *loc);

#endif /* PKSDIAG_DUMP_NAMES_H */
