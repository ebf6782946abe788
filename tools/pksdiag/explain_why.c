// SPDX-License-Identifier: GPL-2.0
/* The other parts of an explanation: why it was denied, and what to do. */
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "explain.h"
#include "facts.h"
#include "phrase.h"
#include "util.h"

#define PAGE_SHIFT	12

/* A bit of a number, and its name. */
struct bit {
	unsigned int nr;
	const char *name;
};

/* Of the error code of a page fault: SDM vol. 3A, 4.7. */
static const struct bit error_bits[] = {
	{ 0, "protection" }, { 1, "write" }, { 2, "user" }, { 3, "reserved bit" },
	{ 4, "instruction fetch" }, { 5, "protection key" },
};

/* Of a page-table entry: SDM vol. 3A, 4.5. */
static const struct bit pte_bits[] = {
	{ 0, "present" }, { 1, "writable" }, { 2, "user" }, { 5, "accessed" },
	{ 6, "dirty" }, { 8, "global" }, { 63, "no execute" },
};

static void put_bits(__u64 value, const struct bit *bits, size_t nr)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!(value >> bits[i].nr & 1))
			continue;
		printf("%s%s", comma, bits[i].name);
		comma = ", ";
	}
	putchar('\n');
}

static void why_key(const struct pksdiag_record *r)
{
	put_label("key");
	put_key(stdout, r);
	if (r->flags & PKSDIAG_F_DEVICE) {
		fputs(", ", stdout);
		PUT_FIELD(stdout, r->device);
		printf(" has pkey %u", r->device_pkey);
	}
	putchar('\n');
	if (!(r->flags & PKSDIAG_F_PFN))
		return;
	put_label("page table");
	printf("%s page, entry 0x%016llx: ", pksdiag_level_name(r->level),
	       r->pte);
	put_bits(r->pte, pte_bits, ARRAY_SIZE(pte_bits));
}

static void why_pkrs(const struct pksdiag_record *r)
{
	static const char * const whose[] = {
		"  IA32_PKRS when it faulted", "  what the thread had asked for",
		"  what is granted to all",
	};
	const __u32 values[] = { r->pkrs, r->pkrs_thread, r->pkrs_global };
	size_t i;

	put_label("PKRS");
	if ((r->flags & PKSDIAG_F_PKRS) && (r->flags & PKSDIAG_F_PFN))
		printf("rights of pkey %u:\n", r->pkey);
	else
		puts("not known");
	if (!(r->flags & PKSDIAG_F_PKRS))
		return;
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		put_label("");
		printf("%-34s", whose[i]);
		if (r->flags & PKSDIAG_F_PFN)
			put_rights(stdout, values[i], r->pkey);
		else
			printf("0x%08x", values[i]);
		putchar('\n');
	}
}

static bool in_page(const struct pksdiag_record *r, __u64 value)
{
	return value >> PAGE_SHIFT == r->address >> PAGE_SHIFT;
}

static void why_regs(const struct pksdiag_record *r)
{
	const char *label = "registers";
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_REGS; i++) {
		if (!in_page(r, r->regs[i]))
			continue;
		put_label(label);
		label = "";
		printf("%s = 0x%llx: %s\n", pksdiag_reg_name(i), r->regs[i],
		       r->regs[i] == r->address ? "the address itself" :
		       "in the same page");
	}
	if (!*label)
		return;
	put_label(label);
	puts("none points into the page");
}

/**
 * explain_why - why the access was denied
 * @v: the view
 * @r: the record
 */
void explain_why(const struct view *v, const struct pksdiag_record *r)
{
	put_title(v, "Why it was denied");
	why_key(r);
	why_pkrs(r);
	explain_mapping(v, r);
	put_label("error code");
	printf("0x%llx: ", r->error_code);
	put_bits(r->error_code, error_bits, ARRAY_SIZE(error_bits));
	why_regs(r);
	explain_clues(v, r);
	explain_because(v, r);
	put_label("resolution");
	printf("%s: %s\n", pksdiag_resolution_name(r->resolution),
	       advice_resolution(r));
}

/**
 * explain_risk - would the access have damaged data
 * @r: the record
 */
void explain_risk(const struct pksdiag_record *r)
{
	char first[40];

	snprintf(first, sizeof(first), "data at risk? %s: ", advice_at_risk(r));
	put_wrapped(first, 4, advice_risk_why(r));
}

static void put_phrase(const struct view *v, const struct pksdiag_record *r,
		       const char *first, int indent, const char *text)
{
	char *said = phrase(v, r, text);

	put_wrapped(first, indent, said);
	free(said);
}

/**
 * explain_what - what to do about it
 * @v: the view
 * @r: the record
 */
void explain_what(const struct view *v, const struct pksdiag_record *r)
{
	const struct advice *advice = advice_for(r);
	char first[16];
	int i;

	put_title(v, "What to do");
	put_phrase(v, r, "    cause: ", 7, advice->cause);
	for (i = 0; i < ADVICE_STEPS && advice->steps[i]; i++) {
		snprintf(first, sizeof(first), "    %d. ", i + 1);
		put_phrase(v, r, first, 7, advice->steps[i]);
	}
}
