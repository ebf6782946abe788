// SPDX-License-Identifier: GPL-2.0
/* From a run-time address to a symbol, a source line and its inline chain. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>

#include "debug_dir.h"
#include "debuginfod.h"
#include "dump_names.h"
#include "dwarf_lines.h"
#include "dwfl_file.h"
#include "elf_symbols.h"
#include "modules.h"
#include "record.h"
#include "symbols.h"
#include "util.h"

/**
 * struct symbols - an open vmlinux; all addresses are raw if there is none
 * @file: the vmlinux
 * @elf: the symbol table
 * @dwarf: the debug info
 * @has_elf: @elf is there
 * @has_dwarf: @dwarf is there
 * @names: what the dump itself knows, or NULL
 * @modules: what is not in the vmlinux
 * @cache: tsearch() tree of all locations that were asked for
 */
struct symbols {
	struct dwfl_file file;
	struct elf_symbols elf;
	struct dwarf_lines dwarf;
	bool has_elf;
	bool has_dwarf;
	struct dump_names *names;
	struct modules modules;
	void *cache;
};

/* A cached location: the key is where it was looked up, in run-time terms. */
struct cached {
	__u64 address;
	__u64 stext;
	struct module *module;
	bool is_return;
	struct location loc;
};

static bool same_build_id(Elf *elf, const __u8 *build_id, char *hex)
{
	const void *id;
	ssize_t len = dwelf_elf_gnu_build_id(elf, &id);

	if (len <= 0) {
		strcpy(hex, "none");
		return false;
	}
	text_hex(hex, id, min_size(len, PKSDIAG_BUILD_ID_LEN));
	return len == PKSDIAG_BUILD_ID_LEN && !memcmp(id, build_id, len);
}

static bool check_build_id(const char *file, Elf *elf, const __u8 *build_id,
			   bool force)
{
	char has[2 * PKSDIAG_BUILD_ID_LEN + 1];
	char wanted[2 * PKSDIAG_BUILD_ID_LEN + 1];

	if (!build_id_known(build_id)) {
		pr_warn("%s: the records do not say which build they are of: cannot tell if this is the right vmlinux",
			file);
		return true;
	}
	if (same_build_id(elf, build_id, has))
		return true;
	text_hex(wanted, build_id, PKSDIAG_BUILD_ID_LEN);
	if (force)
		pr_warn("%s: build id %s, the records are of %s: names and lines may be wrong",
			file, has, wanted);
	else
		pr_err("%s: wrong vmlinux: build id %s, the records are of %s: give the right one, or --force",
		       file, has, wanted);
	return force;
}

static void load(struct symbols *s, Elf *elf)
{
	Dwfl_Module *mod = s->file.mod;
	const Elf64_Sym *start_kernel;
	Dwarf_Addr bias;
	Dwarf *dwarf;

	s->has_elf = elf_symbols_open(&s->elf, elf);
	if (!s->has_elf) {
		dwarf = dwfl_module_getdwarf(mod, &bias);
		s->has_elf = dwarf && elf_symbols_open(&s->elf,
						       dwarf_getelf(dwarf));
	}
	if (!s->has_elf)
		return;
	start_kernel = elf_symbols_named(&s->elf, "start_kernel");
	s->has_dwarf = dwarf_lines_open(&s->dwarf, mod,
					start_kernel ? start_kernel->st_value : 0);
}

/* The vmlinux that the user named: what is wrong with it is an error. */
static void open_named(struct symbols *s, const char *file,
		       const __u8 *build_id, bool force)
{
	GElf_Addr bias;
	Elf *elf;

	if (access(file, R_OK)) {
		pr_err("%s: cannot open: %s", file, strerror(errno));
		return;
	}
	if (!dwfl_file_open(&s->file, file, 0)) {
		pr_err("%s: not an ELF file that can be read (%s): give the vmlinux of the build, not its bzImage",
		       file, dwfl_errmsg(-1));
		return;
	}
	elf = dwfl_module_getelf(s->file.mod, &bias);
	if (!elf || !check_build_id(file, elf, build_id, force))
		return;
	load(s, elf);
	if (!s->has_elf)
		pr_err("%s: no symbol table with _stext: stripped, or not a kernel",
		       file);
}

