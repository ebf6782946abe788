// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that only its keeper may write (<linux/pks_guard.h>): its page-table
 * entries get the guard's key, in every mapping that the kernel has of it.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/pks.h>
#include <linux/pks_guard.h>
#include <linux/set_memory.h>
#include <asm/pks.h>
#include <asm/tlbflush.h>
#include "pks_internal.h"

static void set_key(unsigned long addr)
{
	unsigned int level;
	pte_t *pte = lookup_address(addr, &level);

	if (WARN_ON_ONCE(!pte || level != PG_LEVEL_4K))
		return;
	set_pte(pte, __pte(pte_val(*pte) | pks_pte_bits(PKS_GUARD_PKEY)));
}

static void protect_range(unsigned long start, size_t size)
{
	unsigned long addr;

	if (set_memory_4k(start, size >> PAGE_SHIFT)) {
		pr_warn("pks: no memory to protect 0x%lx\n", start);
		return;
	}
	for (addr = start; addr < start + size; addr += PAGE_SIZE)
		set_key(addr);
	flush_tlb_kernel_range(start, start + size);
}

/**
 * pks_guard_protect - from now on only the keeper may write here
 * @addr: of the direct map or of the kernel's data; page aligned
 * @size: bytes, whole pages
 *
 * Context: Process context, early boot.
 */
void pks_guard_protect(void *addr, size_t size)
{
	unsigned long alias = (unsigned long)__va(__pa(addr));

	if (!pks_available() || WARN_ON_ONCE(!PAGE_ALIGNED(addr) || !PAGE_ALIGNED(size)))
		return;
	protect_range((unsigned long)addr, size);
	if (alias != (unsigned long)addr)
		protect_range(alias, size);
}
