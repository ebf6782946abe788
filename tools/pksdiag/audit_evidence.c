// SPDX-License-Identifier: GPL-2.0
/*
 * audit-evidence FILE...: what the debug info of vmlinux and modules tells of calls that
 * pksdiag audit has not found, for scripts/audit-recall. Lines on stdin, with tabs:
 *
 *	? SOURCE CALL FIRST LAST FIRST LAST FIRST LAST
 *		a question: of what is called there; lines of the call, of its statement,
 *		and of the head of its function
 *	+ SOURCE CALL LINE COLUMN
 *		a site that is listed, or left out by intention; column 0: any
 *	= SOURCE NAME FIRST LAST
 *		a function that maps or unmaps is defined there
 *
 * For each question a line is printed, in their order: is the source in a unit, is the
 * function known, has it code, is it inlined (0 or 1); rows of the call's lines in line
 * tables; rows of the statement's that have an instruction; where, and code that should be
 * listed and is not, see &struct question ("-": there is none); has what is called code
 * anywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "audit_evidence.h"
#include "audit_kinds.h"
#include "dwfl_file.h"
#include "util.h"

/**
 * path_base - the last part of a name
 * @path: the name
 *
 * Return: where it begins.
 */
const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int by_base(const void *a, const void *b)
{
	const struct evidence_source *x = a, *y = b;

	return strcmp(x->base, y->base);
}

static struct evidence_source *source_named(struct evidence *e, const char *name)
{
	size_t i;

	for (i = 0; i < e->nr; i++)
		if (!strcmp(e->v[i].name, name))
			return &e->v[i];
	e->v = xrealloc(e->v, (e->nr + 1) * sizeof(*e->v));
	e->v[e->nr] = (struct evidence_source){ .name = xstrdup(name) };
	e->v[e->nr].base = path_base(e->v[e->nr].name);
	return &e->v[e->nr++];
}

static void ask(struct evidence_source *source, const struct question *q)
{
	source->questions = xrealloc(source->questions,
				     (source->nr + 1) * sizeof(*source->questions));
	source->questions[source->nr++] = *q;
}

static void add_body(struct evidence_source *source, const struct lines_span *body)
{
	source->bodies = xrealloc(source->bodies,
				  (source->nr_bodies + 1) * sizeof(*source->bodies));
	source->bodies[source->nr_bodies++] = *body;
}

static void add_site(struct evidence_source *source, const char *helper, int line,
		     int column)
{
	source->sites = xrealloc(source->sites,
				 (source->nr_sites + 1) * sizeof(*source->sites));
	source->sites[source->nr_sites++] = (struct listed_site){
		xstrdup(helper), line, column,
	};
}

/* Return: how many questions there are, or -1 if a line is none. */
static int read_questions(struct evidence *e, FILE *in)
{
	char *line = NULL, name[4096], helper[64], what;
	size_t room = 0;
	int nr = 0;

	while (getline(&line, &room, in) > 0) {
		struct question q = { .number = nr };
		int got = sscanf(line, "%c\t%4095[^\t]\t%63[^\t]\t%d\t%d\t%d\t%d\t%d\t%d",
				 &what, name, helper, &q.call.first, &q.call.last,
				 &q.statement.first, &q.statement.last,
				 &q.head.first, &q.head.last);

		if (got == 9 && what == '?') {
			q.helper = xstrdup(helper);
			ask(source_named(e, name), &q);
			nr++;
		} else if (got == 5 && what == '+') {
			add_site(source_named(e, name), helper, q.call.first,
				 q.call.last);
		} else if (got == 5 && what == '=') {
			add_body(source_named(e, name), &q.call);
		} else {
			nr = -1;
			break;
		}
	}
	free(line);
	if (e->nr)
		qsort(e->v, e->nr, sizeof(*e->v), by_base);
	return nr;
}

static void read_calls(struct evidence *e, Dwarf *dwarf, Elf *elf)
{
	struct audit_calls calls = {};
	Dwarf_Die cu;
	size_t i;

	audit_code(elf, &calls);
	for (i = 0; i < calls.nr; i++)
		if (dwarf_addrdie(dwarf, calls.v[i].after - 1, &cu))
			audit_evidence_call(e, &cu, &calls.v[i]);
	free(calls.v);
}

static bool read_object(struct evidence *e, const char *path)
{
	struct dwfl_file file = {};
	Dwarf *dwarf = NULL;
	Dwarf_CU *unit = NULL;
	Dwarf_Addr bias;
	Dwarf_Die cu;
	Elf *elf;

	e->object = path;
	if (dwfl_file_open(&file, path, 0))
		dwarf = dwfl_module_getdwarf(file.mod, &bias);
	if (!dwarf)
		pr_err("%s: no debug info: %s", path, dwfl_errmsg(-1));
	while (dwarf && !dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &cu, NULL))
		audit_evidence_unit(e, &cu);
	elf = dwarf ? dwfl_module_getelf(file.mod, &bias) : NULL;
	if (elf)
		read_calls(e, dwarf, elf);
	dwfl_file_close(&file);
	return dwarf;
}

static bool has_code(const struct evidence *e, const char *name)
{
	const struct audit_helper *helper;
	size_t i;

	for (i = 0; (helper = audit_helper_at(i)); i++)
		if (e->has_code[i] && !strcmp(helper->call, name))
			return true;
	return false;
}

static void put_answer(const struct evidence *e, const struct evidence_source *source,
		       const struct question *q)
{
	printf("%d\t%d\t%d\t%d\t%zu\t%zu\t%s\t%s\t%d\n", source->seen, q->known,
	       q->emitted, q->inlined, q->rows, q->code, q->where ? q->where : "-",
	       q->missed ? q->missed : "-", has_code(e, q->helper));
}

static void put_answer_to(const struct evidence *e, int number)
{
	size_t i, j;

	for (i = 0; i < e->nr; i++)
		for (j = 0; j < e->v[i].nr; j++)
			if (e->v[i].questions[j].number == number)
				put_answer(e, &e->v[i], &e->v[i].questions[j]);
}

static bool *no_code(void)
{
	size_t nr = 0;

	while (audit_helper_at(nr))
		nr++;
	return memset(xmalloc(nr * sizeof(bool)), 0, nr * sizeof(bool));
}

int main(int argc, char **argv)
{
	struct evidence e = {};
	int nr = read_questions(&e, stdin);
	bool whole = true;
	int i;

	if (nr < 0 || argc < 2) {
		pr_err("this is for scripts/audit-recall, which has a --help");
		return EXIT_USAGE;
	}
	e.has_code = no_code();
	for (i = 1; i < argc; i++)
		whole = read_object(&e, argv[i]) && whole;
	for (i = 0; i < nr; i++)
		put_answer_to(&e, i);
	return whole ? EXIT_SUCCESS : EXIT_ERROR;
}
