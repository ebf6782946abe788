/* SPDX-License-Identifier: GPL-2.0 */
/* Where the kernel puts the code of a module's file. */
#ifndef PKSDIAG_MODULE_LAYOUT_H
#define PKSDIAG_MODULE_LAYOUT_H

#include <libelf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "record.h"

/* The text of a module of which only the start is known. */
#define MODULE_SIZE_UNKNOWN	UINT32_MAX

/**
 * struct module_section - a section with code that stays loaded
 * @ndx: its number in the file
 * @start: its first byte, from the start of the module's text
 * @size: bytes
 */
struct module_section {
	size_t ndx;
	__u64 start;
	__u64 size;
};

/**
 * struct module_layout - all of a module's text
 * @v: the sections, in the order of the file
 * @nr: how many
 * @size: bytes that they take, before rounding to pages
 */
struct module_layout {
	struct module_section *v;
	size_t nr;
	__u64 size;
};

bool module_layout_read(struct module_layout *layout, Elf *elf, __u64 text_size);
void module_layout_free(struct module_layout *layout);
const struct module_section *
module_layout_find(const struct module_layout *layout, __u64 offset);
const struct module_section *
module_layout_section(const struct module_layout *layout, size_t ndx);
bool module_layout_same_insn(const struct module_layout *layout, Elf *elf,
			     const struct pksdiag_record *r);

#endif /* PKSDIAG_MODULE_LAYOUT_H */
