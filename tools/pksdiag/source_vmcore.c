// SPDX-License-Identifier: GPL-2.0
/* Records from a crash dump: its VMCOREINFO says where they are. */
#include <stdlib.h>

#include "dump.h"
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

/**
 * source_vmcore_read - read the ring of a crash dump
 * @src: where to
 * @files: the dump, in any format that is known
 * @nr: how many files: more than one if it is split
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_vmcore_read(struct source *src, const char *const *files,
		       unsigned int nr)
{
	src->name = files[0];
	if (dump_open(&src->dump, files, nr)) {
		dump_close(&src->dump);
		return -1;
	}
	src->names = dump_names_new(&src->dump.mem);
	if (!has_vmcoreinfo(&src->dump))
		return -1;
	return source_memory_read(src, &src->dump.mem);
}
