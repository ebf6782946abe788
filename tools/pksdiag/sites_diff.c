// SPDX-License-Identifier: GPL-2.0
/*
 * What is different from an earlier run. Code moves between two builds: of the calls of
 * a function by a function, those in the same place are the same, and the others in
 * their order.
 */
#include <stdlib.h>
#include <string.h>

#include "sites.h"
#include "util.h"

/**
 * struct two - what is compared; NULL stands where a site was taken out
 * @was: the sites of the earlier run
 * @nr_was: how many
 * @is: those of this one
 * @nr_is: how many
 */
struct two {
	const struct site_id **was;
	size_t nr_was;
	const struct site_row **is;
	size_t nr_is;
};

static int by_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Calls of the same function by the same one. */
static int by_call(const struct site_id *a, const struct site_id *b)
{
	int order = strcmp(a->file, b->file);

	if (!order)
		order = strcmp(a->function, b->function);
	if (!order)
		order = by_text(a->call, b->call);
	if (!order)
		order = (int)a->kind - (int)b->kind;
	return order ? order : (int)a->op - (int)b->op;
}

static int by_place(const struct site_id *a, const struct site_id *b)
{
	int order = by_call(a, b);

	if (!order)
		order = (a->line > b->line) - (a->line < b->line);
	return order ? order : (a->column > b->column) - (a->column < b->column);
}

static int compare_was(const void *x, const void *y)
{
	return by_place(*(const struct site_id *const *)x, *(const struct site_id *const *)y);
}

static int compare_is(const void *x, const void *y)
{
	return by_place(&(*(const struct site_row *const *)x)->id,
			&(*(const struct site_row *const *)y)->id);
}

static bool is_wanted(const struct site_filter *filter, const struct site_change *change)
{
	unsigned int bits = 0;

	if (change->was)
		bits |= site_bits(change->was);
	if (change->is)
		bits |= site_bits(&change->is->id);
	return !filter->status || (filter->status & bits);
}

static bool is_same(const struct site_change *change)
{
	return change->was && change->is && change->was->status == change->is->id.status &&
	       change->was->one_thread == change->is->id.one_thread;
}

static void add(struct sites *s, const struct site_id *was, const struct site_row *is)
{
	const struct site_change change = { was, is };
	struct site_diff *diff = &s->diff;

	if (is_same(&change) || !is_wanted(&s->filter, &change))
		return;
	diff->v = xrealloc(diff->v, (diff->nr + 1) * sizeof(*diff->v));
	diff->v[diff->nr++] = change;
	diff->changed += was && is;
	diff->added += !was;
	diff->gone += !is;
}

/* Those that are where they were. */
static void match_same(struct sites *s, struct two *two)
{
	size_t i, j = 0;

	for (i = 0; i < two->nr_was; i++) {
		while (j < two->nr_is && by_place(&two->is[j]->id, two->was[i]) < 0)
			j++;
		if (j == two->nr_is)
			return;
		if (by_place(&two->is[j]->id, two->was[i]))
			continue;
		add(s, two->was[i], two->is[j]);
		two->was[i] = NULL;
		two->is[j++] = NULL;
	}
}

/* The others, in their order. */
static void match_rest(struct sites *s, struct two *two)
{
	size_t i = 0, j = 0;

	while (i < two->nr_was || j < two->nr_is) {
		if (i < two->nr_was && !two->was[i])
			i++;
		else if (j < two->nr_is && !two->is[j])
			j++;
		else
			add(s, i < two->nr_was ? two->was[i++] : NULL,
			    j < two->nr_is ? two->is[j++] : NULL);
	}
}

/* The first calls of both that are of the same function by the same one; or of one only. */
static struct two take_group(const struct two *two)
{
	const struct site_id *first = two->nr_was ? two->was[0] : NULL;
	struct two group = { .was = two->was, .is = two->is };

	if (!first || (two->nr_is && by_call(&two->is[0]->id, first) < 0))
		first = &two->is[0]->id;
	while (group.nr_was < two->nr_was && !by_call(two->was[group.nr_was], first))
		group.nr_was++;
	while (group.nr_is < two->nr_is && !by_call(&two->is[group.nr_is]->id, first))
		group.nr_is++;
	return group;
}

static void match(struct sites *s, struct two two)
{
	while (two.nr_was || two.nr_is) {
		struct two group = take_group(&two);

		two.was += group.nr_was;
		two.nr_was -= group.nr_was;
		two.is += group.nr_is;
		two.nr_is -= group.nr_is;
		match_same(s, &group);
		match_rest(s, &group);
	}
}

static void take_was(const struct sites *s, struct two *two)
{
	size_t i;

	two->was = xmalloc(s->past.nr * sizeof(*two->was));
	for (i = 0; i < s->past.nr; i++)
		if (site_filter_takes(&s->filter, &s->past.v[i]))
			two->was[two->nr_was++] = &s->past.v[i];
	if (two->nr_was)
		qsort(two->was, two->nr_was, sizeof(*two->was), compare_was);
}

static void take_is(const struct sites *s, struct two *two)
{
	size_t i;

	two->is = xmalloc(s->all.nr * sizeof(*two->is));
	for (i = 0; i < s->all.nr; i++)
		if (site_filter_takes(&s->filter, &s->all.v[i]->id))
			two->is[two->nr_is++] = s->all.v[i];
	if (two->nr_is)
		qsort(two->is, two->nr_is, sizeof(*two->is), compare_is);
}

static unsigned int percent_was(const struct two *two)
{
	size_t i, watched = 0, exercised = 0;

	for (i = 0; i < two->nr_was; i++) {
		watched += site_is_watched(two->was[i]);
		exercised += site_was_exercised(two->was[i]);
	}
	return sites_percent(exercised, watched);
}

/**
 * sites_compare - find what is different from an earlier run
 * @s: the sites, @s->past included; gets @s->diff
 */
void sites_compare(struct sites *s)
{
	struct two two = {};

	take_was(s, &two);
	take_is(s, &two);
	s->diff.percent = percent_was(&two);
	match(s, two);
	free(two.was);
	free(two.is);
}
