// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: what a thread has, it has after everything that can come between, and
 * nobody who comes between has it.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/extable.h>
#include <linux/hw_breakpoint.h>
#include <linux/kdebug.h>
#include <linux/kthread.h>
#include <linux/nmi.h>
#include <linux/perf_event.h>
#include <linux/pks.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <asm/apic.h>
#include <asm/extable.h>
#include <asm/pks.h>
#include <asm/pks_msr.h>
#include <asm/trapnr.h>
#include "pks_test.h"

/* The page of the running test; exceptions have no argument. */
static struct pks_test_page page;
static int pkey;

static int context_init(struct kunit *test)
{
	pks_test_need_pks(test);
	pkey = pks_test_key(test);
	KUNIT_ASSERT_TRUE(test, pks_test_map(&page, pkey, PAGE_SHIFT));
	return 0;
}

static void context_exit(struct kunit *test)
{
	if (!pks_available())
		return;
	KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
	KUNIT_EXPECT_EQ(test, pks_current_pkrs(), PKRS_DEFAULT);
	pks_test_unmap(&page);
	pks_key_free(pkey);
}

/* === Exceptions =========================================================== */

/**
 * struct seen - what an exception handler found
 * @times: it ran
 * @allowed: accesses that were allowed
 * @msr: IA32_PKRS
 */
static struct seen {
	unsigned int times;
	unsigned int allowed;
	u32 msr;
} seen;

/* In a handler: look, take faults of both kinds, and leave a grant behind. */
static void look(void)
{
	seen.times++;
	seen.msr = pks_test_msr();
	seen.allowed += pks_test_read(page.addr);
	seen.allowed += pks_test_write(page.addr);
	seen.allowed += pks_test_read((void *)-8l);	/* not mapped at all */
	pks_get(pkey);
	if (!pks_test_write(page.addr))
		seen.allowed += 100;	/* its own grant must work, too */
}

static void expect_kept(struct kunit *test, void (*raise)(void))
{
	seen = (struct seen){};
	pks_get(pkey);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	raise();
	KUNIT_EXPECT_EQ(test, seen.times, 1);
	KUNIT_EXPECT_EQ(test, seen.msr, PKRS_DEFAULT);
	KUNIT_EXPECT_EQ(test, seen.allowed, 0);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	KUNIT_EXPECT_EQ(test, current->thread.pks.nest[pkey], 1);
	pks_put(pkey);
	KUNIT_EXPECT_FALSE(test, pks_test_read(page.addr));
}

static int die_notify(struct notifier_block *nb, unsigned long reason, void *data)
{
	if (reason != DIE_INT3)
		return NOTIFY_DONE;
	look();
	return NOTIFY_STOP;
}

static struct notifier_block die_block = { .notifier_call = die_notify };

static void raise_int3(void)
{
	asm volatile("int3");
}

static void test_breakpoint(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, register_die_notifier(&die_block), 0);
	expect_kept(test, raise_int3);
	unregister_die_notifier(&die_block);
}

static void (*nmi_body)(void);

static int nmi_handler(unsigned int cmd, struct pt_regs *regs)
{
	nmi_body();
	return NMI_HANDLED;
}

static void raise_nmi(void)
{
	unsigned int old = READ_ONCE(seen.times);

	preempt_disable();
	apic->send_IPI(smp_processor_id(), NMI_VECTOR);
	while (READ_ONCE(seen.times) == old)
		cpu_relax();
	preempt_enable();
}

static void take_nmi(struct kunit *test, void (*handler)(void))
{
	nmi_body = handler;
	KUNIT_ASSERT_EQ(test, 0, register_nmi_handler(NMI_LOCAL, nmi_handler, 0,
						      "pks_kunit"));
}

static void test_nmi(struct kunit *test)
{
	take_nmi(test, look);
	expect_kept(test, raise_nmi);
	unregister_nmi_handler(NMI_LOCAL, "pks_kunit");
}

