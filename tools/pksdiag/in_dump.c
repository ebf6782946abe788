// SPDX-License-Identifier: GPL-2.0
/*
 * What only a dump can tell about a record: its task, and who else knows the page.
 * All stacks are read once, and only what may point to mapped memory is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "in_dump.h"
#include "util.h"

#define PAGE_SHIFT	12
/* For reading it all: a report is worth a wait, but not a long one. */
#define TIME_MAX	2000000000ull
/* 64 MiB of them */
#define POINTERS_MAX	(4u << 20)
/* Documentation/x86/x86_64/mm.rst: all maps of memory are below this, code is above */
#define POINTER_MIN	0xff00000000000000ull
#define POINTER_MAX	0xffffff8000000000ull
#define CODE_MIN	0xffffffff80000000ull

/* By libkdumpfile's names, which are those of struct pt_regs. */
const char * const cpu_reg_names[CPU_REGS] = {
	"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10",
	"r11", "r12", "r13", "r14", "r15", "rip",
};

#define REG_RSP		7

/* === Reading ============================================================== */

static bool may_point(__u64 value)
{
	return value >= POINTER_MIN && value < POINTER_MAX;
}

static bool add_pointer(struct in_dump *d, const struct stack_word *word)
{
	size_t nr = d->nr_pointers;

	if (nr == POINTERS_MAX)
		return false;
	if (!(nr & (nr - 1)))
		d->pointers = xrealloc(d->pointers,
				       (2 * nr + 1) * sizeof(*d->pointers));
	d->pointers[d->nr_pointers++] = *word;
	return true;
}

/* Return: false if there is no more room. */
static bool read_stack(struct in_dump *d, size_t nr, __u64 *stack)
{
	struct stack_word word = { .task = nr };
	size_t i, words = d->layout->thread_size / sizeof(*stack);

	if (!d->tasks.v[nr].stack)
		return true;
	if (memory_read(d->mem, d->tasks.v[nr].stack, stack, d->layout->thread_size)) {
		d->unreadable++;
		return true;
	}
	d->words += words;
	for (i = 0; i < words; i++) {
		word.value = stack[i];
		word.at = i * sizeof(*stack);
		if (may_point(word.value) && !add_pointer(d, &word))
			return false;
	}
	return true;
}

static void read_stacks(struct in_dump *d, __u64 until)
{
	__u64 *stack = xmalloc(d->layout->thread_size);

	while (d->searched < d->tasks.nr && now_ns() < until &&
	       read_stack(d, d->searched, stack))
		d->searched++;
	free(stack);
	if (d->searched < d->tasks.nr && !d->tasks.note)
		d->tasks.note = xasprintf("too many: stacks of %zu of %zu tasks were searched",
					  d->searched, d->tasks.nr);
}

/**
 * in_dump_read - read all tasks and their stacks, once for all records
 * @d: out; in_dump_free() it
 * @mem: the memory
 * @layout: of the tasks; NULL if it is not known; stays the caller's, as the others
 * @cpus: registers of CPUs
 * @nr_cpus: how many
 *
 * It takes at most some seconds. What could not be read is in @d->tasks.note.
 */
void in_dump_read(struct in_dump *d, struct memory *mem,
		  const struct task_layout *layout, const struct cpu_regs *cpus,
		  size_t nr_cpus)
{
	__u64 until = now_ns() + TIME_MAX;

	memset(d, 0, sizeof(*d));
	d->mem = mem;
	d->layout = layout;
	d->cpus = cpus;
	d->nr_cpus = nr_cpus;
	if (!layout)
		return;
	tasks_read(&d->tasks, mem, layout, until);
	read_stacks(d, until);
}

/**
 * in_dump_free - free what in_dump_read() allocated
 * @d: what it has read
 */
void in_dump_free(struct in_dump *d)
{
	tasks_free(&d->tasks);
	free(d->pointers);
	memset(d, 0, sizeof(*d));
}

/* === A record ============================================================= */

/**
 * in_dump_task - what became of the task that a record is of
 * @d: what was read
 * @r: the record
 * @task: out, with TASK_REUSED and TASK_SAME
 *
 * Return: the answer.
 */
enum task_fate in_dump_task(const struct in_dump *d, const struct pksdiag_record *r,
			    struct task *task)
{
	if (!d->layout)
		return TASK_UNKNOWN;
	if (!task_read(d->mem, d->layout, r->task, task))
		return TASK_UNREADABLE;
	return task->pid == r->pid && task->tgid == r->tgid ? TASK_SAME : TASK_REUSED;
}

