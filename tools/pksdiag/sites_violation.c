// SPDX-License-Identifier: GPL-2.0
/* The violations of a call site: what it did, who had mapped, and who found out. */
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "json.h"
#include "sites.h"
#include "sites_names.h"
#include "util.h"

/**
 * struct words - what to say of a kind of violation
 * @meaning: what is wrong
 * @by: what the other code did, or where it was found
 */
struct words {
	const char *meaning;
	const char *by;
};

static const struct words kinds[PKSDIAG_NR_VIOL] = {
	[PKSDIAG_VIOL_OTHER_TASK] = {
		"another task unmapped what this had mapped for its own", "unmapped by" },
	[PKSDIAG_VIOL_CONTEXT] = {
		"it was unmapped in another context than it was mapped in", "unmapped by" },
	[PKSDIAG_VIOL_USER] = {
		"the task returned to user space with it mapped", "found in" },
	[PKSDIAG_VIOL_EXIT] = { "the task ended with it mapped", "found in" },
	[PKSDIAG_VIOL_ORDER] = {
		"it was unmapped while a later local mapping was still there",
		"unmapped by" },
	[PKSDIAG_VIOL_SLEPT] = {
		"the task slept with a mapping of kmap_atomic()", "unmapped by" },
	[PKSDIAG_VIOL_ATOMIC] = {
		"it may sleep, and was called where one must not", "called by" },
	[PKSDIAG_VIOL_MISMATCH] = {
		"it unmapped what a function of another family had mapped", "unmapped by" },
	[PKSDIAG_VIOL_UNMATCHED] = { "it unmapped what was not mapped", "unmapped by" },
	[PKSDIAG_VIOL_FAULT] = {
		"code used the page where this mapping did not reach", "used by" },
};

/* === Text ================================================================= */

static void put_task(const char *comm, __u32 pid, unsigned int context)
{
	fputs(" in ", stdout);
	put_field(stdout, comm, PKSDIAG_NAME_LEN);
	printf(":%u, %s\n", pid, pksdiag_context_name(context));
}

static void put_stack(const struct sites *s, const __u64 *stack)
{
	unsigned int i;

	for (i = 0; i < PKSDIAG_SITE_STACK_LEN && stack[i]; i++) {
		printf("%14scalled by ", "");
		site_put_code(stdout, s, site_caller(s, stack[i]));
		putchar('\n');
	}
}

static void put_mapped(const struct sites *s, const struct pksdiag_violation *v)
{
	if (!v->map_ip)
		return;
	printf("%10smapped by ", "");
	site_put_code(stdout, s, site_caller(s, v->map_ip));
	put_task(v->map_comm, v->map_pid, v->map_context);
	put_stack(s, v->map_stack);
}

static void put_found(const struct sites *s, const struct pksdiag_violation *v)
{
	printf("%10s", "");
	if (v->ip) {
		printf("%s ", kinds[v->kind].by);
		site_put_code(stdout, s, site_caller(s, v->ip));
	} else {
		fputs("found", stdout);
	}
	put_task(v->comm, v->pid, v->context);
	put_stack(s, v->stack);
}

static void put_violation(const struct sites *s, const struct pksdiag_violation *v)
{
	printf("%6sfirst at ", "");
	put_time(stdout, v->time_ns);
	if (v->pfn)
		printf(" s: page frame 0x%llx", v->pfn);
	else
		fputs(v->mapping == PKSDIAG_MAP_DAX ? " s: a section" : " s", stdout);
	printf(" by %s", pksdiag_mapping_name(v->mapping));
	if (v->map_ns && v->time_ns > v->map_ns) {
		fputs(", mapped ", stdout);
		put_duration(stdout, v->time_ns - v->map_ns);
		fputs(" before", stdout);
	}
	putchar('\n');
	put_mapped(s, v);
	put_found(s, v);
}

static void put_kind(const struct sites *s, const struct site_row *row,
		     unsigned int kind)
{
	__u64 nr = row->violations[kind];
	bool any = false;
	size_t i;

	printf("    %s, %llu time%s: %s\n", pksdiag_violation_name(kind), nr,
	       nr == 1 ? "" : "s", kinds[kind].meaning);
	for (i = 0; i < row->nr_found; i++) {
		const struct pksdiag_violation *v = &s->table->viol[row->found[i]];

		if (v->kind != kind)
			continue;
		put_violation(s, v);
		any = true;
	}
	if (!any)
		printf("%6sno more is known: there was no room for it\n", "");
}

/**
 * site_put_violations - print what a site did, and who saw it
 * @s: the sites
 * @row: the site
 */
void site_put_violations(const struct sites *s, const struct site_row *row)
{
	unsigned int kind;

	for (kind = 0; kind < PKSDIAG_NR_VIOL; kind++)
		if (row->violations[kind])
			put_kind(s, row, kind);
}

/* === JSON ================================================================= */

static struct json_object *json_stack(const struct sites *s, const __u64 *stack)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < PKSDIAG_SITE_STACK_LEN && stack[i]; i++) {
		struct json_object *obj = json_object_new_object();

		json_add_code(obj, "address", site_caller(s, stack[i]));
		json_object_array_add(array, obj);
	}
	return array;
}

/**
 * struct party - one of the two that a violation is about
 * @ip: its code, 0 if there is none
 * @ns: when
 * @comm: its task's name
 * @pid: its task
 * @context: enum pksdiag_context
 * @stack: its callers
 */
struct party {
	__u64 ip;
	__u64 ns;
	const char *comm;
	__u32 pid;
	unsigned int context;
	const __u64 *stack;
};

static struct json_object *json_party(const struct sites *s, const struct party *party)
{
	struct json_object *obj = json_object_new_object();

	if (party->ip) {
		json_add_code(obj, "ip", site_caller(s, party->ip));
	} else {
		json_add(obj, "ip", NULL);
		json_add(obj, "symbol", NULL);
		json_add(obj, "source", NULL);
	}
	json_add_number(obj, "time_ns", party->ns);
	json_add(obj, "comm", json_field(party->comm, PKSDIAG_NAME_LEN));
	json_add_number(obj, "pid", party->pid);
	json_add_string(obj, "context", pksdiag_context_name(party->context));
	json_add(obj, "stack", json_stack(s, party->stack));
	return obj;
}

static struct json_object *json_violation(const struct sites *s,
					  const struct pksdiag_violation *v)
{
	const struct party mapped = {
		v->map_ip, v->map_ns, v->map_comm, v->map_pid, v->map_context,
		v->map_stack,
	};
	const struct party found = {
		v->ip, v->time_ns, v->comm, v->pid, v->context, v->stack,
	};
	struct json_object *obj = json_object_new_object();

	json_add_string(obj, "kind", pksdiag_violation_name(v->kind));
	json_add_string(obj, "meaning", kinds[v->kind].meaning);
	json_add_string(obj, "mapping", pksdiag_mapping_name(v->mapping));
	json_add(obj, "pfn", v->pfn ? json_object_new_uint64(v->pfn) : NULL);
	json_add(obj, "mapped", v->map_ip ? json_party(s, &mapped) : NULL);
	json_add(obj, "found", json_party(s, &found));
	return obj;
}

/**
 * site_json_violations - the same as JSON
 * @s: the sites
 * @row: the site
 *
 * Return: an array.
 */
struct json_object *site_json_violations(const struct sites *s,
					 const struct site_row *row)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < row->nr_found; i++)
		json_object_array_add(array, json_violation
				      (s, &s->table->viol[row->found[i]]));
	return array;
}
