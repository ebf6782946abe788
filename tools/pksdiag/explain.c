// SPDX-License-Identifier: GPL-2.0
/* pksdiag explain: who wrote where, why it was denied, what to do about it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "cmd.h"
#include "explain.h"
#include "explain_dump.h"
#include "facts.h"
#include "phrase.h"
#include "record_json.h"
#include "util.h"

/* Text is wrapped to this column, behind an indent of as many. */
#define WIDTH	79
#define INDENT	4
#define LABEL	13

/**
 * put_title - start a section
 * @v: the view
 * @title: its title
 */
void put_title(const struct view *v, const char *title)
{
	const char *on = v->opt->color ? "\033[1m" : "";
	const char *off = v->opt->color ? "\033[0m" : "";

	printf("\n%s%s%s\n", on, title, off);
}

/**
 * put_label - start a line of a section
 * @label: its first word; may be empty
 */
void put_label(const char *label)
{
	printf("%*s%-*s", INDENT, "", LABEL, label);
}

/**
 * put_wrapped - print text, wrapped at blanks
 * @first: what stands before it, on the first line
 * @indent: of the other lines
 * @text: the text
 */
void put_wrapped(const char *first, int indent, const char *text)
{
	int start = printf("%s", first), column = start;

	while (*text) {
		int len = strcspn(text, " ");

		if (column > start && column + 1 + len > WIDTH) {
			start = printf("\n%*s", indent, "") - 1;
			column = start;
		} else if (column > start) {
			column += printf(" ");
		}
		column += printf("%.*s", len, text);
		text += len;
		text += strspn(text, " ");
	}
	putchar('\n');
}

/**
 * put_answer - the one line that says it all
 * @out: where to
 * @v: the view
 * @r: the record
 */
void put_answer(FILE *out, const struct view *v, const struct pksdiag_record *r)
{
	const struct location *caller = fact_caller(v, r);

	fprintf(out, "%s (%s): ", pksdiag_verdict_name(r->verdict),
		pksdiag_confidence_name(r->confidence));
	put_access(out, r);
	fputs(" by ", out);
	put_code(out, r, view_ip(v, r));
	if (caller) {
		fputs(", called by ", out);
		put_code(out, r, caller);
	}
	fputs(r->access == PKSDIAG_ACCESS_WRITE ? " to " : " from ", out);
	put_target(out, r);
	fputs(" denied by ", out);
	put_key(out, r);
}

/**
 * explain_record - all that there is to say about a record
 * @v: the view
 * @r: the record
 */
void explain_record(const struct view *v, const struct pksdiag_record *r)
{
	if (v->opt->color)
		fputs("\033[1;31m", stdout);
	put_answer(stdout, v, r);
	puts(v->opt->color ? "\033[0m" : "");
	explain_risk(r);
	explain_who(v, r);
	explain_why(v, r);
	explain_dump(v, v->dump, r);
	explain_what(v, r);
}

/* A string from memory that is freed. */
static struct json_object *json_text(char *text)
{
	struct json_object *obj = json_object_new_string(text);

	free(text);
	return obj;
}

static struct json_object *json_answer(const struct view *v,
				       const struct pksdiag_record *r)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	put_answer(out, v, r);
	fclose(out);
	return json_text(text);
}

static struct json_object *json_steps(const struct view *v,
				      const struct pksdiag_record *r)
{
	const char * const *steps = advice_for(r)->steps;
	struct json_object *array = json_object_new_array();
	int i;

	for (i = 0; i < ADVICE_STEPS && steps[i]; i++)
		json_object_array_add(array, json_text(phrase(v, r, steps[i])));
	return array;
}

static struct json_object *json_reasons(const struct view *v,
					const struct pksdiag_record *r)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < 64; i++)
		if (r->because >> i & 1)
			json_object_array_add(array, json_text
					      (phrase_because(v, r, i)));
	return array;
}

static struct json_object *json_explain(const struct view *v,
					const struct pksdiag_record *r)
{
	struct json_object *record = json_record(v, r);
	struct json_object *obj = json_object_new_object();

	json_add(obj, "answer", json_answer(v, r));
	json_add_string(obj, "data_at_risk", advice_at_risk(r));
	json_add_string(obj, "risk_reason", advice_risk_why(r));
	json_add(obj, "evidence", json_reasons(v, r));
	json_add(obj, "cause", json_text(phrase(v, r, advice_for(r)->cause)));
	json_add(obj, "steps", json_steps(v, r));
	json_add(record, "explanation", obj);
	if (v->dump)
		json_add(record, "dump", json_dump(v, v->dump, r));
	return record;
}

static bool wanted(const struct view *v, size_t i, __u64 seq)
{
	const struct record_list *list = &v->src.records;

	if (seq)
		return list->v[i].r->seq == seq;
	return v->opt->all || i + 1 == list->nr;
}

/* @seq 0: as the options say. Return how many records were explained. */
static size_t explain_wanted(const struct view *v, __u64 seq)
{
	const struct record_list *list = &v->src.records;
	struct json_array array = {};
	size_t i, nr = 0;

	for (i = 0; i < list->nr; i++) {
		if (!wanted(v, i, seq))
			continue;
		if (v->opt->json) {
			json_array_add(&array, json_explain(v, list->v[i].r));
		} else {
			fputs(nr ? "\n" : "", stdout);
			if (v->opt->drgn)
				explain_drgn(v, list->v[i].r);
			else
				explain_record(v, list->v[i].r);
		}
		nr++;
	}
	if (v->opt->json)
		json_array_end(&array);
	return nr;
}

static void say_none(const struct view *v, __u64 seq)
{
	const struct record_list *list = &v->src.records;

	if (seq && list->nr)
		pr_err("%s: no record %llu: lost, or not yet there (there are %zu, from %llu to %llu)",
		       v->src.name, seq, list->nr, list->v[0].r->seq,
		       list->v[list->nr - 1].r->seq);
	else if (seq)
		pr_err("%s: no record %llu: there are none", v->src.name, seq);
	else if (!v->opt->json)
		printf("no PKS faults, %llu lost\n", source_lost(&v->src));
}

static void explain(const struct view *v, __u64 seq)
{
	if (!v->opt->json && view_say_absent(v))
		return;
	if (!explain_wanted(v, seq))
		say_none(v, seq);
}

static bool parse_seq(const char *text, __u64 *seq)
{
	char *end;

	errno = 0;
	*seq = strtoull(text, &end, 10);
	return !errno && !*end && *seq && text[0] >= '0' && text[0] <= '9';
}

/**
 * cmd_explain - pksdiag explain [SEQ|--last|--all]
 * @opt: the options
 * @argc: 0, or 1 with SEQ
 * @argv: SEQ
 *
 * Return: an exit code.
 */
int cmd_explain(const struct options *opt, int argc, char **argv)
{
	struct view v;
	__u64 seq = 0;
	int ret;

	if (argc > 1 || argc + opt->last + opt->all > 1)
		return usage_error("explain takes one of SEQ, --last and --all");
	if (argc && !parse_seq(argv[0], &seq))
		return usage_error("'%s' is not the number of a record", argv[0]);
	ret = view_open(&v, opt);
	if (!ret) {
		v.dump = dump_view_new(&v);
		explain(&v, seq);
		dump_view_free(v.dump);
	}
	view_close(&v);
	return ret ? EXIT_ERROR : EXIT_SUCCESS;
}
