// SPDX-License-Identifier: GPL-2.0
/* The mapping ledger's writers; ledger.h has how it works. */
#include <linux/crash_core.h>
#include <linux/devmap_ledger.h>
#include <linux/devmap_protection.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/lockdep.h>
#include <linux/moduleparam.h>
#include <linux/pks.h>
#include <linux/pks_guard.h>
#include <linux/pksdiag_kernel.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include "ledger.h"

static_assert(sizeof(struct pksdiag_owner) == PKSDIAG_OWNER_SIZE);
static_assert((int)DEVMAP_KMAP == PKSDIAG_MAP_KMAP);
static_assert((int)DEVMAP_KMAP_THREAD == PKSDIAG_MAP_KMAP_THREAD);
static_assert((int)DEVMAP_KMAP_LOCAL == PKSDIAG_MAP_KMAP_LOCAL);
static_assert((int)DEVMAP_KMAP_ATOMIC == PKSDIAG_MAP_KMAP_ATOMIC);

/* === Data ================================================================= */

struct ledger devmap_ledger __ro_after_init;
DEFINE_STATIC_KEY_FALSE(devmap_ledger_key);

/* What it is in a dump, and to /dev/pksdiag. */
struct pksdiag_ledger pksdiag_ledger __page_aligned_bss;

static_assert(sizeof(pksdiag_ledger) <= PAGE_SIZE);
static_assert(LEDGER_HANDOUTS / LEDGER_WAYS <=
	      BITS_PER_BYTE * sizeof(pksdiag_ledger.handout_sets));

/* The parameters are pksdiag's, whatever the file is called. */
#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "pksdiag."

static unsigned int ledger_kib = 1024;
module_param_named(ledger, ledger_kib, uint, 0400);
MODULE_PARM_DESC(ledger, "Most memory of the mapping ledger in KiB; 0: none");

static DEFINE_STATIC_KEY_FALSE(ledger_stacks);

static bool map_stacks;

static int set_map_stacks(const char *val, const struct kernel_param *kp)
{
	int ret = param_set_bool(val, kp);

	if (!ret && map_stacks)
		static_branch_enable(&ledger_stacks);
	else if (!ret)
		static_branch_disable(&ledger_stacks);
	return ret;
}

static const struct kernel_param_ops map_stacks_ops = {
	.flags	= KERNEL_PARAM_OPS_FL_NOARG,
	.set	= set_map_stacks,
	.get	= param_get_bool,
};
module_param_cb(map_stacks, &map_stacks_ops, &map_stacks, 0600);
MODULE_PARM_DESC(map_stacks, "Keep the callers of each mapping's caller");

static void count(enum pksdiag_ledger_counter counter)
{
	atomic64_inc((atomic64_t *)&pksdiag_ledger.counters[counter]);
}

/* === Claiming an entry ==================================================== */

/* What the word is while we write an entry whose word was @state, and then. */
static __always_inline u64 writing_from(u64 state)
{
	return (state | PKSDIAG_STATE_MASK) + 1 + PKSDIAG_STATE_WRITING;
}

static __always_inline u64 committed_from(u64 state)
{
	return (state | PKSDIAG_STATE_MASK) + 1 + PKSDIAG_STATE_COMMITTED;
}

/* Makes it ours if it still is in that state. */
static __always_inline bool claim(struct pksdiag_owner *o, u64 state)
{
	return cmpxchg(&o->state, state, writing_from(state)) == state;
}

/* The end of what claim() began with the same @state. */
static __always_inline void commit(struct pksdiag_owner *o, u64 state)
{
	smp_store_release(&o->state, committed_from(state)); /* the entry before it */
}

/*
 * A mapping that ended is worth less the longer ago that was; a free entry
 * nothing. One that a dead task left behind is worth more than any of those.
 */
#define DEAD	(U64_MAX - 1)

static u64 worth(const struct pksdiag_owner *o, u64 state)
{
	if (!ledger_committed(state))
		return state & PKSDIAG_STATE_WRITING ? U64_MAX : 0;
	if (READ_ONCE(o->unmap_time))
		return o->unmap_time;
	return READ_ONCE(o->dead) ? DEAD : U64_MAX;
}

/* Nobody misses this one once there is a newer one, of @pfn by @ip. */
static bool replaces(const struct pksdiag_owner *o, u64 pfn, u64 ip)
{
	return o->pfn == pfn && (o->kind == PKSDIAG_OWN_PAGE || o->map_ip == ip);
}

