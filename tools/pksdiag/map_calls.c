// SPDX-License-Identifier: GPL-2.0
/*
 * Does a function map memory? What maps is inline (the kmap family) or not
 * (dax_read_lock()), but all of it calls one of a few functions, so the calls in the
 * code tell, without debug info: in a vmlinux by their target, in a module's file by
 * their relocation.
 */
#include <gelf.h>
#include <string.h>

#include "map_calls.h"
#include "util.h"

static const char * const map_functions[] = {
	"__devmap_map_page",
	"__devmap_map_page_global",
	"__devmap_get",
	"dax_read_lock",
};

/* call and jmp with an offset of four bytes (SDM vol. 2) */
#define OPCODE_CALL	0xe8
#define OPCODE_JMP	0xe9
#define CALL_LEN	5

/* === A vmlinux ============================================================ */

/**
 * struct targets - where the functions that map are
 * @at: their addresses
 * @nr: how many there are
 */
struct targets {
	__u64 at[ARRAY_SIZE(map_functions)];
	size_t nr;
};

static struct targets find_targets(const struct elf_symbols *table)
{
	struct targets t = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(map_functions); i++) {
		const Elf64_Sym *sym = elf_symbols_named(table, map_functions[i]);

		if (sym)
			t.at[t.nr++] = sym->st_value;
	}
	return t;
}

static bool is_target(const struct targets *t, __u64 address)
{
	size_t i;

	for (i = 0; i < t->nr; i++)
		if (t->at[i] == address)
			return true;
	return false;
}

/* The bytes of a function, NULL if they are not in the file. */
static const __u8 *code_of(Elf *elf, const Elf64_Sym *sym)
{
	Elf_Scn *scn = elf_getscn(elf, sym->st_shndx);
	Elf_Data *data;
	GElf_Shdr shdr;
	__u64 into;

	if (!scn || !gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS)
		return NULL;
	data = elf_rawdata(scn, NULL);
	into = sym->st_value - shdr.sh_addr;
	if (!data || !data->d_buf || into > data->d_size ||
	    sym->st_size > data->d_size - into)
		return NULL;
	return (const __u8 *)data->d_buf + into;
}

/*
 * Not every byte is the first one of an instruction; but that four bytes which are
 * something else are just the distance to one of the functions will not happen.
 */
static enum map_calls scan(Elf *elf, const Elf64_Sym *sym, const struct targets *t,
			   __u64 *after)
{
	const __u8 *code = code_of(elf, sym);
	__s32 distance;
	__u64 i;

	if (!code)
		return MAP_CALLS_UNKNOWN;
	for (i = 0; i + CALL_LEN <= sym->st_size; i++) {
		if (code[i] != OPCODE_CALL && code[i] != OPCODE_JMP)
			continue;
		memcpy(&distance, code + i + 1, sizeof(distance));
		*after = sym->st_value + i + CALL_LEN;
		if (is_target(t, *after + distance))
			return MAP_CALLS_SOME;
	}
	return MAP_CALLS_NONE;
}

/**
 * map_calls_linked - does a function of a vmlinux map memory
 * @table: the symbols
 * @elf: the file with the code
 * @function: the function; what the compiler has moved to NAME.cold belongs to it
 * @after: set to the linked address behind the first such call
 *
 * Return: the answer; @after is set only if it is MAP_CALLS_SOME.
 */
enum map_calls map_calls_linked(const struct elf_symbols *table, Elf *elf,
				const Elf64_Sym *function, __u64 *after)
{
	const struct targets t = find_targets(table);
	const Elf64_Sym *cold;
	enum map_calls found;
	char name[256];

	if (!t.nr)
		return MAP_CALLS_UNKNOWN;
	found = scan(elf, function, &t, after);
	if (found != MAP_CALLS_NONE)
		return found;
	snprintf(name, sizeof(name), "%s.cold", elf_symbols_name(table, function));
	cold = elf_symbols_named(table, name);
	return cold ? scan(elf, cold, &t, after) : MAP_CALLS_NONE;
}

/* === A module ============================================================= */

static bool is_map_function(const char *name)
{
	size_t i;

	for (i = 0; name && i < ARRAY_SIZE(map_functions); i++)
		if (!strcmp(name, map_functions[i]))
			return true;
	return false;
}

/* The name of what a relocation is about, or NULL. */
static const char *rela_name(Elf *elf, const GElf_Shdr *rela_shdr,
			     const GElf_Rela *rela)
{
	Elf_Scn *scn = elf_getscn(elf, rela_shdr->sh_link);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	GElf_Shdr shdr;
	GElf_Sym sym;

	if (!data || !gelf_getshdr(scn, &shdr) ||
	    !gelf_getsym(data, GELF_R_SYM(rela->r_info), &sym))
		return NULL;
	return elf_strptr(elf, shdr.sh_link, sym.st_name);
}

/* Behind the first call among the relocations of one section, 0 if there is none. */
static __u64 scan_relas(Elf *elf, Elf_Scn *scn, const GElf_Shdr *shdr, __u64 start,
			__u64 size)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Rela rela;
	int i;

	for (i = 0; data && gelf_getrela(data, i, &rela); i++)
		if (rela.r_offset - start < size &&
		    is_map_function(rela_name(elf, shdr, &rela)))
			return rela.r_offset + CALL_LEN - 1;
	return 0;
}

static enum map_calls scan_section(Elf *elf, struct map_place start, __u64 size,
				   struct map_place *after)
{
	Elf_Scn *scn = elf_getscn(elf, start.ndx);
	GElf_Shdr shdr;

	if (!scn || !gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS)
		return MAP_CALLS_UNKNOWN;
	after->ndx = start.ndx;
	for (scn = NULL; (scn = elf_nextscn(elf, scn));) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_RELA ||
		    shdr.sh_info != start.ndx)
			continue;
		after->at = scan_relas(elf, scn, &shdr, start.at, size);
		if (after->at)
			return MAP_CALLS_SOME;
	}
	return MAP_CALLS_NONE;
}

/* Find NAME.cold in the symbol table. */
static bool find_cold(Elf *elf, const char *name, struct map_place *start, __u64 *size)
{
	size_t len = strlen(name);
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	GElf_Sym sym;
	int i;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_SYMTAB)
			break;
	for (i = 0; scn && gelf_getsym(elf_getdata(scn, NULL), i, &sym); i++) {
		const char *other = elf_strptr(elf, shdr.sh_link, sym.st_name);

		if (!other || strncmp(other, name, len) || strcmp(other + len, ".cold"))
			continue;
		*start = (struct map_place){ sym.st_shndx, sym.st_value };
		*size = sym.st_size;
		return true;
	}
	return false;
}

/**
 * map_calls_relocatable - does a function of a module map memory
 * @elf: the module's file
 * @name: the function; what the compiler has moved to NAME.cold belongs to it
 * @start: its first byte
 * @size: its bytes
 * @after: set to the byte behind the first such call
 *
 * Return: the answer; @after is valid only if it is MAP_CALLS_SOME.
 */
enum map_calls map_calls_relocatable(Elf *elf, const char *name,
				     struct map_place start, __u64 size,
				     struct map_place *after)
{
	enum map_calls found = scan_section(elf, start, size, after);

	if (found != MAP_CALLS_NONE || !find_cold(elf, name, &start, &size))
		return found;
	return scan_section(elf, start, size, after);
}
