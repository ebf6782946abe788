// SPDX-License-Identifier: GPL-2.0
/*
 * Reading the ring of PKS fault records. The states and barriers are
 * explained in ring.c.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "pksdiag.h"

static u64 ring_head(struct pksdiag_ring *ring)
{
	return atomic64_read((atomic64_t *)&ring->head);
}

static u64 ring_oldest(struct pksdiag_ring *ring)
{
	u64 head = ring_head(ring);

	return head > ring->nr_slots ? head - ring->nr_slots + 1 : 1;
}

/* The sequence that a first slot keeps, 0 if it keeps none (yet). */
static u64 first_seq(const struct pksdiag_slot *slot)
{
	u64 state = READ_ONCE(slot->state);

	if ((state & PKSDIAG_STATE_MASK) != PKSDIAG_STATE_COMMITTED)
		return 0;
	return state >> PKSDIAG_STATE_SHIFT;
}

/* The kept first record with the smallest sequence that is at least @seq. */
static struct pksdiag_slot *first_from(struct pksdiag_ring *ring, u64 seq)
{
	struct pksdiag_slot *firsts = (void *)(unsigned long)ring->firsts;
	struct pksdiag_slot *best = NULL;
	u64 best_seq = U64_MAX;
	u32 i;

	for (i = 0; i < ring->nr_firsts; i++) {
		u64 found = first_seq(&firsts[i]);

		if (found >= seq && found < best_seq && found) {
			best = &firsts[i];
			best_seq = found;
		}
	}
	return best;
}

/* Copy record @seq out of a slot; false if it is not there or was torn. */
static bool slot_copy(struct pksdiag_slot *slot, u64 seq,
		      struct pksdiag_record *r)
{
	u64 want = seq << PKSDIAG_STATE_SHIFT | PKSDIAG_STATE_COMMITTED;

	if (smp_load_acquire(&slot->state) != want)	/* R1 */
		return false;
	memcpy(r, &slot->record, sizeof(*r));
	smp_rmb();					/* R2 */
	return READ_ONCE(slot->state) == want;
}

/* Deliver record @seq if the ring or the firsts still have it. */
static bool deliver(struct pksdiag_ring *ring, u64 seq,
		    struct pksdiag_record *r)
{
	struct pksdiag_slot *first = first_from(ring, seq);

	if (first && first_seq(first) == seq) {
		if (!slot_copy(first, seq, r))
			return false;
		r->hits = READ_ONCE(first->hits);
		return true;
	}
	return slot_copy(pksdiag_slot_of(ring, seq), seq, r);
}

/*
 * Is record @seq being written, or reserved and not begun yet? If not it can
 * be read, or is gone. Nobody waits for a writer that the whole ring has
 * overtaken: it may be dead.
 */
static bool still_coming(struct pksdiag_ring *ring, u64 seq)
{
	struct pksdiag_slot *slot = pksdiag_slot_of(ring, seq);
	u64 state = READ_ONCE(slot->state);
	u64 in_slot = state >> PKSDIAG_STATE_SHIFT;

	if (seq < ring_oldest(ring))
		return false;
	if (in_slot == seq)
		return (state & PKSDIAG_STATE_MASK) == PKSDIAG_STATE_WRITING;
	return in_slot < seq && READ_ONCE(slot->dropped) < seq;
}

/* Step over what is gone; returns how many of it this reader lost. */
static u64 skip_gone(struct pksdiag_ring *ring, struct pksdiag_reader *reader)
{
	struct pksdiag_slot *first = first_from(ring, reader->pos);
	u64 next = max(reader->pos + 1, ring_oldest(ring));
	u64 lost_from = max(reader->pos, reader->floor);

	if (first)
		next = min(next, max(first_seq(first), reader->pos + 1));
	reader->pos = next;
	return next > lost_from ? next - lost_from : 0;
}

/**
 * pksdiag_reader_seek_first - to the oldest record that is kept anywhere
 * @ring: the ring
 * @reader: set
 */
void pksdiag_reader_seek_first(struct pksdiag_ring *ring,
			       struct pksdiag_reader *reader)
{
	reader->floor = ring_oldest(ring);
	reader->pos = 1;
}

/**
 * pksdiag_reader_seek_ring - to the oldest record in the ring proper
 * @ring: the ring
 * @reader: set
 */
void pksdiag_reader_seek_ring(struct pksdiag_ring *ring,
			      struct pksdiag_reader *reader)
{
	reader->floor = ring_oldest(ring);
	reader->pos = reader->floor;
}

/**
 * pksdiag_reader_seek_end - behind the youngest record
 * @ring: the ring
 * @reader: set
 */
void pksdiag_reader_seek_end(struct pksdiag_ring *ring,
			     struct pksdiag_reader *reader)
{
	reader->pos = ring_head(ring) + 1;
	reader->floor = reader->pos;
}

/**
 * pksdiag_ring_read - read the next record
 * @ring: the ring
 * @reader: moved on
 * @r: filled
 *
 * Context: Any; bounded by what the ring can hold.
 * Return: 1 with a record in @r; 0 if there is none yet; -EPIPE if records
 * were overwritten before this reader came to them: @reader->lost has grown
 * by exactly their number, and reading goes on behind them.
 */
int pksdiag_ring_read(struct pksdiag_ring *ring, struct pksdiag_reader *reader,
		      struct pksdiag_record *r)
{
	u64 lost;

	while (reader->pos <= ring_head(ring)) {
		if (still_coming(ring, reader->pos))
			return 0;
		if (deliver(ring, reader->pos, r)) {
			reader->pos++;
			return 1;
		}
		lost = skip_gone(ring, reader);
		if (lost) {
			reader->lost += lost;
			return -EPIPE;
		}
	}
	return 0;
}

/**
 * pksdiag_ring_readable - would pksdiag_ring_read() return something?
 * @ring: the ring
 * @reader: not changed
 *
 * Context: Any.
 */
bool pksdiag_ring_readable(struct pksdiag_ring *ring,
			   const struct pksdiag_reader *reader)
{
	return reader->pos <= ring_head(ring) && !still_coming(ring, reader->pos);
}