/* One that may be where distributions put it: use it if it is the right one. */
static bool open_guess(struct symbols *s, const char *file,
		       const __u8 *build_id)
{
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];
	GElf_Addr bias;
	Elf *elf;

	if (access(file, R_OK))
		return false;
	if (!dwfl_file_open(&s->file, file, 0))
		return false;
	elf = dwfl_module_getelf(s->file.mod, &bias);
	if (elf && same_build_id(elf, build_id, hex))
		load(s, elf);
	if (s->has_elf)
		return true;
	dwfl_file_close(&s->file);
	return false;
}

static bool search_by_id(struct symbols *s, const __u8 *build_id)
{
	char *file = debug_dir_by_id(DEBUG_DIR, build_id);
	bool found = file && open_guess(s, file, build_id);

	free(file);
	return found;
}

static void search(struct symbols *s, const __u8 *build_id, const char *release)
{
	static const char * const places[] = {
		"/usr/lib/debug/boot/vmlinux-%s",
		"/usr/lib/debug/lib/modules/%s/vmlinux",
		"/lib/modules/%s/build/vmlinux",
	};
	bool found = false;
	char path[256];
	size_t i;

	if (!build_id_known(build_id) || search_by_id(s, build_id) || !*release ||
	    strchr(release, '/'))
		return;
	for (i = 0; i < ARRAY_SIZE(places) && !found; i++) {
		snprintf(path, sizeof(path), places[i], release);
		found = open_guess(s, path, build_id);
	}
}

/* The directory that the user named: a vmlinux of another build there is an error. */
static void search_dir(struct symbols *s, const struct options *opt,
		       const __u8 *build_id, const char *release)
{
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];
	struct debug_dir_found found = {};

	if (access(opt->debug_dir, R_OK | X_OK))
		pr_err("%s: cannot open: %s", opt->debug_dir, strerror(errno));
	else if (build_id_known(build_id))
		debug_dir_find(&found, opt->debug_dir, build_id);
	if (found.file || found.other)
		open_named(s, found.file ? found.file : found.other, build_id,
			   opt->force);
	else
		search(s, build_id, release);
	text_hex(hex, build_id, PKSDIAG_BUILD_ID_LEN);
	if (!found.file && !found.other && !s->has_elf && !errors_seen())
		pr_warn("%s: no debug info of build id %s: neither .build-id/%.2s/%s.debug nor a vmlinux",
			opt->debug_dir, hex, hex, hex + 2);
	free(found.file);
	free(found.other);
}

static void search_server(struct symbols *s, const __u8 *build_id)
{
	char *file = debuginfod_fetch(build_id);

	if (file)
		open_named(s, file, build_id, false);
	free(file);
}

/* Of the files that are arguments, the vmlinux of this build; else any, for its error. */
static bool search_files(struct symbols *s, const struct options *opt,
			 const __u8 *build_id)
{
	const char *other = NULL;
	size_t i;

	for (i = 0; i < opt->nr_files; i++) {
		if (!elf_file_is_linked(opt->files[i]))
			continue;
		if (open_guess(s, opt->files[i], build_id))
			return true;
		other = opt->files[i];
	}
	if (other)
		open_named(s, other, build_id, opt->force);
	return other;
}

/* From what the user said to what others have. */
static void open_any(struct symbols *s, const struct options *opt,
		     const __u8 *build_id, const char *release)
{
	s->file.debug_dir = opt->debug_dir;
	if (opt->vmlinux)
		open_named(s, opt->vmlinux, build_id, opt->force);
	else if (!search_files(s, opt, build_id) && opt->debug_dir)
		search_dir(s, opt, build_id, release);
	else if (!s->file.mod)
		search(s, build_id, release);
	if (!s->file.mod && !opt->vmlinux && !opt->local)
		search_server(s, build_id);
}

