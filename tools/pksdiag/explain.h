/* SPDX-License-Identifier: GPL-2.0 */
/* The explanation of one record. */
#ifndef PKSDIAG_EXPLAIN_H
#define PKSDIAG_EXPLAIN_H

#include <stdio.h>

#include "view.h"

void explain_record(const struct view *v, const struct pksdiag_record *r);
void put_answer(FILE *out, const struct view *v, const struct pksdiag_record *r);
void explain_risk(const struct pksdiag_record *r);
void explain_who(const struct view *v, const struct pksdiag_record *r);
void explain_why(const struct view *v, const struct pksdiag_record *r);
void explain_mapping(const struct view *v, const struct pksdiag_record *r);
void explain_clues(const struct view *v, const struct pksdiag_record *r);
void explain_because(const struct view *v, const struct pksdiag_record *r);
void explain_what(const struct view *v, const struct pksdiag_record *r);

void explain_drgn(const struct view *v, const struct pksdiag_record *r);

void put_title(const struct view *v, const char *title);
void put_label(const char *label);
void put_wrapped(const char *first, int indent, const char *text);

#endif /* PKSDIAG_EXPLAIN_H */
