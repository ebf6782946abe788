// SPDX-License-Identifier: GPL-2.0
/* pksdiag list: one line a record. */
#include <stdlib.h>

#include "cmd.h"
#include "facts.h"
#include "list.h"
#include "record_json.h"
#include "util.h"

#define ROW "%5s %14s %3s %-22s %-14s %-8s %6s %-10s %s"

static void list_json(const struct view *v)
{
	struct json_array array = {};
	size_t i;

	for (i = 0; i < v->src.records.nr; i++)
		json_array_add(&array, json_record(v, v->src.records.v[i].r));
	json_array_end(&array);
}

/* The answer: how many, how many different ones, how many are not here. */
static void list_summary(const struct view *v)
{
	const struct record_list *records = &v->src.records;
	size_t signatures = record_list_signatures(records);

	printf("%zu PKS fault%s, %zu signature%s, %llu lost\n", records->nr,
	       records->nr == 1 ? "" : "s", signatures,
	       signatures == 1 ? "" : "s", source_lost(&v->src));
}

/* What the kernel saw go wrong before it became a fault has no record. */
static void list_violations(const struct view *v)
{
	__u64 nr = v->src.ring.counters[PKSDIAG_C_VIOLATIONS];

	if (nr)
		printf("%llu %s violated (no faults): pksdiag sites --status violated\n",
		       nr, nr == 1 ? "rule of mappings was" : "rules of mappings were");
}

/* Prints one fact of a record. */
typedef void (*put_fn)(FILE *out, const struct pksdiag_record *r);

/**
 * struct column - one fact of one record
 * @put: prints it
 * @r: the record
 */
struct column {
	put_fn put;
	const struct pksdiag_record *r;
};

static void put_column(FILE *out, const void *arg)
{
	const struct column *column = arg;

	column->put(out, column->r);
}

static void put_task(FILE *out, const struct pksdiag_record *r)
{
	PUT_FIELD(out, r->comm);
	fprintf(out, ":%u", r->pid);
}

static void put_when(FILE *out, const struct pksdiag_record *r)
{
	put_time(out, r->time_ns);
}

static void put_short_access(FILE *out, const struct pksdiag_record *r)
{
	fputs(pksdiag_access_name(r->access), out);
	if (r->flags & PKSDIAG_F_WIDTH)
		fprintf(out, " %u", r->width);
}

static void put_where(FILE *out, const struct pksdiag_record *r)
{
	put_target(out, r);
	fputs(" by ", out);
}

/**
 * list_title - print the titles of the columns
 */
void list_title(void)
{
	printf(ROW, "SEQ", "TIME", "CPU", "TASK", "VERDICT", "ACCESS", "HITS",
	       "RESOLUTION", "WHERE\n");
}

/**
 * list_row - print one record
 * @v: the view
 * @r: the record
 */
void list_row(const struct view *v, const struct pksdiag_record *r)
{
	static const put_fn puts[] = {
		put_when, put_task, put_short_access, put_where,
	};
	char *text[ARRAY_SIZE(puts)];
	char seq[24], cpu[16], hits[24];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(puts); i++)
		text[i] = text_from(put_column, &(struct column){ puts[i], r });
	snprintf(seq, sizeof(seq), "%llu", r->seq);
	snprintf(cpu, sizeof(cpu), "%u", r->cpu);
	snprintf(hits, sizeof(hits), "%llu", r->hits);
	printf(ROW, seq, text[0], cpu, text[1],
	       pksdiag_verdict_name(r->verdict), text[2], hits,
	       pksdiag_resolution_name(r->resolution), text[3]);
	put_code(stdout, r, view_ip(v, r));
	putchar('\n');
	for (i = 0; i < ARRAY_SIZE(puts); i++)
		free(text[i]);
}

static void list_text(const struct view *v)
{
	size_t i;

	if (view_say_absent(v))
		return;
	list_summary(v);
	list_violations(v);
	if (!v->src.records.nr)
		return;
	list_title();
	for (i = 0; i < v->src.records.nr; i++)
		list_row(v, v->src.records.v[i].r);
}

/**
 * cmd_list - pksdiag list
 * @opt: the options
 * @argc: must be 0
 * @argv: not used
 *
 * Return: an exit code.
 */
int cmd_list(const struct options *opt, int argc, char **argv)
{
	struct view v;
	int ret;

	if (argc)
		return usage_error("list takes no argument: '%s'", argv[0]);
	ret = view_open(&v, opt);
	if (!ret && opt->json)
		list_json(&v);
	else if (!ret)
		list_text(&v);
	view_close(&v);
	return ret ? EXIT_ERROR : EXIT_SUCCESS;
}
