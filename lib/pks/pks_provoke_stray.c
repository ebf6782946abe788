// SPDX-License-Identifier: GPL-2.0
/*
 * Wild pointers: code that means other memory and never heard of the page. What
 * it has instead is in each of them; the page, its frame, its file are nowhere
 * in its registers or on its stack.
 */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "pks_provoke.h"

#define COPY_BYTES	256

static u64 table[16];
static u8 source[COPY_BYTES];

/* Unknown to the compiler, so that it calls the functions. */
static size_t copy_bytes = COPY_BYTES;

/* === Pointers that went wrong ============================================= */

/* What it pointed to was freed long ago, and is something else now. */
static noinline void pks_provoke_stale(void *addr)
{
	static u64 *cached;

	WRITE_ONCE(cached, addr);
	pks_provoke_write(READ_ONCE(cached));
}

static noinline void pks_provoke_index_write(u64 *base, unsigned long index)
{
	WRITE_ONCE(base[index], PKS_PROVOKE_PATTERN);
}

static noinline void pks_provoke_index(void *addr)
{
	pks_provoke_index_write(table, (u64 *)addr - table);
}

/* A buffer in RAM, but for one bit. */
static noinline void pks_provoke_bit_flip(void *addr)
{
	unsigned long buffer = (unsigned long)addr ^ BIT(28);

	OPTIMIZER_HIDE_VAR(buffer);
	pks_provoke_write((void *)(buffer ^ BIT(28)));
}

struct node {
	u64 value;
	struct list_head list;
};

/* The links of a node were overwritten; it is taken out of its list. */
static noinline void pks_provoke_list(void *addr)
{
	struct node node = {
		.list.next = addr - offsetof(struct list_head, prev),
		.list.prev = &node.list,
	};

	OPTIMIZER_HIDE_VAR(node.list.next);
	__list_del(node.list.prev, node.list.next);
}

struct element {
	u64 id;
	u64 *counter;
};

/* One element too far: what is there is no pointer. */
static noinline void pks_provoke_garbage(void *addr)
{
	static struct {
		struct element elements[4];
		struct element garbage;
	} array;
	unsigned int last = ARRAY_SIZE(array.elements);
	struct element *element = array.elements;

	array.garbage.counter = addr;
	OPTIMIZER_HIDE_VAR(element);
	WRITE_ONCE(*element[last].counter, element[last].id);
}

/* Nobody set it: it is what the last owner of that memory left there. */
static noinline void pks_provoke_uninitialised(void *addr)
{
	struct element *element = kmalloc(sizeof(*element), GFP_KERNEL);

	if (!element)
		return;
	element->counter = addr;
	OPTIMIZER_HIDE_VAR(element);
	pks_provoke_try_write(element->counter);
	kfree(element);
}

/* === Functions that were given one ======================================== */

static noinline void pks_provoke_copy(void *to, size_t len)
{
	memcpy(to, source, len);
}

static noinline void pks_provoke_memcpy(void *addr)
{
	pks_provoke_copy(addr, READ_ONCE(copy_bytes));
}

static noinline void pks_provoke_fill(void *to, size_t len)
{
	memset(to, 0x5a, len);
}

static noinline void pks_provoke_memset(void *addr)
{
	pks_provoke_fill(addr, READ_ONCE(copy_bytes));
}

static noinline void pks_provoke_strlen(void *addr)
{
	pr_info("strlen: %zu\n", strlen(addr));
}

/* The last reference of an object that is not there. */
static noinline void pks_provoke_refcount(void *addr)
{
	if (atomic_dec_and_test((atomic_t *)addr))
		pr_info("the last reference\n");
}

/* === It knows another page ================================================ */

/* The page that it means is RAM; only the pointer is wrong. */
static noinline void pks_provoke_decoy_ram(void *addr)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	pks_provoke_try_write(addr);
	__free_page(page);
}

/* The page that it means is of the same device. */
static noinline void pks_provoke_decoy_io(struct page *page, void *addr)
{
	pks_provoke_write(addr);
	SetPageReferenced(page);
}

static noinline void pks_provoke_decoy_device(void *addr)
{
	pks_provoke_decoy_io(virt_to_page(addr + 3 * PAGE_SIZE), addr);
}

const struct pks_provocation pks_provoke_stray[] = {
	{ "stale",		pks_provoke_stale },
	{ "index",		pks_provoke_index },
	{ "bit-flip",		pks_provoke_bit_flip },
	{ "list",		pks_provoke_list },
	{ "garbage",		pks_provoke_garbage },
	{ "uninitialised",	pks_provoke_uninitialised },
	{ "memcpy",		pks_provoke_memcpy },
	{ "memset",		pks_provoke_memset },
	{ "strlen",		pks_provoke_strlen },
	{ "refcount",		pks_provoke_refcount },
	{ "decoy-ram",		pks_provoke_decoy_ram },
	{ "decoy-device",	pks_provoke_decoy_device },
	{}
};
