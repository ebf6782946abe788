// SPDX-License-Identifier: GPL-2.0
/* audit-evidence: a compilation unit. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "audit_evidence.h"
#include "audit_kinds.h"
#include "audit_lines.h"
#include "dwarf_names.h"
#include "dwarf_scopes.h"
#include "util.h"

/* Deeper nesting than this is damage. */
#define DEPTH_MAX	128

/**
 * struct code_span - code of a function that maps or unmaps
 * @begin: its first byte
 * @end: the byte behind it
 */
struct code_span {
	Dwarf_Addr begin;
	Dwarf_Addr end;
};

/**
 * struct file_source - a file of the unit of which something is asked
 * @file: its name, as the unit has it: libdw has one string for a file of a unit
 * @source: the source
 */
struct file_source {
	const char *file;
	struct evidence_source *source;
};

/**
 * struct reading - a unit that is read
 * @e: what is asked
 * @cu: its first entry
 * @lines: its source files
 * @sources: those of which something is asked
 * @nr_sources: how many
 * @helpers: code of functions that map and unmap
 * @nr_helpers: how many
 */
struct reading {
	struct evidence *e;
	Dwarf_Die *cu;
	struct audit_lines lines;
	struct file_source *sources;
	size_t nr_sources;
	struct code_span *helpers;
	size_t nr_helpers;
};

static bool in_span(const struct lines_span *span, int line)
{
	return span->first <= line && line <= span->last;
}

/* === Its files ============================================================ */

static int by_base(const void *base, const void *source)
{
	return strcmp(base, ((const struct evidence_source *)source)->base);
}

/* Several sources may have the same last part of their names. */
static struct evidence_source *source_of(struct reading *r, const char *file)
{
	struct evidence_source *end = r->e->v + r->e->nr, *found = NULL;
	const char *base = path_base(file);
	struct evidence_source *at = bsearch(base, r->e->v, r->e->nr, sizeof(*at), by_base);
	char *name = at ? audit_lines_file(&r->lines, file) : NULL;

	while (at && at > r->e->v && !strcmp(at[-1].base, base))
		at--;
	for (; at && at < end && !found && !strcmp(at->base, base); at++)
		if (!strcmp(at->name, name))
			found = at;
	free(name);
	return found;
}

/* Return: is anything asked of any of its files? */
static bool find_sources(struct reading *r)
{
	bool asked = false;
	Dwarf_Files *files;
	size_t nr, i;

	if (dwarf_getsrcfiles(r->cu, &files, &nr))
		return false;
	for (i = 0; i < nr; i++) {
		const char *file = dwarf_filesrc(files, i, NULL, NULL);
		struct evidence_source *source = file ? source_of(r, file) : NULL;

		if (!source)
			continue;
		source->seen = true;
		asked = asked || source->nr;
		r->sources = xrealloc(r->sources,
				      (r->nr_sources + 1) * sizeof(*r->sources));
		r->sources[r->nr_sources++] = (struct file_source){ file, source };
	}
	return asked;
}

static struct evidence_source *known_source(const struct reading *r, const char *file)
{
	size_t i;

	for (i = 0; i < r->nr_sources; i++)
		if (r->sources[i].file == file)
			return r->sources[i].source;
	return NULL;
}

/* === What should have been found ========================================== */

static char *where(const struct reading *r, Dwarf_Addr pc)
{
	return xasprintf("%s+%#llx", path_base(r->e->object), (unsigned long long)pc);
}

static void set_missed(const struct reading *r, struct question *q, Dwarf_Addr pc)
{
	if (!q->missed)
		q->missed = where(r, pc);
}

static bool is_listed(const struct evidence_source *source, int line, int column,
		      const char *call)
{
	size_t i;

	for (i = 0; i < source->nr_sites; i++) {
		const struct listed_site *site = &source->sites[i];

		if (site->line == line && (!site->column || site->column == column) &&
		    !strcmp(site->helper, call))
			return true;
	}
	return false;
}

