// SPDX-License-Identifier: GPL-2.0
/*
 * Find kmap_thread() without kunmap_thread(): each task counts its mappings and
 * remembers who made them; one that exits with mappings is named in the log,
 * with the caller of the last.
 */
#define pr_fmt(fmt) "kmap_thread: " fmt

#include <linux/export.h>
#include <linux/kmap_thread_debug.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#define CREATE_TRACE_POINTS
#include <trace/events/kmap_thread.h>

static void remember(struct kmap_thread_task *maps, unsigned long pfn,
		     unsigned long ip)
{
	if (maps->known < KMAP_THREAD_CALLERS)
		maps->callers[maps->known++] =
			(struct kmap_thread_caller){ .pfn = pfn, .ip = ip };
}

/* Of several mappings of a page the last one ends. */
static void forget(struct kmap_thread_task *maps, unsigned long pfn)
{
	unsigned int i = maps->known;

	while (i && maps->callers[i - 1].pfn != pfn)
		i--;
	if (!i)
		return;
	maps->known--;
	memmove(&maps->callers[i - 1], &maps->callers[i],
		(maps->known - (i - 1)) * sizeof(maps->callers[0]));
}

/**
 * kmap_thread_note_map - the current task maps a page
 * @page: the page
 *
 * Context: Process context, called by kmap_thread() only.
 */
void kmap_thread_note_map(struct page *page)
{
	struct kmap_thread_task *maps = &current->kmap_thread;
	unsigned long pfn = page_to_pfn(page);

	maps->count++;
	remember(maps, pfn, _RET_IP_);
	trace_kmap_thread(current, pfn, _RET_IP_, maps->count);
}
EXPORT_SYMBOL(kmap_thread_note_map);

/**
 * kmap_thread_note_unmap - the current task unmaps a page
 * @page: the page
 *
 * Context: Process context, called by kunmap_thread() only.
 */
void kmap_thread_note_unmap(struct page *page)
{
	struct kmap_thread_task *maps = &current->kmap_thread;
	unsigned long pfn = page_to_pfn(page);

	maps->count--;
	forget(maps, pfn);
	trace_kunmap_thread(current, pfn, _RET_IP_, maps->count);
}
EXPORT_SYMBOL(kmap_thread_note_unmap);

/**
 * kmap_thread_init_task - a new task has mapped nothing
 * @task: not running yet; a copy of its parent so far
 *
 * Context: Process context.
 */
void kmap_thread_init_task(struct task_struct *task)
{
	memset(&task->kmap_thread, 0, sizeof(task->kmap_thread));
}

static void print_last(const struct kmap_thread_task *maps)
{
	const struct kmap_thread_caller *last;

	if (!maps->known) {
		pr_warn("  its callers are not known: it had mapped more than %u pages at once\n",
			KMAP_THREAD_CALLERS);
		return;
	}
	last = &maps->callers[maps->known - 1];
	pr_warn("  the last is of pfn %#lx, by %pS\n", last->pfn, (void *)last->ip);
}

/**
 * kmap_thread_check_exit - a task ends: has it unmapped everything?
 * @task: the current task
 *
 * Context: Process context, do_exit().
 */
void kmap_thread_check_exit(struct task_struct *task)
{
	const struct kmap_thread_task *maps = &task->kmap_thread;

	if (!maps->count)
		return;
	if (maps->count < 0) {
		pr_warn("%s/%d exits after %d kunmap_thread() too many\n",
			task->comm, task->pid, -maps->count);
		return;
	}
	pr_warn("%s/%d exits with %d pages mapped\n", task->comm, task->pid,
		maps->count);
	print_last(maps);
}
