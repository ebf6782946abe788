// SPDX-License-Identifier: GPL-2.0
/* Do the faulting function and its callers map anything? */
#include "facts.h"
#include "util.h"

/* More of them are only counted. */
#define NAMED_MAX	4u

/**
 * struct survey - what the code of a stack's functions tells
 * @nr: functions
 * @nr_unknown: of them: whose code is not at hand
 * @nr_mappers: of them: that map
 * @mappers: those, where they do so
 */
struct survey {
	unsigned int nr;
	unsigned int nr_unknown;
	unsigned int nr_mappers;
	const struct location *mappers[NAMED_MAX];
};

static void look_at(struct survey *s, const struct view *v,
		    const struct pksdiag_record *r, const struct location *loc)
{
	enum map_calls found;
	__u64 after;

	found = symbols_maps(v->sym, r, loc, &after);
	s->nr++;
	s->nr_unknown += found == MAP_CALLS_UNKNOWN;
	if (found != MAP_CALLS_SOME)
		return;
	if (s->nr_mappers < NAMED_MAX)
		s->mappers[s->nr_mappers] = view_return(v, r, after);
	s->nr_mappers++;
}

static struct survey survey(const struct view *v, const struct pksdiag_record *r)
{
	unsigned int i, nr = record_stack_nr(r);
	struct survey s = {};

	if (!nr)
		look_at(&s, v, r, view_ip(v, r));
	for (i = 0; i < nr; i++)
		look_at(&s, v, r, view_stack(v, r, i));
	return s;
}

static void put_list(FILE *out, const struct pksdiag_record *r, const struct survey *s)
{
	unsigned int i, named = s->nr_mappers < NAMED_MAX ? s->nr_mappers : NAMED_MAX;

	for (i = 0; i < named; i++) {
		fputs(i ? ", " : "", out);
		put_function(out, r, s->mappers[i]);
	}
	if (s->nr_mappers > named)
		fprintf(out, " and %u more", s->nr_mappers - named);
}

/**
 * put_mappers - print if the faulting function or its callers map anything
 * @out: where to
 * @v: the view
 * @r: the record: one or two sentences
 */
void put_mappers(FILE *out, const struct view *v, const struct pksdiag_record *r)
{
	const struct survey s = survey(v, r);

	if (s.nr_mappers) {
		fputs("Of the function and its callers, these map memory: ", out);
		put_list(out, r, &s);
		fputs(". If they mean this page, their mapping does not cover the access.",
		      out);
	} else if (!s.nr_unknown) {
		fprintf(out,
			"By their code, neither the function nor its %u caller%s in the record map anything.",
			s.nr - 1, s.nr == 2 ? "" : "s");
	} else if (s.nr_unknown < s.nr) {
		fprintf(out,
			"Neither the function nor its callers map anything, as far as their code is at hand: that of %u of %u is not.",
			s.nr_unknown, s.nr);
	} else {
		fprintf(out, "%s",
			"If the function or its callers map anything at all can not be told without their code (--vmlinux FILE, --module-dir DIR).");
	}
}
