// SPDX-License-Identifier: GPL-2.0
/* The values that all JSON of pksdiag is made of; schema.rst describes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "record.h"
#include "util.h"

#define FLAGS (JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE)

/**
 * json_add - add a member to an object
 * @obj: the object
 * @key: name of the member
 * @value: its value, NULL is null; belongs to @obj from now on
 */
void json_add(struct json_object *obj, const char *key,
	      struct json_object *value)
{
	json_object_object_add(obj, key, value);
}

/**
 * json_add_number - add a member that is a number
 * @obj: the object
 * @key: name of the member
 * @value: its value
 */
void json_add_number(struct json_object *obj, const char *key, __u64 value)
{
	json_add(obj, key, json_object_new_uint64(value));
}

/**
 * json_add_bool - add a member that is true or false
 * @obj: the object
 * @key: name of the member
 * @value: its value
 */
void json_add_bool(struct json_object *obj, const char *key, bool value)
{
	json_add(obj, key, json_object_new_boolean(value));
}

/**
 * json_add_address - add a member that is an address
 * @obj: the object
 * @key: name of the member
 * @value: its value
 */
void json_add_address(struct json_object *obj, const char *key, __u64 value)
{
	json_add(obj, key, json_hex(value, 16));
}

/**
 * json_add_string - add a member that is a string
 * @obj: the object
 * @key: name of the member
 * @value: its value; NULL is null
 */
void json_add_string(struct json_object *obj, const char *key,
		     const char *value)
{
	json_add(obj, key, value ? json_object_new_string(value) : NULL);
}

/**
 * json_hex - a number that people read in hex
 * @value: the number
 * @digits: pad to as many
 *
 * Return: a string.
 */
struct json_object *json_hex(__u64 value, int digits)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%0*llx", digits, value);
	return json_object_new_string(text);
}

/**
 * json_field - a name from a record
 * @field: the name, ended by a NUL or by @len
 * @len: bytes of the field, at most 64
 *
 * Return: a string of printable ASCII.
 */
struct json_object *json_field(const char *field, size_t len)
{
	char text[ESCAPED_LEN(64)];

	return json_object_new_string(text_escape(text, field,
						  min_size(len, 64)));
}

/**
 * json_build_id - a build id
 * @id: its bytes
 *
 * Return: a string of hex digits, or null.
 */
struct json_object *json_build_id(const __u8 *id)
{
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];

	if (!build_id_known(id))
		return NULL;
	text_hex(hex, id, PKSDIAG_BUILD_ID_LEN);
	return json_object_new_string(hex);
}

/**
 * json_print - print an object on stdout, and free it
 * @obj: the object
 */
void json_print(struct json_object *obj)
{
	fputs(json_object_to_json_string_ext(obj, FLAGS), stdout);
	fputc('\n', stdout);
	json_object_put(obj);
}

/**
 * json_array_add - print the next element of an array, and free it
 * @array: the array
 * @obj: the element
 */
void json_array_add(struct json_array *array, struct json_object *obj)
{
	fputs(array->nr++ ? ",\n" : "[\n", stdout);
	fputs(json_object_to_json_string_ext(obj, FLAGS), stdout);
	json_object_put(obj);
}

/**
 * json_array_end - print the end of an array
 * @array: the array
 */
void json_array_end(const struct json_array *array)
{
	fputs(array->nr ? "\n]\n" : "[]\n", stdout);
}

/**
 * json_symbol - the symbol that some code is in
 * @loc: the code
 *
 * Return: a string, or null.
 */
struct json_object *json_symbol(const struct location *loc)
{
	char tail[48];
	char *text;
	struct json_object *obj;

	if (!loc->symbol)
		return NULL;
	snprintf(tail, sizeof(tail), "+0x%llx/0x%llx", loc->offset, loc->size);
	text = xasprintf("%s%s", loc->symbol, tail);
	obj = json_object_new_string(text);
	free(text);
	return obj;
}

static void add_frame(struct json_object *obj, const struct frame *frame)
{
	json_add_string(obj, "function", frame->function);
	json_add_string(obj, "file", frame->file);
	json_add(obj, "line", frame->line ? json_object_new_int(frame->line) : NULL);
}

/* The functions that the innermost one is inlined into. */
static struct json_object *json_inlines(const struct location *loc)
{
	struct json_object *array = json_object_new_array();
	int i;

	for (i = 1; i < loc->nr_frames; i++) {
		struct json_object *obj = json_object_new_object();

		add_frame(obj, &loc->frames[i]);
		json_object_array_add(array, obj);
	}
	return array;
}

/**
 * json_source - the source line of some code
 * @loc: the code
 *
 * Return: an object, or null.
 */
struct json_object *json_source(const struct location *loc)
{
	struct json_object *obj;

	if (!loc->nr_frames)
		return NULL;
	obj = json_object_new_object();
	add_frame(obj, &loc->frames[0]);
	json_add(obj, "inlines", json_inlines(loc));
	return obj;
}

/**
 * json_add_code - add an address, and what is known about it
 * @obj: gets the members @key, symbol and source
 * @key: name of the address
 * @loc: the code
 */
void json_add_code(struct json_object *obj, const char *key,
		   const struct location *loc)
{
	json_add_address(obj, key, loc->address);
	json_add(obj, "symbol", json_symbol(loc));
	json_add(obj, "source", json_source(loc));
}
