// SPDX-License-Identifier: GPL-2.0
/* Single facts of a record in words, for list and explain. */
#include <string.h>

#include "facts.h"
#include "util.h"

/**
 * put_field - print a name from a record
 * @out: where to
 * @field: the name, ended by a NUL or by @len
 * @len: bytes of the field, at most 64
 */
void put_field(FILE *out, const char *field, size_t len)
{
	char text[ESCAPED_LEN(64)];

	fputs(text_escape(text, field, min_size(len, 64)), out);
}

/*
 * An access in an inline helper from a header says little; the function that
 * the helper is inlined into is what the reader looks for.
 */
static const struct frame *telling_frame(const struct location *loc)
{
	int i;

	for (i = 0; i < loc->nr_frames; i++) {
		const char *file = loc->frames[i].file;
		size_t len = file ? strlen(file) : 0;

		if (len > 2 && strcmp(file + len - 2, ".h"))
			return &loc->frames[i];
	}
	return &loc->frames[0];
}

/**
 * put_location - print where some code is
 * @out: where to
 * @loc: as symbol+offset [module] (file:line), as far as known
 */
void put_location(FILE *out, const struct location *loc)
{
	const struct frame *frame = telling_frame(loc);

	if (!loc->symbol) {
		fprintf(out, "0x%llx", loc->address);
		return;
	}
	fprintf(out, "%s+0x%llx", loc->symbol, loc->offset);
	if (loc->module)
		fprintf(out, " [%s]", loc->module);
	if (loc->nr_frames && frame->file)
		fprintf(out, " (%s:%d)", frame->file, frame->line);
}

static bool put_module(FILE *out, const struct pksdiag_record *r, __u64 address)
{
	if (!record_in_module(r, address))
		return false;
	fprintf(out, "0x%llx [", address);
	PUT_FIELD(out, r->module);
	fprintf(out, "+0x%llx]", address - r->module_base);
	return true;
}

/**
 * put_code - print where some code of a record is
 * @out: where to
 * @r: the record: code without a symbol may be in its module
 * @loc: the code
 */
void put_code(FILE *out, const struct pksdiag_record *r,
	      const struct location *loc)
{
	if (!loc->address)
		fputs("code that is not known", out);
	else if (loc->symbol || !put_module(out, r, loc->address))
		put_location(out, loc);
}

/**
 * put_function - print which function some code of a record is in
 * @out: where to
 * @r: the record
 * @loc: the code
 */
void put_function(FILE *out, const struct pksdiag_record *r,
		  const struct location *loc)
{
	const struct frame *frame = telling_frame(loc);

	if (!loc->symbol) {
		put_code(out, r, loc);
		return;
	}
	if (!loc->nr_frames || !frame->function) {
		fprintf(out, "%s()", loc->symbol);
		return;
	}
	fprintf(out, "%s()", frame->function);
	if (frame->file)
		fprintf(out, " (%s:%d)", frame->file, frame->line);
}

/**
 * put_access - print what the instruction did
 * @out: where to
 * @r: the record: "write of 8 bytes"
 */
void put_access(FILE *out, const struct pksdiag_record *r)
{
	fputs(pksdiag_access_name(r->access), out);
	if (!(r->flags & PKSDIAG_F_WIDTH))
		return;
	fprintf(out, " of %u byte%s", r->width, r->width == 1 ? "" : "s");
	if (r->flags & PKSDIAG_F_REP)
		fputs(" a step", out);
}

/**
 * put_target - print what was accessed
 * @out: where to
 * @r: the record: device and offset, file and offset, or just the address
 */
void put_target(FILE *out, const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_DEVICE)) {
		fprintf(out, "0x%llx", r->address);
	} else {
		PUT_FIELD(out, r->device);
		fprintf(out, "+0x%llx", r->offset);
	}
	if (r->flags & PKSDIAG_F_FILE)
		fprintf(out, " (inode %llu, file offset 0x%llx)", r->inode,
			r->file_offset);
}

/**
 * put_key - print the protection key
 * @out: where to
 * @r: the record: pkey 2 "pmem0"
 */
