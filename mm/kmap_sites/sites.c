// SPDX-License-Identifier: GPL-2.0
/* The hooks: what mappings come, and what becomes of them. sites.h has how it works. */
#include <linux/devmap_protection.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kmap_sites.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/pksdiag_kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "sites.h"

/* === Mapping ============================================================== */

static bool must_not_sleep(void)
{
	return system_state == SYSTEM_RUNNING && (preempt_count() || irqs_disabled());
}

static void fill(struct kmap_mapping *m)
{
	m->when = ktime_get_mono_fast_ns();
	m->task = current;
	m->pid = current->pid;
	m->switches = current->nvcsw;
	m->context = pksdiag_context();
	memcpy(m->comm, current->comm, sizeof(m->comm));
	kmap_site_stack(m->stack, m->ip);
}

/* What can be wrong with mapping itself. */
static void check_map(const struct kmap_mapping *m)
{
	if (m->context != PKSDIAG_CTX_TASK)
		kmap_site_count(m->site, PKSDIAG_S_INTERRUPT);
	if ((m->type == PKSDIAG_MAP_KMAP || m->type == PKSDIAG_MAP_KMAP_THREAD) &&
	    must_not_sleep())
		kmap_site_violates(m->site, PKSDIAG_VIOL_ATOMIC, m, m->ip);
}

static void map(unsigned long pfn, unsigned int type, unsigned long ip, bool protected)
{
	struct kmap_sites_task *mine = &current->kmap_sites;
	struct kmap_mapping m = { .pfn = pfn, .type = type, .ip = ip };
	bool local = kmap_site_is_local(type);

	m.site = kmap_site_find(ip, type, false);
	if (!m.site) {
		kmap_open_lose(pfn, type);
		return;
	}
	kmap_site_count(m.site, protected ? PKSDIAG_S_PROTECTED : PKSDIAG_S_PLAIN);
	fill(&m);
	check_map(&m);
	mine->open++;
	if (local)
		m.depth = ++mine->depth;
	kmap_site_nested(m.site, mine->open);
	if (kmap_open_add(&m))
		return;
	kmap_site_count(m.site, PKSDIAG_S_UNTRACKED);
	mine->open--;
	if (local)
		mine->depth--;
}

/* For the inline kmap family, from any module: not GPL only. */
void __kmap_site_map(const struct page *page, unsigned int type)
{
	unsigned long pfn = page_to_pfn(page);

	map(pfn, type, _RET_IP_, devmap_is_device(page) && devmap_pkey(pfn));
}
EXPORT_SYMBOL(__kmap_site_map);

void __kmap_site_enter(unsigned long ip)
{
	map(0, PKSDIAG_MAP_DAX, ip, static_key_enabled(&devmap_protection_key));
}
EXPORT_SYMBOL_GPL(__kmap_site_enter);

/* === Unmapping ============================================================ */

/* Local mappings: was this the last one? */
static void check_order(const struct kmap_mapping *m, unsigned long ip)
{
	struct kmap_sites_task *mine = &current->kmap_sites;

	if (!m->depth)
		return;
	if (m->depth < mine->depth)
		kmap_site_violates(m->site, PKSDIAG_VIOL_ORDER, m, ip);
	mine->depth--;
}

static void check_slept(const struct kmap_mapping *m, unsigned long ip)
{
	if (m->switches == current->nvcsw)
		return;
	kmap_site_count(m->site, PKSDIAG_S_SLEPT);
	if (m->type == PKSDIAG_MAP_KMAP_ATOMIC)
		kmap_site_violates(m->site, PKSDIAG_VIOL_SLEPT, m, ip);
}

/* What everybody may access may be unmapped by an interrupt, too. */
static void check_context(const struct kmap_mapping *m, unsigned long ip)
{
	unsigned int context = pksdiag_context();

	if (context != PKSDIAG_CTX_TASK)
		kmap_site_count(m->site, PKSDIAG_S_INTERRUPT);
	if (context != m->context && m->type != PKSDIAG_MAP_KMAP)
		kmap_site_violates(m->site, PKSDIAG_VIOL_CONTEXT, m, ip);
}

static void end_mine(const struct kmap_mapping *m, struct pksdiag_site *by,
		     unsigned int type, unsigned long ip)
{
	if (!m->kept)
		current->kmap_sites.open--;
	check_order(m, ip);
	check_slept(m, ip);
	check_context(m, ip);
	if (m->type != type)
		kmap_site_violates(by, PKSDIAG_VIOL_MISMATCH, m, ip);
}

static void end_other(const struct kmap_mapping *m, unsigned long ip)
{
	kmap_site_count(m->site, PKSDIAG_S_OTHER_TASK);
	if (m->type != PKSDIAG_MAP_KMAP)
		kmap_site_violates(m->site, PKSDIAG_VIOL_OTHER_TASK, m, ip);
}

