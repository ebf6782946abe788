// SPDX-License-Identifier: GPL-2.0
/* The sites of an earlier run, from a file that pksdiag sites --json wrote. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"
#include "sites.h"
#include "util.h"

static void read_modules(struct json_reader *in, struct json_object *obj,
			 struct site_id *id)
{
	struct json_object *array = json_read_array(in, obj, "modules");
	size_t i, nr = array ? json_object_array_length(array) : 0;

	id->modules = xmalloc(nr * sizeof(*id->modules));
	for (i = 0; i < nr; i++) {
		struct json_object *name = json_object_array_get_idx(array, i);

		if (json_object_is_type(name, json_type_string))
			id->modules[id->nr_modules++] = json_object_get_string(name);
	}
}

static int read_int(struct json_reader *in, struct json_object *obj, const char *key)
{
	struct json_object *value;

	if (json_object_object_get_ex(obj, key, &value) && !value)
		return 0;
	return json_read_number(in, obj, key, INT_MAX);
}

static const char *or_unknown(const char *name)
{
	return name ? name : "?";
}

static void read_id(struct json_reader *in, struct json_object *obj, struct site_id *id)
{
	id->status = json_read_name(in, obj, "status", site_status_name, SITE_NR_STATUS);
	id->kind = json_read_name(in, obj, "kind", site_kind_name, AUDIT_NR_KINDS);
	id->op = json_read_name(in, obj, "op", site_op_name, AUDIT_ADDRESS + 1);
	id->call = json_read_string(in, obj, "call");
	id->function = or_unknown(json_read_string(in, obj, "function"));
	id->file = or_unknown(json_read_string(in, obj, "file"));
	id->line = read_int(in, obj, "line");
	id->column = read_int(in, obj, "column");
	id->foreign = json_read_bool(in, obj, "not_in_files");
	id->one_thread = json_read_bool(in, obj, "thread_local");
	read_modules(in, obj, id);
}

static bool is_filtered(struct json_reader *in, struct json_object *file)
{
	if (!json_read_bool(in, file, "filtered"))
		return false;
	pr_err("%s: has only a part of the sites: write it without --status, --kind, --module, --function and --file",
	       in->file);
	return true;
}

static void read_all(struct json_reader *in, struct json_object *array,
		     struct site_ids *past)
{
	size_t nr = json_object_array_length(array);

	past->v = xmalloc(nr * sizeof(*past->v));
	in->what = "sites";
	for (in->nr = 0; in->nr < nr && !in->failed; in->nr++)
		read_id(in, json_object_array_get_idx(array, in->nr), &past->v[past->nr++]);
}

/**
 * sites_past_read - read the sites of an earlier run
 * @past: out; sites_past_free() it
 * @file: what that run wrote
 *
 * Return: false after an error that was reported.
 */
bool sites_past_read(struct site_ids *past, const char *file)
{
	struct json_reader in = { .file = file, .what = "file" };
	struct json_object *array;

	past->json = json_read_file(file);
	if (!past->json || is_filtered(&in, past->json) || in.failed)
		return false;
	array = json_read_array(&in, past->json, "sites");
	if (array)
		read_all(&in, array, past);
	return !in.failed;
}

/**
 * sites_past_free - free the sites
 * @past: the sites
 */
void sites_past_free(struct site_ids *past)
{
	size_t i;

	for (i = 0; i < past->nr; i++)
		free(past->v[i].modules);
	free(past->v);
	json_object_put(past->json);
}
