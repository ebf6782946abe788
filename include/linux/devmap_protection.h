/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stray write protection for device memory: the direct map of a protected
 * device carries a protection key, and the kmap family and DAX open it for
 * the thread that maps.
 */
#ifndef _LINUX_DEVMAP_PROTECTION_H
#define _LINUX_DEVMAP_PROTECTION_H

#include <linux/types.h>

struct dev_pagemap;
struct page;

/**
 * struct devmap_place - where in a protected device a physical address is
 * @device: name of the device
 * @offset: bytes from the start of the device's data
 * @pkey: the key that its pages should have
 */
struct devmap_place {
	char device[32];
	u64 offset;
	u8 pkey;
};

/* How a page is mapped, for the ledger: the numbers of enum pksdiag_mapping. */
enum devmap_mapping {
	DEVMAP_KMAP = 1,
	DEVMAP_KMAP_THREAD,
	DEVMAP_KMAP_LOCAL,
	DEVMAP_KMAP_ATOMIC,
};

#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION

/*
 * For the kmap family and what is built on it: the function that it is inlined
 * into is the one that maps, and shall be known as that.
 */
#define __kmap_inline	__always_inline

#include <linux/compiler.h>
#include <linux/jump_label.h>
#include <linux/kmap_sites.h>
#include <linux/log2.h>
#include <linux/mmzone.h>
#include <linux/uaccess.h>

DECLARE_STATIC_KEY_FALSE(devmap_protection_key);

/*
 * Do these flags of a page say ZONE_DEVICE? That is the last zone; where its
 * number is a power of two, one bit tells.
 */
static __always_inline bool devmap_zone(unsigned long flags)
{
	if (is_power_of_2(ZONE_DEVICE) && ZONE_DEVICE + 1 == __MAX_NR_ZONES)
		return flags & ((unsigned long)ZONE_DEVICE << ZONES_PGSHIFT);
	return ((flags >> ZONES_PGSHIFT) & ZONES_MASK) == ZONE_DEVICE;
}

static __always_inline bool devmap_is_device(const struct page *page)
{
	/* flags change at any time, the zone in them never does */
	return devmap_zone(data_race(page->flags));
}

pgprot_t devmap_protection_enable(struct dev_pagemap *pgmap, pgprot_t prot);
void devmap_protection_disable(struct dev_pagemap *pgmap);
void devmap_protection_name(struct dev_pagemap *pgmap, const char *name,
			    u64 data_offset);
void __devmap_get(struct dev_pagemap *pgmap);
void __devmap_put(struct dev_pagemap *pgmap);
void __devmap_map_page(struct page *page, unsigned int type);
void __devmap_unmap_page(struct page *page, unsigned int type);
void __devmap_map_page_global(struct page *page);
void __devmap_unmap_page_global(struct page *page);
void __devmap_section_enter(unsigned long ip);
void __devmap_section_exit(unsigned long ip);
void __devmap_handout(const void *addr, long nr_pages, unsigned long ip);
int devmap_pkey(unsigned long pfn);
bool devmap_place(u64 phys, struct devmap_place *place);

/* What a piece of the memory map is filled with once it is not used (init_64.c). */
#define DEVMAP_UNUSED	0xfdfdfdfdu

/*
 * The page may be a device's. Who unmaps may come after the device has gone,
 * and its memory map with it, or only marked as unused: then the answer is "may
 * be", too.
 */
static __always_inline bool devmap_may_own(const struct page *page)
{
	unsigned long flags;

	__get_kernel_nofault(&flags, &page->flags, unsigned long, gone);
	return devmap_zone(flags) || (u32)flags == DEVMAP_UNUSED;
gone:
	return true;
}

/**
 * devmap_map_page - a page is being mapped: let this thread access it
 * @page: any page; nothing is done unless it is a protected device's
 * @type: enum devmap_mapping, for the ledger
 *
 * The caller is inlined into whoever maps: that function is the owner.
 *
 * Context: Any.
 */
static __always_inline void devmap_map_page(struct page *page, unsigned int type)
{
	kmap_site_map(page, type);
	if (static_branch_unlikely(&devmap_protection_key) &&
	    devmap_is_device(page))
		__devmap_map_page(page, type);
}

/**
 * devmap_unmap_page - end what devmap_map_page() gave
 * @page: the same page; its device may be gone by now
 * @type: as it was mapped
 *
 * Context: Any.
 */
static __always_inline void devmap_unmap_page(struct page *page, unsigned int type)
{
	kmap_site_unmap(page, type);
	if (static_branch_unlikely(&devmap_protection_key) &&
	    devmap_may_own(page))
		__devmap_unmap_page(page, type);
}

/**
 * devmap_unmap_addr - end what devmap_map_page() gave
 * @addr: an address in the page, as kmap_local_page() returned it: of the
 *	direct map, so there is no need for all that virt_to_page() can do
 * @type: as it was mapped
 *
 * Context: Any.
 */
