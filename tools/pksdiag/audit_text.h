/* SPDX-License-Identifier: GPL-2.0 */
/* What was found, as a line of text from one process to another. */
#ifndef PKSDIAG_AUDIT_TEXT_H
#define PKSDIAG_AUDIT_TEXT_H

#include "audit_dwarf.h"

/**
 * struct audit_found - a place that was found
 * @helper: the function that is called
 * @how: how
 * @address: see &struct audit_place
 * @source: the source file, "?" if not known
 * @line: its line, 0 if not known
 * @column: its column, 0 if not known
 * @function: the function that it is written in
 * @chain: what that is inlined into, innermost first; see audit_chain_next()
 */
struct audit_found {
	const struct audit_helper *helper;
	enum audit_how how;
	__u64 address;
	const char *source;
	int line;
	int column;
	const char *function;
	const char *chain;
};

void audit_text_put(FILE *out, const struct audit_place *place);
bool audit_text_parse(char *text, struct audit_found *found);
char *audit_chain_next(char **chain, struct frame *frame);

#endif /* PKSDIAG_AUDIT_TEXT_H */
