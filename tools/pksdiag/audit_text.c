// SPDX-License-Identifier: GPL-2.0
/*
 * What was found, as a line of text from one process to another. Names have no control
 * characters, so those can stand between them.
 */
#include <stdlib.h>
#include <string.h>

#include "audit_text.h"
#include "util.h"

#define FIELD		"\t"
#define CHAIN_FIELD	"\x1f"
#define UNKNOWN		"?"

/**
 * audit_text_put - write a place
 * @out: where to
 * @place: the place
 */
void audit_text_put(FILE *out, const struct audit_place *place)
{
	const struct frame *frame = place->frames;
	int i;

	fprintf(out, "%zu" FIELD "%d" FIELD "%llx" FIELD "%d" FIELD "%d" FIELD "%s" FIELD
		"%s" FIELD, audit_helper_number(place->helper), place->how, place->address,
		frame->line, place->column, frame->file ? frame->file : UNKNOWN,
		frame->function);
	for (i = 1; i < place->nr_frames; i++)
		fprintf(out, "%s" CHAIN_FIELD "%s" CHAIN_FIELD "%d" CHAIN_FIELD,
			frame[i].function, frame[i].file ? frame[i].file : UNKNOWN,
			frame[i].line);
	fputc('\n', out);
}

/* The text up to one of @ends, which is cut there; @text is set behind it. */
static char *cut(char **text, const char *ends)
{
	char *field = *text;
	size_t len = strcspn(field, ends);

	*text += len + !!field[len];
	field[len] = '\0';
	return field;
}

/**
 * audit_text_parse - read what audit_text_put() wrote
 * @text: the line, without its end; it is taken apart
 * @found: out; points into @text
 *
 * Return: false if it is none.
 */
bool audit_text_parse(char *text, struct audit_found *found)
{
	found->helper = audit_helper_at(strtoul(cut(&text, FIELD), NULL, 10));
	found->how = strtoul(cut(&text, FIELD), NULL, 10);
	found->address = strtoull(cut(&text, FIELD), NULL, 16);
	found->line = atoi(cut(&text, FIELD));
	found->column = atoi(cut(&text, FIELD));
	found->source = cut(&text, FIELD);
	found->function = cut(&text, FIELD);
	found->chain = text;
	return found->helper && found->how < AUDIT_NR_HOW && *found->function;
}

/**
 * audit_chain_next - the next function of a chain
 * @chain: what is left of a chain; it is taken apart
 * @frame: out; points into it
 *
 * Return: the function, NULL if there is none.
 */
char *audit_chain_next(char **chain, struct frame *frame)
{
	char *function;

	if (!**chain)
		return NULL;
	function = cut(chain, CHAIN_FIELD);
	frame->function = function;
	frame->file = cut(chain, CHAIN_FIELD);
	frame->line = atoi(cut(chain, CHAIN_FIELD));
	if (!strcmp(frame->file, UNKNOWN))
		frame->file = NULL;
	return function;
}
