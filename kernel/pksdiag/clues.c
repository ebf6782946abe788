// SPDX-License-Identifier: GPL-2.0
/*
 * Does the faulting code know the page that it accessed?
 *
 * Whoever has the struct page, the inode or the physical address of a page at
 * hand works on it and forgot to map it. Whoever has a bare address may have
 * got it from anywhere. So this looks through the registers, the live stack,
 * and a little of the memory that the nearest of them point to.
 *
 * Everything is bounded, and read by functions that may fail. A device's memory
 * is not looked at; should a word point to other memory that has a key, that is
 * a fault in the recorder, which is dropped and counted.
 */
#include <linux/mm.h>
#include <linux/string.h>
#include "pksdiag.h"

#define STACK_WORDS	192u	/* of the live stack */
#define OBJECTS		12u	/* that are looked into */
#define OBJECT_WORDS	24u	/* of each: a bio with its first vectors */

/* An index below this is as likely to be a count, a length or a flag. */
#define TELLING_INDEX	256u
/* What a word that points to a struct page may say in its low bits. */
#define PAGE_MARKS	3ul	/* scatterlist's; no struct page is that unaligned */

/**
 * struct sought - what one looks for
 * @page: the struct page, or 0
 * @folio: the head of its folio, if that is another
 * @inode: the file's inode, or 0
 * @mapping: its address_space, or 0
 * @handed: the address that dax_direct_access() gave out, or 0
 * @pfn: the page's frame number
 * @phys: the physical address that was accessed; 0 where it is a round number
 * @index: the page's index in the file; 0 where any number would do
 * @place: the byte of the file that was accessed; 0 where it is a round number
 * @stack_sieve: a bit for each bucket() that one of them is in
 * @object_sieve: the same without the numbers that mean nothing in an object
 */
struct sought {
	u64 page;
	u64 folio;
	u64 inode;
	u64 mapping;
	u64 handed;
	u64 pfn;
	u64 phys;
	u64 index;
	u64 place;
	u64 stack_sieve;
	u64 object_sieve;
};

/**
 * struct search - a search under way
 * @r: gets the clues
 * @sought: what for
 * @frames: the stack
 * @skip_kept: what looks at words that may be kept for the interrupted code
 * @nr: clues found
 * @nr_objects: pointers followed
 * @objects: those
 */
struct search {
	struct pksdiag_record *r;
	struct sought sought;
	const struct pksdiag_frames *frames;
	bool skip_kept;
	unsigned int nr;
	unsigned int nr_objects;
	u64 objects[OBJECTS];
};

/*
 * Nearly all words are none of those sought. One test of a bit sorts out most
 * of them: that of the low bits of what may be a frame number or an index, or
 * of such bits in a pointer as differ.
 */
static __always_inline u64 bucket(u64 word)
{
	return BIT_ULL((word >> PAGE_SHIFT) % 64);
}

static u64 sieve(u64 value)
{
	return value ? bucket(value) : 0;
}

static void make_sieves(struct sought *s)
{
	s->object_sieve = sieve(s->page) | sieve(s->folio) | sieve(s->inode) |
			  sieve(s->mapping) | sieve(s->handed) | sieve(s->phys) |
			  sieve(s->place);
	s->stack_sieve = s->object_sieve | sieve(s->pfn) |
			 sieve(PFN_PHYS(s->pfn)) | sieve(s->index);
}

static u64 folio_of(struct page *page)
{
	unsigned long head;

	return pksdiag_peek(head, &page->compound_head) && head & 1 ? head - 1 : 0;
}

/*
 * Where in its file the page is: what the code that works on a file has beside
 * it. Every code has small numbers and the sizes of pages.
 */
static void seek_place(struct sought *s, u64 file_offset)
{
	if (file_offset >> PAGE_SHIFT >= TELLING_INDEX)
		s->index = file_offset >> PAGE_SHIFT;
	if (offset_in_page(file_offset))
		s->place = file_offset;
}

static struct sought what_to_seek(const struct pksdiag_record *r)
{
	struct sought s = { .pfn = r->pfn };
	unsigned long offset = offset_in_page(r->address);
	struct inode *inode = (struct inode *)(unsigned long)r->inode_addr;
	unsigned long mapping;

	if (offset)
		s.phys = PFN_PHYS(r->pfn) + offset;
	if (r->page) {
		s.page = r->page;
		s.folio = folio_of((struct page *)(unsigned long)r->page);
	}
	if (r->flags & PKSDIAG_F_HANDED)
		s.handed = r->handed_addr;
	if (pksdiag_peek(mapping, &inode->i_mapping)) {
		s.inode = r->inode_addr;
		s.mapping = mapping;
		seek_place(&s, r->file_offset);
	}
	make_sieves(&s);
	return s;
}

