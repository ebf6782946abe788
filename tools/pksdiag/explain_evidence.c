// SPDX-License-Identifier: GPL-2.0
/* Of an explanation: who mapped what, who knows the page, what decided. */
#include <stdlib.h>

#include "explain.h"
#include "facts.h"
#include "phrase.h"
#include "util.h"

static void put_when(const struct pksdiag_record *r, __u64 ns)
{
	fputs(", ", stdout);
	put_duration(stdout, fact_ago(r, ns));
	fputs(" before the access (at ", stdout);
	put_time(stdout, ns);
	puts(" s)");
}

static void put_by(const char *label, const struct view *v,
		   const struct pksdiag_record *r, __u64 ip)
{
	put_label(label);
	put_code(stdout, r, view_return(v, r, ip));
}

static void put_task(const char *comm, __u32 pid)
{
	put_label("");
	fputs("  task ", stdout);
	put_field(stdout, comm, PKSDIAG_NAME_LEN);
	printf(" (pid %u)", pid);
}

static void put_callers(const struct view *v, const struct pksdiag_record *r)
{
	unsigned int i;

	for (i = 0; i < PKSDIAG_STACK_MAP_LEN && r->owner_stack[i]; i++) {
		put_label("");
		fputs("  called by ", stdout);
		put_code(stdout, r, view_return(v, r, r->owner_stack[i]));
		putchar('\n');
	}
}

static void put_owner(const struct view *v, const struct pksdiag_record *r)
{
	put_by("mapped by", v, r, r->owner_ip);
	put_when(r, r->owner_ns);
	put_task(r->owner_comm, r->owner_pid);
	printf("%s, CPU %u, %s context, grant %u of this key\n",
	       r->owner_task == r->task ? ", the same as here" : "",
	       r->owner_cpu, pksdiag_context_name(r->owner_context),
	       r->owner_nest);
	put_callers(v, r);
	if (fact_unmapped(r)) {
		put_by("unmapped by", v, r, r->unmap_ip);
		printf(", pid %u", r->unmap_pid);
		put_when(r, r->unmap_ns);
	} else {
		put_label("unmapped");
		puts("no");
	}
}

static void put_no_owner(const struct pksdiag_record *r)
{
	put_label("mapped by");
	if (!(r->flags & PKSDIAG_F_LEDGER))
		puts("not known: there was no ledger of mappings");
	else if (r->forgot)
		printf("nobody that the ledger knows of; it forgot %u that may be of this page\n",
		       r->forgot);
	else
		puts("nobody, by the ledger");
}

static void put_neighbour(const struct view *v, const struct pksdiag_record *r)
{
	unsigned int bytes = fact_beyond(r);

	if (!(r->flags & PKSDIAG_F_NEAR))
		return;
	put_label("neighbour");
	printf("pfn 0x%llx, the page %s: %s by ", r->near_pfn,
	       fact_side_name(fact_side(r)),
	       pksdiag_mapping_name(r->near_mapping));
	put_code(stdout, r, view_return(v, r, r->near_ip));
	putchar('\n');
	put_label("");
	printf("  the access is %u byte%s %s\n", bytes, bytes == 1 ? "" : "s",
	       fact_side(r) < 0 ? "behind its end" : "before its start");
}

static void put_open(const struct pksdiag_record *r)
{
	bool before = r->flags & PKSDIAG_F_BEFORE_OPEN;
	bool after = r->flags & PKSDIAG_F_AFTER_OPEN;

	if (!before && !after)
		return;
	put_label("accessible");
	printf("%s%s%s\n", before ? "the page before" : "",
	       before && after ? ", " : "", after ? "the page behind" : "");
}

static void put_handed(const struct view *v, const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_HANDED))
		return;
	put_by("handed out", v, r, r->handed_ip);
	put_when(r, r->handed_ns);
	put_task(r->handed_comm, r->handed_pid);
	printf(", by dax_direct_access(): %llu page%s at 0x%llx\n",
	       r->handed_pages, r->handed_pages == 1 ? "" : "s",
	       r->handed_addr);
}

static void put_lost(const struct view *v, const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_LOST))
		return;
	put_by("lost", v, r, r->lost_ip);
	put_when(r, r->lost_ns);
	put_label("");
	printf("  unmapped pfn 0x%llx there, which was not mapped\n",
	       r->lost_pfn);
}

/**
 * explain_mapping - who has or had access to the page and its neighbours
 * @v: the view
 * @r: the record
 */
void explain_mapping(const struct view *v, const struct pksdiag_record *r)
{
	put_label("mapping");
	fputs(pksdiag_mapping_name(r->mapping), stdout);
	puts(r->flags & PKSDIAG_F_SECTION ? ", a section" : "");
	if (r->flags & PKSDIAG_F_OWNER)
		put_owner(v, r);
	else
		put_no_owner(r);
	put_neighbour(v, r);
	put_open(r);
	put_handed(v, r);
	put_lost(v, r);
}

/**
 * explain_clues - who knows the page
 * @v: the view
 * @r: the record
 */
void explain_clues(const struct view *v, const struct pksdiag_record *r)
{
	const char *label = "clues";
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_CLUES; i++) {
		if (r->clues[i].what == PKSDIAG_CLUE_NONE)
			continue;
		put_label(label);
		label = "";
		put_clue(stdout, v, r, &r->clues[i]);
		puts(pksdiag_clue_is_near(&r->clues[i]) ? "" : " (far)");
	}
	put_label(label);
	printf("%s%s the stack was searched, %u word%s\n",
	       *label ? "none; " : "",
	       r->flags & PKSDIAG_F_SEARCHED ? "all of" : "not all of",
	       r->stack_words, r->stack_words == 1 ? "" : "s");
}

/**
 * explain_because - the verdict, and what it rests on
 * @v: the view
 * @r: the record
 */
void explain_because(const struct view *v, const struct pksdiag_record *r)
{
	unsigned int ours = pksdiag_verdict(r), i;

	put_label("verdict");
	printf("%s, %s", pksdiag_verdict_name(r->verdict),
	       pksdiag_confidence_name(r->confidence));
	if (ours != r->verdict)
		printf(" by the kernel; by this pksdiag's rules %s",
		       pksdiag_verdict_name(ours));
	puts(r->because ? ", because:" : "");
	for (i = 0; i < 64; i++) {
		char *reason;

		if (!(r->because >> i & 1))
			continue;
		reason = phrase_because(v, r, i);
		put_wrapped("                 - ", 19, reason);
		free(reason);
	}
}
