// SPDX-License-Identifier: GPL-2.0
/* Source lines and inline chains, by DWARF. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "dwarf_lines.h"
#include "dwarf_names.h"
#include "dwarf_scopes.h"
#include "util.h"

/* Where start_kernel() is: what stands before it is the source directory. */
#define KNOWN_FILE	"init/main.c"

/* Without .debug_aranges (clang) there is no index: ask unit after unit. */
static Dwarf_Die *search_units(Dwfl_Module *mod, Dwarf_Addr pc,
			       Dwarf_Addr *bias)
{
	Dwarf_Die *cu = NULL;

	while ((cu = dwfl_module_nextcu(mod, cu, bias)))
		if (dwarf_haspc(cu, pc - *bias) > 0)
			return cu;
	return NULL;
}

static Dwarf_Die *find_in_all(Dwfl_Module *mod, Dwarf_Addr pc, Dwarf_Addr *bias)
{
	Dwarf *dwarf = dwfl_module_getdwarf(mod, bias);
	Dwarf_Aranges *aranges;
	size_t nr = 0;

	if (!dwarf)
		return NULL;
	if (!dwarf_getaranges(dwarf, &aranges, &nr) && nr)
		return dwfl_module_addrdie(mod, pc, bias);
	return search_units(mod, pc, bias);
}

/**
 * dwarf_lines_root - where the kernel's source was
 * @lines: the debug info
 *
 * Return: the directory, "" if the debug info does not give it away.
 */
const char *dwarf_lines_root(struct dwarf_lines *lines)
{
	Dwarf_Die *cu, unit;
	Dwarf_Addr bias;
	const char *name;
	size_t len, tail = strlen(KNOWN_FILE);

	if (lines->root)
		return lines->root;
	cu = dwarf_units_find(&lines->units, lines->start_kernel, &unit) ? &unit :
		find_in_all(lines->mod, lines->start_kernel, &bias);
	name = cu ? dwarf_diename(cu) : NULL;
	lines->root = name ? dwarf_path(name, cu) : xstrdup("");
	len = strlen(lines->root);
	if (len > tail && !strcmp(lines->root + len - tail, KNOWN_FILE))
		lines->root[len - tail - 1] = '\0';
	else
		lines->root[0] = '\0';
	return lines->root;
}

/* A file's name as kernel people write it: from the top of the source. */
static char *tidy(struct dwarf_lines *lines, Dwarf_Die *cu, const char *file)
{
	char *path, *name;
	const char *rest;

	if (!file)
		return NULL;
	path = dwarf_path(file, cu);
	rest = dwarf_path_below(path, dwarf_lines_root(lines));
	if (!rest)
		rest = dwarf_path_below(path, dwarf_die_string(cu, DW_AT_comp_dir));
	name = text_escaped(rest ? rest : path);
	free(path);
	return name;
}

/* The line at @pc itself: that of the innermost function. */
static void set_line(struct dwarf_lines *lines, Dwarf_Die *cu, Dwarf_Addr pc,
		     struct frame *frame)
{
	Dwarf_Line *line = dwarf_getsrc_die(cu, pc);

	if (!line)
		return;
	frame->file = tidy(lines, cu, dwarf_linesrc(line, NULL, NULL));
	if (dwarf_lineno(line, &frame->line))
		frame->line = 0;
	if (dwarf_linecol(line, &frame->column))
		frame->column = 0;
}

/* The line that @inlined was inlined at: in the function around it. */
static void set_call(struct dwarf_lines *lines, Dwarf_Die *cu,
		     Dwarf_Die *inlined, struct frame *caller)
{
	Dwarf_Word file = dwarf_die_number(inlined, DW_AT_call_file);
	Dwarf_Files *files;
	size_t nr;

	caller->line = dwarf_die_number(inlined, DW_AT_call_line);
	caller->column = dwarf_die_number(inlined, DW_AT_call_column);
	if (dwarf_getsrcfiles(cu, &files, &nr) || file >= nr)
		return;
	caller->file = tidy(lines, cu, dwarf_filesrc(files, file, NULL, NULL));
}

