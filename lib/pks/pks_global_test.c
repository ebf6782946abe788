// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: the global PKRS. Who is granted it, when it ends, and that kmap() uses
 * it.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/highmem.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/pks.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <asm/pks.h>
#include "pks_test.h"

/* === One thread on each CPU, spinning ===================================== */

/* What the spinning threads must find. */
enum phase {
	ANY,		/* being changed */
	OPEN,
	CLOSED,
};

/**
 * struct spinner - one of them
 * @task: the thread
 * @crew: shared by all
 * @seen: the last phase that it has seen several times
 * @wrong: accesses that were allowed when closed, or denied when open
 */
struct spinner {
	struct task_struct *task;
	struct crew *crew;
	unsigned int seen;
	unsigned long wrong;
};

/**
 * struct crew - a spinning thread on each CPU
 * @addr: what they access
 * @phase: enum phase in the low two bits, above it a number
 * @nr: threads
 * @spinners: one for each online CPU
 */
struct crew {
	void *addr;
	unsigned int phase;
	unsigned int nr;
	struct spinner spinners[NR_CPUS];
};

/* One access; true if the phase was the same before and after it. */
static bool try_access(struct spinner *s, unsigned int *phase)
{
	bool allowed;

	/* the phase, then the access (pairs with set_phase()) ... */
	*phase = smp_load_acquire(&s->crew->phase);
	allowed = pks_test_write(s->crew->addr);
	smp_rmb();	/* ... then the phase again */
	if (*phase != READ_ONCE(s->crew->phase))
		return false;
	if ((*phase & 3) != ANY)
		s->wrong += allowed != ((*phase & 3) == OPEN);
	return true;
}

static int spin(void *data)
{
	unsigned int phase, last = 0, times = 0;
	struct spinner *s = data;

	while (!kthread_should_stop()) {
		cond_resched();
		if (!try_access(s, &phase))
			continue;
		times = phase == last ? times + 1 : 1;
		last = phase;
		if (times == 3)
			WRITE_ONCE(s->seen, phase);
	}
	return 0;
}

static struct crew *start_crew(struct kunit *test, void *addr)
{
	struct crew *crew = kunit_kzalloc(test, sizeof(*crew), GFP_KERNEL);
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, crew);
	crew->addr = addr;
	for_each_online_cpu(cpu) {
		struct spinner *s = &crew->spinners[crew->nr];

		s->crew = crew;
		s->task = pks_test_run_on(cpu, spin, s, "pks-spin");
		if (s->task)
			crew->nr++;
	}
	KUNIT_EXPECT_EQ(test, crew->nr, num_online_cpus());
	return crew;
}

static void set_phase(struct crew *crew, enum phase phase)
{
	/* what was done to the key is done; pairs with try_access() */
	smp_store_release(&crew->phase, ((crew->phase >> 2) + 1) << 2 | phase);
}

/* Until each thread has accessed the page several times in this phase. */
static void wait_all(struct kunit *test, struct crew *crew)
{
	unsigned int i, tries = 0;

	for (i = 0; i < crew->nr; i++)
		while (READ_ONCE(crew->spinners[i].seen) != crew->phase && tries++ < 20000)
			usleep_range(500, 1000);
	KUNIT_EXPECT_LT_MSG(test, tries, 20000u, "a thread does not run");
}

static void stop_crew(struct kunit *test, struct crew *crew)
{
	unsigned int i;

	for (i = 0; i < crew->nr; i++) {
		kthread_stop(crew->spinners[i].task);
		KUNIT_EXPECT_EQ_MSG(test, crew->spinners[i].wrong, 0ul,
				    "thread %u", i);
	}
}

/* From the moment at which the revoke returns, no CPU has access. */
static void test_every_cpu(struct kunit *test)
{
	struct pks_test_page p;
	struct crew *crew;
	int pkey, round;

	pks_test_need_pks(test);
	pkey = pks_test_key(test);
	KUNIT_ASSERT_TRUE(test, pks_test_map(&p, pkey, PAGE_SHIFT));
	crew = start_crew(test, p.addr);
	set_phase(crew, CLOSED);
	wait_all(test, crew);
	for (round = 0; round < 20; round++) {
		set_phase(crew, ANY);
		pks_mkrdwr(pkey, true);
		set_phase(crew, OPEN);
		wait_all(test, crew);
		set_phase(crew, ANY);
		pks_mknoaccess(pkey, true);
		set_phase(crew, CLOSED);
		wait_all(test, crew);
	}
	stop_crew(test, crew);
	pks_test_unmap(&p);
	pks_key_free(pkey);
}

