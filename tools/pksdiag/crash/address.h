/* SPDX-License-Identifier: GPL-2.0 */
/* What is known about an address. */
#ifndef PKSDIAG_ADDRESS_H
#define PKSDIAG_ADDRESS_H

#include "owners.h"
#include "page_walk.h"

/* Show so many of those that had the page mapped, and of the faults. */
#define ABOUT_LAST	3
#define ABOUT_FAULTS	10

/**
 * struct about - an address, and what is known about it
 * @address: the address
 * @ov: the ledger, and the records
 * @walked: @walk is there
 * @walk: how the address is mapped
 * @on_device: @place is there
 * @place: the device that it is on, and where
 * @owner: entries of the ledger for its page: who has it mapped, and the last who had
 * @nr_now: how many have
 * @nr_owners: how many are in @owner
 * @fault: the faults on its page, the oldest ahead
 * @nr_faults: how many
 */
struct about {
	__u64 address;
	struct owners_view ov;
	bool walked;
	struct page_walk walk;
	bool on_device;
	struct place place;
	const struct pksdiag_owner **owner;
	size_t nr_now;
	size_t nr_owners;
	const struct pksdiag_record **fault;
	size_t nr_faults;
};

const char *about_key(const struct about *a);
void address_text(const struct about *a);
void address_json(const struct about *a);

#endif /* PKSDIAG_ADDRESS_H */
