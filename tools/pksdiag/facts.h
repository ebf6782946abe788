/* SPDX-License-Identifier: GPL-2.0 */
/* Single facts of a record in words, for list and explain. */
#ifndef PKSDIAG_FACTS_H
#define PKSDIAG_FACTS_H

#include <stdio.h>

#include "view.h"

void put_field(FILE *out, const char *field, size_t len);
void put_location(FILE *out, const struct location *loc);
void put_access(FILE *out, const struct pksdiag_record *r);
void put_target(FILE *out, const struct pksdiag_record *r);
void put_key(FILE *out, const struct pksdiag_record *r);
void put_rights(FILE *out, __u32 pkrs, unsigned int pkey);
void put_time(FILE *out, __u64 ns);
const struct location *fact_caller(const struct view *v,
				   const struct pksdiag_record *r);
unsigned int fact_dev_major(__u32 dev);
unsigned int fact_dev_minor(__u32 dev);

#define PUT_FIELD(out, field) put_field(out, field, sizeof(field))

#endif /* PKSDIAG_FACTS_H */
