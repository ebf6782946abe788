/* SPDX-License-Identifier: GPL-2.0 */
/* The tasks of a kernel, from its memory. */
#ifndef PKSDIAG_TASKS_H
#define PKSDIAG_TASKS_H

#include <linux/types.h>
#include <stdbool.h>

#include "memory.h"
#include "task_layout.h"

#define TASK_COMM_LEN	16
/* No more are read. */
#define TASKS_MAX	65536u

/**
 * struct task - a thread
 * @address: of its task_struct
 * @pid: its number
 * @tgid: that of its process
 * @comm: its name, maybe without a NUL
 * @state: what it waits for
 * @exit_state: how far it has exited
 * @flags: PF_*
 * @on_cpu: it runs
 * @cpu: where it runs, or ran last
 * @stack: its kernel stack
 * @sp: where the stack pointer was when it last stopped running
 * @pkrs: what its PKRS is when it runs; 0 without PKS
 */
struct task {
	__u64 address;
	__u32 pid;
	__u32 tgid;
	char comm[TASK_COMM_LEN];
	__u32 state;
	__u32 exit_state;
	__u32 flags;
	bool on_cpu;
	__u32 cpu;
	__u64 stack;
	__u64 sp;
	__u32 pkrs;
};

/**
 * struct tasks - all tasks
 * @v: the tasks
 * @nr: how many
 * @note: why these are not all of them, or NULL
 */
struct tasks {
	struct task *v;
	size_t nr;
	char *note;
};

bool task_read(struct memory *mem, const struct task_layout *layout, __u64 address,
	       struct task *task);
const char *task_state_name(const struct task *task);
bool task_has_exited(const struct task *task);
void tasks_read(struct tasks *tasks, struct memory *mem,
		const struct task_layout *layout, __u64 until_ns);
void tasks_free(struct tasks *tasks);
__u64 now_ns(void);

#endif /* PKSDIAG_TASKS_H */
