// SPDX-License-Identifier: GPL-2.0
/*
 * The file of a kernel module: symbols and lines of its code. libdwfl places the
 * sections of a relocatable file as it likes; an address goes by way of its
 * section from the kernel's order to libdwfl's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module_file.h"
#include "util.h"

/* libdwfl takes a section at 0 for one that has no place. */
#define DWFL_BASE	0x10000

/**
 * module_file_is_of - has a file the name of a module
 * @file: its name, without directory
 * @module: name of the module: with '_' where the file may have '-'
 *
 * Return: true for NAME.ko and NAME.ko.debug.
 */
bool module_file_is_of(const char *file, const char *module)
{
	for (; *module; file++, module++)
		if (*file != *module && !(*file == '-' && *module == '_'))
			return false;
	return !strcmp(file, ".ko") || !strcmp(file, ".ko.debug");
}

static bool fits(struct module_file *f, Elf *elf, const struct pksdiag_record *r)
{
	GElf_Ehdr ehdr;

	module_layout_free(&f->layout);
	if (!gelf_getehdr(elf, &ehdr) || ehdr.e_type != ET_REL ||
	    gelf_getclass(elf) != ELFCLASS64) {
		pr_warn("%s: refused: not a kernel module of this machine",
			f->path);
		return false;
	}
	if (!module_layout_read(&f->layout, elf, r->module_size)) {
		pr_warn("%s: refused: it needs 0x%llx bytes of text, the module in record %llu has 0x%x: another build",
			f->path, f->layout.size, r->seq, r->module_size);
		return false;
	}
	if (module_layout_same_insn(&f->layout, elf, r))
		return true;
	if (r->seq)
		pr_warn("%s: refused: at byte 0x%llx it has another instruction than record %llu: another build",
			f->path, r->ip - r->module_base, r->seq);
	else
		pr_warn("%s: refused: at byte 0x%llx it has no call, the module that ran has: another build",
			f->path, r->ip - r->module_base);
	return false;
}

/**
 * module_file_fits - is a file the one of a record's module
 * @f: the file; gets its layout
 * @r: the record
 *
 * By a handle of its own: libdwfl relocates what it opens.
 *
 * Return: false if it is not: that was said.
 */
bool module_file_fits(struct module_file *f, const struct pksdiag_record *r)
{
	int fd = open(f->path, O_RDONLY | O_CLOEXEC);
	bool ok = false;
	Elf *elf;

	if (fd < 0) {
		pr_warn("%s: cannot open: %s", f->path, strerror(errno));
		return false;
	}
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		ok = fits(f, elf, r);
	else
		pr_warn("%s: cannot read: %s", f->path, elf_errmsg(-1));
	elf_end(elf);
	close(fd);
	return ok;
}

static bool load(struct module_file *f, struct dwarf_lines *kernel)
{
	GElf_Addr bias;

	if (!dwfl_file_open(&f->elf, f->path, DWFL_BASE) ||
	    !dwfl_module_getelf(f->elf.mod, &bias)) {
		pr_warn("%s: cannot read: %s", f->path, dwfl_errmsg(-1));
		return false;
	}
	f->has_dwarf = dwarf_lines_open(&f->dwarf, f->elf.mod, 0);
	if (f->has_dwarf && kernel)
		f->dwarf.root = xstrdup(dwarf_lines_root(kernel));
	return true;
}

/**
 * module_file_open - open the file of a record's module
 * @f: out, except for @f->elf.debug_dir; module_file_close() it
 * @path: the file
 * @r: the record
 * @kernel: debug info of the vmlinux, NULL if there is none
 *
 * Return: false if it is not the right file, or cannot be read: that was said.
 */
bool module_file_open(struct module_file *f, const char *path,
		      const struct pksdiag_record *r, struct dwarf_lines *kernel)
{
	const char *debug_dir = f->elf.debug_dir;

	memset(f, 0, sizeof(*f));
	f->elf.debug_dir = debug_dir;
	f->path = xstrdup(path);
	if (module_file_fits(f, r) && load(f, kernel))
		return true;
	module_file_close(f);
	return false;
}

/**
 * module_file_close - free everything
 * @f: the file, open or not
 */
void module_file_close(struct module_file *f)
{
	dwarf_lines_close(&f->dwarf);
	dwfl_file_close(&f->elf);
	module_layout_free(&f->layout);
	free(f->path);
	memset(f, 0, sizeof(*f));
}

/* Where libdwfl has put a section. */
static bool section_address(struct module_file *f, size_t ndx, GElf_Addr *address)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(f->elf.mod, &bias);
	Elf_Scn *scn = elf ? elf_getscn(elf, ndx) : NULL;
	GElf_Shdr shdr;

	if (!scn || !gelf_getshdr(scn, &shdr))
		return false;
	*address = shdr.sh_addr + bias;
	return true;
}

/**
 * module_file_find - find the function and the source line of some code
 * @f: the file
 * @offset: of the code, from the start of the module's text
 * @is_return: a return address: the call before it is what matters
 * @loc: out
 */
void module_file_find(struct module_file *f, __u64 offset, bool is_return,
		      struct location *loc)
{
	__u64 probe = offset - is_return;
	const struct module_section *s = module_layout_find(&f->layout, probe);
	GElf_Addr address;
	GElf_Off into;
	GElf_Sym sym;

	if (!s || !section_address(f, s->ndx, &address))
		return;
	address += probe - s->start;
	loc->symbol = text_symbol(dwfl_module_addrinfo(f->elf.mod, address, &into,
						       &sym, NULL, NULL, NULL));
	if (!loc->symbol)
		return;
	loc->from = LOCATION_ELF;
	loc->offset = into + is_return;
	loc->size = sym.st_size;
	if (f->has_dwarf && dwarf_lines_find(&f->dwarf, address, loc))
		loc->from = LOCATION_DWARF;
}

/**
 * module_file_maps - does a function of the module map memory
 * @f: the file
 * @offset: of some code in it, from the start of the module's text
 * @loc: what module_file_find() says of that code
 * @after: set to the byte of the module's text behind the first call that maps, or
 *	where that does not stay loaded, to @offset
 *
 * Return: the answer; @after is set only if it is MAP_CALLS_SOME.
 */
enum map_calls module_file_maps(struct module_file *f, __u64 offset,
				const struct location *loc, __u64 *after)
{
	__u64 start = offset - loc->offset;
	const struct module_section *s = module_layout_find(&f->layout, start);
	struct map_place place;
	enum map_calls found;
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(f->elf.mod, &bias);

	if (!elf || !s || !loc->size)
		return MAP_CALLS_UNKNOWN;
	place = (struct map_place){ s->ndx, start - s->start };
	found = map_calls_relocatable(elf, loc->symbol, place, loc->size, &place);
	if (found != MAP_CALLS_SOME)
		return found;
	s = module_layout_section(&f->layout, place.ndx);
	*after = s ? s->start + place.at : offset;
	return found;
}
