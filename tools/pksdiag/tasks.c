// SPDX-License-Identifier: GPL-2.0
/*
 * The tasks of a kernel, from its memory: the list of processes, and of each the
 * list of its threads. All of it may be damaged. A list in which every item points
 * back to the one before has no loop but through its head, so that checking this
 * is enough to come to an end.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tasks.h"
#include "util.h"

/* include/linux/sched.h */
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define TASK_STOPPED		0x0004
#define TASK_TRACED		0x0008
#define TASK_DEAD		0x0080
#define TASK_NOLOAD		0x0400
#define EXIT_DEAD		0x0010
#define EXIT_ZOMBIE		0x0020
#define PF_EXITING		0x0004

/* === One ================================================================== */

static __u32 get32(const void *raw, long at)
{
	__u32 value = 0;

	if (at != NO_MEMBER)
		memcpy(&value, raw + at, sizeof(value));
	return value;
}

static __u64 get64(const void *raw, long at)
{
	__u64 value;

	memcpy(&value, raw + at, sizeof(value));
	return value;
}

/**
 * task_read - read a task
 * @mem: the memory
 * @layout: of a task_struct
 * @address: of this one
 * @task: out
 *
 * Return: false if it is not there.
 */
bool task_read(struct memory *mem, const struct task_layout *layout, __u64 address,
	       struct task *task)
{
	void *raw = xmalloc(layout->size + TASK_COMM_LEN);
	bool good = !memory_read(mem, address, raw, layout->size);

	if (good) {
		task->address = address;
		task->pid = get32(raw, layout->pid);
		task->tgid = get32(raw, layout->tgid);
		memcpy(task->comm, raw + layout->comm, TASK_COMM_LEN);
		task->state = get32(raw, layout->state);
		task->exit_state = get32(raw, layout->exit_state);
		task->flags = get32(raw, layout->flags);
		task->on_cpu = get32(raw, layout->on_cpu);
		task->cpu = get32(raw, layout->cpu);
		task->stack = get64(raw, layout->stack);
		task->sp = get64(raw, layout->sp);
		task->pkrs = get32(raw, layout->pkrs);
	}
	free(raw);
	return good;
}

/**
 * task_has_exited - will it never again run code of its own
 * @task: the task
 *
 * Return: true if it is on its way out, or gone.
 */
bool task_has_exited(const struct task *task)
{
	return task->exit_state || task->state & TASK_DEAD || task->flags & PF_EXITING;
}

/**
 * task_state_name - what a task does
 * @task: the task
 *
 * Return: a word for it.
 */
const char *task_state_name(const struct task *task)
{
	if (task->exit_state & EXIT_DEAD || task->state & TASK_DEAD)
		return "dead";
	if (task->exit_state & EXIT_ZOMBIE)
		return "zombie";
	if (task->flags & PF_EXITING)
		return "exiting";
	if (!task->state)
		return task->on_cpu ? "running" : "ready";
	if (task->state & TASK_UNINTERRUPTIBLE)
		return task->state & TASK_NOLOAD ? "idle" : "uninterruptible";
	if (task->state & TASK_INTERRUPTIBLE)
		return "sleeping";
	if (task->state & TASK_STOPPED)
		return "stopped";
	return task->state & TASK_TRACED ? "traced" : "?";
}

/* === All ================================================================== */

/**
 * now_ns - the time, to measure how long something takes
 *
 * Return: ns of CLOCK_MONOTONIC.
 */
__u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/**
 * struct walk - a list on which tasks are
 * @tasks: where they go
 * @mem: the memory
 * @layout: of the tasks
 * @until: when to stop, ns
 * @next: address of the item to look at
 * @prev: address of the one before
 * @last: address of the last one
 */
struct walk {
	struct tasks *tasks;
	struct memory *mem;
	const struct task_layout *layout;
	__u64 until;
	__u64 next;
	__u64 prev;
	__u64 last;
};

