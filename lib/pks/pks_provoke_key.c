// SPDX-License-Identifier: GPL-2.0
/*
 * The key or the register is wrong, or they fit but not the access. And what is
 * no fault: a page of the mapping made 4K, to have other levels.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/highmem.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/pks.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/set_memory.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <asm/cmpxchg.h>
#include <asm/msr.h>
#include <asm/pks.h>
#include <asm/tlbflush.h>
#include "pks_provoke.h"

static int pkey_of(void *addr, unsigned int *level, pte_t **pte)
{
	*pte = lookup_address((unsigned long)addr, level);
	return *pte ? pte_val(**pte) >> _PAGE_BIT_PKEY_BIT0 & (PKS_NR_KEYS - 1) : 0;
}

/**
 * pks_provoke_pkey - the key of an address
 * @addr: in the kernel's mapping
 *
 * Return: the key, 0 if there is none.
 */
int pks_provoke_pkey(void *addr)
{
	unsigned int level;
	pte_t *pte;

	return pkey_of(addr, &level, &pte);
}

/* === A grant that does not fit ============================================ */

static noinline void pks_provoke_read_only(void *addr)
{
	pks_mkread(pks_provoke_pkey(addr), false);
	pks_provoke_write(addr);
}

static noinline void pks_provoke_read_only_atomic(void *addr)
{
	pks_mkread(pks_provoke_pkey(addr), false);
	(void)xadd((u32 *)addr, 1);
}

/* Reading is allowed, and done; then it writes. */
static noinline void pks_provoke_read_only_copy(void *addr)
{
	u64 value;

	pks_mkread(pks_provoke_pkey(addr), false);
	value = READ_ONCE(*(u64 *)addr);
	(void)copy_to_kernel_nofault(addr, &value, sizeof(value));
	pks_mknoaccess(pks_provoke_pkey(addr), false);
}

/* === The register ========================================================= */

/* The MSR loses the grant behind the core's back. */
static noinline void pks_provoke_pkrs_mismatch(void *addr)
{
	pks_mkrdwr(pks_provoke_pkey(addr), false);
	preempt_disable();
	wrmsrl(MSR_IA32_PKRS, PKRS_DEFAULT);
	pks_provoke_write(addr);
	preempt_enable();
}

/* An interrupt would set it right again. */
static noinline void pks_provoke_pkrs_mapped(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	unsigned long flags;

	local_irq_save(flags);
	wrmsrl(MSR_IA32_PKRS, PKRS_DEFAULT);
	pks_provoke_try_write(map + offset_in_page(addr));
	local_irq_restore(flags);
	kunmap_local(map);
}

/* === The key in the page-table entry ====================================== */

static void set_pkey(void *addr, int pkey)
{
	u64 mask = (u64)(PKS_NR_KEYS - 1) << _PAGE_BIT_PKEY_BIT0;
	unsigned int level;
	pte_t *pte;

	pkey_of(addr, &level, &pte);
	if (!pte)
		return;
	set_pte(pte, __pte((pte_val(*pte) & ~mask) |
			   (u64)pkey << _PAGE_BIT_PKEY_BIT0));
	flush_tlb_kernel_range((unsigned long)addr & PAGE_MASK,
			       ((unsigned long)addr & PAGE_MASK) + page_level_size(level));
}

/* The last key that nobody allocated. */
static int free_pkey(void)
{
	int pkey = PKS_GUARD_PKEY - 1;
	char name[PKS_NAME_LEN];

	while (pkey > 1 && pks_key_name(pkey, name))
		pkey--;
	return pkey;
}

/* A key that nobody allocated; read with a fixup, so that it can be undone. */
static noinline void pks_provoke_wrong_key(void *addr)
{
	int pkey = pks_provoke_pkey(addr);
	u64 to;

	set_pkey(addr, free_pkey());
	(void)copy_from_kernel_nofault(&to, addr, sizeof(to));
	set_pkey(addr, pkey);
}

/* The entry was corrupted under somebody who has mapped the page. */
static noinline void pks_provoke_wrong_key_mapped(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	int pkey = pks_provoke_pkey(addr);

	set_pkey(addr, free_pkey());
	pks_provoke_try_write(map + offset_in_page(addr));
	set_pkey(addr, pkey);
	kunmap_local(map);
}

/* The key of another kind of memory. */
static noinline void pks_provoke_foreign_key(void *addr)
{
	int pkey = pks_provoke_pkey(addr), foreign = pks_key_alloc("provoke-other", NULL);

	if (foreign < 0)
		return;
	set_pkey(addr, foreign);
	pks_provoke_try_write(addr);
	set_pkey(addr, pkey);
	pks_key_free(foreign);
}

/* One bit of the entry turned over. */
static noinline void pks_provoke_key_bit(void *addr)
{
	int pkey = pks_provoke_pkey(addr);

	set_pkey(addr, pkey ^ PKS_NR_KEYS / 2);
	pks_provoke_try_read(addr);
	set_pkey(addr, pkey);
}

/* === A key whose owner resolves the fault ================================= */

static int own_pkey;

static bool resolve_own(struct pt_regs *regs, unsigned long address, bool write)
{
	pks_update_exception(regs, own_pkey, 0);
	return true;
}

/* A page of our own, not the one that was asked for. */
static noinline void pks_provoke_resolved(void *unused)
{
	u64 *page = vzalloc(PAGE_SIZE);

	own_pkey = pks_key_alloc("provoke", resolve_own);
	if (page && own_pkey > 0) {
		set_pkey(page, own_pkey);
		pks_provoke_write(page);
		pr_info("resolved write %s, %s\n",
			READ_ONCE(*page) == PKS_PROVOKE_PATTERN ? "came through" :
								  "was lost",
			memchr_inv(current->thread.pks.nest, 0,
				   sizeof(current->thread.pks.nest)) ?
			"left counts behind" : "left nothing behind");
		pks_mknoaccess(own_pkey, false);
		set_pkey(page, 0);
		pks_key_free(own_pkey);
	}
	vfree(page);
}

/* === Not a fault: make one page of the mapping 4K ========================= */

static void pks_provoke_split(void *addr)
{
	unsigned int level;
	pte_t *pte;

	set_memory_4k((unsigned long)addr & PAGE_MASK, 1);
	pkey_of(addr, &level, &pte);
	pr_info("mapping level is now %u\n", level);
}

static void pks_provoke_level(void *addr)
{
	unsigned int level;
	pte_t *pte;
	int pkey = pkey_of(addr, &level, &pte);

	pr_info("pkey %d at level %u\n", pkey, level);
}

const struct pks_provocation pks_provoke_key[] = {
	{ "read-only",		pks_provoke_read_only },
	{ "read-only-atomic",	pks_provoke_read_only_atomic },
	{ "read-only-copy",	pks_provoke_read_only_copy },
	{ "pkrs-mismatch",	pks_provoke_pkrs_mismatch },
	{ "pkrs-mapped",	pks_provoke_pkrs_mapped },
	{ "wrong-key",		pks_provoke_wrong_key },
	{ "wrong-key-mapped",	pks_provoke_wrong_key_mapped },
	{ "foreign-key",	pks_provoke_foreign_key },
	{ "key-bit",		pks_provoke_key_bit },
	{ "resolved",		pks_provoke_resolved },
	{ "split",		pks_provoke_split },
	{ "level",		pks_provoke_level },
	{}
};
