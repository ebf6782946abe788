// SPDX-License-Identifier: GPL-2.0
/*
 * pksdiag sites: every place in the code that maps or unmaps pages, and what the kernel
 * saw it do.
 */
#include <stdlib.h>
#include <string.h>

#include "audit_workers.h"
#include "cmd.h"
#include "sites.h"
#include "util.h"

/* The files that the user named; a vmlinux for the symbols will do. */
static bool find_files(struct sites *s, const struct options *opt, int argc, char **argv)
{
	char *vmlinux = (char *)opt->vmlinux;

	if (argc)
		audit_files_find(&s->files, argc, argv);
	else if (vmlinux)
		audit_files_find(&s->files, 1, &vmlinux);
	s->has_files = s->files.nr;
	return s->files.nr || (!argc && !vmlinux);
}

/* What names modules by a directory will do to find them there, too. */
static const char *first_dir(const struct audit_files *files)
{
	size_t i;

	for (i = 0; i < files->nr; i++)
		if (files->v[i].dir)
			return files->v[i].dir;
	return NULL;
}

static const char **paths_of(const struct audit_files *files)
{
	const char **paths = xmalloc(files->nr * sizeof(*paths));
	size_t i;

	for (i = 0; i < files->nr; i++)
		paths[i] = files->v[i].path;
	return paths;
}

/* What --fail-on names; with --baseline only what was not so before. */
static bool any_change_fails(const struct site_diff *diff, unsigned int bits)
{
	size_t i;

	for (i = 0; i < diff->nr; i++) {
		const struct site_change *change = &diff->v[i];
		unsigned int before = change->was ? site_bits(change->was) : 0;

		if (change->is && (site_bits(&change->is->id) & ~before & bits))
			return true;
	}
	return false;
}

static bool any_fails(const struct sites *s, unsigned int bits)
{
	size_t i;

	if (s->view->opt->baseline)
		return any_change_fails(&s->diff, bits);
	for (i = 0; i < s->shown.nr; i++)
		if (site_bits(&s->shown.v[i]->id) & bits)
			return true;
	return false;
}

static void show(struct sites *s, const struct options *opt)
{
	sites_select(s);
	sites_sort(&s->shown, opt->sort);
	if (opt->cull)
		sites_cull(&s->shown, opt->cull, opt->sort, &s->groups);
	if (opt->baseline)
		sites_compare(s);
	if (opt->json)
		sites_json(s);
	else
		sites_text(s);
}

static int run(struct sites *s, const struct options *opt, unsigned int fail_on)
{
	struct view v = {};
	int ret = EXIT_ERROR;

	if (!view_open(&v, opt)) {
		s->view = &v;
		s->table = &v.src.sites;
		audit_workers_run(&s->files, opt->debug_dir, &s->fixed);
		audit_sites_sort(&s->fixed);
		sites_join(s);
		show(s, opt);
		ret = any_fails(s, fail_on) ? EXIT_FOUND : EXIT_SUCCESS;
		sites_groups_free(&s->groups);
		sites_join_free(s);
		free(s->shown.v);
		free(s->diff.v);
	}
	view_close(&v);
	return ret;
}

static int run_with_files(const struct options *opt, unsigned int fail_on, int argc,
			  char **argv, struct sites *s)
{
	struct options with = *opt;
	const char **paths;
	int ret;

	if (!find_files(s, opt, argc, argv))
		return EXIT_ERROR;
	if (opt->baseline && !sites_past_read(&s->past, opt->baseline))
		return EXIT_ERROR;
	paths = paths_of(&s->files);
	with.files = paths;
	with.nr_files = s->files.nr;
	with.sites = true;
	if (!with.module_dir)
		with.module_dir = first_dir(&s->files);
	ret = run(s, &with, fail_on);
	audit_files_say_wrong(&s->files, argc, argv);
	free(paths);
	return ret;
}

/**
 * cmd_sites - pksdiag sites [VMLINUX|MODULE|DIR...]
 * @opt: the options
 * @argc: may be 0
 * @argv: files and directories
 *
 * Return: an exit code.
 */
int cmd_sites(const struct options *opt, int argc, char **argv)
{
	struct sites s = {};
	unsigned int fail_on;
	int ret = EXIT_USAGE;

	if (opt->capture) {
		pr_err("%s: a capture file has records only, no call sites: read the running kernel, a crash dump by --vmcore, or what sites --json wrote by --evidence",
		       opt->capture);
		return EXIT_ERROR;
	}
	if (opt->cull && opt->baseline)
		return usage_error("--cull or --baseline, not both");
	if (site_filter_parse(&s.filter, opt) && site_order_check(opt) &&
	    site_bits_parse("--fail-on", opt->fail_on, &fail_on))
		ret = run_with_files(opt, fail_on, argc, argv, &s);
	site_filter_free(&s.filter);
	sites_past_free(&s.past);
	audit_sites_free(&s.fixed);
	audit_files_free(&s.files);
	return ret;
}
