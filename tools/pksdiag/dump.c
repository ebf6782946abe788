// SPDX-License-Identifier: GPL-2.0
/* A crash dump's memory. All of it may be damaged, or not there. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>

#include "dump.h"
#include "util.h"

/* Read arrays in pieces of about this many bytes. */
#define CHUNK	0x100000u

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
		       dump->name, size, end);
	elf_end(elf);
}

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
	dump->name = name;
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

/**
 * dump_read - read memory of a crash dump
 * @dump: the dump
 * @addr: kernel address
 * @buf: where to
 * @len: bytes
 *
 * Return: 0, or -1: kdump_get_err() says why.
 */
int dump_read(struct dump *dump, __u64 addr, void *buf, size_t len)
{
	return kdump_read(dump->ctx, KDUMP_KVADDR, addr, buf, &len) ? -1 : 0;
}

/* Read items [nr, nr + count) at once, and if that fails, one by one. */
static void read_chunk(struct dump *dump, struct dump_array *array, __u32 nr,
		       __u32 count, void *buf)
{
	__u64 addr = array->base + (__u64)nr * array->size;
	__u32 i;

	if (dump_read(dump, addr, buf, (size_t)count * array->size)) {
		if (count == 1) {
			array->unreadable++;
			return;
		}
		for (i = 0; i < count; i++)
			read_chunk(dump, array, nr + i, 1, buf);
		return;
	}
	for (i = 0; i < count; i++)
		array->take(array, nr + i, buf + (size_t)i * array->size);
}

/**
 * dump_read_array - read all items of an array, as far as they are there
 * @dump: the dump
 * @array: the array; items that the dump does not have are reported
 */
void dump_read_array(struct dump *dump, struct dump_array *array)
{
	__u32 step = CHUNK / array->size;
	void *buf = xmalloc((size_t)step * array->size);
	__u32 nr;

	for (nr = 0; nr < array->nr; nr += step)
		read_chunk(dump, array, nr, min_size(step, array->nr - nr), buf);
	free(buf);
	if (array->unreadable)
		pr_err("%s: %u of %u %s at 0x%llx are not in the dump (cut off?)",
		       dump->name, array->unreadable, array->nr, array->what,
		       array->base);
}
