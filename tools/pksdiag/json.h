/* SPDX-License-Identifier: GPL-2.0 */
/* The values that all JSON of pksdiag is made of; schema.rst describes it. */
#ifndef PKSDIAG_JSON_H
#define PKSDIAG_JSON_H

#include <json-c/json.h>
#include <linux/types.h>
#include <stdbool.h>

#include "symbols.h"

void json_add(struct json_object *obj, const char *key,
	      struct json_object *value);
void json_add_number(struct json_object *obj, const char *key, __u64 value);
void json_add_bool(struct json_object *obj, const char *key, bool value);
void json_add_address(struct json_object *obj, const char *key, __u64 value);
void json_add_string(struct json_object *obj, const char *key,
		     const char *value);
void json_add_code(struct json_object *obj, const char *key,
		   const struct location *loc);
struct json_object *json_hex(__u64 value, int digits);
struct json_object *json_field(const char *field, size_t len);
struct json_object *json_build_id(const __u8 *id);
struct json_object *json_symbol(const struct location *loc);
struct json_object *json_source(const struct location *loc);
void json_print(struct json_object *obj);

/* The name in a field of a record. */
#define JSON_FIELD(field) json_field(field, sizeof(field))

/**
 * struct json_array - an array that is printed element by element
 * @nr: elements so far
 */
struct json_array {
	unsigned int nr;
};

void json_array_add(struct json_array *array, struct json_object *obj);
void json_array_end(const struct json_array *array);

#endif /* PKSDIAG_JSON_H */
