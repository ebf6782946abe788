/* SPDX-License-Identifier: GPL-2.0 */
/* Single facts of a record in words, for list and explain. */
#ifndef PKSDIAG_FACTS_H
#define PKSDIAG_FACTS_H

#include <stdio.h>

#include "view.h"

void put_field(FILE *out, const char *field, size_t len);
void put_location(FILE *out, const struct location *loc);
void put_code(FILE *out, const struct pksdiag_record *r,
	      const struct location *loc);
void put_function(FILE *out, const struct pksdiag_record *r,
		  const struct location *loc);
void put_access(FILE *out, const struct pksdiag_record *r);
void put_target(FILE *out, const struct pksdiag_record *r);
void put_key(FILE *out, const struct pksdiag_record *r);
void put_rights(FILE *out, __u32 pkrs, unsigned int pkey);
void put_time(FILE *out, __u64 ns);
void put_duration(FILE *out, __u64 ns);
void put_clue(FILE *out, const struct view *v, const struct pksdiag_record *r,
	      const struct pksdiag_clue_at *clue);

const struct location *fact_caller(const struct view *v,
				   const struct pksdiag_record *r);
const struct location *fact_code(const struct view *v,
				 const struct pksdiag_record *r);
unsigned int fact_dev_major(__u32 dev);
unsigned int fact_dev_minor(__u32 dev);

__u64 fact_ago(const struct pksdiag_record *r, __u64 ns);
bool fact_unmapped(const struct pksdiag_record *r);
int fact_side(const struct pksdiag_record *r);
const char *fact_side_name(int side);
unsigned int fact_beyond(const struct pksdiag_record *r);
bool fact_clue_on_stack(const struct pksdiag_clue_at *clue);
bool fact_clue_in_object(const struct pksdiag_clue_at *clue);
const struct pksdiag_clue_at *fact_best_clue(const struct pksdiag_record *r);
void put_mappers(FILE *out, const struct view *v, const struct pksdiag_record *r);
const struct location *fact_clue_holder(const struct view *v,
					const struct pksdiag_record *r,
					const struct pksdiag_clue_at *clue);

#define PUT_FIELD(out, field) put_field(out, field, sizeof(field))

#endif /* PKSDIAG_FACTS_H */
