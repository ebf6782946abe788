// SPDX-License-Identifier: GPL-2.0
/*
 * The compilation units of a linked file, opened one by one.
 *
 * libdw knows a unit by its place among all units, and to find that it reads the
 * header of each: of a kernel's .debug_info, 80 MB and more, that maps nearly all. So
 * libdw gets a file with that unit only: the same bytes, but with section headers of
 * their own, which say that .debug_info begins and ends where the unit does. What a unit
 * refers to is in itself or in sections that are left whole. The exception are
 * references to other units (link time optimisation, dwz): then a name is missing, and
 * who asked has to take the whole file.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dwarf_units.h"
#include "util.h"

/* An explanation takes a dozen units. Room that is not used takes no memory. */
#define UNITS_MAX	1024
#define PAGE		4096ul

/* DWARF 5, 7.4: a length that is followed by one of 64 bits */
#define LENGTH_64	0xffffffffu

/**
 * struct dwarf_unit - a unit
 * @at: its place in .debug_info
 * @elf: the file as if there were no other one
 * @dwarf: its debug info
 * @next: opened before
 */
struct dwarf_unit {
	__u64 at;
	Elf *elf;
	Dwarf *dwarf;
	struct dwarf_unit *next;
};

/* === Sections ============================================================= */

static Elf64_Ehdr *ehdr_of(struct dwarf_units *u)
{
	return (Elf64_Ehdr *)u->image;
}

static size_t headers_size(struct dwarf_units *u)
{
	return ehdr_of(u)->e_shnum * sizeof(Elf64_Shdr);
}

static bool inside(size_t size, __u64 at, __u64 len)
{
	return at <= size && len <= size - at;
}

static bool has_name(struct dwarf_units *u, size_t file_size,
		     const Elf64_Shdr *names, const Elf64_Shdr *shdr, const char *name)
{
	size_t len = strlen(name) + 1;

	return inside(names->sh_size, shdr->sh_name, len) &&
	       inside(file_size, names->sh_offset, names->sh_size) &&
	       !memcmp(u->image + names->sh_offset + shdr->sh_name, name, len);
}

/* The number of a section that can be used as it is in the file, or 0. */
static size_t find_section(struct dwarf_units *u, size_t file_size, const char *name)
{
	const Elf64_Ehdr *ehdr = ehdr_of(u);
	const Elf64_Shdr *shdr = (Elf64_Shdr *)(u->image + ehdr->e_shoff);
	size_t i;

	for (i = 1; i < ehdr->e_shnum; i++)
		if (has_name(u, file_size, &shdr[ehdr->e_shstrndx], &shdr[i], name))
			return shdr[i].sh_type != SHT_NOBITS &&
			       !(shdr[i].sh_flags & SHF_COMPRESSED) &&
			       inside(file_size, shdr[i].sh_offset, shdr[i].sh_size) ?
				i : 0;
	return 0;
}

static bool usable(struct dwarf_units *u, size_t file_size)
{
	const Elf64_Ehdr *ehdr = ehdr_of(u);

	return !memcmp(ehdr->e_ident, ELFMAG, SELFMAG) &&
	       ehdr->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ehdr->e_ident[EI_DATA] == ELFDATA2LSB &&
	       (ehdr->e_type == ET_EXEC || ehdr->e_type == ET_DYN) &&
	       ehdr->e_shentsize == sizeof(Elf64_Shdr) && !(ehdr->e_shoff & 7) &&
	       ehdr->e_shstrndx < ehdr->e_shnum &&
	       inside(file_size, ehdr->e_shoff, headers_size(u));
}

static bool find_sections(struct dwarf_units *u, size_t file_size)
{
	const Elf64_Shdr *shdr = (Elf64_Shdr *)(u->image + ehdr_of(u)->e_shoff);
	size_t aranges = find_section(u, file_size, ".debug_aranges");

	u->info = find_section(u, file_size, ".debug_info");
	if (!u->info || !aranges || find_section(u, file_size, ".gnu_debugaltlink"))
		return false;
	u->info_at = shdr[u->info].sh_offset;
	u->info_size = shdr[u->info].sh_size;
	u->aranges = u->image + shdr[aranges].sh_offset;
	u->aranges_size = shdr[aranges].sh_size;
	return true;
}

/* === The file ============================================================= */