void put_key(FILE *out, const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_PFN)) {
		fputs("a protection key that the page tables no longer name", out);
		return;
	}
	fprintf(out, "pkey %u", r->pkey);
	if (!(r->flags & PKSDIAG_F_KEY)) {
		fputs(" (allocated to nobody)", out);
		return;
	}
	fputs(" \"", out);
	PUT_FIELD(out, r->key_name);
	fputc('"', out);
}

/**
 * put_rights - print what a PKRS value allows
 * @out: where to
 * @pkrs: the value
 * @pkey: for this key
 */
void put_rights(FILE *out, __u32 pkrs, unsigned int pkey)
{
	unsigned int bits = pksdiag_pkrs_bits(pkrs, pkey);
	const char *words = "read and write";

	if (bits & PKSDIAG_AD)
		words = "no access";
	else if (bits & PKSDIAG_WD)
		words = "read only";
	fprintf(out, "0x%08x: AD=%u WD=%u, %s", pkrs, !!(bits & PKSDIAG_AD),
		!!(bits & PKSDIAG_WD), words);
}

/**
 * put_time - print a time as the kernel log does
 * @out: where to
 * @ns: of CLOCK_MONOTONIC
 */
void put_time(FILE *out, __u64 ns)
{
	fprintf(out, "%llu.%06llu", ns / 1000000000, ns / 1000 % 1000000);
}

/**
 * put_duration - print how long something took
 * @out: where to
 * @ns: in ns
 */
void put_duration(FILE *out, __u64 ns)
{
	if (ns < 1000)
		fprintf(out, "%llu ns", ns);
	else if (ns < 1000000)
		fprintf(out, "%llu.%03llu us", ns / 1000, ns % 1000);
	else if (ns < 1000000000)
		fprintf(out, "%llu.%03llu ms", ns / 1000000, ns / 1000 % 1000);
	else
		fprintf(out, "%llu.%03llu s", ns / 1000000000,
			ns / 1000000 % 1000);
}

static bool is_copier(const char *symbol)
{
	static const char * const stems[] = {
		"memcpy", "memset", "memmove", "copy_mc", "copy_user",
		"copy_page", "clear_page", "clear_user", "rep_movs", "rep_stos",
		"strcpy", "strncpy", "strscpy", "memcmp", "memchr",
	};
	size_t i;

	while (*symbol == '_')
		symbol++;
	for (i = 0; i < ARRAY_SIZE(stems); i++)
		if (!strncmp(symbol, stems[i], strlen(stems[i])))
			return true;
	return false;
}

/**
 * fact_caller - who is to blame if the instruction is in a library function
 * @v: the view
 * @r: the record
 *
 * Return: the caller of memcpy() and its like, NULL if the instruction is the
 * culprit's own.
 */
const struct location *fact_caller(const struct view *v,
				   const struct pksdiag_record *r)
{
	const struct location *loc = view_ip(v, r);
	unsigned int i;

	if (!loc->symbol || !is_copier(loc->symbol))
		return NULL;
	for (i = 1; i < record_stack_nr(r); i++) {
		loc = view_stack(v, r, i);
		if (loc->symbol && !is_copier(loc->symbol))
			return loc;
	}
	return NULL;
}

/**
 * fact_code - the code that is to blame
 * @v: the view
 * @r: the record
 *
 * Return: the faulting instruction, or fact_caller().
 */
const struct location *fact_code(const struct view *v,
				 const struct pksdiag_record *r)
{
	const struct location *caller = fact_caller(v, r);

	return caller ? caller : view_ip(v, r);
}

/**
 * fact_dev_major - major number of a device
 * @dev: as new_encode_dev() packs it
 *
 * Return: the number.
 */
unsigned int fact_dev_major(__u32 dev)
{
	return (dev & 0xfff00) >> 8;
}

/**
 * fact_dev_minor - minor number of a device
 * @dev: as new_encode_dev() packs it
 *
 * Return: the number.
 */
unsigned int fact_dev_minor(__u32 dev)
{
	return (dev & 0xff) | ((dev >> 12) & 0xfff00);
}
