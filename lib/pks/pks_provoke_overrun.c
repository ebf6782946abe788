// SPDX-License-Identifier: GPL-2.0
/*
 * Over the end of a mapped page, or before its start. Keys are per device, so
 * this faults only where the next page is another device's: the address is the
 * first byte of one device that lies right behind another, or some bytes on. To
 * run over the end, the last page before it is mapped; to run before the start,
 * the page that the address is in.
 */
#include <linux/highmem.h>
#include <linux/interrupt.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "pks_provoke.h"

#define BEFORE		32	/* bytes of the mapped page that are written first */
#define BYTES		96

static u8 source[BYTES];

/* Unknown to the compiler, so that it calls memset(). */
static size_t memset_bytes = BYTES;

static struct page *page_before(void *addr)
{
	return virt_to_page((void *)((unsigned long)addr & PAGE_MASK) - 1);
}

/* What is mapped there ends where the address' page begins. */
static void *end_of(void *map)
{
	return map + PAGE_SIZE;
}

/* === Over the end ========================================================= */

static noinline void pks_provoke_over_loop(void *addr)
{
	u64 *end = end_of(kmap_local_page(page_before(addr))), *p;

	for (p = end - BEFORE / 8; p < end + BEFORE / 8; p++)
		WRITE_ONCE(*p, PKS_PROVOKE_PATTERN);
	kunmap_local(end - 1);
}

static noinline void pks_provoke_over_byte(void *addr)
{
	u8 *map = kmap_local_page(page_before(addr));
	unsigned int i;

	for (i = PAGE_SIZE - 1; i <= PAGE_SIZE; i++)
		WRITE_ONCE(map[i], 0x5a);
	kunmap_local(map);
}

static noinline void pks_provoke_over_read(void *addr)
{
	struct page *page = page_before(addr);
	u32 *map = kmap_thread(page);

	(void)READ_ONCE(map[PAGE_SIZE / sizeof(*map)]);
	kunmap_thread(page);
}

/* The last field of a struct that does not fit any more. */
static noinline void pks_provoke_over_field(void *addr)
{
	struct page *page = page_before(addr);
	void *map = kmap_thread(page);

	WRITE_ONCE(*(u64 *)(map + PAGE_SIZE + offset_in_page(addr)), PKS_PROVOKE_PATTERN);
	kunmap_thread(page);
}

/* Half of the eight bytes are in the page that is mapped. */
static noinline void pks_provoke_over_straddle(void *addr)
{
	void *map = kmap_atomic(page_before(addr));

	pks_provoke_try_write(end_of(map) - 4);
	kunmap_atomic(map);
}

static noinline void pks_provoke_over_memset(void *addr)
{
	void *map = kmap_local_page(page_before(addr));

	memset(end_of(map) - BEFORE, 0, READ_ONCE(memset_bytes));
	kunmap_local(map);
}

static noinline void pks_provoke_over_stos(void *addr)
{
	void *map = kmap_local_page(page_before(addr)), *to = end_of(map) - BEFORE;
	unsigned long count = BYTES / 8;

	asm volatile("rep stosq" : "+D" (to), "+c" (count) : "a" (0ul) : "memory");
	kunmap_local(map);
}

static noinline void pks_provoke_over_movs(void *addr)
{
	void *map = kmap_local_page(page_before(addr)), *to = end_of(map) - BEFORE;
	const void *from = source;
	unsigned long count = BYTES;

	asm volatile("rep movsb" : "+D" (to), "+S" (from), "+c" (count) : : "memory");
	kunmap_local(map);
}

static noinline void pks_provoke_over_kmap(void *addr)
{
	struct page *page = page_before(addr);
	void *map = kmap(page);

	pks_provoke_try_write(end_of(map));
	kunmap(page);
}

/* By a helper that maps: whoever called it must be named. */
static noinline void pks_provoke_over_helper(void *addr)
{
	memcpy_to_page(page_before(addr), PAGE_SIZE - BEFORE, source, READ_ONCE(memset_bytes));
}

