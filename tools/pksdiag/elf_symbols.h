/* SPDX-License-Identifier: GPL-2.0 */
/* The ELF symbol table of a vmlinux. */
#ifndef PKSDIAG_ELF_SYMBOLS_H
#define PKSDIAG_ELF_SYMBOLS_H

#include <libelf.h>
#include <linux/types.h>
#include <stdbool.h>

/**
 * struct elf_symbols - the symbol table as it is in the file
 * @sym: the symbols
 * @nr: how many
 * @names: their names
 * @names_len: bytes in @names
 * @stext: address of _stext
 */
struct elf_symbols {
	const Elf64_Sym *sym;
	size_t nr;
	const char *names;
	size_t names_len;
	__u64 stext;
};

bool elf_symbols_open(struct elf_symbols *table, Elf *elf);
const Elf64_Sym *elf_symbols_find(const struct elf_symbols *table, __u64 address);
const Elf64_Sym *elf_symbols_named(const struct elf_symbols *table,
				   const char *name);
const char *elf_symbols_name(const struct elf_symbols *table,
			     const Elf64_Sym *sym);
bool elf_file_is_linked(const char *path);

#endif /* PKSDIAG_ELF_SYMBOLS_H */
