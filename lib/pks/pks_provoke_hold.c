// SPDX-License-Identifier: GPL-2.0
/*
 * Provocations that hold a mapping while something happens: another CPU that
 * has not heard of it, a suspend, a device that goes away, an exec, the end of
 * the thread. What must come of it is in the log.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/binfmts.h>
#include <linux/completion.h>
#include <linux/dax.h>
#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/pks.h>
#include <linux/umh.h>
#include <trace/events/sched.h>
#include <asm/pks.h>
#include "pks_provoke.h"

static unsigned int hold_ms = 3000;
module_param(hold_ms, uint, 0600);
MODULE_PARM_DESC(hold_ms, "How long a provocation holds its mapping");

static const char *left(void)
{
	if (pks_current_pkrs() != PKRS_DEFAULT)
		return "access of its own";
	if (pks_global() != PKRS_DEFAULT)
		return "access for everybody";
	if (memchr_inv(current->thread.pks.nest, 0, sizeof(current->thread.pks.nest)))
		return "counts";
	return "nothing";
}

/* === Another CPU ========================================================== */

/**
 * struct late - a CPU that does not hear of a grant
 * @addr: what it accesses
 * @waits: it has interrupts off
 * @go: the grant is there
 * @done: it has accessed the page
 */
struct late {
	void *addr;
	bool waits, go;
	struct completion done;
};

static int late_thread(void *data)
{
	struct late *late = data;

	local_irq_disable();
	WRITE_ONCE(late->waits, true);
	/* the grant comes before the word that tells of it */
	while (!smp_load_acquire(&late->go))
		cpu_relax();
	(void)READ_ONCE(*(u64 *)late->addr);
	local_irq_enable();
	complete(&late->done);
	return 0;
}

static noinline void pks_provoke_run_late(struct page *page, struct late *late)
{
	/* nobody may want an answer of the other CPU meanwhile: what kmap() does */
	preempt_disable();
	while (!READ_ONCE(late->waits))
		cpu_relax();
	devmap_map_page_global(page);
	smp_store_release(&late->go, true);	/* mapped before told */
	preempt_enable();
	wait_for_completion(&late->done);
	kunmap(page);
}

/* One access on another CPU that has not applied the grant yet. */
static noinline void pks_provoke_global_lag(void *addr)
{
	struct late late = { .addr = addr };
	struct task_struct *task;
	unsigned int cpu;

	init_completion(&late.done);
	migrate_disable();
	cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	if (cpu < nr_cpu_ids) {
		task = kthread_create(late_thread, &late, "pks-late");
		if (!IS_ERR(task)) {
			kthread_bind(task, cpu);
			wake_up_process(task);
			pks_provoke_run_late(virt_to_page(addr), &late);
		}
	}
	migrate_enable();
	pr_info("global lag left %s behind\n", left());
}

/* === Time, and the device ================================================= */

/* The thread sleeps with the page mapped, and has it when it wakes up. */
static noinline void pks_provoke_hold(void *addr)
{
	struct page *page = virt_to_page(addr);
	u64 *mapped = kmap_thread(page);

	msleep(hold_ms);
	WRITE_ONCE(*mapped, READ_ONCE(*mapped));
	kunmap_thread(page);
	pr_info("hold: access came through, left %s behind\n", left());
}

/* The device is taken away meanwhile: only the unmapping must work. */
static noinline void pks_provoke_hold_unplug(void *addr)
{
	struct page *page = virt_to_page(addr);
	void *local;

	kmap(page);
	kmap_thread(page);
	local = kmap_local_page(page);
	msleep(hold_ms);
	kunmap_local(local);
	kunmap_thread(page);
	kunmap(page);
	pr_info("hold-unplug: left %s behind\n", left());
}

/**
 * pks_provoke_in_section - run something in a DAX section
 * @run: what
 * @addr: passed on
 *
 * Context: As dax_read_lock().
 */
void pks_provoke_in_section(void (*run)(void *addr), void *addr)
{
	int id = dax_read_lock();

	run(addr);
	dax_read_unlock(id);
}
EXPORT_SYMBOL_GPL(pks_provoke_in_section);

/* The device can not go away before this section ends. */
static noinline void pks_provoke_hold_section(void *addr)
{
	int id = dax_read_lock();

	msleep(hold_ms);
	WRITE_ONCE(*(u64 *)addr, READ_ONCE(*(u64 *)addr));
	dax_read_unlock(id);
	pr_info("hold-section: access came through, left %s behind\n", left());
}

/* === The end of the program, and of the thread ============================ */

static struct page *exec_page;

static int map_before_exec(struct subprocess_info *info, struct cred *new)
{
	kmap_local_page(exec_page);
	pr_info("exec: before it has %s\n", left());
	return 0;
}

static void at_exec(void *unused, struct task_struct *task, pid_t old_pid,
		    struct linux_binprm *bprm)
{
	if (!strcmp(bprm->filename, "/bin/true"))
		pr_info("exec: after it has %s\n", left());
}

/* A task that holds a mapping becomes another program. */
static noinline void pks_provoke_exec(void *addr)
{
	char *argv[2] = { "/bin/true" }, *envp[1] = {};
	struct subprocess_info *info;

	exec_page = virt_to_page(addr);
	if (register_trace_sched_process_exec(at_exec, NULL))
		return;
	info = call_usermodehelper_setup(argv[0], argv, envp, GFP_KERNEL,
					 map_before_exec, NULL, NULL);
	if (info)
		call_usermodehelper_exec(info, UMH_WAIT_PROC);
	unregister_trace_sched_process_exec(at_exec, NULL);
	tracepoint_synchronize_unregister();
}

/* Mapped and never unmapped: the thread ends with it. */
static noinline void pks_provoke_leak(void *addr)
{
	kmap_thread(virt_to_page(addr));
	kmap_thread(virt_to_page(addr) + 1);
	kunmap_thread(virt_to_page(addr) + 1);
}

const struct pks_provocation pks_provoke_holding[] = {
	{ "global-lag",		pks_provoke_global_lag },
	{ "hold",		pks_provoke_hold },
	{ "hold-unplug",	pks_provoke_hold_unplug },
	{ "hold-section",	pks_provoke_hold_section },
	{ "exec",		pks_provoke_exec },
	{ "leak",		pks_provoke_leak },
	{}
};
