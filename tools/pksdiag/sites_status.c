// SPDX-License-Identifier: GPL-2.0
/* What is known of a call site: the words for it, and what it follows from. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "sites.h"
#include "util.h"

/* === Words ================================================================ */

/**
 * site_bit_name - name of a status, or of what else a site may be
 * @bit: the bit of site_bits()
 *
 * Return: the name, "?" if there is no such bit.
 */
const char *site_bit_name(unsigned int bit)
{
	static const char * const names[SITE_NR_BITS] = {
		[SITE_VIOLATED]		= "violated",
		[SITE_OPEN]		= "open",
		[SITE_UNTRACKED]	= "untracked",
		[SITE_NEVER_RUN]	= "never-run",
		[SITE_DRAM_ONLY]	= "dram-only",
		[SITE_VALIDATED]	= "validated",
		[SITE_NOT_WATCHED]	= "not-watched",
		[SITE_IS_ONE_THREAD]	= "thread-local",
		[SITE_IS_FOREIGN]		= "not-in-files",
	};

	return bit < SITE_NR_BITS ? names[bit] : "?";
}

/**
 * site_status_name - name of a status
 * @status: the status
 *
 * Return: the name, "?" if there is no such status.
 */
const char *site_status_name(unsigned int status)
{
	return status < SITE_NR_STATUS ? site_bit_name(status) : "?";
}

/**
 * site_kind_name - name of a family
 * @kind: the family
 *
 * Return: the name, "?" if there is no such family.
 */
const char *site_kind_name(unsigned int kind)
{
	return kind < AUDIT_NR_KINDS ? audit_kind_name(kind) : "?";
}

/**
 * site_op_name - name of what a function of a family does
 * @op: what
 *
 * Return: the name, "?" if there is no such thing.
 */
const char *site_op_name(unsigned int op)
{
	return op <= AUDIT_ADDRESS ? audit_op_name(op) : "?";
}

static void put_known(FILE *out, const void *arg)
{
	unsigned int bit;

	(void)arg;
	for (bit = 0; bit < SITE_NR_BITS; bit++)
		fprintf(out, " %s", site_bit_name(bit));
}

static bool parse_bit(const char *option, const char *word, unsigned int *bits)
{
	unsigned int bit;
	char *known;

	for (bit = 0; bit < SITE_NR_BITS; bit++) {
		if (strcmp(word, site_bit_name(bit)))
			continue;
		*bits |= 1u << bit;
		return true;
	}
	known = text_from(put_known, NULL);
	usage_error("%s: no status '%s':%s", option, word, known);
	free(known);
	return false;
}

/**
 * site_bits_parse - a list of statuses on the command line
 * @option: its name
 * @list: the list, or NULL
 * @bits: out: the bits of all in it
 *
 * Return: false after an error that was reported.
 */
bool site_bits_parse(const char *option, const char *list, unsigned int *bits)
{
	struct site_words words;
	bool good = true;
	size_t i;

	*bits = 0;
	site_words_split(&words, list);
	for (i = 0; i < words.nr && good; i++)
		good = parse_bit(option, words.v[i], bits);
	if (good && list && !words.nr) {
		usage_error("%s: no status", option);
		good = false;
	}
	site_words_free(&words);
	return good;
}

/**
 * site_bits - all that a list of statuses can name of a site
 * @id: the site
 *
 * Return: the bits.
 */
unsigned int site_bits(const struct site_id *id)
{
	return 1u << id->status | (unsigned int)id->one_thread << SITE_IS_ONE_THREAD |
	       (unsigned int)id->foreign << SITE_IS_FOREIGN;
}

/* === What it follows from ================================================= */

static bool is_violated(const struct site_row *row)
{
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_VIOL; i++)
		if (row->violations[i])
			return true;
	return false;
}

static __u64 nr_maps(const struct site_row *row)
{
	return row->counters[PKSDIAG_S_PLAIN] + row->counters[PKSDIAG_S_PROTECTED];
}

/* A site that did run. */
static enum site_status judge_map(const struct site_row *row)
{
	if (row->counters[PKSDIAG_S_UNTRACKED])
		return SITE_UNTRACKED;
	if (nr_maps(row) != row->counters[PKSDIAG_S_UNMAPS])
		return SITE_OPEN;
	return row->counters[PKSDIAG_S_PROTECTED] ? SITE_VALIDATED : SITE_DRAM_ONLY;
}

