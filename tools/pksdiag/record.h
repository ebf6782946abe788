/* SPDX-License-Identifier: GPL-2.0 */
/* Records and ring headers: nothing of them is believed before it is checked. */
#ifndef PKSDIAG_RECORD_H
#define PKSDIAG_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "shared.h"
#include "util.h"

/* A record's size is 16 bits wide; a slot is the record and 64 bytes. */
#define RECORD_MAX	65535u
#define SLOT_MAX	65536u
#define SLOTS_MAX	65536u

/**
 * struct defect - why some bytes are not what they should be
 * @at: offset of the offending field from the start of the record or header
 * @what: one line for the user
 */
struct defect {
	size_t at;
	char what[192];
};

/**
 * struct record_entry - one record of a list
 * @r: the record, @r->size bytes of it
 * @order: rank among entries with the same sequence, lowest wins
 */
struct record_entry {
	struct pksdiag_record *r;
	unsigned int order;
};

/**
 * struct record_list - records, after record_list_sort() in sequence order
 * @v: the entries
 * @nr: how many
 * @room: how many fit
 */
struct record_list {
	struct record_entry *v;
	size_t nr;
	size_t room;
};

__printf(3, 4)
bool defect_set(struct defect *d, size_t at, const char *fmt, ...);

bool ring_check(const void *data, size_t len, struct defect *d);
bool ring_check_slots(const struct pksdiag_ring *ring, struct defect *d);

bool record_check(const void *data, size_t len, struct defect *d);
size_t record_claimed_size(const void *data, size_t len);
unsigned int record_stack_nr(const struct pksdiag_record *r);
unsigned int record_insn_nr(const struct pksdiag_record *r);
bool record_in_module(const struct pksdiag_record *r, __u64 address);

struct pksdiag_record *record_list_add(struct record_list *list,
				       const void *data, size_t size);
void record_list_sort(struct record_list *list);
void record_list_free(struct record_list *list);
size_t record_list_signatures(const struct record_list *list);

bool build_id_known(const __u8 *id);

#endif /* PKSDIAG_RECORD_H */
