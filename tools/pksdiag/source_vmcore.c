// SPDX-License-Identifier: GPL-2.0
/*
 * Records from a crash dump. The dump names the ring by VMCOREINFO, the ring
 * describes itself: no debug info is needed. All of it may be damaged.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>
#include <libkdumpfile/kdumpfile.h>

#include "source.h"
#include "util.h"

/* Read the slots in pieces of about this many bytes. */
#define CHUNK	0x100000u

/**
 * struct dump - an open crash dump
 * @src: where its records go
 * @ctx: libkdumpfile's handle
 * @fd: the file
 */
struct dump {
	struct source *src;
	kdump_ctx_t *ctx;
	int fd;
};

/**
 * struct slots - one of the ring's two arrays
 * @what: its name, for messages
 * @base: its address in the dump
 * @nr: slots in it
 * @firsts: it is the one that keeps first records, and counts hits
 * @unreadable: slots that the dump does not have
 * @used: slots that are not free
 */
struct slots {
	const char *what;
	__u64 base;
	__u32 nr;
	bool firsts;
	__u32 unreadable;
	__u32 used;
};

static kdump_status dump_read(struct dump *dump, __u64 addr, void *buf,
			      size_t len)
{
	return kdump_read(dump->ctx, KDUMP_KVADDR, addr, buf, &len);
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
		       dump->src->name, size, end);
	elf_end(elf);
}

static int dump_open(struct dump *dump)
{
	const char *name = dump->src->name;

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
	return -1;
}

static void dump_close(struct dump *dump)
{
	if (dump->ctx)
		kdump_free(dump->ctx);
	if (dump->fd >= 0)
		close(dump->fd);
}

static void say_no_ring(struct dump *dump)
{
	const char *name = dump->src->name;
	char *info = NULL;
	char *release = NULL;

	if (kdump_vmcoreinfo_raw(dump->ctx, &info)) {
		pr_err("%s: no VMCOREINFO: not a dump of a Linux kernel, or its notes are damaged",
		       name);
		return;
	}
	if (kdump_vmcoreinfo_line(dump->ctx, "OSRELEASE", &release))
		release = NULL;
	pr_err("%s: no pksdiag_ring in VMCOREINFO: this kernel (%s) had no CONFIG_PKSDIAG, so the dump has no PKS records",
	       name, release ? release : "release unknown");
	free(release);
	free(info);
}

static int dump_ring(struct dump *dump)
{
	struct source *src = dump->src;
	struct pksdiag_ring ring;
	kdump_addr_t addr;
	struct defect d;

	if (kdump_vmcoreinfo_symbol(dump->ctx, "pksdiag_ring", &addr)) {
		say_no_ring(dump);
		return -1;
	}
	if (dump_read(dump, addr, &ring, sizeof(ring))) {
		pr_err("%s: cannot read the ring header at 0x%llx (cut off?): %s",
		       src->name, (__u64)addr, kdump_get_err(dump->ctx));
		return -1;
	}
	if (source_set_ring(src, &ring, sizeof(ring), &d) &&
	    ring_check_slots(&src->ring, &d))
		return 0;
	pr_err("%s: ring header at 0x%llx: offset 0x%zx: %s", src->name,
	       (__u64)addr, d.at, d.what);
	return -1;
}

static void take_record(struct dump *dump, const struct slots *slots,
			__u32 nr, const struct pksdiag_slot *slot, __u64 seq)
{
	const struct pksdiag_ring *ring = &dump->src->ring;
	struct pksdiag_record *r;
	struct defect d;

	if (!record_check(&slot->record, ring->record_size, &d)) {
		pr_err("%s: %s slot %u at 0x%llx: offset 0x%zx: %s",
		       dump->src->name, slots->what, nr,
		       slots->base + (__u64)nr * ring->slot_size,
		       offsetof(struct pksdiag_slot, record) + d.at, d.what);
		return;
	}
	if (slot->record.seq != seq) {
		pr_err("%s: %s slot %u: its state says record %llu, the record says %llu",
		       dump->src->name, slots->what, nr, seq, slot->record.seq);
		return;
	}
	r = source_add(dump->src, &slot->record);
	if (slots->firsts)
		r->hits = slot->hits;
}

