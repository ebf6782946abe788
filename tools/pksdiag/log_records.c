// SPDX-License-Identifier: GPL-2.0
/*
 * From a console log, as it comes, to the records that are in it.
 *
 * The log may be endless, so what is kept of it is bounded: some bytes of text,
 * the records that still miss a line, and the names of the last ones that do
 * not, since their lines may come again. A record is named by its number and its
 * checksum: a log may hold several boots, or machines. It is believed if all of
 * its lines are there and good, agree, and make up a record that has that
 * number and checksum and passes record_check().
 */
#include <stdlib.h>
#include <string.h>

#include "log_line.h"
#include "log_records.h"
#include "record.h"
#include "util.h"

/* Text that is looked at in one piece; a longer line is, in several. */
#define TEXT_MAX	65536u
/* Records that lines are being collected for. */
#define PARTIALS	64u
/* Records that were complete: lines of theirs are repeats. */
#define COMPLETES	1024u
/* Gaps of a record that are named one by one. */
#define GAPS		8u

struct name {
	__u64 seq;
	__u32 checksum;
};

/**
 * struct partial - a record that is not complete yet
 * @name: of the record
 * @parts: how many lines it has, as far as @nr is 0 perhaps; 0: not in use
 * @nr: how many of them are there
 * @first: number of the line in the log that was the first of it
 * @last: and of the last one
 * @damaged: number of the last line that is damaged, or 0
 * @conflict: number of a line that contradicts an earlier one, or 0
 * @used: what the clock said when a line of it came
 * @have: which parts are there
 * @bytes: RECORD_MAX bytes, 0 where no line says anything else
 */
struct partial {
	struct name name;
	unsigned int parts;
	unsigned int nr;
	__u64 first;
	__u64 last;
	__u64 damaged;
	__u64 conflict;
	__u64 used;
	bool have[LOG_PARTS_MAX + 1];
	unsigned char *bytes;
};

/**
 * struct log_records - what is kept of a log
 * @ops: who wants to know
 * @data: for them
 * @text: what was not looked at yet
 * @len: bytes of it
 * @line: number of the line that @text begins in
 * @report: number of the line where a report begins that no data followed, or 0
 * @clock: counts data lines
 * @partials: records that are not complete
 * @completes: names of those that are
 * @nr_completes: how many there were, modulo COMPLETES the next one's place
 */
struct log_records {
	const struct log_ops *ops;
	void *data;
	char text[TEXT_MAX];
	size_t len;
	__u64 line;
	__u64 report;
	__u64 clock;
	struct partial partials[PARTIALS];
	struct name completes[COMPLETES];
	size_t nr_completes;
};

static bool same_name(const struct name *name, const struct log_line *line)
{
	return name->seq == line->seq && name->checksum == line->checksum;
}

static bool is_complete(const struct log_records *log,
			const struct log_line *line)
{
	size_t i, nr = min_size(log->nr_completes, COMPLETES);

	for (i = 0; i < nr; i++)
		if (same_name(&log->completes[i], line))
			return true;
	return false;
}

/* === What is missing ====================================================== */

static void put_range(FILE *out, unsigned int from, unsigned int to)
{
	fprintf(out, "%u", from);
	if (to > from)
		fprintf(out, "%s%u", to > from + 1 ? " to " : ", ", to);
}

static void put_gaps(FILE *out, const struct partial *p)
{
	unsigned int from, to, gaps = 0;

	for (from = 1; from <= p->parts; from = to + 1) {
		to = from;
		if (p->have[from])
			continue;
		while (to < p->parts && !p->have[to + 1])
			to++;
		if (gaps == GAPS) {
			fputs(" and more", out);
			break;
		}
		fputs(gaps++ ? ", " : "", out);
		put_range(out, from, to);
	}
}

static void put_missing(FILE *out, const struct partial *p)
{
	unsigned int missing = p->parts - p->nr;

	fprintf(out, "part%s ", missing > 1 ? "s" : "");
	put_gaps(out, p);
	fprintf(out, " of %u %s missing", p->parts, missing > 1 ? "are" : "is");
	if (p->damaged)
		fprintf(out, "; line %llu is cut or damaged", p->damaged);
}

static void put_record(FILE *out, const struct partial *p)
{
	fprintf(out, "record %llu (line", p->name.seq);
	if (p->last > p->first)
		fprintf(out, "s %llu to %llu): ", p->first, p->last);
	else
		fprintf(out, " %llu): ", p->first);
}

/* @why: NULL if lines are missing. */
static void say_lost(const struct log_records *log, const struct partial *p,
		     const char *why)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	put_record(out, p);
	if (p->conflict)
		fprintf(out, "line %llu contradicts an earlier one", p->conflict);
	else if (why)
		fputs(why, out);
	else
		put_missing(out, p);
	fclose(out);
	log->ops->lost(log->data, text);
	free(text);
}

/* === Records ============================================================== */

static void drop(struct partial *p)
{
	free(p->bytes);
	memset(p, 0, sizeof(*p));
}

static void give_up(const struct log_records *log, struct partial *p)
{
	if (p->parts)
		say_lost(log, p, NULL);
	drop(p);
}

static bool check(const struct partial *p, struct defect *d)
{
	const struct pksdiag_record *r = (const void *)p->bytes;

	if (p->conflict || !record_check(p->bytes, RECORD_MAX, d))
		return false;
	if (r->seq == p->name.seq && r->checksum == p->name.checksum)
		return true;
	snprintf(d->what, sizeof(d->what),
		 "the data is of record %llu with checksum 0x%08x, the lines say 0x%08x",
		 r->seq, r->checksum, p->name.checksum);
	return false;
}

