// SPDX-License-Identifier: GPL-2.0
/*
 * Wild pointers in code that works on protected memory: other pages of the same
 * device, or of the same file, are in its registers and on its stack, and some
 * of them it has mapped. None of that is about the page that is hit.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/bio.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/uaccess.h>
#include <asm/trace/exceptions.h>
#include "pks_provoke.h"

#define NR_PAGES	4

/* === Pages of the same device ============================================= */

static noinline void pks_provoke_decoy_array_io(struct page **pages, void *addr)
{
	unsigned int i;

	for (i = 0; i < NR_PAGES; i++)
		get_page(pages[i]);
	pks_provoke_try_write(addr);
	for (i = 0; i < NR_PAGES; i++)
		put_page(pages[i]);
}

/* A batch of pages, the ones before and behind the page that is hit. */
static noinline void pks_provoke_decoy_array(void *addr)
{
	struct page *pages[NR_PAGES];
	unsigned int i;

	for (i = 0; i < NR_PAGES; i++)
		pages[i] = virt_to_page(addr + ((int)i - 2 + (i >= 2)) * (int)PAGE_SIZE);
	pks_provoke_decoy_array_io(pages, addr);
}

/* What the bio is for is right, what its owner left in it is not. */
static noinline void pks_provoke_decoy_bio_done(struct bio *bio)
{
	pks_provoke_try_write(bio->bi_private);
	SetPageReferenced(bio_first_page_all(bio));
	bio->bi_status = BLK_STS_OK;
}

static noinline void pks_provoke_decoy_bio(void *addr)
{
	struct bio_vec vec;
	struct bio bio;

	bio_init(&bio, NULL, &vec, 1, REQ_OP_READ);
	bio.bi_private = addr;
	bio.bi_end_io = pks_provoke_decoy_bio_done;
	__bio_add_page(&bio, virt_to_page(addr) + 1, 512, 0);
	bio_endio(&bio);
}

/* It has mapped, used and unmapped another page of the device just before. */
static noinline void pks_provoke_decoy_unmapped(void *addr)
{
	struct page *page = virt_to_page(addr) + 2;
	u64 *map = kmap_local_page(page);

	(void)READ_ONCE(*map);
	kunmap_local(map);
	pks_provoke_try_write(addr);
	SetPageReferenced(page);
}

/* It has a page of RAM mapped meanwhile, as it should. */
static noinline void pks_provoke_decoy_mapped(void *addr)
{
	struct page *page = alloc_page(GFP_KERNEL);
	u64 *map;

	if (!page)
		return;
	map = kmap_local_page(page);
	pks_provoke_try_write(addr);
	WRITE_ONCE(*map, 0);
	kunmap_local(map);
	__free_page(page);
}

/* The frame number and the physical address of the pages beside it. */
static noinline void pks_provoke_decoy_phys_io(unsigned long pfn, phys_addr_t phys,
					       void *addr)
{
	static unsigned long last;

	pks_provoke_try_write(addr);
	WRITE_ONCE(last, pfn);
	WRITE_ONCE(last, phys);
}

static noinline void pks_provoke_decoy_phys(void *addr)
{
	phys_addr_t phys = virt_to_phys(addr);

	pks_provoke_decoy_phys_io(PHYS_PFN(phys) + 1, phys - PAGE_SIZE, addr);
}

/* === Another page of the same file ======================================== */

static pgoff_t other_index = 1234, last_index;

static noinline void pks_provoke_decoy_inode_io(struct inode *inode, pgoff_t index,
						void *addr)
{
	pks_provoke_write(addr);
	WRITE_ONCE(inode->i_private, READ_ONCE(inode->i_private));
	WRITE_ONCE(last_index, index);
}

/* The file is right, and the page that is meant is far behind the one hit. */
static noinline void pks_provoke_decoy_inode(void *addr)
{
	struct address_space *mapping = READ_ONCE(virt_to_page(addr)->mapping);

	if (mapping)
		pks_provoke_decoy_inode_io(mapping->host, READ_ONCE(other_index), addr);
	else
		pr_info("decoy-inode: the page is no file's\n");
}

/* The numbers that all code has: counts, flags, the size of a page or of two. */
static noinline void pks_provoke_decoy_numbers_io(struct inode *inode, void *addr)
{
	unsigned long numbers[16], i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		WRITE_ONCE(numbers[i], i < 12 ? i + 1 : (i - 11) * PAGE_SIZE);
	pks_provoke_write(addr);
	WRITE_ONCE(inode->i_private, READ_ONCE(inode->i_private));
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		(void)READ_ONCE(numbers[i]);
}

static noinline void pks_provoke_decoy_numbers(void *addr)
{
	struct address_space *mapping = READ_ONCE(virt_to_page(addr)->mapping);

	if (mapping)
		pks_provoke_decoy_numbers_io(mapping->host, addr);
	else
		pr_info("decoy-numbers: the page is no file's\n");
}

