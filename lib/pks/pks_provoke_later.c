// SPDX-License-Identifier: GPL-2.0
/*
 * A mapping that travels: through queues, to callbacks that run later, and into
 * exceptions. Some get there when it is none any more.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kfifo.h>
#include <linux/mm.h>
#include <linux/stop_machine.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <asm/trace/exceptions.h>
#include "pks_provoke.h"

/* === Queues =============================================================== */

static DEFINE_KFIFO(queue, void *, 4);

static noinline void pks_provoke_consume(void *unused)
{
	void *map;

	while (kfifo_get(&queue, &map))
		pks_provoke_try_write(map);
}

/* The consumer gets it while the producer has it mapped ... */
static noinline void pks_provoke_kfifo(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kfifo_put(&queue, map + offset_in_page(addr));
	pks_provoke_in_thread(pks_provoke_consume, NULL);
	kunmap_local(map);
}

/* ... or when it has no more. */
static noinline void pks_provoke_kfifo_late(void *addr)
{
	struct page *page = virt_to_page(addr);

	kfifo_put(&queue, kmap_thread(page) + offset_in_page(addr));
	kunmap_thread(page);
	pks_provoke_in_thread(pks_provoke_consume, NULL);
}

struct later_work {
	struct delayed_work work;
	void *addr;
};

static void pks_provoke_in_delayed(struct work_struct *work)
{
	pks_provoke_try_write(container_of(work, struct later_work, work.work)->addr);
}

static noinline void pks_provoke_delayed(void *addr)
{
	struct page *page = virt_to_page(addr);
	struct later_work later = { .addr = kmap_thread(page) + offset_in_page(addr) };

	INIT_DELAYED_WORK_ONSTACK(&later.work, pks_provoke_in_delayed);
	schedule_delayed_work(&later.work, 2);
	msleep(50);
	flush_delayed_work(&later.work);
	destroy_delayed_work_on_stack(&later.work);
	kunmap_thread(page);
}

/* The work maps for itself, and the next time it runs it thinks it still has it. */

static void *kept_map;

static noinline void pks_provoke_in_work_again(struct work_struct *work)
{
	void *addr = container_of(work, struct later_work, work.work)->addr;
	void *map;

	if (kept_map) {
		pks_provoke_try_write(kept_map + offset_in_page(addr));
		return;
	}
	map = kmap_local_page(virt_to_page(addr));
	kept_map = map;
	kunmap_local(map);
}

static noinline void pks_provoke_work_again(void *addr)
{
	struct later_work later = { .addr = addr };
	unsigned int i;

	kept_map = NULL;
	INIT_DELAYED_WORK_ONSTACK(&later.work, pks_provoke_in_work_again);
	for (i = 0; i < 2; i++) {
		schedule_delayed_work(&later.work, 0);
		flush_delayed_work(&later.work);
	}
	destroy_delayed_work_on_stack(&later.work);
}

static int pks_provoke_in_stop(void *map)
{
	pks_provoke_try_write(map);
	return 0;
}

/* What runs while all CPUs are stopped is a thread, too. */
static noinline void pks_provoke_stop(void *addr)
{
	struct page *page = virt_to_page(addr);

	stop_machine(pks_provoke_in_stop, kmap_thread(page) + offset_in_page(addr), NULL);
	kunmap_thread(page);
}

/* === Interrupts and exceptions ============================================ */

static void *later_addr;
static void *later_map;
static bool later_done;

static void pks_provoke_in_later_tasklet(struct tasklet_struct *tasklet)
{
	pks_provoke_try_write(later_addr);
	WRITE_ONCE(later_done, true);
}

/* Whoever the softirq interrupts, or ksoftirqd, runs it. */
static noinline void pks_provoke_tasklet(void *addr)
{
	struct page *page = virt_to_page(addr);
	struct tasklet_struct tasklet;

	later_addr = kmap_thread(page) + offset_in_page(addr);
	later_done = false;
	tasklet_setup(&tasklet, pks_provoke_in_later_tasklet);
	tasklet_schedule(&tasklet);
	msleep(50);
	tasklet_kill(&tasklet);
	kunmap_thread(page);
}

static enum hrtimer_restart pks_provoke_in_later_hrtimer(struct hrtimer *timer)
{
	pks_provoke_try_write(later_addr);
	return HRTIMER_NORESTART;
}

