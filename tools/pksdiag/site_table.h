/* SPDX-License-Identifier: GPL-2.0 */
/* What a kernel has seen of its call sites: nothing is believed before it is checked. */
#ifndef PKSDIAG_SITE_TABLE_H
#define PKSDIAG_SITE_TABLE_H

#include <linux/pksdiag_sites.h>

#include "record.h"

/* More entries, or larger ones, than any kernel keeps. */
#define SITES_MAX	0x100000u
#define SITE_MAX	4096u

/**
 * struct site_entry - a site that is in use
 * @nr: its index in the kernel's table
 * @s: the site
 */
struct site_entry {
	__u32 nr;
	struct pksdiag_site s;
};

/**
 * struct site_damage - entries with something in them that cannot be
 * @nr: how many
 * @first: index of the first
 * @d: what is wrong with that one
 */
struct site_damage {
	__u32 nr;
	__u32 first;
	struct defect d;
};

/**
 * struct site_table - the call sites of a kernel
 * @head: the header, all 0 if it was not read
 * @v: the sites; after site_table_finish() by index
 * @nr: how many
 * @room: how many fit
 * @viol: the violations, in the order in which they were found
 * @nr_viol: how many
 * @room_viol: how many fit
 * @filling: sites that had just run for the first time
 * @writing: violations that were just being written
 * @bad_sites: sites that were skipped
 * @bad_viol: violations that were skipped
 */
struct site_table {
	struct pksdiag_sites head;
	struct site_entry *v;
	size_t nr;
	size_t room;
	struct pksdiag_violation *viol;
	size_t nr_viol;
	size_t room_viol;
	__u32 filling;
	__u32 writing;
	struct site_damage bad_sites;
	struct site_damage bad_viol;
};

bool site_table_set(struct site_table *t, const struct pksdiag_sites *head,
		    struct defect *d);
bool site_table_check_ranges(const struct pksdiag_sites *head, struct defect *d);
void site_table_add(struct site_table *t, __u32 nr, const void *entry);
void site_table_add_violation(struct site_table *t, __u32 nr, const void *entry);
void site_table_finish(struct site_table *t, const char *name);
void site_table_free(struct site_table *t);

const char *site_state_name(unsigned int state);
bool site_check(const struct pksdiag_site *s, struct defect *d);
bool site_check_violation(const struct pksdiag_violation *v, __u32 nr_sites,
			  struct defect *d);
__u64 site_table_counter(const struct site_table *t, enum pksdiag_sites_counter counter);

#endif /* PKSDIAG_SITE_TABLE_H */
