// SPDX-License-Identifier: GPL-2.0
/*
 * Records from a kernel's memory. A symbol leads to the ring, the ring describes
 * itself: no debug info is needed. All of it may be damaged.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "memory.h"
#include "source.h"
#include "util.h"

/**
 * struct slots - one of the ring's two arrays
 * @array: where it is
 * @src: where its records go
 * @what: its name, for messages
 * @firsts: it is the one that keeps first records, and counts hits
 * @used: slots that are not free
 */
struct slots {
	struct memory_array array;
	struct source *src;
	const char *what;
	bool firsts;
	__u32 used;
};

static void say_no_ring(struct memory *mem)
{
	char *release = mem->ops->release(mem);

	pr_err("%s: no pksdiag_ring in %s: this kernel (%s) had no CONFIG_PKSDIAG, so there are no PKS records",
	       mem->name, mem->symbols, release ? release : "release unknown");
	free(release);
}

static int read_ring(struct memory *mem, struct source *src)
{
	struct pksdiag_ring ring;
	__u64 addr;
	struct defect d;

	if (memory_symbol(mem, "pksdiag_ring", &addr)) {
		say_no_ring(mem);
		return -1;
	}
	if (memory_read(mem, addr, &ring, sizeof(ring))) {
		pr_err("%s: cannot read the ring header at 0x%llx (cut off?): %s",
		       src->name, addr, mem->ops->why(mem));
		return -1;
	}
	if (source_set_ring(src, &ring, sizeof(ring), &d) &&
	    ring_check_slots(&src->ring, &d))
		return 0;
	pr_err("%s: ring header at 0x%llx: offset 0x%zx: %s", src->name,
	       addr, d.at, d.what);
	return -1;
}

static void take_record(const struct slots *slots, __u32 nr,
			const struct pksdiag_slot *slot, __u64 seq)
{
	struct source *src = slots->src;
	struct pksdiag_record *r;
	struct defect d;

	if (!record_check(&slot->record, src->ring.record_size, &d)) {
		pr_err("%s: %s %u at 0x%llx: offset 0x%zx: %s", src->name,
		       slots->what, nr,
		       slots->array.base + (__u64)nr * slots->array.size,
		       offsetof(struct pksdiag_slot, record) + d.at, d.what);
		return;
	}
	if (slot->record.seq != seq) {
		pr_err("%s: %s %u: its state says record %llu, the record says %llu",
		       src->name, slots->what, nr, seq, slot->record.seq);
		return;
	}
	r = source_add(src, &slot->record);
	if (slots->firsts)
		r->hits = slot->hits;
}

/*
 * The record of a slot whose next writer found it busy: it has left the window
 * of the ring, and the live reader does not show it, either.
 */
static bool is_left_over(const struct slots *slots, __u64 seq)
{
	const struct pksdiag_ring *ring = &slots->src->ring;

	return !slots->firsts && seq < ring->head &&
	       ring->head - seq >= ring->nr_slots;
}

static void take_slot(struct memory_array *array, __u32 nr, const void *item)
{
	struct slots *slots = (struct slots *)array;
	const struct pksdiag_slot *slot = item;
	__u64 seq = slot->state >> PKSDIAG_STATE_SHIFT;

	switch (slot->state & PKSDIAG_STATE_MASK) {
	case PKSDIAG_STATE_FREE:
		return;
	case PKSDIAG_STATE_COMMITTED:
		if (!is_left_over(slots, seq))
			take_record(slots, nr, slot, seq);
		break;
	case PKSDIAG_STATE_WRITING:
		pr_warn("%s: %s %u: record %llu was being written when the machine stopped: skipped",
			slots->src->name, slots->what, nr, seq);
		break;
	default:
		pr_err("%s: %s %u: state word 0x%llx has no meaning",
		       slots->src->name, slots->what, nr, slot->state);
	}
	slots->used++;
}

/* Slots that the head says were used, but that are zeroed. */
static void check_used(const struct source *src, const struct slots *slots)
{
	const struct pksdiag_ring *ring = &src->ring;
	__u64 expected = ring->head < ring->nr_slots ? ring->head : ring->nr_slots;
	__u64 seen = slots->used + slots->array.unreadable;

	expected -= min_size(expected, ring->counters[PKSDIAG_C_DROP_BUSY]);
	if (seen < expected)
		pr_err("%s: %llu of %llu used ring slots are empty: the dump is damaged, or pages were filtered out",
		       src->name, expected - seen, expected);
}

static void read_slots(struct memory *mem, struct slots *slots, __u64 base,
		       __u32 nr)
{
	slots->array.base = base;
	slots->array.nr = nr;
	slots->array.size = slots->src->ring.slot_size;
	slots->array.take = take_slot;
	memory_read_array(mem, &slots->array);
}

/* The firsts come first: their copy of a record has the hits. */
static void read_records(struct memory *mem, struct source *src)
{
	const struct pksdiag_ring *ring = &src->ring;
	struct slots firsts = {
		.array.what = "first slots", .src = src, .what = "first slot",
		.firsts = true,
	};
	struct slots slots = {
		.array.what = "ring slots", .src = src, .what = "ring slot",
	};

	if (!ring->head)
		return;
	read_slots(mem, &firsts, ring->firsts, ring->nr_firsts);
	read_slots(mem, &slots, ring->slots, ring->nr_slots);
	check_used(src, &slots);
}

/* The ledger's entries, on their way into the ledger. */
struct owners {
	struct memory_array array;
	struct ledger *ledger;
};

static void take_owner(struct memory_array *array, __u32 nr, const void *item)
{
	ledger_add(((struct owners *)array)->ledger, nr, item);
}

static void read_owners(struct memory *mem, struct ledger *ledger)
{
	struct owners owners = {
		.array = {
			.what = "entries of the ledger",
			.base = ledger->head.owners,
			.nr = ledger->head.nr_owners,
			.size = ledger->head.owner_size,
			.take = take_owner,
		},
		.ledger = ledger,
	};

	if (ledger->head.nr_owners)
		memory_read_array(mem, &owners.array);
	ledger_finish(ledger, mem->name);
}

static int read_ledger(struct memory *mem, struct ledger *ledger)
{
	struct pksdiag_ledger head;
	__u64 addr;
	struct defect d;

	if (memory_symbol(mem, "pksdiag_ledger", &addr)) {
		pr_err("%s: no pksdiag_ledger in %s: this kernel kept no ledger of mappings",
		       mem->name, mem->symbols);
		return -1;
	}
	if (memory_read(mem, addr, &head, sizeof(head))) {
		pr_err("%s: cannot read the ledger at 0x%llx (cut off?): %s",
		       mem->name, addr, mem->ops->why(mem));
		return -1;
	}
	if (!ledger_set(ledger, &head, &d) ||
	    !ledger_check_owners(&ledger->head, &d)) {
		pr_err("%s: ledger at 0x%llx: offset 0x%zx: %s", mem->name,
		       addr, d.at, d.what);
		return -1;
	}
	read_owners(mem, ledger);
	return 0;
}

/**
 * source_memory_read - read the ring of a kernel, and what else is wanted
 * @src: where to
 * @mem: the kernel's memory
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_memory_read(struct source *src, struct memory *mem)
{
	int ret;

	src->name = mem->name;
	ret = read_ring(mem, src);
	if (!ret)
		read_records(mem, src);
	/* A bad ring is no reason to keep quiet about the rest. */
	if (src->want_ledger)
		return read_ledger(mem, &src->ledger);
	return src->want_sites ? source_memory_sites(src, mem) : ret;
}
