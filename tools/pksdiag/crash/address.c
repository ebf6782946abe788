// SPDX-License-Identifier: GPL-2.0
/* pks ADDRESS: what is there, whose it is, and what happened to it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "cmd.h"
#include "extension.h"
#include "facts.h"
#include "list.h"
#include "util.h"

#define PAGE_SHIFT	12

static bool parse_address(const char *text, __u64 *address)
{
	char *end;

	errno = 0;
	*address = strtoull(text, &end, 16);
	return !errno && !*end && end != text && text[0] != '-' && text[0] != '+';
}

/* Sections that open all devices are for no page in particular. */
static bool covers(const struct about *a, const struct pksdiag_owner *o)
{
	__u64 pages = o->nr_pages ? o->nr_pages : 1;

	if (o->kind == PKSDIAG_OWN_SECTION && !o->pfn)
		return a->on_device;
	return a->walk.pfn >= o->pfn && a->walk.pfn - o->pfn < pages;
}

static bool is_section(const struct pksdiag_owner *o)
{
	return o->kind == PKSDIAG_OWN_SECTION;
}

/* The last @max of those that were sections, or that were not, the last first. */
static void find_last(struct about *a, bool sections, size_t max)
{
	const struct ledger *ledger = a->ov.ledger;
	size_t i = ledger->nr;

	while (i-- && max) {
		const struct pksdiag_owner *o = &ledger->v[i];

		if (is_section(o) != sections ||
		    owner_is_mapped(o) || !covers(a, o))
			continue;
		a->owner[a->nr_owners++] = o;
		max--;
	}
}

/* Sections come and go by the thousand: they must not hide what was of this page. */
static void find_owners(struct about *a)
{
	const struct ledger *ledger = a->ov.ledger;
	size_t i;

	a->owner = xmalloc(ledger->nr * sizeof(*a->owner));
	for (i = 0; i < ledger->nr; i++)
		if (owner_is_mapped(&ledger->v[i]) && covers(a, &ledger->v[i]))
			a->owner[a->nr_now++] = &ledger->v[i];
	a->nr_owners = a->nr_now;
	find_last(a, false, ABOUT_LAST);
	find_last(a, true, 1);
}

static bool on_page(const struct about *a, const struct pksdiag_record *r)
{
	if (r->address >> PAGE_SHIFT == a->address >> PAGE_SHIFT)
		return true;
	return a->walk.level && r->flags & PKSDIAG_F_PFN &&
	       r->pfn == a->walk.pfn;
}

static void find_faults(struct about *a)
{
	const struct record_list *list = &a->ov.v->src.records;
	size_t i;

	a->fault = xmalloc(list->nr * sizeof(*a->fault));
	for (i = 0; i < list->nr; i++)
		if (on_page(a, list->v[i].r))
			a->fault[a->nr_faults++] = list->v[i].r;
}

static void find_all(struct about *a)
{
	a->walked = page_walk(a->address, &a->walk);
	a->on_device = a->walk.level &&
		       ledger_place(a->ov.ledger, a->walk.pfn, &a->place);
	owners_find_now(&a->ov);
	if (a->walk.level)
		find_owners(a);
	find_faults(a);
}

static void show(struct about *a)
{
	find_all(a);
	if (a->ov.v->opt->json)
		address_json(a);
	else
		address_text(a);
	free(a->owner);
	free(a->fault);
}

/**
 * about_key - the name of the page's key
 * @a: the address
 *
 * Return: a field of a name, PKSDIAG_NAME_LEN bytes; NULL if nobody has the key.
 */
const char *about_key(const struct about *a)
{
	const struct pksdiag_ring *ring = &a->ov.v->src.ring;

	if (!a->walk.pkey || a->walk.pkey >= ring->nr_keys ||
	    a->walk.pkey >= PKSDIAG_NR_KEYS || !ring->key_name[a->walk.pkey][0])
		return NULL;
	return ring->key_name[a->walk.pkey];
}

/**
 * show_address - pks ADDRESS
 * @opt: the options
 * @text: the address, in hex
 *
 * Return: an exit code.
 */
int show_address(const struct options *opt, const char *text)
{
	struct options with_ledger = *opt;
	int ret = EXIT_ERROR;
	struct view v;
	struct about a = { .ov = { .v = &v, .ledger = &v.src.ledger } };
	__u64 ledger;

	if (!parse_address(text, &a.address))
		return usage_error("'%s' is not an address: hex digits, with or without 0x",
				   text);
	with_ledger.ledger = !memory_symbol(opt->memory, "pksdiag_ledger",
					    &ledger);
	if (!view_open(&v, &with_ledger)) {
		show(&a);
		ret = EXIT_SUCCESS;
	}
	view_close(&v);
	return ret;
}
