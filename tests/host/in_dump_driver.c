// SPDX-License-Identifier: GPL-2.0
/*
 * For test_in_dump: the tasks of a dump that is damaged as it is read.
 * usage: in_dump_driver DUMP VMLINUX [ADDRESS=WORD | ADDRESS-]...
 * Each word of eight bytes reads as WORD, or ("-") cannot be read. Standard output:
 * what was found, a line each.
 */
#include <stdlib.h>
#include <string.h>

#include "in_dump.h"
#include "util.h"
#include "view.h"

/**
 * struct damage - a word that is not what it was
 * @at: its address
 * @word: what it is now
 * @gone: it cannot be read
 */
struct damage {
	__u64 at;
	__u64 word;
	bool gone;
};

/**
 * struct damaged - a memory, and what is wrong with it
 * @mem: what is read instead of it
 * @whole: it
 * @v: the damage
 * @nr: how much
 * @reads: how often it was read
 */
struct damaged {
	struct memory mem;
	struct memory *whole;
	struct damage *v;
	int nr;
	unsigned long reads;
};

/* Each byte by itself: any read may have any part of the word. */
static void put_damage(const struct damage *w, __u64 addr, __u8 *buf, size_t len)
{
	__u64 i;

	for (i = 0; i < sizeof(w->word); i++)
		if (w->at + i - addr < len)
			buf[w->at + i - addr] = w->word >> 8 * i;
}

static int read_damaged(struct memory *mem, __u64 addr, void *buf, size_t len)
{
	struct damaged *d = (struct damaged *)mem;
	int i;

	d->reads++;
	if (memory_read(d->whole, addr, buf, len))
		return -1;
	for (i = 0; i < d->nr; i++) {
		if (d->v[i].gone && d->v[i].at - addr < len)
			return -1;
		if (!d->v[i].gone)
			put_damage(&d->v[i], addr, buf, len);
	}
	return 0;
}

static const struct memory_ops ops = { .read = read_damaged };

static void parse(struct damaged *d, int argc, char **argv)
{
	d->v = xmalloc(argc * sizeof(*d->v));
	for (d->nr = 0; d->nr < argc; d->nr++) {
		char *end;

		d->v[d->nr].at = strtoull(argv[d->nr], &end, 16);
		d->v[d->nr].gone = *end == '-';
		d->v[d->nr].word = *end == '=' ? strtoull(end + 1, NULL, 16) : 0;
	}
}

static void put_found(const struct in_dump *found, const struct pksdiag_record *r)
{
	struct page_holder holders[64];
	struct task task;
	size_t i, nr = in_dump_holders(found, r, holders, ARRAY_SIZE(holders));

	printf("fate %d\n", in_dump_task(found, r, &task));
	for (i = 0; i < min_size(nr, ARRAY_SIZE(holders)); i++)
		if (holders[i].task)
			printf("holder 0x%llx 0x%x %d 0x%llx\n", holders[i].task->address,
			       holders[i].at, holders[i].left, holders[i].caller);
	printf("tasks %zu\nsearched %zu\nunreadable %zu\nnote %s\n", found->tasks.nr,
	       found->searched, found->unreadable,
	       found->tasks.note ? found->tasks.note : "");
}

int main(int argc, char **argv)
{
	struct options opt = {};
	struct damaged d = { .mem = { .ops = &ops, .name = "damaged" } };
	struct task_layout layout = {};
	struct in_dump found;
	struct view v;
	bool known;

	if (argc < 3)
		return EXIT_USAGE;
	opt.vmcores[0] = argv[1];
	opt.vmcore = argv[1];
	opt.nr_vmcores = 1;
	opt.vmlinux = argv[2];
	if (view_open(&v, &opt) || !v.src.records.nr)
		return EXIT_ERROR;
	d.whole = &v.src.dump.mem;
	parse(&d, argc - 3, argv + 3);
	known = symbols_task_layout(v.sym, v.src.ring.stext, &layout);
	in_dump_read(&found, &d.mem, known ? &layout : NULL, NULL, 0);
	put_found(&found, v.src.records.v[v.src.records.nr - 1].r);
	printf("reads %lu\n", d.reads);
	in_dump_free(&found);
	free(d.v);
	view_close(&v);
	return 0;
}
