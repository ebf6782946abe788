// SPDX-License-Identifier: GPL-2.0
/*
 * Prints, as JSON, all that explanations are made of: names, sentences, advice. The
 * drgn package carries it, so that both say the same. Made of the tool's own
 * sources, static tables included.
 */
#include "advice.c"
#include "because.c"
#include "facts_evidence.c"
#include "json.h"

static void add_names(struct json_object *obj, const char *key,
		      const char *(*name)(unsigned int nr), unsigned int nr)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(array, json_object_new_string(name(i)));
	json_add(obj, key, array);
}

static void add_all_names(struct json_object *obj)
{
	add_names(obj, "contexts", pksdiag_context_name, PKSDIAG_NR_CTX);
	add_names(obj, "accesses", pksdiag_access_name, PKSDIAG_NR_ACCESS);
	add_names(obj, "verdicts", pksdiag_verdict_name, PKSDIAG_NR_V);
	add_names(obj, "resolutions", pksdiag_resolution_name, PKSDIAG_NR_RES);
	add_names(obj, "mappings", pksdiag_mapping_name, PKSDIAG_NR_MAP);
	add_names(obj, "levels", pksdiag_level_name, PKSDIAG_NR_LEVEL);
	add_names(obj, "confidences", pksdiag_confidence_name, PKSDIAG_NR_CONF);
	add_names(obj, "because", pksdiag_because_name, PKSDIAG_NR_B);
	add_names(obj, "clues", pksdiag_clue_name, PKSDIAG_NR_CLUE);
	add_names(obj, "places", pksdiag_place_name, PKSDIAG_NR_AT);
	add_names(obj, "kinds", pksdiag_kind_name, PKSDIAG_NR_OWN);
	add_names(obj, "regs", pksdiag_reg_name, PKSDIAG_NR_REGS);
	add_names(obj, "counters", pksdiag_counter_name, PKSDIAG_NR_COUNTERS);
	add_names(obj, "ledger_counters", pksdiag_ledger_counter_name,
		  PKSDIAG_NR_LEDGER_COUNTERS);
}

static struct json_object *strings(const char * const *v, size_t nr)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < nr; i++)
		json_object_array_add(array, v[i] ? json_object_new_string(v[i]) : NULL);
	return array;
}

static struct json_object *advice_object(const struct advice *advice)
{
	struct json_object *obj = json_object_new_object();

	json_add_number(obj, "verdict", advice->verdict);
	json_add_number(obj, "facts", advice->facts);
	json_add_string(obj, "at_risk", advice->at_risk);
	json_add_string(obj, "why", advice->why);
	json_add_string(obj, "cause", advice->cause);
	json_add(obj, "steps", strings(advice->steps, ADVICE_STEPS));
	return obj;
}

static void add_advice(struct json_object *obj)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < advice_table_nr; i++)
		json_object_array_add(array, advice_object(&advice_table[i]));
	json_add(obj, "advice", array);
	json_add(obj, "advice_unknown", advice_object(&unknown));
	json_add_string(obj, "read_risk", read_risk);
	json_add_string(obj, "doubtful", doubtful);
	json_add(obj, "resolution_words",
		 strings(resolutions, ARRAY_SIZE(resolutions)));
	json_add(obj, "sentences", strings(sentences, ARRAY_SIZE(sentences)));
}

static void add_clues(struct json_object *obj)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_CLUE; i++) {
		const struct pksdiag_clue_at clue = { .what = i };

		json_object_array_add(array, json_object_new_string(clue_words(&clue)));
	}
	json_add(obj, "clue_words", array);
}

int main(void)
{
	struct json_object *obj = json_object_new_object();

	add_all_names(obj);
	add_advice(obj);
	add_clues(obj);
	json_print(obj);
	return 0;
}
