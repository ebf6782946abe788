// SPDX-License-Identifier: GPL-2.0
/*
 * Where the kernel puts the code of a module's file, by the rules of
 * layout_sections() in kernel/module/main.c; and does the file fit a record.
 */
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "module_layout.h"
#include "util.h"

/* Text is rounded up to pages, so that it can have its own protection. */
#define TEXT_ALIGN	4096ull
/* x86's LOCK prefix becomes a DS prefix where there is only one CPU. */
#define PREFIX_LOCK	0xf0
#define PREFIX_DS	0x3e
/* Code that has alternatives is not longer than this. */
#define ALTERNATIVE_MAX	64

static const char *section_name(Elf *elf, const GElf_Shdr *shdr)
{
	const char *name = NULL;
	size_t names;

	if (!elf_getshdrstrndx(elf, &names))
		name = elf_strptr(elf, names, shdr->sh_name);
	return name ? name : "";
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* @keeps_exit: the kernel can unload modules. */
static bool stays(Elf *elf, const GElf_Shdr *shdr, bool keeps_exit)
{
	const GElf_Xword flags = SHF_ALLOC | SHF_EXECINSTR;
	const char *name = section_name(elf, shdr);

	return (shdr->sh_flags & flags) == flags &&
	       !starts_with(name, ".init") &&
	       (keeps_exit || !starts_with(name, ".exit"));
}

static bool add_section(struct module_layout *layout, Elf_Scn *scn,
			const GElf_Shdr *shdr)
{
	__u64 align = shdr->sh_addralign ? shdr->sh_addralign : 1;
	__u64 start = (layout->size + align - 1) / align * align;
	struct module_section *s;

	/* A record has the size in 32 bits; more is a damaged file. */
	if (align > UINT32_MAX || shdr->sh_size > UINT32_MAX ||
	    start + shdr->sh_size > UINT32_MAX)
		return false;
	layout->v = xrealloc(layout->v, (layout->nr + 1) * sizeof(*layout->v));
	s = &layout->v[layout->nr++];
	s->ndx = elf_ndxscn(scn);
	s->start = start;
	s->size = shdr->sh_size;
	layout->size = start + shdr->sh_size;
	return true;
}

static bool lay_out(struct module_layout *layout, Elf *elf, bool keeps_exit)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	layout->nr = 0;
	layout->size = 0;
	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &shdr))
			return false;
		if (stays(elf, &shdr, keeps_exit) &&
		    !add_section(layout, scn, &shdr))
			return false;
	}
	return true;
}

static bool has_size(const struct module_layout *layout, __u64 text_size)
{
	__u64 rounded = (layout->size + TEXT_ALIGN - 1) & ~(TEXT_ALIGN - 1);

	return text_size == rounded || text_size == layout->size ||
	       text_size == MODULE_SIZE_UNKNOWN;
}

/**
 * module_layout_read - find out where a module's sections are
 * @layout: out; module_layout_free() it
 * @elf: the module's file
 * @text_size: bytes of text that the kernel counted, or MODULE_SIZE_UNKNOWN
 *
 * Most kernels can unload modules: if rounding hides the difference, this one can.
 *
 * Return: false if the file needs not @text_size but @layout->size, rounded.
 */
bool module_layout_read(struct module_layout *layout, Elf *elf, __u64 text_size)
{
	memset(layout, 0, sizeof(*layout));
	if (lay_out(layout, elf, true) && has_size(layout, text_size))
		return true;
	return lay_out(layout, elf, false) && has_size(layout, text_size);
}

/**
 * module_layout_free - free what was allocated
 * @layout: the layout
 */
void module_layout_free(struct module_layout *layout)
{
	free(layout->v);
	memset(layout, 0, sizeof(*layout));
}

/**
 * module_layout_find - find the section of some code
 * @layout: the layout
 * @offset: of the code, from the start of the module's text
 *
 * Return: the section, NULL if there is none.
 */
const struct module_section *
module_layout_find(const struct module_layout *layout, __u64 offset)
{
	size_t i;

	for (i = 0; i < layout->nr; i++)
		if (offset >= layout->v[i].start &&
		    offset - layout->v[i].start < layout->v[i].size)
			return &layout->v[i];
	return NULL;
}

/**
 * module_layout_section - find a section
 * @layout: the layout
 * @ndx: its number in the file
 *
 * Return: the section, NULL if it does not stay loaded.
 */