/* The entry of a set that is worth least. */
static struct pksdiag_owner *choose(struct pksdiag_owner *set, u64 pfn, u64 ip,
				    u64 *state)
{
	struct pksdiag_owner *best = NULL;
	u64 least = U64_MAX;
	unsigned int i;

	for (i = 0; i < LEDGER_WAYS; i++) {
		struct pksdiag_owner *o = &set[i];
		u64 now = ledger_state(o), value = worth(o, now);

		if (value == U64_MAX)
			continue;
		if (value != DEAD && replaces(o, pfn, ip))
			value = 0;
		if (value < least) {
			least = value;
			best = o;
			*state = now;
		}
		if (!value)
			break;
	}
	return best;
}

/* One of them may be taken away from us as often as there are others who want it. */
static noinline struct pksdiag_owner *take(struct pksdiag_owner *set, u64 pfn,
					   u64 ip, u64 *state)
{
	struct pksdiag_owner *o;
	unsigned int tries;

	for (tries = 0; tries < LEDGER_WAYS; tries++) {
		o = choose(set, pfn, ip, state);
		if (!o)
			return NULL;
		if (claim(o, *state))
			return o;
	}
	return NULL;
}

static noinline void fill_stack(struct pksdiag_owner *o)
{
	unsigned long stack[PKSDIAG_STACK_MAP_LEN + 8];
	unsigned int nr, i, from = 0;

	/* it may use RCU, and lockdep was not told that interrupts are off */
	lockdep_off();
	nr = stack_trace_save(stack, ARRAY_SIZE(stack), 0);
	lockdep_on();
	while (from < nr && stack[from] != o->map_ip)
		from++;
	for (i = 0; i < PKSDIAG_STACK_MAP_LEN; i++)
		o->stack[i] = from + 1 + i < nr ? stack[from + 1 + i] : 0;
}

/* Who maps, and when. */
static __always_inline void fill_who(struct pksdiag_owner *o, unsigned int type,
				     unsigned long ip, unsigned int nest)
{
	struct task_struct *task = current;

	o->map_ip = ip;
	o->unmap_ip = 0;
	o->map_time = ledger_clock();
	o->unmap_time = 0;
	o->task = (unsigned long)task;
	o->map_pid = task->pid;
	o->unmap_pid = 0;
	o->cpu = raw_smp_processor_id();
	o->nest = nest;
	o->type = type;
	o->context = pksdiag_context();
	memcpy(o->comm, task->comm, sizeof(o->comm));
	if (static_branch_unlikely(&ledger_stacks))
		fill_stack(o);
	else if (unlikely(o->stack[0]))
		memset(o->stack, 0, sizeof(o->stack));
}

/* All but the state, as of a mapping that begins now. */
static void fill(struct pksdiag_owner *o, u64 pfn, u64 nr_pages, unsigned int type,
		 unsigned int kind, unsigned long ip, unsigned int nest)
{
	o->pfn = pfn;
	o->nr_pages = nr_pages;
	o->kind = kind;
	o->dead = 0;
	fill_who(o, type, ip, nest);
}

/* === Pages ================================================================ */

static void drop(unsigned long pfn)
{
	atomic_or(LEDGER_DROPPED, &devmap_ledger.forgot[ledger_page_set(pfn)]);
	count(PKSDIAG_L_DROPPED);
}

static void forget(unsigned long pfn)
{
	atomic_t *forgot = &devmap_ledger.forgot[ledger_page_set(pfn)];
	u32 before = atomic_read(forgot);

	if ((before & ~LEDGER_DROPPED) < LEDGER_FORGOT_MOST)
		atomic_inc(forgot);
	count(PKSDIAG_L_FORGOTTEN);
}

/* None of this page's entries is free. */
static noinline struct pksdiag_owner *map_other(unsigned long pfn, unsigned int type,
						unsigned long ip, unsigned int nest)
{
	struct pksdiag_owner *o;
	u64 state;

	o = take(ledger_pages(pfn), pfn, ip, &state);
	if (!o) {
		drop(pfn);
		return pks_note();
	}
	/* what is known of a page is who has it, and who had it last */
	if (o->pfn && o->pfn != pfn)
		forget(pfn);
	fill(o, pfn, 1, type, PKSDIAG_OWN_PAGE, ip, nest);
	commit(o, state);
	return o;
}

/*
 * An entry that the same page had before: not dead, since it has ended, and not
 * free, since it has that frame number.
 */
static __always_inline bool map_again(struct pksdiag_owner *o, unsigned long pfn,
				      unsigned int type, unsigned long ip,
				      unsigned int nest)
{
	u64 state = ledger_state(o);

	if (o->pfn != pfn || !READ_ONCE(o->unmap_time) ||
	    (state & PKSDIAG_STATE_WRITING) || !claim(o, state))
		return false;
	fill_who(o, type, ip, nest);
	commit(o, state);
	return true;
}

