/* SPDX-License-Identifier: GPL-2.0 */
/* CONFIG_DEBUG_KMAP_THREAD: who maps by kmap_thread() and forgets to unmap. */
#ifndef _LINUX_KMAP_THREAD_DEBUG_H
#define _LINUX_KMAP_THREAD_DEBUG_H

#include <linux/types.h>

struct page;
struct task_struct;

#ifdef CONFIG_DEBUG_KMAP_THREAD

/* Mappings of a task whose callers are remembered; more are only counted. */
#define KMAP_THREAD_CALLERS	8

/**
 * struct kmap_thread_caller - a mapping that is in force
 * @pfn: frame number of the page
 * @ip: where it was mapped
 */
struct kmap_thread_caller {
	unsigned long pfn;
	unsigned long ip;
};

/**
 * struct kmap_thread_task - the kmap_thread() mappings of a task
 * @count: mappings in force; below zero after one unmap too many
 * @known: entries used in @callers
 * @callers: the oldest first
 *
 * Used by the task itself only.
 */
struct kmap_thread_task {
	int count;
	unsigned int known;
	struct kmap_thread_caller callers[KMAP_THREAD_CALLERS];
};

void kmap_thread_note_map(struct page *page);
void kmap_thread_note_unmap(struct page *page);
void kmap_thread_init_task(struct task_struct *task);
void kmap_thread_check_exit(struct task_struct *task);

#else

static inline void kmap_thread_note_map(struct page *page) { }
static inline void kmap_thread_note_unmap(struct page *page) { }
static inline void kmap_thread_init_task(struct task_struct *task) { }
static inline void kmap_thread_check_exit(struct task_struct *task) { }

#endif /* CONFIG_DEBUG_KMAP_THREAD */
#endif /* _LINUX_KMAP_THREAD_DEBUG_H */
