// SPDX-License-Identifier: GPL-2.0
/*
 * The ELF symbol table of a vmlinux, used as it is in the file. A report asks
 * for a few dozen addresses: that many passes over the table cost less than
 * sorting it once.
 */
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "elf_symbols.h"
#include "util.h"

/* An address that is so far behind a symbol without a size is not in it. */
#define SIZELESS_MAX	4096

static Elf_Scn *find_symtab(Elf *elf, GElf_Shdr *shdr)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, shdr))
			continue;
		if (shdr->sh_type == SHT_SYMTAB)
			return scn;
	}
	return NULL;
}

/**
 * elf_symbols_open - find the symbol table
 * @table: out
 * @elf: a 64-bit ELF file; it must stay open
 *
 * Return: false if there is no table, or none of a kernel.
 */
bool elf_symbols_open(struct elf_symbols *table, Elf *elf)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = find_symtab(elf, &shdr);
	Elf_Data *names, *data = scn ? elf_getdata(scn, NULL) : NULL;
	const Elf64_Sym *stext;

	memset(table, 0, sizeof(*table));
	if (!data || !data->d_buf || gelf_getclass(elf) != ELFCLASS64)
		return false;
	scn = elf_getscn(elf, shdr.sh_link);
	names = scn ? elf_getdata(scn, NULL) : NULL;
	if (!names || !names->d_buf || !names->d_size)
		return false;
	table->sym = data->d_buf;
	table->nr = data->d_size / sizeof(*table->sym);
	table->names = names->d_buf;
	table->names_len = names->d_size;
	stext = elf_symbols_named(table, "_stext");
	if (stext)
		table->stext = stext->st_value;
	return stext;
}

/**
 * elf_symbols_name - the name of a symbol
 * @table: its table
 * @sym: the symbol
 *
 * Return: the name, "?" if the table is damaged.
 */
const char *elf_symbols_name(const struct elf_symbols *table,
			     const Elf64_Sym *sym)
{
	size_t at = sym->st_name;

	if (at >= table->names_len ||
	    !memchr(table->names + at, 0, table->names_len - at))
		return "?";
	return text_symbol(table->names + at);
}

/**
 * elf_symbols_named - find a symbol by name
 * @table: the table
 * @name: the name
 *
 * Return: the symbol, NULL if there is none.
 */
const Elf64_Sym *elf_symbols_named(const struct elf_symbols *table,
				   const char *name)
{
	size_t i, len = strlen(name) + 1;

	for (i = 0; i < table->nr; i++) {
		size_t at = table->sym[i].st_name;

		if (at < table->names_len && len <= table->names_len - at &&
		    !memcmp(table->names + at, name, len))
			return &table->sym[i];
	}
	return NULL;
}

static bool is_code(const Elf64_Sym *sym)
{
	unsigned int type = ELF64_ST_TYPE(sym->st_info);

	return sym->st_shndx != SHN_UNDEF && sym->st_shndx != SHN_ABS &&
	       (type == STT_FUNC || type == STT_NOTYPE);
}

static bool covers(const Elf64_Sym *sym, __u64 address)
{
	__u64 size = sym->st_size ? sym->st_size : SIZELESS_MAX;

	return address >= sym->st_value && address - sym->st_value < size;
}

/* Of two symbols that cover an address, the one that says more about it. */
static bool is_better(const Elf64_Sym *sym, const Elf64_Sym *best)
{
	if (!best || !sym->st_size != !best->st_size)
		return !best || sym->st_size;
	if (sym->st_value != best->st_value)
		return sym->st_value > best->st_value;
	return ELF64_ST_BIND(sym->st_info) == STB_GLOBAL &&
	       ELF64_ST_BIND(best->st_info) != STB_GLOBAL;
}

/**
 * elf_symbols_find - find the function at an address
 * @table: the table
 * @address: as linked
 *
 * Return: the symbol, NULL if the address is in none.
 */
const Elf64_Sym *elf_symbols_find(const struct elf_symbols *table, __u64 address)
{
	const Elf64_Sym *best = NULL;
	size_t i;

	for (i = 0; i < table->nr; i++) {
		const Elf64_Sym *sym = &table->sym[i];

		if (covers(sym, address) && is_code(sym) && is_better(sym, best))
			best = sym;
	}
	return best;
}

/**
 * elf_file_is_linked - is a file a vmlinux, and no module
 * @path: the file
 *
 * Return: true if it is an ELF file that is linked.
 */
bool elf_file_is_linked(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool linked = false;
	GElf_Ehdr ehdr;
	Elf *elf;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && gelf_getehdr(elf, &ehdr))
		linked = ehdr.e_type == ET_EXEC || ehdr.e_type == ET_DYN;
	elf_end(elf);
	close(fd);
	return linked;
}
