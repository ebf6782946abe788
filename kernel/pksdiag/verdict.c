// SPDX-License-Identifier: GPL-2.0
/*
 * Why was the access denied? The one place that decides; pure, so that the
 * kernel and every reader come to the same answer from the same record.
 *
 * The questions are asked in the order of what their answers are worth: is the
 * denial itself sound (key, register), is the page mapped by somebody, was it,
 * is a neighbour, and only then: what do the registers and the stack know of
 * the page? That last question separates a forgotten map call from a wild
 * pointer. To call the second one the first is the worst mistake there is, so
 * what does not clearly speak for a forgotten call does not count as one.
 */
#include <linux/const.h>
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif
#include "shared.h"

#define PAGE_SHIFT_4K	12
#define PAGE_SIZE_4K	4096u

/* An access this near to a neighbouring page may have run out of it: bytes. */
#define EDGE		64u

#define FACT(name)	_BITULL(PKSDIAG_B_##name)

/* How many return addresses count as "this code": the function, its callers. */
#define NEAR_RETURNS	4u

static struct pksdiag_judgement judgement(unsigned int verdict,
					  unsigned int confidence, __u64 because)
{
	return (struct pksdiag_judgement){
		.verdict = verdict,
		.confidence = confidence,
		.because = because,
	};
}

