/* SPDX-License-Identifier: GPL-2.0 */
/* Of an explanation: what only a dump can tell. */
#ifndef PKSDIAG_EXPLAIN_DUMP_H
#define PKSDIAG_EXPLAIN_DUMP_H

#include <json-c/json.h>

#include "view.h"

struct dump_view;

struct dump_view *dump_view_new(struct view *v);
void dump_view_free(struct dump_view *dv);
void explain_dump(const struct view *v, const struct dump_view *dv,
		  const struct pksdiag_record *r);
struct json_object *json_dump(const struct view *v, const struct dump_view *dv,
			      const struct pksdiag_record *r);

#endif /* PKSDIAG_EXPLAIN_DUMP_H */
