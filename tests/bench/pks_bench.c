// SPDX-License-Identifier: GPL-2.0
/*
 * What mapping a page, a context switch, an interrupt and a page fault cost,
 * in instructions: the same source for the stock kernel and for ours.
 *
 * For a guest under QEMU's -icount with one processor: there one instruction
 * takes one tick of the time-stamp counter. Reading /sys/kernel/debug/pks_bench
 * measures and prints one line a row,
 *
 *	NAME <tab> MEDIAN <tab> MIN <tab> MAX <tab> MSR-WRITES <tab> SAMPLES
 *
 * with the writes of IA32_PKRS summed over all samples.
 */
#include <linux/completion.h>
#include <linux/dax.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/sort.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION
#include <linux/pks.h>
#include <trace/events/pks.h>
#endif

static unsigned long pfn;
module_param(pfn, ulong, 0444);
MODULE_PARM_DESC(pfn, "a page of a pmem device");

#define SAMPLES	256

/**
 * struct series - many measurements of one operation
 * @page: what it works on
 * @nr: measurements so far
 * @cost: ticks of each, the measuring included
 * @msr_writes: over all of them
 */
struct series {
	struct page *page;
	unsigned int nr;
	u32 cost[SAMPLES];
	u64 msr_writes;
};

static struct series series;
static u32 empty;	/* what measuring nothing costs */

/* === Measuring ============================================================ */

/*
 * The low half of the time-stamp counter, straight to memory: the compiler can
 * move nothing across it.
 */
static __always_inline void stamp(u32 *where)
{
	asm volatile("rdtsc\n\tmovl %%eax, %0"
		     : "=m" (*where) : : "eax", "edx", "memory");
}

/*
 * The same before an operation on @page: the compiler no longer knows it then,
 * so that all of the work on it comes after the stamp.
 */
static __always_inline struct page *stamp_before(u32 *where, struct page *page)
{
	asm volatile("rdtsc\n\tmovl %%eax, %0"
		     : "=m" (*where), "+r" (page) : : "eax", "edx", "memory");
	return page;
}

/* Somebody needs this value, and nobody knows what comes out. */
static __always_inline void *use(void *value)
{
	asm volatile("" : "+r" (value) : : "memory");
	return value;
}

static u64 msr_writes(void)
{
	u64 writes = 0;

#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION
	preempt_disable();
	writes = pks_msr_writes();
	preempt_enable();
#endif
	return writes;
}

/*
 * Come away from the next tick, so that it disturbs no measurement: there are
 * ten million instructions between two (HZ=100), and no series takes a million.
 */
static void wait_for_tick(void)
{
	static unsigned long tick;
	static u64 when;

	if (tick && !time_after(jiffies, tick) && rdtsc() - when < NSEC_PER_MSEC * 5)
		return;
	tick = jiffies;
	while (!time_after(jiffies, tick))
		cpu_relax();
	tick = jiffies;
	when = rdtsc();
}

static void series_begin(struct series *s)
{
	wait_for_tick();
	s->nr = 0;
	s->msr_writes = msr_writes();
}

static void series_end(struct series *s)
{
	s->msr_writes = msr_writes() - s->msr_writes;
}

/*
 * OPERATION, many times over. It is compiled in place, as at a call site, since
 * most of what it costs is inline; and as at most of them, the page is in a
 * register before and after it.
 */
#define DEFINE_BENCH(name, operation)					\
static noinline void name(struct series *s)				\
{									\
	struct page *page;						\
	u32 from, to;							\
									\
	for (series_begin(s); s->nr < SAMPLES; s->nr++) {		\
		page = stamp_before(&from, READ_ONCE(s->page));		\
		operation;						\
		use(page);						\
		stamp(&to);						\
		s->cost[s->nr] = to - from;				\
	}								\
	series_end(s);							\
}

/* === Operations =========================================================== */

static void *hole;	/* nothing is mapped there */

