// SPDX-License-Identifier: GPL-2.0
/* pksdiag owners --json; schema.rst describes it. */
#include "facts.h"
#include "json.h"
#include "owners.h"
#include "util.h"

static void add_place(struct json_object *obj, const struct owners_view *ov,
		      const struct pksdiag_owner *o)
{
	bool all = o->kind == PKSDIAG_OWN_SECTION && !o->pfn;
	struct place place;
	bool known = !all && ledger_place(ov->ledger, o->pfn, &place);

	json_add(obj, "pfn", all ? NULL : json_object_new_uint64(o->pfn));
	json_add(obj, "pages", all ? NULL : json_object_new_uint64(o->nr_pages));
	json_add(obj, "device", known ? JSON_FIELD(place.device->name) : NULL);
	json_add(obj, "offset",
		 known ? json_object_new_uint64(place.offset) : NULL);
	json_add(obj, "meta", known ? json_object_new_boolean(place.meta) : NULL);
}

static struct json_object *json_stack(const struct owners_view *ov,
				      const struct pksdiag_owner *o)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < PKSDIAG_STACK_MAP_LEN && o->stack[i]; i++) {
		struct json_object *obj = json_object_new_object();

		json_add_code(obj, "address", view_caller(ov->v, o->stack[i]));
		json_object_array_add(array, obj);
	}
	return array;
}

static struct json_object *json_end(const struct owners_view *ov,
				    const struct pksdiag_owner *o)
{
	struct json_object *obj;

	if (!o->unmap_time)
		return NULL;
	obj = json_object_new_object();
	json_add_code(obj, "ip", view_caller(ov->v, o->unmap_ip));
	json_add_number(obj, "pid", o->unmap_pid);
	json_add_number(obj, "time_ns", o->unmap_time);
	return obj;
}

/**
 * owners_json_of - one entry as JSON
 * @ov: the ledger
 * @o: the entry
 *
 * Return: an object.
 */
struct json_object *owners_json_of(const struct owners_view *ov,
				   const struct pksdiag_owner *o)
{
	struct json_object *obj = json_object_new_object();

	json_add_string(obj, "kind", pksdiag_kind_name(o->kind));
	json_add_bool(obj, "mapped", owner_is_mapped(o));
	json_add_bool(obj, "left_behind", o->dead);
	json_add_string(obj, "type", pksdiag_mapping_name(o->type));
	json_add_number(obj, "time_ns", owner_ns(o));
	json_add_number(obj, "age_ns", owners_age(ov, owner_ns(o)));
	add_place(obj, ov, o);
	json_add_code(obj, "ip", view_caller(ov->v, owner_ip(o)));
	json_add(obj, "comm", JSON_FIELD(o->comm));
	json_add_number(obj, "pid", owner_pid(o));
	json_add_address(obj, "task", o->task);
	json_add_number(obj, "cpu", o->cpu);
	json_add_number(obj, "nest", o->nest);
	json_add_string(obj, "context", pksdiag_context_name(o->context));
	json_add(obj, "unmapped", json_end(ov, o));
	json_add(obj, "stack", json_stack(ov, o));
	return obj;
}

static struct json_object *json_owners(const struct owners_view *ov)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < ov->ledger->nr; i++)
		if (owners_wanted(ov, &ov->ledger->v[i]))
			json_object_array_add(array, owners_json_of
					      (ov, &ov->ledger->v[i]));
	return array;
}

static struct json_object *json_counters(const struct pksdiag_ledger *head)
{
	struct json_object *obj = json_object_new_object();
	unsigned int i;

	for (i = 0; i < head->nr_counters && i < PKSDIAG_NR_LEDGER_COUNTERS; i++)
		json_add_number(obj, pksdiag_ledger_counter_name(i),
				head->counters[i]);
	return obj;
}

static struct json_object *json_devices(const struct pksdiag_ledger *head)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < head->nr_devices; i++) {
		const struct pksdiag_device *device = &head->devices[i];
		struct json_object *obj;

		if (!device->size)
			continue;
		obj = json_object_new_object();
		json_add(obj, "name", JSON_FIELD(device->name));
		json_add_address(obj, "start", device->start);
		json_add_number(obj, "size", device->size);
		json_add(obj, "offset", json_object_new_int64(device->offset));
		json_object_array_add(array, obj);
	}
	return array;
}

/**
 * owners_json - print the ledger as JSON
 * @ov: the ledger
 */
void owners_json(const struct owners_view *ov)
{
	const struct pksdiag_ledger *head = &ov->ledger->head;
	struct json_object *obj = json_object_new_object();

	json_add_bool(obj, "pks", !owners_absent(ov));
	json_add_number(obj, "now_ns", ov->now_ns);
	json_add_bool(obj, "now_is_newest", ov->is_newest);
	json_add_number(obj, "nr_entries", head->nr_owners);
	json_add_number(obj, "nr_handouts", head->nr_handouts);
	json_add_number(obj, "writing", ov->ledger->writing);
	json_add_number(obj, "damaged", ov->ledger->bad);
	json_add(obj, "counters", json_counters(head));
	json_add(obj, "devices", json_devices(head));
	json_add(obj, "owners", json_owners(ov));
	json_print(obj);
}
