// SPDX-License-Identifier: GPL-2.0
/* The order of sites, and what several have in common. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "sites.h"
#include "util.h"

/* What sites are sorted by if nobody says; and groups of them. */
#define DEFAULT_SORT	"status,file"
#define DEFAULT_GROUPS	"-sites"

#define KEYS_MAX	16

typedef int (*compare_fn)(const struct site_row *a, const struct site_row *b);

/**
 * struct key - a key of an order
 * @compare: compares by it
 * @sign: -1: the largest first
 */
struct key {
	compare_fn compare;
	int sign;
};

/**
 * struct order - an order
 * @keys: its keys
 * @nr: how many
 */
struct order {
	struct key keys[KEYS_MAX];
	size_t nr;
};

/* For qsort(), which has no argument for it. */
static struct order order_now;

/* === Keys ================================================================= */

/**
 * site_module - the module that a site is in, in a word
 * @id: the site
 *
 * Return: its name; "several" if it is in more than one.
 */
const char *site_module(const struct site_id *id)
{
	if (id->nr_modules > 1)
		return "several";
	return id->nr_modules ? id->modules[0] : "?";
}

static int by_number(__u64 x, __u64 y)
{
	return (x > y) - (x < y);
}

static int by_status(const struct site_row *a, const struct site_row *b)
{
	return (int)a->id.status - (int)b->id.status;
}

static int by_kind(const struct site_row *a, const struct site_row *b)
{
	return (int)a->id.kind - (int)b->id.kind;
}

static int by_module(const struct site_row *a, const struct site_row *b)
{
	return strcmp(site_module(&a->id), site_module(&b->id));
}

static int by_file(const struct site_row *a, const struct site_row *b)
{
	return strcmp(a->id.file, b->id.file);
}

static int by_function(const struct site_row *a, const struct site_row *b)
{
	return strcmp(a->id.function, b->id.function);
}

static int by_runs(const struct site_row *a, const struct site_row *b)
{
	return by_number(a->runs, b->runs);
}

static int by_protected(const struct site_row *a, const struct site_row *b)
{
	return by_number(a->counters[PKSDIAG_S_PROTECTED],
			 b->counters[PKSDIAG_S_PROTECTED]);
}

static int by_longest(const struct site_row *a, const struct site_row *b)
{
	return by_number(a->longest_ns, b->longest_ns);
}

static int by_nest(const struct site_row *a, const struct site_row *b)
{
	return by_number(a->max_nest, b->max_nest);
}

static int by_first(const struct site_row *a, const struct site_row *b)
{
	return by_number(a->first_ns, b->first_ns);
}

static int by_sites(const struct site_row *a, const struct site_row *b)
{
	return by_number(a->nr, b->nr);
}

/* What can be sorted by; the first ones can also be culled by. */
static const struct {
	const char *name;
	compare_fn compare;
} keys[] = {
	{ "status", by_status },
	{ "kind", by_kind },
	{ "module", by_module },
	{ "file", by_file },
	{ "function", by_function },
	{ "runs", by_runs },
	{ "protected", by_protected },
	{ "longest", by_longest },
	{ "nest", by_nest },
	{ "first", by_first },
	{ "sites", by_sites },
};

#define NR_CULL_KEYS	5

static compare_fn find_key(const char *name, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].compare;
	return NULL;
}

/* Return: NULL, or the word that is no key. */
static const char *parse_word(struct order *order, const char *word, size_t nr)
{
	struct key *key = &order->keys[order->nr];

	if (order->nr == KEYS_MAX)
		return word;
	key->sign = *word == '-' ? -1 : 1;
	key->compare = find_key(word + (*word == '-' || *word == '+'), nr);
	order->nr++;
	return key->compare ? NULL : word;
}

/* @nr: how many of the keys there are. Return: as parse_word(), for the caller to free. */
static char *parse(struct order *order, const char *list, size_t nr)
{
	const char *wrong = NULL;
	struct site_words words;
	char *text;
	size_t i;

	order->nr = 0;
	site_words_split(&words, list);
	for (i = 0; i < words.nr && !wrong; i++)
		wrong = parse_word(order, words.v[i], nr);
	if (!words.nr)
		wrong = list;
	text = wrong ? xstrdup(wrong) : NULL;
	site_words_free(&words);
	return text;
}

