// SPDX-License-Identifier: GPL-2.0
/* Records and ring headers: nothing of them is believed before it is checked. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "record.h"
#include "util.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "records are little endian, and are used as they are");
_Static_assert(sizeof(struct pksdiag_record) == PKSDIAG_RECORD_SIZE,
	       "the record has holes");
_Static_assert(sizeof(struct pksdiag_slot) == PKSDIAG_SLOT_SIZE,
	       "the slot has holes");

/* What every version of a record starts with. */
struct record_head {
	__u32 magic;
	__u16 version;
	__u16 size;
	__u64 hits;
	__u32 checksum;
};

#define FAIL(d, type, field, ...) \
	defect_set(d, offsetof(type, field), __VA_ARGS__)
#define RING_FAIL(d, field, ...) \
	FAIL(d, struct pksdiag_ring, field, __VA_ARGS__)
#define RECORD_FAIL(d, field, ...) \
	FAIL(d, struct pksdiag_record, field, __VA_ARGS__)

/**
 * defect_set - say what is wrong with some bytes
 * @d: the defect
 * @at: offset of the offending field
 * @fmt: one line
 *
 * Return: false, for checks to return.
 */
bool defect_set(struct defect *d, size_t at, const char *fmt, ...)
{
	va_list args;

	d->at = at;
	va_start(args, fmt);
	vsnprintf(d->what, sizeof(d->what), fmt, args);
	va_end(args);
	return false;
}

static bool ring_check_sizes(const struct pksdiag_ring *ring, struct defect *d)
{
	if (ring->header_size < sizeof(*ring))
		return RING_FAIL(d, header_size,
				 "header size is %u, expected at least %zu",
				 ring->header_size, sizeof(*ring));
	if (ring->record_size < PKSDIAG_RECORD_SIZE ||
	    ring->record_size > RECORD_MAX)
		return RING_FAIL(d, record_size,
				 "record size is %u, expected %u to %u",
				 ring->record_size, PKSDIAG_RECORD_SIZE,
				 RECORD_MAX);
	if (ring->nr_counters > ARRAY_SIZE(ring->counters))
		return RING_FAIL(d, nr_counters,
				 "%u counters, expected at most %zu",
				 ring->nr_counters, ARRAY_SIZE(ring->counters));
	if (ring->nr_keys > PKSDIAG_NR_KEYS)
		return RING_FAIL(d, nr_keys, "%u keys, expected at most %u",
				 ring->nr_keys, PKSDIAG_NR_KEYS);
	return true;
}

/**
 * ring_check - can this ring header be used
 * @data: the header; no alignment needed
 * @len: bytes there are
 * @d: out: why not
 *
 * Return: true if so.
 */
bool ring_check(const void *data, size_t len, struct defect *d)
{
	struct pksdiag_ring ring = {};

	memcpy(&ring, data, min_size(len, sizeof(ring)));
	if (len < sizeof(ring))
		return defect_set(d, len,
				  "the ring header ends after %zu bytes, expected %zu (cut off?)",
				  len, sizeof(ring));
	if (ring.magic != PKSDIAG_RING_MAGIC)
		return RING_FAIL(d, magic,
				 "no ring header: magic is 0x%08x, expected 0x%08x",
				 ring.magic, PKSDIAG_RING_MAGIC);
	if (ring.version > PKSDIAG_VERSION)
		return RING_FAIL(d, version,
				 "the ring has version %u, this pksdiag knows %u: use a newer pksdiag",
				 ring.version, PKSDIAG_VERSION);
	if (!ring.version)
		return RING_FAIL(d, version, "the ring has version 0, expected %u",
				 PKSDIAG_VERSION);
	return ring_check_sizes(&ring, d);
}

static bool span_ok(__u64 base, __u64 nr, __u64 size)
{
	return !nr || (base && base + nr * size > base);
}

/**
 * ring_check_slots - can the slots be read that this header describes
 * @ring: a header that ring_check() passed
 * @d: out: why not
 *
 * Return: true if so.
 */
