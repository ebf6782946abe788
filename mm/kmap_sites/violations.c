// SPDX-License-Identifier: GPL-2.0
/*
 * What call sites must not do: kept once for each site and kind, with the stacks of
 * both sides, and then told in the log, from an interrupt of its own.
 */
#define pr_fmt(fmt) "kmap_sites: " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/irq_work.h>
#include <linux/lockdep.h>
#include <linux/pksdiag_kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "../../kernel/pksdiag/sites_names.h"
#include "../../kernel/pksdiag/shared.h"
#include "sites.h"

static_assert(sizeof(struct pksdiag_violation) == PKSDIAG_VIOLATION_SIZE);

static struct pksdiag_violation *violations __ro_after_init;
static atomic_t nr_taken;

/* === The log ============================================================== */

static void print_stack(const u64 *stack)
{
	unsigned int i;

	for (i = 0; i < PKSDIAG_SITE_STACK_LEN && stack[i]; i++)
		pr_warn("    called by %pS\n", (void *)(unsigned long)stack[i]);
}

static void print_side(const char *what, const char *comm, u32 pid, u8 context, u64 ip,
		       const u64 *stack)
{
	pr_warn("  %s %s/%u (%s)%s%pS\n", what, comm, pid, pksdiag_context_name(context),
		ip ? ", " : " ", (void *)(unsigned long)(ip ?: stack[0]));
	print_stack(stack + !ip);
}

static const struct pksdiag_site *site_at(u32 nr)
{
	return (const struct pksdiag_site *)(unsigned long)pksdiag_sites.sites + nr;
}

static void print(const struct pksdiag_violation *v)
{
	pr_warn("%s: %s, pfn %#llx, by %pS\n", pksdiag_violation_name(v->kind),
		pksdiag_mapping_name(v->mapping), v->pfn,
		(void *)(unsigned long)site_at(v->site)->ip);
	if (v->map_ip)
		print_side("mapped by", v->map_comm, v->map_pid, v->map_context, v->map_ip,
			   v->map_stack);
	print_side("found in", v->comm, v->pid, v->context, v->ip, v->stack);
}

static bool is_kept(const struct pksdiag_violation *v)
{
	/* before the rest, pairs with keep() */
	return smp_load_acquire(&v->state) == PKSDIAG_STATE_COMMITTED;
}

/*
 * Who commits later queues it again, and it may then run on a second CPU before
 * this one is through. That one does not wait for a slow console: it leaves the
 * work to this one, which looks again. Only ever called in irq_work's context.
 */
static void print_new(struct irq_work *work)
{
	static atomic_t wanted;
	static unsigned int printed;
	int seen;

	if (atomic_inc_return(&wanted) > 1)
		return;
	do {
		seen = atomic_read(&wanted);
		while (printed < VIOLATIONS_NR && is_kept(&violations[printed]))
			print(&violations[printed++]);
	} while (atomic_cmpxchg(&wanted, seen, 0) != seen);
}

static DEFINE_IRQ_WORK(print_work, print_new);

/* === Keeping ============================================================== */

/**
 * kmap_site_stack - who called a call site
 * @stack: PKSDIAG_SITE_STACK_LEN entries; filled up with 0
 * @ip: the instruction in the function that maps: its callers are taken; 0: all
 *
 * Context: Any.
 */
void kmap_site_stack(unsigned long *stack, unsigned long ip)
{
	unsigned long all[PKSDIAG_SITE_STACK_LEN + 8];
	unsigned int i, nr, from = 0;

	/* it may use RCU, and lockdep may not know that interrupts are off */
	lockdep_off();
	nr = stack_trace_save(all, ARRAY_SIZE(all), 1);
	lockdep_on();
	while (ip && from < nr && all[from] != ip)
		from++;
	/* not found: better all of it than nothing */
	from = from < nr ? from + !!ip : 0;
	for (i = 0; i < PKSDIAG_SITE_STACK_LEN; i++)
		stack[i] = from + i < nr ? all[from + i] : 0;
}

