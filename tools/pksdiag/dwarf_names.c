// SPDX-License-Identifier: GPL-2.0
/* What DWARF calls things: attributes, and the names of source files. */
#include <dwarf.h>
#include <stdbool.h>
#include <string.h>

#include "dwarf_names.h"
#include "util.h"

/**
 * dwarf_die_string - an attribute that is a text
 * @die: the entry
 * @name: of the attribute
 *
 * Return: the text, NULL if there is none.
 */
const char *dwarf_die_string(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;

	return dwarf_formstring(dwarf_attr(die, name, &attr));
}

/**
 * dwarf_die_number - an attribute that is a number
 * @die: the entry
 * @name: of the attribute
 *
 * Return: the number, 0 if there is none.
 */
Dwarf_Word dwarf_die_number(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (dwarf_formudata(dwarf_attr(die, name, &attr), &value))
		return 0;
	return value;
}

/* Take out "." and "x/.." in place. */
static void normalise(char *path)
{
	char *in = path, *out = path;

	while (*in) {
		size_t len = strcspn(in, "/");
		bool up = len == 2 && !memcmp(in, "..", 2);
		char *last;

		if (up && out > path && out[-1] == '/' && out - path > 1) {
			out[-1] = '\0';
			last = strrchr(path, '/');
			out = last ? last + 1 : path;
		} else if (len != 1 || *in != '.') {
			memmove(out, in, len);
			out += len;
			if (in[len])
				*out++ = '/';
		}
		in += len + !!in[len];
	}
	*out = '\0';
}

/**
 * dwarf_path - the whole name of a source file
 * @file: the name that a unit uses
 * @cu: the unit
 *
 * Return: the name, from the unit's directory on; the caller frees it.
 */
char *dwarf_path(const char *file, Dwarf_Die *cu)
{
	const char *dir = dwarf_die_string(cu, DW_AT_comp_dir);
	char *path;

	if (file[0] == '/' || !dir)
		path = xstrdup(file);
	else
		path = xasprintf("%s/%s", dir, file);
	normalise(path);
	return path;
}

/**
 * dwarf_path_below - the name of a file from a directory on
 * @path: the file
 * @dir: the directory, or NULL
 *
 * Return: what is behind @dir in @path, NULL if it is not there.
 */
const char *dwarf_path_below(const char *path, const char *dir)
{
	size_t len = dir ? strlen(dir) : 0;

	if (!len || strncmp(path, dir, len) || path[len] != '/')
		return NULL;
	return path + len + 1;
}
