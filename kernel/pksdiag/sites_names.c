// SPDX-License-Identifier: GPL-2.0
/* The names of what is known of call sites: stable words, in the log and in JSON. */
#include "shared.h"
#include "sites_names.h"

static const char * const site_counters[PKSDIAG_NR_SITE_COUNTERS] = {
	[PKSDIAG_S_PLAIN]	= "plain",
	[PKSDIAG_S_PROTECTED]	= "protected",
	[PKSDIAG_S_UNMAPS]	= "unmaps",
	[PKSDIAG_S_OTHER_TASK]	= "other-task",
	[PKSDIAG_S_KEPT_USER]	= "kept-over-user",
	[PKSDIAG_S_KEPT_EXIT]	= "kept-at-exit",
	[PKSDIAG_S_SLEPT]	= "slept",
	[PKSDIAG_S_INTERRUPT]	= "in-interrupt",
	[PKSDIAG_S_UNTRACKED]	= "untracked",
};

static const char * const violations[PKSDIAG_NR_VIOL] = {
	[PKSDIAG_VIOL_OTHER_TASK] = "unmapped-by-other-task",
	[PKSDIAG_VIOL_CONTEXT]	= "unmapped-in-other-context",
	[PKSDIAG_VIOL_USER]	= "held-over-return-to-user",
	[PKSDIAG_VIOL_EXIT]	= "held-at-exit",
	[PKSDIAG_VIOL_ORDER]	= "wrong-order",
	[PKSDIAG_VIOL_SLEPT]	= "slept-while-atomic",
	[PKSDIAG_VIOL_ATOMIC]	= "mapped-while-atomic",
	[PKSDIAG_VIOL_MISMATCH]	= "wrong-function",
	[PKSDIAG_VIOL_UNMATCHED] = "unmapped-twice",
	[PKSDIAG_VIOL_FAULT]	= "fault",
};

static const char * const sites_counters[PKSDIAG_NR_SITES_COUNTERS] = {
	[PKSDIAG_SC_NO_SITE]	= "no-room-for-site",
	[PKSDIAG_SC_NO_OPEN]	= "no-room-for-mapping",
	[PKSDIAG_SC_NO_VIOLATION] = "no-room-for-violation",
	[PKSDIAG_SC_UNKNOWN]	= "unknown-unmaps",
};

/**
 * pksdiag_site_counter_name - name of an enum pksdiag_site_counter
 * @counter: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_site_counter_name(unsigned int counter)
{
	return pksdiag_name_of(site_counters, PKSDIAG_NR_SITE_COUNTERS, counter);
}

/**
 * pksdiag_violation_name - name of an enum pksdiag_violation_kind
 * @kind: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_violation_name(unsigned int kind)
{
	return pksdiag_name_of(violations, PKSDIAG_NR_VIOL, kind);
}

/**
 * pksdiag_sites_counter_name - name of an enum pksdiag_sites_counter
 * @counter: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_sites_counter_name(unsigned int counter)
{
	return pksdiag_name_of(sites_counters, PKSDIAG_NR_SITES_COUNTERS, counter);
}