/* Return: is what is called in this line listed? If not, it may answer a question. */
static bool check_listed(const struct reading *r, struct evidence_source *source, int line,
			 int column, const struct audit_helper *helper, Dwarf_Addr pc)
{
	size_t i;

	if (!source || is_listed(source, line, column, helper->call))
		return true;
	for (i = 0; i < source->nr; i++) {
		struct question *q = &source->questions[i];

		if (in_span(&q->statement, line) && !strcmp(q->helper, helper->call))
			set_missed(r, q, pc);
	}
	return false;
}

/* === Its functions ======================================================== */

/* Called for each question of a call that is written in a function. */
typedef void (*answer_fn)(const struct reading *r, struct question *q, Dwarf_Addr pc);

static void of_function(const struct reading *r, Dwarf_Die *die, answer_fn answer,
			Dwarf_Addr pc)
{
	struct evidence_source *source = known_source(r, dwarf_decl_file(die));
	size_t i;
	int line;

	if (!source || dwarf_decl_line(die, &line))
		return;
	for (i = 0; i < source->nr; i++)
		if (in_span(&source->questions[i].head, line))
			answer(r, &source->questions[i], pc);
}

static void set_known(const struct reading *r, struct question *q, Dwarf_Addr pc)
{
	(void)r;
	(void)pc;
	q->known = true;
}

static void set_emitted(const struct reading *r, struct question *q, Dwarf_Addr pc)
{
	set_known(r, q, pc);
	q->emitted = true;
}

static void set_inlined(const struct reading *r, struct question *q, Dwarf_Addr pc)
{
	set_known(r, q, pc);
	q->inlined = true;
}

/* Return: is an entry of a function that maps or unmaps listed? */
static bool check_inlined(const struct reading *r, Dwarf_Die *die,
			  const struct audit_helper *helper)
{
	Dwarf_Word file = dwarf_die_number(die, DW_AT_call_file);
	Dwarf_Files *files;
	Dwarf_Addr pc;
	size_t nr;

	if (dwarf_tag(die) != DW_TAG_inlined_subroutine ||
	    dwarf_getsrcfiles(r->cu, &files, &nr) || file >= nr)
		return true;
	if (dwarf_entrypc(die, &pc) && dwarf_lowpc(die, &pc))
		pc = 0;
	return check_listed(r, known_source(r, dwarf_filesrc(files, file, NULL, NULL)),
			    dwarf_die_number(die, DW_AT_call_line),
			    dwarf_die_number(die, DW_AT_call_column), helper, pc);
}

static void add_span(struct reading *r, Dwarf_Addr begin, Dwarf_Addr end)
{
	r->helpers = xrealloc(r->helpers, (r->nr_helpers + 1) * sizeof(*r->helpers));
	r->helpers[r->nr_helpers++] = (struct code_span){ begin, end };
}

/*
 * An instruction that has no line, where an entry begins that has none there, is in the
 * line of that: the byte where an entry begins is its own.
 */
static void add_helper(struct reading *r, Dwarf_Die *die,
		       const struct audit_helper *helper)
{
	Dwarf_Addr base, begin, end, pc;
	ptrdiff_t at = 0;

	if (!dwarf_entrypc(die, &pc))
		add_span(r, pc, pc + 1);
	while ((at = dwarf_ranges(die, at, &base, &begin, &end)) > 0) {
		add_span(r, begin, end);
		if (begin < end)
			r->e->has_code[audit_helper_number(helper)] = true;
	}
}

static void visit(struct reading *r, Dwarf_Die *parent, int depth);

static void visit_function(struct reading *r, Dwarf_Die *die, int depth,
			   answer_fn answer)
{
	const struct audit_helper *helper = audit_helper(dwarf_diename(die));

	if (helper) {
		if (check_inlined(r, die, helper))
			add_helper(r, die, helper);
		return;
	}
	of_function(r, die, answer, 0);
	visit(r, die, depth + 1);
}

static bool has_code(Dwarf_Die *die)
{
	Dwarf_Addr base, begin, end;

	return dwarf_ranges(die, 0, &base, &begin, &end) > 0;
}

