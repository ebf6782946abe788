/* SPDX-License-Identifier: GPL-2.0 */
/* Where in a kernel's structures a task is described. */
#ifndef PKSDIAG_TASK_LAYOUT_H
#define PKSDIAG_TASK_LAYOUT_H

#include <elfutils/libdw.h>
#include <linux/types.h>
#include <stdbool.h>

/* A kernel stack of more bytes is a damaged file. */
#define THREAD_SIZE_MAX	0x10000u
/* A member that this kernel does not have. */
#define NO_MEMBER	(-1)

/**
 * struct task_layout - bytes into a struct task_struct, unless it says otherwise
 * @size: of struct task_struct, as far as every task has it
 * @thread_size: of a kernel stack
 * @init_task: run-time address of the first task
 * @tasks: the list of processes
 * @thread_node: the list of a process' threads
 * @signal: pointer to what they share
 * @thread_head: in that struct signal_struct: head of the list of threads
 * @pid: of the thread
 * @tgid: of the process
 * @comm: its name
 * @state: what it waits for
 * @exit_state: how far it has exited
 * @flags: PF_*
 * @stack: pointer to its kernel stack
 * @sp: its stack pointer while it does not run
 * @pkrs: what its PKRS is when it runs; NO_MEMBER without PKS
 * @on_cpu: it runs; NO_MEMBER with a single CPU
 * @cpu: where; NO_MEMBER with a single CPU
 */
struct task_layout {
	__u64 size;
	__u64 thread_size;
	__u64 init_task;
	long tasks;
	long thread_node;
	long signal;
	long thread_head;
	long pid;
	long tgid;
	long comm;
	long state;
	long exit_state;
	long flags;
	long stack;
	long sp;
	long pkrs;
	long on_cpu;
	long cpu;
};

bool task_layout_read(struct task_layout *layout, Dwarf_Die *cu);

#endif /* PKSDIAG_TASK_LAYOUT_H */
