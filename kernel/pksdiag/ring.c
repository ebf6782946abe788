// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the ring of PKS fault records
 *
 * Writers are fault handlers: in a task, an interrupt, an NMI that came in
 * the middle of another writer, or on another CPU. Readers may be anywhere,
 * and one of them reads the memory of a dead machine. So there is no lock.
 *
 * A writer takes a sequence number by one atomic increment of ring->head;
 * sequence modulo nr_slots is its slot. The slot's state word holds sequence
 * and state together:
 *
 *   FREE|0  -->  WRITING|seq  -->  COMMITTED|seq  -->  WRITING|seq' ...
 *
 * Only one writer gets a slot from the state that it saw to WRITING (cmpxchg).
 * It fails if the slot is still being written by a writer that was overtaken
 * by a whole ring (interrupted that long), or if a younger record is in it.
 * Then the record is lost, DROP_BUSY is counted, and slot->dropped says up to
 * which sequence, so that readers do not wait for it.
 *
 * Barriers, by name:
 *
 *   W1  pksdiag_slot_begin(): the cmpxchg is a full barrier. WRITING is seen
 *       before any byte of the new record is.
 *   W2  pksdiag_slot_end(): store-release of COMMITTED. Every byte of the
 *       record is seen before the state is.
 *   R1  slot_copy() in ring_read.c: load-acquire of the state, pairs with W2.
 *   R2  slot_copy(): smp_rmb() between the copy and the second look at the
 *       state, pairs with W1: if a byte of a newer record was copied, then
 *       the state has changed, too. A sequence never comes again (64 bits),
 *       so there is no ABA.
 *
 * The first record of each signature is copied to a second table in which
 * nothing is ever replaced: a storm of faults pushes old records out of the
 * ring but not out of there. Its slots go from signature 0 to a signature by
 * cmpxchg; whoever wins writes the record (same states as above), everybody
 * counts in slot->hits. If a signature finds no room within PROBES slots its
 * records are in the ring only, and UNTRACKED is counted.
 */
#include <linux/atomic.h>
#include <linux/string.h>
#include "pksdiag.h"

#define PROBES	16

static u64 state_word(u64 seq, u64 state)
{
	return seq << PKSDIAG_STATE_SHIFT | state;
}

/**
 * pksdiag_ring_init - make a ring of zeroed memory
 * @ring: filled
 * @slots: zeroed
 * @nr_slots: a power of two
 * @firsts: zeroed
 * @nr_firsts: a power of two
 */
void pksdiag_ring_init(struct pksdiag_ring *ring, struct pksdiag_slot *slots,
		       u32 nr_slots, struct pksdiag_slot *firsts, u32 nr_firsts)
{
	*ring = (struct pksdiag_ring){
		.magic = PKSDIAG_RING_MAGIC,
		.version = PKSDIAG_VERSION,
		.header_size = sizeof(*ring),
		.record_size = sizeof(struct pksdiag_record),
		.slot_size = sizeof(struct pksdiag_slot),
		.nr_slots = nr_slots,
		.nr_firsts = nr_firsts,
		.nr_counters = PKSDIAG_NR_COUNTERS,
		.nr_keys = PKSDIAG_NR_KEYS,
		.slots = (unsigned long)slots,
		.firsts = (unsigned long)firsts,
	};
}

/**
 * pksdiag_ring_reserve - the next sequence number
 * @ring: the ring
 *
 * Context: Any, NMI included.
 * Return: the sequence, from 1.
 */
u64 pksdiag_ring_reserve(struct pksdiag_ring *ring)
{
	return atomic64_inc_return((atomic64_t *)&ring->head);
}

static void note_dropped(struct pksdiag_ring *ring, struct pksdiag_slot *slot,
			 u64 seq)
{
	u64 old = READ_ONCE(slot->dropped);

	while (old < seq && !try_cmpxchg(&slot->dropped, &old, seq))
		;
	pksdiag_count(ring, PKSDIAG_C_DROP_BUSY);
}

/**
 * pksdiag_slot_begin - get the slot of a sequence for writing
 * @ring: the ring
 * @seq: from pksdiag_ring_reserve()
 *
 * Context: Any, NMI included.
 * Return: the slot, or NULL if it is busy: the record is lost and counted.
 */
struct pksdiag_slot *pksdiag_slot_begin(struct pksdiag_ring *ring, u64 seq)
{
	struct pksdiag_slot *slot = pksdiag_slot_of(ring, seq);
	u64 old = READ_ONCE(slot->state);

	if ((old & PKSDIAG_STATE_MASK) != PKSDIAG_STATE_WRITING &&
	    old >> PKSDIAG_STATE_SHIFT < seq &&
	    cmpxchg(&slot->state, old,			/* W1 */
		    state_word(seq, PKSDIAG_STATE_WRITING)) == old)
		return slot;
	note_dropped(ring, slot, seq);
	return NULL;
}

/**
 * pksdiag_slot_end - write and commit a record
 * @slot: from pksdiag_slot_begin()
 * @r: the record, with the sequence that the slot was got for
 *
 * Context: Any, NMI included.
 */
void pksdiag_slot_end(struct pksdiag_slot *slot, const struct pksdiag_record *r)
{
	memcpy(&slot->record, r, sizeof(slot->record));
	smp_store_release(&slot->state,			/* W2 */
			  state_word(r->seq, PKSDIAG_STATE_COMMITTED));
}

/**
 * pksdiag_ring_store - put a record into the ring
 * @ring: the ring
 * @r: the record, complete
 *
 * Context: Any, NMI included.
 * Return: false if the record was lost; that has been counted.
 */
bool pksdiag_ring_store(struct pksdiag_ring *ring,
			const struct pksdiag_record *r)
{
	struct pksdiag_slot *slot = pksdiag_slot_begin(ring, r->seq);

	if (!slot)
		return false;
	pksdiag_slot_end(slot, r);
	pksdiag_count(ring, PKSDIAG_C_RECORDED);
	return true;
}

/**
 * pksdiag_first_claim - count a fault of a signature
 * @ring: the ring
 * @signature: not 0
 * @hits: set to the number of faults of this signature, this one included; 0
 *	if there is no room to track it
 *
 * Context: Any, NMI included; bounded.
 * Return: if this is the first one, the slot for its record, else NULL.
 */
struct pksdiag_slot *pksdiag_first_claim(struct pksdiag_ring *ring,
					 u64 signature, u64 *hits)
{
	struct pksdiag_slot *firsts = (void *)(unsigned long)ring->firsts;
	unsigned int i;

	for (i = 0; i < PROBES; i++) {
		struct pksdiag_slot *slot;
		u64 old;

		slot = &firsts[(signature + i) & (ring->nr_firsts - 1)];
		old = READ_ONCE(slot->signature);
		if (!old)
			old = cmpxchg(&slot->signature, 0, signature);
		if (old && old != signature)
			continue;
		*hits = atomic64_inc_return((atomic64_t *)&slot->hits);
		return old ? NULL : slot;
	}
	*hits = 0;
	return NULL;
}

/**
 * pksdiag_first_store - keep the first record of a signature
 * @slot: from pksdiag_first_claim()
 * @r: the record, complete
 *
 * Context: Any, NMI included.
 */
void pksdiag_first_store(struct pksdiag_slot *slot,
			 const struct pksdiag_record *r)
{
	WRITE_ONCE(slot->state, state_word(r->seq, PKSDIAG_STATE_WRITING));
	smp_wmb();	/* as W1: WRITING before the record */
	pksdiag_slot_end(slot, r);
}
