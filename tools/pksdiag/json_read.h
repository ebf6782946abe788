/* SPDX-License-Identifier: GPL-2.0 */
/* Files of JSON that pksdiag wrote, and that anybody may have changed since. */
#ifndef PKSDIAG_JSON_READ_H
#define PKSDIAG_JSON_READ_H

#include <json-c/json.h>
#include <linux/types.h>
#include <stdbool.h>

/**
 * struct json_reader - the place in a file that is read
 * @file: its name
 * @what: which array or object
 * @nr: which element of it
 * @failed: something was not what it should be; that was reported
 */
struct json_reader {
	const char *file;
	const char *what;
	size_t nr;
	bool failed;
};

/* The name of a value of an enumeration, "?" behind the last. */
typedef const char *(*name_fn)(unsigned int value);

struct json_object *json_read_file(const char *file);
struct json_object *json_read_object(struct json_reader *in, struct json_object *obj,
				     const char *key);
struct json_object *json_read_array(struct json_reader *in, struct json_object *obj,
				    const char *key);
__u64 json_read_number(struct json_reader *in, struct json_object *obj, const char *key,
		       __u64 max);
__u64 json_read_address(struct json_reader *in, struct json_object *value,
			const char *key);
bool json_read_bool(struct json_reader *in, struct json_object *obj, const char *key);
const char *json_read_string(struct json_reader *in, struct json_object *obj,
			     const char *key);
unsigned int json_read_name(struct json_reader *in, struct json_object *obj,
			    const char *key, name_fn name, unsigned int nr);
void json_read_field(struct json_reader *in, struct json_object *obj, const char *key,
		     char *field, size_t len);
void json_read_counts(struct json_reader *in, struct json_object *obj, const char *key,
		      name_fn name, __u64 *counts, unsigned int nr);

#endif /* PKSDIAG_JSON_READ_H */
