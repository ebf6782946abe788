// SPDX-License-Identifier: GPL-2.0
/*
 * Directories of debug info, and how files are found in them: by build id, in the
 * links that distributions make for debuggers; else by name, in any directory.
 */
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>

#include "debug_dir.h"
#include "record.h"
#include "util.h"

/**
 * debug_dir_by_id - find the file that the links by build id lead to
 * @dir: the directory
 * @build_id: of the file
 *
 * Return: DIR/.build-id/xx/yyyy.debug for the caller to free, NULL if it is not there.
 */
char *debug_dir_by_id(const char *dir, const __u8 *build_id)
{
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];
	char *path;

	text_hex(hex, build_id, PKSDIAG_BUILD_ID_LEN);
	path = xasprintf("%s/.build-id/%.2s/%s.debug", dir, hex, hex + 2);
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

static bool has_build_id(const char *file, const __u8 *build_id)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	const void *id;
	bool same = false;
	Elf *elf;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && dwelf_elf_gnu_build_id(elf, &id) == PKSDIAG_BUILD_ID_LEN)
		same = !memcmp(id, build_id, PKSDIAG_BUILD_ID_LEN);
	elf_end(elf);
	close(fd);
	return same;
}

static void try_entry(struct debug_dir_found *found, const FTSENT *entry,
		      const __u8 *build_id)
{
	static const char name[] = "vmlinux";

	if ((entry->fts_info != FTS_F && entry->fts_info != FTS_SL) ||
	    strncmp(entry->fts_name, name, strlen(name)) ||
	    access(entry->fts_path, R_OK))
		return;
	if (has_build_id(entry->fts_path, build_id))
		found->file = xstrdup(entry->fts_path);
	else if (!found->other)
		found->other = xstrdup(entry->fts_path);
}

/**
 * debug_dir_find - find the vmlinux of a build
 * @found: out; the caller frees its names
 * @dir: the directory
 * @build_id: of the build
 */
void debug_dir_find(struct debug_dir_found *found, const char *dir,
		    const __u8 *build_id)
{
	char *const dirs[] = { (char *)dir, NULL };
	FTSENT *entry;
	FTS *fts;

	found->other = NULL;
	found->file = debug_dir_by_id(dir, build_id);
	if (found->file)
		return;
	fts = fts_open(dirs, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	while (fts && !found->file && (entry = fts_read(fts)))
		try_entry(found, entry, build_id);
	if (fts)
		fts_close(fts);
}
