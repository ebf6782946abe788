// SPDX-License-Identifier: GPL-2.0
/* What is mapped now, for the call sites; sites.h has how it works. */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include "sites.h"

#define WAYS	8u
#define SETS	(OPEN_NR / WAYS)

/**
 * struct open - an entry
 * @state: PKSDIAG_STATE_*
 * @m: the mapping, if that is COMMITTED
 */
struct open {
	unsigned int state;
	struct kmap_mapping m;
};

static struct open *entries __ro_after_init;

/* Sets that have lost a mapping: what is not found there may have been one. */
static DECLARE_BITMAP(lossy, SETS);

/* An entry is being written for some instructions, unless its writer was interrupted. */
#define TRIES	64u

/* Sections have no page, and would all be in one set. */
static unsigned int set_of(unsigned long pfn, unsigned int type)
{
	u64 what = type == PKSDIAG_MAP_DAX ? (unsigned long)current : pfn;

	return hash_64(what, ilog2(SETS));
}

static bool claim(struct open *o, unsigned int state)
{
	return READ_ONCE(o->state) == state &&
	       cmpxchg(&o->state, state, PKSDIAG_STATE_WRITING) == state;
}

static void release(struct open *o, unsigned int state)
{
	smp_store_release(&o->state, state);	/* the mapping before it */
}

static void put(struct open *o, const struct kmap_mapping *m)
{
	o->m = *m;
	release(o, PKSDIAG_STATE_COMMITTED);
}

/* Nobody needs what a task has left behind: its violation is known. */
static bool is_left(const struct open *o)
{
	return !READ_ONCE(o->m.task) || READ_ONCE(o->m.kept);
}

static bool replace_left(struct open *o, const struct kmap_mapping *m)
{
	if (!is_left(o) || !claim(o, PKSDIAG_STATE_COMMITTED))
		return false;
	if (!is_left(o)) {
		release(o, PKSDIAG_STATE_COMMITTED);
		return false;
	}
	put(o, m);
	return true;
}

/**
 * kmap_open_lose - a mapping is in force that is not known
 * @pfn: of this page
 * @type: enum pksdiag_mapping
 *
 * Context: Any.
 */
void kmap_open_lose(unsigned long pfn, unsigned int type)
{
	set_bit(set_of(pfn, type), lossy);
}

/**
 * kmap_open_add - a mapping is in force from now on
 * @m: the mapping
 *
 * Context: Any.
 * Return: false if there is no room; that is counted.
 */
bool kmap_open_add(const struct kmap_mapping *m)
{
	struct open *set = &entries[set_of(m->pfn, m->type) * WAYS];
	unsigned int i;

	for (i = 0; i < WAYS; i++) {
		if (claim(&set[i], PKSDIAG_STATE_FREE)) {
			put(&set[i], m);
			return true;
		}
	}
	kmap_open_lose(m->pfn, m->type);
	for (i = 0; i < WAYS; i++)
		if (replace_left(&set[i], m))
			return true;
	kmap_sites_count(PKSDIAG_SC_NO_OPEN);
	return false;
}

/*
 * How well an entry fits an unmap: this task's of the type, another's of the type, this
 * task's of another type, one that was left behind; then the last. 0: not at all. The
 * entry may change meanwhile, unless it is the current task's.
 */
static u64 fit(const struct open *o, unsigned long pfn, unsigned int type)
{
	bool mine = READ_ONCE(o->m.task) == current;
	unsigned int had = READ_ONCE(o->m.type);
	u64 rank;

	if (READ_ONCE(o->m.pfn) != pfn || (had != type && !mine))
		return 0;
	/* a section is no page, and everybody's look the same */
	if ((had == PKSDIAG_MAP_DAX || type == PKSDIAG_MAP_DAX) && (had != type || !mine))
		return 0;
	if (mine)
		rank = had == type ? 3 : 1;
	else
		rank = is_left(o) ? 0 : 2;
	return rank << 62 | (READ_ONCE(o->m.when) & GENMASK_ULL(61, 0));
}

/* NULL: there is none, or with @busy one may have been overlooked. */
static struct open *best_of(struct open *set, unsigned long pfn, unsigned int type,
			    bool *busy)
{
	struct open *best = NULL;
	u64 most = 0;
	unsigned int i;

	*busy = false;
	for (i = 0; i < WAYS; i++) {
		unsigned int state = READ_ONCE(set[i].state);
		u64 value = state == PKSDIAG_STATE_COMMITTED ? fit(&set[i], pfn, type) : 0;

		if (state == PKSDIAG_STATE_WRITING)
			*busy = true;
		if (value > most) {
			most = value;
			best = &set[i];
		}
	}
	return best;
}

/* Takes it, if it still is what it was. */
static bool take(struct open *o, unsigned long pfn, unsigned int type,
		 struct kmap_mapping *m)
{
	if (!claim(o, PKSDIAG_STATE_COMMITTED))
		return false;
	if (!fit(o, pfn, type)) {
		release(o, PKSDIAG_STATE_COMMITTED);
		return false;
	}
	*m = o->m;
	release(o, PKSDIAG_STATE_FREE);
	return true;
}

/**
 * kmap_open_take - an unmap: which mapping does it end?
 * @pfn: the page
 * @type: as it is unmapped
 * @m: filled with the mapping, which is in force no more: one of the same type by
 *	this task, else one of the same type by another, else one of another type
 *	by this task, else one that a task has left behind
 *
 * Context: Any.
 * Return: 0; -ENOENT if there is none; -EBUSY if there may be one.
 */
int kmap_open_take(unsigned long pfn, unsigned int type, struct kmap_mapping *m)
{
	struct open *set = &entries[set_of(pfn, type) * WAYS];
	unsigned int tries;
	bool busy;

	for (tries = 0; tries < TRIES; tries++) {
		struct open *o = best_of(set, pfn, type, &busy);

		if (o && take(o, pfn, type, m))
			return 0;
		if (!o && !busy)
			return test_bit(set_of(pfn, type), lossy) ? -EBUSY : -ENOENT;
		cpu_relax();
	}
	return -EBUSY;
}

/**
 * kmap_open_each_mine - for each mapping that this task has
 * @call: what to do; it may change the mapping
 *
 * Context: Any. It is slow: all entries are looked at.
 */
void kmap_open_each_mine(void (*call)(struct kmap_mapping *m))
{
	unsigned int i;

	for (i = 0; i < OPEN_NR; i++) {
		struct open *o = &entries[i];

		if (READ_ONCE(o->m.task) != current || !claim(o, PKSDIAG_STATE_COMMITTED))
			continue;
		if (o->m.task == current && o->m.pid == current->pid)
			call(&o->m);
		release(o, PKSDIAG_STATE_COMMITTED);
	}
}

/**
 * kmap_sites_make_open - get the memory
 *
 * Context: Boot.
 * Return: 0 or -ENOMEM.
 */
int __init kmap_sites_make_open(void)
{
	entries = alloc_pages_exact(OPEN_NR * sizeof(*entries), GFP_KERNEL | __GFP_ZERO);
	return entries ? 0 : -ENOMEM;
}
