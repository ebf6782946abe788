/* SPDX-License-Identifier: GPL-2.0 */
/* From a run-time address to a symbol, a source line and its inline chain. */
#ifndef PKSDIAG_SYMBOLS_H
#define PKSDIAG_SYMBOLS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

#include "map_calls.h"
#include "options.h"
#include "record.h"
#include "task_layout.h"

/* Deeper inlining than this is cut. */
#define INLINES_MAX	24

struct dump_names;
struct symbols;

/* How much is known about an address. */
enum location_from {
	LOCATION_RAW,		/* the address only */
	LOCATION_ELF,		/* the symbol */
	LOCATION_DWARF,		/* and the source line */
};

/**
 * struct frame - one level of the inline chain
 * @function: its name, may be NULL
 * @file: relative to the kernel source; may be NULL
 * @line: 0 if not known
 * @column: 0 if not known, or nobody asked for it
 */
struct frame {
	const char *function;
	char *file;
	int line;
	int column;
};

/**
 * struct location - what is known about an address
 * @address: at run time
 * @from: how much
 * @symbol: name of the ELF symbol, NULL if @from is LOCATION_RAW
 * @module: printable name of the module that it is in, NULL: the kernel itself
 * @offset: of the address in it
 * @size: of the symbol, 0 if not known
 * @frames: innermost inlined function first; the last is a real one
 * @nr_frames: 0 unless @from is LOCATION_DWARF
 */
struct location {
	__u64 address;
	enum location_from from;
	const char *symbol;
	const char *module;
	__u64 offset;
	__u64 size;
	struct frame frames[INLINES_MAX];
	int nr_frames;
};

struct symbols *symbols_open(const struct options *opt, const __u8 *build_id,
			     const char *release, struct dump_names *names);
void symbols_close(struct symbols *s);
const struct location *symbols_find(struct symbols *s, __u64 stext,
				    __u64 address, bool is_return);
const struct location *symbols_find_of(struct symbols *s,
				       const struct pksdiag_record *r,
				       __u64 address, bool is_return);
void symbols_check_module(struct symbols *s, const struct pksdiag_record *r);
enum map_calls symbols_maps(struct symbols *s, const struct pksdiag_record *r,
			    const struct location *loc, __u64 *after);
bool symbols_task_layout(struct symbols *s, __u64 stext,
			 struct task_layout *layout);
const char *symbols_quality(const struct symbols *s);
void symbols_put_module_quality(struct symbols *s, FILE *out,
				const struct pksdiag_record *r);

#endif /* PKSDIAG_SYMBOLS_H */
