/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CONFIG_KMAP_SITES: watch the call sites of the kmap family and of DAX
 * sections, so that a developer sees which of them ran, on what, and whether by
 * the rules. mm/kmap_sites/sites.h has how it works.
 */
#ifndef _LINUX_KMAP_SITES_H
#define _LINUX_KMAP_SITES_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

struct page;
struct pksdiag_record;

#ifdef CONFIG_KMAP_SITES

#include <linux/jump_label.h>

/**
 * struct kmap_sites_task - the mappings of a task that are watched
 * @open: mappings in force; too high after another task ended one
 * @depth: of them: local ones, which end in the reverse order
 *
 * Written by the task, and by interrupts that leave it as they found it. It says
 * whether the table of mappings is worth a search: @open is not exact, but it is
 * not 0 while the task has a mapping that was not found by such a search before.
 */
struct kmap_sites_task {
	int open;
	int depth;
};

DECLARE_STATIC_KEY_FALSE(kmap_sites_key);

/* Call sites are watched. */
#define kmap_sites_on()		static_branch_unlikely(&kmap_sites_key)

void __kmap_site_map(const struct page *page, unsigned int type);
void __kmap_site_unmap(const struct page *page, unsigned int type);
void __kmap_site_enter(unsigned long ip);
void __kmap_site_exit(unsigned long ip);
void __kmap_sites_user(void);
void __kmap_sites_exit_task(void);
void __kmap_sites_fault(const struct pksdiag_record *r);
long kmap_sites_ioctl(unsigned int cmd, void __user *arg);
void kmap_sites_vmcoreinfo(void);

/**
 * kmap_site_map - a page is being mapped
 * @page: any page
 * @type: enum devmap_mapping
 *
 * Inlined into whoever maps: that is the call site.
 *
 * Context: Any.
 */
static __always_inline void kmap_site_map(const struct page *page, unsigned int type)
{
	if (kmap_sites_on())
		__kmap_site_map(page, type);
}

/**
 * kmap_site_unmap - a page is being unmapped
 * @page: its device, and this itself, may be gone by now
 * @type: enum devmap_mapping
 *
 * Context: Any.
 */
static __always_inline void kmap_site_unmap(const struct page *page, unsigned int type)
{
	if (kmap_sites_on())
		__kmap_site_unmap(page, type);
}

/* A DAX section begins, and ends: @ip is who wants it. */
#define kmap_site_enter(ip)						\
do {									\
	if (kmap_sites_on())						\
		__kmap_site_enter(ip);					\
} while (0)

#define kmap_site_exit(ip)						\
do {									\
	if (kmap_sites_on())						\
		__kmap_site_exit(ip);					\
} while (0)

/* The current task goes to user space; it has mapped nothing any more. */
#define kmap_sites_user()						\
do {									\
	if (kmap_sites_on() &&						\
	    unlikely(current->kmap_sites.open))				\
		__kmap_sites_user();					\
} while (0)

/* The current task ends. */
#define kmap_sites_exit_task()						\
do {									\
	if (kmap_sites_on() &&						\
	    unlikely(current->kmap_sites.open))				\
		__kmap_sites_exit_task();				\
} while (0)

/* A fault was recorded. */
#define kmap_sites_fault(r)						\
do {									\
	if (kmap_sites_on())						\
		__kmap_sites_fault(r);					\
} while (0)

#else

#define kmap_sites_on()				false
static inline void kmap_site_map(const struct page *page, unsigned int type) { }
static inline void kmap_site_unmap(const struct page *page, unsigned int type) { }
#define kmap_site_enter(ip)			do { } while (0)
#define kmap_site_exit(ip)			do { } while (0)
#define kmap_sites_user()			do { } while (0)
#define kmap_sites_exit_task()			do { } while (0)
#define kmap_sites_fault(r)			do { } while (0)
static inline long kmap_sites_ioctl(unsigned int cmd, void __user *arg)
{
	return -ENOTTY;
}

static inline void kmap_sites_vmcoreinfo(void) { }

#endif /* CONFIG_KMAP_SITES */
#endif /* _LINUX_KMAP_SITES_H */