static void complete(struct log_records *log, struct partial *p)
{
	struct defect d;

	log->completes[log->nr_completes++ % COMPLETES] = p->name;
	if (check(p, &d))
		log->ops->record(log->data, p->bytes);
	else
		say_lost(log, p, d.what);
	drop(p);
}

/* Worth less than others: one of which nothing is known, then the oldest. */
static bool is_worse(const struct partial *a, const struct partial *b)
{
	if (!a->nr != !b->nr)
		return !a->nr;
	return a->used < b->used;
}

static struct partial *find(struct log_records *log,
			    const struct log_line *line)
{
	struct partial *worst = &log->partials[0];
	size_t i;

	for (i = 0; i < PARTIALS; i++) {
		struct partial *p = &log->partials[i];

		if (p->parts && same_name(&p->name, line))
			return p;
		if (is_worse(p, worst))
			worst = p;
	}
	give_up(log, worst);
	worst->name.seq = line->seq;
	worst->name.checksum = line->checksum;
	worst->parts = line->parts;
	worst->first = log->line;
	worst->bytes = xmalloc(RECORD_MAX);
	return worst;
}

/*
 * Return false if an earlier line said something else. What a damaged one said
 * does not count.
 */
static bool take(struct partial *p, const struct log_line *line)
{
	if (!p->nr)
		p->parts = line->parts;
	if (line->parts != p->parts)
		return false;
	if (p->have[line->part])
		return !memcmp(p->bytes + line->offset, line->bytes, line->len);
	memcpy(p->bytes + line->offset, line->bytes, line->len);
	p->have[line->part] = true;
	p->nr++;
	return true;
}

static void data_line(struct log_records *log, const struct log_line *line,
		      bool good)
{
	struct partial *p;

	log->report = 0;
	if (is_complete(log, line))
		return;
	p = find(log, line);
	p->last = log->line;
	p->used = ++log->clock;
	if (!good)
		p->damaged = log->line;
	else if (!take(p, line))
		p->conflict = log->line;
	if (p->nr == p->parts)
		complete(log, p);
}

/* === Text ================================================================= */

static void scan_data(struct log_records *log, const char *text, size_t len,
		      size_t until)
{
	struct log_line line = {};
	enum log_line_kind kind;
	const char *at = text;

	while ((at = memmem(at, text + len - at, LOG_TOKEN, strlen(LOG_TOKEN)))) {
		if ((size_t)(at - text) >= until)
			break;
		kind = log_line_parse(at, text + len - at, &line);
		if (kind != LOG_LINE_NONE)
			data_line(log, &line, kind == LOG_LINE_GOOD);
		at++;
	}
}

/* A line, or a piece of one. What begins at @until is the next piece's. */
static void scan(struct log_records *log, const char *text, size_t len,
		 size_t until)
{
	const char *at = memmem(text, len, LOG_REPORT, strlen(LOG_REPORT));

	if (at && (size_t)(at - text) < until)
		log->report = log->line;
	scan_data(log, text, len, until);
}

/* Return how much of the text need not be looked at again. */
static size_t scan_text(struct log_records *log)
{
	size_t left, at = 0;
	const char *end;

	while ((end = memchr(log->text + at, '\n', log->len - at))) {
		size_t len = end - (log->text + at);

		scan(log, log->text + at, len, len);
		log->line++;
		at += len + 1;
	}
	left = log->len - at;
	if (left <= LOG_LINE_MAX)
		return at;
	left -= LOG_LINE_MAX;
	scan(log, log->text + at, left + LOG_LINE_MAX, left);
	return at + left;
}

/**
 * log_records_new - begin with a log
 * @ops: who wants to know
 * @data: for them
 *
 * Return: for log_records_feed() and log_records_end().
 */
struct log_records *log_records_new(const struct log_ops *ops, void *data)
{
	struct log_records *log = xmalloc(sizeof(*log));

	log->ops = ops;
	log->data = data;
	log->line = 1;
	return log;
}

/**
 * log_records_feed - go on with a log
 * @log: from log_records_new()
 * @text: any bytes: no line need be whole, or be text
 * @len: how many
 */
void log_records_feed(struct log_records *log, const char *text, size_t len)
{
	while (len) {
		size_t done, nr = min_size(len, TEXT_MAX - log->len);

		memcpy(log->text + log->len, text, nr);
		log->len += nr;
		text += nr;
		len -= nr;
		done = scan_text(log);
		log->len -= done;
		memmove(log->text, log->text + done, log->len);
	}
}

/* A log that was cut behind the words loses the data, and would not say so. */
static void check_report(const struct log_records *log)
{
	char what[96];

	if (!log->report)
		return;
	snprintf(what, sizeof(what),
		 "line %llu: a report begins here, but no data lines follow",
		 log->report);
	log->ops->lost(log->data, what);
}

/**
 * log_records_end - the log ends here
 * @log: freed
 *
 * Records that still miss a line are given up, and said to be.
 */
void log_records_end(struct log_records *log)
{
	size_t i;

	scan(log, log->text, log->len, log->len);
	for (i = 0; i < PARTIALS; i++)
		give_up(log, &log->partials[i]);
	check_report(log);
	free(log);
}
