// SPDX-License-Identifier: GPL-2.0
/* Of an explanation: what only a dump can tell. */
#include <stdlib.h>

#include "dump_cpus.h"
#include "explain.h"
#include "explain_dump.h"
#include "facts.h"
#include "in_dump.h"
#include "json.h"
#include "util.h"

/* Of more holders of a page only the number is said. */
#define HOLDERS_MAX	8

/**
 * struct dump_view - what was read of the dump, for all records
 * @layout: of its tasks
 * @cpus: registers of its CPUs
 * @d: its tasks
 */
struct dump_view {
	struct task_layout layout;
	struct cpu_regs *cpus;
	struct in_dump d;
};

/* A debugger gives the memory; the registers are in the dump's file. */
static struct cpu_regs *read_cpus(struct view *v, size_t *nr)
{
	struct cpu_regs *cpus = NULL;
	struct dump dump = {};

	if (!v->opt->memory)
		return dump_cpus_read(&v->src.dump, nr);
	*nr = 0;
	if (!dump_open(&dump, &v->opt->vmcore, 1))
		cpus = dump_cpus_read(&dump, nr);
	dump_close(&dump);
	return cpus;
}

/**
 * dump_view_new - read what only a dump can tell
 * @v: the view
 *
 * Return: for dump_view_free(); NULL if there are no records, or they are not from
 * a dump.
 */
struct dump_view *dump_view_new(struct view *v)
{
	const struct record_list *list = &v->src.records;
	struct dump_view *dv;
	size_t nr_cpus;
	bool known;

	if (!v->opt->vmcore || !list->nr)
		return NULL;
	dv = xmalloc(sizeof(*dv));
	dv->cpus = read_cpus(v, &nr_cpus);
	known = symbols_task_layout(v->sym, list->v[0].r->stext, &dv->layout);
	in_dump_read(&dv->d, v->opt->memory ? v->opt->memory : &v->src.dump.mem,
		     known ? &dv->layout : NULL, dv->cpus, nr_cpus);
	return dv;
}

/**
 * dump_view_free - free everything
 * @dv: may be NULL
 */
void dump_view_free(struct dump_view *dv)
{
	if (!dv)
		return;
	in_dump_free(&dv->d);
	free(dv->cpus);
	free(dv);
}

/* Why something is not known, or NULL. */
static const char *unknown(const struct in_dump *d)
{
	return d->layout ? d->tasks.note :
		"that takes the kernel's debug info (--vmlinux FILE)";
}

/* === Text ================================================================= */

static void put_name(const struct task *task)
{
	PUT_FIELD(stdout, task->comm);
	printf(" (pid %u)", task->pid);
}

static void put_task(const struct in_dump *d, const struct pksdiag_record *r)
{
	struct task task;

	put_label("task");
	switch (in_dump_task(d, r, &task)) {
	case TASK_UNKNOWN:
		printf("its state is not known: %s\n", unknown(d));
		return;
	case TASK_UNREADABLE:
		printf("its task_struct at 0x%llx is not in the dump\n", r->task);
		return;
	case TASK_REUSED:
		fputs("gone: its task_struct is that of ", stdout);
		break;
	case TASK_SAME:
		fputs("still there: ", stdout);
		break;
	}
	put_name(&task);
	printf(", %s, %s CPU %u\n", task_state_name(&task),
	       task.on_cpu ? "on" : "last on", task.cpu);
}

static void put_holder(const struct view *v, const struct pksdiag_record *r,
		       const struct page_holder *h)
{
	put_label("");
	if (h->cpu) {
		printf("  CPU %u, running pid %u: register %s = 0x%llx\n",
		       h->cpu->cpu, h->cpu->pid, cpu_reg_names[h->at], h->value);
		return;
	}
	fputs("  ", stdout);
	put_name(h->task);
	printf(", %s: 0x%llx at byte 0x%x of its stack%s\n", task_state_name(h->task),
	       h->value, h->at, h->left ? ", left over from earlier calls" : "");
	if (!h->caller)
		return;
	put_label("");
	fputs("    in what was called by ", stdout);
	put_code(stdout, r, view_return(v, r, h->caller));
	putchar('\n');
}

static void put_searched(const struct in_dump *d)
{
	const char *note = d->tasks.note;
	char *text;

	if (d->layout)
		text = xasprintf("searched: %zu CPUs' registers, %llu words of %zu stacks%s%s",
				 d->nr_cpus, d->words, d->searched - d->unreadable,
				 note ? "; " : "", note ? note : "");
	else
		text = xasprintf("searched: %zu CPUs' registers; not the stacks: %s",
				 d->nr_cpus, unknown(d));
	put_wrapped("                 ", 17, text);
	free(text);
	if (!d->unreadable)
		return;
	put_label("");
	printf("the stacks of %zu tasks are not in the dump\n", d->unreadable);
}

