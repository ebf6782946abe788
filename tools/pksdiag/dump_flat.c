// SPDX-License-Identifier: GPL-2.0
/*
 * A flattened dump (makedumpfile -F): pieces of the plain one in the order in
 * which they were written, for a pipe. libkdumpfile 0.5.1 cannot read it, and
 * wants a file, so the plain dump is made: in a temporary file that has no name,
 * since it can be larger than this machine's memory.
 *
 *	header		4096 bytes: "makedumpfile", type 1, version 1
 *	pieces		offset and size (64 bits, big endian), and so many bytes;
 *			of two that overlap the later one counts
 *	end		offset and size are -1
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump_part.h"
#include "util.h"

#define MAGIC		"makedumpfile\0\0\0"
#define HEADER_LEN	4096
#define CHUNK		0x100000u
/* No dump is larger; nor is a file that most file systems can have. */
#define PLAIN_MAX	0x80000000000ULL

/**
 * struct flat - a flattened dump that is made plain
 * @name: of the file
 * @fd: the file
 * @size: bytes of it
 * @at: offset of the next piece
 * @plain: the plain dump
 * @dir: where that is
 * @buf: of CHUNK bytes
 * @full: @plain could not be written
 */
struct flat {
	const char *name;
	int fd;
	__u64 size;
	__u64 at;
	int plain;
	const char *dir;
	void *buf;
	bool full;
};

struct piece {
	__u64 offset;
	__u64 size;
};

/**
 * dump_flat_is - is this the start of a flattened dump
 * @magic: the first bytes of a file
 * @len: how many
 *
 * Return: true if so.
 */
bool dump_flat_is(const void *magic, size_t len)
{
	return len >= sizeof(MAGIC) && !memcmp(magic, MAGIC, sizeof(MAGIC));
}

static int open_temporary(const char *dir)
{
	char *path;
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	path = xasprintf("%s/pksdiag-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

static bool write_all(int fd, const void *buf, size_t len, __u64 at)
{
	ssize_t done;

	while (len) {
		done = pwrite(fd, buf, len, at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		buf += done;
		at += done;
		len -= done;
	}
	return true;
}

static bool say_full(struct flat *f)
{
	f->full = true;
	pr_err("%s: flattened, and its plain form cannot be written to %s: %s (set TMPDIR to a directory with 0x%llx bytes free, or run 'makedumpfile -R')",
	       f->name, f->dir, strerror(errno), f->size);
	return false;
}

static void say_cut(const struct flat *f, const char *what)
{
	pr_err("%s: offset 0x%llx: the flattened dump ends in %s, expected its end mark (cut off)",
	       f->name, f->size, what);
}

/* Returns whether to go on with the next piece. */
static bool copy_piece(struct flat *f, struct piece piece)
{
	__u64 left = piece.size;
	bool cut = left > f->size - f->at;
	size_t len;

	if (cut)
		left = f->size - f->at;
	for (; left; left -= len) {
		len = min_size(left, CHUNK);
		if (!dump_pread(f->fd, f->buf, len, f->at)) {
			pr_err("%s: offset 0x%llx: cannot read: %s", f->name,
			       f->at, strerror(errno));
			return false;
		}
		if (!write_all(f->plain, f->buf, len, piece.offset))
			return say_full(f);
		piece.offset += len;
		f->at += len;
	}
	if (cut)
		say_cut(f, "a piece");
	return !cut;
}

/* Returns whether there is one; if not, and that is wrong, it was said. */
static bool next_piece(struct flat *f, struct piece *piece)
{
	if (f->size - f->at < sizeof(*piece) ||
	    !dump_pread(f->fd, piece, sizeof(*piece), f->at)) {
		say_cut(f, "its pieces");
		return false;
	}
	piece->offset = be64toh(piece->offset);
	piece->size = be64toh(piece->size);
	if (piece->offset == -1ULL && piece->size == -1ULL)
		return false;
	if (!piece->size || piece->size > PLAIN_MAX || piece->offset > PLAIN_MAX) {
		pr_err("%s: offset 0x%llx: a piece of 0x%llx bytes for offset 0x%llx, expected at most 0x%llx: damaged, what follows is not read",
		       f->name, f->at, piece->size, piece->offset, PLAIN_MAX);
		return false;
	}
	f->at += sizeof(*piece);
	return true;
}

static bool check_header(const struct flat *f)
{
	struct piece type;

	if (f->size < HEADER_LEN || !dump_pread(f->fd, &type, sizeof(type), 16)) {
		say_cut(f, "its header");
		return false;
	}
	if (be64toh(type.offset) == 1 && be64toh(type.size) == 1)
		return true;
	pr_err("%s: offset 0x10: a flattened dump of type %llu, version %llu, expected 1 and 1",
	       f->name, (__u64)be64toh(type.offset), (__u64)be64toh(type.size));
	return false;
}

/**
 * dump_flat_open - make a flattened dump plain
 * @name: of the file
 * @fd: the file
 * @size: of it, in bytes
 *
 * What is missing at the end of it is reported; what is there is used.
 *
 * Return: a file with the plain dump, or -1 after an error that was reported.
 */
int dump_flat_open(const char *name, int fd, __u64 size)
{
	struct flat f = { .name = name, .fd = fd, .size = size, .at = HEADER_LEN };
	struct piece piece;

	if (!check_header(&f))
		return -1;
	f.dir = getenv("TMPDIR");
	if (!f.dir || !*f.dir)
		f.dir = "/var/tmp";
	f.plain = open_temporary(f.dir);
	if (f.plain < 0) {
		say_full(&f);
		return -1;
	}
	f.buf = xmalloc(CHUNK);
	while (next_piece(&f, &piece) && copy_piece(&f, piece))
		;
	free(f.buf);
	if (!f.full)
		return f.plain;
	close(f.plain);
	return -1;
}