const struct module_section *
module_layout_section(const struct module_layout *layout, size_t ndx)
{
	size_t i;

	for (i = 0; i < layout->nr; i++)
		if (layout->v[i].ndx == ndx)
			return &layout->v[i];
	return NULL;
}

/* Bytes that a relocation of x86-64 code changes. */
static unsigned int rela_width(const GElf_Rela *rela)
{
	return GELF_R_TYPE(rela->r_info) == R_X86_64_64 ? 8 : 4;
}

/* Did the linker leave the byte at @at for the loader to fill? */
static bool rela_covers(const GElf_Rela *rela, __u64 at)
{
	return at >= rela->r_offset && at - rela->r_offset < rela_width(rela);
}

/**
 * struct patch_site - bytes that may be other ones in the running kernel
 * @elf: the module's file
 * @ndx: number of a section in it
 * @at: a byte in that section
 */
struct patch_site {
	Elf *elf;
	size_t ndx;
	__u64 at;
};

typedef bool (*rela_fn)(const struct patch_site *site, const GElf_Shdr *shdr,
			const GElf_Rela *rela);

static bool any_rela(const struct patch_site *site, Elf_Scn *scn,
		     const GElf_Shdr *shdr, rela_fn wanted)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Rela rela;
	int i;

	for (i = 0; data && gelf_getrela(data, i, &rela); i++)
		if (wanted(site, shdr, &rela))
			return true;
	return false;
}

static bool any_rela_of_file(const struct patch_site *site, rela_fn wanted)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(site->elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_RELA &&
		    any_rela(site, scn, &shdr, wanted))
			return true;
	return false;
}

static bool is_relocated(const struct patch_site *site, const GElf_Shdr *shdr,
			 const GElf_Rela *rela)
{
	return shdr->sh_info == site->ndx && rela_covers(rela, site->at);
}

static bool rela_symbol(Elf *elf, const GElf_Shdr *shdr, const GElf_Rela *rela,
			GElf_Sym *sym)
{
	Elf_Scn *scn = elf_getscn(elf, shdr->sh_link);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;

	return data && gelf_getsym(data, GELF_R_SYM(rela->r_info), sym);
}

/* The kernel replaces code that .altinstructions points to. */
static bool is_alternative(const struct patch_site *site, const GElf_Shdr *shdr,
			   const GElf_Rela *rela)
{
	Elf_Scn *scn = elf_getscn(site->elf, shdr->sh_info);
	GElf_Shdr target;
	GElf_Sym sym;

	if (!scn || !gelf_getshdr(scn, &target) ||
	    strcmp(section_name(site->elf, &target), ".altinstructions"))
		return false;
	return rela_symbol(site->elf, shdr, rela, &sym) &&
	       sym.st_shndx == site->ndx &&
	       site->at - (sym.st_value + rela->r_addend) < ALTERNATIVE_MAX;
}

static bool same_byte(__u8 file, __u8 record)
{
	return file == record || (file == PREFIX_LOCK && record == PREFIX_DS);
}

/**
 * module_layout_same_insn - is the faulting instruction in the file
 * @layout: the layout
 * @elf: the module's file
 * @r: the record
 *
 * Text sizes are whole pages, so that many a wrong file has the right one.
 *
 * Return: false if the file has another instruction there; true also if that
 * cannot be told.
 */
bool module_layout_same_insn(const struct module_layout *layout, Elf *elf,
			     const struct pksdiag_record *r)
{
	const struct module_section *s;
	unsigned int i, nr = min_size(r->insn_len, record_insn_nr(r));
	struct patch_site site = { .elf = elf };
	Elf_Data *data;

	s = module_layout_find(layout, r->ip - r->module_base);
	if (!s || !nr)
		return s || !record_in_module(r, r->ip);
	data = elf_rawdata(elf_getscn(elf, s->ndx), NULL);
	if (!data || !data->d_buf)
		return true;
	site.ndx = s->ndx;
	site.at = r->ip - r->module_base - s->start;
	if (any_rela_of_file(&site, is_alternative))
		return true;
	for (i = 0; i < nr && site.at < data->d_size; i++, site.at++)
		if (!same_byte(((__u8 *)data->d_buf)[site.at], r->insn[i]) &&
		    !any_rela_of_file(&site, is_relocated))
			return false;
	return i == nr;
}
