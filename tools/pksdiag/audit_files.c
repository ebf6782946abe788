// SPDX-License-Identifier: GPL-2.0
/* The files that are audited: those that are named, and kernels in directories. */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit_files.h"
#include "util.h"

static void add(struct audit_files *files, const char *path, const char *dir,
		const struct stat *st)
{
	struct audit_file *file;

	files->v = xrealloc(files->v, (files->nr + 1) * sizeof(*files->v));
	file = &files->v[files->nr++];
	*file = (struct audit_file){
		.path = xstrdup(path), .dir = dir, .size = st->st_size,
		.dev = st->st_dev, .ino = st->st_ino,
	};
}

static bool ends_in(const char *name, const char *tail)
{
	size_t len = strlen(name), tail_len = strlen(tail);

	return len > tail_len && !strcmp(name + len - tail_len, tail);
}

/* A build has vmlinux.o and vmlinux.lds, too; distributions have vmlinux-RELEASE. */
static bool is_kernel(const char *name)
{
	static const char vmlinux[] = "vmlinux";

	if (ends_in(name, ".ko") || ends_in(name, ".ko.debug"))
		return true;
	if (strncmp(name, vmlinux, strlen(vmlinux)))
		return false;
	name += strlen(vmlinux);
	return !*name || *name == '-' || !strcmp(name, ".debug");
}

/* Return: false if it cannot be read. */
static bool try_entry(struct audit_files *files, const FTSENT *entry, const char *dir)
{
	switch (entry->fts_info) {
	case FTS_F:
		if (is_kernel(entry->fts_name))
			add(files, entry->fts_path, dir, entry->fts_statp);
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		pr_err("%s: cannot read: %s", entry->fts_path, strerror(entry->fts_errno));
		return false;
	}
	return true;
}

static void find_in(struct audit_files *files, char *dir)
{
	char * const dirs[] = { dir, NULL };
	FTS *fts = fts_open(dirs, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	size_t before = files->nr;
	bool whole = true;
	FTSENT *entry;

	if (!fts) {
		pr_err("%s: cannot read: %s", dir, strerror(errno));
		return;
	}
	while ((entry = fts_read(fts)))
		whole = try_entry(files, entry, dir) && whole;
	fts_close(fts);
	if (files->nr == before && whole)
		pr_err("%s: has no vmlinux and no module (*.ko) in it", dir);
}

/* The same file may have been found twice: which one is named is kept. */
static int by_inode(const void *a, const void *b)
{
	const struct audit_file *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if (!x->dir != !y->dir)
		return x->dir ? 1 : -1;
	return strcmp(x->path, y->path);
}

/* What takes longest is begun first. */
static int by_size(const void *a, const void *b)
{
	const struct audit_file *x = a, *y = b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return strcmp(x->path, y->path);
}

static void drop_same(struct audit_files *files)
{
	size_t i, kept = 0;

	for (i = 0; i < files->nr; i++) {
		const struct audit_file *last = kept ? &files->v[kept - 1] : NULL;

		if (last && last->dev == files->v[i].dev && last->ino == files->v[i].ino)
			free(files->v[i].path);
		else
			files->v[kept++] = files->v[i];
	}
	files->nr = kept;
}

/**
 * audit_files_find - find the files
 * @files: out; audit_files_free() it
 * @argc: how many arguments there are
 * @argv: files, and directories: of those every vmlinux and module in them, at any depth
 *
 * What is not there is reported.
 */
void audit_files_find(struct audit_files *files, int argc, char **argv)
{
	struct stat st;
	int i;

	*files = (struct audit_files){};
	for (i = 0; i < argc; i++) {
		if (stat(argv[i], &st))
			pr_err("%s: cannot open: %s", argv[i], strerror(errno));
		else if (S_ISDIR(st.st_mode))
			find_in(files, argv[i]);
		else if (S_ISREG(st.st_mode))
			add(files, argv[i], NULL, &st);
		else
			pr_err("%s: not a file, and not a directory", argv[i]);
	}
	if (!files->nr)
		return;
	qsort(files->v, files->nr, sizeof(*files->v), by_inode);
	drop_same(files);
	qsort(files->v, files->nr, sizeof(*files->v), by_size);
}

/**
 * audit_files_free - free the list
 * @files: the list
 */
void audit_files_free(struct audit_files *files)
{
	size_t i;

	for (i = 0; i < files->nr; i++) {
		free(files->v[i].path);
		free(files->v[i].wrong);
	}
	free(files->v);
}

/**
 * audit_files_size - how much there is to read
 * @files: the files
 *
 * Return: the bytes of all.
 */
off_t audit_files_size(const struct audit_files *files)
{
	off_t size = 0;
	size_t i;

	for (i = 0; i < files->nr; i++)
		size += files->v[i].size;
	return size;
}

/* Many files of a directory may have been stripped: say it once. */
static void say_bare(const struct audit_files *files, const char *dir)
{
	const struct audit_file *first = NULL;
	size_t i, all = 0, bare = 0;

	for (i = 0; i < files->nr; i++) {
		if (files->v[i].dir != dir)
			continue;
		all++;
		bare += files->v[i].bare;
		if (files->v[i].bare && !first)
			first = &files->v[i];
	}
	if (bare > 1)
		pr_err("%s: %zu of %zu files have no debug info, %s is one", dir, bare, all,
		       first->path);
	else if (bare)
		pr_err("%s: %s", first->path, first->wrong);
}

/**
 * audit_files_say_wrong - report the files that could not be read
 * @files: the files, after audit_workers_run()
 * @argc: how many arguments there were
 * @argv: the arguments
 */
void audit_files_say_wrong(const struct audit_files *files, int argc, char **argv)
{
	size_t i;

	for (i = 0; i < files->nr; i++) {
		const struct audit_file *file = &files->v[i];

		if (file->wrong && !(file->dir && file->bare))
			pr_err("%s: %s", file->path, file->wrong);
	}
	while (argc--)
		say_bare(files, argv[argc]);
}
