// SPDX-License-Identifier: GPL-2.0
/* The ledger of mappings: nothing of it is believed before it is checked. */
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "util.h"

_Static_assert(sizeof(struct pksdiag_owner) == PKSDIAG_OWNER_SIZE,
	       "the entry has holes");

#define PAGE_SHIFT	12

#define HEAD_FAIL(d, field, ...) \
	defect_set(d, offsetof(struct pksdiag_ledger, field), __VA_ARGS__)
#define OWNER_FAIL(d, field, ...) \
	defect_set(d, offsetof(struct pksdiag_owner, field), __VA_ARGS__)

/* === The header =========================================================== */

static bool check_counts(const struct pksdiag_ledger *head, struct defect *d)
{
	if (head->nr_owners > OWNERS_MAX)
		return HEAD_FAIL(d, nr_owners, "%u entries, expected at most %u",
				 head->nr_owners, OWNERS_MAX);
	if (head->nr_handouts > head->nr_owners)
		return HEAD_FAIL(d, nr_handouts,
				 "%u hand-outs, expected at most %u",
				 head->nr_handouts, head->nr_owners);
	if (head->nr_counters > ARRAY_SIZE(head->counters))
		return HEAD_FAIL(d, nr_counters,
				 "%u counters, expected at most %zu",
				 head->nr_counters, ARRAY_SIZE(head->counters));
	if (head->nr_devices > ARRAY_SIZE(head->devices))
		return HEAD_FAIL(d, nr_devices,
				 "%u devices, expected at most %zu",
				 head->nr_devices, ARRAY_SIZE(head->devices));
	return true;
}

static bool check_head(const struct pksdiag_ledger *head, struct defect *d)
{
	if (head->magic != PKSDIAG_LEDGER_MAGIC)
		return HEAD_FAIL(d, magic,
				 "no ledger: magic is 0x%08x, expected 0x%08x",
				 head->magic, PKSDIAG_LEDGER_MAGIC);
	if (!head->version || head->version > PKSDIAG_VERSION)
		return HEAD_FAIL(d, version,
				 "the ledger has version %u, this pksdiag knows %u%s",
				 head->version, PKSDIAG_VERSION,
				 head->version ? ": use a newer pksdiag" : "");
	if (head->header_size < sizeof(*head))
		return HEAD_FAIL(d, header_size,
				 "header size is %u, expected at least %zu",
				 head->header_size, sizeof(*head));
	if (head->owner_size < PKSDIAG_OWNER_SIZE ||
	    head->owner_size > OWNER_MAX || head->owner_size % sizeof(__u64))
		return HEAD_FAIL(d, owner_size,
				 "entry size is %u, expected %u to %u, in words",
				 head->owner_size, PKSDIAG_OWNER_SIZE, OWNER_MAX);
	if (head->nr_owners && !head->clock.khz)
		return HEAD_FAIL(d, clock, "the clock has 0 kHz");
	return check_counts(head, d);
}

/**
 * ledger_set - check and take the header
 * @ledger: where to
 * @head: the header
 * @d: out: why not
 *
 * Return: true if it is good.
 */
bool ledger_set(struct ledger *ledger, const struct pksdiag_ledger *head,
		struct defect *d)
{
	if (!check_head(head, d))
		return false;
	ledger->head = *head;
	return true;
}

/**
 * ledger_check_owners - can the entries be read that the header describes
 * @head: a header that ledger_set() took
 * @d: out: why not
 *
 * Return: true if so.
 */
bool ledger_check_owners(const struct pksdiag_ledger *head, struct defect *d)
{
	__u64 bytes = (__u64)head->nr_owners * head->owner_size;

	if (!bytes || head->owners + bytes > bytes)
		return true;
	return HEAD_FAIL(d, owners, "entries at 0x%llx: no such range",
			 head->owners);
}

/* === The entries ========================================================== */

static bool check_owner(const struct pksdiag_owner *o, struct defect *d)
{
	if ((o->state & PKSDIAG_STATE_MASK) != PKSDIAG_STATE_COMMITTED)
		return OWNER_FAIL(d, state, "state word 0x%llx has no meaning",
				  o->state);
	if (o->pfn >> (64 - PAGE_SHIFT))
		return OWNER_FAIL(d, pfn, "0x%llx is no page frame", o->pfn);
	if (o->kind >= PKSDIAG_NR_OWN)
		return OWNER_FAIL(d, kind, "kind %u is not known", o->kind);
	if (o->type >= PKSDIAG_NR_MAP)
		return OWNER_FAIL(d, type, "mapping type %u is not known",
				  o->type);
	if (o->context >= PKSDIAG_NR_CTX)
		return OWNER_FAIL(d, context, "context %u is not known",
				  o->context);
	return true;
}

/* From here on its times are ns of CLOCK_MONOTONIC. */
static void keep(struct ledger *ledger, const struct pksdiag_owner *o)
{
	const struct pksdiag_clock *clock = &ledger->head.clock;
	struct pksdiag_owner *kept;

	if (ledger->nr == ledger->room) {
		ledger->room = ledger->room ? 2 * ledger->room : 64;
		ledger->v = xrealloc(ledger->v,
				     ledger->room * sizeof(*ledger->v));
	}
	kept = &ledger->v[ledger->nr++];
	*kept = *o;
	kept->map_time = pksdiag_clock_ns(clock, o->map_time);
	kept->unmap_time = pksdiag_clock_ns(clock, o->unmap_time);
}

