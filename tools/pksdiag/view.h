/* SPDX-License-Identifier: GPL-2.0 */
/* A source and its symbols: what list and explain look at. */
#ifndef PKSDIAG_VIEW_H
#define PKSDIAG_VIEW_H

#include "source.h"
#include "symbols.h"

struct dump_view;

/**
 * struct view - records and what explains their addresses
 * @opt: the options
 * @src: the source
 * @sym: the vmlinux
 * @dump: what only a dump can tell, set by explain; or NULL
 */
struct view {
	const struct options *opt;
	struct source src;
	struct symbols *sym;
	struct dump_view *dump;
};

int view_open(struct view *v, const struct options *opt);
void view_close(struct view *v);
const struct location *view_ip(const struct view *v,
			       const struct pksdiag_record *r);
const struct location *view_return(const struct view *v,
				   const struct pksdiag_record *r,
				   __u64 address);
const struct location *view_caller(const struct view *v, __u64 address);
const struct location *view_stack(const struct view *v,
				  const struct pksdiag_record *r,
				  unsigned int i);
int view_say_absent(const struct view *v);

#endif /* PKSDIAG_VIEW_H */
