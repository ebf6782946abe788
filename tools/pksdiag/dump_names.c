// SPDX-License-Identifier: GPL-2.0
/*
 * Names of the kernel's functions by the kallsyms tables of a dump, for who has
 * no vmlinux. VMCOREINFO says where they are (since Linux 6.0); what is in them
 * is described in the kernel's scripts/kallsyms.c:
 *
 *	offsets		an int a symbol, by address: below zero the address is
 *			relative_base - 1 - offset, else it is the offset itself
 *	names		a length (one byte, or two of seven bits) and so many
 *			tokens a symbol; the first character is its type
 *	token_table	what tokens stand for: 256 strings
 *	token_index	where each of them begins
 *
 * All of it may be damaged: then there are no names.
 */
#include <stdlib.h>
#include <string.h>

#include "dump_names.h"
#include "util.h"

#define SYMBOLS_MAX	4000000u
#define NAMES_MAX	64000000u
#define TOKENS		256
#define TOKEN_TABLE_MAX	(TOKENS * 32)
#define NAME_LEN	512	/* KSYM_NAME_LEN */

/**
 * struct dump_names - the tables, once somebody asked for a name
 * @mem: the dump's memory
 * @tried: the tables were asked for
 * @usable: and they are there
 * @nr: symbols
 * @base: kallsyms_relative_base
 * @offsets: kallsyms_offsets, @nr of them
 * @names: kallsyms_names
 * @names_len: bytes there may be
 * @starts: where in @names each symbol begins
 * @tokens: kallsyms_token_table, with a NUL behind it
 * @index: kallsyms_token_index
 * @found: names that were asked for
 * @nr_found: how many
 */
struct dump_names {
	struct memory *mem;
	bool tried;
	bool usable;
	__u32 nr;
	__u64 base;
	__s32 *offsets;
	unsigned char *names;
	__u32 names_len;
	__u32 *starts;
	char tokens[TOKEN_TABLE_MAX + 1];
	__u16 index[TOKENS];
	char **found;
	size_t nr_found;
};

/* === Reading ============================================================== */

static bool read_value(struct memory *mem, const char *name, void *value,
		       size_t len)
{
	__u64 addr;

	return !memory_symbol(mem, name, &addr) && !memory_read(mem, addr, value, len);
}

static void *read_table(struct memory *mem, __u64 addr, size_t len)
{
	void *table = xmalloc(len);

	if (!memory_read(mem, addr, table, len))
		return table;
	free(table);
	return NULL;
}

static bool read_offsets(struct memory *mem, struct dump_names *n)
{
	__u64 addr;

	if (!read_value(mem, "kallsyms_num_syms", &n->nr, sizeof(n->nr)) ||
	    !read_value(mem, "kallsyms_relative_base", &n->base,
			sizeof(n->base)) ||
	    !n->nr || n->nr > SYMBOLS_MAX ||
	    memory_symbol(mem, "kallsyms_offsets", &addr))
		return false;
	n->offsets = read_table(mem, addr, n->nr * sizeof(*n->offsets));
	return n->offsets;
}

/* The table of tokens ends where the index begins, and the names before it. */
static bool read_names(struct memory *mem, struct dump_names *n)
{
	__u64 names, tokens, index;

	if (memory_symbol(mem, "kallsyms_names", &names) ||
	    memory_symbol(mem, "kallsyms_token_table", &tokens) ||
	    memory_symbol(mem, "kallsyms_token_index", &index) ||
	    tokens <= names || tokens - names > NAMES_MAX ||
	    index <= tokens || index - tokens > TOKEN_TABLE_MAX ||
	    memory_read(mem, tokens, n->tokens, index - tokens) ||
	    memory_read(mem, index, n->index, sizeof(n->index)))
		return false;
	n->names_len = tokens - names;
	n->names = read_table(mem, names, n->names_len);
	return n->names;
}

/* Sets @at to the tokens at @start; returns how many, 0 if that is behind the end. */
static __u32 tokens_at(const struct dump_names *n, __u32 start, __u32 *at)
{
	__u32 len;

	if (start >= n->names_len)
		return 0;
	len = n->names[start++];
	if (len & 0x80) {
		if (start >= n->names_len)
			return 0;
		len = (len & 0x7f) | n->names[start++] << 7;
	}
	*at = start;
	return len <= n->names_len - start ? len : 0;
}