static void prepare_modules(struct symbols *s, const struct options *opt,
			    const char *release)
{
	struct modules *ms = &s->modules;

	ms->dir = opt->module_dir;
	ms->debug_dir = opt->debug_dir;
	ms->files = opt->files;
	ms->nr_files = opt->nr_files;
	ms->vmlinux = s->has_elf ? opt->vmlinux : NULL;
	if (s->has_dwarf)
		ms->lines = &s->dwarf;
	if (!opt->vmcore && !opt->capture && !opt->evidence && !strchr(release, '/'))
		snprintf(ms->release, sizeof(ms->release), "%s", release);
}

/**
 * symbols_open - open the vmlinux
 * @opt: names it, or else it is looked for where distributions put it
 * @build_id: which one it must be
 * @release: of the kernel
 * @names: what the dump itself knows, for want of a vmlinux; may be NULL; stays
 *	the caller's, for as long as the symbols
 *
 * Return: always something, symbols_close() it: with neither of them addresses
 * stay raw. What is wrong with a vmlinux that the user named was reported.
 */
struct symbols *symbols_open(const struct options *opt, const __u8 *build_id,
			     const char *release, struct dump_names *names)
{
	struct symbols *s = xmalloc(sizeof(*s));

	s->names = names;
	open_any(s, opt, build_id, release);
	prepare_modules(s, opt, release);
	return s;
}

static void free_cached(void *node)
{
	struct cached *c = node;
	int i;

	for (i = 0; i < c->loc.nr_frames; i++)
		free(c->loc.frames[i].file);
	free(c);
}

/**
 * symbols_close - free everything, all locations included
 * @s: what symbols_open() returned
 */
void symbols_close(struct symbols *s)
{
	tdestroy(s->cache, free_cached);
	modules_close(&s->modules);
	dwarf_lines_close(&s->dwarf);
	dwfl_file_close(&s->file);
	free(s);
}

static int cached_cmp(const void *a, const void *b)
{
	const struct cached *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->stext != y->stext)
		return x->stext < y->stext ? -1 : 1;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	return x->is_return - y->is_return;
}

static void find_in_vmlinux(struct symbols *s, struct cached *c)
{
	__u64 pc = c->address - (c->stext - s->elf.stext);
	__u64 probe = pc - c->is_return;
	struct location *loc = &c->loc;
	const Elf64_Sym *sym;

	if (!s->has_elf && s->names)
		dump_names_find(s->names, c->address, c->is_return, loc);
	if (!s->has_elf || !c->stext || !c->address)
		return;
	sym = elf_symbols_find(&s->elf, probe);
	if (!sym)
		return;
	loc->from = LOCATION_ELF;
	loc->symbol = elf_symbols_name(&s->elf, sym);
	loc->offset = pc - sym->st_value;
	loc->size = sym->st_size;
	if (s->has_dwarf && dwarf_lines_find(&s->dwarf, probe, loc))
		loc->from = LOCATION_DWARF;
}

/* @key: on the heap, and from now on ours. */
static const struct location *find(struct symbols *s, struct cached *key)
{
	struct cached **node = tsearch(key, &s->cache, cached_cmp);

	if (!node)
		no_memory();
	if (*node != key) {
		free(key);
		return &(*node)->loc;
	}
	key->loc.address = key->address;
	if (key->module)
		module_find(key->module, key->address, key->is_return,
			    &key->loc);
	else
		find_in_vmlinux(s, key);
	return &key->loc;
}

/**
 * symbols_find - what is known about an address of the kernel itself
 * @s: the symbols
 * @stext: run-time address of _stext: less the linked one, it is the KASLR
 *	offset
 * @address: at run time
 * @is_return: a return address: the call before it is what matters
 *
 * Return: the location; valid until symbols_close().
 */
const struct location *symbols_find(struct symbols *s, __u64 stext,
				    __u64 address, bool is_return)
{
	struct cached *key = xmalloc(sizeof(*key));

	key->address = address;
	key->stext = stext;
	key->is_return = is_return;
	return find(s, key);
}

/**
 * symbols_find_of - what is known about an address of a record
 * @s: the symbols
 * @r: the record: the address may be in its module
 * @address: at run time
 * @is_return: a return address
 *
 * Return: as symbols_find().
 */
