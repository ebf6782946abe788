/* SPDX-License-Identifier: GPL-2.0 */
/* pksdiag sites: call sites, and what they did. */
#ifndef PKSDIAG_SITES_H
#define PKSDIAG_SITES_H

#include <json-c/json.h>

#include "audit_files.h"
#include "audit_sites.h"
#include "sites_words.h"
#include "view.h"

/* What is known of a site, what needs attention first. */
enum site_status {
	SITE_VIOLATED,
	SITE_OPEN,		/* not all of its mappings have ended */
	SITE_UNTRACKED,		/* not all of them could be watched */
	SITE_NEVER_RUN,
	SITE_DRAM_ONLY,		/* it ran, but never on a protected page */
	SITE_VALIDATED,
	SITE_NOT_WATCHED,	/* the kernel cannot tell of it */
	SITE_NR_STATUS,
};

/* What else a site may be, behind the statuses: bit numbers. */
enum site_bit {
	SITE_IS_ONE_THREAD = SITE_NR_STATUS,
	SITE_IS_FOREIGN,
	SITE_NR_BITS,
};

/**
 * struct site_id - which site it is, and what is known of it
 * @kind: its family
 * @op: what it does
 * @call: the function that it calls, NULL if not known
 * @file: its source file, "?" if not known
 * @function: the function that it is written in, "?" if not known
 * @line: its line, 0 if not known
 * @column: its column, 0 if not known
 * @modules: what it is in: modules, "vmlinux", other files by name
 * @nr_modules: how many
 * @status: what is known of it
 * @one_thread: a kmap() that never left its thread
 * @foreign: it ran, and is not in the files that were given
 */
struct site_id {
	enum audit_kind kind;
	enum audit_op op;
	const char *call;
	const char *file;
	const char *function;
	int line;
	int column;
	const char **modules;
	size_t nr_modules;
	enum site_status status;
	bool one_thread;
	bool foreign;
};

/**
 * struct site_row - a site, or with --cull what several have in common
 * @id: which one
 * @helper: the function that it calls, NULL if not known
 * @address: of what has no source line: from _stext, or its module's start, on
 * @fixed: the place in the code, NULL if it is not in the files that were given
 * @entries: where it ran: indices into the kernel's sites that were read
 * @nr_entries: how many
 * @found: its violations: indices into those that were read
 * @nr_found: how many
 * @counters: enum pksdiag_site_counter, of all of these
 * @violations: enum pksdiag_violation_kind, of all of these
 * @runs: mappings that it made, or ended
 * @longest_ns: the longest time that it mapped something
 * @first_ns: when it first ran, 0: it did not
 * @max_nest: most mappings at once
 * @note: why it is not watched, or NULL
 * @nr: sites that this stands for
 * @of: of them: how many of each status
 * @next: another one with the same function, line and call
 */
struct site_row {
	struct site_id id;
	const struct audit_helper *helper;
	__u64 address;
	const struct audit_site *fixed;
	size_t *entries;
	size_t nr_entries;
	size_t *found;
	size_t nr_found;
	__u64 counters[PKSDIAG_NR_SITE_COUNTERS];
	__u64 violations[PKSDIAG_NR_VIOL];
	__u64 runs;
	__u64 longest_ns;
	__u64 first_ns;
	__u32 max_nest;
	const char *note;
	size_t nr;
	size_t of[SITE_NR_STATUS];
	struct site_row *next;
};

/**
 * struct site_rows - some of the sites, in an order
 * @v: the sites
 * @nr: how many
 */
struct site_rows {
	struct site_row **v;
	size_t nr;
};

/**
 * struct site_ids - the sites of another run
 * @v: the sites
 * @nr: how many
 * @json: what their names are in
 */
struct site_ids {
	struct site_id *v;
	size_t nr;
	struct json_object *json;
};

/**
 * struct site_filter - which sites are wanted
 * @status: bits of the statuses, 0: any
 * @kinds: families
 * @modules: modules
 * @functions: functions
 * @files: source files
 */
struct site_filter {
	unsigned int status;
	struct site_words kinds;
	struct site_words modules;
	struct site_words functions;
	struct site_words files;
};

/**
 * struct site_change - a site that is another than in an earlier run
 * @was: what it was, NULL: it is new
 * @is: what it is, NULL: it is gone
 */
struct site_change {
	const struct site_id *was;
	const struct site_row *is;
};

