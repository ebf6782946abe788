/* SPDX-License-Identifier: GPL-2.0 */
/* The ledger of mappings: nothing of it is believed before it is checked. */
#ifndef PKSDIAG_LEDGER_H
#define PKSDIAG_LEDGER_H

#include "record.h"

/* More entries, or larger ones, than any kernel keeps. */
#define OWNERS_MAX	0x100000u
#define OWNER_MAX	4096u

/**
 * struct ledger - a ledger that was read
 * @head: its header, all 0 if it was not read
 * @v: entries that are in use and good; after ledger_finish() the oldest first
 * @nr: how many
 * @room: how many fit
 * @writing: entries that were just being written
 * @bad: entries with something in them that cannot be
 * @bad_nr: index of the first of those
 * @defect: what is wrong with that one
 */
struct ledger {
	struct pksdiag_ledger head;
	struct pksdiag_owner *v;
	size_t nr;
	size_t room;
	__u32 writing;
	__u32 bad;
	__u32 bad_nr;
	struct defect defect;
};

/**
 * struct place - where on a protected device some memory is
 * @device: the device
 * @meta: before its data
 * @offset: byte in its data, or with @meta in the device's range
 */
struct place {
	const struct pksdiag_device *device;
	bool meta;
	__u64 offset;
};

bool ledger_set(struct ledger *ledger, const struct pksdiag_ledger *head,
		struct defect *d);
bool ledger_check_owners(const struct pksdiag_ledger *head, struct defect *d);
void ledger_add(struct ledger *ledger, __u32 nr, const void *entry);
void ledger_finish(struct ledger *ledger, const char *name);
void ledger_free(struct ledger *ledger);

bool owner_is_mapped(const struct pksdiag_owner *o);
__u64 owner_ns(const struct pksdiag_owner *o);
__u64 owner_ip(const struct pksdiag_owner *o);
__u32 owner_pid(const struct pksdiag_owner *o);
__u64 ledger_dropped(const struct ledger *ledger);
__u64 ledger_newest(const struct ledger *ledger);
bool ledger_place(const struct ledger *ledger, __u64 pfn, struct place *place);

#endif /* PKSDIAG_LEDGER_H */
