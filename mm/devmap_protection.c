// SPDX-License-Identifier: GPL-2.0
/*
 * Stray write protection for device memory (ZONE_DEVICE) by PKS.
 *
 * A driver asks for it by PGMAP_PROTECTION before memremap_pages(). Each
 * device gets a key of its own as long as there are keys, so that a thread
 * which maps one device can not write to another; later ones share one.
 *
 * A device may go while a page of it is mapped, and whoever mapped it will
 * unmap it later, when neither the page nor the pgmap exist any more. So this
 * remembers devices that are gone, with their ranges and keys, and finds the
 * key of a page by its frame number alone. Keys are never given back to the
 * core, and are used again in the order in which they became free, but in the
 * same place first: a thread that still holds a grant for a device that went
 * away shall not find another device, let alone another kind of memory, behind
 * that key.
 */
#include <linux/devmap_ledger.h>
#include <linux/devmap_protection.h>
#include <linux/export.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pks.h>
#include <linux/pks_guard.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include <linux/slab.h>

/* === Data ================================================================= */

/* Keys for single devices; the others stay free for other users of PKS. */
#define OWN_KEYS	10
#define NAME_LEN	sizeof_field(struct devmap_place, device)

/**
 * struct devmap_protection - a protected device, or one that was
 * @list: in devices; changed under devices_lock, read under RCU in any context
 * @rcu: to free it
 * @live: the device is there
 * @name: as a user knows it
 * @data_offset: bytes before the device's data: headers, memory map
 * @pkey: in its pages
 * @slot: index in own_keys, or -1 for the shared key
 * @nr_ranges: entries in @ranges
 * @ranges: physical addresses
 */
struct devmap_protection {
	struct list_head list;
	struct rcu_head rcu;
	bool live;
	char name[NAME_LEN];
	u64 data_offset;
	int pkey;
	int slot;
	int nr_ranges;
	struct range ranges[];
};

/* Once on it stays: pages of a device that has gone may still be unmapped. */
DEFINE_STATIC_KEY_FALSE(devmap_protection_key);
EXPORT_SYMBOL(devmap_protection_key);

static LIST_HEAD(devices);
static DEFINE_MUTEX(devices_lock);

static struct {
	int pkey;	/* 0: not allocated yet */
	bool used;
	u64 freed;	/* counts the times that a key became free */
} own_keys[OWN_KEYS];

static u64 times_freed;
static int shared_key;

/* === Keys ================================================================= */

static int new_key(const char *name)
{
	int pkey = pks_key_alloc(name, NULL);

	if (pkey > 0)
		pks_section_add_key(pkey);
	return pkey;
}

static bool overlap(const struct devmap_protection *p,
		    const struct dev_pagemap *pgmap)
{
	int i, j;

	for (i = 0; i < p->nr_ranges; i++)
		for (j = 0; j < pgmap->nr_range; j++)
			if (p->ranges[i].start <= pgmap->ranges[j].end &&
			    pgmap->ranges[j].start <= p->ranges[i].end)
				return true;
	return false;
}

/* The slot that a device had which was in the same place, if it is free. */
static int find_old_slot(const struct dev_pagemap *pgmap)
{
	const struct devmap_protection *old;

	list_for_each_entry(old, &devices, list)
		if (old->slot >= 0 && !own_keys[old->slot].used && overlap(old, pgmap))
			return old->slot;
	return -1;
}

/* Lower is better: a key that nobody holds open, then the longest free one. */
static u64 slot_rank(int slot)
{
	u64 held = pks_global_users(own_keys[slot].pkey) ? BIT_ULL(63) : 0;

	return held | own_keys[slot].freed;
}

static int find_free_slot(void)
{
	int i, best = -1;

	for (i = 0; i < OWN_KEYS; i++)
		if (!own_keys[i].used && (best < 0 || slot_rank(i) < slot_rank(best)))
			best = i;
	return best;
}

/* A free slot with a key, or -1. */
static int find_slot(const struct dev_pagemap *pgmap)
{
	int slot = find_old_slot(pgmap);

	if (slot < 0)
		slot = find_free_slot();
	if (slot >= 0 && own_keys[slot].pkey <= 0)
		own_keys[slot].pkey = new_key("devmap");
	if (slot >= 0)
		pks_global_reclaim(own_keys[slot].pkey);
	return slot >= 0 && own_keys[slot].pkey > 0 ? slot : -1;
}

