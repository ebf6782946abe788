// SPDX-License-Identifier: GPL-2.0
/*
 * Calls of the functions that map and unmap pages, by the code itself: gcc describes
 * calls only where it tracks variables, and a kernel can be built without that. In a
 * linked file it is the distance in the instruction that tells what is called, else the
 * relocation of that.
 */
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "audit_code.h"
#include "util.h"

/* call, jmp and the second byte of a conditional jump (SDM vol. 2) */
#define OPCODE_CALL	0xe8
#define OPCODE_JMP	0xe9
#define ESCAPE		0x0f
#define OPCODE_JCC	0x80
#define DISTANCE_LEN	4

/**
 * struct entry - code of one of the functions
 * @ndx: its section; 0 if the file is linked
 * @at: its address; in that section, if the file is not linked
 * @helper: the function
 */
struct entry {
	size_t ndx;
	__u64 at;
	const struct audit_helper *helper;
};

/**
 * struct scan - a file
 * @elf: the file
 * @linked: it is linked
 * @symtab: its symbols
 * @strings: section of their names
 * @entries: what is called; by address if the file is linked
 * @nr: how many
 * @calls: out
 */
struct scan {
	Elf *elf;
	bool linked;
	Elf_Data *symtab;
	size_t strings;
	struct entry *entries;
	size_t nr;
	struct audit_calls *calls;
};

/* One of the functions, or what the compiler has made of it. */
static const struct audit_helper *helper_of(const char *symbol)
{
	char name[64];
	size_t len;

	if (!symbol)
		return NULL;
	len = strcspn(symbol, ".");
	if (len >= sizeof(name) || strstr(symbol + len, ".cold"))
		return NULL;
	memcpy(name, symbol, len);
	name[len] = '\0';
	return audit_helper(name);
}

static void find_symtab(struct scan *s)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while ((scn = elf_nextscn(s->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_SYMTAB)
			continue;
		s->symtab = elf_getdata(scn, NULL);
		s->strings = shdr.sh_link;
		return;
	}
}

static void find_entries(struct scan *s)
{
	GElf_Sym sym;
	int i;

	for (i = 0; s->symtab && gelf_getsym(s->symtab, i, &sym); i++) {
		const struct audit_helper *helper;

		if (sym.st_shndx == SHN_UNDEF || GELF_ST_TYPE(sym.st_info) != STT_FUNC)
			continue;
		helper = helper_of(elf_strptr(s->elf, s->strings, sym.st_name));
		if (!helper)
			continue;
		s->entries = xrealloc(s->entries, (s->nr + 1) * sizeof(*s->entries));
		s->entries[s->nr++] = (struct entry){
			s->linked ? 0 : sym.st_shndx, sym.st_value, helper,
		};
	}
}

static const struct audit_helper *entry_at(const struct scan *s, size_t ndx, __u64 at)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		if (s->entries[i].at == at && s->entries[i].ndx == ndx)
			return s->entries[i].helper;
	return NULL;
}

static void add_call(struct scan *s, __u64 after, const struct audit_helper *helper,
		     enum audit_how how)
{
	struct audit_calls *calls = s->calls;

	calls->v = xrealloc(calls->v, (calls->nr + 1) * sizeof(*calls->v));
	calls->v[calls->nr++] = (struct audit_call){ after, helper, how };
}

/* Is there an instruction whose distance is at @at? AUDIT_NR_HOW: no. */
static enum audit_how how_at(const __u8 *code, size_t at)
{
	if (at && code[at - 1] == OPCODE_CALL)
		return AUDIT_CALLED;
	if (at && code[at - 1] == OPCODE_JMP)
		return AUDIT_TAIL_CALLED;
	if (at > 1 && code[at - 2] == ESCAPE && (code[at - 1] & 0xf0) == OPCODE_JCC)
		return AUDIT_TAIL_CALLED;
	return AUDIT_NR_HOW;
}

