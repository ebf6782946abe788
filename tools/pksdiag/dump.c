// SPDX-License-Identifier: GPL-2.0
/* A crash dump, by libkdumpfile. */
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "dump_info.h"
#include "dump_probe.h"
#include "util.h"

static int set_linux(struct dump *dump)
{
	return kdump_set_string_attr(dump->ctx, KDUMP_ATTR_OSTYPE, "linux");
}

static bool has_info(struct dump *dump)
{
	char *text;

	if (kdump_vmcoreinfo_raw(dump->ctx, &text))
		return false;
	free(text);
	return true;
}

/* A hypervisor may not have known where VMCOREINFO is, but the guest does. */
static int find_info(struct dump *dump)
{
	kdump_attr_t attr = { .type = KDUMP_BLOB };
	size_t len;
	char *text;

	text = dump_info_find(dump, &len);
	if (!text)
		return 0;
	attr.val.blob = kdump_blob_new_dup(text, len);
	free(text);
	if (!attr.val.blob)
		return -1;
	pr_warn("%s: the notes have no VMCOREINFO, so that from the machine's memory is used (QEMU: -device vmcoreinfo)",
		dump->mem.name);
	if (kdump_set_attr(dump->ctx, "linux.vmcoreinfo.raw", &attr))
		return -1;
	return set_linux(dump);
}

/* What libkdumpfile does not find out by itself about a dump that QEMU made. */
static int complete(struct dump *dump)
{
	const char *name;
	int ret;

	if (kdump_get_string_attr(dump->ctx, KDUMP_ATTR_ARCH_NAME, &name) &&
	    kdump_set_string_attr(dump->ctx, KDUMP_ATTR_ARCH_NAME, "x86_64"))
		return -1;
	ret = set_linux(dump);
	/* without VMCOREINFO it is find_info() that counts */
	return has_info(dump) ? ret : 0;
}

/*
 * mmap() of a file that is cut, or is cut while it is read, ends in SIGBUS.
 * Pages of zeroes are left out by makedumpfile: free slots may be on them.
 */
static int dump_configure(struct dump *dump)
{
	static const struct {
		const char *key;
		kdump_num_t value;
	} numbers[] = {
		{ KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER },
		{ KDUMP_ATTR_ZERO_EXCLUDED, 1 },
	};
	int fds[DUMP_PARTS_MAX];
	size_t i;

	for (i = 0; i < dump->nr_parts; i++)
		fds[i] = dump->parts[i].fd;
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (kdump_set_number_attr(dump->ctx, numbers[i].key,
					  numbers[i].value))
			return -1;
	if (kdump_open_fdset(dump->ctx, dump->nr_parts, fds))
		return -1;
	return complete(dump);
}

static struct dump *dump_of(struct memory *mem)
{
	return (struct dump *)((char *)mem - offsetof(struct dump, mem));
}

static int read_memory(struct memory *mem, __u64 addr, void *buf, size_t len)
{
	return kdump_read(dump_of(mem)->ctx, KDUMP_KVADDR, addr, buf, &len) ? -1 : 0;
}

static int find_symbol(struct memory *mem, const char *name, __u64 *addr)
{
	kdump_addr_t value;

	if (kdump_vmcoreinfo_symbol(dump_of(mem)->ctx, name, &value))
		return -1;
	*addr = value;
	return 0;
}

static char *get_release(struct memory *mem)
{
	char *release;

	return kdump_vmcoreinfo_line(dump_of(mem)->ctx, "OSRELEASE", &release) ?
		NULL : release;
}

static const char *why_not(struct memory *mem)
{
	return kdump_get_err(dump_of(mem)->ctx);
}

static const struct memory_ops dump_ops = {
	.read = read_memory,
	.symbol = find_symbol,
	.release = get_release,
	.why = why_not,
};

kdump_ctx_t *dump_not_freed;

static bool open_parts(struct dump *dump, const char *const *names,
		       unsigned int nr)
{
	if (nr > DUMP_PARTS_MAX) {
		pr_err("%s: %u files, expected at most %u", names[0], nr,
		       DUMP_PARTS_MAX);
		return false;
	}
	dump->parts = xmalloc(nr * sizeof(*dump->parts));
	while (dump->nr_parts < nr) {
		struct dump_part *part = &dump->parts[dump->nr_parts];

		if (!dump_part_open(part, names[dump->nr_parts++]))
			return false;
	}
	return dump_parts_fit(dump->parts, nr);
}

/* Open it and read a first byte, for which all of its address translation is set up. */
static void try_open(void *arg)
{
	struct dump *dump = arg;
	__u64 addr;
	char byte;

	dump->ctx = kdump_new();
	if (dump->ctx && !dump_configure(dump) &&
	    !memory_symbol(&dump->mem, "pksdiag_ring", &addr))
		memory_read(&dump->mem, addr, &byte, sizeof(byte));
}

/**
 * dump_open - open a crash dump
 * @dump: out; dump_close() it
 * @names: of its files: more than one if it is split
 * @nr: how many
 *
 * Return: 0, or -1 after an error that was reported.
 */
int dump_open(struct dump *dump, const char *const *names, unsigned int nr)
{
	memset(dump, 0, sizeof(*dump));
	dump->mem.ops = &dump_ops;
	dump->mem.name = names[0];
	dump->mem.symbols = "VMCOREINFO";
	if (!open_parts(dump, names, nr))
		return -1;
	if (!dump_probe(names[0], try_open, dump))
		return -1;
	dump->ctx = kdump_new();
	if (!dump->ctx) {
		pr_err("%s: libkdumpfile: out of memory", names[0]);
		return -1;
	}
	if (!dump_configure(dump) && (has_info(dump) || !find_info(dump)))
		return 0;
	pr_err("%s: not a crash dump that can be read (cut off, or damaged?): %s",
	       names[0], kdump_get_err(dump->ctx));
	dump_not_freed = dump->ctx;
	dump->ctx = NULL;
	return -1;
}

/**
 * dump_close - close a crash dump
 * @dump: whether or not dump_open() succeeded
 */
void dump_close(struct dump *dump)
{
	unsigned int i;

	if (dump->ctx)
		kdump_free(dump->ctx);
	for (i = 0; i < dump->nr_parts; i++)
		dump_part_close(&dump->parts[i]);
	free(dump->parts);
}

/**
 * dump_number - a number in VMCOREINFO
 * @dump: the dump
 * @line: what it is, as VMCOREINFO has it: "OFFSET(printk_info.seq)"
 * @value: out
 *
 * Return: true if it is there.
 */
bool dump_number(struct dump *dump, const char *line, __u64 *value)
{
	char *text, *end;
	bool good;

	if (kdump_vmcoreinfo_line(dump->ctx, line, &text))
		return false;
	*value = strtoull(text, &end, 10);
	good = end != text;
	free(text);
	return good;
}
