// SPDX-License-Identifier: GPL-2.0
/* pksdiag audit: every place that maps or unmaps pages, by debug info. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "audit_workers.h"
#include "cmd.h"
#include "util.h"

#define ROW "%-12s %-20s %-44s "

static const char *plural(size_t nr)
{
	return nr == 1 ? "" : "s";
}

/* The answer: how many, where, of which family. */
static void put_summary(const struct audit_counts *c)
{
	const char *separator = ": ";
	int kind;

	printf("%zu site%s in %zu function%s of %zu file%s", c->sites, plural(c->sites),
	       c->functions, plural(c->functions), c->sources, plural(c->sources));
	for (kind = 0; kind < AUDIT_NR_KINDS; kind++) {
		if (!c->of[kind])
			continue;
		printf("%s%zu %s", separator, c->of[kind], audit_kind_name(kind));
		separator = ", ";
	}
	putchar('\n');
}

/* The functions that the first copy is inlined into, and how many others there are. */
static void put_function(const struct audit_site *site)
{
	char *text = xstrdup(site->copies[0].chain), *left = text;
	struct frame frame;

	fputs(site->function, stdout);
	while (audit_chain_next(&left, &frame))
		printf(" < %s", frame.function);
	free(text);
	if (site->nr_copies > 1)
		printf(" (+%zu)", site->nr_copies - 1);
	putchar('\n');
}

static void put_site(const struct audit_site *site)
{
	char *where = xasprintf("%s:%d", site->source, site->line);

	printf(ROW, audit_kind_name(site->helper->kind), site->helper->call, where);
	put_function(site);
	free(where);
}

static void audit_text(const struct audit *a)
{
	size_t i;

	put_summary(&a->counts);
	if (!a->sites.nr)
		return;
	printf(ROW "%s\n", "KIND", "CALL", "WHERE", "FUNCTION");
	for (i = 0; i < a->sites.nr; i++)
		put_site(a->sites.v[i]);
}

/**
 * cmd_audit - pksdiag audit
 * @opt: the options
 * @argc: at least 1
 * @argv: files and directories
 *
 * Return: an exit code.
 */
int cmd_audit(const struct options *opt, int argc, char **argv)
{
	struct audit a = {};

	if (!argc)
		return usage_error("audit needs a vmlinux, a module, or a directory of them");
	audit_files_find(&a.files, argc, argv);
	if (!a.files.nr)
		return EXIT_ERROR;
	audit_workers_run(&a.files, opt->debug_dir, &a.sites);
	audit_sites_sort(&a.sites);
	audit_sites_count(&a.sites, &a.counts);
	if (opt->json)
		audit_json(&a);
	else
		audit_text(&a);
	audit_files_say_wrong(&a.files, argc, argv);
	audit_sites_free(&a.sites);
	audit_files_free(&a.files);
	return EXIT_SUCCESS;
}