#define CERTAIN(verdict, because)	\
	judgement(PKSDIAG_V_##verdict, PKSDIAG_CONF_CERTAIN, because)
#define LIKELY(verdict, because)	\
	judgement(PKSDIAG_V_##verdict, PKSDIAG_CONF_LIKELY, because)
#define UNKNOWN(verdict, because)	\
	judgement(PKSDIAG_V_##verdict, PKSDIAG_CONF_UNKNOWN, because)

/* === Is the denial sound? ================================================= */

static __u64 key_facts(const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_PFN))
		return 0;
	if (!(r->flags & PKSDIAG_F_KEY))
		return FACT(KEY_FREE);
	if ((r->flags & PKSDIAG_F_DEVICE) && r->pkey != r->device_pkey)
		return FACT(KEY_FOREIGN);
	return 0;
}

/*
 * The thread asked for access, or the core believes that the register gave
 * it: a fault all the same means that register and core disagree.
 */
static __u64 register_facts(const struct pksdiag_record *r)
{
	__u64 facts = 0;

	if (pksdiag_pkrs_allows(r->pkrs_thread, r->pkey, r->access))
		facts |= FACT(THREAD_ALLOWS);
	if (pksdiag_pkrs_allows(r->pkrs, r->pkey, r->access))
		facts |= FACT(MSR_ALLOWS);
	return facts;
}

/* The key is open for everybody, and this CPU did not know it yet. */
static int global_lag(const struct pksdiag_record *r)
{
	return pksdiag_pkrs_allows(r->pkrs_thread & r->pkrs_global, r->pkey,
				   r->access);
}

static int read_only(const struct pksdiag_record *r)
{
	return r->access == PKSDIAG_ACCESS_WRITE &&
	       pksdiag_pkrs_bits(r->pkrs, r->pkey) == PKSDIAG_WD;
}

/* === Whose code? ========================================================== */

static int in_module(const struct pksdiag_record *r, __u64 ip)
{
	return (r->flags & PKSDIAG_F_MODULE) && ip >= r->module_base &&
	       ip - r->module_base < r->module_size;
}

static int near_code(__u64 a, __u64 b)
{
	return (a > b ? a - b : b - a) < PKSDIAG_NEAR_CODE;
}

/* Is @ip in the code that faulted: its module, or near it or its callers? */
static int same_code(const struct pksdiag_record *r, __u64 ip)
{
	unsigned int i;

	if (!ip)
		return 0;
	if (r->flags & PKSDIAG_F_MODULE)
		return in_module(r, ip);
	if (near_code(ip, r->ip))
		return 1;
	for (i = 1; i < NEAR_RETURNS && i < r->stack_nr; i++)
		if (near_code(ip, r->stack[i]))
			return 1;
	return 0;
}

/* === The mapping ========================================================== */

/* This task took something away after the page was mapped. */
static int lost_since(const struct pksdiag_record *r)
{
	return (r->flags & PKSDIAG_F_LOST) && r->lost_ns >= r->owner_ns;
}

/* Mapped by whoever has no access: then the access was taken away. */
static struct pksdiag_judgement denied_owner(const struct pksdiag_record *r,
					     __u64 because)
{
	if (lost_since(r))
		return LIKELY(AFTER_UNMAP, because | FACT(WRONG_UNMAP));
	return LIKELY(PKRS_MISMATCH, because);
}

/*
 * This task has it mapped, in a context like the one that is denied. An
 * exception has not the rights of what it interrupted, and the next interrupt
 * not those of the last one.
 */
static struct pksdiag_judgement mapped_by_self(const struct pksdiag_record *r,
					       __u64 because)
{
	if (!lost_since(r) && r->flags & PKSDIAG_F_EXCEPTION)
		return CERTAIN(OTHER_CONTEXT, because | FACT(OWNER_BELOW));
	because |= FACT(OWNER_SELF);
	if (!lost_since(r) && r->context > PKSDIAG_CTX_TASK)
		return LIKELY(OTHER_CONTEXT, because);
	return denied_owner(r, because);
}

/* A task_struct may have been another task's before. */
static int owner_is_self(const struct pksdiag_record *r)
{
	return r->owner_task == r->task && r->owner_pid == r->pid;
}

/*
 * A page that another task has mapped may be hit by a stray write as well as any
 * other: it is certain only if the code has to do with whoever mapped it.
 */
static struct pksdiag_judgement mapped_by_other(const struct pksdiag_record *r,
						__u64 because)
{
	int same = same_code(r, r->owner_ip);

	if (same)
		because |= FACT(SAME_CODE);
	if (r->mapping == PKSDIAG_MAP_KMAP)
		return denied_owner(r, because);
	if (r->flags & PKSDIAG_F_SECTION)
		return LIKELY(OTHER_THREAD, because);
	return judgement(PKSDIAG_V_OTHER_THREAD,
			 same ? PKSDIAG_CONF_CERTAIN : PKSDIAG_CONF_LIKELY,
			 because);
}

/* A section opens whole devices: it must be this code's to mean this page. */
static int foreign_section(const struct pksdiag_record *r)
{
	return (r->flags & PKSDIAG_F_SECTION) && !same_code(r, r->owner_ip) &&
	       !same_code(r, r->handed_ip);
}

static struct pksdiag_judgement mapped_now(const struct pksdiag_record *r)
{
	__u64 because = FACT(MAPPED_NOW);

	if (!owner_is_self(r))
		because |= FACT(OWNER_OTHER);
	if (foreign_section(r))
		return UNKNOWN(NEVER_MAPPED, because);
	if (!owner_is_self(r))
		return mapped_by_other(r, because);
	/* every context has what kmap() maps */
	if (r->mapping == PKSDIAG_MAP_KMAP)
		return denied_owner(r, because | FACT(OWNER_SELF));
	if (r->owner_context < r->context)
		return CERTAIN(OTHER_CONTEXT, because | FACT(OWNER_BELOW));
	if (r->owner_context > r->context)
		return LIKELY(OTHER_CONTEXT, because);
	return mapped_by_self(r, because);
}

static __u64 unmap_facts(const struct pksdiag_record *r)
{
	__u64 facts = FACT(UNMAPPED);

	if (owner_is_self(r) || (r->pid && r->unmap_pid == r->pid))
		facts |= FACT(SAME_TASK);
	if (same_code(r, r->owner_ip) || same_code(r, r->unmap_ip))
		facts |= FACT(SAME_CODE);
	/* what was unmapped while the fault was being recorded is recent as well */
	if (r->time_ns < r->unmap_ns ||
	    r->time_ns - r->unmap_ns < PKSDIAG_RECENT_NS)
		facts |= FACT(RECENT);
	return facts;
}

/*
 * What ended a page's mapping ends every right to use its address. A section
 * is another matter: a driver may keep an address over many of them, and
 * forget one.
 */
static struct pksdiag_judgement was_mapped(const struct pksdiag_record *r,
					   __u64 facts)
{
	if (r->flags & PKSDIAG_F_SECTION) {
		if (r->flags & PKSDIAG_F_SAME_CALL)
			return LIKELY(AFTER_UNMAP, facts);
		return UNKNOWN(NEVER_MAPPED, facts);
	}
	if (!(facts & (FACT(SAME_TASK) | FACT(SAME_CODE) | FACT(RECENT))))
		return UNKNOWN(NEVER_MAPPED, facts);
	/* something must tie it to this access, and be no older than that */
	if ((facts & FACT(RECENT)) && (facts & (FACT(SAME_TASK) | FACT(SAME_CODE))))
		return CERTAIN(AFTER_UNMAP, facts);
	return LIKELY(AFTER_UNMAP, facts);
}

/* === The neighbours ======================================================= */

static unsigned int offset_in_page(__u64 address)
{
	return address & (PAGE_SIZE_4K - 1);
}

static int points_at_page(const struct pksdiag_record *r, __u64 page)
{
	unsigned int i;

	for (i = 0; i <= PKSDIAG_REG_R15; i++)
		if (r->regs[i] >> PAGE_SHIFT_4K == page)
			return 1;
	return 0;
}

/* Does the access look as if it came from the page at @step (-1 or 1)? */
static __u64 edge_facts(const struct pksdiag_record *r, int step)
{
	unsigned int offset = offset_in_page(r->address);
	unsigned int away = step < 0 ? offset : PAGE_SIZE_4K - 1 - offset;
	__u64 facts = 0;

	if (away < EDGE)
		facts |= FACT(EDGE);
	if ((r->flags & PKSDIAG_F_REP) ||
	    points_at_page(r, (r->address >> PAGE_SHIFT_4K) + step))
		facts |= FACT(RUNNING);
	return facts;
}

/* Facts of an overrun out of a page that this task may use, or 0. */
static __u64 overrun_facts(const struct pksdiag_record *r)
{
	const __u64 both = FACT(EDGE) | FACT(RUNNING);
	__u64 facts;

	if (r->flags & PKSDIAG_F_NEAR) {
		facts = edge_facts(r, r->near_pfn < r->pfn ? -1 : 1);
		return facts | FACT(NEIGHBOUR);
	}
	if (r->flags & PKSDIAG_F_BEFORE_OPEN) {
		facts = edge_facts(r, -1);
		if (facts == both)
			return facts | FACT(NEIGHBOUR_OPEN);
	}
	if (r->flags & PKSDIAG_F_AFTER_OPEN) {
		facts = edge_facts(r, 1);
		if (facts == both)
			return facts | FACT(NEIGHBOUR_OPEN);
	}
	return 0;
}

static struct pksdiag_judgement overrun(__u64 facts)
{
	if ((facts & FACT(NEIGHBOUR)) && (facts & FACT(EDGE)))
		return CERTAIN(OVERRUN, facts);
	return LIKELY(OVERRUN, facts);
}

/* === What is known of the page ============================================ */

/**
 * pksdiag_clue_is_near - does a clue belong to the faulting code?
 * @clue: the clue
 *
 * Near are the registers, the first frames of the stack, and what those point
 * to. What is further up belongs to whoever called, for whatever reason.
 *
 * Return: non-zero if it does.
 */
int pksdiag_clue_is_near(const struct pksdiag_clue_at *clue)
{
	switch (clue->where) {
	case PKSDIAG_AT_REG:
	case PKSDIAG_AT_REG_OBJECT:
		return 1;
	case PKSDIAG_AT_STACK:
	case PKSDIAG_AT_STACK_OBJECT:
		return clue->frame < PKSDIAG_NEAR_FRAMES;
	default:
		return 0;
	}
}

/*
 * Any number may look like a frame number, and a round one like a physical
 * address; one with a place in the page is no accident.
 */
static __u64 frame_clue(const struct pksdiag_clue_at *clue)
{
	if (!pksdiag_clue_is_near(clue) || clue->what != PKSDIAG_CLUE_PHYS ||
	    !offset_in_page(clue->value))
		return FACT(PAGE_FAR);
	return FACT(FRAME);
}

/* Near it is a fact of its own; who is further up works on many pages. */
static __u64 near_fact(const struct pksdiag_clue_at *clue, __u64 fact)
{
	return pksdiag_clue_is_near(clue) ? fact : FACT(PAGE_FAR);
}

static __u64 clue_facts(const struct pksdiag_clue_at *clue)
{
	switch (clue->what) {
	case PKSDIAG_CLUE_PAGE:
		return near_fact(clue, FACT(PAGE_NEAR));
	case PKSDIAG_CLUE_FOLIO:
		return near_fact(clue, FACT(FOLIO));
	case PKSDIAG_CLUE_INODE:
	case PKSDIAG_CLUE_MAPPING:
		return near_fact(clue, FACT(FILE));
	case PKSDIAG_CLUE_INDEX:
		return pksdiag_clue_is_near(clue) ? FACT(PLACE) : 0;
	case PKSDIAG_CLUE_PFN:
	case PKSDIAG_CLUE_PHYS:
		return frame_clue(clue);
	case PKSDIAG_CLUE_HANDED:
		return pksdiag_clue_is_near(clue) ? FACT(HANDED_HELD) : 0;
	default:
		return 0;
	}
}

static __u64 knowledge(const struct pksdiag_record *r)
{
	__u64 facts = 0;
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_CLUES; i++)
		facts |= clue_facts(&r->clues[i]);
	if (r->flags & PKSDIAG_F_HANDED) {
		facts |= FACT(HANDED_OUT);
		if (same_code(r, r->handed_ip))
			facts |= FACT(HANDED_HERE);
	}
	if (r->flags & PKSDIAG_F_SEARCHED)
		facts |= FACT(SEARCHED);
	return facts;
}

