// SPDX-License-Identifier: GPL-2.0
/*
 * The headers of a kdump-compressed file, as far as libkdumpfile trusts them.
 * In blocks of the size of a page:
 *
 *	header		what machine, how large the rest is
 *	sub header	where VMCOREINFO and notes are, which part this is
 *	bitmaps		two: pages that there were, pages that are in the dump
 *	descriptors	where each of these is, and how it is compressed
 *	pages
 */
#include <stdlib.h>
#include <string.h>

#include "dump_part.h"
#include "util.h"

#define BLOCK		4096u
#define MACHINE		"x86_64"
#define INFO_MAX	0x100000u
#define NOTES_MAX	0x4000000u
#define INCOMPLETE	0x8	/* DUMP_DH_COMPRESSED_INCOMPLETE */

/* The layout that x86-64 has, of makedumpfile's diskdump_mod.h. */
struct kdump_header {
	char signature[8];
	__s32 version;
	char utsname[6][65];
	char pad[6];
	__u64 time[2];
	__u32 status;
	__u32 block_size;
	__u32 sub_blocks;
	__u32 bitmap_blocks;
	__u32 max_mapnr;
	__u32 counts[4];
	__u32 nr_cpus;
};

struct kdump_sub_header {
	__u64 phys_base;
	__s32 dump_level;
	__u32 split;
	__u64 start_pfn;
	__u64 end_pfn;
	/* from version 3, 4 and 5 on */
	__u64 vmcoreinfo[2];
	__u64 notes[2];
	__u64 eraseinfo[2];
	/* from version 6 on */
	__u64 start_pfn_64;
	__u64 end_pfn_64;
	__u64 max_mapnr_64;
};

struct page_desc {
	__u64 offset;
	__u32 size;
	__u32 flags;
	__u64 page_flags;
};

_Static_assert(offsetof(struct kdump_header, status) == 424, "ABI");
_Static_assert(offsetof(struct kdump_header, nr_cpus) == 460, "ABI");
_Static_assert(offsetof(struct kdump_sub_header, max_mapnr_64) == 96, "ABI");

static bool say_wrong(const struct dump_part *part, size_t at, const char *what,
		      __u64 value, const char *expected)
{
	pr_err("%s: offset 0x%zx: %s is 0x%llx, expected %s: the dump's header is damaged",
	       part->name, at, what, value, expected);
	return false;
}

#define HEADER_AT(member) offsetof(struct kdump_header, member)
#define SUB_AT(member) (BLOCK + offsetof(struct kdump_sub_header, member))

static bool check_header(const struct dump_part *part,
			 const struct kdump_header *h)
{
	const char *machine = h->utsname[4];

	/* a hypervisor's dump need not say it */
	if (*machine && strncmp(machine, MACHINE, sizeof(MACHINE))) {
		pr_err("%s: offset 0x%zx: the machine's name is not x86_64: damaged, or a dump of a machine that has no PKS",
		       part->name, HEADER_AT(utsname[4]));
		return false;
	}
	if (h->version < 1 || h->version > 64)
		return say_wrong(part, HEADER_AT(version), "the version",
				 h->version, "1 to 6");
	if (h->block_size != BLOCK)
		return say_wrong(part, HEADER_AT(block_size), "the block size",
				 h->block_size, "0x1000");
	if (!h->sub_blocks || h->sub_blocks > NOTES_MAX / BLOCK)
		return say_wrong(part, HEADER_AT(sub_blocks),
				 "the sub header's size in blocks", h->sub_blocks,
				 "1 to 0x4000");
	return true;
}

/* The machine's memory must fit the two bitmaps. */
static bool check_bitmap(const struct dump_part *part,
			 const struct kdump_header *h)
{
	__u64 bits = (__u64)h->bitmap_blocks * BLOCK / 2 * 8;
	__u64 end = (1ULL + h->sub_blocks + h->bitmap_blocks) * BLOCK;

	if (!h->bitmap_blocks || part->max > bits)
		return say_wrong(part, HEADER_AT(bitmap_blocks),
				 "the bitmaps' size in blocks", h->bitmap_blocks,
				 "one that has all page frames");
	if (end <= part->size)
		return true;
	pr_err("%s: offset 0x%llx: the dump ends, expected at least 0x%llx bytes of headers and bitmaps (cut off)",
	       part->name, part->size, end);
	return false;
}

static bool check_range(const struct dump_part *part, size_t at,
			const __u64 *range, __u64 max, const char *what)
{
	if (range[1] > max)
		return say_wrong(part, at + 8, what, range[1],
				 "the size of something smaller");
	if (range[1] && (range[0] > part->size ||
			 range[1] > part->size - range[0]))
		return say_wrong(part, at, what, range[0],
				 "an offset in the file");
	return true;
}

static bool check_sub(const struct dump_part *part, int version,
		      const struct kdump_sub_header *s)
{
	if (version >= 3 &&
	    !check_range(part, SUB_AT(vmcoreinfo), s->vmcoreinfo, INFO_MAX,
			 "VMCOREINFO's place"))
		return false;
	if (version >= 4 &&
	    !check_range(part, SUB_AT(notes), s->notes, NOTES_MAX,
			 "the notes' place"))
		return false;
	if (version >= 5 &&
	    !check_range(part, SUB_AT(eraseinfo), s->eraseinfo, NOTES_MAX,
			 "the place of what was erased"))
		return false;
	if (part->split && (part->start > part->end || part->end > part->max))
		return say_wrong(part, SUB_AT(end_pfn_64),
				 "the end of this part", part->end,
				 "one behind its start");
	return true;
}