static void put_holders(const struct view *v, const struct in_dump *d,
			const struct pksdiag_record *r)
{
	struct page_holder holders[HOLDERS_MAX];
	size_t i, nr = in_dump_holders(d, r, holders, HOLDERS_MAX);

	put_label("same page");
	puts(nr ? "others have an address in it, too:" :
	     "no other task was found that has an address in it");
	for (i = 0; i < min_size(nr, HOLDERS_MAX); i++)
		put_holder(v, r, &holders[i]);
	if (nr > HOLDERS_MAX) {
		put_label("");
		printf("  and %zu more times\n", nr - HOLDERS_MAX);
	}
	put_searched(d);
}

/**
 * explain_dump - what only a dump can tell about a record
 * @v: the view
 * @dv: what was read of the dump; NULL: nothing, it is none
 * @r: the record
 */
void explain_dump(const struct view *v, const struct dump_view *dv,
		  const struct pksdiag_record *r)
{
	if (!dv)
		return;
	put_title(v, "In the dump");
	put_task(&dv->d, r);
	put_holders(v, &dv->d, r);
}

/* === JSON ================================================================= */

static void add_task(struct json_object *obj, const struct task *task)
{
	json_add_address(obj, "task", task->address);
	json_add_number(obj, "pid", task->pid);
	json_add_number(obj, "tgid", task->tgid);
	json_add(obj, "comm", JSON_FIELD(task->comm));
	json_add_string(obj, "state", task_state_name(task));
	json_add_bool(obj, "exited", task_has_exited(task));
	json_add_bool(obj, "on_cpu", task->on_cpu);
	json_add_number(obj, "cpu", task->cpu);
}

static struct json_object *json_task(const struct in_dump *d,
				     const struct pksdiag_record *r)
{
	static const char * const fates[] = {
		[TASK_UNKNOWN] = "unknown", [TASK_UNREADABLE] = "unreadable",
		[TASK_REUSED] = "gone", [TASK_SAME] = "same",
	};
	struct json_object *obj = json_object_new_object();
	struct task task;
	enum task_fate fate = in_dump_task(d, r, &task);

	json_add_string(obj, "fate", fates[fate]);
	if (fate == TASK_REUSED || fate == TASK_SAME)
		add_task(obj, &task);
	return obj;
}

static struct json_object *json_holder(const struct view *v,
				       const struct pksdiag_record *r,
				       const struct page_holder *h)
{
	struct json_object *obj = json_object_new_object(), *caller = NULL;

	json_add_string(obj, "where", h->cpu ? "register" : "stack");
	json_add_address(obj, "value", h->value);
	if (h->cpu) {
		json_add_number(obj, "cpu", h->cpu->cpu);
		json_add_number(obj, "pid", h->cpu->pid);
		json_add_string(obj, "register", cpu_reg_names[h->at]);
		return obj;
	}
	add_task(obj, h->task);
	json_add_number(obj, "stack_offset", h->at);
	json_add_bool(obj, "left_over", h->left);
	if (h->caller) {
		caller = json_object_new_object();
		json_add_code(caller, "address", view_return(v, r, h->caller));
	}
	json_add(obj, "caller", caller);
	return obj;
}

/**
 * json_dump - what only a dump can tell about a record
 * @v: the view
 * @dv: what was read of the dump
 * @r: the record
 *
 * Return: the object.
 */
struct json_object *json_dump(const struct view *v, const struct dump_view *dv,
			      const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *array = json_object_new_array();
	struct page_holder holders[HOLDERS_MAX];
	const struct in_dump *d = &dv->d;
	size_t i, nr = in_dump_holders(d, r, holders, HOLDERS_MAX);

	json_add(obj, "task", json_task(d, r));
	for (i = 0; i < min_size(nr, HOLDERS_MAX); i++)
		json_object_array_add(array, json_holder(v, r, &holders[i]));
	json_add(obj, "holders", array);
	json_add_number(obj, "nr_holders", nr);
	json_add_number(obj, "cpus", d->nr_cpus);
	json_add_number(obj, "tasks", d->searched - d->unreadable);
	json_add_number(obj, "words", d->words);
	json_add_string(obj, "note", unknown(d));
	return obj;
}
