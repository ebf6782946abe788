// SPDX-License-Identifier: GPL-2.0
/*
 * One data line of a report in a console log:
 *
 *	PKS <seq>/<checksum> <part>/<parts> <offset>: <bytes> <CRC-32>
 *
 * Documentation/core-api/pks.rst says what the fields are. The CRC is that of
 * the line's own text, up to and with the last of the bytes.
 */
#include <string.h>
#include <zlib.h>

#include "log_line.h"
#include "record.h"

#define SUM_DIGITS	8u

_Static_assert(LOG_PARTS_MAX * LOG_BYTES_MAX > RECORD_MAX,
	       "a record may need more lines than a log may have");

/**
 * struct text - text, as far as it was not read yet
 * @at: the next character
 * @end: behind the last one
 */
struct text {
	const char *at;
	const char *end;
};

static bool eat(struct text *t, const char *what)
{
	size_t len = strlen(what);

	if ((size_t)(t->end - t->at) < len || memcmp(t->at, what, len))
		return false;
	t->at += len;
	return true;
}

/* A decimal number from 1 to @max, as printk() writes it. */
static bool eat_number(struct text *t, __u64 max, __u64 *value)
{
	__u64 n = 0;

	while (t->at < t->end && *t->at >= '0' && *t->at <= '9') {
		unsigned int digit = *t->at - '0';

		if ((!n && !digit) || n > (max - digit) / 10)
			return false;
		n = 10 * n + digit;
		t->at++;
	}
	*value = n;
	return n;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* @least to @most hex digits; more digits behind them are left. */
static bool eat_hex(struct text *t, unsigned int least, unsigned int most,
		    __u32 *value)
{
	unsigned int nr = 0;

	*value = 0;
	while (nr < most && t->at < t->end && hex_digit(*t->at) >= 0) {
		*value = *value << 4 | hex_digit(*t->at++);
		nr++;
	}
	return nr >= least;
}

static bool eat_bytes(struct text *t, struct log_line *line)
{
	__u32 byte;

	line->len = 0;
	while (line->len < LOG_BYTES_MAX && eat_hex(t, 2, 2, &byte))
		line->bytes[line->len++] = byte;
	return line->len;
}

static bool eat_head(struct text *t, struct log_line *line)
{
	__u64 part, parts;

	if (!eat(t, LOG_TOKEN) || !eat_number(t, ~0ull, &line->seq) ||
	    !eat(t, "/") || !eat_hex(t, SUM_DIGITS, SUM_DIGITS, &line->checksum) ||
	    !eat(t, " ") || !eat_number(t, LOG_PARTS_MAX, &part) ||
	    !eat(t, "/") || !eat_number(t, LOG_PARTS_MAX, &parts) ||
	    !eat(t, " ") || part > parts)
		return false;
	line->part = part;
	line->parts = parts;
	return true;
}

static bool eat_data(struct text *t, struct log_line *line)
{
	__u32 offset;

	if (!eat_hex(t, 3, 4, &offset) || !eat(t, ": ") || !eat_bytes(t, line))
		return false;
	line->offset = offset;
	return line->offset + line->len <= RECORD_MAX;
}

/**
 * log_line_parse - what does a data line say
 * @text: begins with LOG_TOKEN; what stands behind the data line is not looked
 *	at
 * @len: bytes there are
 * @line: out
 *
 * Return: LOG_LINE_GOOD: every byte of @line is as it was printed;
 * LOG_LINE_DAMAGED: something was changed or cut, perhaps in what @line says;
 * LOG_LINE_NONE: @line is not set.
 */
enum log_line_kind log_line_parse(const char *text, size_t len,
				  struct log_line *line)
{
	struct text t = { .at = text, .end = text + len };
	__u32 says, sum;

	if (!eat_head(&t, line))
		return LOG_LINE_NONE;
	if (!eat_data(&t, line))
		return LOG_LINE_DAMAGED;
	sum = crc32(0, (const unsigned char *)text, t.at - text);
	if (!eat(&t, " ") || !eat_hex(&t, SUM_DIGITS, SUM_DIGITS, &says) ||
	    says != sum)
		return LOG_LINE_DAMAGED;
	return LOG_LINE_GOOD;
}