/* Two users of kmap() and a page of a real device: the last one closes it. */
static void test_kmap_two_users(struct kunit *test)
{
	struct page *page;
	struct crew *crew;
	void *a, *b;

	pks_test_need_pks(test);
	page = pks_test_device_page();
	if (!page)
		kunit_skip(test, "no protected device");
	KUNIT_EXPECT_FALSE(test, pks_test_write(page_address(page)));
	a = kmap(page);
	b = kmap(page);
	KUNIT_EXPECT_PTR_EQ(test, a, b);
	crew = start_crew(test, a);
	set_phase(crew, OPEN);
	wait_all(test, crew);
	kunmap(page);
	set_phase(crew, OPEN);
	wait_all(test, crew);
	KUNIT_EXPECT_TRUE(test, pks_test_write(b));
	set_phase(crew, ANY);
	kunmap(page);
	set_phase(crew, CLOSED);
	wait_all(test, crew);
	KUNIT_EXPECT_FALSE(test, pks_test_write(b));
	stop_crew(test, crew);
}

/* === Whom it reaches ====================================================== */

static struct pks_test_page page;
static int pkey;

static void open_page(struct kunit *test)
{
	pks_test_need_pks(test);
	pkey = pks_test_key(test);
	KUNIT_ASSERT_TRUE(test, pks_test_map(&page, pkey, PAGE_SHIFT));
}

static void close_page(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, pks_global(), PKRS_DEFAULT);
	KUNIT_EXPECT_EQ(test, pks_global_users(pkey), 0u);
	KUNIT_EXPECT_EQ(test, pks_current_pkrs(), PKRS_DEFAULT);
	KUNIT_EXPECT_FALSE(test, pks_test_read(page.addr));
	pks_test_unmap(&page);
	pks_key_free(pkey);
}

/**
 * struct sleeper - a thread that looks when it is told to
 * @go: it is to look
 * @done: it has looked
 * @reads: it may read
 * @writes: it may write
 * @own: what the thread itself has asked for
 */
struct sleeper {
	struct completion go, done;
	bool reads, writes;
	u32 own;
};

static int sleeper(void *data)
{
	struct sleeper *s = data;

	while (wait_for_completion_interruptible(&s->go), !kthread_should_stop()) {
		s->reads = pks_test_read(page.addr);
		s->writes = pks_test_write(page.addr);
		s->own = pks_current_pkrs();
		complete(&s->done);
	}
	return 0;
}

static struct task_struct *start_sleeper(struct kunit *test, struct sleeper *s)
{
	struct task_struct *task;

	init_completion(&s->go);
	init_completion(&s->done);
	task = pks_test_run_on(cpumask_last(cpu_online_mask), sleeper, s, "pks-sleep");
	KUNIT_ASSERT_NOT_NULL(test, task);
	return task;
}

static void expect_sleeper(struct kunit *test, struct sleeper *s, bool reads,
			   bool writes)
{
	complete(&s->go);
	wait_for_completion(&s->done);
	KUNIT_EXPECT_EQ(test, s->reads, reads);
	KUNIT_EXPECT_EQ(test, s->writes, writes);
	KUNIT_EXPECT_EQ(test, s->own, PKRS_DEFAULT);
}

static void stop_sleeper(struct task_struct *task, struct sleeper *s)
{
	complete(&s->go);
	kthread_stop(task);
}

/* A thread that slept meanwhile, and one that is younger than the grant. */
static void test_threads(struct kunit *test)
{
	struct task_struct *old_task, *new_task;
	struct sleeper old, new;

	open_page(test);
	old_task = start_sleeper(test, &old);
	expect_sleeper(test, &old, false, false);
	pks_mkrdwr(pkey, true);
	KUNIT_EXPECT_EQ(test, pks_current_pkrs(), PKRS_DEFAULT);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	new_task = start_sleeper(test, &new);
	expect_sleeper(test, &old, true, true);
	expect_sleeper(test, &new, true, true);
	pks_mknoaccess(pkey, true);
	expect_sleeper(test, &old, false, false);
	expect_sleeper(test, &new, false, false);
	stop_sleeper(old_task, &old);
	stop_sleeper(new_task, &new);
	close_page(test);
}

/* The widest right counts, until the last grant ends; whoever ends it. */
static void test_read_only(struct kunit *test)
{
	struct task_struct *task;
	struct sleeper s;

	open_page(test);
	task = start_sleeper(test, &s);
	pks_mkread(pkey, true);
	expect_sleeper(test, &s, true, false);
	pks_mkrdwr(pkey, true);
	expect_sleeper(test, &s, true, true);
	pks_mkread(pkey, true);
	expect_sleeper(test, &s, true, true);
	pks_mknoaccess(pkey, true);
	pks_mknoaccess(pkey, true);
	expect_sleeper(test, &s, true, true);
	pks_mknoaccess(pkey, true);
	expect_sleeper(test, &s, false, false);
	stop_sleeper(task, &s);
	close_page(test);
}

/* The thread's own access and everybody's do not touch each other. */
static void test_own_and_global(struct kunit *test)
{
	open_page(test);
	pks_get(pkey);
	pks_mkrdwr(pkey, true);
	pks_put(pkey);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	pks_get(pkey);
	pks_mknoaccess(pkey, true);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	pks_put(pkey);
	close_page(test);
}

/* === Where nobody can wait ================================================ */

static bool irq_allowed;