static void end_unknown(unsigned long pfn, unsigned int type, struct pksdiag_site *by,
			unsigned long ip, int why)
{
	const struct kmap_mapping m = { .pfn = pfn, .type = type };

	if (why == -EBUSY)
		kmap_sites_count(PKSDIAG_SC_UNKNOWN);
	else
		kmap_site_violates(by, PKSDIAG_VIOL_UNMATCHED, &m, ip);
}

static void unmap(unsigned long pfn, unsigned int type, unsigned long ip)
{
	struct pksdiag_site *by = kmap_site_find(ip, type, true);
	struct kmap_mapping m;
	int ret;

	ret = kmap_open_take(pfn, type, &m);
	if (ret) {
		end_unknown(pfn, type, by, ip, ret);
		return;
	}
	kmap_site_count(by, PKSDIAG_S_UNMAPS);
	kmap_site_count(m.site, PKSDIAG_S_UNMAPS);
	kmap_site_held(m.site, ktime_get_mono_fast_ns() - m.when);
	if (m.task == current && m.pid == current->pid)
		end_mine(&m, by, type, ip);
	else
		end_other(&m, ip);
}

void __kmap_site_unmap(const struct page *page, unsigned int type)
{
	unmap(page_to_pfn(page), type, _RET_IP_);
}
EXPORT_SYMBOL(__kmap_site_unmap);

void __kmap_site_exit(unsigned long ip)
{
	unmap(0, PKSDIAG_MAP_DAX, ip);
}
EXPORT_SYMBOL_GPL(__kmap_site_exit);

/* === What tasks leave behind ============================================== */

static void keep_for_user(struct kmap_mapping *m)
{
	if (m->kept)
		return;
	m->kept = true;
	m->depth = 0;
	kmap_site_count(m->site, PKSDIAG_S_KEPT_USER);
	if (m->type != PKSDIAG_MAP_KMAP)
		kmap_site_violates(m->site, PKSDIAG_VIOL_USER, m, 0);
}

/* The next unmap of it is by another task, whatever becomes of this one's memory. */
static void keep_at_exit(struct kmap_mapping *m)
{
	kmap_site_count(m->site, PKSDIAG_S_KEPT_EXIT);
	if (m->type != PKSDIAG_MAP_KMAP)
		kmap_site_violates(m->site, PKSDIAG_VIOL_EXIT, m, 0);
	m->task = NULL;
}

void __kmap_sites_user(void)
{
	kmap_open_each_mine(keep_for_user);
	/* what is left is known; what another task unmapped is gone */
	current->kmap_sites = (struct kmap_sites_task){};
}

void __kmap_sites_exit_task(void)
{
	kmap_open_each_mine(keep_at_exit);
	current->kmap_sites = (struct kmap_sites_task){};
}

/* === Faults =============================================================== */

/* Is it the mapping that was wrong, not who faulted? */
static bool blames_mapping(const struct pksdiag_record *r)
{
	return r->flags & PKSDIAG_F_OWNER && r->owner_ip &&
	       r->resolution != PKSDIAG_RES_TEST &&
	       (r->verdict == PKSDIAG_V_AFTER_UNMAP ||
		r->verdict == PKSDIAG_V_OTHER_THREAD ||
		r->verdict == PKSDIAG_V_OTHER_CONTEXT);
}

void __kmap_sites_fault(const struct pksdiag_record *r)
{
	struct kmap_found found = { .ip = r->ip, .context = r->context };
	struct kmap_mapping m = {
		.pfn = r->pfn, .ip = r->owner_ip, .when = r->owner_ns, .pid = r->owner_pid,
		.type = r->mapping, .context = r->owner_context,
	};

	if (!blames_mapping(r))
		return;
	memcpy(m.comm, r->owner_comm, sizeof(m.comm));
	memcpy(m.stack, r->owner_stack, sizeof(r->owner_stack));
	/* the first is where it faulted */
	memcpy(found.stack, r->stack + 1, sizeof(found.stack));
	m.site = kmap_site_find(r->owner_ip, r->mapping, false);
	kmap_site_faults(m.site, &m, &found);
}

/* === Set-up =============================================================== */

/* The parameters are pksdiag's, whatever the file is called. */
#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "pksdiag."

static bool want_sites;

/* Inline functions look at it, in any module. */
DEFINE_STATIC_KEY_FALSE(kmap_sites_key);
EXPORT_SYMBOL(kmap_sites_key);

module_param_named(sites, want_sites, bool, 0400);
MODULE_PARM_DESC(sites, "Watch the call sites of the kmap family");

/* Before there is anything that could be mapped for long. */
static int __init kmap_sites_init(void)
{
	int ret;

	if (!want_sites)
		return 0;
	ret = kmap_sites_make_open() ?: kmap_sites_make_violations() ?:
	      kmap_sites_make_table();
	if (ret) {
		pr_warn("pksdiag: no memory to watch call sites\n");
		return ret;
	}
	static_branch_enable(&kmap_sites_key);
	return 0;
}
early_initcall(kmap_sites_init);