/**
 * devmap_ledger_map - a page is mapped from now on
 * @pfn: the page
 * @type: enum pksdiag_mapping
 * @ip: who mapped it
 * @nest: grants of its key that the thread has now
 *
 * Context: Any; between pks_guard_begin() and pks_guard_end().
 */
void devmap_ledger_map(unsigned long pfn, unsigned int type, unsigned long ip,
		       unsigned int nest)
{
	struct pksdiag_owner *o = ledger_pages(pfn);

	/* mostly it is the page's last one, or beside an outer mapping */
	if (!map_again(o, pfn, type, ip, nest) &&
	    !map_again(++o, pfn, type, ip, nest))
		o = map_other(pfn, type, ip, nest);
	pks_note() = o;
}

/* Is this a mapping that an unmap could end? A free entry has no frame number. */
static __always_inline bool is_open(const struct pksdiag_owner *o, u64 pfn,
				    unsigned int type, u64 state)
{
	return o->pfn == pfn && o->type == type &&
	       !(state & PKSDIAG_STATE_WRITING) && !READ_ONCE(o->unmap_time);
}

/* The mapping that this unmap ends: the task's own, the last one. */
static noinline struct pksdiag_owner *find_open(struct pksdiag_owner *set, u64 pfn,
						unsigned int type, u64 *state)
{
	struct pksdiag_owner *best = NULL;
	u64 latest = 0;
	unsigned int i;

	for (i = 0; i < LEDGER_WAYS; i++) {
		struct pksdiag_owner *o = &set[i];
		u64 now = ledger_state(o), when;

		if (!is_open(o, pfn, type, now) || o->dead)
			continue;
		when = o->map_time;
		if (ledger_is_mine(o))
			when |= BIT_ULL(63);
		else if (type != PKSDIAG_MAP_KMAP)
			continue;
		if (when >= latest) {
			latest = when;
			best = o;
			*state = now;
		}
	}
	return best;
}

/* After claim() with the same @state. */
static __always_inline void end_mapping(struct pksdiag_owner *o, u64 state,
					unsigned long ip)
{
	o->unmap_ip = ip;
	o->unmap_pid = current->pid;
	o->unmap_time = ledger_clock();
	commit(o, state);
}

/*
 * An unmap of what is not mapped takes somebody else's access away: of another
 * page of the same device, or of an outer mapping. Kept with the task; what a
 * kunmap() takes away everybody has lost, so that is kept with none.
 */
static noinline void note_lost(unsigned long pfn, unsigned int type,
			       unsigned long ip)
{
	struct pksdiag_owner *o;
	u64 state;

	if (atomic_read(&devmap_ledger.forgot[ledger_page_set(pfn)]) & LEDGER_DROPPED)
		return;
	count(PKSDIAG_L_UNMATCHED);
	o = take(ledger_losses(type), pfn, 0, &state);
	if (!o)
		return;
	fill(o, pfn, 1, type, PKSDIAG_OWN_LOST, 0, 0);
	o->map_time = 0;
	end_mapping(o, state, ip);
}

static noinline void end_other(unsigned long pfn, unsigned int type,
			       unsigned long ip)
{
	struct pksdiag_owner *o;
	unsigned int tries;
	u64 state;

	/* who ends a kmap() need not be who made it: two may want the same one */
	for (tries = 0; tries < LEDGER_WAYS; tries++) {
		o = find_open(ledger_pages(pfn), pfn, type, &state);
		if (!o)
			break;
		if (claim(o, state)) {
			end_mapping(o, state, ip);
			return;
		}
	}
	note_lost(pfn, type, ip);
}

/**
 * devmap_ledger_unmap - a mapping ended
 * @pfn: the page
 * @type: as it was mapped
 * @ip: who unmapped it
 *
 * Context: Any; between pks_guard_begin() and pks_guard_end().
 */
void devmap_ledger_unmap(unsigned long pfn, unsigned int type, unsigned long ip)
{
	struct pksdiag_owner *o = pks_note();
	u64 state;

	/* mostly it is the task's last one; a new task has none, whatever its pid */
	if (o) {
		state = ledger_state(o);
		if (o->task == (unsigned long)current &&
		    is_open(o, pfn, type, state) && claim(o, state)) {
			end_mapping(o, state, ip);
			return;
		}
	}
	end_other(pfn, type, ip);
}

/* === Sections and hand-outs =============================================== */

