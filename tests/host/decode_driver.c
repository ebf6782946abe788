// SPDX-License-Identifier: GPL-2.0
/*
 * For test_decode: the parser of console logs, without the tool around it.
 * Standard input: cases, each a little-endian u32 (bytes of the log), a u32 (how
 * many to feed at a time), and the log. Standard output: of each case 'r' and a
 * record, or 'l', a u32 and a message, in the order in which they came, then 'e'.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log_records.h"
#include "record.h"
#include "util.h"

static void put_record(void *data, const void *record)
{
	putc('r', data);
	fwrite(record, record_claimed_size(record, RECORD_MAX), 1, data);
}

static void put_lost(void *data, const char *what)
{
	__u32 len = strlen(what);

	putc('l', data);
	fwrite(&len, sizeof(len), 1, data);
	fwrite(what, len, 1, data);
}

/* Each piece is a copy of its own size: reading behind it is found. */
static void feed(struct log_records *log, size_t len, size_t step)
{
	while (len) {
		size_t nr = min_size(len, step);
		char *piece = xmalloc(nr);

		if (fread(piece, nr, 1, stdin) != 1)
			exit(EXIT_ERROR);
		log_records_feed(log, piece, nr);
		free(piece);
		len -= nr;
	}
}

int main(void)
{
	static const struct log_ops ops = {
		.record = put_record, .lost = put_lost,
	};
	__u32 head[2];

	while (fread(head, sizeof(head), 1, stdin) == 1) {
		struct log_records *log = log_records_new(&ops, stdout);

		feed(log, head[0], head[1]);
		log_records_end(log);
		putchar('e');
	}
	return 0;
}
