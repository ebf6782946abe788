// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's page tables: crash translates addresses, but shows no protection
 * keys. The tables are in System RAM, so a dump has them even for memory that it
 * has not.
 */
#include <linux/pksdiag.h>

#include "crash_defs.h"
#include "crash_memory.h"
#include "page_walk.h"

/* SDM vol. 3A, 4.5: tables of 512 entries; the bits of an entry. */
#define TABLE_BITS	9
#define ENTRY_PRESENT	0x1u
#define ENTRY_LARGE	0x80u
#define ENTRY_ADDRESS	0x000ffffffffff000ull
#define PKEY_SHIFT	59
#define PKEY_MASK	15

#define BASE_SHIFT	12

/* @shift: lowest bit of the address that the entry of this table is chosen by. */
static void set_leaf(struct page_walk *walk, __u64 address, unsigned int shift)
{
	__u64 inside = (1ull << shift) - 1;

	walk->level = PKSDIAG_LEVEL_4K + (shift - BASE_SHIFT) / TABLE_BITS;
	walk->pfn = ((walk->entry & ENTRY_ADDRESS & ~inside) |
		     (address & inside)) >> BASE_SHIFT;
	walk->pkey = walk->entry >> PKEY_SHIFT & PKEY_MASK;
}

static bool is_leaf(__u64 entry, unsigned int shift)
{
	return shift == BASE_SHIFT ||
	       (entry & ENTRY_LARGE && shift <= BASE_SHIFT + 2 * TABLE_BITS);
}

/* The physical address of the top-level table, 0 if it is not known. */
static __u64 top_table(void)
{
	struct syment *sym = symbol_search("init_top_pgt");
	__u64 text = __START_KERNEL_map;

	if (!sym)
		sym = symbol_search("swapper_pg_dir");
	if (!sym || sym->value < text)
		return 0;
	return sym->value - text + machdep->machspec->phys_base;
}

/**
 * page_walk - find out how an address is mapped
 * @address: of the kernel
 * @walk: out
 *
 * Return: false if a table is not there.
 */
bool page_walk(__u64 address, struct page_walk *walk)
{
	unsigned int levels = machdep->flags & VM_5LEVEL ? 5 : 4;
	unsigned int shift = BASE_SHIFT + levels * TABLE_BITS;
	__u64 table = top_table();

	memset(walk, 0, sizeof(*walk));
	while (table) {
		__u64 index;

		shift -= TABLE_BITS;
		index = address >> shift & ((1u << TABLE_BITS) - 1);
		if (crash_memory_read_phys(table + index * sizeof(walk->entry),
					   &walk->entry, sizeof(walk->entry)))
			return false;
		if (!(walk->entry & ENTRY_PRESENT))
			return true;
		if (is_leaf(walk->entry, shift)) {
			set_leaf(walk, address, shift);
			return true;
		}
		table = walk->entry & ENTRY_ADDRESS;
	}
	return false;
}