/**
 * struct site_diff - what is different from an earlier run
 * @v: the changes
 * @nr: how many
 * @changed: of them: sites that are in both
 * @added: of them: sites that are new
 * @gone: of them: sites that are gone
 * @percent: what part of the sites had run then, in percent
 */
struct site_diff {
	struct site_change *v;
	size_t nr;
	size_t changed;
	size_t added;
	size_t gone;
	unsigned int percent;
};

/**
 * struct site_counts - the answer
 * @nr: sites
 * @of: of them: how many of each status
 * @watched: of them: those that a percentage is of
 * @exercised: of these: those that ran
 * @one_thread: kmap()s that never left their thread
 * @foreign: sites that ran, and are not in the files that were given
 */
struct site_counts {
	size_t nr;
	size_t of[SITE_NR_STATUS];
	size_t watched;
	size_t exercised;
	size_t one_thread;
	size_t foreign;
};

/**
 * struct sites - all that is known
 * @view: the kernel
 * @table: its sites
 * @files: files that are searched for sites
 * @has_files: there are some
 * @fixed: the sites in them
 * @all: the sites, joined
 * @row_of: of each site of @table
 * @index: finds sites
 * @filter: which are wanted
 * @shown: those
 * @groups: these, put together
 * @counts: how many
 * @past: the sites of an earlier run
 * @diff: what is different
 */
struct sites {
	const struct view *view;
	const struct site_table *table;
	struct audit_files files;
	bool has_files;
	struct audit_sites fixed;
	struct site_rows all;
	struct site_row **row_of;
	void *index;
	struct site_filter filter;
	struct site_rows shown;
	struct site_rows groups;
	struct site_counts counts;
	struct site_ids past;
	struct site_diff diff;
};

/* sites_code.c */

/**
 * struct site_call - a call in the code, by debug info
 * @helper: the function that is called, NULL if it is none that is known
 * @frame: the function that calls it, NULL if debug info does not tell
 * @outlined: the code is that of @helper itself, which is not inlined
 */
struct site_call {
	const struct audit_helper *helper;
	const struct frame *frame;
	bool outlined;
};

void sites_check_modules(const struct sites *s);
const struct location *site_code(const struct sites *s, const struct site_entry *e);
const struct location *site_caller(const struct sites *s, __u64 address);
void site_put_code(FILE *out, const struct sites *s, const struct location *loc);
void site_find_call(const struct site_entry *e, const struct location *loc,
		    struct site_call *call);
__u64 site_offset(const struct sites *s, const struct site_entry *e);

/* sites_join.c */
void sites_join(struct sites *s);
void sites_join_free(struct sites *s);

/* sites_status.c */
const char *site_status_name(unsigned int status);
const char *site_kind_name(unsigned int kind);
const char *site_op_name(unsigned int op);
const char *site_bit_name(unsigned int bit);
bool site_bits_parse(const char *option, const char *list, unsigned int *bits);
unsigned int site_bits(const struct site_id *id);
bool site_was_exercised(const struct site_id *id);
bool site_is_watched(const struct site_id *id);
void site_judge(struct site_row *row, const bool *outlined);
void sites_count(const struct site_rows *rows, struct site_counts *counts);
unsigned int sites_percent(size_t part, size_t whole);

/* sites_select.c */
bool site_filter_parse(struct site_filter *filter, const struct options *opt);
void site_filter_free(struct site_filter *filter);
bool site_filter_takes(const struct site_filter *filter, const struct site_id *id);
void sites_select(struct sites *s);

/* sites_order.c */
bool site_order_check(const struct options *opt);
const char *site_module(const struct site_id *id);
void sites_sort(struct site_rows *rows, const char *keys);
void sites_cull(const struct site_rows *rows, const char *keys, const char *sort,
		struct site_rows *groups);
void sites_groups_free(struct site_rows *groups);

/* sites_baseline.c */
bool sites_past_read(struct site_ids *past, const char *file);
void sites_past_free(struct site_ids *past);

/* sites_diff.c */
void sites_compare(struct sites *s);

/* sites_text.c */
void sites_text(const struct sites *s);

/* sites_violation.c */
void site_put_violations(const struct sites *s, const struct site_row *row);
struct json_object *site_json_violations(const struct sites *s,
					 const struct site_row *row);

/* sites_json.c */
void sites_json(const struct sites *s);

/* sites_kernel_json.c */
struct json_object *sites_kernel_json(const struct sites *s);
struct json_object *site_json_counts(const char *(*name)(unsigned int value),
				     const __u64 *counts, unsigned int nr);

#endif /* PKSDIAG_SITES_H */
