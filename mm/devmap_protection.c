// SPDX-License-Identifier: GPL-2.0
/*
 * Stray write protection for device memory (ZONE_DEVICE) by PKS.
 *
 * A driver asks for it by PGMAP_PROTECTION before memremap_pages(). Each
 * device gets a key of its own as long as there are keys, so that a thread
 * which maps one device can not write to another; later ones share one.
 *
 * Keys are never given back but kept for the next device: a thread that still
 * holds a grant for a device that went away must not find some other kind of
 * memory behind that key.
 */
#include <linux/devmap_protection.h>
#include <linux/export.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pks.h>
#include <linux/rculist.h>
#include <linux/slab.h>

/* === Data ================================================================= */

/* Keys for single devices; the others stay free for other users of PKS. */
#define OWN_KEYS	10
#define NAME_LEN	sizeof_field(struct devmap_place, device)

/**
 * struct devmap_protection - a protected device
 * @list: in devices; changed under devices_lock, read under RCU in any context
 * @pgmap: its ranges; valid while listed
 * @name: as a user knows it
 * @data_offset: bytes before the device's data: headers, memory map
 * @pkey: in its pages
 * @slot: index in own_keys, or -1 for the shared key
 */
struct devmap_protection {
	struct list_head list;
	struct dev_pagemap *pgmap;
	char name[NAME_LEN];
	u64 data_offset;
	int pkey;
	int slot;
};

DEFINE_STATIC_KEY_FALSE(devmap_protection_key);
EXPORT_SYMBOL(devmap_protection_key);

static LIST_HEAD(devices);
static DEFINE_MUTEX(devices_lock);

static struct {
	int pkey;	/* 0: not allocated yet */
	bool used;
} own_keys[OWN_KEYS];

static int shared_key;

/* === Keys ================================================================= */

static int new_key(const char *name)
{
	int pkey = pks_key_alloc(name, NULL);

	if (pkey > 0)
		pks_section_add_key(pkey);
	return pkey;
}

static int find_free_slot(void)
{
	int i;

	for (i = 0; i < OWN_KEYS; i++) {
		if (own_keys[i].used)
			continue;
		if (own_keys[i].pkey <= 0)
			own_keys[i].pkey = new_key("devmap");
		return own_keys[i].pkey > 0 ? i : -1;
	}
	return -1;
}

/* Sets @p->pkey: the device's own key or, if there are no more, the shared. */
static int get_key(struct devmap_protection *p)
{
	p->slot = find_free_slot();
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
	pks_key_rename(p->pkey, "devmap");
}

/* === Devices ============================================================== */

static struct devmap_protection *add_device(struct dev_pagemap *pgmap)
{
	struct devmap_protection *p = kzalloc(sizeof(*p), GFP_KERNEL);
	int error;

	if (!p)
		return NULL;
	p->pgmap = pgmap;
	strscpy(p->name, "devmap", sizeof(p->name));

	mutex_lock(&devices_lock);
	error = get_key(p);
	if (!error)
		list_add_rcu(&p->list, &devices);
	mutex_unlock(&devices_lock);
	if (!error)
		return p;

	kfree(p);
	return NULL;
}

static void del_device(struct devmap_protection *p)
{
	mutex_lock(&devices_lock);
	list_del_rcu(&p->list);
	put_key(p);
	mutex_unlock(&devices_lock);
	synchronize_rcu();
	kfree(p);
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
	pgmap->protection = NULL;
	if (!(pgmap->flags & PGMAP_PROTECTION) || !pks_available())
		return prot;

	pgmap->protection = add_device(pgmap);
	if (!pgmap->protection) {
		pr_warn("devmap: no protection key or memory, device stays unprotected\n");
		return prot;
	}
	static_branch_inc(&devmap_protection_key);
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
	static_branch_dec(&devmap_protection_key);
	del_device(pgmap->protection);
	pgmap->protection = NULL;
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
	strscpy(p->name, name, sizeof(p->name));
	p->data_offset = data_offset;
	if (p->slot >= 0)
		pks_key_rename(p->pkey, name);
}
EXPORT_SYMBOL_GPL(devmap_protection_name);

/* === Access =============================================================== */

void __devmap_get(struct dev_pagemap *pgmap)
{
	if (pgmap->protection)
		pks_get(pgmap->protection->pkey);
}
EXPORT_SYMBOL_GPL(__devmap_get);

void __devmap_put(struct dev_pagemap *pgmap)
{
	if (pgmap->protection)
		pks_put(pgmap->protection->pkey);
}
EXPORT_SYMBOL_GPL(__devmap_put);

/*
 * Called by the inline kmap family, from any module: not GPL only. @page is of
 * ZONE_DEVICE, so its pgmap is valid; in a tail page (devdax) the word holds
 * the head.
 */
void __devmap_map_page(struct page *page)
{
	__devmap_get(compound_head(page)->pgmap);
}
EXPORT_SYMBOL(__devmap_map_page);

void __devmap_unmap_page(struct page *page)
{
	__devmap_put(compound_head(page)->pgmap);
}
EXPORT_SYMBOL(__devmap_unmap_page);

void __devmap_section_enter(void)
{
	pks_get_section();
}
EXPORT_SYMBOL_GPL(__devmap_section_enter);

void __devmap_section_exit(void)
{
	pks_put_section();
}
EXPORT_SYMBOL_GPL(__devmap_section_exit);

/* === Where is an address? ================================================= */

/* Sets @offset from the start of the device's mapping, over all its ranges. */
static bool offset_in(const struct dev_pagemap *pgmap, u64 phys, u64 *offset)
{
	u64 before = 0;
	int i;

	for (i = 0; i < pgmap->nr_range; i++) {
		const struct range *range = &pgmap->ranges[i];

		if (phys >= range->start && phys <= range->end) {
			*offset = before + phys - range->start;
			return true;
		}
		before += range_len(range);
	}
	return false;
}

static void fill_place(struct devmap_place *place,
		       const struct devmap_protection *p, u64 offset)
{
	place->pkey = p->pkey;
	strscpy_pad(place->device, p->name, sizeof(place->device));
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
	struct devmap_protection *p;
	bool found = false;
	u64 offset;

	rcu_read_lock();
	list_for_each_entry_rcu(p, &devices, list) {
		found = offset_in(p->pgmap, phys, &offset);
		if (found) {
			fill_place(place, p, offset);
			break;
		}
	}
	rcu_read_unlock();
	return found;
}
