// SPDX-License-Identifier: GPL-2.0
/*
 * A mapping that is valid, used by somebody who does not have it: other threads,
 * and whatever interrupts the one that mapped. Where the access is in a context
 * that others need, it has a fixup.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/completion.h>
#include <linux/highmem.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include <asm/apic.h>
#include "pks_provoke.h"

/* === Other threads ======================================================== */

struct handed_work {
	struct work_struct work;
	void *addr;
};

static void pks_provoke_in_work(struct work_struct *work)
{
	pks_provoke_try_write(container_of(work, struct handed_work, work)->addr);
}

static noinline void pks_provoke_workqueue(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	struct handed_work handed = { .addr = map + offset_in_page(addr) };

	INIT_WORK_ONSTACK(&handed.work, pks_provoke_in_work);
	schedule_work(&handed.work);
	flush_work(&handed.work);
	destroy_work_on_stack(&handed.work);
	kunmap_local(map);
}

static void pks_provoke_in_kthread(void *map)
{
	pks_provoke_write(map);
}

static noinline void pks_provoke_kthread(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *map = kmap_thread(page);

	pks_provoke_in_thread(pks_provoke_in_kthread, map + offset_in_page(addr));
	kunmap_thread(page);
}

static noinline void pks_provoke_kthread_atomic(void *addr)
{
	void *map = kmap_atomic(virt_to_page(addr));
	struct task_struct *task;

	/* the region must end before this may sleep; the other one spins */
	pagefault_enable();
	preempt_enable();
	task = pks_provoke_start(pks_provoke_in_kthread, map + offset_in_page(addr),
				 nr_cpu_ids);
	pks_provoke_wait(task, 5);
	preempt_disable();
	pagefault_disable();
	kunmap_atomic(map);
}

/* A thread that maps and ends: it can not be told to unmap any more. */

static noinline void pks_provoke_map_and_end(void *addr)
{
	kmap_thread(virt_to_page(addr));
	barrier();	/* no tail call */
}

static noinline void pks_provoke_leaked(void *addr)
{
	pks_provoke_in_thread(pks_provoke_map_and_end, addr);
	pks_provoke_write(addr);
}

/* === A function on another CPU ============================================ */

/**
 * struct other_cpu - a thread that keeps another CPU busy, to be interrupted
 * @up: it is there
 * @stop: it may end
 */
struct other_cpu {
	bool up, stop;
};

static void keep_busy(void *data)
{
	struct other_cpu *other = data;

	WRITE_ONCE(other->up, true);
	pks_provoke_spin(&other->stop);
}

static void pks_provoke_in_ipi(void *map)
{
	pks_provoke_try_write(map);
}

static noinline void pks_provoke_ipi(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	struct other_cpu other = {};
	struct task_struct *task;
	unsigned int cpu;

	migrate_disable();
	cpu = pks_provoke_other_cpu();
	if (cpu < nr_cpu_ids) {
		task = pks_provoke_start(keep_busy, &other, cpu);
		if (pks_provoke_spin(&other.up))
			smp_call_function_single(cpu, pks_provoke_in_ipi,
						 map + offset_in_page(addr), 1);
		WRITE_ONCE(other.stop, true);
		pks_provoke_wait(task, 5);
	}
	migrate_enable();
	kunmap_local(map);
}

/* === A callback some time later =========================================== */

struct handed_rcu {
	struct rcu_head head;
	void *addr;
	struct completion done;
};

static void pks_provoke_in_rcu(struct rcu_head *head)
{
	struct handed_rcu *handed = container_of(head, struct handed_rcu, head);

	pks_provoke_try_write(handed->addr);
	complete(&handed->done);
}

static noinline void pks_provoke_rcu(void *addr)
{
	struct page *page = virt_to_page(addr);
	struct handed_rcu handed = { .addr = kmap_thread(page) + offset_in_page(addr) };

	init_completion(&handed.done);
	init_rcu_head_on_stack(&handed.head);
	call_rcu(&handed.head, pks_provoke_in_rcu);
	wait_for_completion(&handed.done);
	destroy_rcu_head_on_stack(&handed.head);
	kunmap_thread(page);
}

