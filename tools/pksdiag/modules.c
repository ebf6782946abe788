// SPDX-License-Identifier: GPL-2.0
/*
 * The modules of all records, and where their files may be. Nothing is opened
 * before code of a module is asked for.
 */
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kallsyms.h"
#include "module_file.h"
#include "modules.h"
#include "util.h"

/**
 * struct module - a module of a record
 * @next: the next one
 * @name: its name
 * @shown: the name, printable
 * @base: where its text begins
 * @size: bytes of that text
 * @file: its file; @file.path is NULL if there is none
 * @kallsyms: else its functions
 */
struct module {
	struct module *next;
	char name[PKSDIAG_MODULE_LEN + 1];
	char shown[ESCAPED_LEN(PKSDIAG_MODULE_LEN)];
	__u64 base;
	__u64 size;
	struct module_file file;
	struct kallsyms kallsyms;
};

/**
 * struct search - looks for the file of a module
 * @ms: the modules
 * @m: the module
 * @r: the record that it is from
 */
struct search {
	const struct modules *ms;
	struct module *m;
	const struct pksdiag_record *r;
};

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool open_file(const struct search *s, const char *path)
{
	s->m->file.elf.debug_dir = s->ms->debug_dir;
	return module_file_open(&s->m->file, path, s->r, s->ms->lines);
}

/* Look at one file or directory; @depth: how far below @dir. */
static bool try_entry(const struct search *s, FTS *fts, FTSENT *entry,
		      int depth)
{
	if (entry->fts_info == FTS_D && entry->fts_level >= depth)
		fts_set(fts, entry, FTS_SKIP);
	if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_NS)
		pr_warn("%s: cannot read: %s", entry->fts_path,
			strerror(entry->fts_errno));
	if (entry->fts_info != FTS_F && entry->fts_info != FTS_SL)
		return false;
	return module_file_is_of(entry->fts_name, s->m->name) &&
	       open_file(s, entry->fts_path);
}

/* @depth: 1 for the directory only. */
static bool search_dir(const struct search *s, const char *dir, int depth)
{
	char *const dirs[] = { (char *)dir, NULL };
	FTS *fts = fts_open(dirs, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
			    by_name);
	bool found = false;
	FTSENT *entry;

	while (fts && !found && (entry = fts_read(fts)))
		found = try_entry(s, fts, entry, depth);
	if (fts)
		fts_close(fts);
	return found;
}

static bool search_beside(const struct search *s, const char *vmlinux)
{
	char *dir = xstrdup(vmlinux);
	char *slash = strrchr(dir, '/');
	bool found;

	if (slash)
		slash[slash == dir] = '\0';
	found = search_dir(s, slash ? dir : ".", 1);
	free(dir);
	return found;
}

static bool search_running(const struct search *s)
{
	char *dir = xasprintf("/lib/modules/%s", s->ms->release);
	bool found = !access(dir, X_OK) && search_dir(s, dir, INT_MAX);

	free(dir);
	return found;
}

static bool search_files(const struct search *s)
{
	size_t i;

	for (i = 0; i < s->ms->nr_files; i++) {
		const char *path = s->ms->files[i], *slash = strrchr(path, '/');

		if (module_file_is_of(slash ? slash + 1 : path, s->m->name) &&
		    open_file(s, path))
			return true;
	}
	return false;
}

static void find_names(const struct search *s)
{
	const struct modules *ms = s->ms;
	struct module *m = s->m;

	if (search_files(s))
		return;
	if (ms->dir && search_dir(s, ms->dir, INT_MAX))
		return;
	if (ms->debug_dir && search_dir(s, ms->debug_dir, INT_MAX))
		return;
	if (ms->vmlinux && search_beside(s, ms->vmlinux))
		return;
	if (*ms->release && !search_running(s))
		kallsyms_open(&m->kallsyms, m->name, m->base, m->size);
}

static bool is_of(const struct module *m, const struct pksdiag_record *r)
{
	return m->base == r->module_base && m->size == r->module_size &&
	       !strncmp(m->name, r->module, sizeof(r->module));
}

/**
 * modules_get - the module of a record
 * @ms: the modules
 * @r: a record with PKSDIAG_F_MODULE
 *
 * Return: the module; valid until modules_close().
 */
struct module *modules_get(struct modules *ms, const struct pksdiag_record *r)
{
	struct module *m;

	for (m = ms->list; m; m = m->next)
		if (is_of(m, r))
			return m;
	m = xmalloc(sizeof(*m));
	memcpy(m->name, r->module, sizeof(r->module));
	text_escape(m->shown, r->module, sizeof(r->module));
	m->base = r->module_base;
	m->size = r->module_size;
	find_names(&(struct search){ ms, m, r });
	m->next = ms->list;
	ms->list = m;
	return m;
}

/**
 * module_check - is the file that was found that of another record's module, too
 * @m: the module
 * @r: a record of it
 *
 * If not, that is said, and there is no file. Nothing of it may be in use yet.
 */
void module_check(struct module *m, const struct pksdiag_record *r)
{
	if (m->file.path && !module_file_fits(&m->file, r))
		module_file_close(&m->file);
}

/**
 * modules_close - free everything
 * @ms: the modules
 */
void modules_close(struct modules *ms)
{
	struct module *m;

	while ((m = ms->list)) {
		ms->list = m->next;
		module_file_close(&m->file);
		kallsyms_close(&m->kallsyms);
		free(m);
	}
}

/**
 * module_find - what is known about code of a module
 * @m: the module
 * @address: at run time
 * @is_return: a return address
 * @loc: out
 */
void module_find(struct module *m, __u64 address, bool is_return,
		 struct location *loc)
{
	__u64 offset = address - m->base;

	if (m->file.path)
		module_file_find(&m->file, offset, is_return, loc);
	else
		kallsyms_find(&m->kallsyms, offset, is_return, loc);
	if (loc->symbol)
		loc->module = m->shown;
}

/**
 * module_maps - does a function of a module map memory
 * @m: the module
 * @address: of some code in it, at run time
 * @loc: what module_find() says of that
 * @after: set to the run-time address behind the first call that maps
 *
 * Return: the answer; @after is set only if it is MAP_CALLS_SOME.
 */
enum map_calls module_maps(struct module *m, __u64 address,
			   const struct location *loc, __u64 *after)
{
	enum map_calls found;

	if (!m->file.path || !loc->symbol)
		return MAP_CALLS_UNKNOWN;
	found = module_file_maps(&m->file, address - m->base, loc, after);
	if (found == MAP_CALLS_SOME)
		*after += m->base;
	return found;
}

/**
 * module_put_quality - print what the names of a module's code are based on
 * @out: where to
 * @m: the module
 */
void module_put_quality(FILE *out, const struct module *m)
{
	if (m->file.path)
		fprintf(out, "%s by %s", m->file.has_dwarf ?
			"symbols and lines" : "ELF symbols only",
			m->file.path);
	else if (m->kallsyms.nr)
		fputs("symbols only, by /proc/kallsyms", out);
	else
		fprintf(out, "raw addresses only: no usable %s.ko (--module-dir DIR)",
			m->shown);
}
