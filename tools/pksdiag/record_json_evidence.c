// SPDX-License-Identifier: GPL-2.0
/* The part of a record's JSON that says who mapped what and who knows the page. */
#include "facts.h"
#include "record_json.h"
#include "util.h"

static struct json_object *json_because(const struct pksdiag_record *r)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < 64; i++)
		if (r->because >> i & 1)
			json_object_array_add(array, json_object_new_string
					      (pksdiag_because_name(i)));
	return array;
}

/* Who did something at @ns; @ago: the name for the time since then. */
static struct json_object *json_by(const struct view *v,
				   const struct pksdiag_record *r, __u64 ip,
				   __u64 ns, const char *ago)
{
	struct json_object *obj = json_object_new_object();

	json_add_code(obj, "ip", view_return(v, r, ip));
	json_add_number(obj, "time_ns", ns);
	json_add_number(obj, ago, fact_ago(r, ns));
	return obj;
}

static struct json_object *json_callers(const struct view *v,
					const struct pksdiag_record *r)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < PKSDIAG_STACK_MAP_LEN && r->owner_stack[i]; i++) {
		struct json_object *obj = json_object_new_object();

		json_add_code(obj, "address",
			      view_return(v, r, r->owner_stack[i]));
		json_object_array_add(array, obj);
	}
	return array;
}

static struct json_object *json_owner(const struct view *v,
				      const struct pksdiag_record *r)
{
	struct json_object *obj;

	if (!(r->flags & PKSDIAG_F_OWNER))
		return NULL;
	obj = json_by(v, r, r->owner_ip, r->owner_ns, "age_ns");
	json_add_number(obj, "pid", r->owner_pid);
	json_add(obj, "comm", JSON_FIELD(r->owner_comm));
	json_add_address(obj, "task", r->owner_task);
	json_add_number(obj, "cpu", r->owner_cpu);
	json_add_number(obj, "nest", r->owner_nest);
	json_add_string(obj, "context", pksdiag_context_name(r->owner_context));
	json_add_bool(obj, "mapped", r->flags & PKSDIAG_F_MAPPED);
	json_add_bool(obj, "section", r->flags & PKSDIAG_F_SECTION);
	json_add_bool(obj, "same_call", r->flags & PKSDIAG_F_SAME_CALL);
	json_add(obj, "stack", json_callers(v, r));
	return obj;
}

static struct json_object *json_unmapped(const struct view *v,
					 const struct pksdiag_record *r)
{
	struct json_object *obj;

	if (!fact_unmapped(r))
		return NULL;
	obj = json_by(v, r, r->unmap_ip, r->unmap_ns, "gap_ns");
	json_add_number(obj, "pid", r->unmap_pid);
	return obj;
}

static struct json_object *json_mapping(const struct view *v,
					const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();

	json_add_string(obj, "type", pksdiag_mapping_name(r->mapping));
	json_add(obj, "owner", json_owner(v, r));
	json_add(obj, "unmapped", json_unmapped(v, r));
	return obj;
}

static struct json_object *json_mapped_neighbour(const struct view *v,
						 const struct pksdiag_record *r)
{
	struct json_object *obj;

	if (!(r->flags & PKSDIAG_F_NEAR))
		return NULL;
	obj = json_object_new_object();
	json_add_code(obj, "ip", view_return(v, r, r->near_ip));
	json_add_string(obj, "type", pksdiag_mapping_name(r->near_mapping));
	json_add_number(obj, "pfn", r->near_pfn);
	return obj;
}

static struct json_object *json_neighbour(const struct view *v,
					  const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	int side = fact_side(r);

	json_add_bool(obj, "before_open", r->flags & PKSDIAG_F_BEFORE_OPEN);
	json_add_bool(obj, "after_open", r->flags & PKSDIAG_F_AFTER_OPEN);
	json_add(obj, "mapped", json_mapped_neighbour(v, r));
	json_add_string(obj, "side", fact_side_name(side));
	json_add(obj, "bytes_beyond",
		 side ? json_object_new_uint64(fact_beyond(r)) : NULL);
	return obj;
}