/* The file in memory that may be changed, and @room behind it. */
static bool map_file(struct dwarf_units *u, int fd, size_t file_size, size_t room)
{
	void *image;

	u->headers = (file_size + PAGE - 1) & ~(PAGE - 1);
	u->size = u->headers + room;
	image = mmap(NULL, u->size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (image == MAP_FAILED)
		return false;
	u->image = image;
	return mmap(image, file_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_NORESERVE | MAP_FIXED, fd, 0) == image;
}

/**
 * dwarf_units_open - map a file
 * @u: out; dwarf_units_close() it
 * @file: a linked file, not one of a module
 *
 * Return: false if its units cannot be had one by one: it is damaged, its debug info is
 * compressed, or it has no .debug_aranges (clang).
 */
bool dwarf_units_open(struct dwarf_units *u, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t room = UNITS_MAX * 128 * sizeof(Elf64_Shdr);
	struct stat st;
	bool ok;

	memset(u, 0, sizeof(*u));
	if (fd < 0)
		return false;
	ok = !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	     (size_t)st.st_size > sizeof(Elf64_Ehdr) &&
	     map_file(u, fd, st.st_size, room) && usable(u, st.st_size) &&
	     find_sections(u, st.st_size);
	close(fd);
	if (!ok)
		dwarf_units_close(u);
	return ok;
}

/**
 * dwarf_units_close - free everything
 * @u: the file, open or not
 */
void dwarf_units_close(struct dwarf_units *u)
{
	while (u->units) {
		struct dwarf_unit *unit = u->units;

		u->units = unit->next;
		dwarf_end(unit->dwarf);
		elf_end(unit->elf);
		free(unit);
	}
	if (u->image)
		munmap(u->image, u->size);
	u->image = NULL;
}

/* === .debug_aranges ======================================================= */

/* DWARF 5, 6.1.2: a header in the form of 32 bits, with addresses of 8 bytes. */
#define ARANGE_HEAD	12

struct arange_head {
	__u32 length;
	__u16 version;
	__u32 unit;
	__u8 address_size;
	__u8 segment_size;
};

struct arange {
	__u64 start;
	__u64 length;
};

static void read_head(struct arange_head *head, const __u8 *from)
{
	memcpy(&head->length, from, 4);
	memcpy(&head->version, from + 4, 2);
	memcpy(&head->unit, from + 6, 4);
	head->address_size = from[10];
	head->segment_size = from[11];
}

static bool covers(const __u8 *ranges, size_t size, Dwarf_Addr pc)
{
	struct arange range;
	size_t at;

	for (at = 0; at + sizeof(range) <= size; at += sizeof(range)) {
		memcpy(&range, ranges + at, sizeof(range));
		if (pc - range.start < range.length)
			return true;
	}
	return false;
}

/* The place in .debug_info of the unit that @pc is in. */
static bool find_place(struct dwarf_units *u, Dwarf_Addr pc, Dwarf_Off *place)
{
	struct arange_head head;
	size_t at, end;

	for (at = 0; at + ARANGE_HEAD <= u->aranges_size; at = end) {
		/* The ranges are aligned to their size from the section's start on. */
		size_t first = (at + ARANGE_HEAD + 15) & ~15ul;

		read_head(&head, u->aranges + at);
		end = at + sizeof(head.length) + head.length;
		if (head.length == LENGTH_64 || head.version != 2 ||
		    head.address_size != 8 || head.segment_size ||
		    end > u->aranges_size || first > end)
			return false;
		*place = head.unit;
		if (covers(u->aranges + first, end - first, pc))
			return true;
	}
	return false;
}

/* === Units ================================================================ */

static bool unit_size(struct dwarf_units *u, __u64 place, __u64 *size)
{
	__u32 length;

	if (!inside(u->info_size, place, sizeof(length)))
		return false;
	memcpy(&length, u->image + u->info_at + place, sizeof(length));
	*size = sizeof(length) + length;
	return length < LENGTH_64 - 15 && inside(u->info_size, place, *size);
}

/* Section headers for libdw by which a unit is all that there is. */
static bool narrow(struct dwarf_units *u, __u64 place)
{
	Elf64_Shdr *shdr = (Elf64_Shdr *)(u->image + u->headers);
	size_t size = headers_size(u);
	__u64 len;

	if (!unit_size(u, place, &len) || !inside(u->size, u->headers, size))
		return false;
	memcpy(shdr, u->image + ehdr_of(u)->e_shoff, size);
	shdr[u->info].sh_offset = u->info_at + place;
	shdr[u->info].sh_size = len;
	ehdr_of(u)->e_shoff = u->headers;
	u->headers += size;
	return true;
}

/* libelf takes the place of the section headers from the file's when it opens it. */
static struct dwarf_unit *open_unit(struct dwarf_units *u, __u64 place)
{
	struct dwarf_unit *unit;

	if (!narrow(u, place))
		return NULL;
	unit = xmalloc(sizeof(*unit));
	unit->at = place;
	unit->elf = elf_memory((char *)u->image, u->size);
	unit->dwarf = unit->elf ? dwarf_begin_elf(unit->elf, DWARF_C_READ, NULL) : NULL;
	unit->next = u->units;
	u->units = unit;
	return unit;
}

static struct dwarf_unit *get_unit(struct dwarf_units *u, __u64 place)
{
	struct dwarf_unit *unit;

	for (unit = u->units; unit; unit = unit->next)
		if (unit->at == place)
			return unit;
	return open_unit(u, place);
}

/**
 * dwarf_units_find - the unit that some code is in
 * @u: the file; or not open, then there is none
 * @pc: the code, as linked
 * @cu: out; valid until dwarf_units_close()
 *
 * Return: false if there is none, or if it cannot be had by itself.
 */
bool dwarf_units_find(struct dwarf_units *u, Dwarf_Addr pc, Dwarf_Die *cu)
{
	struct dwarf_unit *unit;
	Dwarf_Off place, next;
	size_t header;

	if (!u->image || !find_place(u, pc, &place))
		return false;
	unit = get_unit(u, place);
	return unit && unit->dwarf &&
	       !dwarf_nextcu(unit->dwarf, 0, &next, &header, NULL, NULL, NULL) &&
	       dwarf_offdie(unit->dwarf, header, cu);
}
