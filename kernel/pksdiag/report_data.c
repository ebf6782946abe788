// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a report: the record itself, in lines for `pksdiag decode`. What
 * a line looks like is in Documentation/core-api/pks.rst.
 *
 * A log loses lines, repeats them, cuts them and mixes them with those of
 * other machines. So each line says which record it is of, by number and
 * checksum, which of how many lines it is, and has a checksum of its own: that
 * of the record does not cover its hits.
 */
#include <linux/crc32.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/string.h>
#include "report.h"

/* Bytes of the record in a line; %*ph takes at most 64. */
#define DATA_BYTES	48u

/* Nothing in what is left: no line. The bytes that no line has are 0. */
static bool is_zero(const struct pksdiag_record *r, unsigned int offset)
{
	unsigned int len = min(DATA_BYTES, r->size - offset);

	return !memchr_inv((const u8 *)r + offset, 0, len);
}

static unsigned int nr_lines(const struct pksdiag_record *r)
{
	unsigned int offset, nr = 0;

	for (offset = 0; offset < r->size; offset += DATA_BYTES)
		nr += !is_zero(r, offset);
	return nr;
}

static void print_part(const struct pksdiag_record *r, unsigned int part,
		       unsigned int parts, unsigned int offset)
{
	int len = min(DATA_BYTES, r->size - offset);
	struct pksdiag_line line = {};

	pksdiag_line_add(&line, "PKS %llu/%08x %u/%u %03x: %*phN", r->seq,
			 r->checksum, part, parts, offset, len,
			 (const u8 *)r + offset);
	pr_err("%s %08x\n", line.text, ~crc32_le(~0u, line.text, line.len));
}

/**
 * pksdiag_report_data - print the bytes of a record
 * @r: the record
 *
 * Context: Any, NMI included.
 */
void pksdiag_report_data(const struct pksdiag_record *r)
{
	unsigned int offset, part = 0, parts = nr_lines(r);

	for (offset = 0; offset < r->size; offset += DATA_BYTES)
		if (!is_zero(r, offset))
			print_part(r, ++part, parts, offset);
}
