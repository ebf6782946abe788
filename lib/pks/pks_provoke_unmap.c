// SPDX-License-Identifier: GPL-2.0
/*
 * A mapping that has ended, or that something else ended: the access comes
 * after it. Each function maps for itself: it is the owner that must be named.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/uaccess.h>
#include "pks_provoke.h"

/* === Unmapped, and used again ============================================= */

static noinline void pks_provoke_after_local(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map);
	pks_provoke_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_after_folio(void *addr)
{
	void *map = kmap_local_folio(page_folio(virt_to_page(addr)), 0);

	kunmap_local(map);
	pks_provoke_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_after_thread(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap_thread(page);

	kunmap_thread(page);
	pks_provoke_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_after_kmap(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap(page);

	kunmap(page);
	pks_provoke_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_after_atomic(void *addr)
{
	void *map = kmap_atomic(virt_to_page(addr));

	kunmap_atomic(map);
	pks_provoke_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_after_read(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map);
	(void)READ_ONCE(*(u32 *)(map + offset_in_page(addr)));
}

/* Mapped here, unmapped there, used in a third place. */

static noinline void *pks_provoke_split_map(void *addr)
{
	return kmap_local_page(virt_to_page(addr)) + offset_in_page(addr);
}

static noinline void pks_provoke_split_unmap(void *map)
{
	kunmap_local(map);
	barrier();	/* no tail call */
}

static noinline void pks_provoke_after_helpers(void *addr)
{
	void *map = pks_provoke_split_map(addr);

	pks_provoke_split_unmap(map);
	pks_provoke_write(map);
}

/* The address goes to a thread that gets to it too late. */

static noinline void pks_provoke_too_late(void *map)
{
	pks_provoke_write(map);
}

static noinline void pks_provoke_after_handed(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map);
	pks_provoke_in_thread(pks_provoke_too_late, map + offset_in_page(addr));
}

/* === Counted wrongly ====================================================== */

/* Two users map, one of them unmaps twice: the other one is left without. */
static noinline void pks_provoke_double_unmap(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap_thread(page);

	kmap_thread(page);
	kunmap_thread(page);
	kunmap_thread(page);
	pks_provoke_write(map + offset_in_page(addr));
}

/* Unmapping what is not mapped, and then using it. */
static noinline void pks_provoke_unmap_twice(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map);
	kunmap_local(map);
	pks_provoke_write(map + offset_in_page(addr));
}

/* Mapped twice, unmapped once: still there; then once more. */
static noinline void pks_provoke_kmap_count(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap(page) + offset_in_page(addr);

	kmap(page);
	kunmap(page);
	pks_provoke_try_read(map);
	kunmap(page);
	pks_provoke_try_write(map);
}

/* The next page is unmapped in place of this one; they have one key. */

static noinline void pks_provoke_wrong_local(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map + PAGE_SIZE);
	pks_provoke_try_write(map + offset_in_page(addr));
	kunmap_local(map);
}

static noinline void pks_provoke_wrong_thread(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap_thread(page);

	kunmap_thread(page + 1);
	pks_provoke_try_write(map + offset_in_page(addr));
	kunmap_thread(page);
}

static noinline void pks_provoke_wrong_kmap(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap(page);

	kunmap(page + 1);
	pks_provoke_try_write(map + offset_in_page(addr));
	kunmap(page);
}

const struct pks_provocation pks_provoke_unmap[] = {
	{ "after-local",	pks_provoke_after_local },
	{ "after-folio",	pks_provoke_after_folio },
	{ "after-thread",	pks_provoke_after_thread },
	{ "after-kmap",		pks_provoke_after_kmap },
	{ "after-atomic",	pks_provoke_after_atomic },
	{ "after-read",		pks_provoke_after_read },
	{ "after-helpers",	pks_provoke_after_helpers },
	{ "after-handed",	pks_provoke_after_handed },
	{ "double-unmap",	pks_provoke_double_unmap },
	{ "unmap-twice",	pks_provoke_unmap_twice },
	{ "kmap-count",		pks_provoke_kmap_count },
	{ "wrong-local",	pks_provoke_wrong_local },
	{ "wrong-thread",	pks_provoke_wrong_thread },
	{ "wrong-kmap",		pks_provoke_wrong_kmap },
	{}
};
