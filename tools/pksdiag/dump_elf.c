// SPDX-License-Identifier: GPL-2.0
/* The headers of an ELF core file, as far as libkdumpfile trusts them. */
#include <stdlib.h>
#include <string.h>

#include <elf.h>

#include "dump_part.h"
#include "util.h"

/* Of a machine with 8192 CPUs and all that a hypervisor adds. */
#define NOTES_MAX	0x4000000u
#define PHNUM_MAX	0x100000u

static bool say_wrong(const struct dump_part *part, __u64 at, const char *what,
		      __u64 value, const char *expected)
{
	pr_err("%s: offset 0x%llx: %s is 0x%llx, expected %s: damaged, or no dump of an x86-64 kernel",
	       part->name, at, what, value, expected);
	return false;
}

static bool check_ident(const struct dump_part *part, const Elf64_Ehdr *e)
{
	if (e->e_ident[EI_CLASS] != ELFCLASS64)
		return say_wrong(part, EI_CLASS, "the ELF class",
				 e->e_ident[EI_CLASS], "2 (64 bits)");
	if (e->e_ident[EI_DATA] != ELFDATA2LSB)
		return say_wrong(part, EI_DATA, "the ELF byte order",
				 e->e_ident[EI_DATA], "1 (little endian)");
	if (e->e_type != ET_CORE)
		return say_wrong(part, offsetof(Elf64_Ehdr, e_type),
				 "the ELF type", e->e_type, "4 (a core file)");
	if (e->e_machine != EM_X86_64)
		return say_wrong(part, offsetof(Elf64_Ehdr, e_machine),
				 "the ELF machine", e->e_machine, "0x3e (x86-64)");
	if (e->e_phentsize != sizeof(Elf64_Phdr))
		return say_wrong(part, offsetof(Elf64_Ehdr, e_phentsize),
				 "the size of a program header", e->e_phentsize,
				 "0x38");
	return true;
}

/* How many program headers: if there are too many for e_phnum, a section has it. */
static bool count_phdrs(const struct dump_part *part, const Elf64_Ehdr *e,
			__u64 *nr)
{
	Elf64_Shdr s;

	*nr = e->e_phnum;
	if (e->e_phnum == PN_XNUM) {
		if (!dump_pread(part->fd, &s, sizeof(s), e->e_shoff))
			return say_wrong(part, offsetof(Elf64_Ehdr, e_shoff),
					 "the offset of the section headers",
					 e->e_shoff, "one in the file");
		*nr = s.sh_info;
	}
	if (!*nr || *nr > PHNUM_MAX)
		return say_wrong(part, offsetof(Elf64_Ehdr, e_phnum),
				 "the number of program headers", *nr,
				 "1 to 0x100000");
	if (e->e_phoff > part->size ||
	    *nr * sizeof(Elf64_Phdr) > part->size - e->e_phoff)
		return say_wrong(part, offsetof(Elf64_Ehdr, e_phoff),
				 "the offset of the program headers", e->e_phoff,
				 "all of them in the file (cut off?)");
	return true;
}

static bool check_phdr(const struct dump_part *part, __u64 at,
		       const Elf64_Phdr *p, __u64 *end)
{
	if (p->p_type != PT_LOAD && p->p_type != PT_NOTE)
		return true;
	if (p->p_offset + p->p_filesz < p->p_offset)
		return say_wrong(part, at + offsetof(Elf64_Phdr, p_filesz),
				 "the size of a segment", p->p_filesz,
				 "one in the file");
	if (p->p_type == PT_NOTE && p->p_filesz > NOTES_MAX)
		return say_wrong(part, at + offsetof(Elf64_Phdr, p_filesz),
				 "the size of the notes", p->p_filesz,
				 "at most 0x4000000");
	if (p->p_type == PT_LOAD && p->p_paddr + p->p_memsz < p->p_paddr)
		return say_wrong(part, at + offsetof(Elf64_Phdr, p_memsz),
				 "the size of a segment's memory", p->p_memsz,
				 "one below the end of all addresses");
	if (p->p_offset + p->p_filesz > *end)
		*end = p->p_offset + p->p_filesz;
	return true;
}

/* Is all of a string table in the file, and does it end one? */
static bool check_names(const struct dump_part *part, const Elf64_Shdr *names)
{
	char last;

	return names->sh_size && names->sh_offset <= part->size &&
	       names->sh_size <= part->size - names->sh_offset &&
	       dump_pread(part->fd, &last, 1, names->sh_offset + names->sh_size - 1) &&
	       !last;
}

/*
 * A dump needs no sections, but libkdumpfile looks at the names of all: it crashes if one
 * has none.
 */
static bool check_sections(const struct dump_part *part, const Elf64_Ehdr *e)
{
	Elf64_Shdr s, names;
	__u64 i, at = e->e_shoff;

	if (!e->e_shnum || e->e_phnum == PN_XNUM)
		return true;
	if (e->e_shentsize != sizeof(s) || e->e_shstrndx >= e->e_shnum ||
	    !dump_pread(part->fd, &names, sizeof(names), at + e->e_shstrndx * sizeof(s)) ||
	    !check_names(part, &names))
		return say_wrong(part, offsetof(Elf64_Ehdr, e_shnum),
				 "the number of section headers", e->e_shnum,
				 "0, or headers and their names in the file");
	for (i = 0; i < e->e_shnum; i++, at += sizeof(s)) {
		if (!dump_pread(part->fd, &s, sizeof(s), at))
			return say_wrong(part, at, "a section header's offset", at,
					 "one in the file (cut off?)");
		if (s.sh_name >= names.sh_size)
			return say_wrong(part, at, "the name of a section", s.sh_name,
					 "one in the string table");
	}
	return true;
}

/**
 * dump_elf_check - check the headers of an ELF core file
 * @part: the file
 *
 * libkdumpfile takes what is behind the end of the file as zeroes, so that a
 * dump that was cut looks like a machine that had nothing there: that is said.
 *
 * Return: true if it can be read, false after an error that was reported.
 */
bool dump_elf_check(struct dump_part *part)
{
	__u64 i, nr, at, end = 0;
	bool notes = false, memory = false;
	Elf64_Ehdr e;
	Elf64_Phdr p;

	if (!dump_pread(part->fd, &e, sizeof(e), 0)) {
		pr_err("%s: offset 0x%llx: the dump ends in its header (cut off)",
		       part->name, part->size);
		return false;
	}
	if (!check_ident(part, &e) || !count_phdrs(part, &e, &nr) ||
	    !check_sections(part, &e))
		return false;
	part->phdrs_at = e.e_phoff;
	part->nr_phdrs = nr;
	for (i = 0; i < nr; i++) {
		at = e.e_phoff + i * sizeof(p);
		if (!dump_pread(part->fd, &p, sizeof(p), at) ||
		    !check_phdr(part, at, &p, &end))
			return false;
		notes |= p.p_type == PT_NOTE;
		memory |= p.p_type == PT_LOAD;
	}
	/* libkdumpfile 0.5.1 crashes without. */
	if (!notes || !memory)
		return say_wrong(part, e.e_phoff,
				 notes ? "the number of segments with memory" :
					 "the number of segments with notes",
				 0, "at least one");
	if (end > part->size)
		pr_err("%s: offset 0x%llx: the dump ends, expected 0x%llx bytes (cut off)",
		       part->name, part->size, end);
	return true;
}
