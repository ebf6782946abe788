// SPDX-License-Identifier: GPL-2.0
/* What is known about an address as JSON; schema.rst describes it. */
#include "address.h"
#include "json.h"
#include "record_json.h"

static void add_page(struct json_object *obj, const struct about *a)
{
	const struct page_walk *walk = &a->walk;
	const char *key = about_key(a);

	if (!walk->level)
		return;
	json_add_number(obj, "pfn", walk->pfn);
	json_add_string(obj, "level", pksdiag_level_name(walk->level));
	json_add_address(obj, "pte", walk->entry);
	json_add_number(obj, "pkey", walk->pkey);
	json_add(obj, "key_name", key ? json_field(key, PKSDIAG_NAME_LEN) : NULL);
}

static void add_place(struct json_object *obj, const struct about *a)
{
	if (!a->on_device)
		return;
	json_add(obj, "device", JSON_FIELD(a->place.device->name));
	json_add_number(obj, "offset", a->place.offset + (a->address & 0xfff));
	json_add_bool(obj, "meta", a->place.meta);
}

static struct json_object *json_owners(const struct about *a, size_t from,
				       size_t to)
{
	struct json_object *array = json_object_new_array();

	for (; from < to; from++)
		json_object_array_add(array,
				      owners_json_of(&a->ov, a->owner[from]));
	return array;
}

static struct json_object *json_faults(const struct about *a)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < a->nr_faults; i++)
		json_object_array_add(array, json_object_new_uint64
				      (a->fault[i]->seq));
	return array;
}

/**
 * address_json - print what is known about an address as JSON
 * @a: the address
 */
void address_json(const struct about *a)
{
	struct json_object *obj = json_object_new_object();

	json_add_address(obj, "address", a->address);
	add_page(obj, a);
	add_place(obj, a);
	json_add(obj, "mapped", json_owners(a, 0, a->nr_now));
	json_add(obj, "had", json_owners(a, a->nr_now, a->nr_owners));
	json_add(obj, "faults", json_faults(a));
	json_print(obj);
}
