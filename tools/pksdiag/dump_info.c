// SPDX-License-Identifier: GPL-2.0
/*
 * VMCOREINFO in the memory of a machine whose dump does not have it in its notes,
 * as that of a hypervisor that was not told where it is. The kernel keeps it as
 * an ELF note that begins with a page (vmcoreinfo_note, kernel/crash_core.c), so
 * only the first bytes of each page are looked at. Where pages are compressed it
 * is known how large each became: most of them cannot be a page of text and
 * zeroes, and are not unpacked.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elf.h>

#include "dump_info.h"
#include "util.h"

#define PAGE		4096u
/* Look for holes after so many pages. */
#define HOLE_PAGES	512
#define NAME		"VMCOREINFO"
#define FIRST_LINE	"OSRELEASE="
/* Among the last lines on x86-64: it is whole. */
#define LATE_LINE	"\nNUMBER(phys_base)="
/* vmcoreinfo_note has two pages, of which the text has one. */
#define TEXT_MAX	PAGE
/* What such a page is compressed to, by all means that there are. */
#define PACKED_MIN	600u
#define PACKED_MAX	3000u

/**
 * struct note - the start of the page
 * @head: ELF's, with the length of the text
 * @name: NAME, to a multiple of four bytes
 * @line: the text starts with it
 */
struct note {
	Elf64_Nhdr head;
	char name[12];
	char line[sizeof(FIRST_LINE) - 1];
};

_Static_assert(offsetof(struct note, line) == 24, "ELF");

static bool is_note(const struct note *note)
{
	return note->head.n_namesz == sizeof(NAME) && !note->head.n_type &&
	       note->head.n_descsz > sizeof(note->line) &&
	       note->head.n_descsz <= TEXT_MAX &&
	       !memcmp(note->name, NAME, sizeof(NAME)) &&
	       !memcmp(note->line, FIRST_LINE, sizeof(note->line));
}

/* The text in what begins with a note; NULL if it is not a good one. */
static char *text_of(const void *data, size_t *len)
{
	const struct note *note = data;
	char *text;

	if (!is_note(note))
		return NULL;
	*len = note->head.n_descsz;
	text = xmalloc(*len + 1);
	memcpy(text, note->line, *len);
	if (strlen(text) == *len && strstr(text, LATE_LINE))
		return text;
	free(text);
	return NULL;
}

/* === ELF =================================================================== */

/**
 * struct segment - memory that is in the file
 * @at: offset in the file
 * @len: bytes in the file
 */
struct segment {
	__u64 at;
	__u64 len;
};

static int by_offset(const void *a, const void *b)
{
	const struct segment *one = a, *two = b;

	return (one->at > two->at) - (one->at < two->at);
}

/* All of them, by offset; returns how many. The same page may be in thousands. */
static size_t load_segments(const struct dump_part *part, struct segment **segs)
{
	Elf64_Phdr *p = xmalloc(part->nr_phdrs * sizeof(*p));
	size_t i, nr = 0;

	*segs = xmalloc(part->nr_phdrs * sizeof(**segs));
	if (dump_pread(part->fd, p, part->nr_phdrs * sizeof(*p), part->phdrs_at))
		for (i = 0; i < part->nr_phdrs; i++) {
			if (p[i].p_type != PT_LOAD || p[i].p_offset >= part->size)
				continue;
			(*segs)[nr].at = p[i].p_offset;
			(*segs)[nr++].len = min_size(p[i].p_filesz,
						     part->size - p[i].p_offset);
		}
	free(p);
	qsort(*segs, nr, sizeof(**segs), by_offset);
	return nr;
}

static char *text_at(int fd, __u64 at, size_t *len)
{
	char data[sizeof(struct note) + TEXT_MAX] = {};
	struct note note;

	if (!dump_pread(fd, &note, sizeof(note), at) || !is_note(&note) ||
	    !dump_pread(fd, data, offsetof(struct note, line) + note.head.n_descsz, at))
		return NULL;
	return text_of(data, len);
}

/* The first page of the segment, from @at on, that is not a hole of the file. */
static __u64 skip_hole(int fd, const struct segment *seg, __u64 at)
{
	off_t data = lseek(fd, at, SEEK_DATA);

	if (data < 0)
		return seg->at + seg->len;
	return (__u64)data < at + PAGE ? at : at + ((__u64)data - at) / PAGE * PAGE;
}

/* Pages of the segment that are not before @from in the file. */
static char *search_segment(int fd, const struct segment *seg, __u64 from,
			    size_t *len)
{
	__u64 i, at = seg->at, end = seg->at + seg->len;
	char *text;

	if (from > at)
		at += (from - at + PAGE - 1) / PAGE * PAGE;
	for (i = 0; at + PAGE <= end; at += PAGE, i++) {
		if (!(i % HOLE_PAGES))
			at = skip_hole(fd, seg, at);
		text = at < end ? text_at(fd, at, len) : NULL;
		if (text)
			return text;
	}
	return NULL;
}

static char *search_elf(struct dump *dump, size_t *len)
{
	const struct dump_part *part = &dump->parts[0];
	struct segment *segs;
	size_t i, nr = load_segments(part, &segs);
	__u64 end, done = 0;
	char *text = NULL;

	for (i = 0; i < nr && !text; i++) {
		end = segs[i].at + segs[i].len;
		if (end <= done)
			continue;
		text = search_segment(part->fd, &segs[i], done, len);
		done = end;
	}
	free(segs);
	return text;
}

/* === kdump-compressed ====================================================== */

/**
 * struct search - the search of a kdump-compressed dump
 * @dump: the dump
 * @len: out: length of the text
 * @text: the text, or NULL
 */
struct search {
	struct dump *dump;
	size_t *len;
	char *text;
};

static bool look_at(void *data, __u64 pfn, __u32 packed)
{
	struct search *search = data;
	char page[PAGE];
	size_t len = sizeof(page);

	if ((packed < PACKED_MIN || packed > PACKED_MAX) && packed != PAGE)
		return false;
	if (kdump_read(search->dump->ctx, KDUMP_MACHPHYSADDR, pfn * PAGE, page,
		       &len) || len != sizeof(page) ||
	    ((struct note *)page)->head.n_descsz > PAGE - offsetof(struct note, line))
		return false;
	search->text = text_of(page, search->len);
	return search->text;
}

static char *search_kdump(struct dump *dump, size_t *len)
{
	struct search search = { .dump = dump, .len = len };
	unsigned int i;

	for (i = 0; i < dump->nr_parts && !search.text; i++)
		dump_kdump_pages(&dump->parts[i], look_at, &search);
	return search.text;
}

/**
 * dump_info_find - search the memory of a dump for VMCOREINFO
 * @dump: the dump; addresses cannot be translated yet
 * @len: out: bytes of the text
 *
 * Return: the text, which the caller frees; NULL if there is none.
 */
char *dump_info_find(struct dump *dump, size_t *len)
{
	return dump->parts[0].kind == DUMP_ELF ? search_elf(dump, len) :
						 search_kdump(dump, len);
}