static bool in_page(const struct pksdiag_record *r, __u64 value)
{
	return value >> PAGE_SHIFT == r->address >> PAGE_SHIFT;
}

static bool in_stack(const struct in_dump *d, const struct task *task, __u64 at)
{
	return at - task->stack < d->layout->thread_size;
}

/* Below its stack pointer a stack has what earlier calls have left there. */
static bool is_left_over(const struct in_dump *d, const struct task *task, __u64 at)
{
	size_t i;

	if (!task->on_cpu)
		return in_stack(d, task, task->sp) && at < task->sp;
	for (i = 0; i < d->nr_cpus; i++)
		if (in_stack(d, task, d->cpus[i].regs[REG_RSP]))
			return at < d->cpus[i].regs[REG_RSP];
	return false;
}

/*
 * Is the instruction before @address a call? With the distance to its target: e8;
 * by a register or memory: ff /2 (SDM vol. 2).
 */
static bool is_behind_call(struct memory *mem, __u64 address)
{
	__u8 code[7];
	int len;

	if (address < CODE_MIN ||
	    memory_read(mem, address - sizeof(code), code, sizeof(code)))
		return false;
	if (code[2] == 0xe8)
		return true;
	for (len = 2; len <= 7; len++)
		if (code[7 - len] == 0xff && (code[8 - len] & 0x38) == 0x10)
			return true;
	return false;
}

/* The return address nearest above byte @at of a stack, or 0. */
static __u64 find_caller(const struct in_dump *d, const struct task *task, __u32 at)
{
	__u64 *stack = xmalloc(d->layout->thread_size), caller = 0;
	size_t i, words = d->layout->thread_size / sizeof(*stack);

	if (!memory_read(d->mem, task->stack, stack, d->layout->thread_size))
		for (i = at / sizeof(*stack) + 1; i < words && !caller; i++)
			if (is_behind_call(d->mem, stack[i]))
				caller = stack[i];
	free(stack);
	return caller;
}

/**
 * struct holders - where holders of a page go
 * @out: them
 * @max: room there
 * @nr: how many there are, even if they have no room
 */
struct holders {
	struct page_holder *out;
	size_t max;
	size_t nr;
};

static void add_holder(struct holders *h, const struct page_holder *holder)
{
	if (h->nr < h->max)
		h->out[h->nr] = *holder;
	h->nr++;
}

static void add_cpu(struct holders *h, const struct pksdiag_record *r,
		    const struct cpu_regs *cpu)
{
	struct page_holder holder = { .cpu = cpu };

	for (holder.at = 0; holder.at < CPU_REGS; holder.at++) {
		holder.value = cpu->regs[holder.at];
		if (in_page(r, holder.value))
			add_holder(h, &holder);
	}
}

static bool is_own_cpu(const struct pksdiag_record *r, const struct cpu_regs *cpu)
{
	return cpu->pid == r->pid && (r->pid || cpu->cpu == r->cpu);
}

static void add_word(const struct in_dump *d, struct holders *h,
		     const struct stack_word *word)
{
	const struct task *task = &d->tasks.v[word->task];
	struct page_holder holder = {
		.task = task, .value = word->value, .at = word->at,
		.left = is_left_over(d, task, task->stack + word->at),
	};

	if (h->nr < h->max && !holder.left)
		holder.caller = find_caller(d, task, word->at);
	add_holder(h, &holder);
}

/* First what is in use, then what is left over: @left. */
static void add_words(const struct in_dump *d, const struct pksdiag_record *r,
		      struct holders *h, bool left)
{
	size_t i;

	for (i = 0; i < d->nr_pointers; i++) {
		const struct stack_word *word = &d->pointers[i];
		const struct task *task = &d->tasks.v[word->task];

		if (in_page(r, word->value) && task->address != r->task &&
		    is_left_over(d, task, task->stack + word->at) == left)
			add_word(d, h, word);
	}
}

/**
 * in_dump_holders - find who else has an address in the page of a record
 * @d: what was read
 * @r: the record
 * @out: where they go, those that use it first
 * @max: room there
 *
 * Return: how many there are, maybe more than @max.
 */
size_t in_dump_holders(const struct in_dump *d, const struct pksdiag_record *r,
		       struct page_holder *out, size_t max)
{
	struct holders h = { .out = out, .max = max };
	size_t i;

	for (i = 0; i < d->nr_cpus; i++)
		if (!is_own_cpu(r, &d->cpus[i]))
			add_cpu(&h, r, &d->cpus[i]);
	if (!d->layout)
		return h.nr;
	add_words(d, r, &h, false);
	add_words(d, r, &h, true);
	return h.nr;
}
