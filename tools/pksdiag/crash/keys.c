// SPDX-License-Identifier: GPL-2.0
/* pks -k: the keys, and which task has more than the others. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "extension.h"
#include "facts.h"
#include "tasks.h"
#include "util.h"
#include "view.h"

/* Tasks are looked at for so long at most. */
#define TASKS_NS	2000000000ull

static int by_pkrs(const void *a, const void *b)
{
	const struct task *x = a, *y = b;

	if (x->pkrs != y->pkrs)
		return x->pkrs < y->pkrs ? -1 : 1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* The value that most tasks have. @tasks: by PKRS. */
static __u32 most_common(const struct tasks *tasks, size_t *times)
{
	size_t i, run = 0;
	__u32 pkrs = 0;

	*times = 0;
	for (i = 0; i < tasks->nr; i++) {
		run = i && tasks->v[i].pkrs == tasks->v[i - 1].pkrs ? run + 1 : 1;
		if (run <= *times)
			continue;
		*times = run;
		pkrs = tasks->v[i].pkrs;
	}
	return pkrs;
}

/* A task, and its rights by each key that it may use differently. */
static void put_task(const struct pksdiag_ring *ring, const struct task *task, __u32 common)
{
	unsigned int key;

	printf("task %-15u ", task->pid);
	PUT_FIELD(stdout, task->comm);
	printf(", PKRS 0x%08x\n", task->pkrs);
	for (key = 0; key < PKSDIAG_NR_KEYS; key++) {
		if (!((task->pkrs ^ common) >> 2 * key & 3))
			continue;
		printf("%21spkey %u \"", "", key);
		PUT_FIELD(stdout, ring->key_name[key]);
		fputs("\": ", stdout);
		put_rights(stdout, task->pkrs, key);
		putchar('\n');
	}
}

static void put_tasks(const struct pksdiag_ring *ring, struct tasks *tasks)
{
	__u32 common;
	size_t i, nr;

	if (!tasks->nr)
		return;
	qsort(tasks->v, tasks->nr, sizeof(*tasks->v), by_pkrs);
	common = most_common(tasks, &nr);
	printf("%-20s %zu of %zu have PKRS 0x%08x\n", "tasks", nr, tasks->nr, common);
	for (i = 0; i < tasks->nr; i++)
		if (tasks->v[i].pkrs != common)
			put_task(ring, &tasks->v[i], common);
	if (tasks->note)
		printf("%-20s %s\n", "", tasks->note);
}

static void show_tasks(const struct options *opt)
{
	struct task_layout layout;
	struct tasks tasks = {};
	struct view v;

	if (!view_open(&v, opt) &&
	    symbols_task_layout(v.sym, v.src.ring.stext, &layout) &&
	    layout.pkrs != NO_MEMBER) {
		tasks_read(&tasks, opt->memory, &layout, now_ns() + TASKS_NS);
		put_tasks(&v.src.ring, &tasks);
		tasks_free(&tasks);
	} else {
		printf("%-20s not known: that takes a vmlinux with debug info\n", "tasks");
	}
	view_close(&v);
}

/**
 * show_keys - print the keys, and the PKRS of tasks
 * @opt: the options; with JSON it is the keys only, as of pksdiag stats
 *
 * Return: an exit code.
 */
int show_keys(const struct options *opt)
{
	int ret = cmd_stats(opt, 0, NULL);

	if (!ret && !opt->json)
		show_tasks(opt);
	return ret;
}
