// SPDX-License-Identifier: GPL-2.0
/* Where records come from: what all sources have in common. */
#include <stdlib.h>
#include <string.h>

#include "source.h"
#include "util.h"

static void say_newer(struct source *src, const char *what, size_t has,
		      size_t known)
{
	if (src->newer)
		return;
	src->newer = true;
	pr_warn("%s: a %s has %zu bytes, this pksdiag knows %zu: the rest is skipped; a newer pksdiag shows more",
		src->name, what, has, known);
}

/**
 * source_add - take a record into a source
 * @src: the source
 * @data: a record that record_check() passed
 *
 * Return: the source's copy.
 */
struct pksdiag_record *source_add(struct source *src, const void *data)
{
	size_t size = record_claimed_size(data, PKSDIAG_RECORD_SIZE);

	if (size > PKSDIAG_RECORD_SIZE)
		say_newer(src, "record", size, PKSDIAG_RECORD_SIZE);
	return record_list_add(&src->records, data, size);
}

/**
 * source_set_ring - check and take the ring header
 * @src: the source
 * @data: the header
 * @len: bytes there are
 * @d: out: why not
 *
 * Return: true if it is good.
 */
bool source_set_ring(struct source *src, const void *data, size_t len,
		     struct defect *d)
{
	if (!ring_check(data, len, d))
		return false;
	memcpy(&src->ring, data, sizeof(src->ring));
	if (src->ring.header_size > sizeof(src->ring))
		say_newer(src, "ring header", src->ring.header_size,
			  sizeof(src->ring));
	return true;
}

static int read_any(struct source *src, const struct options *opt)
{
	if (opt->memory)
		return source_memory_read(src, opt->memory);
	if (opt->vmcore)
		return source_vmcore_read(src, opt->vmcores, opt->nr_vmcores);
	if (opt->evidence)
		return source_evidence_read(src, opt->evidence);
	if (opt->capture)
		return source_capture_read(src, opt->capture);
	return source_live_read(src, opt->device);
}

/**
 * source_read - read all of the source that the options name
 * @src: out: what it holds; source_free() it
 * @opt: the options
 *
 * Return: 0, or -1 if there is nothing to show. What was wrong was reported.
 */
int source_read(struct source *src, const struct options *opt)
{
	int ret;

	memset(src, 0, sizeof(*src));
	src->want_ledger = opt->ledger;
	src->want_sites = opt->sites;
	ret = read_any(src, opt);
	record_list_sort(&src->records);
	return ret;
}

/**
 * source_free - free what source_read() allocated
 * @src: the source
 */
void source_free(struct source *src)
{
	record_list_free(&src->records);
	ledger_free(&src->ledger);
	site_table_free(&src->sites);
	if (!src->names)
		return;
	dump_names_free(src->names);
	dump_close(&src->dump);
}

/**
 * source_has_pks - did the machine protect anything
 * @src: a source that was read
 *
 * Return: false if PKS was absent, so that there cannot be records.
 */
bool source_has_pks(const struct source *src)
{
	return src->records.nr || (src->ring.flags & PKSDIAG_RING_F_PKS);
}

/**
 * source_lost - faults that have no record any more
 * @src: a source that was read
 *
 * Return: how many sequence numbers were given out, less the records.
 */
__u64 source_lost(const struct source *src)
{
	const struct record_list *list = &src->records;
	__u64 head = src->ring.head;

	if (list->nr && list->v[list->nr - 1].r->seq > head)
		head = list->v[list->nr - 1].r->seq;
	return head > list->nr ? head - list->nr : 0;
}
