// SPDX-License-Identifier: GPL-2.0
/* Records from a crash dump: its VMCOREINFO says where they are. */
#include <stdlib.h>

#include "dump.h"
#include "dump_log.h"
#include "source.h"
#include "util.h"

static bool has_vmcoreinfo(struct dump *dump)
{
	char *info;

	if (!kdump_vmcoreinfo_raw(dump->ctx, &info)) {
		free(info);
		return true;
	}
	pr_err("%s: no VMCOREINFO: not a dump of a Linux kernel, or its notes are damaged",
	       dump->mem.name);
	return false;
}

static void take_record(void *data, const void *record)
{
	source_add(data, record);
}

static void say_lost(void *data, const char *what)
{
	const struct source *src = data;

	pr_err("%s: console log: %s", src->name, what);
}

/* The ring is lost, but the kernel has said the same in its log. */
static int read_log(struct source *src)
{
	static const struct log_ops ops = { .record = take_record, .lost = say_lost };
	struct memory *mem = &src->dump.mem;
	struct log_records *log;
	__u64 addr;

	if (memory_symbol(mem, "pksdiag_ring", &addr) || memory_symbol(mem, "prb", &addr))
		return -1;
	log = log_records_new(&ops, src);
	dump_log_feed(&src->dump, log);
	log_records_end(log);
	if (!src->records.nr)
		return -1;
	src->from_log = true;
	pr_warn("%s: the ring cannot be read (QEMU's dump-guest-memory -p leaves out pages that have a protection key): the records are from the console log in the dump, hits as of each report",
		src->name);
	return 0;
}

/**
 * source_vmcore_open - open a crash dump
 * @src: where to; source_free() it
 * @files: the dump, in any format that is known
 * @nr: how many files: more than one if it is split
 *
 * Return: 0, or -1 after an error that was reported.
 */
int source_vmcore_open(struct source *src, const char *const *files,
		       unsigned int nr)
{
	src->name = files[0];
	if (dump_open(&src->dump, files, nr)) {
		dump_close(&src->dump);
		return -1;
	}
	src->names = dump_names_new(&src->dump.mem);
	return has_vmcoreinfo(&src->dump) ? 0 : -1;
}

/**
 * source_vmcore_read - read the ring of a crash dump
 * @src: where to
 * @files: the dump, in any format that is known
 * @nr: how many files: more than one if it is split
 *
 * If the ring is lost, the records in the console log are taken.
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_vmcore_read(struct source *src, const char *const *files,
		       unsigned int nr)
{
	if (source_vmcore_open(src, files, nr))
		return -1;
	if (!source_memory_read(src, &src->dump.mem))
		return 0;
	return src->want_ledger || src->want_sites ? -1 : read_log(src);
}
