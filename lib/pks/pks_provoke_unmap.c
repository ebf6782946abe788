// SPDX-License-Identifier: GPL-2.0
/*
 * A mapping that has ended, or that something else ended: the access comes
 * after it. Each function maps for itself: it is the owner that must be named.
 */
#include <linux/completion.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
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

/* === Somebody else unmaps ================================================= */

static noinline void pks_provoke_put(void *page)
{
	kunmap(page);
	barrier();	/* no tail call */
}

/* The last kunmap() is on another CPU. */
static noinline void pks_provoke_kunmap_there(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap(page);

	migrate_disable();
	pks_provoke_wait(pks_provoke_start(pks_provoke_put, page, pks_provoke_other_cpu()), 5);
	pks_provoke_try_write(map + offset_in_page(addr));
	migrate_enable();
}

static noinline void pks_provoke_put_twice(void *page)
{
	kmap(page);
	kunmap(page);
	kunmap(page);
}

/* Another thread unmaps once more than it maps. */
static noinline void pks_provoke_kunmap_too(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap(page);

	pks_provoke_in_thread(pks_provoke_put_twice, page);
	pks_provoke_try_write(map + offset_in_page(addr));
}

/* Another thread unmaps a page that nobody has mapped: this one's goes with it. */
static noinline void pks_provoke_kunmap_wrong(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap(page);

	pks_provoke_in_thread(pks_provoke_put, page + 1);
	pks_provoke_try_write(map + offset_in_page(addr));
	kunmap(page);
}

/* Mapped by the one call, unmapped by the other's. */
static noinline void pks_provoke_mixed(void *addr)
{
	void *map = kmap_thread(virt_to_page(addr));

	kunmap_local(map);
	pks_provoke_try_write(map + offset_in_page(addr));
}

/* Two pages, unmapped in the wrong order, and the second used again. */
static noinline void pks_provoke_nested(void *addr)
{
	void *first = kmap_local_page(virt_to_page(addr) + 2);
	void *second = kmap_local_page(virt_to_page(addr));

	kunmap_local(first);
	WRITE_ONCE(*(u64 *)(second + offset_in_page(addr)), 0);
	kunmap_local(second);
	pks_provoke_try_write(second + offset_in_page(addr));
}

/* Another thread has the page mapped all the time; that has no part in it. */

struct beside {
	struct page *page;
	struct completion mapped, over;
};

static noinline void pks_provoke_holds(void *data)
{
	struct beside *beside = data;

	kmap_thread(beside->page);
	complete(&beside->mapped);
	wait_for_completion(&beside->over);
	kunmap_thread(beside->page);
}

static noinline void pks_provoke_after_beside_io(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map);
	pks_provoke_try_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_after_beside(void *addr)
{
	struct beside beside = { .page = virt_to_page(addr) };
	struct task_struct *task;

	init_completion(&beside.mapped);
	init_completion(&beside.over);
	task = pks_provoke_start(pks_provoke_holds, &beside, nr_cpu_ids);
	if (!IS_ERR(task))
		wait_for_completion(&beside.mapped);
	pks_provoke_after_beside_io(addr);
	complete(&beside.over);
	pks_provoke_wait(task, 5);
}

/* === An iterator that maps by itself ====================================== */

static noinline void pks_provoke_miter(void *addr)
{
	struct sg_mapping_iter miter;
	struct scatterlist sg;
	void *map = NULL;

	sg_init_table(&sg, 1);
	sg_set_page(&sg, virt_to_page(addr), 64, offset_in_page(addr));
	sg_miter_start(&miter, &sg, 1, SG_MITER_TO_SG);
	if (sg_miter_next(&miter))
		map = miter.addr;
	sg_miter_stop(&miter);
	if (map)
		pks_provoke_try_write(map);
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
	{ "kunmap-there",	pks_provoke_kunmap_there },
	{ "kunmap-too",		pks_provoke_kunmap_too },
	{ "kunmap-wrong",	pks_provoke_kunmap_wrong },
	{ "mixed-unmap",	pks_provoke_mixed },
	{ "nested",		pks_provoke_nested },
	{ "after-beside",	pks_provoke_after_beside },
	{ "miter",		pks_provoke_miter },
	{}
};