/* Shifted within the page, from the end to the start: what is read is behind it. */
static noinline void pks_provoke_over_memmove(void *addr)
{
	void *map = kmap_local_page(page_before(addr)), *end = end_of(map);

	memmove(end - BEFORE, end - 2 * BEFORE, READ_ONCE(memset_bytes));
	kunmap_local(map);
}

/* A bitmap with a bit more than there is room for. */
static noinline void pks_provoke_over_bit(void *addr)
{
	unsigned long *map = kmap_local_page(page_before(addr));
	unsigned long bit = 8 * PAGE_SIZE + 70;

	OPTIMIZER_HIDE_VAR(bit);
	set_bit(bit, map);
	kunmap_local(map);
}

/* What a softirq maps is its own. */

static void *softirq_addr;

static noinline void pks_provoke_over_tasklet(struct tasklet_struct *tasklet)
{
	u64 *map = kmap_local_page(page_before(softirq_addr));

	pks_provoke_try_write(end_of(map));
	kunmap_local(map);
}

static noinline void pks_provoke_over_softirq(void *addr)
{
	struct tasklet_struct tasklet;

	softirq_addr = addr;
	tasklet_setup(&tasklet, pks_provoke_over_tasklet);
	local_bh_disable();
	tasklet_schedule(&tasklet);
	local_bh_enable();
	tasklet_kill(&tasklet);
}

/* One thread maps for all, another one runs over the end. */

static noinline void pks_provoke_over_there(void *addr)
{
	u64 *p;

	for (p = addr - BEFORE; p <= (u64 *)addr; p++)
		pks_provoke_try_read(p);
}

static noinline void pks_provoke_over_other(void *addr)
{
	struct page *page = page_before(addr);

	kmap(page);
	pks_provoke_in_thread(pks_provoke_over_there, addr);
	kunmap(page);
}

/* A buffer in RAM with no end; what is behind the RAM is the device. */
static noinline void pks_provoke_over_ram(void *addr)
{
	u64 *p = addr - BEFORE;

	while (READ_ONCE(*p) != PKS_PROVOKE_PATTERN)
		p++;
}

/* === Before the start ===================================================== */

static noinline void pks_provoke_under_loop(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	u64 *p = map;

	(void)READ_ONCE(*p);
	WRITE_ONCE(*--p, PKS_PROVOKE_PATTERN);
	kunmap_local(map);
}

/* A string instruction that runs backwards. */
static noinline void pks_provoke_under_std(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr)), *to = map + 15;
	unsigned long count = BEFORE;

	asm volatile("std; rep stosb; cld" : "+D" (to), "+c" (count) : "a" (0) : "memory");
	kunmap_local(map);
}

static noinline void pks_provoke_under_index(void *addr)
{
	struct page *page = virt_to_page(addr);
	u32 *map = kmap_thread(page);
	int index = -6;

	OPTIMIZER_HIDE_VAR(index);
	pks_provoke_try_write(&map[index]);
	kunmap_thread(page);
}

const struct pks_provocation pks_provoke_overrun[] = {
	{ "over-loop",		pks_provoke_over_loop },
	{ "over-byte",		pks_provoke_over_byte },
	{ "over-read",		pks_provoke_over_read },
	{ "over-field",		pks_provoke_over_field },
	{ "over-straddle",	pks_provoke_over_straddle },
	{ "over-memset",	pks_provoke_over_memset },
	{ "over-stos",		pks_provoke_over_stos },
	{ "over-movs",		pks_provoke_over_movs },
	{ "over-kmap",		pks_provoke_over_kmap },
	{ "over-helper",	pks_provoke_over_helper },
	{ "over-memmove",	pks_provoke_over_memmove },
	{ "over-bit",		pks_provoke_over_bit },
	{ "over-softirq",	pks_provoke_over_softirq },
	{ "over-other",		pks_provoke_over_other },
	{ "over-ram",		pks_provoke_over_ram },
	{ "under-loop",		pks_provoke_under_loop },
	{ "under-std",		pks_provoke_under_std },
	{ "under-index",	pks_provoke_under_index },
	{}
};