static void look_in_irq(struct irq_work *work)
{
	irq_allowed = pks_test_write(page.addr);
}

static void test_interrupt(struct kunit *test)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(look_in_irq);

	open_page(test);
	pks_mkrdwr(pkey, true);
	irq_work_queue(&work);
	irq_work_sync(&work);
	KUNIT_EXPECT_TRUE(test, irq_allowed);
	pks_mknoaccess(pkey, true);
	irq_work_queue(&work);
	irq_work_sync(&work);
	KUNIT_EXPECT_FALSE(test, irq_allowed);
	close_page(test);
}

static void revoke_in_irq(struct irq_work *work)
{
	pks_mknoaccess(pkey, true);
}

static void revoke_with_irqs_off(void)
{
	unsigned long flags;

	local_irq_save(flags);
	pks_mknoaccess(pkey, true);
	local_irq_restore(flags);
}

static void revoke_by_irq(void)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(revoke_in_irq);

	irq_work_queue(&work);
	irq_work_sync(&work);
}

/* Interrupts by which this CPU was called, so far; of the others only. */
static unsigned long calls(unsigned int cpu)
{
	return cpu == raw_smp_processor_id() ? 0 : per_cpu(irq_stat, cpu).irq_call_count;
}

/* Then it is soon, on every CPU, which is called, and counted. */
static void try_deferred(struct kunit *test, void (*revoke)(void))
{
	struct pks_global_stats before, after;
	unsigned long *called = kunit_kcalloc(test, nr_cpu_ids, sizeof(*called),
					      GFP_KERNEL);
	struct crew *crew;
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, called);
	open_page(test);
	crew = start_crew(test, page.addr);
	pks_mkrdwr(pkey, true);
	set_phase(crew, OPEN);
	wait_all(test, crew);
	set_phase(crew, ANY);
	pks_global_stats(&before);
	migrate_disable();
	for_each_online_cpu(cpu)
		called[cpu] = calls(cpu);
	revoke();
	pks_global_stats(&after);
	KUNIT_EXPECT_EQ(test, after.revokes, before.revokes + 1);
	KUNIT_EXPECT_EQ(test, after.deferred, before.deferred + 1);
	/* "soon" is the interrupt that is on its way */
	msleep(50);
	for_each_online_cpu(cpu)
		if (cpu != raw_smp_processor_id())
			KUNIT_EXPECT_GT(test, calls(cpu), called[cpu]);
	migrate_enable();
	set_phase(crew, CLOSED);
	wait_all(test, crew);
	stop_crew(test, crew);
	close_page(test);
}

static void test_deferred(struct kunit *test)
{
	try_deferred(test, revoke_with_irqs_off);
}

static void test_deferred_in_irq(struct kunit *test)
{
	try_deferred(test, revoke_by_irq);
}

/* A key that is given back takes its grants with it. */
static void test_key_free(struct kunit *test)
{
	int key;

	pks_test_need_pks(test);
	key = pks_test_key(test);
	pks_mkrdwr(key, true);
	pks_mkread(key, true);
	KUNIT_EXPECT_EQ(test, pks_global_users(key), 2u);
	pks_key_free(key);
	KUNIT_EXPECT_EQ(test, pks_global_users(key), 0u);
	KUNIT_EXPECT_EQ(test, pks_global(), PKRS_DEFAULT);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
}

/* A key that was given up stays open, whoever is granted it and is not any more. */
static void test_abandoned(struct kunit *test)
{
	open_page(test);
	KUNIT_EXPECT_FALSE(test, pks_test_write(page.addr));
	pks_global_abandon(pkey);
	KUNIT_EXPECT_TRUE(test, pks_global_abandoned(pkey));
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	pks_mkrdwr(pkey, true);
	pks_mknoaccess(pkey, true);
	KUNIT_EXPECT_TRUE(test, pks_test_write(page.addr));
	KUNIT_EXPECT_EQ(test, pks_current_pkrs(), PKRS_DEFAULT);
	pks_global_reclaim(pkey);
	KUNIT_EXPECT_FALSE(test, pks_global_abandoned(pkey));
	KUNIT_EXPECT_FALSE(test, pks_test_write(page.addr));
	KUNIT_EXPECT_EQ(test, pks_global(), PKRS_DEFAULT);
	close_page(test);
}

static struct kunit_case pks_global_cases[] = {
	KUNIT_CASE(test_threads),
	KUNIT_CASE(test_read_only),
	KUNIT_CASE(test_own_and_global),
	KUNIT_CASE(test_interrupt),
	KUNIT_CASE(test_every_cpu),
	KUNIT_CASE(test_kmap_two_users),
	KUNIT_CASE(test_deferred),
	KUNIT_CASE(test_deferred_in_irq),
	KUNIT_CASE(test_key_free),
	KUNIT_CASE(test_abandoned),
	{}
};

static struct kunit_suite pks_global_suite = {
	.name = "pks_global",
	.test_cases = pks_global_cases,
};

kunit_test_suite(pks_global_suite);
