/* SPDX-License-Identifier: GPL-2.0 */
/* Directories of debug info, and how files are found in them. */
#ifndef PKSDIAG_DEBUG_DIR_H
#define PKSDIAG_DEBUG_DIR_H

#include <linux/types.h>
#include <stdbool.h>

/* Where distributions put debug info. */
#define DEBUG_DIR	"/usr/lib/debug"

/**
 * struct debug_dir_found - what was found in a directory
 * @file: with the right build id, or NULL; else
 * @other: a vmlinux of another build, or NULL
 */
struct debug_dir_found {
	char *file;
	char *other;
};

char *debug_dir_by_id(const char *dir, const __u8 *build_id);
void debug_dir_find(struct debug_dir_found *found, const char *dir,
		    const __u8 *build_id);

#endif /* PKSDIAG_DEBUG_DIR_H */