const struct location *symbols_find_of(struct symbols *s,
				       const struct pksdiag_record *r,
				       __u64 address, bool is_return)
{
	struct cached *key;

	if (!record_in_module(r, address))
		return symbols_find(s, r->stext, address, is_return);
	key = xmalloc(sizeof(*key));
	key->address = address;
	key->module = modules_get(&s->modules, r);
	key->is_return = is_return;
	return find(s, key);
}

/**
 * symbols_check_module - use the file of a module only if it fits this record, too
 * @s: the symbols; nothing in the module was asked for yet
 * @r: a record with PKSDIAG_F_MODULE
 */
void symbols_check_module(struct symbols *s, const struct pksdiag_record *r)
{
	module_check(modules_get(&s->modules, r), r);
}

static enum map_calls maps_in_vmlinux(struct symbols *s, __u64 moved,
				      const struct location *loc, __u64 *after)
{
	const Elf64_Sym *sym;
	enum map_calls found;
	GElf_Addr bias;
	Elf *elf;

	if (!s->has_elf || !loc->size)
		return MAP_CALLS_UNKNOWN;
	sym = elf_symbols_find(&s->elf, loc->address - loc->offset - moved);
	elf = dwfl_module_getelf(s->file.mod, &bias);
	if (!sym || !elf)
		return MAP_CALLS_UNKNOWN;
	found = map_calls_linked(&s->elf, elf, sym, after);
	if (found == MAP_CALLS_SOME)
		*after += moved;
	return found;
}

/**
 * symbols_maps - does a function map memory
 * @s: the symbols
 * @r: a record that the function is in
 * @loc: some code of the function, from symbols_find_of()
 * @after: set to the return address of the first call that maps
 *
 * Return: the answer; @after is set only if it is MAP_CALLS_SOME.
 */
enum map_calls symbols_maps(struct symbols *s, const struct pksdiag_record *r,
			    const struct location *loc, __u64 *after)
{
	if (loc->module)
		return module_maps(modules_get(&s->modules, r), loc->address, loc,
				   after);
	return maps_in_vmlinux(s, r->stext - s->elf.stext, loc, after);
}

/**
 * symbols_task_layout - find out how the kernel describes its tasks
 * @s: the symbols
 * @stext: run-time address of _stext
 * @layout: out
 *
 * Return: false if the vmlinux does not tell, or there is none.
 */
bool symbols_task_layout(struct symbols *s, __u64 stext, struct task_layout *layout)
{
	const Elf64_Sym *fork, *init, *start, *end;
	Dwarf_Die unit;

	if (!s->has_dwarf)
		return false;
	/* kernel/fork.c knows all there is to know of a task */
	fork = elf_symbols_named(&s->elf, "kernel_clone");
	init = elf_symbols_named(&s->elf, "init_task");
	start = elf_symbols_named(&s->elf, "__start_init_task");
	end = elf_symbols_named(&s->elf, "__end_init_task");
	if (!fork || !init || !start || !end)
		return false;
	layout->init_task = init->st_value + stext - s->elf.stext;
	layout->thread_size = end->st_value - start->st_value;
	return layout->thread_size - 1 < THREAD_SIZE_MAX &&
	       dwarf_lines_unit(&s->dwarf, fork->st_value, &unit) &&
	       task_layout_read(layout, &unit);
}

/**
 * symbols_quality - what names and lines are based on
 * @s: the symbols
 *
 * Return: words for the user.
 */
const char *symbols_quality(const struct symbols *s)
{
	if (s->has_dwarf)
		return "symbols and lines by DWARF";
	if (s->has_elf)
		return "ELF symbols only: this vmlinux has no DWARF";
	if (s->names && dump_names_usable(s->names))
		return "functions by the dump's own kallsyms, no lines (--vmlinux FILE)";
	return "raw addresses only: no usable vmlinux (--vmlinux FILE)";
}

/**
 * symbols_put_module_quality - print what names in a record's module are based on
 * @s: the symbols
 * @out: where to
 * @r: a record with PKSDIAG_F_MODULE
 */
void symbols_put_module_quality(struct symbols *s, FILE *out,
				const struct pksdiag_record *r)
{
	module_put_quality(out, modules_get(&s->modules, r));
}
