// SPDX-License-Identifier: GPL-2.0
/* What the KUnit suites of PKS share. */
#include <linux/cpumask.h>
#include <linux/devmap_protection.h>
#include <linux/err.h>
#include <linux/extable.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pks.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <asm/extable.h>
#include <asm/msr.h>
#include <asm/pks.h>
#include <asm/trapnr.h>
#include "pks_test.h"

/**
 * pks_test_need_pks - skip the test if there is no PKS
 * @test: the test
 */
void pks_test_need_pks(struct kunit *test)
{
	if (!pks_available())
		kunit_skip(test, "this CPU has no PKS");
}

/* The accesses below have a fixup: take it. */
static bool denied(struct pt_regs *regs, unsigned long address, bool write)
{
	return fixup_exception(regs, X86_TRAP_PF, 0, 0);
}

/**
 * pks_test_try_key - get a key whose denied accesses leave no report behind
 *
 * Return: the key, or what pks_key_alloc() fails with.
 */
int pks_test_try_key(void)
{
	return pks_key_alloc("kunit", denied);
}

/**
 * pks_test_key - get a key whose denied accesses leave no report behind
 * @test: fails if there is no key
 *
 * Return: the key, for pks_key_free().
 */
int pks_test_key(struct kunit *test)
{
	int pkey = pks_test_try_key();

	KUNIT_ASSERT_GT(test, pkey, 0);
	return pkey;
}

/* A page-table entry of that size maps more than the page; nobody uses the rest. */
static bool map_area(struct pks_test_page *p, int pkey, unsigned int shift)
{
	pgprot_t prot = __pgprot(pgprot_val(PAGE_KERNEL) | pks_pte_bits(pkey));
	phys_addr_t phys = page_to_phys(p->page);
	unsigned long size = 1ul << shift, start;

	p->area = get_vm_area(size, VM_IOREMAP);
	if (!p->area)
		return false;
	start = (unsigned long)p->area->addr;
	p->addr = (void *)(start + (phys & (size - 1)));
	return !ioremap_page_range(start, start + size, phys & ~(size - 1), prot);
}

/**
 * pks_test_map - map a new page with a key
 * @p: filled
 * @pkey: the key
 * @shift: PAGE_SHIFT, PMD_SHIFT or PUD_SHIFT: size of the page-table entry
 *
 * Return: true if it is mapped; ask pks_test_shift() how.
 */
bool pks_test_map(struct pks_test_page *p, int pkey, unsigned int shift)
{
	*p = (struct pks_test_page){ .page = alloc_page(GFP_KERNEL | __GFP_ZERO) };
	if (p->page && map_area(p, pkey, shift))
		return true;
	pks_test_unmap(p);
	return false;
}

/**
 * pks_test_unmap - undo pks_test_map()
 * @p: the page
 */
void pks_test_unmap(struct pks_test_page *p)
{
	if (p->area)
		free_vm_area(p->area);
	if (p->page)
		__free_page(p->page);
}

/**
 * pks_test_shift - the size of the page-table entry that maps a page
 * @p: the page
 *
 * Return: PAGE_SHIFT, PMD_SHIFT or PUD_SHIFT.
 */
unsigned int pks_test_shift(const struct pks_test_page *p)
{
	unsigned int level;

	lookup_address((unsigned long)p->addr, &level);
	return ilog2(page_level_size(level));
}

/**
 * pks_test_read - read, if that is allowed
 * @addr: of 8 bytes
 *
 * Context: Any, NMI included.
 * Return: true if it was allowed.
 */
bool pks_test_read(void *addr)
{
	u64 val;

	__get_kernel_nofault(&val, addr, u64, denied);
	return true;
denied:
	return false;
}

/**
 * pks_test_write - write what is there already, if that is allowed
 * @addr: of 8 bytes; a device's data is safe
 *
 * Context: Any, NMI included.
 * Return: true if it was allowed.
 */
bool pks_test_write(void *addr)
{
	u64 val;

	__get_kernel_nofault(&val, addr, u64, denied);
	__put_kernel_nofault(addr, &val, u64, denied);
	return true;
denied:
	return false;
}

/**
 * pks_test_access - read or write, if that is allowed
 * @addr: of 8 bytes
 * @write: write, else read
 *
 * Context: Any, NMI included.
 * Return: true if it was allowed.
 */
bool pks_test_access(void *addr, bool write)
{
	return write ? pks_test_write(addr) : pks_test_read(addr);
}

/**
 * pks_test_msr - what the processor says that IA32_PKRS is
 *
 * Context: Any.
 */
u32 pks_test_msr(void)
{
	u64 val;

	rdmsrl(MSR_IA32_PKRS, val);
	return val;
}

/**
 * pks_test_device_page - a page of a real protected device
 *
 * Return: the page, or NULL if this machine has no such device.
 */
struct page *pks_test_device_page(void)
{
	struct devmap_place place;
	u64 phys;

	for (phys = 0; phys < 64ull * SZ_1G; phys += SZ_2M)
		if (devmap_place(phys, &place) && !strstr(place.device, ":meta"))
			return pfn_to_page(PHYS_PFN(phys));
	return NULL;
}

/**
 * pks_test_run_on - start a thread on a CPU
 * @cpu: the CPU
 * @fn: what it does
 * @data: for @fn
 * @name: of the thread
 *
 * Return: the thread, for kthread_stop(); NULL if there is none.
 */
struct task_struct *pks_test_run_on(unsigned int cpu, int (*fn)(void *), void *data,
				    const char *name)
{
	struct task_struct *task = kthread_create(fn, data, "%s", name);

	if (IS_ERR(task))
		return NULL;
	kthread_bind(task, cpu);
	wake_up_process(task);
	return task;
}