/* Sets @p->pkey: the device's own key or, if there are no more, the shared. */
static int get_key(struct devmap_protection *p, const struct dev_pagemap *pgmap)
{
	p->slot = find_slot(pgmap);
	if (p->slot >= 0) {
		own_keys[p->slot].used = true;
		p->pkey = own_keys[p->slot].pkey;
		return 0;
	}
	if (shared_key <= 0)
		shared_key = new_key("devmap-shared");
	p->pkey = shared_key;
	return shared_key > 0 ? 0 : shared_key;
}

static void put_key(struct devmap_protection *p)
{
	if (p->slot < 0)
		return;
	own_keys[p->slot].used = false;
	own_keys[p->slot].freed = ++times_freed;
	pks_key_rename(p->pkey, "devmap");
}

/* === Devices ============================================================== */

static struct devmap_protection *alloc_device(const struct dev_pagemap *pgmap)
{
	struct devmap_protection *p;

	p = kzalloc(struct_size(p, ranges, pgmap->nr_range), GFP_KERNEL);
	if (!p)
		return NULL;
	p->live = true;
	strscpy(p->name, "devmap", sizeof(p->name));
	p->nr_ranges = pgmap->nr_range;
	memcpy(p->ranges, pgmap->ranges, pgmap->nr_range * sizeof(p->ranges[0]));
	return p;
}

/*
 * Whoever was where @pgmap is now is forgotten: there is one device at an
 * address. If it had another key, unmapping one of its pages will not find that
 * any more: what is left of kmap() ends here, unless somebody else has the key.
 */
static void forget_old(const struct dev_pagemap *pgmap, int pkey)
{
	struct devmap_protection *old, *next;

	list_for_each_entry_safe(old, next, &devices, list) {
		if (old->live || !overlap(old, pgmap))
			continue;
		list_del_rcu(&old->list);
		if (old->pkey != pkey && old->slot >= 0 && !own_keys[old->slot].used)
			pks_global_drop(old->pkey);
		kfree_rcu(old, rcu);
	}
}

/* A device that is not to be protected only replaces what was in its place. */
static struct devmap_protection *add_device(struct dev_pagemap *pgmap)
{
	struct devmap_protection *p = NULL;

	mutex_lock(&devices_lock);
	if (pgmap->flags & PGMAP_PROTECTION)
		p = alloc_device(pgmap);
	if (p && get_key(p, pgmap)) {
		kfree(p);
		p = NULL;
	}
	forget_old(pgmap, p ? p->pkey : 0);
	if (p)
		list_add_rcu(&p->list, &devices);
	mutex_unlock(&devices_lock);
	return p;
}

static void del_device(struct devmap_protection *p)
{
	mutex_lock(&devices_lock);
	WRITE_ONCE(p->live, false);
	put_key(p);
	mutex_unlock(&devices_lock);
}

/**
 * devmap_protection_enable - give a device's mapping a protection key
 * @pgmap: the device; protected only if PGMAP_PROTECTION is set
 * @prot: how its pages would be mapped
 *
 * Without PKS, and if there is no memory, the device works unprotected.
 *
 * Context: memremap_pages(), before the ranges are mapped.
 * Return: how its pages are to be mapped.
 */
pgprot_t devmap_protection_enable(struct dev_pagemap *pgmap, pgprot_t prot)
{
	pgmap->protection = pks_available() ? add_device(pgmap) : NULL;
	if (!pgmap->protection) {
		if (pks_available() && pgmap->flags & PGMAP_PROTECTION)
			pr_warn("devmap: no protection key or memory, device stays unprotected\n");
		return prot;
	}
	static_branch_enable(&devmap_protection_key);
	return __pgprot(pgprot_val(prot) | pks_pte_bits(pgmap->protection->pkey));
}

/**
 * devmap_protection_disable - a device's pages are unmapped: forget it
 * @pgmap: the device, protected or not
 *
 * Context: memunmap_pages(), at the end.
 */
void devmap_protection_disable(struct dev_pagemap *pgmap)
{
	if (!pgmap->protection)
		return;
	del_device(pgmap->protection);
	pgmap->protection = NULL;
}