/* Who has @all of them at hand works on this page. */
static int has_all(__u64 facts, __u64 all)
{
	return (facts & all) == all;
}

static int knows_page(__u64 facts)
{
	return has_all(facts, FACT(PAGE_NEAR)) || has_all(facts, FACT(FRAME)) ||
	       has_all(facts, FACT(PLACE) | FACT(FILE)) ||
	       has_all(facts, FACT(HANDED_HERE) | FACT(HANDED_HELD));
}

static struct pksdiag_judgement by_knowledge(const struct pksdiag_record *r)
{
	/* who knows a file or a large folio may have any page of it in mind */
	const __u64 some = FACT(PAGE_FAR) | FACT(HANDED_HERE) |
			   FACT(HANDED_HELD) | FACT(FOLIO) | FACT(FILE);
	__u64 facts = knowledge(r);

	if (knows_page(facts))
		return LIKELY(MISSING_MAP, facts);
	if (!(facts & FACT(SEARCHED)) || facts & some)
		return UNKNOWN(NEVER_MAPPED, facts);
	return LIKELY(STRAY, facts | FACT(NO_TRACE));
}

/* === Nobody has it mapped ================================================= */

/* "Nobody" is worth as much as the book that it was looked up in. */
static struct pksdiag_judgement not_mapped(const struct pksdiag_record *r)
{
	struct pksdiag_judgement j;
	__u64 facts;