/**
 * devmap_ledger_enter - a section begins
 * @pfn: first page of the device, 0: all devices
 * @nr_pages: how many
 * @type: enum pksdiag_mapping
 * @ip: who began it
 *
 * Context: Any; between pks_guard_begin() and pks_guard_end().
 */
void devmap_ledger_enter(unsigned long pfn, unsigned long nr_pages,
			 unsigned int type, unsigned long ip)
{
	struct pksdiag_owner *o;
	u64 state;

	o = take(ledger_tasks((unsigned long)current), pfn, ip, &state);
	if (!o) {
		count(PKSDIAG_L_DROPPED);
		return;
	}
	fill(o, pfn, nr_pages, type, PKSDIAG_OWN_SECTION, ip, 0);
	commit(o, state);
	/* for devmap_ledger_exit_task(); an unmap finds that it is no mapping */
	if (!pks_note())
		pks_note() = o;
}

/**
 * devmap_ledger_exit - a section ended
 * @pfn: as it began
 * @type: as it began
 * @ip: who ended it
 *
 * Context: Any; between pks_guard_begin() and pks_guard_end().
 */
void devmap_ledger_exit(unsigned long pfn, unsigned int type, unsigned long ip)
{
	struct pksdiag_owner *o;
	u64 state;

	o = find_open(ledger_tasks((unsigned long)current), pfn, type, &state);
	if (o && claim(o, state))
		end_mapping(o, state, ip);
}

/**
 * devmap_ledger_handout - dax_direct_access() gave an address out
 * @pfn: its first page
 * @nr_pages: how many
 * @ip: to whom
 *
 * Context: Any; between pks_guard_begin() and pks_guard_end().
 */
void devmap_ledger_handout(unsigned long pfn, unsigned long nr_pages,
			   unsigned long ip)
{
	unsigned int set = ledger_handout_set(ip);
	struct pksdiag_owner *o;
	u64 state;

	o = take(devmap_ledger.handouts + set * LEDGER_WAYS, pfn, ip, &state);
	if (!o)
		return;
	fill(o, pfn, nr_pages, PKSDIAG_MAP_DAX, PKSDIAG_OWN_HANDOUT, ip, 0);
	/* it gives no access that could end; so the oldest makes room */
	o->unmap_time = o->map_time;
	commit(o, state);
	if (!(READ_ONCE(pksdiag_ledger.handout_sets) & BIT(set)))
		atomic_or(BIT(set), (atomic_t *)&pksdiag_ledger.handout_sets);
}

/* === Tasks that end ======================================================= */

static void note_dead(struct pksdiag_owner *o)
{
	u64 state = ledger_state(o);
	unsigned long flags;

	if (o->task != (unsigned long)current || !ledger_committed(state) ||
	    o->unmap_time || o->type == PKSDIAG_MAP_KMAP)
		return;
	flags = pks_guard_begin();
	if (claim(o, state)) {
		o->dead = 1;
		commit(o, state);
	}
	pks_guard_end(flags);
}

/**
 * devmap_ledger_exit_task - this task ends, and may have left mappings behind
 *
 * They stay known, but they make room before the ledger is full of them. Who has
 * never mapped a protected page, which is nearly everybody, pays nothing.
 *
 * Context: Process context, do_exit().
 */
void devmap_ledger_exit_task(void)
{
	unsigned int i;

	if (!pks_note())
		return;
	for (i = 0; i < pksdiag_ledger.nr_owners; i++)
		note_dead(&devmap_ledger.pages[i]);
}

/**
 * devmap_ledger_device - where a protected device is, for readers of a dump
 * @start: first physical address
 * @size: bytes
 * @offset: byte of the device's data at @start
 * @name: of the device
 *
 * Whoever was there before is replaced; the oldest make room.
 *
 * Context: Process context, callers serialized.
 */
void devmap_ledger_device(u64 start, u64 size, s64 offset, const char *name)
{
	static unsigned int next;
	struct pksdiag_clock now;
	struct pksdiag_device *d;
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_PLACES; i++) {
		d = &pksdiag_ledger.devices[i];
		if (d->size && d->start == start)
			break;
	}
	if (i == PKSDIAG_NR_PLACES)
		i = next++ % PKSDIAG_NR_PLACES;
	flags = pks_guard_begin();
	d = &pksdiag_ledger.devices[i];
	d->size = 0;
	d->start = start;
	d->offset = offset;
	strscpy_pad(d->name, name, sizeof(d->name));
	d->size = size;
	now = devmap_ledger_now();
	devmap_ledger_tick(&now);
	pks_guard_end(flags);
}

