/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private to the ledger's writers and readers.
 *
 * DOC: the ledger
 *
 * One array of entries in three parts. An entry's place is found by what one
 * will look for at a fault, so that a look-up is a few entries and no walk:
 *
 *   part      place by          holds
 *   ----      --------          -----
 *   pages     page frame        mappings of one page, now or the last ones
 *   tasks     task              sections, and unmaps that matched nothing
 *   handouts  caller            what dax_direct_access() gave out; by caller,
 *                               so that file systems, which ask for it at every
 *                               access, do not push out a driver that asks once
 *
 * A place is a set of LEDGER_WAYS entries. A new mapping takes the one whose
 * mapping ended first; what is still mapped is never overwritten. If everything
 * is, the mapping is dropped, and that is counted like what is forgotten.
 *
 * Writers run in any context and take no lock. The state word says who may
 * touch an entry (sequence and state as in a slot of the record ring):
 *
 *   FREE, COMMITTED --cmpxchg--> WRITING --store-release--> COMMITTED
 *
 * Only who made it WRITING writes the rest. An NMI that comes meanwhile sees
 * WRITING and takes another entry, so nobody waits. A reader copies an entry
 * and believes the copy if the word was COMMITTED before (load-acquire, pairs
 * with the store-release) and is the same after it (smp_rmb() between).
 */
#ifndef _MM_DEVMAP_LEDGER_LEDGER_H
#define _MM_DEVMAP_LEDGER_LEDGER_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/timex.h>
#include <linux/types.h>
#include <uapi/linux/pksdiag.h>

#define LEDGER_WAYS	4u
#define LEDGER_HANDOUTS	128u	/* entries; a fault looks at those in use */

/**
 * struct ledger - where the parts are
 * @pages: sets by page frame, 1 << @page_shift of them
 * @tasks: sets by task, 1 << @task_shift of them
 * @handouts: LEDGER_HANDOUTS entries
 * @forgot: for each set of @pages how much it has lost, with LEDGER_DROPPED
 * @page_shift: log2
 * @task_shift: log2
 */
struct ledger {
	struct pksdiag_owner *pages;
	struct pksdiag_owner *tasks;
	struct pksdiag_owner *handouts;
	atomic_t *forgot;
	unsigned int page_shift;
	unsigned int task_shift;
};

extern struct ledger devmap_ledger;
extern struct pksdiag_ledger pksdiag_ledger;

static __always_inline unsigned long ledger_page_set(unsigned long pfn)
{
	return hash_64(pfn, devmap_ledger.page_shift);
}

/* Mappings were dropped: later unmaps match nothing, and that means nothing. */
#define LEDGER_DROPPED	BIT(31)

/* Beyond this nobody counts: far from the flag, however many count at once. */
#define LEDGER_FORGOT_MOST	BIT(30)

/* How many mappings of pages in the same set are not known any more. */
static inline u32 ledger_forgot(unsigned long pfn)
{
	u32 forgot = atomic_read(&devmap_ledger.forgot[ledger_page_set(pfn)]);

	return (forgot & ~LEDGER_DROPPED) + !!(forgot & LEDGER_DROPPED);
}

static __always_inline struct pksdiag_owner *ledger_pages(unsigned long pfn)
{
	return devmap_ledger.pages + ledger_page_set(pfn) * LEDGER_WAYS;
}

static __always_inline struct pksdiag_owner *ledger_tasks(u64 task)
{
	return devmap_ledger.tasks +
	       hash_64(task, devmap_ledger.task_shift) * LEDGER_WAYS;
}

static __always_inline unsigned int ledger_handout_set(unsigned long ip)
{
	return hash_64(ip, ilog2(LEDGER_HANDOUTS / LEDGER_WAYS));
}

static inline bool ledger_committed(u64 state)
{
	return (state & PKSDIAG_STATE_MASK) == PKSDIAG_STATE_COMMITTED;
}

/*
 * The word, before anything else of the entry: who then takes the entry by
 * cmpxchg from that word has seen what belongs to it.
 */
static __always_inline u64 ledger_state(const struct pksdiag_owner *o)
{
	return smp_load_acquire(&o->state);	/* before the entry */
}

/* Mapped now, as far as one can tell without the word. */
static inline bool ledger_open(const struct pksdiag_owner *o)
{
	return ledger_committed(READ_ONCE(o->state)) && !READ_ONCE(o->unmap_time);
}

/* Where what this task's mappings of a type may have lost is kept. */
static inline struct pksdiag_owner *ledger_losses(unsigned int type)
{
	return ledger_tasks(type == PKSDIAG_MAP_KMAP ? 0 : (unsigned long)current);
}

/* A task_struct may have been another task's before. */
static __always_inline bool ledger_is_mine(const struct pksdiag_owner *o)
{
	return o->task == (unsigned long)current && o->map_pid == current->pid;
}

/* clock.c */
extern u64 ledger_clock_base;

static __always_inline u64 ledger_clock(void)
{
	return get_cycles() + ledger_clock_base;
}

bool ledger_clock_init(void);

/* find.c */
bool ledger_copy(const struct pksdiag_owner *o, struct pksdiag_owner *copy);

#endif /* _MM_DEVMAP_LEDGER_LEDGER_H */
