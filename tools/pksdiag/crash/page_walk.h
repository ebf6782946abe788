/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's page tables. */
#ifndef PKSDIAG_PAGE_WALK_H
#define PKSDIAG_PAGE_WALK_H

#include <linux/types.h>
#include <stdbool.h>

/**
 * struct page_walk - how an address is mapped
 * @entry: the leaf entry, whatever its level
 * @level: enum pksdiag_level; PKSDIAG_LEVEL_NONE: it is not mapped
 * @pfn: of the page of 4 KiB, if it is
 * @pkey: the key of the entry, if it is
 */
struct page_walk {
	__u64 entry;
	unsigned int level;
	__u64 pfn;
	unsigned int pkey;
};

bool page_walk(__u64 address, struct page_walk *walk);

#endif /* PKSDIAG_PAGE_WALK_H */
