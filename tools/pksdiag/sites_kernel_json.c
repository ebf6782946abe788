// SPDX-License-Identifier: GPL-2.0
/* pksdiag sites --json: all that the kernel said, for --evidence; schema.rst describes it. */
#include "json.h"
#include "sites.h"
#include "sites_names.h"
#include "util.h"

/**
 * site_json_counts - numbers with names
 * @name: the names
 * @counts: the numbers
 * @nr: how many
 *
 * Return: an object.
 */
struct json_object *site_json_counts(const char *(*name)(unsigned int value),
				     const __u64 *counts, unsigned int nr)
{
	struct json_object *obj = json_object_new_object();
	unsigned int i;

	for (i = 0; i < nr; i++)
		json_add_number(obj, name(i), counts[i]);
	return obj;
}

static struct json_object *json_entry(const struct site_entry *e)
{
	struct json_object *obj = json_object_new_object();
	const struct pksdiag_site *s = &e->s;

	json_add_number(obj, "index", e->nr);
	json_add_address(obj, "ip", s->ip);
	json_add_string(obj, "mapping", pksdiag_mapping_name(s->mapping));
	json_add_bool(obj, "unmap", s->unmap);
	json_add_string(obj, "state", site_state_name(s->state));
	json_add(obj, "module", JSON_FIELD(s->module));
	json_add_address(obj, "module_base", s->module_base);
	json_add(obj, "counters", site_json_counts(pksdiag_site_counter_name, s->counters,
						   PKSDIAG_NR_SITE_COUNTERS));
	json_add(obj, "violations", site_json_counts(pksdiag_violation_name, s->violations,
						     PKSDIAG_NR_VIOL));
	json_add(obj, "reported", json_hex(s->reported, 1));
	json_add_number(obj, "longest_ns", s->longest_ns);
	json_add_number(obj, "first_ns", s->first_ns);
	json_add_number(obj, "max_nest", s->max_nest);
	return obj;
}

static struct json_object *json_entries(const struct site_table *t)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < t->nr; i++)
		json_object_array_add(array, json_entry(&t->v[i]));
	return array;
}

static struct json_object *json_addresses(const __u64 *stack)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < PKSDIAG_SITE_STACK_LEN && stack[i]; i++)
		json_object_array_add(array, json_hex(stack[i], 16));
	return array;
}

static struct json_object *json_violation(const struct pksdiag_violation *v)
{
	struct json_object *obj = json_object_new_object();

	json_add_number(obj, "site", v->site);
	json_add_string(obj, "kind", pksdiag_violation_name(v->kind));
	json_add_number(obj, "time_ns", v->time_ns);
	json_add_string(obj, "mapping", pksdiag_mapping_name(v->mapping));
	json_add_string(obj, "context", pksdiag_context_name(v->context));
	json_add_string(obj, "map_context", pksdiag_context_name(v->map_context));
	json_add_number(obj, "pfn", v->pfn);
	json_add_address(obj, "map_ip", v->map_ip);
	json_add_address(obj, "ip", v->ip);
	json_add_number(obj, "map_ns", v->map_ns);
	json_add_number(obj, "map_pid", v->map_pid);
	json_add_number(obj, "pid", v->pid);
	json_add(obj, "map_comm", JSON_FIELD(v->map_comm));
	json_add(obj, "comm", JSON_FIELD(v->comm));
	json_add(obj, "map_stack", json_addresses(v->map_stack));
	json_add(obj, "stack", json_addresses(v->stack));
	return obj;
}

static struct json_object *json_violations(const struct site_table *t)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < t->nr_viol; i++)
		json_object_array_add(array, json_violation(&t->viol[i]));
	return array;
}

/**
 * sites_kernel_json - what was read of the kernel
 * @s: the sites
 *
 * Return: an object, from which source_evidence_read() can read the same.
 */
struct json_object *sites_kernel_json(const struct sites *s)
{
	const struct pksdiag_ring *ring = &s->view->src.ring;
	const struct site_table *t = s->table;
	__u64 counters[PKSDIAG_NR_SITES_COUNTERS];
	struct json_object *obj = json_object_new_object();
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_SITES_COUNTERS; i++)
		counters[i] = site_table_counter(t, i);
	json_add(obj, "release", JSON_FIELD(ring->release));
	json_add(obj, "build_id", json_build_id(ring->build_id));
	json_add_address(obj, "stext", ring->stext);
	json_add_number(obj, "now_ns", t->head.now_ns);
	json_add_number(obj, "nr_sites", t->head.nr_sites);
	json_add_number(obj, "nr_violations", t->head.nr_violations);
	json_add_number(obj, "filling", t->filling);
	json_add_number(obj, "writing", t->writing);
	json_add(obj, "counters", site_json_counts(pksdiag_sites_counter_name, counters,
						   PKSDIAG_NR_SITES_COUNTERS));
	json_add(obj, "sites", json_entries(t));
	json_add(obj, "violations", json_violations(t));
	return obj;
}
