// SPDX-License-Identifier: GPL-2.0
/* The source lines of a compilation unit, named from the top of the kernel's source. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "audit_lines.h"
#include "dwarf_names.h"
#include "util.h"

/* Every unit of the kernel includes it: what stands before it is the source. */
#define KNOWN_FILE	"include/linux/types.h"

/* Cut @path to the directory that has KNOWN_FILE, if it ends in that. */
static bool cut_known(char *path)
{
	size_t len = strlen(path), tail = strlen(KNOWN_FILE);

	if (len <= tail || path[len - tail - 1] != '/' ||
	    strcmp(path + len - tail, KNOWN_FILE))
		return false;
	path[len - tail - 1] = '\0';
	return true;
}

static char *find_root(struct audit_lines *lines)
{
	size_t i;

	for (i = 0; i < lines->nr; i++) {
		const char *file = dwarf_filesrc(lines->files, i, NULL, NULL);
		char *path = file ? dwarf_path(file, lines->cu) : NULL;

		if (path && cut_known(path))
			return path;
		free(path);
	}
	return xstrdup("");
}

static void read_files(struct audit_lines *lines)
{
	if (lines->root)
		return;
	if (dwarf_getsrcfiles(lines->cu, &lines->files, &lines->nr))
		lines->nr = 0;
	lines->root = find_root(lines);
}

/**
 * audit_lines_init - of a unit
 * @lines: out; audit_lines_free() it
 * @cu: the unit
 */
void audit_lines_init(struct audit_lines *lines, Dwarf_Die *cu)
{
	*lines = (struct audit_lines){ .cu = cu };
}

/**
 * audit_lines_free - free what was allocated
 * @lines: the lines
 */
void audit_lines_free(struct audit_lines *lines)
{
	free(lines->root);
}

/**
 * audit_lines_file - a file's name as kernel people write it
 * @lines: the lines
 * @file: as the unit has it, or NULL
 *
 * Return: the name for the caller to free, or NULL.
 */
char *audit_lines_file(struct audit_lines *lines, const char *file)
{
	const char *rest;
	char *path, *name;

	if (!file)
		return NULL;
	path = dwarf_path(file, lines->cu);
	rest = dwarf_path_below(path, dwarf_die_string(lines->cu, DW_AT_comp_dir));
	if (!rest && path[0] == '/') {
		read_files(lines);
		rest = dwarf_path_below(path, lines->root);
	}
	name = text_escaped(rest ? rest : path);
	free(path);
	return name;
}

/**
 * audit_lines_call - the line that something was inlined at
 * @lines: the lines
 * @inlined: what
 * @frame: out: its file and line
 */
void audit_lines_call(struct audit_lines *lines, Dwarf_Die *inlined,
		      struct frame *frame)
{
	Dwarf_Word file = dwarf_die_number(inlined, DW_AT_call_file);

	read_files(lines);
	frame->line = dwarf_die_number(inlined, DW_AT_call_line);
	frame->file = file < lines->nr ?
		audit_lines_file(lines, dwarf_filesrc(lines->files, file, NULL, NULL)) :
		NULL;
}

/**
 * audit_lines_at - the line of some code
 * @lines: the lines
 * @pc: its address
 * @frame: out: its file and line
 *
 * Return: its column, 0 if it is not known.
 */
int audit_lines_at(struct audit_lines *lines, Dwarf_Addr pc, struct frame *frame)
{
	Dwarf_Line *line = dwarf_getsrc_die(lines->cu, pc);
	int column;

	frame->file = NULL;
	frame->line = 0;
	if (!line)
		return 0;
	frame->file = audit_lines_file(lines, dwarf_linesrc(line, NULL, NULL));
	if (dwarf_lineno(line, &frame->line))
		frame->line = 0;
	return dwarf_linecol(line, &column) ? 0 : column;
}
