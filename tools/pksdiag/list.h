/* SPDX-License-Identifier: GPL-2.0 */
/* Records, one line each. */
#ifndef PKSDIAG_LIST_H
#define PKSDIAG_LIST_H

#include "view.h"

void list_title(void);
void list_row(const struct view *v, const struct pksdiag_record *r);

#endif /* PKSDIAG_LIST_H */