static inline void map_local(struct page *page)
{
	void *addr = use(kmap_local_page(page));

	kunmap_local(addr);
}

static inline void map_everywhere(struct page *page)
{
	use(kmap(page));
	kunmap(page);
}

static inline void map_everywhere_and_read(struct page *page)
{
	u64 *addr = kmap(page);

	(void)READ_ONCE(*addr);
	kunmap(page);
}

#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION
static inline void map_thread(struct page *page)
{
	use(kmap_thread(page));
	kunmap_thread(page);
}
#endif

static inline void dax_section(void)
{
	dax_read_unlock(dax_read_lock());
}

static inline void fault(void)
{
	u64 value;

	(void)copy_from_kernel_nofault(&value, hole, sizeof(value));
}

DEFINE_BENCH(bench_nothing, (void)page)
DEFINE_BENCH(bench_ten_nops, asm volatile(".rept 10; nop; .endr"))
DEFINE_BENCH(bench_local, map_local(page))
DEFINE_BENCH(bench_everywhere, map_everywhere(page))
DEFINE_BENCH(bench_everywhere_and_read, map_everywhere_and_read(page))
#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION
DEFINE_BENCH(bench_thread, map_thread(page))
#else
#define bench_thread	NULL
#endif
DEFINE_BENCH(bench_dax_section, dax_section())
DEFINE_BENCH(bench_fault, fault())

/* === Faults on protected pages ============================================ */

#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION
/* Denied, recorded, fixed up. */
static inline void denied_access(struct page *page)
{
	u64 value;

	(void)copy_from_kernel_nofault(&value, page_address(page), sizeof(value));
}

DEFINE_BENCH(bench_record_and_fixup, denied_access(page))

static u32 committed;	/* when a record was */
static u32 entries;	/* of its stack trace */

static void note_commit(void *unused, const struct pksdiag_record *r)
{
	stamp(&committed);
	entries = r->stack_nr;
}

/* From the access to the record: nobody is told before it is committed. */
static void record_often(struct series *s)
{
	u32 from;

	s->nr = 0;
	entries = 0;
	if (register_trace_pks_fault(note_commit, NULL))
		return;
	denied_access(s->page);
	for (series_begin(s); entries && s->nr < SAMPLES; s->nr++) {
		stamp(&from);
		denied_access(s->page);
		s->cost[s->nr] = committed - from;
	}
	series_end(s);
	unregister_trace_pks_fault(note_commit, NULL);
	tracepoint_synchronize_unregister();
}

static noinline void bench_record_deep(struct series *s)
{
	record_often(s);
}

static DECLARE_COMPLETION(recorded);

static int record_thread(void *data)
{
	record_often(data);
	kthread_complete_and_exit(&recorded, 0);
}

/* With few callers. */
static void bench_record(struct series *s)
{
	s->nr = 0;
	reinit_completion(&recorded);
	if (!IS_ERR(kthread_run(record_thread, s, "pks-bench")))
		wait_for_completion(&recorded);
}

static void row_of_entries(struct seq_file *out, const char *name)
{
	if (entries)
		seq_printf(out, "%s\t%u\t%u\t%u\t0\t1\n", name,
			   entries, entries, entries);
}

/* The keys of the first devices; which of them is the page's does not matter. */
#define DEVICE_KEYS	4

/*
 * A key is opened for everybody, and this processor has not noticed: what a
 * kmap() on another one leaves behind.
 */
static noinline void bench_lag(struct series *s)
{
	u64 *addr = page_address(s->page);
	u32 from, to;
	int pkey;

	for (series_begin(s); s->nr < SAMPLES; s->nr++) {
		for (pkey = 1; pkey <= DEVICE_KEYS; pkey++)
			pks_global_abandon(pkey);
		stamp(&from);
		(void)READ_ONCE(*addr);
		stamp(&to);
		for (pkey = 1; pkey <= DEVICE_KEYS; pkey++)
			pks_global_reclaim(pkey);
		s->cost[s->nr] = to - from;
	}
	series_end(s);
}
#else
#define bench_record_and_fixup	NULL
#define bench_lag	NULL
#endif

