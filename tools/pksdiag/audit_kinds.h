/* SPDX-License-Identifier: GPL-2.0 */
/* The functions that map and unmap pages, and what to call them. */
#ifndef PKSDIAG_AUDIT_KINDS_H
#define PKSDIAG_AUDIT_KINDS_H

#include <stdbool.h>
#include <stddef.h>

/* Families, in the order in which they are counted. */
enum audit_kind {
	AUDIT_KMAP,
	AUDIT_KMAP_THREAD,
	AUDIT_KMAP_LOCAL,
	AUDIT_KMAP_ATOMIC,
	AUDIT_DAX,
	AUDIT_PAGE_ADDRESS,
	AUDIT_NR_KINDS,
};

/* What a function of a family does. */
enum audit_op {
	AUDIT_MAP,
	AUDIT_UNMAP,
	AUDIT_ADDRESS,	/* gives an address out, and grants nothing */
};

/**
 * struct audit_helper - a function that is looked for
 * @name: as debug info has it
 * @call: as the source has it
 * @kind: its family
 * @op: what it does
 */
struct audit_helper {
	const char *name;
	const char *call;
	enum audit_kind kind;
	enum audit_op op;
};

const struct audit_helper *audit_helper(const char *name);
bool audit_is_own(const struct audit_helper *helper, const char *function);
const struct audit_helper *audit_helper_at(size_t number);
size_t audit_helper_number(const struct audit_helper *helper);
const char *audit_kind_name(enum audit_kind kind);
const char *audit_op_name(enum audit_op op);

#endif /* PKSDIAG_AUDIT_KINDS_H */
