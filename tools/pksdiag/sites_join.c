// SPDX-License-Identifier: GPL-2.0
/*
 * Call sites in the code and those that ran, joined: by source file, line, function and
 * the function that is called. A site may have many copies, where what it is in was
 * inlined; and it may be in many modules.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "sites.h"
#include "util.h"

#define UNKNOWN		"?"
#define KERNEL		"vmlinux"

/* Enough for every function that audit_helper_at() has. */
#define HELPERS_MAX	64

/* === Rows ================================================================= */

/* What all rows of a list have in common. */
static int compare(const void *a, const void *b)
{
	const struct site_row *x = a, *y = b;
	int order = strcmp(x->id.function, y->id.function);

	if (!order)
		order = x->id.line - y->id.line;
	if (!order && x->helper != y->helper)
		order = x->helper < y->helper ? -1 : 1;
	if (!order && x->address != y->address)
		order = x->address < y->address ? -1 : 1;
	return order;
}

static struct site_row *find_list(const struct sites *s, const struct site_row *like)
{
	struct site_row **node = tfind(like, (void *const *)&s->index, compare);

	return node ? *node : NULL;
}

static struct site_row *add_row(struct sites *s, const struct site_row *like)
{
	struct site_row *row = xmalloc(sizeof(*row)), *list = find_list(s, like);

	*row = *like;
	if (list) {
		row->next = list->next;
		list->next = row;
	} else if (!tsearch(row, &s->index, compare)) {
		no_memory();
	}
	s->all.v = xrealloc(s->all.v, (s->all.nr + 1) * sizeof(*s->all.v));
	s->all.v[s->all.nr++] = row;
	return row;
}

static void add_module(struct site_id *id, const char *name)
{
	size_t i;

	for (i = 0; i < id->nr_modules; i++)
		if (!strcmp(id->modules[i], name))
			return;
	id->modules = xrealloc(id->modules, (id->nr_modules + 1) * sizeof(*id->modules));
	id->modules[id->nr_modules++] = xstrdup(name);
}

/* === The code ============================================================= */

static bool cut_tail(char *name, const char *tail)
{
	size_t len = strlen(name), tail_len = strlen(tail);

	if (len <= tail_len || strcmp(name + len - tail_len, tail))
		return false;
	name[len - tail_len] = '\0';
	return true;
}

/* The module that a file is, as the kernel names it. */
static char *module_of(const struct audit_file *file)
{
	const char *slash = strrchr(file->path, '/');
	char *name, *at;

	if (file->linked)
		return xstrdup(KERNEL);
	name = text_escaped(slash ? slash + 1 : file->path);
	cut_tail(name, ".debug");
	for (at = cut_tail(name, ".ko") ? name : ""; *at; at++)
		if (*at == '-')
			*at = '_';
	return name;
}

static void add_fixed(struct sites *s, const struct audit_site *site)
{
	const struct audit_helper *helper = site->helper;
	struct site_row *row;
	size_t i;

	row = add_row(s, &(struct site_row){
		.helper = helper, .fixed = site,
		.id = {
			.kind = helper->kind, .op = helper->op, .call = helper->call,
			.file = site->source, .function = site->function,
			.line = site->line, .column = site->column,
		},
	});
	for (i = 0; i < site->nr_copies; i++) {
		char *name = module_of(&s->files.v[site->copies[i].file]);

		add_module(&row->id, name);
		free(name);
	}
}

/* === What ran ============================================================= */

static enum audit_kind kind_of(__u8 mapping)
{
	static const enum audit_kind kinds[PKSDIAG_NR_MAP] = {
		[PKSDIAG_MAP_KMAP] = AUDIT_KMAP,
		[PKSDIAG_MAP_KMAP_THREAD] = AUDIT_KMAP_THREAD,
		[PKSDIAG_MAP_KMAP_LOCAL] = AUDIT_KMAP_LOCAL,
		[PKSDIAG_MAP_KMAP_ATOMIC] = AUDIT_KMAP_ATOMIC,
		[PKSDIAG_MAP_DAX] = AUDIT_DAX,
	};

	return kinds[mapping];
}

/* The same file may be named from the top of the source, or from elsewhere. */
static bool same_file(const char *a, const char *b)
{
	size_t len_a = strlen(a), len_b = strlen(b);
	const char *tail = len_a > len_b ? a + len_a - len_b : b + len_b - len_a;

	if (len_a == len_b)
		return !strcmp(a, b);
	return tail[-1] == '/' && !strcmp(tail, len_a > len_b ? b : a);
}

/* Two calls in a line differ by their columns, where these are known. */
static struct site_row *find_row(const struct sites *s, const struct site_row *like)
{
	struct site_row *row, *best = NULL;

	for (row = find_list(s, like); row; row = row->next) {
		if (!same_file(row->id.file, like->id.file))
			continue;
		if (row->id.column == like->id.column)
			return row;
		if (!row->id.column || !like->id.column)
			best = row;
	}
	return best;
}

static void describe(const struct sites *s, const struct site_entry *e,
		     const struct location *loc, const struct site_call *call,
		     struct site_row *like)
{
	const struct frame *frame = call->frame;

	like->helper = call->helper;
	like->id = (struct site_id){
		.kind = call->helper ? call->helper->kind : kind_of(e->s.mapping),
		.op = e->s.unmap ? AUDIT_UNMAP : AUDIT_MAP,
		.call = call->helper ? call->helper->call : NULL,
		.file = frame && frame->file ? frame->file : UNKNOWN,
		.function = loc->symbol ? loc->symbol : UNKNOWN,
		.foreign = s->has_files,
	};
	if (!frame) {
		like->address = site_offset(s, e);
		return;
	}
	like->id.function = frame->function;
	like->id.line = frame->line;
	like->id.column = frame->column;
}

