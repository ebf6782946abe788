// SPDX-License-Identifier: GPL-2.0
/*
 * Provocations in a module: what faults and who mapped are the module's symbols.
 * It has no end, since a thread that oopsed in it would be hard to count.
 */
#include <linux/highmem.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/workqueue.h>
#include "pks_provoke.h"

static noinline void pks_provoke_mod_write(void *addr)
{
	pks_provoke_write(addr);
}

static noinline void pks_provoke_mod_after(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map);
	pks_provoke_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_mod_page_io(struct page *page, unsigned int offset)
{
	pks_provoke_write(page_address(page) + offset);
	SetPageReferenced(page);
}

static noinline void pks_provoke_mod_page(void *addr)
{
	pks_provoke_mod_page_io(virt_to_page(addr), offset_in_page(addr));
}

/* An interrupt goes wild; that it interrupts a section of others is an accident. */

static void *irq_addr;
static bool irq_done;

static void pks_provoke_mod_in_irq(struct irq_work *work)
{
	pks_provoke_try_write(irq_addr);
	WRITE_ONCE(irq_done, true);
}

static void pks_provoke_mod_interrupted(void *unused)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(pks_provoke_mod_in_irq);
	unsigned long end = jiffies + HZ;

	irq_work_queue(&work);
	while (!READ_ONCE(irq_done) && time_before(jiffies, end))
		cpu_relax();
	irq_work_sync(&work);
}

static noinline void pks_provoke_mod_irq(void *addr)
{
	irq_addr = addr;
	irq_done = false;
	pks_provoke_in_section(pks_provoke_mod_interrupted, NULL);
}

/* A worker has filled the page, by a function that maps; here it is forgotten. */

static struct page *used_page;
static u8 content[64];

static void pks_provoke_mod_fill(struct work_struct *work)
{
	struct scatterlist sg;

	sg_init_table(&sg, 1);
	sg_set_page(&sg, used_page, sizeof(content), 0);
	sg_copy_from_buffer(&sg, 1, content, sizeof(content));
}

static DECLARE_WORK(fill_work, pks_provoke_mod_fill);

static noinline void pks_provoke_mod_used(void *addr)
{
	used_page = virt_to_page(addr);
	schedule_work(&fill_work);
	flush_work(&fill_work);
	pks_provoke_mod_page_io(used_page, offset_in_page(addr));
}

/* The same, by a pointer that has nothing to do with it. */
static noinline void pks_provoke_mod_stranger(void *addr)
{
	used_page = virt_to_page(addr);
	schedule_work(&fill_work);
	flush_work(&fill_work);
	WRITE_ONCE(used_page, NULL);
	pks_provoke_mod_write(addr);
}

static const struct pks_provocation provocations[] = {
	{ "module-write",	pks_provoke_mod_write },
	{ "module-after",	pks_provoke_mod_after },
	{ "module-page",	pks_provoke_mod_page },
	{ "module-irq",		pks_provoke_mod_irq },
	{ "module-used",	pks_provoke_mod_used },
	{ "module-stranger",	pks_provoke_mod_stranger },
	{}
};

static int __init provoke_mod_init(void)
{
	pks_provoke_set_module(provocations);
	return 0;
}
module_init(provoke_mod_init);

MODULE_DESCRIPTION("Provoke PKS faults in a module");
MODULE_LICENSE("GPL");