/* === Context switch ======================================================= */

static u32 switch_from;

/**
 * struct switcher - a thread that gives up the processor again and again
 * @s: to be filled
 * @page: it holds a mapping of this meanwhile, or NULL
 * @start: waited for
 * @done: completed at the end
 */
struct switcher {
	struct series *s;
	struct page *page;
	struct completion *start;
	struct completion done;
};

static void note_switch(struct series *s, u32 cost)
{
	if (s->nr == SAMPLES)
		return;
	s->cost[s->nr++] = cost;
	if (s->nr == SAMPLES)
		series_end(s);
}

/* From before one thread's yield() to behind the other's. */
static void switch_often(struct series *s)
{
	u32 to;

	/* the second thread to come here begins the series, at its first yield() */
	s->msr_writes = msr_writes();
	stamp(&switch_from);
	while (s->nr < SAMPLES) {
		yield();
		stamp(&to);
		note_switch(s, to - switch_from);
		stamp(&switch_from);
	}
}

static int switcher_thread(void *data)
{
	struct switcher *switcher = data;
	void *addr = NULL;

	sched_set_fifo(current);
	if (switcher->page)
		addr = kmap_local_page(switcher->page);
	wait_for_completion(switcher->start);
	switch_often(switcher->s);
	if (addr)
		kunmap_local(addr);
	kthread_complete_and_exit(&switcher->done, 0);
}

static int switcher_run(struct switcher *switcher)
{
	struct task_struct *task;

	init_completion(&switcher->done);
	task = kthread_run(switcher_thread, switcher, "pks-bench");
	if (!IS_ERR(task))
		return 0;
	complete(&switcher->done);
	return PTR_ERR(task);
}

/* Two threads take turns; @s->page, if there is one, is held by the first. */
static void bench_switch(struct series *s)
{
	DECLARE_COMPLETION_ONSTACK(start);
	struct switcher one = { .s = s, .page = s->page, .start = &start };
	struct switcher two = { .s = s, .start = &start };
	int failed = switcher_run(&one) | switcher_run(&two);

	msleep(20);	/* both wait */
	series_begin(s);
	/* neither runs before both can */
	preempt_disable();
	complete_all(&start);
	preempt_enable();
	wait_for_completion(&one.done);
	wait_for_completion(&two.done);
	if (failed)
		s->nr = 0;
}

/* === Timer interrupt ====================================================== */

#define TIMER_NS	5000
#define INTERRUPTED	150	/* ticks; no turn of the loop takes as many */

static enum hrtimer_restart timer_expired(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}

/*
 * By how much the turn with the interrupt is longer than the one before, and
 * what measuring costs, which is taken off everything.
 */
static u32 one_interrupt(struct hrtimer *timer)
{
	u32 before, turn = 0, last, now;

	hrtimer_start(timer, ns_to_ktime(TIMER_NS), HRTIMER_MODE_REL_HARD);
	stamp(&now);
	do {
		before = turn;
		last = now;
		stamp(&now);
		turn = now - last;
	} while (turn < INTERRUPTED);
	return turn - before + empty;
}