static bool find_starts(struct dump_names *n)
{
	__u32 i, at, len, next = 0;

	n->starts = xmalloc(n->nr * sizeof(*n->starts));
	for (i = 0; i < n->nr; i++) {
		n->starts[i] = next;
		len = tokens_at(n, next, &at);
		if (!len)
			return false;
		next = at + len;
	}
	return true;
}

/**
 * dump_names_new - be ready to read the tables
 * @mem: the dump's memory; there as long as this is in use
 *
 * Return: for dump_names_free().
 */
struct dump_names *dump_names_new(struct memory *mem)
{
	struct dump_names *n = xmalloc(sizeof(*n));

	n->mem = mem;
	return n;
}

/**
 * dump_names_usable - does the dump have names that can be used
 * @n: the tables; read now if they were not yet
 *
 * Return: true if so.
 */
bool dump_names_usable(struct dump_names *n)
{
	if (!n->tried)
		n->usable = read_offsets(n->mem, n) && read_names(n->mem, n) &&
			    find_starts(n);
	n->tried = true;
	return n->usable;
}

/**
 * dump_names_free - free everything, all names included
 * @n: may be NULL
 */
void dump_names_free(struct dump_names *n)
{
	size_t i;

	if (!n)
		return;
	for (i = 0; i < n->nr_found; i++)
		free(n->found[i]);
	free(n->found);
	free(n->starts);
	free(n->names);
	free(n->offsets);
	free(n);
}

/* === Finding ============================================================== */

static __u64 address_of(const struct dump_names *n, __u32 i)
{
	__s64 offset = n->offsets[i];

	return offset < 0 ? n->base - 1 - offset : (__u64)offset;
}

/* The first of those at the greatest address up to @address, or @n->nr. */
static __u32 search(const struct dump_names *n, __u64 address)
{
	__u32 low = 0, high = n->nr, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (address_of(n, mid) <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return n->nr;
	for (low--; low && address_of(n, low - 1) == address_of(n, low);)
		low--;
	return low;
}

/* Up to the next symbol that is elsewhere. */
static __u64 size_of(const struct dump_names *n, __u32 i)
{
	__u64 address = address_of(n, i);

	for (; i < n->nr; i++)
		if (address_of(n, i) != address)
			return address_of(n, i) - address;
	return 0;
}

static void add_token(const struct dump_names *n, unsigned char token,
		      char *name, size_t *len)
{
	__u16 at = n->index[token];

	if (at >= sizeof(n->tokens))
		return;
	while (n->tokens[at] && *len < NAME_LEN)
		name[(*len)++] = n->tokens[at++];
}

/* Its type, and behind that its name. */
static void expand(const struct dump_names *n, __u32 i, char *name)
{
	__u32 at, nr = tokens_at(n, n->starts[i], &at);
	size_t len = 0;

	for (; nr; nr--)
		add_token(n, n->names[at++], name, &len);
	name[len] = '\0';
}

static const char *keep(struct dump_names *n, const char *name)
{
	char *text = xmalloc(ESCAPED_LEN(NAME_LEN));

	text_escape(text, name, strlen(name));
	n->found = xrealloc(n->found, (n->nr_found + 1) * sizeof(*n->found));
	n->found[n->nr_found++] = text;
	return text;
}

/**
 * dump_names_find - find the function that some code is in
 * @n: the tables
 * @address: of the code, at run time
 * @is_return: a return address: the call before it is what matters
 * @loc: out
 *
 * Return: true if it was found.
 */
bool dump_names_find(struct dump_names *n, __u64 address, bool is_return,
		     struct location *loc)
{
	char name[NAME_LEN + 1];
	__u32 i;

	if (!dump_names_usable(n))
		return false;
	i = search(n, address - is_return);
	if (i == n->nr)
		return false;
	expand(n, i, name);
	/* the last symbols are behind all code */
	if (!*name || !strchr("tTwW", *name) || !size_of(n, i))
		return false;
	loc->from = LOCATION_ELF;
	loc->symbol = keep(n, name + 1);
	loc->offset = address - address_of(n, i);
	loc->size = size_of(n, i);
	return true;
}
