// SPDX-License-Identifier: GPL-2.0
/* pksdiag sites, for people: the answer first, then a line for each site. */
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "sites.h"
#include "util.h"

#define ROW	"%-12s %10s %10s %12s %4s "
#define ID	"%-20s %-44s %s"
#define GROUP	"%6s %9s %10s %10s  %-30s"

static const char *plural(size_t nr)
{
	return nr == 1 ? "" : "s";
}

/* === The answer =========================================================== */

static void put_statuses(const size_t *of, const char *separator)
{
	unsigned int status;

	for (status = 0; status < SITE_NR_STATUS; status++) {
		if (!of[status])
			continue;
		printf("%s%zu %s", separator, of[status], site_status_name(status));
		separator = ", ";
	}
}

static void put_percent(const struct sites *s)
{
	const struct site_counts *c = &s->counts;

	if (s->has_files && c->watched)
		printf("; %u%% exercised", sites_percent(c->exercised, c->watched));
}

static void put_summary(const struct sites *s)
{
	const struct site_counts *c = &s->counts;

	printf("%zu site%s", c->nr, plural(c->nr));
	put_statuses(c->of, ": ");
	put_percent(s);
	if (c->one_thread)
		printf("; %zu kmap() always thread-local", c->one_thread);
	if (c->foreign)
		printf("; %zu not in the files given", c->foreign);
	putchar('\n');
	if (!s->has_files)
		puts("These ran; to see what never ran, give a vmlinux, modules, or a directory.");
}

