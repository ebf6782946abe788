// SPDX-License-Identifier: GPL-2.0
/* Records from a capture file: a ring header, then records. */
#include <stdlib.h>
#include <string.h>

#include "source.h"
#include "util.h"

/* More than the largest ring of the largest records that this tool knows. */
#define CAPTURE_MAX	0x20000000u

/**
 * struct cursor - a capture file in memory, and how far it was read
 * @data: its bytes
 * @len: how many
 * @at: the next one to look at
 * @good: where the next good record is, if that is behind @at
 * @bad: something was wrong and was reported
 */
struct cursor {
	const unsigned char *data;
	size_t len;
	size_t at;
	size_t good;
	bool bad;
};

static size_t record_at(const struct cursor *c, size_t at)
{
	struct defect d;

	if (!record_check(c->data + at, c->len - at, &d))
		return 0;
	return record_claimed_size(c->data + at, c->len - at);
}

static size_t find_record(const struct cursor *c, size_t at)
{
	const __u32 magic = PKSDIAG_RECORD_MAGIC;
	const unsigned char *hit;

	while (at < c->len) {
		hit = memmem(c->data + at, c->len - at, &magic, sizeof(magic));
		if (!hit)
			break;
		at = hit - c->data;
		if (record_at(c, at))
			return at;
		at++;
	}
	return c->len;
}

/* The next place behind @c->at with a good record; the end if there is none. */
static size_t next_good(struct cursor *c)
{
	if (c->good <= c->at)
		c->good = find_record(c, c->at + 1);
	return c->good;
}

static void say_bad(const struct source *src, struct cursor *c,
		    const struct defect *d)
{
	pr_err("%s: offset 0x%zx: %s", src->name, c->at + d->at, d->what);
	c->bad = true;
}

/* Where a bad record ends, as far as it, or else the header, says so. */
static size_t after_bad(const struct source *src, const struct cursor *c)
{
	size_t left = c->len - c->at;
	size_t size = record_claimed_size(c->data + c->at, left);

	if (size < PKSDIAG_RECORD_SIZE || size > src->ring.record_size)
		size = src->ring.record_size;
	return c->at + min_size(size, left);
}

/*
 * Skip a bad record. If nothing like a record is right behind it, its size is
 * one of the bad bytes: go on with the next good one.
 */
static void skip_bad(const struct source *src, struct cursor *c)
{
	size_t next = next_good(c);
	size_t end = after_bad(src, c);

	if (next >= end && record_claimed_size(c->data + end, c->len - end))
		c->at = end;
	else
		c->at = next;
}

static void read_records(struct source *src, struct cursor *c)
{
	struct defect d;

	while (c->at < c->len) {
		const unsigned char *data = c->data + c->at;

		if (record_check(data, c->len - c->at, &d)) {
			source_add(src, data);
			c->at += record_claimed_size(data, c->len - c->at);
			continue;
		}
		say_bad(src, c, &d);
		skip_bad(src, c);
	}
}

/* A file that was cut between two records has no bad byte, but no end. */
static void check_end(const struct source *src, const struct cursor *c)
{
	if (c->bad || src->records.nr >= src->ring.nr_records)
		return;
	pr_err("%s: offset 0x%zx: the file ends after %zu records, expected %llu (cut off?)",
	       src->name, c->len, src->records.nr, src->ring.nr_records);
}

/*
 * Where the records start. The header may have grown, but if there is no
 * record behind what it says and one behind what it used to be, it is wrong.
 */
static size_t first_record(const struct source *src, struct cursor *c)
{
	size_t known = sizeof(src->ring);
	size_t at = min_size(src->ring.header_size, c->len);

	if (record_claimed_size(c->data + at, c->len - at) ||
	    !record_at(c, known))
		return at;
	pr_err("%s: offset 0x%zx: the header says that it has %u bytes, but there is a record after %zu",
	       src->name, offsetof(struct pksdiag_ring, header_size),
	       src->ring.header_size, known);
	c->bad = true;
	return known;
}

static int read_capture(struct source *src, struct cursor *c)
{
	struct defect d;

	if (source_set_ring(src, c->data, c->len, &d)) {
		c->at = first_record(src, c);
		read_records(src, c);
		check_end(src, c);
		return 0;
	}
	say_bad(src, c, &d);
	c->at = find_record(c, 0);
	if (c->at == c->len)
		return -1;
	src->ring.record_size = PKSDIAG_RECORD_SIZE;
	read_records(src, c);
	return 0;
}

/**
 * source_capture_read - read a capture file
 * @src: where to
 * @file: its name
 *
 * A bad header, or a bad record, costs itself only: every record carries all
 * that is needed to explain it.
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_capture_read(struct source *src, const char *file)
{
	struct cursor c = {};
	void *data;
	int ret;

	src->name = file;
	data = read_file(file, CAPTURE_MAX, &c.len);
	if (!data)
		return -1;
	c.data = data;
	ret = read_capture(src, &c);
	free(data);
	return ret;
}