static enum pksdiag_clue classify_pointer(const struct sought *s, u64 word)
{
	if ((word & ~PAGE_MARKS) == s->page)
		return PKSDIAG_CLUE_PAGE;
	if ((word & ~PAGE_MARKS) == s->folio)
		return PKSDIAG_CLUE_FOLIO;
	if (word == s->inode)
		return PKSDIAG_CLUE_INODE;
	if (word == s->mapping)
		return PKSDIAG_CLUE_MAPPING;
	if (word == s->handed)
		return PKSDIAG_CLUE_HANDED;
	return PKSDIAG_CLUE_NONE;
}

static enum pksdiag_clue classify_number(const struct sought *s, u64 word)
{
	if (word == s->pfn)
		return PKSDIAG_CLUE_PFN;
	if (word >> PAGE_SHIFT == s->pfn)
		return PKSDIAG_CLUE_PHYS;
	if (word == s->index || word == s->place)
		return PKSDIAG_CLUE_INDEX;
	return PKSDIAG_CLUE_NONE;
}

static __always_inline enum pksdiag_clue classify(const struct sought *s, u64 word)
{
	if ((s64)word < 0)
		return classify_pointer(s, word);
	return word ? classify_number(s, word) : PKSDIAG_CLUE_NONE;
}

/* Is there a clue of that kind already that says as much? */
static bool said_already(const struct search *s, const struct pksdiag_clue_at *clue)
{
	unsigned int i;

	for (i = 0; i < s->nr; i++)
		if (s->r->clues[i].what == clue->what &&
		    pksdiag_clue_is_near(&s->r->clues[i]) >= pksdiag_clue_is_near(clue))
			return true;
	return false;
}

/* One of each kind, near if there is one; more than that as long as there is room. */
static void keep(struct search *s, struct pksdiag_clue_at clue)
{
	unsigned int i;

	if (s->nr < PKSDIAG_NR_CLUES) {
		s->r->clues[s->nr++] = clue;
		return;
	}
	if (said_already(s, &clue))
		return;
	for (i = PKSDIAG_NR_CLUES; i-- > 0;) {
		struct pksdiag_clue_at old = s->r->clues[i];

		s->r->clues[i].what = PKSDIAG_CLUE_NONE;
		if (!said_already(s, &old) && old.what != clue.what) {
			s->r->clues[i] = old;
			continue;
		}
		s->r->clues[i] = clue;
		return;
	}
}

/* What is at @addr, if it may be an object in System RAM; false: nothing. */
static bool in_ram(u64 addr)
{
	unsigned long flags;

	if (addr & 7 || addr < PAGE_OFFSET || addr >= (unsigned long)high_memory)
		return false;
	return pksdiag_peek(flags, &pfn_to_page(PHYS_PFN(addr - PAGE_OFFSET))->flags) &&
	       ((flags >> ZONES_PGSHIFT) & ZONES_MASK) != ZONE_DEVICE;
}

/*
 * Is the word one that the interrupted code had in a register that the handler
 * has not used yet, or only saved? Then it says nothing of the handler.
 */
static bool is_kept(const struct search *s, u64 word)
{
	unsigned int i;

	if (!s->skip_kept)
		return false;
	for (i = 0; i < PKSDIAG_NR_KEPT; i++)
		if (s->frames->kept[i] == word)
			return true;
	return false;
}

/*
 * Up to the end of the page: the next one may be a device's. And not into the
 * registers that were interrupted, whose address a handler may have.
 */
static unsigned int object_words(const struct search *s, u64 addr)
{
	u64 regs = (unsigned long)s->frames->interrupted;
	u64 bytes = PAGE_SIZE - offset_in_page(addr);

	if (addr < regs)
		bytes = min(bytes, regs - addr);
	else if (addr - regs < sizeof(struct pt_regs))
		return 0;
	return min_t(u64, OBJECT_WORDS, bytes / sizeof(u64));
}

/* One more to look into: not the task, which everybody has, and none twice. */
static bool is_new(struct search *s, u64 addr)
{
	unsigned int i;

	if (addr == (unsigned long)current || s->nr_objects == OBJECTS)
		return false;
	for (i = 0; i < s->nr_objects; i++)
		if (s->objects[i] == addr)
			return false;
	s->objects[s->nr_objects++] = addr;
	return true;
}

/* Of all the numbers in objects only the exact one means anything. */
static void look_at_field(struct search *s, u64 word, struct pksdiag_clue_at at)
{
	at.what = classify(&s->sought, word);
	if (at.what == PKSDIAG_CLUE_NONE ||
	    ((s64)word >= 0 && word != s->sought.phys && word != s->sought.place))
		return;
	at.value = word;
	keep(s, at);
}

