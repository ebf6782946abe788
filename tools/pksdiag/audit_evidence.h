/* SPDX-License-Identifier: GPL-2.0 */
/* audit-evidence: what the debug info tells of lines and functions of the source. */
#ifndef PKSDIAG_AUDIT_EVIDENCE_H
#define PKSDIAG_AUDIT_EVIDENCE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>

#include "audit_code.h"

/**
 * struct lines_span - some lines of a source
 * @first: the first
 * @last: the last
 */
struct lines_span {
	int first;
	int last;
};

/**
 * struct question - what is asked of a call in the source
 * @number: of the question
 * @helper: what is called, as the source has it
 * @call: the lines of the call
 * @statement: those of the statement that it is in
 * @head: those of the head of the function that it is written in
 * @known: out: there is an entry of that function
 * @emitted: out: it has code of its own
 * @inlined: out: it is inlined somewhere
 * @rows: out: rows of @call in line tables
 * @code: out: rows of @statement that belong to an instruction
 * @where: out: one of these, NULL if there is none
 * @missed: out: code that pksdiag audit should have listed: of the call, or of one of the
 *	functions that map and unmap and in the function around it; NULL if there is none
 */
struct question {
	int number;
	char *helper;
	struct lines_span call;
	struct lines_span statement;
	struct lines_span head;
	bool known;
	bool emitted;
	bool inlined;
	size_t rows;
	size_t code;
	char *where;
	char *missed;
};

/**
 * struct listed_site - a site that pksdiag audit has listed, or leaves out by intention
 * @helper: what is called, as the source has it
 * @line: where
 * @column: where in that; 0 if any will do
 */
struct listed_site {
	char *helper;
	int line;
	int column;
};

/**
 * struct evidence_source - a source file
 * @name: from the top of the kernel's source on
 * @base: the last part of that
 * @questions: what is asked of it
 * @nr: how many
 * @sites: what is listed of it
 * @nr_sites: how many
 * @bodies: where functions that map and unmap are defined in it
 * @nr_bodies: how many
 * @seen: out: a unit has it
 */
struct evidence_source {
	char *name;
	const char *base;
	struct question *questions;
	size_t nr;
	struct listed_site *sites;
	size_t nr_sites;
	struct lines_span *bodies;
	size_t nr_bodies;
	bool seen;
};

/**
 * struct evidence - all that is asked
 * @v: the sources, by @base
 * @nr: how many
 * @has_code: by audit_helper_number(): there is code of the function
 * @object: the file that is being read
 */
struct evidence {
	struct evidence_source *v;
	size_t nr;
	bool *has_code;
	const char *object;
};

const char *path_base(const char *path);
void audit_evidence_unit(struct evidence *e, Dwarf_Die *cu);
void audit_evidence_call(struct evidence *e, Dwarf_Die *cu,
			 const struct audit_call *call);

#endif /* PKSDIAG_AUDIT_EVIDENCE_H */