/**
 * ledger_add - take an entry, if it is in use and good
 * @ledger: where to
 * @nr: its index
 * @entry: as many bytes as the header says; no alignment needed
 */
void ledger_add(struct ledger *ledger, __u32 nr, const void *entry)
{
	struct pksdiag_owner o;
	struct defect d;

	memcpy(&o, entry, sizeof(o));
	switch (o.state & PKSDIAG_STATE_MASK) {
	case PKSDIAG_STATE_FREE:
		return;
	case PKSDIAG_STATE_WRITING:
		ledger->writing++;
		return;
	}
	if (check_owner(&o, &d)) {
		keep(ledger, &o);
		return;
	}
	if (!ledger->bad++) {
		ledger->bad_nr = nr;
		ledger->defect = d;
	}
}

static int owner_cmp(const void *a, const void *b)
{
	__u64 x = owner_ns(a), y = owner_ns(b);

	if (x != y)
		return x < y ? -1 : 1;
	x = ((const struct pksdiag_owner *)a)->pfn;
	y = ((const struct pksdiag_owner *)b)->pfn;
	return x < y ? -1 : x > y;
}

/**
 * ledger_finish - put entries in order, and say which are missing
 * @ledger: with all that ledger_add() took
 * @name: where it is from
 */
void ledger_finish(struct ledger *ledger, const char *name)
{
	if (ledger->nr)
		qsort(ledger->v, ledger->nr, sizeof(*ledger->v), owner_cmp);
	if (ledger->writing)
		pr_warn("%s: %u of %u entries of the ledger were just being written: skipped",
			name, ledger->writing, ledger->head.nr_owners);
	if (ledger->bad)
		pr_err("%s: %u of %u entries of the ledger are damaged; the first is entry %u: offset 0x%zx: %s",
		       name, ledger->bad, ledger->head.nr_owners, ledger->bad_nr,
		       ledger->defect.at, ledger->defect.what);
}

/**
 * ledger_free - free the entries
 * @ledger: empty afterwards
 */
void ledger_free(struct ledger *ledger)
{
	free(ledger->v);
	memset(ledger, 0, sizeof(*ledger));
}

/* === What they say ======================================================== */

/**
 * owner_is_mapped - does an entry give access now
 * @o: the entry
 *
 * Return: true for a mapping that nobody unmapped, or a section that is open.
 */
bool owner_is_mapped(const struct pksdiag_owner *o)
{
	return !o->unmap_time && (o->kind == PKSDIAG_OWN_PAGE ||
				o->kind == PKSDIAG_OWN_SECTION);
}

/* An unmap of what was not mapped has no time of mapping. */
static bool only_unmap(const struct pksdiag_owner *o)
{
	return o->kind == PKSDIAG_OWN_LOST && o->unmap_time;
}

/**
 * owner_ns - when what an entry stands for began
 * @o: the entry
 *
 * Return: ns of CLOCK_MONOTONIC.
 */
__u64 owner_ns(const struct pksdiag_owner *o)
{
	return only_unmap(o) ? o->unmap_time : o->map_time;
}

/**
 * owner_ip - the code that did it
 * @o: the entry
 *
 * Return: its return address.
 */
__u64 owner_ip(const struct pksdiag_owner *o)
{
	return only_unmap(o) ? o->unmap_ip : o->map_ip;
}

/**
 * owner_pid - the task that did it
 * @o: the entry
 *
 * Return: its thread id.
 */
__u32 owner_pid(const struct pksdiag_owner *o)
{
	return only_unmap(o) ? o->unmap_pid : o->map_pid;
}

/**
 * ledger_dropped - mappings that found no room
 * @ledger: the ledger
 *
 * Return: how many are not in it.
 */
__u64 ledger_dropped(const struct ledger *ledger)
{
	const struct pksdiag_ledger *head = &ledger->head;

	return head->nr_counters > PKSDIAG_L_DROPPED ?
	       head->counters[PKSDIAG_L_DROPPED] : 0;
}

/**
 * ledger_newest - the newest time that the ledger knows of
 * @ledger: the ledger
 *
 * Return: ns of CLOCK_MONOTONIC.
 */
__u64 ledger_newest(const struct ledger *ledger)
{
	__u64 newest = ledger->head.clock.ns;
	size_t i;

	for (i = 0; i < ledger->nr; i++) {
		const struct pksdiag_owner *o = &ledger->v[i];

		if (o->map_time > newest)
			newest = o->map_time;
		if (o->unmap_time > newest)
			newest = o->unmap_time;
	}
	return newest;
}

/**
 * ledger_place - which device a page is on
 * @ledger: the ledger
 * @pfn: the page frame, one that ledger_add() accepts
 * @place: out
 *
 * Return: true if it is on a device that was protected.
 */
bool ledger_place(const struct ledger *ledger, __u64 pfn, struct place *place)
{
	__u64 phys = pfn << PAGE_SHIFT;
	__u32 i;

	for (i = 0; i < ledger->head.nr_devices; i++) {
		const struct pksdiag_device *device = &ledger->head.devices[i];
		__u64 from = phys - device->start;

		if (phys < device->start || from >= device->size)
			continue;
		place->device = device;
		place->meta = device->offset < 0 && from < -(__u64)device->offset;
		place->offset = place->meta ? from : from + device->offset;
		return true;
	}
	return false;
}
