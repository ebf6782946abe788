// SPDX-License-Identifier: GPL-2.0
/*
 * What the mapping ledger knows of a page that was accessed; devmap_ledger.h
 * has how it works. Runs in the fault path: a bounded number of entries, no
 * lock, NMI-safe.
 */
#include <linux/devmap_ledger.h>
#include <linux/devmap_protection.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "ledger.h"

/**
 * ledger_copy - read an entry
 * @o: the entry
 * @copy: filled
 *
 * Context: Any.
 * Return: true if @copy is a mapping as it was at one time.
 */
bool ledger_copy(const struct pksdiag_owner *o, struct pksdiag_owner *copy)
{
	u64 state = smp_load_acquire(&o->state);	/* the state before the entry */

	memcpy(copy, o, sizeof(*copy));
	copy->state = state;
	smp_rmb();	/* the entry before its state again */
	return ledger_committed(state) && READ_ONCE(o->state) == state;
}

/* === The page ============================================================= */

/*
 * What gives the task access says most. Next is what may have given it the
 * address: what it had itself, or what another one has; the later of them.
 */
static u64 page_rank(const struct pksdiag_owner *o)
{
	bool mine = ledger_is_mine(o), there = !o->unmap_time;
	u64 when = (there ? o->map_time : o->unmap_time) &
		   ~(BIT_ULL(63) | BIT_ULL(62));

	if (there && (mine || o->type == PKSDIAG_MAP_KMAP))
		return BIT_ULL(63) | (mine ? BIT_ULL(62) : 0) | when;
	return when | (there || mine ? BIT_ULL(62) : 0);
}

/* Sets @busy if an entry of the page is just being written. */
static const struct pksdiag_owner *find_page(unsigned long pfn, bool *busy)
{
	const struct pksdiag_owner *set = ledger_pages(pfn), *best = NULL;
	u64 most = 0;
	unsigned int i;

	*busy = false;
	for (i = 0; i < LEDGER_WAYS; i++) {
		if (set[i].pfn != pfn)
			continue;
		if (!ledger_committed(READ_ONCE(set[i].state))) {
			*busy = true;
			continue;
		}
		if (page_rank(&set[i]) < most)
			continue;
		most = page_rank(&set[i]);
		best = &set[i];
	}
	return best;
}

#define TRIES	4

/*
 * The best entry of the page. If others write all the time, or this interrupted
 * the one who does, or what is found began after the fault, then there was
 * something that is not known any more, and to say "nobody" would be wrong.
 */
static bool copy_owner_of(struct pksdiag_record *r, struct pksdiag_owner *copy,
			  const struct pksdiag_clock *now)
{
	const struct pksdiag_owner *o;
	unsigned int tries;
	bool busy;

	for (tries = 0; tries < TRIES; tries++) {
		o = find_page(r->pfn, &busy);
		if (!o && !busy)
			return false;
		if (o && ledger_copy(o, copy) && copy->pfn == r->pfn &&
		    copy->map_time <= now->ticks)
			return true;
	}
	r->forgot++;
	return false;
}

static void fill_owner(struct pksdiag_record *r, const struct pksdiag_owner *o,
		       const struct pksdiag_clock *now)
{
	r->flags |= PKSDIAG_F_OWNER;
	if (!o->unmap_time)
		r->flags |= PKSDIAG_F_MAPPED;
	r->mapping = o->type;
	r->owner_ip = o->map_ip;
	r->owner_ns = pksdiag_clock_ns(now, o->map_time);
	r->owner_pid = o->map_pid;
	r->owner_task = o->task;
	r->owner_cpu = o->cpu;
	r->owner_nest = o->nest;
	r->owner_context = o->context;
	memcpy(r->owner_comm, o->comm, sizeof(r->owner_comm) - 1);
	memcpy(r->owner_stack, o->stack, sizeof(r->owner_stack));
	r->unmap_ip = o->unmap_ip;
	r->unmap_ns = pksdiag_clock_ns(now, o->unmap_time);
	r->unmap_pid = o->unmap_pid;
}

/* === The neighbours ======================================================= */

