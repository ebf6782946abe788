/* SPDX-License-Identifier: GPL-2.0 */
/* Sentences about a record, with its facts filled in. */
#ifndef PKSDIAG_PHRASE_H
#define PKSDIAG_PHRASE_H

#include "view.h"

char *phrase(const struct view *v, const struct pksdiag_record *r,
	     const char *text);
char *phrase_because(const struct view *v, const struct pksdiag_record *r,
		     unsigned int fact);

#endif /* PKSDIAG_PHRASE_H */
