// SPDX-License-Identifier: GPL-2.0
/* pksdiag sites --json; schema.rst describes it. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "sites.h"
#include "sites_names.h"
#include "util.h"

static struct json_object *json_escaped(const char *name)
{
	char *text = text_escaped(name);
	struct json_object *obj = json_object_new_string(text);

	free(text);
	return obj;
}

static struct json_object *json_statuses(const size_t *of)
{
	struct json_object *obj = json_object_new_object();
	unsigned int status;

	for (status = 0; status < SITE_NR_STATUS; status++)
		json_add_number(obj, site_status_name(status), of[status]);
	return obj;
}

static struct json_object *json_summary(const struct sites *s)
{
	const struct site_counts *c = &s->counts;
	struct json_object *obj = json_object_new_object();

	json_add_number(obj, "sites", c->nr);
	json_add(obj, "status", json_statuses(c->of));
	json_add_number(obj, "watched", c->watched);
	json_add_number(obj, "exercised", c->exercised);
	json_add(obj, "exercised_percent", s->has_files ? json_object_new_uint64
		 (sites_percent(c->exercised, c->watched)) : NULL);
	json_add_number(obj, "thread_local", c->one_thread);
	json_add_number(obj, "not_in_files", c->foreign);
	return obj;
}

/* === A site =============================================================== */

static struct json_object *json_modules(const struct site_id *id)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < id->nr_modules; i++)
		json_object_array_add(array, json_object_new_string(id->modules[i]));
	return array;
}

static struct json_object *json_if(bool known, int number)
{
	return known ? json_object_new_int(number) : NULL;
}

static void add_id(struct json_object *obj, const struct site_id *id)
{
	json_add_string(obj, "status", site_status_name(id->status));
	json_add_string(obj, "kind", audit_kind_name(id->kind));
	json_add_string(obj, "op", audit_op_name(id->op));
	json_add_string(obj, "call", id->call);
	json_add_string(obj, "function", id->function);
	json_add_string(obj, "file", strcmp(id->file, "?") ? id->file : NULL);
	json_add(obj, "line", json_if(id->line, id->line));
	json_add(obj, "column", json_if(id->column, id->column));
	json_add(obj, "modules", json_modules(id));
	json_add_bool(obj, "not_in_files", id->foreign);
	json_add_bool(obj, "thread_local", id->one_thread);
}

static struct json_object *json_ran(const struct sites *s, const struct site_row *row)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < row->nr_entries; i++) {
		const struct site_entry *e = &s->table->v[row->entries[i]];
		struct json_object *obj = json_object_new_object();

		json_add_number(obj, "index", e->nr);
		json_add_code(obj, "ip", site_code(s, e));
		json_add(obj, "module", e->s.module[0] ? JSON_FIELD(e->s.module) : NULL);
		json_object_array_add(array, obj);
	}
	return array;
}

static void add_evidence(struct json_object *obj, const struct site_row *row)
{
	json_add_number(obj, "runs", row->runs);
	json_add(obj, "counters", site_json_counts(pksdiag_site_counter_name, row->counters,
						   PKSDIAG_NR_SITE_COUNTERS));
	json_add(obj, "violation_counts",
		 site_json_counts(pksdiag_violation_name, row->violations, PKSDIAG_NR_VIOL));
	json_add_number(obj, "longest_ns", row->longest_ns);
	json_add(obj, "first_ns",
		 row->first_ns ? json_object_new_uint64(row->first_ns) : NULL);
	json_add_number(obj, "max_nest", row->max_nest);
}

static struct json_object *json_site(const struct sites *s, const struct site_row *row)
{
	struct json_object *obj = json_object_new_object();

	add_id(obj, &row->id);
	json_add_string(obj, "note", row->note);
	add_evidence(obj, row);
	json_add(obj, "ran", json_ran(s, row));
	json_add(obj, "violations", site_json_violations(s, row));
	return obj;
}

/* === A group ============================================================== */