/* What the answer does not cover. */
static void put_limits(const struct sites *s)
{
	const struct {
		enum pksdiag_sites_counter counter;
		const char *what;
	} limits[] = {
		{ PKSDIAG_SC_NO_SITE,
		  "runs of sites found no room in the kernel: never-run may have run" },
		{ PKSDIAG_SC_NO_OPEN, "mappings found no room to be watched" },
		{ PKSDIAG_SC_UNKNOWN, "unmaps may be of mappings that were not watched" },
		{ PKSDIAG_SC_NO_VIOLATION,
		  "violations found no room: they are only counted" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		__u64 nr = site_table_counter(s->table, limits[i].counter);

		if (nr)
			printf("%llu %s\n", nr, limits[i].what);
	}
}

/* === Sites ================================================================ */

static void put_name(FILE *out, const void *arg)
{
	const struct site_id *id = arg;

	if (id->call)
		fputs(id->call, out);
	else
		fprintf(out, "%s %s", audit_kind_name(id->kind), audit_op_name(id->op));
}

/**
 * struct spot - where a site is, for what prints that
 * @s: the sites
 * @id: which one
 * @row: the same, NULL if it is of an earlier run
 */
struct spot {
	const struct sites *s;
	const struct site_id *id;
	const struct site_row *row;
};

static void put_where(FILE *out, const void *arg)
{
	const struct spot *p = arg;

	if (p->row && p->row->address)
		site_put_code(out, p->s, site_code(p->s, &p->s->table->v[p->row->entries[0]]));
	else
		fputs(p->id->file, out);
	if (p->id->line)
		fprintf(out, ":%d", p->id->line);
}

/* Which site it is: the last columns. */
static void put_id(const struct sites *s, const struct site_id *id,
		   const struct site_row *row)
{
	const struct spot spot = { s, id, row };
	char *name = text_from(put_name, id);
	char *where = text_from(put_where, &spot);

	printf(ID, name, where, id->function);
	if (id->nr_modules == 1 && strcmp(id->modules[0], "vmlinux"))
		printf(" [%s]", id->modules[0]);
	else if (id->nr_modules > 1)
		printf(" [%s and %zu more]", id->modules[0], id->nr_modules - 1);
	free(name);
	free(where);
}

static void put_longest(FILE *out, const void *arg)
{
	const struct site_row *row = arg;

	if (row->longest_ns)
		put_duration(out, row->longest_ns);
}

static void put_numbers(const struct site_row *row)
{
	char *longest = text_from(put_longest, row);
	char runs[24] = "", protected[24] = "", nest[16] = "";

	if (row->runs)
		snprintf(runs, sizeof(runs), "%llu", row->runs);
	if (row->runs && row->id.op == AUDIT_MAP) {
		snprintf(protected, sizeof(protected), "%llu",
			 row->counters[PKSDIAG_S_PROTECTED]);
		snprintf(nest, sizeof(nest), "%u", row->max_nest);
	}
	printf(ROW, site_status_name(row->id.status), runs, protected, longest, nest);
	free(longest);
}

static void put_remarks(const struct site_row *row)
{
	__u64 maps = row->runs, unmaps = row->counters[PKSDIAG_S_UNMAPS];

	if (row->id.one_thread)
		fputs(", always thread-local", stdout);
	if (row->id.foreign)
		fputs(", not in the files given", stdout);
	if (row->note)
		printf(": %s", row->note);
	if (row->id.status == SITE_OPEN)
		printf(", %llu of %llu unmapped", unmaps, maps);
	if (row->id.status == SITE_UNTRACKED)
		printf(", %llu could not be watched", row->counters[PKSDIAG_S_UNTRACKED]);
	putchar('\n');
}

static void put_sites(const struct sites *s)
{
	size_t i;

	printf(ROW ID "\n", "STATUS", "RUNS", "PROTECTED", "LONGEST", "NEST", "CALL",
	       "WHERE", "FUNCTION");
	for (i = 0; i < s->shown.nr; i++) {
		const struct site_row *row = s->shown.v[i];

		put_numbers(row);
		put_id(s, &row->id, row);
		put_remarks(row);
		site_put_violations(s, row);
	}
}

/* === Groups =============================================================== */

static const char *value_of(const struct site_id *id, const char *key)
{
	key += strspn(key, "+-");
	if (!strcmp(key, "status"))
		return site_status_name(id->status);
	if (!strcmp(key, "kind"))
		return audit_kind_name(id->kind);
	if (!strcmp(key, "module"))
		return site_module(id);
	return strcmp(key, "file") ? id->function : id->file;
}

/* A group, for what prints what is alike in it. */
struct alike {
	const struct site_id *id;
	const struct site_words *keys;
};

static void put_alike(FILE *out, const void *arg)
{
	const struct alike *alike = arg;
	size_t i;

	for (i = 0; i < alike->keys->nr; i++)
		fprintf(out, "%s%s", i ? " " : "", value_of(alike->id, alike->keys->v[i]));
}

static void put_group(const struct site_row *group, const struct site_words *keys)
{
	const struct alike alike = { &group->id, keys };
	char *name = text_from(put_alike, &alike);
	size_t watched = group->nr - group->of[SITE_NOT_WATCHED];
	char nr[24], exercised[24] = "", runs[24], protected[24];

	snprintf(nr, sizeof(nr), "%zu", group->nr);
	if (watched)
		snprintf(exercised, sizeof(exercised), "%u%%",
			 sites_percent(watched - group->of[SITE_NEVER_RUN], watched));
	snprintf(runs, sizeof(runs), "%llu", group->runs);
	snprintf(protected, sizeof(protected), "%llu", group->counters[PKSDIAG_S_PROTECTED]);
	printf(GROUP, nr, exercised, runs, protected, name);
	put_statuses(group->of, " ");
	putchar('\n');
	free(name);
}

static void put_groups(const struct sites *s)
{
	struct site_words keys;
	size_t i;

	site_words_split(&keys, s->view->opt->cull);
	printf(GROUP " %s\n", "SITES", "EXERCISED", "RUNS", "PROTECTED", "GROUP", "STATUS");
	for (i = 0; i < s->groups.nr; i++)
		put_group(s->groups.v[i], &keys);
	site_words_free(&keys);
}

/* === What is different ==================================================== */

static void put_transitions(const struct site_diff *diff)
{
	size_t nr[SITE_NR_STATUS][SITE_NR_STATUS] = {};
	const char *separator = ": ";
	unsigned int was, is;
	size_t i;

	for (i = 0; i < diff->nr; i++)
		if (diff->v[i].was && diff->v[i].is)
			nr[diff->v[i].was->status][diff->v[i].is->id.status]++;
	for (was = 0; was < SITE_NR_STATUS; was++)
		for (is = 0; is < SITE_NR_STATUS; is++) {
			if (!nr[was][is])
				continue;
			printf("%s%zu %s -> %s", separator, nr[was][is],
			       site_status_name(was), site_status_name(is));
			separator = ", ";
		}
}

static void put_diff_summary(const struct sites *s)
{
	const struct site_diff *diff = &s->diff;

	printf("%zu of %zu site%s changed since %s", diff->changed, s->counts.nr,
	       plural(s->counts.nr), s->view->opt->baseline);
	put_transitions(diff);
	printf("; %zu new, %zu gone", diff->added, diff->gone);
	put_percent(s);
	if (s->has_files)
		printf(", %u%% then", diff->percent);
	putchar('\n');
}

static const char *status_or(const struct site_id *id, const char *none)
{
	return id ? site_status_name(id->status) : none;
}

static void put_change(const struct sites *s, const struct site_change *change)
{
	const struct site_id *is = change->is ? &change->is->id : NULL;

	printf("%-12s %-12s ", status_or(change->was, "(new)"), status_or(is, "(gone)"));
	put_id(s, is ? is : change->was, change->is);
	if (change->was && is && change->was->one_thread != is->one_thread)
		printf(", %s", is->one_thread ? "now always thread-local" :
		       "no longer always thread-local");
	putchar('\n');
	if (change->is)
		site_put_violations(s, change->is);
}

static void put_diff(const struct sites *s)
{
	size_t i;

	put_diff_summary(s);
	put_limits(s);
	if (s->diff.nr)
		printf("%-12s %-12s " ID "\n", "WAS", "IS", "CALL", "WHERE", "FUNCTION");
	for (i = 0; i < s->diff.nr; i++)
		put_change(s, &s->diff.v[i]);
}

/**
 * sites_text - print everything for people
 * @s: the sites
 */
void sites_text(const struct sites *s)
{
	if (s->view->opt->baseline) {
		put_diff(s);
		return;
	}
	put_summary(s);
	put_limits(s);
	if (!s->shown.nr)
		return;
	if (s->view->opt->cull)
		put_groups(s);
	else
		put_sites(s);
}