/* What another CPU does by kmap(), by the only means that an NMI has. */
static void open_for_all(void)
{
	pks_global_abandon(pkey);
	WRITE_ONCE(seen.times, seen.times + 1);
}

/*
 * The NMI comes when a writer has written the MSR and has not yet noted it, and
 * meanwhile the key is opened for everybody. What the writer is about to note
 * must be what the MSR then has, or nobody would close the key on this CPU.
 */
static void test_nmi_in_write(struct kunit *test)
{
	u32 wrote, msr, cache;
	unsigned long flags;

	take_nmi(test, open_for_all);
	seen = (struct seen){};
	local_irq_save(flags);
	wrote = pks_test_msr();
	this_cpu_write(pkrs_cache, PKRS_UNKNOWN);
	raise_nmi();
	msr = pks_test_msr();
	cache = this_cpu_read(pkrs_cache);
	this_cpu_write(pkrs_cache, wrote);
	local_irq_restore(flags);
	unregister_nmi_handler(NMI_LOCAL, "pks_kunit");
	KUNIT_EXPECT_EQ(test, seen.times, 1);
	KUNIT_EXPECT_EQ(test, msr, wrote);
	KUNIT_EXPECT_EQ(test, cache, PKRS_UNKNOWN);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	pks_global_reclaim(pkey);
	KUNIT_EXPECT_FALSE(test, pks_test_read(page.addr));
}

static u64 watched;

static void watch_handler(struct perf_event *event, struct perf_sample_data *data,
			  struct pt_regs *regs)
{
	look();
}

static void raise_debug(void)
{
	WRITE_ONCE(watched, 1);
}

static void test_debug(struct kunit *test)
{
	struct perf_event * __percpu *event;
	struct perf_event_attr attr;

	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)&watched;
	attr.bp_len = HW_BREAKPOINT_LEN_8;
	attr.bp_type = HW_BREAKPOINT_W;
	event = register_wide_hw_breakpoint(&attr, watch_handler, NULL);
	if (IS_ERR((void __force *)event))
		kunit_skip(test, "no debug register");
	expect_kept(test, raise_debug);
	unregister_wide_hw_breakpoint(event);
}

/* The outer fault is resolved; those that look() takes meanwhile are denied. */
static bool resolve(struct pt_regs *regs, unsigned long address, bool write)
{
	if (seen.times)
		return fixup_exception(regs, X86_TRAP_PF, 0, 0);
	look();
	pks_update_exception(regs, pkey, 0);
	return true;
}

/* The fault handler faults itself; the access comes through all the same. */
static void test_fault(struct kunit *test)
{
	seen = (struct seen){};
	pks_key_free(pkey);
	pkey = pks_key_alloc("kunit", resolve);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	KUNIT_EXPECT_EQ(test, seen.times, 1);
	KUNIT_EXPECT_EQ(test, seen.msr, PKRS_DEFAULT);
	KUNIT_EXPECT_EQ(test, seen.allowed, 0);
	KUNIT_EXPECT_EQ(test, current->thread.pks.nest[pkey], 0);
	pks_mknoaccess(pkey, false);
}

/* === Time on the CPU ====================================================== */

/**
 * struct spinner - a thread that accesses the page all the time
 * @task: the thread
 * @holds: it has a grant
 * @wrong: accesses that should not have been as they were
 * @done: accesses
 */
struct spinner {
	struct task_struct *task;
	bool holds;
	unsigned long wrong, done;
};

static int spin(void *data)
{
	struct spinner *s = data;

	if (s->holds)
		pks_get(pkey);
	while (!kthread_should_stop()) {
		s->wrong += pks_test_write(page.addr) != s->holds;
		s->done++;
	}
	if (s->holds)
		pks_put(pkey);
	return 0;
}

