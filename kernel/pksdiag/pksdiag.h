/* SPDX-License-Identifier: GPL-2.0 */
/* Private to kernel/pksdiag: the ring, its readers, the report. */
#ifndef _KERNEL_PKSDIAG_H
#define _KERNEL_PKSDIAG_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/pks_guard.h>
#include <linux/pksdiag_kernel.h>
#include "shared.h"

/* The ring and where the first records of each signature stay for good. */
#define PKSDIAG_NR_SLOTS	((u32)BIT(CONFIG_PKSDIAG_RING_SHIFT))
#define PKSDIAG_NR_FIRSTS	256u

struct file;

extern struct pksdiag_ring pksdiag_ring;

static inline void pksdiag_count(struct pksdiag_ring *ring,
				 enum pksdiag_counter counter)
{
	atomic64_inc((atomic64_t *)&ring->counters[counter]);
}

/* The same outside of pksdiag_begin() and the end of storing: opens the ring itself. */
static inline void pksdiag_count_alone(struct pksdiag_ring *ring,
				       enum pksdiag_counter counter)
{
	unsigned long flags = pks_guard_begin();

	pksdiag_count(ring, counter);
	pks_guard_end(flags);
}

static inline struct pksdiag_slot *pksdiag_slot_of(struct pksdiag_ring *ring,
						   u64 seq)
{
	struct pksdiag_slot *slots = (void *)(unsigned long)ring->slots;

	return &slots[seq & (ring->nr_slots - 1)];
}

/**
 * struct pksdiag_reader - a reader's place in a ring
 * @pos: sequence of the record to read next
 * @floor: oldest record in the ring proper when the place was chosen: what
 *	was lost before that is not this reader's loss
 * @lost: records that this reader missed
 */
struct pksdiag_reader {
	u64 pos;
	u64 floor;
	u64 lost;
};

/* ring.c: writers, any context */
void pksdiag_ring_init(struct pksdiag_ring *ring, struct pksdiag_slot *slots,
		       u32 nr_slots, struct pksdiag_slot *firsts, u32 nr_firsts);
u64 pksdiag_ring_reserve(struct pksdiag_ring *ring);
struct pksdiag_slot *pksdiag_slot_begin(struct pksdiag_ring *ring, u64 seq);
void pksdiag_slot_end(struct pksdiag_slot *slot, const struct pksdiag_record *r);
bool pksdiag_ring_store(struct pksdiag_ring *ring,
			const struct pksdiag_record *r);
struct pksdiag_slot *pksdiag_first_claim(struct pksdiag_ring *ring,
					 u64 signature, u64 *hits);
void pksdiag_first_store(struct pksdiag_slot *slot,
			 const struct pksdiag_record *r);

/* ring_read.c: readers, any context */
void pksdiag_reader_seek_first(struct pksdiag_ring *ring,
			       struct pksdiag_reader *reader);
void pksdiag_reader_seek_ring(struct pksdiag_ring *ring,
			      struct pksdiag_reader *reader);
void pksdiag_reader_seek_end(struct pksdiag_ring *ring,
			     struct pksdiag_reader *reader);
int pksdiag_ring_read(struct pksdiag_ring *ring, struct pksdiag_reader *reader,
		      struct pksdiag_record *r);
bool pksdiag_ring_readable(struct pksdiag_ring *ring,
			   const struct pksdiag_reader *reader);

/* checksum.c */
u32 pksdiag_checksum(const struct pksdiag_record *r);

/* page.c */
void pksdiag_fill_page(struct pksdiag_record *r);

/* clues.c */
void pksdiag_fill_clues(struct pksdiag_record *r,
			const struct pksdiag_frames *frames);

/* report.c */
bool pksdiag_report(const struct pksdiag_record *r);

/* dev.c */
void pksdiag_wake_readers(void);

/* dev_ioctl.c */
long pksdiag_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* _KERNEL_PKSDIAG_H */
