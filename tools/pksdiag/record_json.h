/* SPDX-License-Identifier: GPL-2.0 */
/* Records as JSON; schema.rst describes it. */
#ifndef PKSDIAG_RECORD_JSON_H
#define PKSDIAG_RECORD_JSON_H

#include "json.h"
#include "view.h"

struct json_object *json_record(const struct view *v,
				const struct pksdiag_record *r);
void json_add_evidence(struct json_object *obj, const struct view *v,
		       const struct pksdiag_record *r);

#endif /* PKSDIAG_RECORD_JSON_H */