	if (!(r->flags & PKSDIAG_F_DEVICE))
		return UNKNOWN(NEVER_MAPPED, FACT(NO_DEVICE));
	if (!(r->flags & PKSDIAG_F_LEDGER))
		return UNKNOWN(NEVER_MAPPED, FACT(NO_LEDGER));
	facts = overrun_facts(r);
	if (facts & (FACT(EDGE) | FACT(RUNNING)))
		return overrun(facts);
	j = by_knowledge(r);
	/* far from the edge, but who does not know the page comes from somewhere */
	if (facts && j.verdict != PKSDIAG_V_MISSING_MAP)
		return overrun(facts);
	if (!(r->flags & PKSDIAG_F_OWNER))
		j.because |= FACT(NO_MAPPING);
	if (r->forgot) {
		j.because |= FACT(FORGOT);
		j.confidence = PKSDIAG_CONF_UNKNOWN;
	}
	return j;
}

/* It was unmapped not long ago, and that is all that ties it to this access. */
static int only_recent(const struct pksdiag_record *r,
		       struct pksdiag_judgement j)
{
	return j.verdict == PKSDIAG_V_AFTER_UNMAP &&
	       !(r->flags & (PKSDIAG_F_SECTION | PKSDIAG_F_MAPPED)) &&
	       !(j.because & (FACT(SAME_TASK) | FACT(SAME_CODE)));
}

