// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger's clock: the time-stamp counter, because every mapping is stamped
 * twice and CLOCK_MONOTONIC costs ten times as much. Readers turn its ticks
 * into that by pksdiag_clock_ns().
 *
 * It stops in a suspend like CLOCK_MONOTONIC, but not in a suspend to idle, which
 * the processor does not notice: what was mapped before one seems to be older by
 * as long as it took.
 */
#include <linux/devmap_ledger.h>
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/syscore_ops.h>
#include <asm/tsc.h>
#include "ledger.h"

u64 ledger_clock_base __read_mostly;

static u64 suspended_at;

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
		.khz = tsc_khz,
	};
}

static int clock_suspend(void)
{
	suspended_at = ledger_clock();
	return 0;
}

/* The counter may have begun anew. */
static void clock_resume(void)
{
	ledger_clock_base = suspended_at - get_cycles();
}

static struct syscore_ops clock_ops = {
	.suspend	= clock_suspend,
	.resume		= clock_resume,
};

/**
 * ledger_clock_init - start the clock
 *
 * Return: false if nobody knows how fast it is.
 */
bool __init ledger_clock_init(void)
{
	if (!tsc_khz) {
		pr_warn("pksdiag: no mapping ledger: no time-stamp counter of a known rate\n");
		return false;
	}
	register_syscore_ops(&clock_ops);
	return true;
}
