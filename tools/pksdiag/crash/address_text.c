// SPDX-License-Identifier: GPL-2.0
/* What is known about an address, in words. */
#include <stdio.h>

#include "address.h"
#include "facts.h"
#include "list.h"
#include "util.h"

static void put_place(const struct about *a)
{
	if (!a->walked)
		fputs("mapped by page tables that cannot be read", stdout);
	else if (!a->walk.level)
		fputs("not mapped by the kernel", stdout);
	else if (!a->on_device)
		fputs("on no protected device", stdout);
	if (!a->on_device)
		return;
	PUT_FIELD(stdout, a->place.device->name);
	printf("%s+0x%llx", a->place.meta ? ":meta" : "",
	       a->place.offset + (a->address & 0xfff));
}

static void put_pkey(const struct about *a)
{
	const char *name = about_key(a);

	printf("pkey %u", a->walk.pkey);
	if (name) {
		fputs(" \"", stdout);
		put_field(stdout, name, PKSDIAG_NAME_LEN);
		putchar('"');
	} else if (a->walk.pkey) {
		fputs(" (allocated to nobody)", stdout);
	}
}

/* The answer. */
static void put_answer(const struct about *a)
{
	printf("0x%llx is ", a->address);
	put_place(a);
	if (a->walk.level) {
		fputs(", ", stdout);
		put_pkey(a);
	}
	if (a->on_device && !a->ov.ledger->head.nr_owners)
		fputs(", mapped by who knows (no ledger)", stdout);
	else if (a->on_device && a->nr_now)
		printf(", mapped by %zu", a->nr_now);
	else if (a->on_device)
		fputs(", mapped by nobody", stdout);
	printf(", %zu fault%s on its page\n", a->nr_faults,
	       a->nr_faults == 1 ? "" : "s");
}

static void put_page(const struct about *a)
{
	if (a->walk.level)
		printf("pfn 0x%llx, %s page, entry 0x%016llx\n", a->walk.pfn,
		       pksdiag_level_name(a->walk.level), a->walk.entry);
}

static void put_owners(const struct about *a, const char *title, size_t from,
		       size_t to)
{
	if (from == to)
		return;
	printf("\n%s\n", title);
	owners_title();
	for (; from < to; from++)
		owners_row(&a->ov, a->owner[from]);
}

static void put_faults(const struct about *a)
{
	size_t i = a->nr_faults > ABOUT_FAULTS ? a->nr_faults - ABOUT_FAULTS : 0;

	if (!a->nr_faults)
		return;
	puts(i ? "\nThe last faults on this page" : "\nFaults on this page");
	list_title();
	for (; i < a->nr_faults; i++)
		list_row(a->ov.v, a->fault[i]);
}

/**
 * address_text - print what is known about an address
 * @a: the address
 */
void address_text(const struct about *a)
{
	put_answer(a);
	put_page(a);
	put_owners(a, "Who has it mapped", 0, a->nr_now);
	put_owners(a, "The last who had", a->nr_now, a->nr_owners);
	put_faults(a);
}
