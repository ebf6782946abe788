/* SPDX-License-Identifier: GPL-2.0 */
/* Records as JSON; schema.rst describes it. */
#ifndef PKSDIAG_RECORD_JSON_H
#define PKSDIAG_RECORD_JSON_H

#include <json-c/json.h>
#include <stdio.h>

#include "view.h"

struct json_object *json_record(const struct view *v,
				const struct pksdiag_record *r);
struct json_object *json_hex(__u64 value, int digits);
struct json_object *json_field(const char *field, size_t len);
struct json_object *json_build_id(const __u8 *id);
void json_print(struct json_object *obj);

/**
 * struct json_array - an array that is printed element by element
 * @nr: elements so far
 */
struct json_array {
	unsigned int nr;
};

void json_array_add(struct json_array *array, struct json_object *obj);
void json_array_end(const struct json_array *array);

#endif /* PKSDIAG_RECORD_JSON_H */
