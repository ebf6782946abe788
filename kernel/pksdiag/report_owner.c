// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of a report that say who has, or had, the page: its mapping, its
 * neighbours, and what registers and stack know of it.
 *
 * The addresses of callers are return addresses: %pB names the function that
 * called, even if the call was the last that it did.
 */
#include <linux/printk.h>
#include "report.h"

static void *code(u64 ip)
{
	return (void *)(unsigned long)ip;
}

/* === The mapping ========================================================== */

static void print_no_owner(const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_LEDGER))
		pr_err(" mapping: not known, nobody kept account of mappings\n");
	else if (r->forgot)
		pr_err(" mapping: none known, %u were forgotten\n", r->forgot);
	else
		pr_err(" mapping: none known\n");
}

/**
 * pksdiag_report_mapping - print how the page is, or was, mapped
 * @r: the record
 *
 * Context: Any, NMI included.
 */
void pksdiag_report_mapping(const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_OWNER)) {
		print_no_owner(r);
		return;
	}
	pr_err(" mapping: %s%s, %s\n", pksdiag_mapping_name(r->mapping),
	       r->flags & PKSDIAG_F_SECTION ? " section" : "",
	       r->flags & PKSDIAG_F_MAPPED ? "not unmapped so far" : "unmapped");
}

static void print_mapped(const struct pksdiag_record *r)
{
	struct pksdiag_line line = {};
	unsigned int i;

	pksdiag_line_add(&line, "Mapped by %s %s/%u on CPU %u, nested %u",
			 pksdiag_context_name(r->owner_context), r->owner_comm,
			 r->owner_pid, r->owner_cpu, r->owner_nest);
	pksdiag_line_when(&line, r, r->owner_ns);
	pr_err("\n");
	pr_err("%s:\n", line.text);
	pr_err(" %pB\n", code(r->owner_ip));
	for (i = 0; i < PKSDIAG_STACK_MAP_LEN && r->owner_stack[i]; i++)
		pr_err(" %pB\n", code(r->owner_stack[i]));
}

static void print_unmapped(const struct pksdiag_record *r)
{
	struct pksdiag_line line = {};

	pksdiag_line_add(&line, "Unmapped by task %u", r->unmap_pid);
	pksdiag_line_when(&line, r, r->unmap_ns);
	pr_err("\n");
	pr_err("%s:\n", line.text);
	pr_err(" %pB\n", code(r->unmap_ip));
}

/**
 * pksdiag_report_owner - print who mapped the page, and who unmapped it
 * @r: the record
 *
 * Context: Any, NMI included.
 */
void pksdiag_report_owner(const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_OWNER))
		return;
	print_mapped(r);
	if (!(r->flags & PKSDIAG_F_MAPPED))
		print_unmapped(r);
}

/* === What else is known of the page ======================================= */

static void print_neighbours(const struct pksdiag_record *r)
{
	if (r->flags & PKSDIAG_F_NEAR)
		pr_err(" neighbour: pfn 0x%llx, mapped as %s by %pB\n",
		       r->near_pfn, pksdiag_mapping_name(r->near_mapping),
		       code(r->near_ip));
	if (r->flags & PKSDIAG_F_BEFORE_OPEN)
		pr_err(" neighbour: the page before is accessible\n");
	if (r->flags & PKSDIAG_F_AFTER_OPEN)
		pr_err(" neighbour: the page after is accessible\n");
}

static void print_handed(const struct pksdiag_record *r)
{
	struct pksdiag_line line = {};

	if (!(r->flags & PKSDIAG_F_HANDED))
		return;
	pksdiag_line_add(&line, "%llu pages from 0x%016llx to %s/%u",
			 r->handed_pages, r->handed_addr, r->handed_comm,
			 r->handed_pid);
	pksdiag_line_when(&line, r, r->handed_ns);
	pr_err(" handed out: %s, in %pB\n", line.text, code(r->handed_ip));
}

static void print_lost(const struct pksdiag_record *r)
{
	struct pksdiag_line line = {};

	if (!(r->flags & PKSDIAG_F_LOST))
		return;
	pksdiag_line_add(&line, "pfn 0x%llx", r->lost_pfn);
	pksdiag_line_when(&line, r, r->lost_ns);
	pr_err(" unmatched unmap: %s, in %pB\n", line.text, code(r->lost_ip));
}

static void add_place(struct pksdiag_line *line,
		      const struct pksdiag_clue_at *clue)
{
	const char *reg = clue->index < PKSDIAG_NR_REGS ?
		pksdiag_reg_name(clue->index) : "?";

	switch (clue->where) {
	case PKSDIAG_AT_REG:
		pksdiag_line_add(line, "register %s", reg);
		break;
	case PKSDIAG_AT_REG_OBJECT:
		pksdiag_line_add(line, "byte %u of what register %s points to",
				 clue->offset, reg);
		break;
	case PKSDIAG_AT_STACK:
		pksdiag_line_add(line, "stack word %u, frame %u", clue->index,
				 clue->frame);
		break;
	case PKSDIAG_AT_STACK_OBJECT:
		pksdiag_line_add(line, "byte %u of what stack word %u, frame %u points to",
				 clue->offset, clue->index, clue->frame);
		break;
	default:
		pksdiag_line_add(line, "%s", pksdiag_place_name(clue->where));
	}
}

static unsigned int print_clues(const struct pksdiag_record *r)
{
	unsigned int i, nr = 0;

	for (i = 0; i < PKSDIAG_NR_CLUES; i++) {
		const struct pksdiag_clue_at *clue = &r->clues[i];
		struct pksdiag_line line = {};

		if (clue->what == PKSDIAG_CLUE_NONE)
			continue;
		add_place(&line, clue);
		pr_err(" clue: %s 0x%llx in %s\n", pksdiag_clue_name(clue->what),
		       clue->value, line.text);
		nr++;
	}
	return nr;
}

/**
 * pksdiag_report_knowledge - print what else speaks for a cause
 * @r: the record
 *
 * Context: Any, NMI included.
 */
void pksdiag_report_knowledge(const struct pksdiag_record *r)
{
	print_neighbours(r);
	print_handed(r);
	print_lost(r);
	if (!print_clues(r) && (r->flags & PKSDIAG_F_SEARCHED))
		pr_err(" clue: none in the registers and %u words of stack\n",
		       r->stack_words);
}
