// SPDX-License-Identifier: GPL-2.0
/* pksdiag audit --json; schema.rst describes it. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "json.h"
#include "util.h"

static const char *how_name(enum audit_how how)
{
	static const char * const names[AUDIT_NR_HOW] = {
		"inlined", "call", "tail call",
	};

	return names[how];
}

static struct json_object *json_escaped(const char *name)
{
	char *text = text_escaped(name);
	struct json_object *obj = json_object_new_string(text);

	free(text);
	return obj;
}

static void add_line(struct json_object *obj, int line)
{
	json_add(obj, "line", line ? json_object_new_int(line) : NULL);
}

static struct json_object *json_chain(const char *chain)
{
	struct json_object *array = json_object_new_array();
	char *text = xstrdup(chain), *left = text;
	struct frame frame;

	while (audit_chain_next(&left, &frame)) {
		struct json_object *obj = json_object_new_object();

		json_add_string(obj, "function", frame.function);
		json_add_string(obj, "file", frame.file);
		add_line(obj, frame.line);
		json_object_array_add(array, obj);
	}
	free(text);
	return array;
}

static struct json_object *json_copy(const struct audit *a,
				     const struct audit_copy *copy)
{
	const struct audit_file *file = &a->files.v[copy->file];
	struct json_object *obj = json_object_new_object();

	json_add(obj, "object", json_escaped(file->path));
	json_add_string(obj, "how", how_name(copy->how));
	json_add(obj, "address", file->linked && copy->address ?
		 json_hex(copy->address, 16) : NULL);
	json_add_number(obj, "copies", copy->nr);
	json_add(obj, "inlines", json_chain(copy->chain));
	return obj;
}

static struct json_object *json_site(const struct audit *a,
				     const struct audit_site *site)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *code = json_object_new_array();
	size_t i;

	json_add_string(obj, "kind", audit_kind_name(site->helper->kind));
	json_add_string(obj, "op", audit_op_name(site->helper->op));
	json_add_string(obj, "call", site->helper->call);
	json_add_string(obj, "function", site->function);
	json_add_string(obj, "file", strcmp(site->source, "?") ? site->source : NULL);
	add_line(obj, site->line);
	json_add(obj, "column", site->column ? json_object_new_int(site->column) : NULL);
	for (i = 0; i < site->nr_copies; i++)
		json_object_array_add(code, json_copy(a, &site->copies[i]));
	json_add(obj, "code", code);
	return obj;
}

static struct json_object *json_object_file(const struct audit_file *file)
{
	struct json_object *obj = json_object_new_object();

	json_add(obj, "path", json_escaped(file->path));
	json_add_number(obj, "units", file->units);
	json_add_number(obj, "places", file->places);
	json_add(obj, "error", file->wrong ? json_escaped(file->wrong) : NULL);
	return obj;
}

static struct json_object *json_counts(const struct audit_counts *counts)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *kinds = json_object_new_object();
	int kind;

	json_add_number(obj, "sites", counts->sites);
	json_add_number(obj, "functions", counts->functions);
	json_add_number(obj, "files", counts->sources);
	for (kind = 0; kind < AUDIT_NR_KINDS; kind++)
		json_add_number(kinds, audit_kind_name(kind), counts->of[kind]);
	json_add(obj, "kinds", kinds);
	return obj;
}

static void put_member(const char *name)
{
	printf(",\n\"%s\":", name);
}

static void put_objects(const struct audit_files *files)
{
	struct json_array array = {};
	size_t i;

	put_member("objects");
	for (i = 0; i < files->nr; i++)
		json_array_add(&array, json_object_file(&files->v[i]));
	json_array_end(&array);
}

static void put_units(const struct audit_sites *sites)
{
	struct json_array array = {};
	size_t i;

	put_member("units");
	for (i = 0; i < sites->nr_units; i++)
		json_array_add(&array, json_object_new_string(sites->units[i]));
	json_array_end(&array);
}

static void put_sites(const struct audit *a)
{
	struct json_array array = {};
	size_t i;

	put_member("sites");
	for (i = 0; i < a->sites.nr; i++)
		json_array_add(&array, json_site(a, a->sites.v[i]));
	json_array_end(&array);
}

/**
 * audit_json - print everything as JSON
 * @a: what was found
 *
 * It is one object. It may be large, so it is printed member by member.
 */
void audit_json(const struct audit *a)
{
	fputs("{\n\"summary\":", stdout);
	json_print(json_counts(&a->counts));
	put_objects(&a->files);
	put_units(&a->sites);
	put_sites(a);
	puts("}");
}
