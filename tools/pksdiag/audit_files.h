/* SPDX-License-Identifier: GPL-2.0 */
/* The files that are audited. */
#ifndef PKSDIAG_AUDIT_FILES_H
#define PKSDIAG_AUDIT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct audit_file - a file
 * @path: its name
 * @dir: which argument it was found in, NULL if it is one itself
 * @size: its bytes
 * @dev: its device
 * @ino: its inode
 * @units: units that were read
 * @places: places that were found
 * @wrong: what is wrong with it, or NULL
 * @bare: that is that it has no debug info
 * @linked: its addresses are final
 */
struct audit_file {
	char *path;
	const char *dir;
	off_t size;
	dev_t dev;
	ino_t ino;
	size_t units;
	size_t places;
	char *wrong;
	bool bare;
	bool linked;
};

/**
 * struct audit_files - all of them, the largest first
 * @v: the files
 * @nr: how many
 */
struct audit_files {
	struct audit_file *v;
	size_t nr;
};

void audit_files_find(struct audit_files *files, int argc, char **argv);
void audit_files_free(struct audit_files *files);
off_t audit_files_size(const struct audit_files *files);
void audit_files_say_wrong(const struct audit_files *files, int argc, char **argv);

#endif /* PKSDIAG_AUDIT_FILES_H */
