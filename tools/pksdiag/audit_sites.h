/* SPDX-License-Identifier: GPL-2.0 */
/* The sites that were found: places in the source, and where their code is. */
#ifndef PKSDIAG_AUDIT_SITES_H
#define PKSDIAG_AUDIT_SITES_H

#include "audit_text.h"

/**
 * struct audit_copy - code of a site
 * @file: number of the file that it is in
 * @how: how it calls the function
 * @address: see &struct audit_place; the lowest, if there are more
 * @nr: how often the compiler has made it, with the same @chain
 * @chain: the functions that it is inlined into; see audit_chain_next()
 */
struct audit_copy {
	size_t file;
	enum audit_how how;
	__u64 address;
	unsigned int nr;
	char *chain;
};

/**
 * struct audit_site - a place in the source that maps or unmaps
 * @helper: by which function
 * @source: its file, "?" if not known
 * @line: its line, 0 if not known
 * @column: its column, 0 if not known
 * @function: the function that it is written in
 * @copies: its code, by file and chain once audit_sites_sort() was called
 * @nr_copies: how many
 */
struct audit_site {
	const struct audit_helper *helper;
	char *source;
	int line;
	int column;
	char *function;
	struct audit_copy *copies;
	size_t nr_copies;
};

/**
 * struct audit_sites - all sites
 * @v: by file, line and column once audit_sites_sort() was called
 * @nr: how many
 * @index: finds them
 * @units: the sources of the units that were read
 * @nr_units: how many
 */
struct audit_sites {
	struct audit_site **v;
	size_t nr;
	void *index;
	char **units;
	size_t nr_units;
};

/**
 * struct audit_counts - the answer
 * @sites: how many sites
 * @functions: in how many functions
 * @sources: of how many source files
 * @of: how many sites of each family
 */
struct audit_counts {
	size_t sites;
	size_t functions;
	size_t sources;
	size_t of[AUDIT_NR_KINDS];
};

void audit_sites_add(struct audit_sites *sites, size_t file,
		     const struct audit_found *found);
void audit_sites_add_unit(struct audit_sites *sites, const char *name);
void audit_sites_sort(struct audit_sites *sites);
void audit_sites_free(struct audit_sites *sites);
void audit_sites_count(const struct audit_sites *sites, struct audit_counts *counts);

#endif /* PKSDIAG_AUDIT_SITES_H */