static bool check(const char *option, const char *list, size_t nr, const char *known)
{
	struct order order;
	char *wrong = list ? parse(&order, list, nr) : NULL;

	if (wrong)
		usage_error("%s: no key '%s': %s", option, wrong, known);
	free(wrong);
	return !wrong;
}

static const char known_keys[] =
	"status, kind, module, file, function, runs, protected, longest, nest, first, sites";

/**
 * site_order_check - are the keys of an order such
 * @opt: the options
 *
 * Return: false after an error that was reported.
 */
bool site_order_check(const struct options *opt)
{
	return check("--sort", opt->sort, ARRAY_SIZE(keys), known_keys) &&
	       check("--cull", opt->cull, NR_CULL_KEYS,
		     "status, kind, module, file, function");
}

/* === Sorting ============================================================== */

static int by_order(const struct site_row *a, const struct site_row *b)
{
	int order = 0;
	size_t i;

	for (i = 0; i < order_now.nr && !order; i++)
		order = order_now.keys[i].sign * order_now.keys[i].compare(a, b);
	return order;
}

/* What is alike is by its place, so that the same sites come in the same order. */
static int by_place(const struct site_row *a, const struct site_row *b)
{
	int order = strcmp(a->id.file, b->id.file);

	if (!order)
		order = a->id.line - b->id.line;
	if (!order)
		order = a->id.column - b->id.column;
	if (!order)
		order = strcmp(a->id.function, b->id.function);
	if (!order)
		order = (int)a->id.op - (int)b->id.op;
	return order ? order : by_number(a->address, b->address);
}

static int compare_rows(const void *x, const void *y)
{
	const struct site_row *a = *(struct site_row *const *)x;
	const struct site_row *b = *(struct site_row *const *)y;
	int order = by_order(a, b);

	return order ? order : by_place(a, b);
}

static void sort(struct site_rows *rows, const char *list)
{
	free(parse(&order_now, list, ARRAY_SIZE(keys)));
	if (rows->nr)
		qsort(rows->v, rows->nr, sizeof(*rows->v), compare_rows);
}

/**
 * sites_sort - put sites in order
 * @rows: the sites
 * @list: keys that site_order_check() passed, or NULL
 */
void sites_sort(struct site_rows *rows, const char *list)
{
	sort(rows, list ? list : DEFAULT_SORT);
}

/* === Groups =============================================================== */

static void merge(struct site_row *group, const struct site_row *row)
{
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_SITE_COUNTERS; i++)
		group->counters[i] += row->counters[i];
	for (i = 0; i < PKSDIAG_NR_VIOL; i++)
		group->violations[i] += row->violations[i];
	for (i = 0; i < SITE_NR_STATUS; i++)
		group->of[i] += row->of[i];
	group->nr += row->nr;
	group->runs += row->runs;
	if (row->longest_ns > group->longest_ns)
		group->longest_ns = row->longest_ns;
	if (row->max_nest > group->max_nest)
		group->max_nest = row->max_nest;
	if (row->first_ns && (!group->first_ns || row->first_ns < group->first_ns))
		group->first_ns = row->first_ns;
}

/**
 * sites_cull - put together what is alike
 * @rows: the sites
 * @list: by which keys; site_order_check() passed them
 * @order: order of the groups, or NULL
 * @groups: out; sites_groups_free() it
 */
void sites_cull(const struct site_rows *rows, const char *list, const char *order,
		struct site_rows *groups)
{
	struct site_rows sorted = { .nr = rows->nr };
	struct site_row *last = NULL;
	size_t i;

	sorted.v = xmalloc(rows->nr * sizeof(*sorted.v));
	groups->v = xmalloc(rows->nr * sizeof(*groups->v));
	memcpy(sorted.v, rows->v, rows->nr * sizeof(*sorted.v));
	sort(&sorted, list);
	for (i = 0; i < sorted.nr; i++) {
		if (last && !by_order(last, sorted.v[i])) {
			merge(last, sorted.v[i]);
			continue;
		}
		last = xmalloc(sizeof(*last));
		*last = *sorted.v[i];
		groups->v[groups->nr++] = last;
	}
	free(sorted.v);
	sort(groups, order ? order : DEFAULT_GROUPS);
}

/**
 * sites_groups_free - free groups
 * @groups: what sites_cull() made
 */
void sites_groups_free(struct site_rows *groups)
{
	size_t i;

	for (i = 0; i < groups->nr; i++)
		free(groups->v[i]);
	free(groups->v);
	*groups = (struct site_rows){};
}