/* The kernel counts what was unmapped, not on what. */
static enum site_status judge_unmap(const struct site_row *row)
{
	return nr_maps(row) && !row->counters[PKSDIAG_S_PROTECTED] ? SITE_DRAM_ONLY :
		SITE_VALIDATED;
}

/* Is there code that calls the function, instead of having it inlined? */
static bool has_call(const struct audit_site *site)
{
	size_t i;

	for (i = 0; i < site->nr_copies; i++)
		if (site->copies[i].how != AUDIT_INLINED)
			return true;
	return false;
}

/* Sections are known by a return address, which a jump and inlined code do not leave. */
static bool has_return(const struct audit_site *site)
{
	size_t i;

	for (i = 0; i < site->nr_copies; i++)
		if (site->copies[i].how == AUDIT_CALLED)
			return true;
	return false;
}

/* A site that did not run, as far as the kernel can tell: can it? */
static const char *why_not_watched(const struct site_row *row, const bool *outlined)
{
	if (row->id.op == AUDIT_ADDRESS)
		return "the kernel does not watch who asks for an address";
	if (!row->fixed)
		return NULL;
	if (row->id.kind == AUDIT_DAX)
		return has_return(row->fixed) ? NULL :
			"it is a jump, or inlined: the kernel sees only its caller";
	if (outlined[audit_helper_number(row->helper)] && has_call(row->fixed))
		return "the function is not inlined: the kernel does not see who calls it";
	return NULL;
}

/* Every mapping ended where it began, as far as that can be seen. */
static bool is_one_thread(const struct site_row *row)
{
	static const enum pksdiag_site_counter must_be_zero[] = {
		PKSDIAG_S_OTHER_TASK, PKSDIAG_S_KEPT_USER, PKSDIAG_S_KEPT_EXIT,
		PKSDIAG_S_INTERRUPT,
	};
	size_t i;

	if (row->id.kind != AUDIT_KMAP || row->id.op != AUDIT_MAP ||
	    (row->id.status != SITE_VALIDATED && row->id.status != SITE_DRAM_ONLY))
		return false;
	for (i = 0; i < ARRAY_SIZE(must_be_zero); i++)
		if (row->counters[must_be_zero[i]])
			return false;
	return true;
}

/**
 * site_judge - say what is known of a site
 * @row: the site; gets status, note and runs
 * @outlined: functions, by number, that ran as such instead of being inlined
 */
void site_judge(struct site_row *row, const bool *outlined)
{
	row->runs = row->id.op == AUDIT_UNMAP ? row->counters[PKSDIAG_S_UNMAPS] :
		nr_maps(row);
	if (is_violated(row)) {
		row->id.status = SITE_VIOLATED;
	} else if (row->runs) {
		row->id.status = row->id.op == AUDIT_MAP ? judge_map(row) :
			judge_unmap(row);
	} else {
		row->note = why_not_watched(row, outlined);
		row->id.status = row->note ? SITE_NOT_WATCHED : SITE_NEVER_RUN;
	}
	row->id.one_thread = is_one_thread(row);
	row->nr = 1;
	row->of[row->id.status] = 1;
}

/* === How many ============================================================= */

/**
 * site_is_watched - can the kernel tell if a site ran
 * @id: the site
 *
 * Return: true if so.
 */
bool site_is_watched(const struct site_id *id)
{
	return id->status != SITE_NOT_WATCHED;
}

/**
 * site_was_exercised - did a site run
 * @id: the site
 *
 * Return: true if so.
 */
bool site_was_exercised(const struct site_id *id)
{
	return site_is_watched(id) && id->status != SITE_NEVER_RUN;
}

/**
 * sites_count - count the sites
 * @rows: the sites
 * @counts: out
 */
void sites_count(const struct site_rows *rows, struct site_counts *counts)
{
	size_t i;

	*counts = (struct site_counts){ .nr = rows->nr };
	for (i = 0; i < rows->nr; i++) {
		const struct site_id *id = &rows->v[i]->id;

		counts->of[id->status]++;
		counts->watched += site_is_watched(id);
		counts->exercised += site_was_exercised(id);
		counts->one_thread += id->one_thread;
		counts->foreign += id->foreign;
	}
}

/**
 * sites_percent - a part, in percent
 * @part: the part
 * @whole: of what
 *
 * Return: the percentage, rounded down; 0 of nothing.
 */
unsigned int sites_percent(size_t part, size_t whole)
{
	return whole ? 100 * part / whole : 0;
}