static void set_frames(struct dwarf_lines *lines, Dwarf_Die *cu, Dwarf_Addr pc,
		       struct dwarf_scopes *scopes, struct location *loc)
{
	int i;

	set_line(lines, cu, pc, &loc->frames[0]);
	for (i = 0; i < scopes->nr; i++) {
		Dwarf_Die *die = &scopes->die[scopes->nr - 1 - i];

		loc->frames[i].function = text_symbol(dwarf_diename(die));
		if (i + 1 < scopes->nr)
			set_call(lines, cu, die, &loc->frames[i + 1]);
	}
	loc->nr_frames = scopes->nr ? scopes->nr : 1;
}

/**
 * dwarf_lines_open - look for debug info
 * @lines: out
 * @mod: libdwfl's module
 * @start_kernel: address of that function, as linked; 0 if it is not there
 *
 * Return: false if there is none.
 */
bool dwarf_lines_open(struct dwarf_lines *lines, Dwfl_Module *mod,
		      Dwarf_Addr start_kernel)
{
	const char *file, *debug_file;
	Dwarf_Addr bias;

	memset(lines, 0, sizeof(*lines));
	if (!dwfl_module_getdwarf(mod, &bias))
		return false;
	lines->mod = mod;
	lines->start_kernel = start_kernel;
	dwfl_module_info(mod, NULL, NULL, NULL, NULL, NULL, &file, &debug_file);
	if (!bias && (debug_file || file))
		dwarf_units_open(&lines->units, debug_file ? debug_file : file);
	return true;
}

/**
 * dwarf_lines_close - free what was allocated
 * @lines: the debug info
 */
void dwarf_lines_close(struct dwarf_lines *lines)
{
	free(lines->root);
	dwarf_units_close(&lines->units);
}

/* The frames at @pc. Return: false if there is none, or if one has no name. */
static bool find_frames(struct dwarf_lines *lines, Dwarf_Die *cu, Dwarf_Addr pc,
			struct location *loc)
{
	struct dwarf_scopes scopes;
	int i;

	dwarf_scopes_at(cu, pc, &scopes);
	set_frames(lines, cu, pc, &scopes, loc);
	for (i = 0; i < scopes.nr; i++)
		if (!loc->frames[i].function)
			return false;
	return scopes.nr || loc->frames[0].file;
}

static void forget_frames(struct location *loc)
{
	int i;

	for (i = 0; i < loc->nr_frames; i++)
		free(loc->frames[i].file);
	memset(loc->frames, 0, sizeof(loc->frames));
	loc->nr_frames = 0;
}

/**
 * dwarf_lines_unit - find the compilation unit of some code
 * @lines: the debug info
 * @pc: the code, as linked
 * @unit: out: its first entry
 *
 * Return: false if there is none.
 */
bool dwarf_lines_unit(struct dwarf_lines *lines, Dwarf_Addr pc, Dwarf_Die *unit)
{
	Dwarf_Addr bias;
	Dwarf_Die *cu;

	if (dwarf_units_find(&lines->units, pc, unit))
		return true;
	cu = find_in_all(lines->mod, pc, &bias);
	if (cu)
		*unit = *cu;
	return cu;
}

/**
 * dwarf_lines_find - find the source line of an address
 * @lines: the debug info
 * @pc: the address, as linked
 * @loc: out: its frames
 *
 * Return: false if nothing is known about it.
 */
bool dwarf_lines_find(struct dwarf_lines *lines, Dwarf_Addr pc,
		      struct location *loc)
{
	Dwarf_Die *cu, unit;
	Dwarf_Addr bias;

	if (!lines->mod)
		return false;
	if (dwarf_units_find(&lines->units, pc, &unit)) {
		if (find_frames(lines, &unit, pc, loc))
			return true;
		forget_frames(loc);
	}
	cu = find_in_all(lines->mod, pc, &bias);
	if (!cu)
		return false;
	find_frames(lines, cu, pc - bias, loc);
	return loc->nr_frames > 1 || loc->frames[0].function || loc->frames[0].file;
}