/* For readers of the ledger, who have only physical addresses. */
static void note_device(const struct devmap_protection *p)
{
	s64 offset = -(s64)p->data_offset;
	int i;

	mutex_lock(&devices_lock);
	for (i = 0; i < p->nr_ranges; i++) {
		devmap_ledger_device(p->ranges[i].start, range_len(&p->ranges[i]),
				     offset, p->name);
		offset += range_len(&p->ranges[i]);
	}
	mutex_unlock(&devices_lock);
}

/**
 * devmap_protection_name - tell what users call a device
 * @pgmap: the device, protected or not
 * @name: such as "pmem0"; becomes the name of its key, too
 * @data_offset: byte of the mapping at which the device's byte 0 is
 *
 * Context: Process context.
 */
void devmap_protection_name(struct dev_pagemap *pgmap, const char *name,
			    u64 data_offset)
{
	struct devmap_protection *p = pgmap->protection;

	if (!p)
		return;
	strscpy_pad(p->name, name, sizeof(p->name));
	p->data_offset = data_offset;
	if (p->slot >= 0)
		pks_key_rename(p->pkey, name);
	note_device(p);
}
EXPORT_SYMBOL_GPL(devmap_protection_name);

/* === Which device has an address? ========================================= */

/* Sets @offset from the start of the device's mapping, over all its ranges. */
static bool offset_in(const struct devmap_protection *p, u64 phys, u64 *offset)
{
	u64 before = 0;
	int i;

	for (i = 0; i < p->nr_ranges; i++) {
		const struct range *range = &p->ranges[i];

		if (phys >= range->start && phys <= range->end) {
			*offset = before + phys - range->start;
			return true;
		}
		before += range_len(range);
	}
	return false;
}

/* Under RCU. The device may be gone; there is one for an address. */
static const struct devmap_protection *find_device(u64 phys, u64 *offset)
{
	const struct devmap_protection *p;

	list_for_each_entry_rcu(p, &devices, list)
		if (offset_in(p, phys, offset))
			return p;
	return NULL;
}

/**
 * devmap_pkey - the key of a page
 * @pfn: any page frame
 *
 * Context: Any.
 * Return: the key of the protected device that it belongs to, or belonged to, or 0.
 */
int devmap_pkey(unsigned long pfn)
{
	const struct devmap_protection *p;
	int pkey = 0;
	u64 offset;

	preempt_disable_notrace();	/* an RCU reader, and cheaper */
	p = find_device(PFN_PHYS(pfn), &offset);
	if (p)
		pkey = p->pkey;
	preempt_enable_notrace();
	return pkey;
}

/* === Access =============================================================== */

static __always_inline void get(unsigned long pfn, int pkey, unsigned int type,
				unsigned long ip)
{
	unsigned long flags;
	unsigned int nest;

	if (!devmap_ledger_on()) {
		pks_get(pkey);
		return;
	}
	flags = pks_guard_get(pkey, &nest);
	devmap_ledger_map(pfn, type, ip, nest);
	pks_guard_end(flags);
}

static __always_inline void put(unsigned long pfn, int pkey, unsigned int type,
				unsigned long ip)
{
	unsigned long flags;

	if (!devmap_ledger_on()) {
		pks_put(pkey);
		return;
	}
	flags = pks_guard_begin();
	devmap_ledger_unmap(pfn, type, ip);
	pks_guard_put(pkey, flags);
}

static __always_inline void get_global(unsigned long pfn, int pkey, unsigned long ip)
{
	unsigned long flags;
	unsigned int users;

	if (!devmap_ledger_on()) {
		pks_mkrdwr(pkey, true);
		return;
	}
	users = pks_guard_global_get(pkey);
	flags = pks_guard_begin();
	devmap_ledger_map(pfn, PKSDIAG_MAP_KMAP, ip, users);
	pks_guard_end(flags);
}

static __always_inline void put_global(unsigned long pfn, int pkey, unsigned long ip)
{
	unsigned long flags;

	if (devmap_ledger_on()) {
		flags = pks_guard_begin();
		devmap_ledger_unmap(pfn, PKSDIAG_MAP_KMAP, ip);
		pks_guard_end(flags);
	}
	pks_mknoaccess(pkey, true);
}

/* What the inline kmap family calls, from any module: not GPL only. */

void __devmap_map_page(struct page *page, unsigned int type)
{
	unsigned long pfn = page_to_pfn(page);
	int pkey = devmap_pkey(pfn);

	if (pkey)
		get(pfn, pkey, type, _RET_IP_);
}
EXPORT_SYMBOL(__devmap_map_page);

