/* SPDX-License-Identifier: GPL-2.0 */
/* The files of a crash dump, and their headers before libkdumpfile sees them. */
#ifndef PKSDIAG_DUMP_PART_H
#define PKSDIAG_DUMP_PART_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* makedumpfile --split makes as many as it is told; nobody has so many disks. */
#define DUMP_PARTS_MAX	64

/**
 * enum dump_kind - what is in a file
 * @DUMP_ELF: an ELF core file
 * @DUMP_KDUMP: kdump-compressed, by makedumpfile or QEMU
 */
enum dump_kind { DUMP_ELF, DUMP_KDUMP };

/**
 * struct dump_part - a file that is a crash dump, or a part of one
 * @name: of the file
 * @fd: the dump in its plain form; the file itself if it is not flattened
 * @size: of what @fd is, in bytes
 * @kind: what it is
 * @split: makedumpfile says that there are other parts
 * @start: page frame number where this part starts
 * @end: where it ends
 * @max: where the machine's memory ends
 * @id: the same in all parts of a dump
 * @phdrs_at: ELF: offset of the program headers
 * @nr_phdrs: ELF: how many
 */
struct dump_part {
	const char *name;
	int fd;
	__u64 size;
	enum dump_kind kind;
	bool split;
	__u64 start;
	__u64 end;
	__u64 max;
	unsigned char id[412];
	__u64 phdrs_at;
	__u64 nr_phdrs;
};

bool dump_part_open(struct dump_part *part, const char *name);
void dump_part_close(struct dump_part *part);
bool dump_parts_fit(struct dump_part *parts, unsigned int nr);
bool dump_pread(int fd, void *buf, size_t len, __u64 at);

bool dump_elf_check(struct dump_part *part);
bool dump_kdump_check(struct dump_part *part);
void dump_kdump_pages(const struct dump_part *part,
		      bool (*look)(void *data, __u64 pfn, __u32 packed), void *data);
bool dump_flat_is(const void *magic, size_t len);
int dump_flat_open(const char *name, int fd, __u64 size);

#endif /* PKSDIAG_DUMP_PART_H */
