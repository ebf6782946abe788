/* SPDX-License-Identifier: GPL-2.0 */
/* What a verdict means, and what to do about it. */
#ifndef PKSDIAG_ADVICE_H
#define PKSDIAG_ADVICE_H

#include "view.h"

#define ADVICE_STEPS	4

/**
 * struct advice - what to say about a verdict; the texts are for phrase()
 * @verdict: enum pksdiag_verdict
 * @facts: it is for records whose verdict rests on all of these, 1 << enum
 *	pksdiag_because
 * @at_risk: "yes", "no" or "unknown": would a write have damaged data?
 * @why: the reason for @at_risk
 * @cause: what kind of bug it is
 * @steps: what to do next; NULL behind the last
 */
struct advice {
	unsigned int verdict;
	__u64 facts;
	const char *at_risk;
	const char *why;
	const char *cause;
	const char *steps[ADVICE_STEPS];
};

extern const struct advice advice_table[];
extern const unsigned int advice_table_nr;

const struct advice *advice_for(const struct pksdiag_record *r);
const char *advice_at_risk(const struct pksdiag_record *r);
const char *advice_risk_why(const struct pksdiag_record *r);
const char *advice_resolution(const struct pksdiag_record *r);

#endif /* PKSDIAG_ADVICE_H */