/**
 * devmap_ledger_tick - keep a moment for readers of a dump
 * @now: the moment
 *
 * Two CPUs that come at once may keep a mixture, of which no part is wrong by
 * more than they are apart.
 *
 * Context: Any; between pks_guard_begin() and pks_guard_end().
 */
void devmap_ledger_tick(const struct pksdiag_clock *now)
{
	pksdiag_ledger.clock = *now;
}

/* === For readers of its bytes ============================================= */

/**
 * devmap_ledger_header - a copy of what describes the ledger
 * @header: filled
 *
 * Context: Any.
 */
void devmap_ledger_header(struct pksdiag_ledger *header)
{
	memcpy(header, &pksdiag_ledger, sizeof(*header));
	header->clock = devmap_ledger_now();
}

/**
 * devmap_ledger_read - a copy of an entry
 * @index: below pksdiag_ledger.nr_owners
 * @owner: filled; its state is WRITING if it is being changed, and FREE if it
 *	was not in use when the copy began: then the rest means nothing
 *
 * Context: Any.
 * Return: false if there is no such entry.
 */
bool devmap_ledger_read(unsigned int index, struct pksdiag_owner *owner)
{
	if (index >= pksdiag_ledger.nr_owners)
		return false;
	if (!ledger_copy(&devmap_ledger.pages[index], owner) &&
	    (owner->state & PKSDIAG_STATE_MASK) != PKSDIAG_STATE_FREE)
		owner->state = PKSDIAG_STATE_WRITING;
	return true;
}

/**
 * devmap_ledger_vmcoreinfo - tell crash dump readers where the ledger is
 */
void devmap_ledger_vmcoreinfo(void)
{
	VMCOREINFO_SYMBOL(pksdiag_ledger);
	VMCOREINFO_STRUCT_SIZE(pksdiag_ledger);
}

/* === Set-up =============================================================== */

/* Bytes of a ledger with this many entries for pages, a power of two. */
static size_t size_for(unsigned int pages)
{
	return (pages + pages / 4 + LEDGER_HANDOUTS) * sizeof(struct pksdiag_owner) +
	       pages / LEDGER_WAYS * sizeof(atomic_t);
}

static void divide(struct pksdiag_owner *entries, unsigned int pages)
{
	unsigned int tasks = pages / 4;

	devmap_ledger.page_shift = ilog2(pages / LEDGER_WAYS);
	devmap_ledger.task_shift = ilog2(tasks / LEDGER_WAYS);
	devmap_ledger.pages = entries;
	devmap_ledger.tasks = entries + pages;
	devmap_ledger.handouts = entries + pages + tasks;
	devmap_ledger.forgot = (atomic_t *)(devmap_ledger.handouts + LEDGER_HANDOUTS);
	pksdiag_ledger.owners = (unsigned long)entries;
	pksdiag_ledger.nr_owners = pages + tasks + LEDGER_HANDOUTS;
	pksdiag_ledger.nr_handouts = LEDGER_HANDOUTS;
}

/* What alloc_pages_exact() can give, and what is worth having. */
#define LEDGER_MIN_PAGES	64u
#define LEDGER_MAX_SIZE		(PAGE_SIZE << (MAX_ORDER - 1))

static int __init make_ledger(void)
{
	size_t most = min_t(size_t, ledger_kib * 1024ul, LEDGER_MAX_SIZE), size;
	unsigned int pages = LEDGER_MIN_PAGES;
	void *entries;

	while (PAGE_ALIGN(size_for(pages * 2)) <= most)
		pages *= 2;
	size = PAGE_ALIGN(size_for(pages));
	entries = alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO);
	if (!entries) {
		pr_warn("pksdiag: no memory for the mapping ledger\n");
		return -ENOMEM;
	}
	divide(entries, pages);
	pks_guard_protect(entries, size);
	static_branch_enable(&devmap_ledger_key);
	return 0;
}

/* Before any device can be protected. */
static int __init devmap_ledger_init(void)
{
	int ret = 0;

	pksdiag_ledger.magic = PKSDIAG_LEDGER_MAGIC;
	pksdiag_ledger.version = PKSDIAG_VERSION;
	pksdiag_ledger.header_size = sizeof(pksdiag_ledger);
	pksdiag_ledger.owner_size = sizeof(struct pksdiag_owner);
	pksdiag_ledger.nr_counters = PKSDIAG_NR_LEDGER_COUNTERS;
	pksdiag_ledger.nr_devices = PKSDIAG_NR_PLACES;
	if (ledger_kib && pks_available() && ledger_clock_init())
		ret = make_ledger();
	pks_guard_protect(&pksdiag_ledger, PAGE_SIZE);
	return ret;
}
early_initcall(devmap_ledger_init);
