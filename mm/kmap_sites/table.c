// SPDX-License-Identifier: GPL-2.0
/* The table of call sites; sites.h has how it works. */
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "sites.h"

#define PROBES	64u

/* What a key becomes when its module goes: no site has it. */
#define KEY_GONE	1ull

static_assert(sizeof(struct pksdiag_site) == PKSDIAG_SITE_SIZE);

static struct pksdiag_site *sites __ro_after_init;

/* Kernel addresses begin with ones: there is room for what else makes a site. */
static u64 key_of(unsigned long ip, unsigned int type, bool unmap)
{
	return (ip & GENMASK_ULL(55, 0)) | (u64)(type << 1 | unmap) << 56;
}

/* The module is there: its code runs. */
static void fill_module(struct pksdiag_site *site)
{
#ifdef CONFIG_MODULES
	struct module *mod;

	preempt_disable_notrace();
	mod = __module_address(site->ip);
	if (mod) {
		strscpy_pad(site->module, mod->name, sizeof(site->module));
		if (within_module_core(site->ip, mod))
			site->module_base = (unsigned long)mod->core_layout.base;
	}
	preempt_enable_notrace();
#endif
}

static void fill(struct pksdiag_site *site, unsigned long ip, unsigned int type,
		 bool unmap)
{
	WRITE_ONCE(site->state, PKSDIAG_SITE_FILLING);
	site->ip = ip;
	site->mapping = type;
	site->unmap = unmap;
	site->first_ns = ktime_get_mono_fast_ns();
	fill_module(site);
	smp_store_release(&site->state, PKSDIAG_SITE_USED);	/* all of the above */
}

/**
 * kmap_site_find - the entry of a call site
 * @ip: the instruction behind the call
 * @type: enum pksdiag_mapping
 * @unmap: it unmaps
 *
 * Context: Any.
 * Return: the entry, made if this is the first time; NULL (and counted) if there
 * is no room.
 */
struct pksdiag_site *kmap_site_find(unsigned long ip, unsigned int type, bool unmap)
{
	u64 key = key_of(ip, type, unmap);
	u32 hash = hash_64(key, ilog2(SITES_NR));
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		struct pksdiag_site *site = &sites[(hash + i) % SITES_NR];
		u64 had = READ_ONCE(site->key);

		if (!had) {
			had = cmpxchg(&site->key, 0, key);
			if (!had) {
				fill(site, ip, type, unmap);
				return site;
			}
		}
		if (had == key)
			return site;
	}
	kmap_sites_count(PKSDIAG_SC_NO_SITE);
	return NULL;
}

/**
 * kmap_site_held - a mapping of this site has ended
 * @site: the site, or NULL
 * @ns: how long it was there
 *
 * Context: Any.
 */
void kmap_site_held(struct pksdiag_site *site, u64 ns)
{
	u64 longest = site ? READ_ONCE(site->longest_ns) : U64_MAX;

	while (ns > longest && !try_cmpxchg64(&site->longest_ns, &longest, ns))
		;
}

/**
 * kmap_site_nested - a mapping of this site is there
 * @site: the site
 * @nest: mappings that the task has now
 *
 * Context: Any.
 */
void kmap_site_nested(struct pksdiag_site *site, unsigned int nest)
{
	u32 most = READ_ONCE(site->max_nest);

	while (nest > most && !try_cmpxchg(&site->max_nest, &most, nest))
		;
}

#ifdef CONFIG_MODULES
/* Another module may come to the same addresses; what these did stays known. */
static void end_module(const struct module *mod)
{
	unsigned int i;

	for (i = 0; i < SITES_NR; i++) {
		struct pksdiag_site *site = &sites[i];

		if (READ_ONCE(site->state) != PKSDIAG_SITE_USED ||
		    !within_module(site->ip, mod))
			continue;
		WRITE_ONCE(site->key, KEY_GONE);
		WRITE_ONCE(site->state, PKSDIAG_SITE_GONE);
	}
}

static int note_module(struct notifier_block *nb, unsigned long state, void *mod)
{
	if (state == MODULE_STATE_GOING)
		end_module(mod);
	return NOTIFY_OK;
}

static struct notifier_block module_block = { .notifier_call = note_module };
#endif

/**
 * kmap_sites_make_table - get the memory
 *
 * Context: Boot.
 * Return: 0 or -ENOMEM.
 */
int __init kmap_sites_make_table(void)
{
	sites = alloc_pages_exact(SITES_NR * sizeof(*sites), GFP_KERNEL | __GFP_ZERO);
	if (!sites)
		return -ENOMEM;
	pksdiag_sites.sites = (unsigned long)sites;
	pksdiag_sites.nr_sites = SITES_NR;
#ifdef CONFIG_MODULES
	register_module_notifier(&module_block);
#endif
	return 0;
}