/* === Interrupts above the thread that mapped ============================== */

/* For handlers that have no argument, or should not have another. */
static void *handed_addr;
static bool handled;

static noinline void pks_provoke_in_irq(struct irq_work *work)
{
	u64 to;

	(void)copy_from_kernel_nofault(&to, handed_addr, sizeof(to));
	WRITE_ONCE(handled, true);
}

static noinline void pks_provoke_hardirq(void *addr)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(pks_provoke_in_irq);

	handed_addr = addr;
	handled = false;
	irq_work_queue(&work);
	if (!pks_provoke_spin(&handled))
		pr_info("there was no interrupt\n");
	irq_work_sync(&work);
}

/* The thread holds the page; an interrupt above it must not. */
static noinline void pks_provoke_hardirq_mapped(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	pks_provoke_hardirq(addr);
	(void)READ_ONCE(*(u64 *)(map + offset_in_page(addr)));
	kunmap_local(map);
}

/*
 * On a busy machine another task may run just when the interrupt comes, or a
 * softirq is left to ksoftirqd: that is another story, so it is to come again.
 */
static struct task_struct *holder;

static bool above_holder(void)
{
	return current == READ_ONCE(holder);
}

static enum hrtimer_restart pks_provoke_in_hrtimer(struct hrtimer *timer)
{
	if (!above_holder()) {
		hrtimer_forward_now(timer, ms_to_ktime(2));
		return HRTIMER_RESTART;
	}
	pks_provoke_try_write(handed_addr);
	WRITE_ONCE(handled, true);
	return HRTIMER_NORESTART;
}

static noinline void pks_provoke_hrtimer(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	struct hrtimer timer;

	hrtimer_init_on_stack(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer.function = pks_provoke_in_hrtimer;
	handed_addr = map + offset_in_page(addr);
	handled = false;
	holder = current;
	migrate_disable();
	hrtimer_start(&timer, ms_to_ktime(2), HRTIMER_MODE_REL_PINNED_HARD);
	pks_provoke_spin(&handled);
	migrate_enable();
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
	kunmap_local(map);
}

static void pks_provoke_in_timer(struct timer_list *timer)
{
	if (!above_holder())
		return;
	pks_provoke_try_write(handed_addr);
	WRITE_ONCE(handled, true);
}

#define SOFTIRQ_TRIES	10

static noinline void pks_provoke_timer(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));
	struct timer_list timer;
	unsigned int tries;

	timer_setup_on_stack(&timer, pks_provoke_in_timer, TIMER_PINNED);
	handed_addr = map + offset_in_page(addr);
	handled = false;
	holder = current;
	migrate_disable();
	for (tries = 0; tries < SOFTIRQ_TRIES && !READ_ONCE(handled); tries++) {
		if (tries)
			msleep(50);	/* lets ksoftirqd run */
		mod_timer(&timer, jiffies + 2);
		pks_provoke_spin(&handled);
		del_timer_sync(&timer);
	}
	migrate_enable();
	destroy_timer_on_stack(&timer);
	kunmap_local(map);
}

static void pks_provoke_in_tasklet(struct tasklet_struct *tasklet)
{
	if (!above_holder())
		return;
	pks_provoke_try_write(handed_addr);
	WRITE_ONCE(handled, true);
}

/* local_bh_enable() runs it, unless ksoftirqd is about to. */
static void run_tasklet(struct tasklet_struct *tasklet)
{
	local_bh_disable();
	tasklet_schedule(tasklet);
	local_bh_enable();
	tasklet_unlock_wait(tasklet);
}

/* A softirq that is no interrupt: the thread runs it itself. */
static noinline void pks_provoke_softirq(void *addr)
{
	struct page *page = virt_to_page(addr);
	struct tasklet_struct tasklet;
	unsigned int tries;

	handed_addr = kmap_thread(page) + offset_in_page(addr);
	tasklet_setup(&tasklet, pks_provoke_in_tasklet);
	handled = false;
	holder = current;
	for (tries = 0; tries < SOFTIRQ_TRIES && !READ_ONCE(handled); tries++) {
		if (tries)
			msleep(50);	/* lets ksoftirqd run */
		run_tasklet(&tasklet);
	}
	tasklet_kill(&tasklet);
	kunmap_thread(page);
}

