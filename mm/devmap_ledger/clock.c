// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger's clock: the time-stamp counter, because every mapping is stamped
 * twice and CLOCK_MONOTONIC costs ten times as much. Readers turn its ticks
 * into that by pksdiag_clock_ns().
 *
 * It stops in a suspend like CLOCK_MONOTONIC, but not in a suspend to idle, which
 * the processor does not notice: what was mapped before one seems to be older by
 * as long as it took.
 *
 * Its rate is measured, since the kernel's tsc_khz is only right if the kernel
 * itself keeps time by the counter: one that it calibrated badly it drops.
 */
#include <linux/devmap_ledger.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/syscore_ops.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <asm/tsc.h>
#include "ledger.h"

u64 ledger_clock_base __read_mostly;

/* Ticks in a millisecond: what the boot found, until measure() knows better. */
static u32 clock_khz __read_mostly;

/**
 * devmap_ledger_now - this moment, by both clocks
 *
 * Context: Any, NMI included.
 */
struct pksdiag_clock devmap_ledger_now(void)
{
	return (struct pksdiag_clock){
		.ticks = ledger_clock(),
		.ns = ktime_get_mono_fast_ns(),
		.khz = READ_ONCE(clock_khz),
	};
}

/* === Rate ================================================================= */

#define MOMENTS		16	/* the best of so many is good enough */
#define MEASURE_FOR	(HZ / 4)

/* A moment at which as little as can be came between the two readings. */
static struct pksdiag_clock best_moment(void)
{
	struct pksdiag_clock best = {}, now;
	u64 took, least = U64_MAX;
	unsigned int i;

	for (i = 0; i < MOMENTS; i++) {
		now = devmap_ledger_now();
		took = ledger_clock() - now.ticks;
		if (took >= least)
			continue;
		least = took;
		best = now;
	}
	return best;
}

static void measure(struct work_struct *work);
static DECLARE_DELAYED_WORK(measure_work, measure);

/* The rate is constant: once is enough, but without a suspend in between. */
static void measure(struct work_struct *work)
{
	static struct pksdiag_clock begin;
	static ktime_t begin_slept;
	ktime_t slept = ktime_mono_to_any(0, TK_OFFS_BOOT);
	struct pksdiag_clock now = best_moment();

	if (begin.ns && slept == begin_slept && now.ns > begin.ns) {
		WRITE_ONCE(clock_khz, mul_u64_u64_div_u64(now.ticks - begin.ticks,
							  NSEC_PER_MSEC,
							  now.ns - begin.ns));
		return;
	}
	begin = now;
	begin_slept = slept;
	schedule_delayed_work(&measure_work, MEASURE_FOR);
}

/* === Suspend ============================================================== */

static struct pksdiag_clock suspended;

static int clock_suspend(void)
{
	suspended = devmap_ledger_now();
	return 0;
}

/* The counter may have begun anew; it is to be where CLOCK_MONOTONIC is. */
static void clock_resume(void)
{
	struct pksdiag_clock now = devmap_ledger_now();
	u64 awake = mul_u64_u64_div_u64(now.ns - suspended.ns, now.khz, NSEC_PER_MSEC);

	ledger_clock_base += suspended.ticks + awake - now.ticks;
}

static struct syscore_ops clock_ops = {
	.suspend	= clock_suspend,
	.resume		= clock_resume,
};

/* === Set-up =============================================================== */

/**
 * ledger_clock_init - start the clock
 *
 * Return: false if nobody knows how fast it is.
 */
bool __init ledger_clock_init(void)
{
	clock_khz = tsc_khz;
	if (!clock_khz)
		pr_warn("pksdiag: no mapping ledger: no time-stamp counter of a known rate\n");
	return clock_khz;
}

/*
 * When the kernel has chosen its clock, and after timekeeping has registered for
 * suspends: who comes later is suspended before it and resumed after it.
 */
static int __init ledger_clock_start(void)
{
	if (!clock_khz)
		return 0;
	register_syscore_ops(&clock_ops);
	measure(NULL);
	return 0;
}
late_initcall(ledger_clock_start);