static void look_into(struct search *s, u64 addr, struct pksdiag_clue_at at)
{
	const u64 wanted = s->sought.object_sieve;
	const u64 *words = (const u64 *)(unsigned long)addr;
	unsigned int i, nr;
	u64 word;

	if (!in_ram(addr) || is_kept(s, addr) || !is_new(s, addr))
		return;
	nr = object_words(s, addr);
	at.where += PKSDIAG_AT_REG_OBJECT - PKSDIAG_AT_REG;
	for (i = 0; i < nr; i++) {
		if (!pksdiag_peek_ram(word, &words[i]))
			return;
		if (likely(!(wanted & bucket(word))))
			continue;
		at.offset = i * sizeof(u64);
		look_at_field(s, word, at);
	}
}

/* A word in a register or on the stack: is it one of those sought? */
static bool look_at(struct search *s, u64 word, struct pksdiag_clue_at at)
{
	at.what = classify(&s->sought, word);
	if (at.what == PKSDIAG_CLUE_NONE)
		return false;
	at.value = word;
	if (!is_kept(s, word))
		keep(s, at);
	return true;
}

/* ... or does it point to one? */
static void look_near(struct search *s, u64 word, struct pksdiag_clue_at at)
{
	if ((s->sought.stack_sieve & bucket(word)) && look_at(s, word, at))
		return;
	if ((s64)word < 0)
		look_into(s, word, at);
}

static bool may_be_kept(unsigned int reg)
{
	return reg == PKSDIAG_REG_BX || reg == PKSDIAG_REG_BP ||
	       reg >= PKSDIAG_REG_R12;
}

static void search_regs(struct search *s)
{
	struct pksdiag_clue_at at = { .where = PKSDIAG_AT_REG };

	for (; at.index <= PKSDIAG_REG_R15; at.index++) {
		s->skip_kept = s->frames->interrupted && may_be_kept(at.index);
		if (at.index != PKSDIAG_REG_SP)
			look_near(s, s->r->regs[at.index], at);
	}
	s->skip_kept = s->frames->interrupted;
}

/* The frames of the faulting function and of its near callers; to where? */
static const unsigned long *search_near(struct search *s,
					const struct pksdiag_frames *frames,
					const unsigned long *end)
{
	struct pksdiag_clue_at at = { .where = PKSDIAG_AT_STACK };
	const unsigned long *word = frames->start, *stop;

	for (; at.frame < PKSDIAG_NEAR_FRAMES; at.frame++) {
		if (at.frame < frames->nr)
			stop = min(end, frames->ret[at.frame]);
		else
			stop = end;
		for (; word < stop; word++, at.index++)
			look_near(s, READ_ONCE_NOCHECK(*word), at);
	}
	return word;
}

/* Beyond them only the words themselves count, not what they point to. */
static void search_far(struct search *s, const struct pksdiag_frames *frames,
		       const unsigned long *word, const unsigned long *end)
{
	struct pksdiag_clue_at at = { .where = PKSDIAG_AT_STACK, .frame = PKSDIAG_NEAR_FRAMES };
	const u64 wanted = s->sought.stack_sieve;

	for (; word < end; word++) {
		u64 value = READ_ONCE_NOCHECK(*word);

		if (likely(!(wanted & bucket(value))))
			continue;
		at.index = word - frames->start;
		look_at(s, value, at);
	}
}

static void search_stack(struct search *s, const struct pksdiag_frames *frames)
{
	const unsigned long *end = min(frames->end, frames->start + STACK_WORDS);
	const unsigned long *near_end = min(end, frames->outermost ?: end);
	const unsigned long *far = search_near(s, frames, near_end);

	search_far(s, frames, far, end);
	s->r->stack_words = end - frames->start;
	/* all of it, or at least all that is near */
	if (frames->end == frames->start)
		return;
	if (end == frames->end || (far < end && frames->nr >= PKSDIAG_NEAR_FRAMES))
		s->r->flags |= PKSDIAG_F_SEARCHED;
}

/**
 * pksdiag_fill_clues - look for what knows the page
 * @r: page, inode_addr, handed_addr and regs are set
 * @frames: the live stack
 *
 * Context: Any, NMI included; never touches the page.
 */
void pksdiag_fill_clues(struct pksdiag_record *r,
			const struct pksdiag_frames *frames)
{
	struct search s = { .r = r, .sought = what_to_seek(r), .frames = frames };

	search_regs(&s);
	search_stack(&s, frames);
}