/* What strangers did with the page is nothing to code that works on it. */
static int decides(const struct pksdiag_record *r, struct pksdiag_judgement j)
{
	if (only_recent(r, j) && knows_page(knowledge(r)))
		return 0;
	return j.verdict != PKSDIAG_V_NEVER_MAPPED;
}

static struct pksdiag_judgement by_mapping(const struct pksdiag_record *r)
{
	struct pksdiag_judgement j;
	__u64 facts = 0;

	if (r->flags & PKSDIAG_F_OWNER) {
		if (r->flags & PKSDIAG_F_MAPPED)
			j = mapped_now(r);
		else
			j = was_mapped(r, unmap_facts(r));
		if (decides(r, j))
			return j;
		facts = j.because;
	}
	j = not_mapped(r);
	j.because |= facts;
	return j;
}

/**
 * pksdiag_judge - why a PKS fault happened
 * @r: the record, complete but for the judgement itself
 *
 * Context: Any, NMI included.
 * Return: the verdict, how far it can be trusted, and what it rests on.
 */
struct pksdiag_judgement pksdiag_judge(const struct pksdiag_record *r)
{
	__u64 facts = key_facts(r);

	if (facts)
		return CERTAIN(WRONG_KEY, facts);
	if (!(r->flags & PKSDIAG_F_PFN))
		return UNKNOWN(NEVER_MAPPED, FACT(NO_ENTRY));
	if (!(r->flags & PKSDIAG_F_PKRS))
		return UNKNOWN(NEVER_MAPPED, FACT(NO_PKRS));
	facts = register_facts(r);
	if (facts)
		return CERTAIN(PKRS_MISMATCH, facts);
	if (global_lag(r))
		return CERTAIN(GLOBAL_LAG, FACT(GLOBAL_ALLOWS));
	if (r->flags & PKSDIAG_F_GUARD)
		return CERTAIN(STRAY, FACT(GUARD));
	if (read_only(r))
		return CERTAIN(READ_ONLY, FACT(READ_GRANT));
	return by_mapping(r);
}

/**
 * pksdiag_asks_clues - would clues change the judgement?
 * @r: the record, complete but for the clues
 *
 * To look for them is what costs most, and only a page that nobody has mapped,
 * or that strangers had, is judged by them.
 *
 * Context: Any, NMI included.
 * Return: non-zero if so.
 */
int pksdiag_asks_clues(const struct pksdiag_record *r)
{
	const __u64 nothing_to_seek = FACT(NO_DEVICE) | FACT(NO_LEDGER) |
				      FACT(NO_ENTRY) | FACT(NO_PKRS);
	struct pksdiag_judgement j = pksdiag_judge(r);

	switch (j.verdict) {
	case PKSDIAG_V_NEVER_MAPPED:
		return !(j.because & nothing_to_seek);
	case PKSDIAG_V_MISSING_MAP:
		return 1;
	case PKSDIAG_V_AFTER_UNMAP:
		return only_recent(r, j);
	case PKSDIAG_V_OVERRUN:
		return !(j.because & (FACT(EDGE) | FACT(RUNNING)));
	default:
		return 0;
	}
}

/*
 * As FNV-1a (draft-eastlake-fnv), but by words instead of bytes: good enough to
 * tell call sites apart.
 */
static __u64 mix(__u64 hash, __u64 word)
{
	return (hash ^ word) * 0x100000001b3ULL;
}

/**
 * pksdiag_signature - what makes two faults "the same"
 * @r: the record, its verdict included
 *
 * Context: Any, NMI included.
 * Return: a hash of instruction, verdict and device, never 0.
 */
__u64 pksdiag_signature(const struct pksdiag_record *r)
{
	__u64 hash = mix(mix(0xcbf29ce484222325ULL, r->ip), r->verdict);
	unsigned int i;
	__u64 word;

	for (i = 0; i < sizeof(r->device); i += sizeof(word)) {
		memcpy(&word, r->device + i, sizeof(word));
		hash = mix(hash, word);
	}
	hash ^= hash >> 32;
	return hash ? hash : 1;
}