static struct json_object *json_handed_out(const struct view *v,
					   const struct pksdiag_record *r)
{
	struct json_object *obj;

	if (!(r->flags & PKSDIAG_F_HANDED))
		return NULL;
	obj = json_by(v, r, r->handed_ip, r->handed_ns, "age_ns");
	json_add_number(obj, "pid", r->handed_pid);
	json_add(obj, "comm", JSON_FIELD(r->handed_comm));
	json_add_address(obj, "address", r->handed_addr);
	json_add_number(obj, "pages", r->handed_pages);
	return obj;
}

static struct json_object *json_lost(const struct view *v,
				     const struct pksdiag_record *r)
{
	struct json_object *obj;

	if (!(r->flags & PKSDIAG_F_LOST))
		return NULL;
	obj = json_by(v, r, r->lost_ip, r->lost_ns, "age_ns");
	json_add_number(obj, "pfn", r->lost_pfn);
	return obj;
}

static struct json_object *json_ledger(const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	bool known = r->flags & PKSDIAG_F_LEDGER;

	json_add_bool(obj, "known", known);
	json_add(obj, "forgot", known ? json_object_new_uint64(r->forgot) : NULL);
	return obj;
}

static struct json_object *json_clue(const struct pksdiag_clue_at *clue)
{
	struct json_object *obj = json_object_new_object();
	bool stack = fact_clue_on_stack(clue);
	bool object = fact_clue_in_object(clue);

	json_add_string(obj, "what", pksdiag_clue_name(clue->what));
	json_add_string(obj, "where", pksdiag_place_name(clue->where));
	json_add_bool(obj, "near", pksdiag_clue_is_near(clue));
	json_add_string(obj, "register",
			stack ? NULL : pksdiag_reg_name(clue->index));
	json_add(obj, "word", stack ? json_object_new_int(clue->index) : NULL);
	json_add(obj, "frame", stack ? json_object_new_int(clue->frame) : NULL);
	json_add(obj, "offset",
		 object ? json_object_new_int(clue->offset) : NULL);
	json_add_address(obj, "value", clue->value);
	return obj;
}

static struct json_object *json_clues(const struct pksdiag_record *r)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_CLUES; i++)
		if (r->clues[i].what != PKSDIAG_CLUE_NONE)
			json_object_array_add(array, json_clue(&r->clues[i]));
	return array;
}

static struct json_object *json_module(const struct pksdiag_record *r)
{
	struct json_object *obj;

	if (!(r->flags & PKSDIAG_F_MODULE))
		return NULL;
	obj = json_object_new_object();
	json_add(obj, "name", JSON_FIELD(r->module));
	json_add_address(obj, "base", r->module_base);
	json_add_number(obj, "size", r->module_size);
	return obj;
}

/**
 * json_add_evidence - what the verdict rests on
 * @obj: the record's object
 * @v: what explains its addresses
 * @r: the record
 */
void json_add_evidence(struct json_object *obj, const struct view *v,
		       const struct pksdiag_record *r)
{
	json_add_string(obj, "verdict", pksdiag_verdict_name(r->verdict));
	json_add_string(obj, "confidence",
			pksdiag_confidence_name(r->confidence));
	json_add(obj, "because", json_because(r));
	json_add(obj, "mapping", json_mapping(v, r));
	json_add(obj, "neighbour", json_neighbour(v, r));
	json_add(obj, "handed_out", json_handed_out(v, r));
	json_add(obj, "unmatched_unmap", json_lost(v, r));
	json_add(obj, "ledger", json_ledger(r));
	json_add(obj, "clues", json_clues(r));
	json_add_bool(obj, "searched", r->flags & PKSDIAG_F_SEARCHED);
	json_add_number(obj, "stack_words", r->stack_words);
	json_add(obj, "module", json_module(r));
}