static int pks_provoke_in_nmi(unsigned int cmd, struct pt_regs *regs)
{
	pks_provoke_try_write(handed_addr);
	WRITE_ONCE(handled, true);
	return NMI_HANDLED;
}

static void raise_nmi(void *addr)
{
	if (register_nmi_handler(NMI_LOCAL, pks_provoke_in_nmi, 0, "pks_provoke"))
		return;
	handed_addr = addr;
	handled = false;
	migrate_disable();
	apic->send_IPI(smp_processor_id(), NMI_VECTOR);
	pks_provoke_spin(&handled);
	migrate_enable();
	unregister_nmi_handler(NMI_LOCAL, "pks_provoke");
}

static noinline void pks_provoke_nmi(void *addr)
{
	raise_nmi(addr);
}

static noinline void pks_provoke_nmi_mapped(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	raise_nmi(map + offset_in_page(addr));
	kunmap_local(map);
}

/* === An interrupt's mapping, and a region that is not left ================ */

static struct page *irq_page;
static void *irq_map;

static noinline void pks_provoke_map_in_irq(struct irq_work *work)
{
	irq_map = kmap_local_page(irq_page);
	WRITE_ONCE(handled, true);
}

static void unmap_in_irq(struct irq_work *work)
{
	kunmap_local(irq_map);
	WRITE_ONCE(handled, true);
}

static void run_in_irq(void (*run)(struct irq_work *work))
{
	struct irq_work work = IRQ_WORK_INIT_HARD(run);

	handled = false;
	irq_work_queue(&work);
	pks_provoke_spin(&handled);
	irq_work_sync(&work);
}

/* What the interrupt maps ends for the thread when the interrupt returns. */
static noinline void pks_provoke_irq_maps(void *addr)
{
	irq_page = virt_to_page(addr);
	migrate_disable();
	run_in_irq(pks_provoke_map_in_irq);
	pks_provoke_try_write(irq_map + offset_in_page(addr));
	run_in_irq(unmap_in_irq);
	migrate_enable();
}

static noinline int pks_provoke_returns_early(void *addr)
{
	u64 *map = kmap_atomic(virt_to_page(addr));

	/* there is no such thing in it: what would have to be unmapped stays */
	if (*map != PKS_PROVOKE_PATTERN)
		return -EINVAL;
	kunmap_atomic(map);
	return 0;
}

static noinline void pks_provoke_early_return(void *addr)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(pks_provoke_in_irq);
	bool left = pks_provoke_returns_early(addr);

	handed_addr = addr;
	handled = false;
	irq_work_queue(&work);
	pks_provoke_spin(&handled);
	if (left)
		kunmap_atomic((void *)((unsigned long)addr & PAGE_MASK));
	irq_work_sync(&work);
}

const struct pks_provocation pks_provoke_context[] = {
	{ "workqueue",		pks_provoke_workqueue },
	{ "kthread",		pks_provoke_kthread },
	{ "kthread-atomic",	pks_provoke_kthread_atomic },
	{ "leaked",		pks_provoke_leaked },
	{ "ipi",		pks_provoke_ipi },
	{ "rcu",		pks_provoke_rcu },
	{ "hardirq",		pks_provoke_hardirq },
	{ "hardirq-mapped",	pks_provoke_hardirq_mapped },
	{ "hrtimer",		pks_provoke_hrtimer },
	{ "timer",		pks_provoke_timer },
	{ "softirq",		pks_provoke_softirq },
	{ "nmi",		pks_provoke_nmi },
	{ "nmi-mapped",		pks_provoke_nmi_mapped },
	{ "irq-maps",		pks_provoke_irq_maps },
	{ "early-return",	pks_provoke_early_return },
	{}
};
