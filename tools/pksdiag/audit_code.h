/* SPDX-License-Identifier: GPL-2.0 */
/* Calls of the functions that map and unmap pages, by the code itself. */
#ifndef PKSDIAG_AUDIT_CODE_H
#define PKSDIAG_AUDIT_CODE_H

#include <libelf.h>
#include <linux/types.h>

#include "audit_kinds.h"

/* How a function is called. */
enum audit_how {
	AUDIT_INLINED,
	AUDIT_CALLED,
	AUDIT_TAIL_CALLED,
	AUDIT_NR_HOW,
};

/**
 * struct audit_call - a call
 * @after: address of the byte behind it
 * @helper: the function that is called
 * @how: a call or a jump
 */
struct audit_call {
	__u64 after;
	const struct audit_helper *helper;
	enum audit_how how;
};

/**
 * struct audit_calls - the calls in a file
 * @v: all of them; the caller frees it
 * @nr: how many
 */
struct audit_calls {
	struct audit_call *v;
	size_t nr;
};

void audit_code(Elf *elf, struct audit_calls *calls);

#endif /* PKSDIAG_AUDIT_CODE_H */