/* Only what all sites of it have in common. */
static struct json_object *json_group(const struct site_row *group, const char *keys)
{
	struct json_object *obj = json_object_new_object();
	const struct site_id *id = &group->id;
	const struct {
		const char *name;
		const char *value;
	} all[] = {
		{ "status", site_status_name(id->status) },
		{ "kind", audit_kind_name(id->kind) },
		{ "module", site_module(id) },
		{ "file", id->file },
		{ "function", id->function },
	};
	struct site_words words;
	size_t i, j;

	site_words_split(&words, keys);
	for (i = 0; i < ARRAY_SIZE(all); i++)
		for (j = 0; j < words.nr; j++)
			if (!strcmp(all[i].name, words.v[j] + strspn(words.v[j], "+-")))
				json_add_string(obj, all[i].name, all[i].value);
	site_words_free(&words);
	json_add_number(obj, "sites", group->nr);
	json_add(obj, "statuses", json_statuses(group->of));
	add_evidence(obj, group);
	return obj;
}

/* === What is different ==================================================== */

static struct json_object *json_change(const struct site_change *change)
{
	struct json_object *obj = json_object_new_object();
	const struct site_id *is = change->is ? &change->is->id : change->was;

	add_id(obj, is);
	json_add_string(obj, "was", change->was ?
			site_status_name(change->was->status) : NULL);
	json_add_string(obj, "is", change->is ? site_status_name(is->status) : NULL);
	json_add(obj, "was_thread_local", change->was ?
		 json_object_new_boolean(change->was->one_thread) : NULL);
	return obj;
}

static struct json_object *json_diff(const struct sites *s)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *changes = json_object_new_array();
	size_t i;

	json_add(obj, "file", json_escaped(s->view->opt->baseline));
	json_add_number(obj, "changed", s->diff.changed);
	json_add_number(obj, "new", s->diff.added);
	json_add_number(obj, "gone", s->diff.gone);
	json_add_number(obj, "exercised_percent", s->diff.percent);
	for (i = 0; i < s->diff.nr; i++)
		json_object_array_add(changes, json_change(&s->diff.v[i]));
	json_add(obj, "changes", changes);
	return obj;
}

/* === All of it ============================================================ */

static void put_member(const char *name)
{
	printf(",\n\"%s\":", name);
}

static void put_objects(const struct sites *s)
{
	struct json_array array = {};
	size_t i;

	put_member("objects");
	for (i = 0; i < s->files.nr; i++) {
		const struct audit_file *file = &s->files.v[i];
		struct json_object *obj = json_object_new_object();

		json_add(obj, "path", json_escaped(file->path));
		json_add(obj, "error", file->wrong ? json_escaped(file->wrong) : NULL);
		json_array_add(&array, obj);
	}
	json_array_end(&array);
}

static void put_sites(const struct sites *s)
{
	struct json_array array = {};
	size_t i;

	put_member("sites");
	for (i = 0; i < s->shown.nr; i++)
		json_array_add(&array, json_site(s, s->shown.v[i]));
	json_array_end(&array);
}

static void put_groups(const struct sites *s)
{
	struct json_array array = {};
	size_t i;

	put_member("groups");
	if (!s->view->opt->cull) {
		puts("null");
		return;
	}
	for (i = 0; i < s->groups.nr; i++)
		json_array_add(&array, json_group(s->groups.v[i], s->view->opt->cull));
	json_array_end(&array);
}

static bool is_filtered(const struct options *opt)
{
	return opt->status || opt->kind || opt->module || opt->function || opt->file;
}

/**
 * sites_json - print everything as JSON
 * @s: the sites
 *
 * It is one object. It may be large, so it is printed member by member.
 */
void sites_json(const struct sites *s)
{
	fputs("{\n\"summary\":", stdout);
	json_print(json_summary(s));
	put_member("filtered");
	puts(is_filtered(s->view->opt) ? "true" : "false");
	put_objects(s);
	put_sites(s);
	put_groups(s);
	put_member("baseline");
	if (s->view->opt->baseline)
		json_print(json_diff(s));
	else
		puts("null");
	put_member("kernel");
	json_print(sites_kernel_json(s));
	puts("}");
}