static void fill_mapped(struct pksdiag_violation *v, const struct kmap_mapping *m)
{
	v->pfn = m->pfn;
	v->map_ip = m->ip;
	v->map_ns = m->when;
	v->map_pid = m->pid;
	v->map_context = m->context;
	memcpy(v->map_comm, m->comm, sizeof(v->map_comm));
	memcpy(v->map_stack, m->stack, sizeof(v->map_stack));
}

static void keep(struct pksdiag_violation *v, u32 site, enum pksdiag_violation_kind kind,
		 const struct kmap_mapping *m, const struct kmap_found *found)
{
	v->site = site;
	v->kind = kind;
	v->mapping = m->type;
	v->context = found->context;
	v->ip = found->ip;
	v->pid = current->pid;
	memcpy(v->comm, current->comm, sizeof(v->comm));
	fill_mapped(v, m);
	memcpy(v->stack, found->stack, sizeof(v->stack));
	v->time_ns = ktime_get_mono_fast_ns();
	smp_store_release(&v->state, PKSDIAG_STATE_COMMITTED);	/* all of the above */
	irq_work_queue(&print_work);
}

/* The number of a place for this violation, or VIOLATIONS_NR if it is not kept. */
static unsigned int take(struct pksdiag_site *site, enum pksdiag_violation_kind kind)
{
	unsigned int nr;

	atomic64_inc((atomic64_t *)&site->violations[kind]);
	if (test_and_set_bit(kind, (unsigned long *)&site->reported))
		return VIOLATIONS_NR;
	pksdiag_count_violation();
	nr = atomic_fetch_add_unless(&nr_taken, 1, VIOLATIONS_NR);
	if (nr >= VIOLATIONS_NR)
		kmap_sites_count(PKSDIAG_SC_NO_VIOLATION);
	return nr;
}

static u32 number_of(const struct pksdiag_site *site)
{
	return site - site_at(0);
}

/**
 * kmap_site_violates - a call site has violated a rule
 * @site: which one did; NULL if there is no room for it
 * @kind: the rule
 * @m: the mapping; if it is not known only @type and @pfn are set
 * @ip: where that was found, 0: at no call site
 *
 * Context: Any.
 */
void kmap_site_violates(struct pksdiag_site *site, enum pksdiag_violation_kind kind,
			const struct kmap_mapping *m, unsigned long ip)
{
	struct kmap_found found = { .ip = ip, .context = pksdiag_context() };
	unsigned int nr = site ? take(site, kind) : VIOLATIONS_NR;

	if (nr >= VIOLATIONS_NR)
		return;
	kmap_site_stack(found.stack, ip);
	keep(&violations[nr], number_of(site), kind, m, &found);
}

/**
 * kmap_site_faults - a page faulted that a call site has mapped, or had
 * @site: which one; NULL if there is no room for it
 * @m: the mapping
 * @found: where it faulted
 *
 * Context: Fault handler, NMI included; after the record was committed.
 */
void kmap_site_faults(struct pksdiag_site *site, const struct kmap_mapping *m,
		      const struct kmap_found *found)
{
	unsigned int nr = site ? take(site, PKSDIAG_VIOL_FAULT) : VIOLATIONS_NR;

	if (nr < VIOLATIONS_NR)
		keep(&violations[nr], number_of(site), PKSDIAG_VIOL_FAULT, m, found);
}

/**
 * kmap_sites_make_violations - get the memory
 *
 * Context: Boot.
 * Return: 0 or -ENOMEM.
 */
int __init kmap_sites_make_violations(void)
{
	violations = alloc_pages_exact(VIOLATIONS_NR * sizeof(*violations),
				       GFP_KERNEL | __GFP_ZERO);
	if (!violations)
		return -ENOMEM;
	pksdiag_sites.violations = (unsigned long)violations;
	pksdiag_sites.nr_violations = VIOLATIONS_NR;
	return 0;
}
