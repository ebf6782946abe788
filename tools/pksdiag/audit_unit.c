// SPDX-License-Identifier: GPL-2.0
/*
 * Where a compilation unit maps and unmaps pages. Its functions are walked: what was
 * inlined is an entry, a call has one as well, and the entries around it are the
 * functions that it is in. An entry must be behind the last one, so that damaged
 * debug info ends the walk and cannot keep it going.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "audit_lines.h"
#include "audit_unit.h"
#include "dwarf_names.h"
#include "dwarf_scopes.h"
#include "util.h"

/* Deeper nesting than this is damage. */
#define DEPTH_MAX	128

/**
 * struct target - an entry of the unit that is one of the functions
 * @at: the entry
 * @helper: the function
 */
struct target {
	Dwarf_Off at;
	const struct audit_helper *helper;
};

/**
 * struct walk - the walk through a unit
 * @cu: the unit's first entry
 * @sink: for what is found
 * @lines: its source lines
 * @targets: what to look for, by offset
 * @nr_targets: how many
 * @wide: entries may refer to those of other units
 * @last: the entry that was visited last
 * @around: the functions around it, the real one first
 * @nr_around: how many
 */
struct walk {
	Dwarf_Die *cu;
	const struct audit_sink *sink;
	struct audit_lines lines;
	struct target *targets;
	size_t nr_targets;
	bool wide;
	Dwarf_Off last;
	Dwarf_Die around[INLINES_MAX];
	int nr_around;
};

/* Called for each child; false ends the walk. */
typedef bool (*visit_fn)(struct walk *w, Dwarf_Die *die, int depth);

/* False if the debug info is damaged. */
static bool each_child(struct walk *w, Dwarf_Die *parent, int depth, visit_fn visit)
{
	Dwarf_Die child;
	int more;

	if (depth > DEPTH_MAX)
		return false;
	for (more = dwarf_child(parent, &child); !more;
	     more = dwarf_siblingof(&child, &child)) {
		if (dwarf_dieoffset(&child) <= w->last)
			return false;
		w->last = dwarf_dieoffset(&child);
		if (!visit(w, &child, depth))
			return false;
	}
	return more > 0;
}

/* === What to look for ===================================================== */

static void add_target(struct walk *w, Dwarf_Off at, const struct audit_helper *helper)
{
	w->targets = xrealloc(w->targets, (w->nr_targets + 1) * sizeof(*w->targets));
	w->targets[w->nr_targets++] = (struct target){ at, helper };
}

/* Link-time optimisation by gcc: what the code is made from is in other units. */
static bool is_from_afar(Dwarf_Die *function)
{
	Dwarf_Attribute attr;

	return dwarf_attr(function, DW_AT_abstract_origin, &attr) &&
	       dwarf_whatform(&attr) == DW_FORM_ref_addr;
}

static bool visit_top(struct walk *w, Dwarf_Die *die, int depth)
{
	const struct audit_helper *helper;

	(void)depth;
	switch (dwarf_tag(die)) {
	case DW_TAG_imported_unit:
		w->wide = true;
		break;
	case DW_TAG_subprogram:
		w->wide = w->wide || is_from_afar(die);
		helper = audit_helper(dwarf_diename(die));
		if (helper)
			add_target(w, dwarf_dieoffset(die), helper);
		break;
	}
	return true;
}

/* Its link-time optimisation does not tell that it refers to other units. */
static bool is_clang(Dwarf_Die *cu)
{
	const char *producer = dwarf_die_string(cu, DW_AT_producer);

	return producer && strstr(producer, "clang");
}