/* May the faulting code use what it maps? What kmap() maps, all may. */
static bool is_neighbour(const struct pksdiag_record *r,
			 const struct pksdiag_owner *o, unsigned long pfn)
{
	return o->pfn == pfn && ledger_open(o) &&
	       (o->type == PKSDIAG_MAP_KMAP ||
		(ledger_is_mine(o) && o->context == r->context));
}

static bool fill_neighbour(struct pksdiag_record *r, unsigned long pfn)
{
	const struct pksdiag_owner *set = ledger_pages(pfn);
	struct pksdiag_owner o;
	unsigned int i;

	for (i = 0; i < LEDGER_WAYS; i++) {
		if (!is_neighbour(r, &set[i], pfn) || !ledger_copy(&set[i], &o) ||
		    !is_neighbour(r, &o, pfn))
			continue;
		r->flags |= PKSDIAG_F_NEAR;
		r->near_pfn = pfn;
		r->near_ip = o.map_ip;
		r->near_mapping = o.type;
		return true;
	}
	return false;
}

/* === Sections and hand-outs =============================================== */

static bool covers(const struct pksdiag_owner *o, unsigned long pfn)
{
	return !o->pfn || pfn - o->pfn < o->nr_pages;
}

/* A hand-out to code near the fault says most, then the latest one. */
static u64 handout_rank(const struct pksdiag_record *r,
			const struct pksdiag_owner *o)
{
	u64 apart = o->map_ip > r->ip ? o->map_ip - r->ip : r->ip - o->map_ip;

	return (o->map_time & ~BIT_ULL(63)) |
	       (apart < PKSDIAG_NEAR_CODE ? BIT_ULL(63) : 0);
}

/* The better one of @best and what is in @set. */
static const struct pksdiag_owner *better_handout(const struct pksdiag_record *r,
						  const struct pksdiag_owner *best,
						  unsigned int set)
{
	const struct pksdiag_owner *o = devmap_ledger.handouts + set * LEDGER_WAYS;
	const struct pksdiag_owner *end = o + LEDGER_WAYS;

	for (; o < end; o++)
		if (r->pfn - o->pfn < o->nr_pages &&
		    (!best || handout_rank(r, o) >= handout_rank(r, best)))
			best = o;
	return best;
}

static const struct pksdiag_owner *find_handout(const struct pksdiag_record *r)
{
	unsigned long sets = READ_ONCE(pksdiag_ledger.handout_sets);
	const struct pksdiag_owner *best = NULL;

	for (; sets; sets &= sets - 1)
		best = better_handout(r, best, __ffs(sets));
	return best;
}

static void fill_handout(struct pksdiag_record *r, const struct pksdiag_owner *o,
			 const struct pksdiag_clock *now)
{
	r->flags |= PKSDIAG_F_HANDED;
	r->handed_ip = o->map_ip;
	r->handed_ns = pksdiag_clock_ns(now, o->map_time);
	r->handed_addr = (unsigned long)__va(PFN_PHYS(o->pfn));
	r->handed_pages = o->nr_pages;
	r->handed_pid = o->map_pid;
	memcpy(r->handed_comm, o->comm, sizeof(r->handed_comm) - 1);
}

/* Was the section there at that time? */
static bool held_at(const struct pksdiag_owner *section, u64 time)
{
	return section->map_time <= time &&
	       (!section->unmap_time || time <= section->unmap_time);
}

static bool is_section(const struct pksdiag_owner *o, u64 task, unsigned long pfn)
{
	return o->task == task && o->kind == PKSDIAG_OWN_SECTION && covers(o, pfn);
}

/*
 * A section opens the page for @task: at @time, or if that is 0, now and in
 * what this exception interrupted.
 */
static bool fill_section(struct pksdiag_record *r, u64 task, u64 time,
			 const struct pksdiag_clock *now)
{
	const struct pksdiag_owner *set = ledger_tasks(task);
	struct pksdiag_owner o;
	unsigned int i;

	for (i = 0; i < LEDGER_WAYS; i++) {
		if (!is_section(&set[i], task, r->pfn) || !ledger_copy(&set[i], &o) ||
		    !is_section(&o, task, r->pfn))
			continue;
		if (time ? !held_at(&o, time) :
			   o.unmap_time || o.context >= r->context ||
			   o.map_pid != current->pid)
			continue;
		fill_owner(r, &o, now);
		r->flags |= PKSDIAG_F_SECTION;
		return true;
	}
	return false;
}

