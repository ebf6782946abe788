// SPDX-License-Identifier: GPL-2.0
/* Files of JSON that pksdiag wrote, and that anybody may have changed since. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"
#include "util.h"

/* Larger files than this were written by somebody else. */
#define FILE_MAX	(512u << 20)

/* A reader goes on with a value that does no harm; one message is enough. */
static void fail(struct json_reader *in, const char *key, const char *expected)
{
	if (!in->failed)
		pr_err("%s: %s %zu: %s: expected %s", in->file, in->what, in->nr, key,
		       expected);
	in->failed = true;
}

static struct json_object *parse(const char *file, const char *text, size_t len)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *obj;

	if (!tokener)
		no_memory();
	obj = json_tokener_parse_ex(tokener, text, len);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		pr_err("%s: not JSON: byte %zu: %s", file,
		       json_tokener_get_parse_end(tokener),
		       json_tokener_error_desc(json_tokener_get_error(tokener)));
	else if (!json_object_is_type(obj, json_type_object))
		pr_err("%s: not an object of JSON", file);
	json_tokener_free(tokener);
	if (json_object_is_type(obj, json_type_object))
		return obj;
	json_object_put(obj);
	return NULL;
}

/**
 * json_read_file - read a file that has one object
 * @file: its name
 *
 * Return: the object, NULL after an error that was reported.
 */
struct json_object *json_read_file(const char *file)
{
	struct json_object *obj = NULL;
	size_t len;
	char *text = read_file(file, FILE_MAX, &len);

	if (!text)
		return NULL;
	if (len > INT_MAX)
		pr_err("%s: too large", file);
	else
		obj = parse(file, text, len);
	free(text);
	return obj;
}

static struct json_object *get(struct json_reader *in, struct json_object *obj,
			       const char *key, json_type type, const char *expected)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(obj, key, &value);
	if (json_object_is_type(value, type))
		return value;
	fail(in, key, expected);
	return NULL;
}

/**
 * json_read_object - a member that is an object
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 *
 * Return: the member, NULL if it is none; that is an error.
 */
struct json_object *json_read_object(struct json_reader *in, struct json_object *obj,
				     const char *key)
{
	return get(in, obj, key, json_type_object, "an object");
}

/**
 * json_read_array - a member that is an array
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 *
 * Return: the member, NULL if it is none; that is an error.
 */
struct json_object *json_read_array(struct json_reader *in, struct json_object *obj,
				    const char *key)
{
	return get(in, obj, key, json_type_array, "an array");
}

static bool is_negative(struct json_object *value)
{
	return json_object_get_int64(value) < 0;
}

static bool parse_hex(const char *text, __u64 *value)
{
	char *end;

	if (!text || strncmp(text, "0x", 2) || !isxdigit((unsigned char)text[2]))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 16);
	return !*end && !errno;
}

/**
 * json_read_number - a member that is a number, or an address
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 * @max: the largest that it may be
 *
 * Return: the number, 0 if it is none; that is an error.
 */
__u64 json_read_number(struct json_reader *in, struct json_object *obj, const char *key,
		       __u64 max)
{
	struct json_object *value = NULL;
	__u64 number = 0;

	json_object_object_get_ex(obj, key, &value);
	if (json_object_is_type(value, json_type_int) && !is_negative(value)) {
		number = json_object_get_uint64(value);
	} else if (!json_object_is_type(value, json_type_string) ||
		   !parse_hex(json_object_get_string(value), &number)) {
		fail(in, key, "a number that is not negative");
		return 0;
	}
	if (number <= max)
		return number;
	fail(in, key, "a smaller number");
	return 0;
}

/**
 * json_read_address - an element of an array that is an address
 * @in: the place in the file
 * @value: the element
 * @key: name of the array
 *
 * Return: the address, 0 if it is none; that is an error.
 */
__u64 json_read_address(struct json_reader *in, struct json_object *value,
			const char *key)
{
	__u64 address = 0;

	if (!json_object_is_type(value, json_type_string) ||
	    !parse_hex(json_object_get_string(value), &address))
		fail(in, key, "addresses");
	return address;
}

/**
 * json_read_bool - a member that is true or false
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 *
 * Return: its value, false if it is none; that is an error.
 */
bool json_read_bool(struct json_reader *in, struct json_object *obj, const char *key)
{
	return json_object_get_boolean(get(in, obj, key, json_type_boolean,
					   "true or false"));
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80 || !isprint((unsigned char)*text))
			return false;
	return true;
}

/**
 * json_read_string - a member that is a string of printable ASCII
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 *
 * Return: the string, which belongs to @obj; NULL if the member is null, or is none
 * and that is an error.
 */
const char *json_read_string(struct json_reader *in, struct json_object *obj,
			     const char *key)
{
	struct json_object *value = NULL;
	const char *text;

	if (json_object_object_get_ex(obj, key, &value) && !value)
		return NULL;
	text = json_object_is_type(value, json_type_string) ?
		json_object_get_string(value) : NULL;
	if (text && is_printable(text))
		return text;
	fail(in, key, "a string of printable characters");
	return NULL;
}

/**
 * json_read_name - a member that is the name of a value
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 * @name: the names
 * @nr: how many there are
 *
 * Return: the value, 0 if it has no such name; that is an error.
 */
unsigned int json_read_name(struct json_reader *in, struct json_object *obj,
			    const char *key, name_fn name, unsigned int nr)
{
	const char *text = json_read_string(in, obj, key);
	unsigned int i;

	for (i = 0; text && i < nr; i++)
		if (!strcmp(text, name(i)))
			return i;
	fail(in, key, "a name that this pksdiag knows");
	return 0;
}

/* One character of a name; what text_escape() made of it is taken back. */
static char unescaped(const char **text)
{
	unsigned int byte;
	int len;

	if (sscanf(*text, "\\x%2x%n", &byte, &len) == 1 && len == 4) {
		*text += len;
		return byte;
	}
	return *(*text)++;
}

/**
 * json_read_field - a member that is a name of the kernel's
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 * @field: out: zeroed behind the name
 * @len: bytes of it
 */
void json_read_field(struct json_reader *in, struct json_object *obj, const char *key,
		     char *field, size_t len)
{
	const char *text = json_read_string(in, obj, key);
	size_t at = 0;

	memset(field, 0, len);
	while (text && *text && at < len)
		field[at++] = unescaped(&text);
	if (text && *text)
		fail(in, key, "a shorter name");
}

/**
 * json_read_counts - a member that is an object of numbers
 * @in: the place in the file
 * @obj: the object that has it
 * @key: its name
 * @name: the names of its members
 * @counts: out
 * @nr: how many
 */
void json_read_counts(struct json_reader *in, struct json_object *obj, const char *key,
		      name_fn name, __u64 *counts, unsigned int nr)
{
	struct json_object *from = json_read_object(in, obj, key);
	unsigned int i;

	for (i = 0; from && i < nr; i++)
		counts[i] = json_read_number(in, from, name(i), UINT64_MAX);
}