static const struct audit_helper *find_target(const struct walk *w, Dwarf_Off at)
{
	size_t low = 0, high = w->nr_targets;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (w->targets[middle].at == at)
			return w->targets[middle].helper;
		if (w->targets[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The function that an attribute refers to, if it is one of ours. */
static const struct audit_helper *refers_to(const struct walk *w, Dwarf_Die *die,
					    unsigned int name)
{
	const struct audit_helper *helper;
	Dwarf_Attribute attr;
	Dwarf_Die origin;

	if (!dwarf_formref_die(dwarf_attr(die, name, &attr), &origin))
		return NULL;
	helper = find_target(w, dwarf_dieoffset(&origin));
	if (helper || !w->wide)
		return helper;
	return audit_helper(dwarf_diename(&origin));
}

/* === What is found ======================================================== */

/* The functions around the entry, innermost first; the first one's line is not set. */
static void set_frames(struct walk *w, struct audit_place *place)
{
	int i;

	for (i = 0; i < w->nr_around; i++) {
		Dwarf_Die *die = &w->around[w->nr_around - 1 - i];

		place->frames[i].function = text_symbol(dwarf_diename(die));
		if (!place->frames[i].function)
			place->frames[i].function = "?";
		if (i + 1 < w->nr_around)
			audit_lines_call(&w->lines, die, &place->frames[i + 1]);
	}
	place->nr_frames = w->nr_around;
}

static void found(struct walk *w, struct audit_place *place, Dwarf_Addr address)
{
	int i;

	set_frames(w, place);
	place->address = address;
	if (!audit_is_own(place->helper, place->frames[0].function))
		w->sink->place(w->sink->arg, place);
	for (i = 0; i < place->nr_frames; i++)
		free(place->frames[i].file);
}

static void found_inlined(struct walk *w, Dwarf_Die *die,
			  const struct audit_helper *helper)
{
	struct audit_place place = { .helper = helper, .how = AUDIT_INLINED };
	Dwarf_Addr pc;

	if (dwarf_entrypc(die, &pc) && dwarf_lowpc(die, &pc))
		pc = 0;
	audit_lines_call(&w->lines, die, &place.frames[0]);
	place.column = dwarf_die_number(die, DW_AT_call_column);
	found(w, &place, pc);
}

/* The functions around some code; false if it is in one of ours, or in none. */
static bool set_around(struct walk *w, Dwarf_Addr pc)
{
	struct dwarf_scopes scopes;
	int i;

	w->nr_around = 0;
	dwarf_scopes_at(w->cu, pc, &scopes);
	for (i = 0; i < scopes.nr; i++) {
		if (audit_helper(dwarf_diename(&scopes.die[i])))
			return false;
		w->around[w->nr_around++] = scopes.die[i];
	}
	return w->nr_around;
}

static bool has_flag(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	bool flag;

	return !dwarf_formflag(dwarf_attr(die, name, &attr), &flag) && flag;
}

/* The address behind a call, or of the call itself if that is all there is. */
static bool call_address(Dwarf_Die *die, Dwarf_Addr *pc, Dwarf_Addr *inside)
{
	Dwarf_Attribute attr;

	if (!dwarf_formaddr(dwarf_attr(die, DW_AT_call_return_pc, &attr), pc) ||
	    !dwarf_formaddr(dwarf_attr(die, DW_AT_low_pc, &attr), pc)) {
		*inside = *pc - 1;
		return true;
	}
	*inside = 0;
	if (dwarf_formaddr(dwarf_attr(die, DW_AT_call_pc, &attr), pc))
		return false;
	*inside = *pc;
	return true;
}

/* clang has the entries of calls in the real function, whatever they are inlined in. */
static void found_call(struct walk *w, Dwarf_Die *die,
		       const struct audit_helper *helper)
{
	struct audit_place place = { .helper = helper, .how = AUDIT_CALLED };
	struct walk inner = { .cu = w->cu, .sink = w->sink, .lines = w->lines };
	Dwarf_Addr pc, inside;

	if (!call_address(die, &pc, &inside))
		return;
	if (has_flag(die, DW_AT_call_tail_call) ||
	    has_flag(die, DW_AT_GNU_tail_call))
		place.how = AUDIT_TAIL_CALLED;
	if (set_around(&inner, inside)) {
		place.column = audit_lines_at(&inner.lines, inside, &place.frames[0]);
		found(&inner, &place, pc);
	}
	w->lines = inner.lines;
}

/* === The walk ============================================================= */

static bool visit_code(struct walk *w, Dwarf_Die *die, int depth);

static bool visit_function(struct walk *w, Dwarf_Die *die, int depth)
{
	bool whole;

	if (w->nr_around == INLINES_MAX)
		return true;
	w->around[w->nr_around++] = *die;
	whole = each_child(w, die, depth + 1, visit_code);
	w->nr_around--;
	return whole;
}

static bool visit_inlined(struct walk *w, Dwarf_Die *die, int depth)
{
	const struct audit_helper *helper = refers_to(w, die, DW_AT_abstract_origin);

	if (!helper)
		return visit_function(w, die, depth);
	found_inlined(w, die, helper);
	return true;
}

static bool visit_call(struct walk *w, Dwarf_Die *die)
{
	const struct audit_helper *helper = refers_to(w, die, DW_AT_call_origin);

	if (!helper)
		helper = refers_to(w, die, DW_AT_abstract_origin);
	if (helper)
		found_call(w, die, helper);
	return true;
}

/* A function that is defined in another one; GNU C has that. */
static bool visit_nested(struct walk *w, Dwarf_Die *die, int depth)
{
	const struct walk outer = *w;
	bool whole;

	w->nr_around = 0;
	whole = visit_function(w, die, depth);
	memcpy(w->around, outer.around, sizeof(w->around));
	w->nr_around = outer.nr_around;
	return whole;
}

static bool visit_code(struct walk *w, Dwarf_Die *die, int depth)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_inlined_subroutine:
		return visit_inlined(w, die, depth);
	case DW_TAG_call_site:
	case DW_TAG_GNU_call_site:
		return visit_call(w, die);
	case DW_TAG_lexical_block:
		return each_child(w, die, depth + 1, visit_code);
	case DW_TAG_subprogram:
		return visit_nested(w, die, depth);
	}
	return true;
}

/* What a function of ours does itself is no site. */
static bool visit_real(struct walk *w, Dwarf_Die *die, int depth)
{
	if (dwarf_tag(die) != DW_TAG_subprogram || audit_helper(dwarf_diename(die)))
		return true;
	return visit_function(w, die, depth);
}

/**
 * audit_unit_call - tell of a call that was found in the code of a unit
 * @unit: the unit
 * @call: the call
 */
void audit_unit_call(const struct audit_unit *unit, const struct audit_call *call)
{
	struct walk w = { .cu = unit->cu, .sink = unit->sink };
	struct audit_place place = { .helper = call->helper, .how = call->how };

	audit_lines_init(&w.lines, unit->cu);
	if (set_around(&w, call->after - 1)) {
		place.column = audit_lines_at(&w.lines, call->after - 1,
					      &place.frames[0]);
		found(&w, &place, call->after);
	}
	audit_lines_free(&w.lines);
}

/**
 * audit_unit_walk - find all places in a unit
 * @unit: the unit
 *
 * Return: false if its debug info is damaged.
 */
bool audit_unit_walk(const struct audit_unit *unit)
{
	Dwarf_Die *cu = unit->cu;
	struct walk w = { .cu = cu, .sink = unit->sink, .wide = is_clang(cu) };
	char *name;
	bool whole;

	audit_lines_init(&w.lines, cu);
	name = audit_lines_file(&w.lines, dwarf_diename(cu));
	w.sink->unit(w.sink->arg, name);
	whole = each_child(&w, cu, 0, visit_top);
	if (w.nr_targets || w.wide) {
		w.last = 0;
		whole = each_child(&w, cu, 0, visit_real) && whole;
	}
	audit_lines_free(&w.lines);
	free(w.targets);
	free(name);
	return whole;
}
