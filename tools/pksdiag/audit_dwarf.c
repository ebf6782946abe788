// SPDX-License-Identifier: GPL-2.0
/* Where an object file maps and unmaps pages, by its debug info. */
#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit_dwarf.h"
#include "audit_unit.h"
#include "dwfl_file.h"
#include "util.h"

/**
 * struct reading - a file that is read
 * @dwarf: its debug info
 * @sink: for what is found
 * @seen: address behind each call that debug info tells of
 * @nr_seen: how many
 */
struct reading {
	Dwarf *dwarf;
	const struct audit_sink *sink;
	__u64 *seen;
	size_t nr_seen;
};

static void note_place(void *arg, const struct audit_place *place)
{
	struct reading *r = arg;

	if (place->how != AUDIT_INLINED) {
		r->seen = xrealloc(r->seen, (r->nr_seen + 1) * sizeof(*r->seen));
		r->seen[r->nr_seen++] = place->address;
	}
	r->sink->place(r->sink->arg, place);
}

static void note_unit(void *arg, const char *name)
{
	const struct reading *r = arg;

	r->sink->unit(r->sink->arg, name);
}

/**
 * struct units - units that were read
 * @nr: all of them
 * @bad: those that are damaged
 * @elsewhere: those whose debug info is in another file, and that is not there
 */
struct units {
	size_t nr;
	size_t bad;
	size_t elsewhere;
};

static char *say(const struct units *units, int more)
{
	if (more < 0)
		return xasprintf("damaged debug info behind %zu units: %s", units->nr,
				 dwarf_errmsg(-1));
	if (units->bad)
		return xasprintf("damaged debug info in %zu of %zu units", units->bad,
				 units->nr);
	if (units->elsewhere)
		return xasprintf("%zu of %zu units are in .dwo files that are not there",
				 units->elsewhere, units->nr);
	return NULL;
}

/* What is wrong, for the caller to free; NULL if nothing is. */
static char *each_unit(struct reading *r)
{
	const struct audit_sink sink = { note_place, note_unit, r };
	struct units units = {};
	Dwarf_CU *unit = NULL;
	Dwarf_Die die, split;
	__u8 type;
	int more;

	while (!(more = dwarf_get_units(r->dwarf, unit, &unit, NULL, &type, &die,
					&split))) {
		const bool is_split = type == DW_UT_skeleton;
		const struct audit_unit of = { is_split ? &split : &die, &sink };

		if (type == DW_UT_type)
			continue;
		units.nr++;
		if (is_split && dwarf_tag(&split) != DW_TAG_compile_unit)
			units.elsewhere++;
		else if (!audit_unit_walk(&of))
			units.bad++;
	}
	return say(&units, more);
}

static bool is_seen(const struct reading *r, __u64 after)
{
	size_t i;

	for (i = 0; i < r->nr_seen; i++)
		if (r->seen[i] == after)
			return true;
	return false;
}

/* clang makes no index of addresses: ask unit after unit. */
static bool unit_of(Dwarf *dwarf, Dwarf_Addr pc, Dwarf_Die *cu)
{
	Dwarf_CU *unit = NULL;

	if (dwarf_addrdie(dwarf, pc, cu))
		return true;
	while (!dwarf_get_units(dwarf, unit, &unit, NULL, NULL, cu, NULL))
		if (dwarf_haspc(cu, pc) > 0)
			return true;
	return false;
}

/* The calls that debug info does not tell of. */
static void each_call(const struct reading *r, Elf *elf)
{
	struct audit_calls calls = {};
	Dwarf_Die cu;
	const struct audit_unit unit = { &cu, r->sink };
	size_t i;

	audit_code(elf, &calls);
	for (i = 0; i < calls.nr; i++)
		if (!is_seen(r, calls.v[i].after) &&
		    unit_of(r->dwarf, calls.v[i].after - 1, &cu))
			audit_unit_call(&unit, &calls.v[i]);
	free(calls.v);
}

static char *cannot_read(const char *path)
{
	char magic[SELFMAG];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return xasprintf("cannot open: %s", strerror(errno));
	got = read(fd, magic, sizeof(magic));
	close(fd);
	if (got < 0)
		return xasprintf("cannot read: %s", strerror(errno));
	if (got < (ssize_t)sizeof(magic) || memcmp(magic, ELFMAG, SELFMAG))
		return xstrdup("not an ELF file");
	return NULL;
}

static void read_all(struct audit_done *done, struct dwfl_file *file,
		     const struct audit_sink *sink)
{
	struct reading r = { .sink = sink };
	GElf_Ehdr ehdr;
	Dwarf_Addr bias;
	Elf *elf;

	r.dwarf = dwfl_module_getdwarf(file->mod, &bias);
	if (!r.dwarf) {
		done->bare = true;
		done->wrong = xasprintf("no debug info: %s", dwfl_errmsg(-1));
		return;
	}
	done->wrong = each_unit(&r);
	elf = dwfl_module_getelf(file->mod, &bias);
	done->linked = elf && gelf_getehdr(elf, &ehdr) && ehdr.e_type != ET_REL;
	if (elf)
		each_call(&r, elf);
	free(r.seen);
}

/**
 * audit_dwarf - find all places in a file that map or unmap pages
 * @done: out
 * @path: the file, linked or not
 * @debug_dir: where its debug info may be if it has none, or NULL
 * @sink: for what is found
 */
void audit_dwarf(struct audit_done *done, const char *path, const char *debug_dir,
		 const struct audit_sink *sink)
{
	struct dwfl_file file = { .debug_dir = debug_dir };

	*done = (struct audit_done){ .wrong = cannot_read(path) };
	if (done->wrong)
		return;
	if (!dwfl_file_open(&file, path, 0)) {
		done->wrong = xasprintf("damaged ELF file: %s", dwfl_errmsg(-1));
		return;
	}
	read_all(done, &file, sink);
	dwfl_file_close(&file);
}
