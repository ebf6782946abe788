// SPDX-License-Identifier: GPL-2.0
/* What a verdict means, and what to do about it: what is said of which record. */
#include <string.h>

#include "advice.h"

static const char read_risk[] =
	"a read damages nothing; but the code may go on with data that is not its own.";

static const char doubtful[] =
	"most likely not, but the facts do not decide it: the verdict may be wrong.";

static const struct advice unknown = {
	.at_risk = "unknown",
	.why = "this pksdiag does not know the verdict.",
	.cause = "The kernel gave a verdict that is newer than this pksdiag.",
	.steps = { "Use a newer pksdiag." },
};

static const char * const resolutions[PKSDIAG_NR_RES] = {
	[PKSDIAG_RES_OOPS] =
		"the kernel oopsed; the access did not happen",
	[PKSDIAG_RES_FIXUP] =
		"an exception table entry took the fault: the access did not happen, its caller got an error or a short copy",
	[PKSDIAG_RES_GLOBAL] =
		"global access was granted and the instruction ran again: the access happened",
	[PKSDIAG_RES_RELAXED] =
		"relaxed mode dropped the device's protection and went on: the access happened",
	[PKSDIAG_RES_TEST] =
		"the key's owner expected the fault: a test",
};

/**
 * advice_for - what the verdict of a record means
 * @r: the record
 *
 * Return: the advice, never NULL.
 */
const struct advice *advice_for(const struct pksdiag_record *r)
{
	unsigned int i;

	for (i = 0; i < advice_table_nr; i++)
		if (advice_table[i].verdict == r->verdict &&
		    !(advice_table[i].facts & ~r->because))
			return &advice_table[i];
	return &unknown;
}

/* To call a stray write harmless is worse than to be wrong the other way. */
static bool is_doubtful(const struct pksdiag_record *r)
{
	return r->confidence == PKSDIAG_CONF_UNKNOWN &&
	       !strcmp(advice_for(r)->at_risk, "no");
}

/**
 * advice_at_risk - would the access have damaged data
 * @r: the record
 *
 * Return: "yes", "no" or "unknown".
 */
const char *advice_at_risk(const struct pksdiag_record *r)
{
	if (r->access != PKSDIAG_ACCESS_WRITE)
		return "no";
	return is_doubtful(r) ? "unknown" : advice_for(r)->at_risk;
}

/**
 * advice_risk_why - the reason for advice_at_risk()
 * @r: the record
 *
 * Return: a sentence.
 */
const char *advice_risk_why(const struct pksdiag_record *r)
{
	if (r->access != PKSDIAG_ACCESS_WRITE)
		return read_risk;
	return is_doubtful(r) ? doubtful : advice_for(r)->why;
}

/**
 * advice_resolution - what became of the fault
 * @r: the record
 *
 * Return: words for the user.
 */
const char *advice_resolution(const struct pksdiag_record *r)
{
	if (r->resolution >= PKSDIAG_NR_RES)
		return "this pksdiag does not know what that means";
	return resolutions[r->resolution];
}