static void visit(struct reading *r, Dwarf_Die *parent, int depth)
{
	Dwarf_Off last = dwarf_dieoffset(parent);
	Dwarf_Die die;
	int more;

	if (depth > DEPTH_MAX)
		return;
	for (more = dwarf_child(parent, &die); !more && dwarf_dieoffset(&die) > last;
	     more = dwarf_siblingof(&die, &die)) {
		last = dwarf_dieoffset(&die);
		switch (dwarf_tag(&die)) {
		case DW_TAG_inlined_subroutine:
			visit_function(r, &die, depth, set_inlined);
			break;
		case DW_TAG_subprogram:
			if (!dwarf_hasattr(&die, DW_AT_declaration))
				visit_function(r, &die, depth, has_code(&die) ?
					       set_emitted : set_known);
			break;
		case DW_TAG_lexical_block:
			visit(r, &die, depth + 1);
			break;
		}
	}
}

/* === Its line table ======================================================= */

static bool in_helper(const struct reading *r, Dwarf_Addr pc)
{
	size_t i;

	for (i = 0; i < r->nr_helpers; i++)
		if (r->helpers[i].begin <= pc && pc < r->helpers[i].end)
			return true;
	return false;
}

/* Code of a function that maps or unmaps, but in no entry of one. */
static void take_stray(struct reading *r, Dwarf_Addr pc)
{
	struct dwarf_scopes scopes;
	int i;

	dwarf_scopes_at(r->cu, pc, &scopes);
	for (i = 0; i < scopes.nr; i++)
		of_function(r, &scopes.die[i], set_missed, pc);
}

static void take_row(struct reading *r, struct evidence_source *source, int line,
		     Dwarf_Addr pc, bool code)
{
	size_t i;

	for (i = 0; i < source->nr; i++) {
		struct question *q = &source->questions[i];

		q->rows += in_span(&q->call, line);
		if (!code || !in_span(&q->statement, line))
			continue;
		q->code++;
		if (!q->where)
			q->where = where(r, pc);
	}
	for (i = 0; code && i < source->nr_bodies; i++)
		if (in_span(&source->bodies[i], line) && !in_helper(r, pc))
			take_stray(r, pc);
}

static void read_rows(struct reading *r)
{
	struct evidence_source *source = NULL;
	Dwarf_Addr pc, next;
	const char *file = NULL;
	Dwarf_Lines *rows;
	size_t nr, i;

	if (dwarf_getsrclines(r->cu, &rows, &nr))
		return;
	for (i = 0; i + 1 < nr; i++) {
		Dwarf_Line *row = dwarf_onesrcline(rows, i);
		const char *of = dwarf_linesrc(row, NULL, NULL);
		bool ends;
		int line;

		if (of != file) {
			file = of;
			source = known_source(r, file);
		}
		if (!source || dwarf_lineendsequence(row, &ends) || ends ||
		    dwarf_lineno(row, &line) || dwarf_lineaddr(row, &pc) ||
		    dwarf_lineaddr(dwarf_onesrcline(rows, i + 1), &next))
			continue;
		take_row(r, source, line, pc, next > pc);
	}
}

/**
 * audit_evidence_unit - look for answers in a unit
 * @e: what is asked, and the answers
 * @cu: the first entry of the unit
 */
void audit_evidence_unit(struct evidence *e, Dwarf_Die *cu)
{
	struct reading r = { .e = e, .cu = cu };

	audit_lines_init(&r.lines, cu);
	if (find_sources(&r)) {
		visit(&r, cu, 0);
		read_rows(&r);
	}
	audit_lines_free(&r.lines);
	free(r.sources);
	free(r.helpers);
}

/**
 * audit_evidence_call - look whether a call in the code of a unit is listed
 * @e: what is asked, and the answers
 * @cu: the first entry of the unit
 * @call: the call
 */
void audit_evidence_call(struct evidence *e, Dwarf_Die *cu,
			 const struct audit_call *call)
{
	struct reading r = { .e = e, .cu = cu };
	Dwarf_Line *row = dwarf_getsrc_die(cu, call->after - 1);
	int line, column;

	e->has_code[audit_helper_number(call->helper)] = true;
	audit_lines_init(&r.lines, cu);
	if (row && !dwarf_lineno(row, &line) && !dwarf_linecol(row, &column) &&
	    find_sources(&r))
		check_listed(&r, known_source(&r, dwarf_linesrc(row, NULL, NULL)), line,
			     column, call->helper, call->after);
	audit_lines_free(&r.lines);
	free(r.sources);
}