static void bench_timer(struct series *s)
{
	struct hrtimer timer;

	hrtimer_init_on_stack(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer.function = timer_expired;
	preempt_disable();
	for (series_begin(s); s->nr < SAMPLES; s->nr++)
		s->cost[s->nr] = one_interrupt(&timer);
	preempt_enable();
	series_end(s);
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
}

/* === Rows ================================================================= */

static int by_cost(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u32 net(u32 cost)
{
	return cost > empty ? cost - empty : 0;
}

/* @run is NULL if this kernel has no such operation. */
static void row(struct seq_file *out, const char *name,
		void (*run)(struct series *s), struct page *page)
{
	struct series *s = &series;

	if (!run)
		return;
	s->page = page;
	run(s);
	if (s->nr < SAMPLES)
		return;
	sort(s->cost, SAMPLES, sizeof(*s->cost), by_cost, NULL);
	if (run == bench_nothing)
		empty = s->cost[SAMPLES / 2];
	seq_printf(out, "%s\t%u\t%u\t%u\t%llu\t%u\n", name,
		   net(s->cost[SAMPLES / 2]), net(s->cost[0]),
		   net(s->cost[SAMPLES - 1]), s->msr_writes, SAMPLES);
}

static void rows_of_dram(struct seq_file *out, struct page *page)
{
	row(out, "local dram", bench_local, page);
	row(out, "thread dram", bench_thread, page);
	row(out, "kmap dram", bench_everywhere, page);
}

static void rows_of_first(struct seq_file *out, struct page *page)
{
	row(out, "local first", bench_local, page);
	row(out, "thread first", bench_thread, page);
	row(out, "kmap first", bench_everywhere, page);
	row(out, "kmap first read", bench_everywhere_and_read, page);
}

static void rows_of_nested(struct seq_file *out, struct page *page)
{
	void *addr = kmap_local_page(page);

	row(out, "local nested", bench_local, page);
	row(out, "thread nested", bench_thread, page);
	kunmap_local(addr);

	(void)READ_ONCE(*(u64 *)kmap(page));
	row(out, "kmap nested", bench_everywhere, page);
	kunmap(page);
}

#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION
static void rows_of_record(struct seq_file *out, struct page *page)
{
	row(out, "record", bench_record, page);
	row_of_entries(out, "record entries");
	row(out, "record deep", bench_record_deep, page);
	row_of_entries(out, "record deep entries");
}
#else
static void rows_of_record(struct seq_file *out, struct page *page) { }
#endif

static struct page *device_page(void)
{
	struct page *page = pfn_valid(pfn) ? pfn_to_page(pfn) : NULL;

	return page && is_zone_device_page(page) ? page : NULL;
}

/* The measuring itself comes first: it is taken off all that follows. */
static void rows_of_calibration(struct seq_file *out)
{
	empty = 0;
	row(out, "empty", bench_nothing, NULL);
	row(out, "ten nops", bench_ten_nops, NULL);
}

static int pks_bench_show(struct seq_file *out, void *unused)
{
	struct page *device = device_page();

	rows_of_calibration(out);
	rows_of_dram(out, virt_to_page(out));
	if (device) {
		rows_of_first(out, device);
		rows_of_nested(out, device);
		row(out, "switch holding", bench_switch, device);
		row(out, "lag", bench_lag, device);
		row(out, "record and fixup", bench_record_and_fixup, device);
		rows_of_record(out, device);
	}
	row(out, "dax section", bench_dax_section, NULL);
	row(out, "switch", bench_switch, NULL);
	row(out, "timer", bench_timer, NULL);
	row(out, "fault", bench_fault, NULL);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pks_bench);

/* For what user space measures. */
static int pks_bench_msr_show(struct seq_file *out, void *unused)
{
	seq_printf(out, "%llu\n", msr_writes());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pks_bench_msr);

static struct dentry *files[2];

static int __init bench_init(void)
{
	void *page = vmalloc(PAGE_SIZE);

	if (!page)
		return -ENOMEM;
	hole = page + PAGE_SIZE;	/* its guard page */
	files[0] = debugfs_create_file("pks_bench", 0400, NULL, NULL,
				       &pks_bench_fops);
	files[1] = debugfs_create_file("pks_bench_msr", 0400, NULL, NULL,
				       &pks_bench_msr_fops);
	return 0;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	debugfs_remove(files[0]);
	debugfs_remove(files[1]);
	vfree(hole - PAGE_SIZE);
}
module_exit(bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Costs of memory protection in instructions");
