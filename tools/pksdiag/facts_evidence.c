// SPDX-License-Identifier: GPL-2.0
/* Facts about mappings, neighbours and clues: what a verdict rests on. */
#include "facts.h"
#include "util.h"

#define PAGE_SIZE_4K	4096u

/**
 * fact_ago - how long before the fault something was
 * @r: the record
 * @ns: when it was, CLOCK_MONOTONIC
 *
 * Return: ns; 0 if another CPU did it while the fault was being recorded.
 */
__u64 fact_ago(const struct pksdiag_record *r, __u64 ns)
{
	return r->time_ns > ns ? r->time_ns - ns : 0;
}

/**
 * fact_unmapped - does the record say who unmapped the page
 * @r: the record
 *
 * Return: true if so.
 */
bool fact_unmapped(const struct pksdiag_record *r)
{
	return (r->flags & PKSDIAG_F_OWNER) && !(r->flags & PKSDIAG_F_MAPPED);
}

/**
 * fact_side - on which side is the neighbour that the access may have run from
 * @r: the record
 *
 * Return: -1 before the page, 1 behind it, 0 if there is none.
 */
int fact_side(const struct pksdiag_record *r)
{
	if (r->flags & PKSDIAG_F_NEAR)
		return r->near_pfn < r->pfn ? -1 : 1;
	if (r->because >> PKSDIAG_B_NEIGHBOUR_OPEN & 1)
		return r->address % PAGE_SIZE_4K < PAGE_SIZE_4K / 2 ? -1 : 1;
	return 0;
}

/**
 * fact_side_name - a side in a word
 * @side: from fact_side()
 *
 * Return: "before" or "after", NULL for none.
 */
const char *fact_side_name(int side)
{
	if (!side)
		return NULL;
	return side < 0 ? "before" : "after";
}

/**
 * fact_beyond - how far the access is beyond the edge of that neighbour
 * @r: a record with a fact_side()
 *
 * Return: bytes, from the edge to the far end of what one step accesses.
 */
unsigned int fact_beyond(const struct pksdiag_record *r)
{
	unsigned int offset = r->address % PAGE_SIZE_4K;

	if (fact_side(r) > 0)
		return PAGE_SIZE_4K - offset;
	return offset + (r->flags & PKSDIAG_F_WIDTH ? r->width : 1);
}

/**
 * fact_clue_on_stack - was a clue found by the stack, not by a register
 * @clue: the clue
 *
 * Return: true if so.
 */
bool fact_clue_on_stack(const struct pksdiag_clue_at *clue)
{
	return clue->where == PKSDIAG_AT_STACK ||
	       clue->where == PKSDIAG_AT_STACK_OBJECT;
}

/**
 * fact_clue_in_object - was it in memory that a register or word points to
 * @clue: the clue
 *
 * Return: true if so.
 */
bool fact_clue_in_object(const struct pksdiag_clue_at *clue)
{
	return clue->where == PKSDIAG_AT_REG_OBJECT ||
	       clue->where == PKSDIAG_AT_STACK_OBJECT;
}

static unsigned int clue_rank(const struct pksdiag_clue_at *clue)
{
	static const unsigned char ranks[PKSDIAG_NR_CLUE] = {
		[PKSDIAG_CLUE_PAGE] = 4,
		[PKSDIAG_CLUE_FOLIO] = 2,
		[PKSDIAG_CLUE_INODE] = 3,
		[PKSDIAG_CLUE_MAPPING] = 3,
		[PKSDIAG_CLUE_PHYS] = 2,
		[PKSDIAG_CLUE_PFN] = 1,
		[PKSDIAG_CLUE_HANDED] = 2,
		[PKSDIAG_CLUE_INDEX] = 1,
	};

	if (clue->what >= PKSDIAG_NR_CLUE || !ranks[clue->what])
		return 0;
	return ranks[clue->what] + (pksdiag_clue_is_near(clue) ? 8 : 0);
}

/**
 * fact_best_clue - the clue that says most
 * @r: the record
 *
 * Return: one of the record's clues, NULL if there is none.
 */
const struct pksdiag_clue_at *fact_best_clue(const struct pksdiag_record *r)
{
	const struct pksdiag_clue_at *best = NULL;
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_CLUES; i++)
		if (clue_rank(&r->clues[i]) > (best ? clue_rank(best) : 0))
			best = &r->clues[i];
	return best;
}

/**
 * fact_clue_holder - the function that a clue belongs to
 * @v: the view
 * @r: the record
 * @clue: one of its clues
 *
 * Return: where in it; NULL if the stack trace does not reach as far.
 */
const struct location *fact_clue_holder(const struct view *v,
					const struct pksdiag_record *r,
					const struct pksdiag_clue_at *clue)
{
	if (!fact_clue_on_stack(clue) || !clue->frame)
		return view_ip(v, r);
	if (clue->frame >= record_stack_nr(r))
		return NULL;
	return view_stack(v, r, clue->frame);
}

static const char *clue_words(const struct pksdiag_clue_at *clue)
{
	static const char * const words[PKSDIAG_NR_CLUE] = {
		[PKSDIAG_CLUE_PAGE]	= "its struct page",
		[PKSDIAG_CLUE_FOLIO]	= "the struct page of its folio",
		[PKSDIAG_CLUE_INODE]	= "the inode of its file",
		[PKSDIAG_CLUE_MAPPING]	= "the address_space of its file",
		[PKSDIAG_CLUE_PFN]	= "its page frame number",
		[PKSDIAG_CLUE_PHYS]	= "a physical address in it",
		[PKSDIAG_CLUE_HANDED]	= "the address from dax_direct_access()",
		[PKSDIAG_CLUE_INDEX]	= "its place in the file",
	};
	const char *text = clue->what < PKSDIAG_NR_CLUE ? words[clue->what] : NULL;

	return text ? text : "something that this pksdiag does not know";
}

/**
 * put_clue - print what was found where
 * @out: where to
 * @v: the view
 * @r: the record
 * @clue: one of its clues
 */
void put_clue(FILE *out, const struct view *v, const struct pksdiag_record *r,
	      const struct pksdiag_clue_at *clue)
{
	bool object = fact_clue_in_object(clue);
	const struct location *holder = fact_clue_holder(v, r, clue);

	if (object)
		fputs("the memory at ", out);
	if (fact_clue_on_stack(clue))
		fprintf(out, "stack word %u", clue->index);
	else
		fputs(pksdiag_reg_name(clue->index), out);
	if (fact_clue_on_stack(clue)) {
		fputs(" (of ", out);
		if (holder)
			put_function(out, r, holder);
		else
			fprintf(out, "frame %u", clue->frame);
		fputc(')', out);
	}
	fputs(" holds ", out);
	if (object)
		fprintf(out, "at byte %u ", clue->offset);
	fprintf(out, "%s, 0x%llx", clue_words(clue), clue->value);
}
