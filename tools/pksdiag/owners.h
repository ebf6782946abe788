/* SPDX-License-Identifier: GPL-2.0 */
/* What pksdiag owners shows, and as of when. */
#ifndef PKSDIAG_OWNERS_H
#define PKSDIAG_OWNERS_H

#include <json-c/json.h>

#include "view.h"

/**
 * struct owners_view - the ledger, and what explains it
 * @v: the view
 * @ledger: its ledger
 * @now_ns: ages are as of this time, CLOCK_MONOTONIC
 * @is_newest: that is the newest time in a dump, which has no clock
 */
struct owners_view {
	const struct view *v;
	const struct ledger *ledger;
	__u64 now_ns;
	bool is_newest;
};

__u64 owners_age(const struct owners_view *ov, __u64 ns);
bool owners_wanted(const struct owners_view *ov, const struct pksdiag_owner *o);
bool owners_absent(const struct owners_view *ov);
const char *owners_state(const struct pksdiag_owner *o);
void owners_find_now(struct owners_view *ov);
void owners_title(void);
void owners_row(const struct owners_view *ov, const struct pksdiag_owner *o);
struct json_object *owners_json_of(const struct owners_view *ov,
				   const struct pksdiag_owner *o);
void owners_json(const struct owners_view *ov);

#endif /* PKSDIAG_OWNERS_H */