/*
 * The record of a slot whose next writer found it busy: it has left the window
 * of the ring, and the live reader does not show it, either.
 */
static bool is_left_over(const struct dump *dump, const struct slots *slots,
			 __u64 seq)
{
	const struct pksdiag_ring *ring = &dump->src->ring;

	return !slots->firsts && seq < ring->head &&
	       ring->head - seq >= ring->nr_slots;
}

static void take_slot(struct dump *dump, struct slots *slots, __u32 nr,
		      const struct pksdiag_slot *slot)
{
	__u64 seq = slot->state >> PKSDIAG_STATE_SHIFT;

	switch (slot->state & PKSDIAG_STATE_MASK) {
	case PKSDIAG_STATE_FREE:
		return;
	case PKSDIAG_STATE_COMMITTED:
		if (!is_left_over(dump, slots, seq))
			take_record(dump, slots, nr, slot, seq);
		break;
	case PKSDIAG_STATE_WRITING:
		pr_warn("%s: %s slot %u: record %llu was being written when the machine stopped: skipped",
			dump->src->name, slots->what, nr, seq);
		break;
	default:
		pr_err("%s: %s slot %u: state word 0x%llx has no meaning",
		       dump->src->name, slots->what, nr, slot->state);
	}
	slots->used++;
}

/* Read slots [nr, nr + count) at once, and if that fails, one by one. */
static void read_chunk(struct dump *dump, struct slots *slots, __u32 nr,
		       __u32 count, void *buf)
{
	size_t size = dump->src->ring.slot_size;
	__u64 addr = slots->base + (__u64)nr * size;
	__u32 i;

	if (dump_read(dump, addr, buf, count * size)) {
		if (count == 1) {
			slots->unreadable++;
			return;
		}
		for (i = 0; i < count; i++)
			read_chunk(dump, slots, nr + i, 1, buf);
		return;
	}
	for (i = 0; i < count; i++)
		take_slot(dump, slots, nr + i, buf + i * size);
}

static void read_slots(struct dump *dump, struct slots *slots)
{
	__u32 slot_size = dump->src->ring.slot_size;
	__u32 step = CHUNK / slot_size;
	void *buf = xmalloc((size_t)step * slot_size);
	__u32 nr;

	for (nr = 0; nr < slots->nr; nr += step)
		read_chunk(dump, slots, nr, min_size(step, slots->nr - nr), buf);
	free(buf);
	if (slots->unreadable)
		pr_err("%s: %u of %u %s slots at 0x%llx are not in the dump (cut off?)",
		       dump->src->name, slots->unreadable, slots->nr,
		       slots->what, slots->base);
}

/* Slots that the head says were used, but that are zeroed. */
static void check_used(const struct source *src, const struct slots *slots)
{
	const struct pksdiag_ring *ring = &src->ring;
	__u64 expected = ring->head < ring->nr_slots ? ring->head : ring->nr_slots;
	__u64 seen = slots->used + slots->unreadable;

	expected -= min_size(expected, ring->counters[PKSDIAG_C_DROP_BUSY]);
	if (seen < expected)
		pr_err("%s: %llu of %llu used ring slots are empty: the dump is damaged, or pages were filtered out",
		       src->name, expected - seen, expected);
}

/* The firsts come first: their copy of a record has the hits. */
static void dump_records(struct dump *dump)
{
	const struct pksdiag_ring *ring = &dump->src->ring;
	struct slots firsts = {
		.what = "first", .base = ring->firsts, .nr = ring->nr_firsts,
		.firsts = true,
	};
	struct slots slots = {
		.what = "ring", .base = ring->slots, .nr = ring->nr_slots,
	};

	if (!ring->head)
		return;
	read_slots(dump, &firsts);
	read_slots(dump, &slots);
	check_used(dump->src, &slots);
}

/**
 * source_vmcore_read - read the ring of a crash dump
 * @src: where to
 * @file: the dump, in any format that libkdumpfile knows
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_vmcore_read(struct source *src, const char *file)
{
	struct dump dump = { .src = src, .fd = -1 };
	int ret;

	src->name = file;
	ret = dump_open(&dump);
	if (!ret)
		ret = dump_ring(&dump);
	if (!ret)
		dump_records(&dump);
	dump_close(&dump);
	return ret;
}