void __devmap_unmap_page(struct page *page, unsigned int type)
{
	unsigned long pfn = page_to_pfn(page);
	int pkey = devmap_pkey(pfn);

	if (pkey)
		put(pfn, pkey, type, _RET_IP_);
}
EXPORT_SYMBOL(__devmap_unmap_page);

void __devmap_map_page_global(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	int pkey = devmap_pkey(pfn);

	if (pkey)
		get_global(pfn, pkey, _RET_IP_);
}
EXPORT_SYMBOL(__devmap_map_page_global);

void __devmap_unmap_page_global(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	int pkey = devmap_pkey(pfn);

	if (pkey)
		put_global(pfn, pkey, _RET_IP_);
}
EXPORT_SYMBOL(__devmap_unmap_page_global);

static void note_enter(const struct range *range, unsigned int type,
		       unsigned long ip)
{
	unsigned long flags;

	if (!devmap_ledger_on())
		return;
	flags = pks_guard_begin();
	if (range)
		devmap_ledger_enter(PHYS_PFN(range->start),
				    PHYS_PFN(range_len(range)), type, ip);
	else
		devmap_ledger_enter(0, 0, type, ip);
	pks_guard_end(flags);
}

static void note_exit(const struct range *range, unsigned int type,
		      unsigned long ip)
{
	unsigned long flags;

	if (!devmap_ledger_on())
		return;
	flags = pks_guard_begin();
	devmap_ledger_exit(range ? PHYS_PFN(range->start) : 0, type, ip);
	pks_guard_end(flags);
}

void __devmap_get(struct dev_pagemap *pgmap)
{
	if (!pgmap->protection)
		return;
	pks_get(pgmap->protection->pkey);
	note_enter(&pgmap->protection->ranges[0], PKSDIAG_MAP_PMEM, _RET_IP_);
}
EXPORT_SYMBOL_GPL(__devmap_get);

void __devmap_put(struct dev_pagemap *pgmap)
{
	if (!pgmap->protection)
		return;
	note_exit(&pgmap->protection->ranges[0], PKSDIAG_MAP_PMEM, _RET_IP_);
	pks_put(pgmap->protection->pkey);
}
EXPORT_SYMBOL_GPL(__devmap_put);

void __devmap_section_enter(unsigned long ip)
{
	pks_get_section();
	note_enter(NULL, PKSDIAG_MAP_DAX, ip);
}
EXPORT_SYMBOL_GPL(__devmap_section_enter);

void __devmap_section_exit(unsigned long ip)
{
	note_exit(NULL, PKSDIAG_MAP_DAX, ip);
	pks_put_section();
}
EXPORT_SYMBOL_GPL(__devmap_section_exit);

void __devmap_handout(const void *addr, long nr_pages, unsigned long ip)
{
	unsigned long pfn, flags;

	if (!devmap_ledger_on() || !virt_addr_valid(addr))
		return;
	pfn = PHYS_PFN(__pa(addr));
	if (!devmap_pkey(pfn))
		return;
	flags = pks_guard_begin();
	devmap_ledger_handout(pfn, nr_pages, ip);
	pks_guard_end(flags);
}
EXPORT_SYMBOL_GPL(__devmap_handout);

static void fill_place(struct devmap_place *place,
		       const struct devmap_protection *p, u64 offset)
{
	place->pkey = p->pkey;
	memcpy(place->device, p->name, sizeof(place->device));	/* padded with NUL */
	if (offset >= p->data_offset) {
		place->offset = offset - p->data_offset;
		return;
	}
	place->offset = offset;
	strlcat(place->device, ":meta", sizeof(place->device));
}

/**
 * devmap_place - which protected device does a physical address belong to?
 * @phys: the address
 * @place: filled if there is one; what lies before the device's data (headers,
 *	the memory map) has ":meta" behind the name
 *
 * Context: Any in which RCU is watching, NMI included.
 * Return: true if @phys is on a protected device.
 */
bool devmap_place(u64 phys, struct devmap_place *place)
{
	const struct devmap_protection *p;
	u64 offset;

	rcu_read_lock();
	p = find_device(phys, &offset);
	if (p && !READ_ONCE(p->live))
		p = NULL;
	if (p)
		fill_place(place, p, offset);
	rcu_read_unlock();
	return p;
}
