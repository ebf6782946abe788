/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private to mm/kmap_sites.
 *
 * DOC: watching call sites
 *
 * Two tables and a list, of fixed size, made at boot (pksdiag.sites):
 *
 *   sites       who maps or unmaps: one entry for each address in the code,
 *               found by hash, never given up; table.c
 *   open        what is mapped now, found by page frame (a section: by task), in
 *               sets of a few entries; open.c
 *   violations  the first violation of each site of each kind, with both stacks;
 *               violations.c
 *
 * Everything runs in any context, NMI included, and takes no lock. An entry of
 * the first table belongs to whoever made its key non-zero (cmpxchg); the counters
 * are atomic. An open entry goes
 *
 *   FREE --cmpxchg--> WRITING --store-release--> COMMITTED --cmpxchg--> WRITING
 *        --store-release--> FREE
 *
 * so only one reads or writes it: who mapped, then who unmaps. An interrupt that
 * comes meanwhile sees WRITING and looks further. A violation is filled by who
 * took its number and then committed, as a record in the ring is.
 *
 * Nothing is lost silently: what finds no room is counted, and an unmap in a set
 * that has lost a mapping is not called a violation. It is slow: each mapping
 * takes a stack trace.
 */
#ifndef _MM_KMAP_SITES_H
#define _MM_KMAP_SITES_H

#include <linux/atomic.h>
#include <linux/kmap_sites.h>
#include <linux/types.h>
#include <uapi/linux/pksdiag_sites.h>

struct task_struct;

#define SITES_NR	4096u	/* with 20 file systems there are some 1000 */
#define OPEN_NR		4096u
#define VIOLATIONS_NR	512u

extern struct pksdiag_sites pksdiag_sites;

/**
 * struct kmap_mapping - a mapping that is in force
 * @site: who mapped
 * @pfn: the page; of a section 0
 * @ip: as in @site
 * @when: CLOCK_MONOTONIC in ns
 * @task: who mapped; NULL once that task has ended
 * @pid: of @task
 * @switches: how often @task had slept
 * @depth: of a local mapping: how many the task then had, from 1
 * @type: enum pksdiag_mapping
 * @context: enum pksdiag_context
 * @kept: it was found at the return to user space
 * @comm: name of @task
 * @stack: callers of @ip
 */
struct kmap_mapping {
	struct pksdiag_site *site;
	unsigned long pfn;
	unsigned long ip;
	u64 when;
	struct task_struct *task;
	pid_t pid;
	unsigned long switches;
	int depth;
	u8 type;
	u8 context;
	bool kept;
	char comm[PKSDIAG_NAME_LEN];
	unsigned long stack[PKSDIAG_SITE_STACK_LEN];
};

/**
 * struct kmap_found - where a violation was found
 * @ip: who unmapped or faulted; 0: no call site
 * @context: enum pksdiag_context
 * @stack: callers of @ip, or what ran
 */
struct kmap_found {
	unsigned long ip;
	u8 context;
	unsigned long stack[PKSDIAG_SITE_STACK_LEN];
};

static inline void kmap_sites_count(enum pksdiag_sites_counter counter)
{
	atomic64_inc((atomic64_t *)&pksdiag_sites.counters[counter]);
}

static inline void kmap_site_count(struct pksdiag_site *site,
				   enum pksdiag_site_counter counter)
{
	if (site)
		atomic64_inc((atomic64_t *)&site->counters[counter]);
}

/* Local mappings end in the reverse order. */
static inline bool kmap_site_is_local(unsigned int type)
{
	return type == PKSDIAG_MAP_KMAP_LOCAL || type == PKSDIAG_MAP_KMAP_ATOMIC;
}

/* table.c */
int kmap_sites_make_table(void);
struct pksdiag_site *kmap_site_find(unsigned long ip, unsigned int type, bool unmap);
void kmap_site_held(struct pksdiag_site *site, u64 ns);
void kmap_site_nested(struct pksdiag_site *site, unsigned int nest);

/* open.c */
int kmap_sites_make_open(void);
bool kmap_open_add(const struct kmap_mapping *m);
void kmap_open_lose(unsigned long pfn, unsigned int type);
int kmap_open_take(unsigned long pfn, unsigned int type, struct kmap_mapping *m);
void kmap_open_each_mine(void (*call)(struct kmap_mapping *m));

/* violations.c */
int kmap_sites_make_violations(void);
void kmap_site_stack(unsigned long *stack, unsigned long ip);
void kmap_site_violates(struct pksdiag_site *site, enum pksdiag_violation_kind kind,
			const struct kmap_mapping *m, unsigned long ip);
void kmap_site_faults(struct pksdiag_site *site, const struct kmap_mapping *m,
		      const struct kmap_found *found);

#endif /* _MM_KMAP_SITES_H */