/* Of several reasons the first is what matters. */
static bool stop(struct walk *w, char *why)
{
	if (w->tasks->note)
		free(why);
	else
		w->tasks->note = why;
	return false;
}

static bool start(struct walk *w, __u64 head)
{
	__u64 link[2];

	if (memory_read(w->mem, head, link, sizeof(link)))
		return stop(w, xasprintf("the list of tasks at 0x%llx is not in the dump",
					 head));
	w->prev = head;
	w->next = link[0];
	w->last = link[1];
	return true;
}

/* Back at the head: a short cut to it leaves tasks out. */
static bool end(struct walk *w)
{
	if (w->prev == w->last)
		return true;
	return stop(w, xasprintf("the list of tasks is damaged: it ends at 0x%llx, expected 0x%llx",
				 w->prev, w->last));
}

/* Go on to the item behind @w->next. */
static bool step(struct walk *w)
{
	__u64 link[2], at = w->next;

	if (memory_read(w->mem, at, link, sizeof(link)))
		return stop(w, xasprintf("the list of tasks leads to 0x%llx, not in the dump",
					 at));
	if (link[1] != w->prev)
		return stop(w, xasprintf("list of tasks is damaged at 0x%llx: 0x%llx, not 0x%llx",
					 at, link[1], w->prev));
	w->prev = at;
	w->next = link[0];
	return true;
}

static bool add(struct walk *w, __u64 address)
{
	struct tasks *tasks = w->tasks;

	if (tasks->nr == TASKS_MAX)
		return stop(w, xasprintf("only the first %u tasks were read",
					 TASKS_MAX));
	if (now_ns() > w->until)
		return stop(w, xasprintf("it took too long: only %zu tasks were read",
					 tasks->nr));
	if (!(tasks->nr & (tasks->nr - 1)))
		tasks->v = xrealloc(tasks->v, (2 * tasks->nr + 1) * sizeof(*tasks->v));
	if (!task_read(w->mem, w->layout, address, &tasks->v[tasks->nr]))
		return stop(w, xasprintf("the task_struct at 0x%llx is not in the dump",
					 address));
	tasks->nr++;
	return true;
}

/* All threads of the process that @leader is the first one of. */
static bool read_threads(struct walk *outer, __u64 leader)
{
	const struct task_layout *layout = outer->layout;
	struct walk w = *outer;
	__u64 signal, head;

	if (memory_read(w.mem, leader + layout->signal, &signal, sizeof(signal)))
		return stop(&w, xasprintf("the task_struct at 0x%llx is not in the dump",
					  leader));
	/* a leader that is being reaped has none any more */
	head = signal + layout->thread_head;
	if (!signal)
		return add(&w, leader);
	if (!start(&w, head))
		return false;
	while (w.next != head) {
		__u64 address = w.next - layout->thread_node;

		if (!step(&w) || !add(&w, address))
			return false;
	}
	return end(&w);
}

/**
 * tasks_read - read all tasks, except for the idle ones
 * @tasks: out; tasks_free() it
 * @mem: the memory
 * @layout: of the tasks
 * @until_ns: stop when now_ns() has come so far
 */
void tasks_read(struct tasks *tasks, struct memory *mem,
		const struct task_layout *layout, __u64 until_ns)
{
	struct walk w = {
		.tasks = tasks, .mem = mem, .layout = layout, .until = until_ns,
	};
	__u64 head = layout->init_task + layout->tasks;

	memset(tasks, 0, sizeof(*tasks));
	if (!start(&w, head))
		return;
	while (w.next != head) {
		__u64 leader = w.next - layout->tasks;

		if (!step(&w) || !read_threads(&w, leader))
			return;
	}
	end(&w);
}

/**
 * tasks_free - free what tasks_read() allocated
 * @tasks: the tasks
 */
void tasks_free(struct tasks *tasks)
{
	free(tasks->v);
	free(tasks->note);
	memset(tasks, 0, sizeof(*tasks));
}