/* Who has it sleeps; the interrupt comes to somebody else. */
static noinline void pks_provoke_irq_elsewhere(void *addr)
{
	struct page *page = virt_to_page(addr);
	struct hrtimer timer;

	later_addr = kmap_thread(page) + offset_in_page(addr);
	hrtimer_init_on_stack(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer.function = pks_provoke_in_later_hrtimer;
	hrtimer_start(&timer, ms_to_ktime(20), HRTIMER_MODE_REL_HARD);
	msleep(100);
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
	kunmap_thread(page);
}

static noinline void pks_provoke_in_step(struct tasklet_struct *tasklet)
{
	if (!later_map)
		later_map = kmap_local_page(virt_to_page(later_addr));
	else
		pks_provoke_try_write(later_map + offset_in_page(later_addr));
}

/* A softirq maps; the next one goes on with it. */
static noinline void pks_provoke_softirq_keeps(void *addr)
{
	struct tasklet_struct tasklet;
	unsigned int i;

	later_addr = addr;
	later_map = NULL;
	tasklet_setup(&tasklet, pks_provoke_in_step);
	for (i = 0; i < 2; i++) {
		local_bh_disable();
		tasklet_schedule(&tasklet);
		local_bh_enable();
	}
	tasklet_kill(&tasklet);
}

static noinline void pks_provoke_half_irq(struct irq_work *work)
{
	later_map = kmap_local_page(virt_to_page(later_addr));
	WRITE_ONCE(later_done, true);
}

static void pks_provoke_in_bottom(struct tasklet_struct *tasklet)
{
	if (later_map)
		pks_provoke_try_write(later_map + offset_in_page(later_addr));
}

/* A hard interrupt maps and leaves the rest to its bottom half. */
static noinline void pks_provoke_bottom_half(void *addr)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(pks_provoke_half_irq);
	struct tasklet_struct tasklet;

	later_addr = addr;
	later_map = NULL;
	later_done = false;
	tasklet_setup(&tasklet, pks_provoke_in_bottom);
	local_bh_disable();
	irq_work_queue(&work);
	pks_provoke_spin(&later_done);
	tasklet_schedule(&tasklet);
	local_bh_enable();
	irq_work_sync(&work);
	tasklet_kill(&tasklet);
}

static struct timer_list later_timer;

static void pks_provoke_in_later_timer(struct timer_list *timer)
{
	pks_provoke_try_write(later_addr);
}

/* A time-out that was not cancelled when the mapping ended. */
static noinline void pks_provoke_timeout(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	later_addr = map + offset_in_page(addr);
	timer_setup(&later_timer, pks_provoke_in_later_timer, 0);
	mod_timer(&later_timer, jiffies + 5);
	kunmap_local(map);
	msleep(200);
	del_timer_sync(&later_timer);
}

static void pks_provoke_at_fault(void *unused, unsigned long address,
				 struct pt_regs *regs, unsigned long error_code)
{
	void *addr = xchg(&later_addr, NULL);

	if (addr)
		pks_provoke_try_write(addr);
}

/* The thread that has the page takes a page fault; a handler uses its mapping. */
static noinline void pks_provoke_exception(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	u64 to;

	if (!register_trace_page_fault_kernel(pks_provoke_at_fault, NULL)) {
		later_addr = map + offset_in_page(addr);
		(void)copy_from_kernel_nofault(&to, (void *)(VMALLOC_END - PAGE_SIZE + 1),
					       sizeof(to));
		unregister_trace_page_fault_kernel(pks_provoke_at_fault, NULL);
		tracepoint_synchronize_unregister();
	}
	kunmap_local(map);
}

const struct pks_provocation pks_provoke_laters[] = {
	{ "kfifo",		pks_provoke_kfifo },
	{ "kfifo-late",		pks_provoke_kfifo_late },
	{ "delayed-work",	pks_provoke_delayed },
	{ "work-again",		pks_provoke_work_again },
	{ "tasklet",		pks_provoke_tasklet },
	{ "softirq-keeps",	pks_provoke_softirq_keeps },
	{ "bottom-half",	pks_provoke_bottom_half },
	{ "timeout",		pks_provoke_timeout },
	{ "stop-machine",	pks_provoke_stop },
	{ "irq-elsewhere",	pks_provoke_irq_elsewhere },
	{ "exception",		pks_provoke_exception },
	{}
};