bool ring_check_slots(const struct pksdiag_ring *ring, struct defect *d)
{
	size_t least = offsetof(struct pksdiag_slot, record) + ring->record_size;
	__u32 nr = ring->nr_slots;

	if (ring->slot_size < least || ring->slot_size > SLOT_MAX ||
	    ring->slot_size % sizeof(__u64))
		return RING_FAIL(d, slot_size,
				 "slot size is %u, expected %zu to %u, in words",
				 ring->slot_size, least, SLOT_MAX);
	if (!nr || (nr & (nr - 1)) || nr > SLOTS_MAX)
		return RING_FAIL(d, nr_slots,
				 "%u slots, expected a power of two up to %u",
				 nr, SLOTS_MAX);
	if (ring->nr_firsts > SLOTS_MAX)
		return RING_FAIL(d, nr_firsts,
				 "%u first slots, expected at most %u",
				 ring->nr_firsts, SLOTS_MAX);
	if (!span_ok(ring->slots, nr, ring->slot_size))
		return RING_FAIL(d, slots, "slots at 0x%llx: no such range",
				 ring->slots);
	if (!span_ok(ring->firsts, ring->nr_firsts, ring->slot_size))
		return RING_FAIL(d, firsts, "firsts at 0x%llx: no such range",
				 ring->firsts);
	return true;
}

static __u32 record_checksum(const unsigned char *bytes, size_t size)
{
	size_t flags = offsetof(struct pksdiag_record, flags);

	return XXH64(bytes + flags, size - flags, 0);
}

static bool record_check_head(const struct record_head *head, struct defect *d)
{
	if (head->magic != PKSDIAG_RECORD_MAGIC)
		return RECORD_FAIL(d, magic,
				   "no record: magic is 0x%08x, expected 0x%08x",
				   head->magic, PKSDIAG_RECORD_MAGIC);
	if (head->version > PKSDIAG_VERSION)
		return RECORD_FAIL(d, version,
				   "the record has version %u, this pksdiag knows %u: use a newer pksdiag",
				   head->version, PKSDIAG_VERSION);
	if (!head->version)
		return RECORD_FAIL(d, version,
				   "the record has version 0, expected %u",
				   PKSDIAG_VERSION);
	if (head->size < PKSDIAG_RECORD_SIZE)
		return RECORD_FAIL(d, size,
				   "the record has %u bytes, expected at least %u",
				   head->size, PKSDIAG_RECORD_SIZE);
	return true;
}

/**
 * record_check - can this record be believed
 * @data: the record; no alignment needed
 * @len: bytes there are
 * @d: out: why not
 *
 * Return: true if so: @data then has as many bytes as the record says.
 */
bool record_check(const void *data, size_t len, struct defect *d)
{
	struct record_head head = {};
	__u32 sum;

	memcpy(&head, data, min_size(len, sizeof(head)));
	if (len < sizeof(head))
		return defect_set(d, len,
				  "the record ends after %zu bytes, expected %u (cut off?)",
				  len, PKSDIAG_RECORD_SIZE);
	if (!record_check_head(&head, d))
		return false;
	if (len < head.size)
		return defect_set(d, len,
				  "the record ends after %zu bytes, expected %u (cut off?)",
				  len, head.size);
	sum = record_checksum(data, head.size);
	if (sum != head.checksum)
		return RECORD_FAIL(d, checksum,
				   "bad checksum: the record says 0x%08x, its bytes give 0x%08x",
				   head.checksum, sum);
	return true;
}

/**
 * record_claimed_size - what a record says about its size
 * @data: a record that may be bad; no alignment needed
 * @len: bytes there are
 *
 * Return: the size, 0 if it cannot be one.
 */
size_t record_claimed_size(const void *data, size_t len)
{
	struct record_head head;

	if (len < sizeof(head))
		return 0;
	memcpy(&head, data, sizeof(head));
	if (head.magic != PKSDIAG_RECORD_MAGIC || head.size < sizeof(head))
		return 0;
	return head.size;
}

