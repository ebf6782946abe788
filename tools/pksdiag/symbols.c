// SPDX-License-Identifier: GPL-2.0
/* From a run-time address to a symbol, a source line and its inline chain. */
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>

#include "dwarf_lines.h"
#include "elf_symbols.h"
#include "record.h"
#include "symbols.h"
#include "util.h"

/**
 * struct symbols - an open vmlinux; all addresses are raw if there is none
 * @dwfl: libdwfl's session, NULL: no vmlinux
 * @elf: the symbol table
 * @dwarf: the debug info
 * @has_elf: @elf is there
 * @has_dwarf: @dwarf is there
 * @cache: tsearch() tree of all locations that were asked for
 */
struct symbols {
	Dwfl *dwfl;
	struct elf_symbols elf;
	struct dwarf_lines dwarf;
	bool has_elf;
	bool has_dwarf;
	void *cache;
};

/* A cached location: the key is where it was looked up, in run-time terms. */
struct cached {
	__u64 address;
	__u64 stext;
	bool is_return;
	struct location loc;
};

static Dwfl_Module *report_vmlinux(Dwfl *dwfl, const char *file)
{
	Dwfl_Module *mod;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	dwfl_report_begin(dwfl);
	mod = dwfl_report_elf(dwfl, "vmlinux", file, fd, 0, false);
	dwfl_report_end(dwfl, NULL, NULL);
	if (!mod)
		close(fd);
	return mod;
}

static Dwfl *open_dwfl(const char *file, Dwfl_Module **mod)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (!dwfl)
		return NULL;
	*mod = report_vmlinux(dwfl, file);
	if (*mod)
		return dwfl;
	dwfl_end(dwfl);
	return NULL;
}

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

static void load(struct symbols *s, Dwfl_Module *mod, Elf *elf)
{
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
	Dwfl_Module *mod;
	GElf_Addr bias;
	Elf *elf;

	if (access(file, R_OK)) {
		pr_err("%s: cannot open: %s", file, strerror(errno));
		return;
	}
	s->dwfl = open_dwfl(file, &mod);
	if (!s->dwfl) {
		pr_err("%s: not an ELF file that can be read (%s): give the vmlinux of the build, not its bzImage",
		       file, dwfl_errmsg(-1));
		return;
	}
	elf = dwfl_module_getelf(mod, &bias);
	if (!elf || !check_build_id(file, elf, build_id, force))
		return;
	load(s, mod, elf);
	if (!s->has_elf)
		pr_err("%s: no symbol table with _stext: stripped, or not a kernel",
		       file);
}

/* One that may be where distributions put it: use it if it is the right one. */
static bool open_guess(struct symbols *s, const char *file,
		       const __u8 *build_id)
{
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];
	Dwfl_Module *mod;
	GElf_Addr bias;
	Elf *elf;

	if (access(file, R_OK))
		return false;
	s->dwfl = open_dwfl(file, &mod);
	if (!s->dwfl)
		return false;
	elf = dwfl_module_getelf(mod, &bias);
	if (elf && same_build_id(elf, build_id, hex))
		load(s, mod, elf);
	if (s->has_elf)
		return true;
	dwfl_end(s->dwfl);
	s->dwfl = NULL;
	return false;
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

	if (!*release || strchr(release, '/') || !build_id_known(build_id))
		return;
	for (i = 0; i < ARRAY_SIZE(places) && !found; i++) {
		snprintf(path, sizeof(path), places[i], release);
		found = open_guess(s, path, build_id);
	}
}

/**
 * symbols_open - open the vmlinux
 * @opt: names it, or else it is looked for where distributions put it
 * @build_id: which one it must be
 * @release: of the kernel
 *
 * Return: always something, symbols_close() it: without a vmlinux addresses
 * stay raw. What is wrong with a vmlinux that the user named was reported.
 */
struct symbols *symbols_open(const struct options *opt, const __u8 *build_id,
			     const char *release)
{
	struct symbols *s = xmalloc(sizeof(*s));

	if (opt->vmlinux)
		open_named(s, opt->vmlinux, build_id, opt->force);
	else
		search(s, build_id, release);
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
	dwarf_lines_close(&s->dwarf);
	if (s->dwfl)
		dwfl_end(s->dwfl);
	free(s);
}

static int cached_cmp(const void *a, const void *b)
{
	const struct cached *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->stext != y->stext)
		return x->stext < y->stext ? -1 : 1;
	return x->is_return - y->is_return;
}

/* @pc and @probe are as linked; @probe is on the line that is wanted. */
static void locate(struct symbols *s, __u64 pc, __u64 probe,
		   struct location *loc)
{
	const Elf64_Sym *sym = elf_symbols_find(&s->elf, probe);

	if (!sym)
		return;
	loc->from = LOCATION_ELF;
	loc->symbol = elf_symbols_name(&s->elf, sym);
	loc->offset = pc - sym->st_value;
	loc->size = sym->st_size;
	if (s->has_dwarf && dwarf_lines_find(&s->dwarf, probe, loc))
		loc->from = LOCATION_DWARF;
}

/**
 * symbols_find - what is known about an address
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
	struct cached *c = xmalloc(sizeof(*c));
	struct cached **node;
	__u64 pc;

	c->address = address;
	c->stext = stext;
	c->is_return = is_return;
	node = tsearch(c, &s->cache, cached_cmp);
	if (!node)
		abort();
	if (*node != c) {
		free(c);
		return &(*node)->loc;
	}
	c->loc.address = address;
	pc = address - (stext - s->elf.stext);
	if (s->has_elf && stext && address)
		locate(s, pc, pc - is_return, &c->loc);
	return &c->loc;
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
	return "raw addresses only: no usable vmlinux (--vmlinux FILE)";
}