static __u64 max_u64(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

static void add_evidence(struct site_row *row, size_t nr, const struct pksdiag_site *site)
{
	unsigned int i;

	row->entries = xrealloc(row->entries,
				(row->nr_entries + 1) * sizeof(*row->entries));
	row->entries[row->nr_entries++] = nr;
	for (i = 0; i < PKSDIAG_NR_SITE_COUNTERS; i++)
		row->counters[i] += site->counters[i];
	for (i = 0; i < PKSDIAG_NR_VIOL; i++)
		row->violations[i] += site->violations[i];
	row->longest_ns = max_u64(row->longest_ns, site->longest_ns);
	row->max_nest = max_u64(row->max_nest, site->max_nest);
	if (!row->first_ns || site->first_ns < row->first_ns)
		row->first_ns = site->first_ns;
}

static void name_module(struct site_row *row, const struct pksdiag_site *site)
{
	char name[ESCAPED_LEN(PKSDIAG_MODULE_LEN)];

	text_escape(name, site->module, sizeof(site->module));
	add_module(&row->id, *name ? name : KERNEL);
}

/* Of two modules without symbols the same offset may have been used. */
static bool is_elsewhere(const struct site_row *row, const struct sites *s,
			 const struct site_entry *e)
{
	const struct site_entry *first;

	if (!row->address)
		return false;
	first = &s->table->v[row->entries[0]];
	return strncmp(first->s.module, e->s.module, sizeof(e->s.module)) ||
	       first->s.unmap != e->s.unmap || first->s.mapping != e->s.mapping;
}

/* Return: false if it cannot be told which site in the code it is. */
static bool add_entry(struct sites *s, size_t nr, bool *outlined)
{
	const struct site_entry *e = &s->table->v[nr];
	const struct location *loc = site_code(s, e);
	struct site_row like = {}, *row;
	struct site_call call;

	site_find_call(e, loc, &call);
	describe(s, e, loc, &call, &like);
	if (call.outlined)
		outlined[audit_helper_number(call.helper)] = true;
	row = find_row(s, &like);
	while (row && is_elsewhere(row, s, e))
		row = row->next;
	if (!row)
		row = add_row(s, &like);
	add_evidence(row, nr, &e->s);
	name_module(row, &e->s);
	s->row_of[nr] = row;
	return call.frame;
}

/* Are the sites of this module in the files that were given? */
static bool was_given(const struct sites *s, const struct pksdiag_site *site)
{
	char wanted[ESCAPED_LEN(PKSDIAG_MODULE_LEN)];
	bool given = false;
	size_t i;

	text_escape(wanted, site->module, sizeof(site->module));
	for (i = 0; i < s->files.nr && !given; i++) {
		char *name = module_of(&s->files.v[i]);

		given = !strcmp(name, *wanted ? wanted : KERNEL);
		free(name);
	}
	return given;
}

/* Sites that ran where the files that were given have none: some of these ran, too. */
static void say_lost(const struct sites *s, size_t unresolved, size_t astray)
{
	if (unresolved)
		pr_err("%s: of %zu call sites that ran the source line is not known: what is called never-run may have run (%s)",
		       s->view->src.name, unresolved, symbols_quality(s->view->sym));
	if (astray)
		pr_warn("%s: %zu call sites that ran are not where the files given have one (the jump at the end of a function tells its caller): what is called never-run may have run",
			s->view->src.name, astray);
}

static int by_index(const void *nr, const void *entry)
{
	const __u32 *x = nr;
	const struct site_entry *y = entry;

	return (*x > y->nr) - (*x < y->nr);
}

/* A violation of a site that is damaged, or had just run, is nobody's. */
static void add_violation(struct sites *s, size_t nr)
{
	const struct site_table *t = s->table;
	const struct site_entry *e = NULL;
	struct site_row *row;

	if (t->nr)
		e = bsearch(&t->viol[nr].site, t->v, t->nr, sizeof(*t->v), by_index);
	if (!e)
		return;
	row = s->row_of[e - t->v];
	row->found = xrealloc(row->found, (row->nr_found + 1) * sizeof(*row->found));
	row->found[row->nr_found++] = nr;
}

/**
 * sites_join - put together what is in the code and what ran
 * @s: the sites; gets @s->all and @s->row_of
 */
void sites_join(struct sites *s)
{
	bool outlined[HELPERS_MAX] = {};
	size_t i, unresolved = 0, astray = 0;

	sites_check_modules(s);
	for (i = 0; i < s->fixed.nr; i++)
		add_fixed(s, s->fixed.v[i]);
	s->row_of = xmalloc(s->table->nr * sizeof(*s->row_of));
	for (i = 0; i < s->table->nr; i++) {
		bool resolved = add_entry(s, i, outlined);

		if (!s->row_of[i]->id.foreign || !was_given(s, &s->table->v[i].s))
			continue;
		unresolved += !resolved;
		astray += resolved;
	}
	for (i = 0; i < s->table->nr_viol; i++)
		add_violation(s, i);
	for (i = 0; i < s->all.nr; i++)
		site_judge(s->all.v[i], outlined);
	say_lost(s, unresolved, astray);
}

static void keep(void *row)
{
	(void)row;
}

/**
 * sites_join_free - free the sites
 * @s: what sites_join() was called with
 */
void sites_join_free(struct sites *s)
{
	size_t i, j;

	tdestroy(s->index, keep);
	for (i = 0; i < s->all.nr; i++) {
		struct site_row *row = s->all.v[i];

		for (j = 0; j < row->id.nr_modules; j++)
			free((char *)row->id.modules[j]);
		free(row->id.modules);
		free(row->entries);
		free(row->found);
		free(row);
	}
	free(s->all.v);
	free(s->row_of);
}
