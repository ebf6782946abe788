// SPDX-License-Identifier: GPL-2.0
/*
 * Functions of a module by /proc/kallsyms of the running kernel. Lines are
 * "ADDRESS TYPE NAME\t[MODULE]"; who may not see addresses reads zeros.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kallsyms.h"
#include "util.h"

#define KALLSYMS	"/proc/kallsyms"
#define KALLSYMS_MAX	(256u << 20)

static int entry_cmp(const void *a, const void *b)
{
	const struct kallsyms_entry *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* @line is cut into its fields. */
static bool parse(char *line, const char *module, __u64 *address,
		  const char **name)
{
	char *save, *field = strtok_r(line, " \t[]", &save);
	const char *type;

	if (!field)
		return false;
	*address = strtoull(field, NULL, 16);
	type = strtok_r(NULL, " \t[]", &save);
	*name = strtok_r(NULL, " \t[]", &save);
	field = strtok_r(NULL, " \t[]", &save);
	return field && !strcmp(field, module) && strchr("tTwW", *type);
}

static void add_line(struct kallsyms *k, char *line, const char *module,
		     __u64 base)
{
	const char *name;
	__u64 address;

	if (!parse(line, module, &address, &name) || address < base ||
	    address - base >= k->size)
		return;
	k->v = xrealloc(k->v, (k->nr + 1) * sizeof(*k->v));
	k->v[k->nr].offset = address - base;
	k->v[k->nr++].name = name;
}

/**
 * kallsyms_open - read the functions of a module
 * @k: out; kallsyms_close() it
 * @module: its name
 * @base: where its text begins
 * @size: bytes of it
 */
void kallsyms_open(struct kallsyms *k, const char *module, __u64 base,
		   __u64 size)
{
	char *line, *save = NULL;
	size_t len;

	memset(k, 0, sizeof(*k));
	k->size = size;
	if (access(KALLSYMS, R_OK))
		return;
	k->text = read_file(KALLSYMS, KALLSYMS_MAX, &len);
	if (!k->text)
		return;
	k->text = xrealloc(k->text, len + 1);
	k->text[len] = '\0';
	for (line = strtok_r(k->text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		add_line(k, line, module, base);
	if (k->nr)
		qsort(k->v, k->nr, sizeof(*k->v), entry_cmp);
}

/**
 * kallsyms_close - free everything
 * @k: the functions
 */
void kallsyms_close(struct kallsyms *k)
{
	free(k->v);
	free(k->text);
}

/**
 * kallsyms_find - find the function that some code is in
 * @k: the functions
 * @offset: of the code, from the start of the module's text
 * @is_return: a return address: the call before it is what matters
 * @loc: out
 */
void kallsyms_find(const struct kallsyms *k, __u64 offset, bool is_return,
		   struct location *loc)
{
	__u64 probe = offset - is_return;
	size_t i = 0;

	while (i < k->nr && k->v[i].offset <= probe)
		i++;
	if (!i || probe >= k->size)
		return;
	loc->from = LOCATION_ELF;
	loc->symbol = k->v[i - 1].name;
	loc->offset = offset - k->v[i - 1].offset;
	loc->size = (i < k->nr ? k->v[i].offset : k->size) - k->v[i - 1].offset;
}
