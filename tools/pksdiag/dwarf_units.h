/* SPDX-License-Identifier: GPL-2.0 */
/* The compilation units of a linked file, opened one by one. */
#ifndef PKSDIAG_DWARF_UNITS_H
#define PKSDIAG_DWARF_UNITS_H

#include <elfutils/libdw.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct dwarf_unit;

/**
 * struct dwarf_units - a file with debug info
 * @image: the file, private, with room for section headers behind it
 * @size: bytes of @image
 * @headers: where the next unit's section headers go, in @image
 * @info: number of the section .debug_info
 * @info_at: where it is in @image
 * @info_size: its bytes
 * @aranges: .debug_aranges: which addresses are in which unit
 * @aranges_size: its bytes
 * @units: those that were opened
 */
struct dwarf_units {
	__u8 *image;
	size_t size;
	size_t headers;
	size_t info;
	__u64 info_at;
	__u64 info_size;
	const __u8 *aranges;
	size_t aranges_size;
	struct dwarf_unit *units;
};

bool dwarf_units_open(struct dwarf_units *u, const char *file);
void dwarf_units_close(struct dwarf_units *u);
bool dwarf_units_find(struct dwarf_units *u, Dwarf_Addr pc, Dwarf_Die *cu);

#endif /* PKSDIAG_DWARF_UNITS_H */
