/* SPDX-License-Identifier: GPL-2.0 */
/* One data line of a report in a console log. */
#ifndef PKSDIAG_LOG_LINE_H
#define PKSDIAG_LOG_LINE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* A data line is no longer than this, what stands before it not counted. */
#define LOG_LINE_MAX	256u
/* What %*ph prints at most; the kernel uses 48. */
#define LOG_BYTES_MAX	64u
/* Parts of the largest record there can be. */
#define LOG_PARTS_MAX	2048u

/* What stands before the data, and before the report. */
#define LOG_TOKEN	"PKS "
#define LOG_REPORT	"BUG: PKS: "

/**
 * struct log_line - what a data line says
 * @seq: number of the record
 * @checksum: of the record
 * @part: which line of the record's, from 1
 * @parts: how many lines it has
 * @offset: of @bytes in the record
 * @len: how many
 * @bytes: of the record
 */
struct log_line {
	__u64 seq;
	__u32 checksum;
	unsigned int part;
	unsigned int parts;
	size_t offset;
	size_t len;
	unsigned char bytes[LOG_BYTES_MAX];
};

enum log_line_kind {
	LOG_LINE_NONE,		/* it is something else */
	LOG_LINE_DAMAGED,	/* up to @parts it is there, the rest is not */
	LOG_LINE_GOOD,
};

enum log_line_kind log_line_parse(const char *text, size_t len,
				  struct log_line *line);

#endif /* PKSDIAG_LOG_LINE_H */
