// SPDX-License-Identifier: GPL-2.0
/*
 * Does the faulting code know the page that it accessed?
 *
 * Whoever has the struct page, the inode or the physical address of a page at
 * hand works on it and forgot to map it. Whoever has a bare address may have
 * got it from anywhere. So this looks through the registers, the live stack,
 * and a little of the memory that the nearest of them point to.
 *
 * Everything is bounded, and read by functions that may fail. Memory that has
 * a key of its own, or that is a device's, is not looked at.
 */
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "pksdiag.h"

#define STACK_WORDS	192u	/* of the live stack */
#define OBJECTS		12u	/* that are looked into */
#define OBJECT_WORDS	24u	/* of each: a bio with its first vectors */

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
};

/**
 * struct search - a search under way
 * @r: gets the clues
 * @sought: what for
 * @nr: clues found
 * @objects: pointers that may be followed yet
 */
struct search {
	struct pksdiag_record *r;
	struct sought sought;
	unsigned int nr;
	unsigned int objects;
};

static u64 folio_of(struct page *page)
{
	unsigned long head;

	if (get_kernel_nofault(head, &page->compound_head) || !(head & 1))
		return 0;
	return head - 1;
}

static struct sought what_to_seek(const struct pksdiag_record *r)
{
	struct sought s = { .pfn = r->pfn };
	unsigned long offset = offset_in_page(r->address);
	struct inode *inode = (struct inode *)(unsigned long)r->inode_addr;
	struct address_space *mapping;

	if (offset)
		s.phys = PFN_PHYS(r->pfn) + offset;
	if (r->page) {
		s.page = r->page;
		s.folio = folio_of((struct page *)(unsigned long)r->page);
	}
	if (inode && !get_kernel_nofault(mapping, &inode->i_mapping)) {
		s.inode = r->inode_addr;
		s.mapping = (unsigned long)mapping;
		s.index = r->file_offset >> PAGE_SHIFT;
	}
	if (r->flags & PKSDIAG_F_HANDED)
		s.handed = r->handed_addr;
	return s;
}

static enum pksdiag_clue classify_pointer(const struct sought *s, u64 word)
{
	if (word == s->page)
		return PKSDIAG_CLUE_PAGE;
	if (word == s->folio)
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
	if (s->index && (word == s->index || word >> PAGE_SHIFT == s->index))
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

/* A page of System RAM that the kernel may read: no device's, no key's. */
static bool may_read(u64 addr)
{
	unsigned long flags;

	if (!virt_addr_valid((void *)(unsigned long)addr) ||
	    addr >> PAGE_SHIFT != (addr + OBJECT_WORDS * sizeof(u64) - 1) >> PAGE_SHIFT ||
	    get_kernel_nofault(flags, &virt_to_page(addr)->flags))
		return false;
	return ((flags >> ZONES_PGSHIFT) & ZONES_MASK) != ZONE_DEVICE;
}

static void look_into(struct search *s, u64 addr, struct pksdiag_clue_at at)
{
	u64 words[OBJECT_WORDS];
	unsigned int i;

	if (!s->objects || addr & 7 || !may_read(addr))
		return;
	s->objects--;
	if (copy_from_kernel_nofault(words, (void *)(unsigned long)addr, sizeof(words)))
		return;
	for (i = 0; i < OBJECT_WORDS; i++) {
		at.what = classify(&s->sought, words[i]);
		/* of all the numbers in objects only the exact one means anything */
		if (at.what == PKSDIAG_CLUE_NONE ||
		    ((s64)words[i] >= 0 && words[i] != s->sought.phys))
			continue;
		at.offset = i * sizeof(u64);
		at.value = words[i];
		keep(s, at);
	}
}

/* A word in a register or on the stack: what it is, and what it points to. */
static void look_at(struct search *s, u64 word, struct pksdiag_clue_at at)
{
	at.what = classify(&s->sought, word);
	if (at.what != PKSDIAG_CLUE_NONE) {
		at.value = word;
		keep(s, at);
	} else if ((s64)word < 0 && pksdiag_clue_is_near(&at)) {
		at.where += PKSDIAG_AT_REG_OBJECT - PKSDIAG_AT_REG;
		look_into(s, word, at);
	}
}

static void search_regs(struct search *s)
{
	struct pksdiag_clue_at at = { .where = PKSDIAG_AT_REG };

	for (; at.index <= PKSDIAG_REG_R15; at.index++)
		if (at.index != PKSDIAG_REG_SP)
			look_at(s, s->r->regs[at.index], at);
}

/* Beyond the near frames only for what says something there: the page itself. */
static void search_stack(struct search *s, const struct pksdiag_frames *frames)
{
	struct pksdiag_clue_at at = { .where = PKSDIAG_AT_STACK };
	const unsigned long *word = frames->start;
	const unsigned long *end = min(frames->end, word + STACK_WORDS);

	for (; word < end; word++, at.index++) {
		if (at.frame < frames->nr && word >= frames->ret[at.frame])
			at.frame++;
		look_at(s, READ_ONCE_NOCHECK(*word), at);
	}
	s->r->stack_words = at.index;
	/* all of it, or at least all that is near */
	if (word == frames->end || at.frame >= PKSDIAG_NEAR_FRAMES)
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
	struct search s = { .r = r, .objects = OBJECTS };

	if (!(r->flags & PKSDIAG_F_DEVICE))
		return;
	s.sought = what_to_seek(r);
	search_regs(&s);
	search_stack(&s, frames);
}
