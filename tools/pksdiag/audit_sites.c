// SPDX-License-Identifier: GPL-2.0
/* The sites that were found: places in the source, and where their code is. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "audit_sites.h"
#include "util.h"

/* Sites of a function are neighbours in this order. */
static int compare(const void *a, const void *b)
{
	const struct audit_site *x = a, *y = b;
	int order = strcmp(x->source, y->source);

	if (!order)
		order = x->line - y->line;
	if (!order)
		order = x->column - y->column;
	if (!order)
		order = strcmp(x->function, y->function);
	return order ? order : strcmp(x->helper->name, y->helper->name);
}

static int by_place(const void *a, const void *b)
{
	return compare(*(struct audit_site * const *)a, *(struct audit_site * const *)b);
}

static struct audit_site *site_of(struct audit_sites *sites,
				  const struct audit_found *found)
{
	struct audit_site like = {
		.helper = found->helper, .source = (char *)found->source,
		.line = found->line, .column = found->column,
		.function = (char *)found->function,
	};
	struct audit_site **known = tfind(&like, &sites->index, compare);
	struct audit_site *site;

	if (known)
		return *known;
	site = xmalloc(sizeof(*site));
	*site = like;
	site->source = xstrdup(found->source);
	site->function = xstrdup(found->function);
	if (!tsearch(site, &sites->index, compare))
		no_memory();
	sites->v = xrealloc(sites->v, (sites->nr + 1) * sizeof(*sites->v));
	sites->v[sites->nr++] = site;
	return site;
}

static struct audit_copy *copy_of(const struct audit_site *site, size_t file,
				  const struct audit_found *found)
{
	size_t i;

	for (i = site->nr_copies; i--;) {
		struct audit_copy *copy = &site->copies[i];

		if (copy->file == file && copy->how == found->how &&
		    !strcmp(copy->chain, found->chain))
			return copy;
	}
	return NULL;
}

/**
 * audit_sites_add - add a place that was found
 * @sites: where to
 * @file: number of the file that it is in
 * @found: the place
 */
void audit_sites_add(struct audit_sites *sites, size_t file,
		     const struct audit_found *found)
{
	struct audit_site *site = site_of(sites, found);
	struct audit_copy *copy = copy_of(site, file, found);

	if (copy) {
		copy->nr++;
		if (found->address < copy->address)
			copy->address = found->address;
		return;
	}
	site->copies = xrealloc(site->copies,
				(site->nr_copies + 1) * sizeof(*site->copies));
	site->copies[site->nr_copies++] = (struct audit_copy){
		file, found->how, found->address, 1, xstrdup(found->chain),
	};
}

/**
 * audit_sites_add_unit - add a unit that was read
 * @sites: where to
 * @name: its source
 */
void audit_sites_add_unit(struct audit_sites *sites, const char *name)
{
	sites->units = xrealloc(sites->units,
				(sites->nr_units + 1) * sizeof(*sites->units));
	sites->units[sites->nr_units++] = xstrdup(name);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

static int by_chain(const void *a, const void *b)
{
	const struct audit_copy *x = a, *y = b;
	int order;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	order = strcmp(x->chain, y->chain);
	return order ? order : (int)x->how - (int)y->how;
}

/* A source may be compiled into many files. */
static void sort_units(struct audit_sites *sites)
{
	size_t i, kept = 0;

	if (sites->nr_units)
		qsort(sites->units, sites->nr_units, sizeof(*sites->units), by_text);
	for (i = 0; i < sites->nr_units; i++) {
		if (kept && !strcmp(sites->units[i], sites->units[kept - 1]))
			free(sites->units[i]);
		else
			sites->units[kept++] = sites->units[i];
	}
	sites->nr_units = kept;
}

/**
 * audit_sites_sort - put everything into its order
 * @sites: the sites
 */
void audit_sites_sort(struct audit_sites *sites)
{
	size_t i;

	sort_units(sites);
	if (sites->nr)
		qsort(sites->v, sites->nr, sizeof(*sites->v), by_place);
	for (i = 0; i < sites->nr; i++)
		qsort(sites->v[i]->copies, sites->v[i]->nr_copies,
		      sizeof(*sites->v[i]->copies), by_chain);
}

static void keep(void *site)
{
	(void)site;
}

static void free_site(struct audit_site *site)
{
	size_t i;

	for (i = 0; i < site->nr_copies; i++)
		free(site->copies[i].chain);
	free(site->copies);
	free(site->source);
	free(site->function);
	free(site);
}

/**
 * audit_sites_free - free everything
 * @sites: the sites
 */
void audit_sites_free(struct audit_sites *sites)
{
	size_t i;

	tdestroy(sites->index, keep);
	for (i = 0; i < sites->nr; i++)
		free_site(sites->v[i]);
	for (i = 0; i < sites->nr_units; i++)
		free(sites->units[i]);
	free(sites->v);
	free(sites->units);
}

static int by_function(const void *a, const void *b)
{
	const struct audit_site *x = *(struct audit_site * const *)a;
	const struct audit_site *y = *(struct audit_site * const *)b;
	int order = strcmp(x->source, y->source);

	return order ? order : strcmp(x->function, y->function);
}

/**
 * audit_sites_count - count the sites
 * @sites: the sites
 * @counts: out
 */
void audit_sites_count(const struct audit_sites *sites, struct audit_counts *counts)
{
	struct audit_site **v = xmalloc(sites->nr * sizeof(*v));
	size_t i;

	*counts = (struct audit_counts){ .sites = sites->nr };
	if (sites->nr) {
		memcpy(v, sites->v, sites->nr * sizeof(*v));
		qsort(v, sites->nr, sizeof(*v), by_function);
	}
	for (i = 0; i < sites->nr; i++) {
		counts->of[v[i]->helper->kind]++;
		counts->functions += !i || by_function(&v[i - 1], &v[i]);
		counts->sources += !i || strcmp(v[i - 1]->source, v[i]->source);
	}
	free(v);
}
