// SPDX-License-Identifier: GPL-2.0
/* pksdiag stats: the ring, its counters, the keys. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "facts.h"
#include "record_json.h"
#include "util.h"

#define LINE "%-20s "

static unsigned int nr_counters(const struct pksdiag_ring *ring)
{
	return min_size(ring->nr_counters, PKSDIAG_NR_COUNTERS);
}

static bool key_used(const struct pksdiag_ring *ring, unsigned int key)
{
	return key < ring->nr_keys && ring->key_name[key][0];
}

static struct json_object *json_counters(const struct pksdiag_ring *ring)
{
	struct json_object *obj = json_object_new_object();
	unsigned int i;

	for (i = 0; i < nr_counters(ring); i++)
		json_object_object_add(obj, pksdiag_counter_name(i),
				       json_object_new_uint64(ring->counters[i]));
	return obj;
}

static struct json_object *json_keys(const struct pksdiag_ring *ring)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_KEYS; i++) {
		struct json_object *obj;

		if (!key_used(ring, i))
			continue;
		obj = json_object_new_object();
		json_object_object_add(obj, "pkey", json_object_new_int(i));
		json_object_object_add(obj, "name",
				       json_field(ring->key_name[i],
						  PKSDIAG_NAME_LEN));
		json_object_array_add(array, obj);
	}
	return array;
}

static void add_numbers(struct json_object *obj, const struct source *src)
{
	const struct pksdiag_ring *ring = &src->ring;
	const struct {
		const char *key;
		__u64 value;
	} numbers[] = {
		{ "version", ring->version },
		{ "head", ring->head },
		{ "records", src->records.nr },
		{ "signatures", record_list_signatures(&src->records) },
		{ "lost", source_lost(src) },
		{ "nr_slots", ring->nr_slots },
		{ "nr_firsts", ring->nr_firsts },
		{ "record_size", ring->record_size },
		{ "slot_size", ring->slot_size },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		json_object_object_add(obj, numbers[i].key,
				       json_object_new_uint64(numbers[i].value));
}

static void stats_json(const struct source *src)
{
	const struct pksdiag_ring *ring = &src->ring;
	struct json_object *obj = json_object_new_object();

	json_object_object_add(obj, "pks",
			       json_object_new_boolean(source_has_pks(src)));
	json_object_object_add(obj, "release",
			       json_field(ring->release, sizeof(ring->release)));
	json_object_object_add(obj, "build_id", json_build_id(ring->build_id));
	add_numbers(obj, src);
	json_object_object_add(obj, "counters", json_counters(ring));
	json_object_object_add(obj, "keys", json_keys(ring));
	json_print(obj);
}

static void text_head(const struct source *src)
{
	const struct pksdiag_ring *ring = &src->ring;
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];

	printf("%llu PKS fault%s, %zu readable, %llu lost\n", ring->head,
	       ring->head == 1 ? "" : "s",
	       src->records.nr, source_lost(src));
	text_hex(hex, ring->build_id, PKSDIAG_BUILD_ID_LEN);
	printf(LINE, "kernel");
	PUT_FIELD(stdout, ring->release);
	printf("\n" LINE "%s\n", "build id", hex);
	printf(LINE "%s\n", "PKS", source_has_pks(src) ? "on" : "absent");
	printf(LINE "%u slots and %u for first records, %u bytes a record\n",
	       "ring", ring->nr_slots, ring->nr_firsts, ring->record_size);
}

static void text_keys(const struct pksdiag_ring *ring)
{
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_KEYS; i++) {
		if (!key_used(ring, i))
			continue;
		printf("pkey %-15u ", i);
		PUT_FIELD(stdout, ring->key_name[i]);
		putchar('\n');
	}
}

static void stats_text(const struct source *src)
{
	const struct pksdiag_ring *ring = &src->ring;
	unsigned int i;

	text_head(src);
	for (i = 0; i < nr_counters(ring); i++)
		printf(LINE "%llu\n", pksdiag_counter_name(i),
		       ring->counters[i]);
	text_keys(ring);
}

/**
 * cmd_stats - pksdiag stats
 * @opt: the options
 * @argc: must be 0
 * @argv: not used
 *
 * Return: an exit code.
 */
int cmd_stats(const struct options *opt, int argc, char **argv)
{
	struct source src;
	int ret;

	if (argc)
		return usage_error("stats takes no argument: '%s'", argv[0]);
	ret = source_read(&src, opt) || src.from_log;
	if (!ret && opt->json)
		stats_json(&src);
	else if (!ret)
		stats_text(&src);
	source_free(&src);
	return ret ? EXIT_ERROR : EXIT_SUCCESS;
}