/* An open file of which it writes to another place; only through the file. */
static noinline void pks_provoke_decoy_file_io(struct kiocb *iocb, void *addr)
{
	pks_provoke_write(addr);
	iocb->ki_pos += 8;
}

static noinline void pks_provoke_decoy_file(void *addr)
{
	struct address_space *mapping = READ_ONCE(virt_to_page(addr)->mapping);
	struct file file = {};
	struct kiocb iocb = { .ki_filp = &file, .ki_pos = 0x4d2123 };

	if (!mapping)
		return;
	file.f_mapping = mapping;
	file.f_inode = mapping->host;
	pks_provoke_decoy_file_io(&iocb, addr);
	(void)READ_ONCE(file.f_inode);
	(void)READ_ONCE(file.f_mapping);
}

/* === What was interrupted knows the page ================================== */

static void *wild_addr;
static bool wild_done;

static noinline void pks_provoke_wild(void)
{
	pks_provoke_try_write(wild_addr);
	WRITE_ONCE(wild_done, true);
}

static void pks_provoke_in_wild_irq(struct irq_work *work)
{
	pks_provoke_wild();
}

/* It is still in the registers that the handler has not used yet. */
static noinline void pks_provoke_wild_irq_io(struct page *page)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(pks_provoke_in_wild_irq);

	get_page(page);
	wild_done = false;
	irq_work_queue(&work);
	pks_provoke_spin(&wild_done);
	irq_work_sync(&work);
	put_page(page);
}

static noinline void pks_provoke_wild_irq(void *addr)
{
	wild_addr = addr;
	pks_provoke_wild_irq_io(virt_to_page(addr));
}

static void pks_provoke_in_wild_tasklet(struct tasklet_struct *tasklet)
{
	pks_provoke_wild();
}

/* A softirq that the thread runs itself has saved them on its stack. */
static noinline void pks_provoke_wild_softirq_io(struct page *page)
{
	struct tasklet_struct tasklet;

	get_page(page);
	tasklet_setup(&tasklet, pks_provoke_in_wild_tasklet);
	local_bh_disable();
	tasklet_schedule(&tasklet);
	local_bh_enable();
	tasklet_kill(&tasklet);
	put_page(page);
}

static noinline void pks_provoke_wild_softirq(void *addr)
{
	wild_addr = addr;
	pks_provoke_wild_softirq_io(virt_to_page(addr));
}

static void pks_provoke_wild_at_fault(void *unused, unsigned long address,
				      struct pt_regs *regs, unsigned long error_code)
{
	void *addr = xchg(&wild_addr, NULL);

	if (addr)
		pks_provoke_try_write(addr);
}

/* A handler of an exception even has their address. */
static noinline void pks_provoke_wild_exception_io(struct page *page)
{
	u64 to;

	get_page(page);
	(void)copy_from_kernel_nofault(&to, (void *)(VMALLOC_END - PAGE_SIZE + 1),
				       sizeof(to));
	put_page(page);
}

static noinline void pks_provoke_wild_exception(void *addr)
{
	if (register_trace_page_fault_kernel(pks_provoke_wild_at_fault, NULL))
		return;
	wild_addr = addr;
	pks_provoke_wild_exception_io(virt_to_page(addr));
	unregister_trace_page_fault_kernel(pks_provoke_wild_at_fault, NULL);
	tracepoint_synchronize_unregister();
}

/* === What was on the stack before ========================================= */

static noinline void pks_provoke_use_page(struct page *page)
{
	struct page *copies[8];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(copies); i++)
		WRITE_ONCE(copies[i], page);
	SetPageReferenced(READ_ONCE(copies[0]));
}

static noinline void pks_provoke_old_stack_io(void *addr)
{
	u8 unused[256];

	OPTIMIZER_HIDE_VAR(addr);
	asm volatile("" : : "r" (unused) : "memory");
	pks_provoke_try_write(addr);
	asm volatile("" : : "r" (unused) : "memory");
}

/* A call that is long over knew the page; its frame is a buffer's now. */
static noinline void pks_provoke_old_stack(void *addr)
{
	pks_provoke_use_page(virt_to_page(addr));
	pks_provoke_old_stack_io(addr);
}

const struct pks_provocation pks_provoke_decoys[] = {
	{ "decoy-array",	pks_provoke_decoy_array },
	{ "decoy-bio",		pks_provoke_decoy_bio },
	{ "decoy-unmapped",	pks_provoke_decoy_unmapped },
	{ "decoy-mapped",	pks_provoke_decoy_mapped },
	{ "decoy-inode",	pks_provoke_decoy_inode },
	{ "decoy-numbers",	pks_provoke_decoy_numbers },
	{ "decoy-file",		pks_provoke_decoy_file },
	{ "decoy-phys",		pks_provoke_decoy_phys },
	{ "wild-irq",		pks_provoke_wild_irq },
	{ "wild-softirq",	pks_provoke_wild_softirq },
	{ "wild-exception",	pks_provoke_wild_exception },
	{ "old-stack",		pks_provoke_old_stack },
	{}
};
