// SPDX-License-Identifier: GPL-2.0
/*
 * The files of a crash dump. Somebody else wrote them, and libkdumpfile trusts
 * what their headers say: so that is checked before.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elf.h>

#include "dump_part.h"
#include "util.h"

/**
 * dump_pread - read all of a range of a file, or nothing
 * @fd: the file
 * @buf: where to
 * @len: bytes
 * @at: offset in the file
 *
 * Return: true if all of it was read.
 */
bool dump_pread(int fd, void *buf, size_t len, __u64 at)
{
	size_t done = 0;
	ssize_t got;

	while (done < len) {
		got = pread(fd, buf + done, len - done, at + done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += got;
	}
	return true;
}

/* What some files are that support engineers get instead of a dump. */
static const char *other_kind(const unsigned char *magic)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *what;
	} kinds[] = {
		{ "\x1f\x8b", 2, "gzip's: uncompress it first (gunzip)" },
		{ "BZh", 3, "bzip2's: uncompress it first (bunzip2)" },
		{ "\xfd\x37zXZ", 5, "xz's: uncompress it first (unxz)" },
		{ "\x28\xb5\x2f\xfd", 4, "zstd's: uncompress it first (unzstd)" },
		{ "\x04\x22\x4d\x18", 4, "lz4's: uncompress it first (unlz4)" },
		{ "QEVM", 4, "a saved guest's: use 'virsh dump --memory-only'" },
		{ "LibvirtQ", 8, "a saved guest's: use 'virsh dump --memory-only'" },
		{ "\0\0\0\0", 4, "zeroes: was it saved at all?" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!memcmp(magic, kinds[i].magic, kinds[i].len))
			return kinds[i].what;
	return "of nothing known";
}

static bool check_kind(struct dump_part *part)
{
	unsigned char magic[16] = {};

	if (!dump_pread(part->fd, magic, min_size(part->size, sizeof(magic)), 0)) {
		pr_err("%s: offset 0x0: cannot read: %s", part->name, strerror(errno));
		return false;
	}
	if (!memcmp(magic, ELFMAG, SELFMAG)) {
		part->kind = DUMP_ELF;
		return dump_elf_check(part);
	}
	if (!memcmp(magic, "KDUMP   ", 8) || !memcmp(magic, "DISKDUMP", 8)) {
		part->kind = DUMP_KDUMP;
		return dump_kdump_check(part);
	}
	pr_err("%s: offset 0x0: not a crash dump, expected the magic bytes of an ELF core, of KDUMP or of makedumpfile -F; these are %s",
	       part->name, part->size ? other_kind(magic) : "missing, it is empty");
	return false;
}

/* In the place of a flattened dump the plain one. */
static bool make_plain(struct dump_part *part)
{
	char magic[16];
	int fd;

	if (!dump_pread(part->fd, magic, sizeof(magic), 0) ||
	    !dump_flat_is(magic, sizeof(magic)))
		return true;
	fd = dump_flat_open(part->name, part->fd, part->size);
	if (fd < 0)
		return false;
	close(part->fd);
	part->fd = fd;
	part->size = lseek(fd, 0, SEEK_END);
	return true;
}

/**
 * dump_part_open - open a file of a dump and check its headers
 * @part: out; dump_part_close() it
 * @name: of the file
 *
 * Return: true, or false after an error that was reported.
 */
bool dump_part_open(struct dump_part *part, const char *name)
{
	off_t size;

	memset(part, 0, sizeof(*part));
	part->name = name;
	part->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (part->fd < 0) {
		pr_err("%s: cannot open: %s", name, strerror(errno));
		return false;
	}
	size = lseek(part->fd, 0, SEEK_END);
	if (size < 0) {
		pr_err("%s: a dump is read here and there, so this must be a file: %s",
		       name, strerror(errno));
		return false;
	}
	part->size = size;
	return make_plain(part) && check_kind(part);
}

/**
 * dump_part_close - close it
 * @part: whether or not dump_part_open() succeeded
 */
void dump_part_close(struct dump_part *part)
{
	if (part->fd >= 0)
		close(part->fd);
}

/* === Parts ================================================================ */

static int by_start(const void *a, const void *b)
{
	const struct dump_part *one = a, *two = b;

	if (one->start != two->start)
		return one->start < two->start ? -1 : 1;
	return one->end < two->end ? -1 : one->end > two->end;
}

static bool are_of_one(const struct dump_part *parts, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (nr > 1 && !parts[i].split) {
			pr_err("%s: a dump of its own, not one part of several (makedumpfile --split): give it alone",
			       parts[i].name);
			return false;
		}
		if (memcmp(parts[i].id, parts[0].id, sizeof(parts[i].id)) ||
		    parts[i].max != parts[0].max) {
			pr_err("%s: a part of another dump than %s",
			       parts[i].name, parts[0].name);
			return false;
		}
	}
	return true;
}

static void say_missing(const struct dump_part *part, __u64 from, __u64 to)
{
	if (from < to)
		pr_err("%s: split (makedumpfile --split), and the part with page frames 0x%llx to 0x%llx is missing: give every part by a --vmcore of its own",
		       part->name, from, to - 1);
}

/**
 * dump_parts_fit - are these files one dump
 * @parts: the files; put into order
 * @nr: how many
 *
 * Parts that are missing are reported; the others are good without them.
 *
 * Return: true, or false after an error that was reported.
 */
bool dump_parts_fit(struct dump_part *parts, unsigned int nr)
{
	__u64 next = 0;
	unsigned int i;

	if (!are_of_one(parts, nr))
		return false;
	if (!parts[0].split)
		return true;
	qsort(parts, nr, sizeof(*parts), by_start);
	for (i = 0; i < nr; i++) {
		if (parts[i].start < next) {
			pr_err("%s: has page frames that %s has, too: was one given twice?",
			       parts[i].name, parts[i - 1].name);
			return false;
		}
		say_missing(&parts[i], next, parts[i].start);
		next = parts[i].end;
	}
	say_missing(&parts[nr - 1], next, parts[0].max);
	return true;
}
