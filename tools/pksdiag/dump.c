// SPDX-License-Identifier: GPL-2.0
/* A crash dump, by libkdumpfile. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>

#include "dump.h"
#include "util.h"

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
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (kdump_set_number_attr(dump->ctx, numbers[i].key,
					  numbers[i].value))
			return -1;
	if (kdump_open_fd(dump->ctx, dump->fd))
		return -1;
	return kdump_set_string_attr(dump->ctx, KDUMP_ATTR_OSTYPE, "linux");
}

/*
 * libkdumpfile takes what is behind the end of an ELF file as zeroes, so that
 * a dump that was cut looks like a machine that had nothing there.
 */
static void check_size(struct dump *dump)
{
	Elf *elf = elf_version(EV_CURRENT) ?
		elf_begin(dump->fd, ELF_C_READ, NULL) : NULL;
	__u64 end = 0, size = lseek(dump->fd, 0, SEEK_END);
	size_t i, nr = 0;
	GElf_Phdr phdr;

	if (elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &nr))
		nr = 0;
	for (i = 0; i < nr && gelf_getphdr(elf, i, &phdr); i++)
		if (phdr.p_offset + phdr.p_filesz > end)
			end = phdr.p_offset + phdr.p_filesz;
	if (end > size)
		pr_err("%s: offset 0x%llx: the dump ends, expected 0x%llx bytes (cut off)",
		       dump->mem.name, size, end);
	elf_end(elf);
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

/**
 * dump_open - open a crash dump
 * @dump: out; dump_close() it
 * @name: of the file
 *
 * Return: 0, or -1 after an error that was reported.
 */
int dump_open(struct dump *dump, const char *name)
{
	dump->mem.ops = &dump_ops;
	dump->mem.name = name;
	dump->mem.symbols = "VMCOREINFO";
	dump->ctx = NULL;
	dump->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (dump->fd < 0) {
		pr_err("%s: cannot open: %s", name, strerror(errno));
		return -1;
	}
	dump->ctx = kdump_new();
	if (!dump->ctx) {
		pr_err("%s: libkdumpfile: out of memory", name);
		return -1;
	}
	if (!dump_configure(dump)) {
		check_size(dump);
		return 0;
	}
	pr_err("%s: not a crash dump that can be read (empty, cut off, or another file?): %s",
	       name, kdump_get_err(dump->ctx));
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
	if (dump->ctx)
		kdump_free(dump->ctx);
	if (dump->fd >= 0)
		close(dump->fd);
}