/* Two threads on one CPU that never give it up are preempted by the timer. */
static void test_preemption(struct kunit *test)
{
	unsigned int cpu = cpumask_first(cpu_online_mask);
	struct spinner s[] = { { .holds = true }, {} };
	int i;

	if (!IS_ENABLED(CONFIG_PREEMPTION))
		kunit_skip(test, "this kernel does not preempt");
	for (i = 0; i < 2; i++) {
		s[i].task = pks_test_run_on(cpu, spin, &s[i], "pks-spin");
		KUNIT_ASSERT_NOT_NULL(test, s[i].task);
	}
	msleep(1000);
	for (i = 0; i < 2; i++) {
		kthread_stop(s[i].task);
		KUNIT_EXPECT_GT(test, s[i].done, 0);
		KUNIT_EXPECT_EQ(test, s[i].wrong, 0);
	}
}

static void test_sleep_and_move(struct kunit *test)
{
	unsigned int cpu;
	int round;

	pks_get(pkey);
	for (round = 0; round < 20; round++) {
		for_each_online_cpu(cpu) {
			set_cpus_allowed_ptr(current, cpumask_of(cpu));
			KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), cpu);
			KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
			usleep_range(100, 200);
			KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
		}
	}
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	pks_put(pkey);
}

/**
 * struct visitor - a thread that looks once
 * @done: it has looked
 * @allowed: what it may
 * @msr: IA32_PKRS
 */
struct visitor {
	struct completion done;
	bool allowed;
	u32 msr;
};

static int visit(void *data)
{
	struct visitor *v = data;

	v->msr = pks_test_msr();
	v->allowed = pks_test_read(page.addr);
	complete(&v->done);
	return 0;
}

static void expect_stranger(struct kunit *test, unsigned int cpu)
{
	struct visitor v = {};

	init_completion(&v.done);
	KUNIT_ASSERT_NOT_NULL(test, pks_test_run_on(cpu, visit, &v, "pks-visit"));
	wait_for_completion(&v.done);
	KUNIT_EXPECT_EQ(test, v.msr, PKRS_DEFAULT);
	KUNIT_EXPECT_FALSE(test, v.allowed);
}

static void test_hotplug(struct kunit *test)
{
	if (num_online_cpus() < 2)
		kunit_skip(test, "one CPU");
	if (!IS_ENABLED(CONFIG_HOTPLUG_CPU))
		kunit_skip(test, "no CPU hotplug");
	pks_get(pkey);
	KUNIT_ASSERT_EQ(test, remove_cpu(1), 0);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	KUNIT_ASSERT_EQ(test, add_cpu(1), 0);
	expect_stranger(test, 1);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	pks_put(pkey);
}

/* === New tasks =========================================================== */

static int child(void *data)
{
	visit(data);
	do_exit(0);	/* there is no user mode to return to */
}

/* The copy of a task that holds a grant holds none. */
static void test_fork(struct kunit *test)
{
	struct visitor v = {};

	init_completion(&v.done);
	pks_get(pkey);
	KUNIT_ASSERT_GT(test, user_mode_thread(child, &v, CLONE_FS), 0);
	wait_for_completion(&v.done);
	KUNIT_EXPECT_FALSE(test, v.allowed);
	KUNIT_EXPECT_EQ(test, v.msr, PKRS_DEFAULT);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	pks_put(pkey);
}

static struct kunit_case pks_context_cases[] = {
	KUNIT_CASE(test_breakpoint),
	KUNIT_CASE(test_nmi),
	KUNIT_CASE(test_nmi_in_write),
	KUNIT_CASE(test_debug),
	KUNIT_CASE(test_fault),
	KUNIT_CASE(test_preemption),
	KUNIT_CASE(test_sleep_and_move),
	KUNIT_CASE(test_hotplug),
	KUNIT_CASE(test_fork),
	{}
};

static struct kunit_suite pks_context_suite = {
	.name = "pks_context",
	.init = context_init,
	.exit = context_exit,
	.test_cases = pks_context_cases,
};

kunit_test_suite(pks_context_suite);
