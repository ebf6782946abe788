// SPDX-License-Identifier: GPL-2.0
/* Which sites are wanted. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "sites.h"
#include "util.h"

static const char known[] =
	"kmap, kmap_thread, kmap_local, kmap_atomic, dax, page_address";

static bool check_kinds(const struct site_words *kinds)
{
	unsigned int kind;
	size_t i;

	for (i = 0; i < kinds->nr; i++) {
		for (kind = 0; kind < AUDIT_NR_KINDS; kind++)
			if (!strcmp(kinds->v[i], audit_kind_name(kind)))
				break;
		if (kind < AUDIT_NR_KINDS)
			continue;
		usage_error("--kind: no kind '%s': %s", kinds->v[i], known);
		return false;
	}
	return true;
}

/**
 * site_filter_parse - which sites did the user ask for
 * @filter: out; site_filter_free() it
 * @opt: the options
 *
 * Return: false after an error that was reported.
 */
bool site_filter_parse(struct site_filter *filter, const struct options *opt)
{
	site_words_split(&filter->kinds, opt->kind);
	site_words_split(&filter->modules, opt->module);
	site_words_split(&filter->functions, opt->function);
	site_words_split(&filter->files, opt->file);
	return site_bits_parse("--status", opt->status, &filter->status) &&
	       check_kinds(&filter->kinds);
}

/**
 * site_filter_free - free what was allocated
 * @filter: the filter
 */
void site_filter_free(struct site_filter *filter)
{
	site_words_free(&filter->kinds);
	site_words_free(&filter->modules);
	site_words_free(&filter->functions);
	site_words_free(&filter->files);
}

static bool takes_module(const struct site_filter *filter, const struct site_id *id)
{
	size_t i;

	for (i = 0; i < id->nr_modules; i++)
		if (site_words_match(&filter->modules, id->modules[i]))
			return true;
	return !filter->modules.nr;
}

/**
 * site_filter_takes - is a site wanted
 * @filter: the filter; its statuses do not count here
 * @id: the site
 *
 * Return: true if so.
 */
bool site_filter_takes(const struct site_filter *filter, const struct site_id *id)
{
	return site_words_match(&filter->kinds, audit_kind_name(id->kind)) &&
	       site_words_match(&filter->functions, id->function) &&
	       site_words_match(&filter->files, id->file) && takes_module(filter, id);
}

/**
 * sites_select - find the sites that are wanted
 * @s: the sites; gets @s->shown and @s->counts
 */
void sites_select(struct sites *s)
{
	size_t i;

	s->shown.v = xmalloc(s->all.nr * sizeof(*s->shown.v));
	for (i = 0; i < s->all.nr; i++) {
		struct site_row *row = s->all.v[i];

		if (s->filter.status && !(s->filter.status & site_bits(&row->id)))
			continue;
		if (site_filter_takes(&s->filter, &row->id))
			s->shown.v[s->shown.nr++] = row;
	}
	sites_count(&s->shown, &s->counts);
}