static bool same_function(unsigned long a, unsigned long b)
{
	unsigned long size, offset;

	return kallsyms_lookup_size_offset(a, &size, &offset) &&
	       b - (a - offset) <= size;
}

/* Did the section end in a function that is still running? Costly, but rare. */
static void note_same_call(struct pksdiag_record *r)
{
	unsigned int i, nr = min_t(unsigned int, r->stack_nr, PKSDIAG_NEAR_FRAMES + 1);

	for (i = 0; r->unmap_ns && i < nr; i++) {
		if (!same_function(r->stack[i], r->unmap_ip))
			continue;
		r->flags |= PKSDIAG_F_SAME_CALL;
		return;
	}
}

static void fill_dax(struct pksdiag_record *r, const struct pksdiag_clock *now)
{
	const struct pksdiag_owner *o = find_handout(r);
	struct pksdiag_owner copy;

	/* another hand-out of the same caller may have taken its place */
	if (!o || !ledger_copy(o, &copy) || r->pfn - copy.pfn >= copy.nr_pages)
		return;
	fill_handout(r, &copy, now);
	if (!(r->flags & PKSDIAG_F_OWNER) &&
	    fill_section(r, copy.task, copy.map_time, now))
		note_same_call(r);
}

/* Only the same key's access can have been taken away. */
static bool same_key(const struct pksdiag_record *r, u64 pfn)
{
	struct devmap_place place;

	return devmap_place(PFN_PHYS(pfn), &place) && place.pkey == r->pkey;
}

/*
 * ... and only by an unmap that takes what such a mapping gave. What was taken
 * from all before this mapping is none of its matter.
 */
static bool may_lack(const struct pksdiag_record *r, const struct pksdiag_owner *lost,
		     const struct pksdiag_clock *now)
{
	if (lost->kind != PKSDIAG_OWN_LOST)
		return false;
	if (r->mapping == PKSDIAG_MAP_KMAP)
		return lost->type == PKSDIAG_MAP_KMAP &&
		       pksdiag_clock_ns(now, lost->unmap_time) >= r->owner_ns;
	return lost->type != PKSDIAG_MAP_KMAP && lost->unmap_pid == current->pid &&
	       lost->task == (unsigned long)current;
}

static void fill_lost(struct pksdiag_record *r, const struct pksdiag_clock *now)
{
	const struct pksdiag_owner *set = ledger_losses(r->mapping);
	struct pksdiag_owner o;
	u64 latest = 0;
	unsigned int i;

	for (i = 0; i < LEDGER_WAYS; i++) {
		if (!may_lack(r, &set[i], now) || !ledger_copy(&set[i], &o) ||
		    !may_lack(r, &o, now) || o.unmap_time < latest || !same_key(r, o.pfn))
			continue;
		latest = o.unmap_time;
		r->flags |= PKSDIAG_F_LOST;
		r->lost_ip = o.unmap_ip;
		r->lost_ns = pksdiag_clock_ns(now, latest);
		r->lost_pfn = o.pfn;
	}
}

/**
 * devmap_ledger_fill - who has mapped the page, its neighbours, and who had
 * @r: the record; pfn, context, ip, stack are set
 * @now: the moment of the fault
 *
 * Context: Any, NMI included; never touches the page.
 */
void devmap_ledger_fill(struct pksdiag_record *r, const struct pksdiag_clock *now)
{
	struct pksdiag_owner copy;

	if (!devmap_ledger_on() || !(r->flags & PKSDIAG_F_PFN))
		return;
	r->flags |= PKSDIAG_F_LEDGER;
	r->forgot = ledger_forgot(r->pfn);
	if (copy_owner_of(r, &copy, now))
		fill_owner(r, &copy, now);
	else if (r->context > PKSDIAG_CTX_TASK)
		fill_section(r, (unsigned long)current, 0, now);
	fill_dax(r, now);
	fill_lost(r, now);
	if (!fill_neighbour(r, r->pfn - 1))
		fill_neighbour(r, r->pfn + 1);
}
