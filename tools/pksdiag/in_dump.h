/* SPDX-License-Identifier: GPL-2.0 */
/* What only a dump can tell about a record: its task, and who else knows the page. */
#ifndef PKSDIAG_IN_DUMP_H
#define PKSDIAG_IN_DUMP_H

#include "memory.h"
#include "record.h"
#include "tasks.h"

#define CPU_REGS	17

/**
 * struct cpu_regs - the registers of a CPU as it was stopped
 * @cpu: its number
 * @pid: of the task it ran, 0: idle
 * @regs: by the order of cpu_reg_names
 */
struct cpu_regs {
	__u32 cpu;
	__u32 pid;
	__u64 regs[CPU_REGS];
};

extern const char * const cpu_reg_names[CPU_REGS];

/**
 * struct stack_word - a word of a stack that may point to mapped memory
 * @value: the word
 * @task: whose stack, by number in struct tasks
 * @at: bytes from the start of the stack
 */
struct stack_word {
	__u64 value;
	__u32 task;
	__u32 at;
};

/**
 * struct in_dump - all tasks and what their stacks point to
 * @mem: the memory
 * @layout: of the tasks; NULL: not known, so that there are none
 * @cpus: the registers of CPUs
 * @nr_cpus: how many
 * @tasks: the tasks; the stacks of the first @searched were searched
 * @searched: tasks whose stacks were searched
 * @unreadable: stacks that are not there
 * @words: words of all stacks that were searched
 * @pointers: those that may point to mapped memory
 * @nr_pointers: how many
 */
struct in_dump {
	struct memory *mem;
	const struct task_layout *layout;
	const struct cpu_regs *cpus;
	size_t nr_cpus;
	struct tasks tasks;
	size_t searched;
	size_t unreadable;
	__u64 words;
	struct stack_word *pointers;
	size_t nr_pointers;
};

/* What became of the task that a record is of. */
enum task_fate {
	TASK_UNKNOWN,		/* there is no layout */
	TASK_UNREADABLE,	/* its task_struct is not in the dump */
	TASK_REUSED,		/* its memory is something else now */
	TASK_SAME,
};

/**
 * struct page_holder - a task, or a CPU, that has an address in a page
 * @task: the task; NULL: @cpu
 * @cpu: the CPU
 * @value: the address
 * @at: where in the stack, bytes from its start; or which register
 * @left: it is below the stack pointer: left over
 * @caller: the return address nearest above, 0: there is none
 */
struct page_holder {
	const struct task *task;
	const struct cpu_regs *cpu;
	__u64 value;
	__u32 at;
	bool left;
	__u64 caller;
};

void in_dump_read(struct in_dump *d, struct memory *mem,
		  const struct task_layout *layout, const struct cpu_regs *cpus,
		  size_t nr_cpus);
void in_dump_free(struct in_dump *d);
enum task_fate in_dump_task(const struct in_dump *d, const struct pksdiag_record *r,
			    struct task *task);
size_t in_dump_holders(const struct in_dump *d, const struct pksdiag_record *r,
		       struct page_holder *out, size_t max);

#endif /* PKSDIAG_IN_DUMP_H */