static void take_numbers(struct dump_part *part, const struct kdump_header *h,
			 const struct kdump_sub_header *s)
{
	bool wide = h->version >= 6;

	part->max = wide ? s->max_mapnr_64 : h->max_mapnr;
	part->split = h->version >= 2 && s->split;
	part->end = part->max;
	if (part->split) {
		part->start = wide ? s->start_pfn_64 : s->start_pfn;
		part->end = wide ? s->end_pfn_64 : s->end_pfn;
	}
	memcpy(part->id, h->utsname, sizeof(part->id));
}

/* === Is all of it there ==================================================== */

/* Bits @from to @to of the bitmap at offset @at; -1 if it cannot be read. */
static __s64 count_bits(const struct dump_part *part, __u64 at, __u64 from,
			__u64 to)
{
	static __u64 words[8192];
	__u64 pfn, count = 0;
	size_t i;

	for (pfn = from & ~63ULL; pfn < to; pfn += 64 * ARRAY_SIZE(words)) {
		size_t nr = min_size((to - pfn + 63) / 64, ARRAY_SIZE(words));

		if (!dump_pread(part->fd, words, nr * 8, at + pfn / 8))
			return -1;
		if (pfn < from)
			words[0] &= ~0ULL << (from & 63);
		if (to - pfn < 64 * nr)
			words[nr - 1] &= ~(~0ULL << (to & 63));
		for (i = 0; i < nr; i++)
			count += __builtin_popcountll(words[i]);
	}
	return count;
}

/*
 * The last page is the last that was written: if that is there, all are. What
 * it would take to have it is 0 if that is not known.
 */
static __u64 needed(const struct dump_part *part, const struct kdump_header *h)
{
	__u64 bitmaps = (1ULL + h->sub_blocks) * BLOCK;
	__u64 descs = bitmaps + (__u64)h->bitmap_blocks * BLOCK;
	__s64 nr = count_bits(part, bitmaps + (__u64)h->bitmap_blocks * BLOCK / 2,
			      part->start, part->end);
	struct page_desc last;

	if (nr <= 0)
		return 0;
	descs += nr * sizeof(last);
	if (!dump_pread(part->fd, &last, sizeof(last), descs - sizeof(last)))
		return descs;
	return last.offset + last.size;
}

static void check_whole(const struct dump_part *part,
			const struct kdump_header *h)
{
	__u64 end = needed(part, h);

	if (h->status & INCOMPLETE)
		pr_err("%s: offset 0x%zx: makedumpfile marked it as incomplete (disk full?): pages are missing",
		       part->name, HEADER_AT(status));
	else if (end > part->size)
		pr_err("%s: offset 0x%llx: the dump ends, expected at least 0x%llx bytes (cut off)",
		       part->name, part->size, end);
}

/* The descriptors of up to 64 page frames from @pfn on, that @bits has. */
static bool look_at_word(const struct dump_part *part, __u64 pfn, __u64 bits,
			 __u64 *at, bool (*look)(void *data, __u64 pfn, __u32 packed),
			 void *data)
{
	struct page_desc descs[64];
	int i, nr = __builtin_popcountll(bits);

	if (!dump_pread(part->fd, descs, nr * sizeof(*descs), *at))
		return true;
	*at += nr * sizeof(*descs);
	for (i = 0; bits; bits &= bits - 1, i++)
		if (look(data, pfn + __builtin_ctzll(bits), descs[i].size))
			return true;
	return false;
}

/**
 * dump_kdump_pages - look at all pages that are in a file
 * @part: the file; it passed dump_kdump_check()
 * @look: gets the page frame number and how many bytes the page has in the file;
 *	returns true if it has seen enough
 * @data: for @look
 */
void dump_kdump_pages(const struct dump_part *part,
		      bool (*look)(void *data, __u64 pfn, __u32 packed), void *data)
{
	struct kdump_header h;
	__u64 pfn, bitmap, at, bits;

	if (!dump_pread(part->fd, &h, sizeof(h), 0))
		return;
	at = (1ULL + h.sub_blocks + h.bitmap_blocks) * BLOCK;
	bitmap = at - (__u64)h.bitmap_blocks * BLOCK / 2;
	for (pfn = part->start & ~63ULL; pfn < part->end; pfn += 64) {
		if (!dump_pread(part->fd, &bits, sizeof(bits), bitmap + pfn / 8))
			return;
		if (pfn < part->start)
			bits &= ~0ULL << (part->start & 63);
		if (part->end - pfn < 64)
			bits &= ~(~0ULL << (part->end & 63));
		if (bits && look_at_word(part, pfn, bits, &at, look, data))
			return;
	}
}

/**
 * dump_kdump_check - check the headers of a kdump-compressed file
 * @part: the file; what part of a dump it is will be set
 *
 * That it is not whole is reported; what is there can be read all the same.
 *
 * Return: true if it can be read, false after an error that was reported.
 */
bool dump_kdump_check(struct dump_part *part)
{
	struct kdump_header h;
	struct kdump_sub_header s;

	if (!dump_pread(part->fd, &h, sizeof(h), 0) ||
	    !dump_pread(part->fd, &s, sizeof(s), BLOCK)) {
		pr_err("%s: offset 0x%llx: the dump ends in its headers (cut off)",
		       part->name, part->size);
		return false;
	}
	take_numbers(part, &h, &s);
	if (!check_header(part, &h) || !check_bitmap(part, &h) ||
	    !check_sub(part, h.version, &s))
		return false;
	check_whole(part, &h);
	return true;
}