/**
 * record_stack_nr - entries of the stack that can be read
 * @r: a record
 *
 * Return: at most PKSDIAG_STACK_LEN, whatever the record says.
 */
unsigned int record_stack_nr(const struct pksdiag_record *r)
{
	return min_size(r->stack_nr, PKSDIAG_STACK_LEN);
}

/**
 * record_insn_nr - bytes of the instruction
 * @r: a record
 *
 * Return: its length; if it was not decodable, all bytes that there are.
 */
unsigned int record_insn_nr(const struct pksdiag_record *r)
{
	if (!(r->flags & PKSDIAG_F_INSN))
		return 0;
	if (!r->insn_len)
		return PKSDIAG_INSN_LEN;
	return min_size(r->insn_len, PKSDIAG_INSN_LEN);
}

/**
 * record_in_module - is some code in the module of a record
 * @r: the record
 * @address: of the code
 *
 * Return: true if the record has a module, and the code is in its text.
 */
bool record_in_module(const struct pksdiag_record *r, __u64 address)
{
	return (r->flags & PKSDIAG_F_MODULE) && address >= r->module_base &&
	       address - r->module_base < r->module_size;
}

/**
 * record_list_add - take a copy of a record
 * @list: where to
 * @data: a record that record_check() passed
 * @size: its size
 *
 * Return: the copy, aligned.
 */
struct pksdiag_record *record_list_add(struct record_list *list,
				       const void *data, size_t size)
{
	struct record_entry *entry;

	if (list->nr == list->room) {
		list->room = list->room ? 2 * list->room : 16;
		list->v = xrealloc(list->v, list->room * sizeof(*list->v));
	}
	entry = &list->v[list->nr];
	entry->r = xmalloc(size);
	entry->order = list->nr++;
	memcpy(entry->r, data, size);
	return entry->r;
}

static int entry_cmp(const void *a, const void *b)
{
	const struct record_entry *x = a, *y = b;

	if (x->r->seq != y->r->seq)
		return x->r->seq < y->r->seq ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/**
 * record_list_sort - order by sequence, and drop duplicates
 * @list: of records with the same sequence, the one added first stays
 */
void record_list_sort(struct record_list *list)
{
	size_t i, kept = 0;

	if (!list->nr)
		return;
	qsort(list->v, list->nr, sizeof(*list->v), entry_cmp);
	for (i = 1; i < list->nr; i++) {
		if (list->v[i].r->seq == list->v[kept].r->seq)
			free(list->v[i].r);
		else
			list->v[++kept] = list->v[i];
	}
	list->nr = kept + 1;
}

/**
 * record_list_free - free the records
 * @list: empty afterwards
 */
void record_list_free(struct record_list *list)
{
	size_t i;

	for (i = 0; i < list->nr; i++)
		free(list->v[i].r);
	free(list->v);
	memset(list, 0, sizeof(*list));
}

static int u64_cmp(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/**
 * record_list_signatures - how many different faults are in a list
 * @list: the list
 *
 * Return: the number of distinct pksdiag_signature() values.
 */
size_t record_list_signatures(const struct record_list *list)
{
	__u64 *v = xmalloc(list->nr * sizeof(*v));
	size_t i, nr = 0;

	for (i = 0; i < list->nr; i++)
		v[i] = pksdiag_signature(list->v[i].r);
	qsort(v, list->nr, sizeof(*v), u64_cmp);
	for (i = 0; i < list->nr; i++)
		nr += !i || v[i] != v[i - 1];
	free(v);
	return nr;
}

/**
 * build_id_known - is this a build id
 * @id: PKSDIAG_BUILD_ID_LEN bytes
 *
 * Return: false if they are all 0: the kernel did not know it.
 */
bool build_id_known(const __u8 *id)
{
	static const __u8 none[PKSDIAG_BUILD_ID_LEN];

	return memcmp(id, none, sizeof(none));
}