/* The bytes of a section with code, NULL if they are not in the file. */
static const Elf_Data *code_of(Elf_Scn *scn, GElf_Shdr *shdr)
{
	const Elf_Data *data;

	if (!gelf_getshdr(scn, shdr) || shdr->sh_type != SHT_PROGBITS ||
	    !(shdr->sh_flags & SHF_EXECINSTR))
		return NULL;
	data = elf_rawdata(scn, NULL);
	return data && data->d_buf ? data : NULL;
}

/* === A linked file ======================================================== */

static void scan_code(struct scan *s, const Elf_Data *data, __u64 address)
{
	const __u8 *code = data->d_buf;
	__s32 distance;
	size_t at;

	for (at = 1; at + DISTANCE_LEN <= data->d_size; at++) {
		enum audit_how how = how_at(code, at);
		const struct audit_helper *helper;
		__u64 after = address + at + DISTANCE_LEN;

		if (how == AUDIT_NR_HOW)
			continue;
		memcpy(&distance, code + at, sizeof(distance));
		helper = entry_at(s, 0, after + distance);
		if (helper)
			add_call(s, after, helper, how);
	}
}

static void scan_linked(struct scan *s)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	while (s->nr && (scn = elf_nextscn(s->elf, scn))) {
		const Elf_Data *data = code_of(scn, &shdr);

		if (data)
			scan_code(s, data, shdr.sh_addr);
	}
}

/* === A file that is not linked ============================================ */

static const struct audit_helper *rela_helper(const struct scan *s,
					      const GElf_Rela *rela)
{
	GElf_Sym sym;

	if (GELF_R_TYPE(rela->r_info) != R_X86_64_PLT32 &&
	    GELF_R_TYPE(rela->r_info) != R_X86_64_PC32)
		return NULL;
	if (!s->symtab || !gelf_getsym(s->symtab, GELF_R_SYM(rela->r_info), &sym))
		return NULL;
	if (sym.st_shndx == SHN_UNDEF)
		return helper_of(elf_strptr(s->elf, s->strings, sym.st_name));
	return entry_at(s, sym.st_shndx, sym.st_value + rela->r_addend + DISTANCE_LEN);
}

static void scan_relas(struct scan *s, Elf_Data *relas, const Elf_Data *code,
		       __u64 address)
{
	GElf_Rela rela;
	int i;

	for (i = 0; relas && gelf_getrela(relas, i, &rela); i++) {
		const struct audit_helper *helper = rela_helper(s, &rela);
		enum audit_how how;

		if (!helper || rela.r_offset >= code->d_size)
			continue;
		how = how_at(code->d_buf, rela.r_offset);
		if (how != AUDIT_NR_HOW)
			add_call(s, address + rela.r_offset + DISTANCE_LEN, helper, how);
	}
}

static void scan_relocatable(struct scan *s)
{
	Elf_Scn *scn = NULL, *of;
	GElf_Shdr shdr, code_shdr;

	while ((scn = elf_nextscn(s->elf, scn))) {
		const Elf_Data *code;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_RELA)
			continue;
		of = elf_getscn(s->elf, shdr.sh_info);
		code = of ? code_of(of, &code_shdr) : NULL;
		if (code)
			scan_relas(s, elf_getdata(scn, NULL), code, code_shdr.sh_addr);
	}
}

/**
 * audit_code - find all calls in a file
 * @elf: the file
 * @calls: out
 *
 * None is found unless it is for x86-64.
 */
void audit_code(Elf *elf, struct audit_calls *calls)
{
	struct scan s = { .elf = elf, .calls = calls };
	GElf_Ehdr ehdr;

	if (!gelf_getehdr(elf, &ehdr) || ehdr.e_machine != EM_X86_64)
		return;
	s.linked = ehdr.e_type != ET_REL;
	find_symtab(&s);
	find_entries(&s);
	if (s.linked)
		scan_linked(&s);
	else
		scan_relocatable(&s);
	free(s.entries);
}