#define devmap_unmap_addr(addr, type)					\
do {									\
	if (static_branch_unlikely(&devmap_protection_key) ||		\
	    kmap_sites_on())						\
		devmap_unmap_page(pfn_to_page(((unsigned long)(addr) -	\
					       PAGE_OFFSET) >> PAGE_SHIFT), \
				  type);				\
} while (0)

/**
 * devmap_map_page_global - a page is being mapped: let everybody access it
 * @page: any page; nothing is done unless it is a protected device's
 *
 * Context: Process context.
 */
static __always_inline void devmap_map_page_global(struct page *page)
{
	kmap_site_map(page, DEVMAP_KMAP);
	if (static_branch_unlikely(&devmap_protection_key) &&
	    devmap_is_device(page))
		__devmap_map_page_global(page);
}

/**
 * devmap_unmap_page_global - end what devmap_map_page_global() gave
 * @page: the same page; its device may be gone by now
 *
 * Context: Any but NMI. In process context it may wait for other CPUs, but
 * not sleep.
 */
static __always_inline void devmap_unmap_page_global(struct page *page)
{
	kmap_site_unmap(page, DEVMAP_KMAP);
	if (static_branch_unlikely(&devmap_protection_key) &&
	    devmap_may_own(page))
		__devmap_unmap_page_global(page);
}

/**
 * devmap_get - let this thread access a device's memory until devmap_put()
 * @pgmap: the device, protected or not
 *
 * Context: Any; nests.
 */
static inline void devmap_get(struct dev_pagemap *pgmap)
{
	if (static_branch_unlikely(&devmap_protection_key))
		__devmap_get(pgmap);
}

/**
 * devmap_put - end what devmap_get() gave
 * @pgmap: the device
 *
 * Context: Any.
 */
static inline void devmap_put(struct dev_pagemap *pgmap)
{
	if (static_branch_unlikely(&devmap_protection_key))
		__devmap_put(pgmap);
}

/**
 * devmap_section_enter - let this thread access every protected device
 * @ip: who wants it: _RET_IP_ of the function that callers know
 *
 * For dax_read_lock(), which comes before the device is known.
 *
 * Context: Any; nests.
 */
static inline void devmap_section_enter(unsigned long ip)
{
	kmap_site_enter(ip);
	if (static_branch_unlikely(&devmap_protection_key))
		__devmap_section_enter(ip);
}

/**
 * devmap_section_exit - end what devmap_section_enter() gave
 * @ip: who ends it
 *
 * Context: Any.
 */
static inline void devmap_section_exit(unsigned long ip)
{
	kmap_site_exit(ip);
	if (static_branch_unlikely(&devmap_protection_key))
		__devmap_section_exit(ip);
}

/**
 * devmap_handout - dax_direct_access() gives an address out
 * @addr: the address
 * @nr_pages: how many pages are there, or an error
 * @ip: to whom
 *
 * It opens nothing: that is up to a section. But if the address is used
 * outside of one, it is worth knowing who has it.
 *
 * Context: Any.
 */
static inline void devmap_handout(const void *addr, long nr_pages, unsigned long ip)
{
	if (static_branch_unlikely(&devmap_protection_key) && nr_pages > 0)
		__devmap_handout(addr, nr_pages, ip);
}

#define devmap_protection_request(pgmap)	\
	((pgmap)->flags |= PGMAP_PROTECTION)

#else

#define __kmap_inline	inline
#define devmap_protection_enable(pgmap, prot)	(prot)
#define devmap_protection_request(pgmap)	do { } while (0)
#define devmap_unmap_addr(addr, type)		do { } while (0)
/* no functions: to take an instruction's address already changes the code */
#define devmap_section_enter(ip)		do { } while (0)
#define devmap_section_exit(ip)			do { } while (0)
#define devmap_handout(addr, nr_pages, ip)	do { } while (0)

static inline void devmap_protection_disable(struct dev_pagemap *pgmap) { }
static inline void devmap_protection_name(struct dev_pagemap *pgmap,
					  const char *name, u64 data_offset) { }
static inline void devmap_map_page(struct page *page, unsigned int type) { }
static inline void devmap_unmap_page(struct page *page, unsigned int type) { }
static inline void devmap_map_page_global(struct page *page) { }
static inline void devmap_unmap_page_global(struct page *page) { }
static inline void devmap_get(struct dev_pagemap *pgmap) { }
static inline void devmap_put(struct dev_pagemap *pgmap) { }
static inline bool devmap_place(u64 phys, struct devmap_place *place)
{
	return false;
}

#endif /* CONFIG_DEVMAP_ACCESS_PROTECTION */
#endif /* _LINUX_DEVMAP_PROTECTION_H */
