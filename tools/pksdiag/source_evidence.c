// SPDX-License-Identifier: GPL-2.0
/* The call sites of a kernel, from a file that pksdiag sites --json wrote. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"
#include "sites_names.h"
#include "source.h"
#include "util.h"

static void read_site(struct json_reader *in, struct json_object *obj,
		      struct site_table *t)
{
	struct pksdiag_site s = { .key = 1 };
	__u32 nr;

	nr = json_read_number(in, obj, "index", t->head.nr_sites - 1);
	s.ip = json_read_number(in, obj, "ip", UINT64_MAX);
	json_read_counts(in, obj, "counters", pksdiag_site_counter_name, s.counters,
			 PKSDIAG_NR_SITE_COUNTERS);
	json_read_counts(in, obj, "violations", pksdiag_violation_name, s.violations,
			 PKSDIAG_NR_VIOL);
	s.reported = json_read_number(in, obj, "reported", UINT64_MAX);
	s.longest_ns = json_read_number(in, obj, "longest_ns", UINT64_MAX);
	s.first_ns = json_read_number(in, obj, "first_ns", UINT64_MAX);
	s.max_nest = json_read_number(in, obj, "max_nest", UINT32_MAX);
	s.state = json_read_name(in, obj, "state", site_state_name, PKSDIAG_NR_SITE_STATE);
	s.mapping = json_read_name(in, obj, "mapping", pksdiag_mapping_name,
				   PKSDIAG_NR_MAP);
	s.unmap = json_read_bool(in, obj, "unmap");
	json_read_field(in, obj, "module", s.module, sizeof(s.module));
	s.module_base = json_read_number(in, obj, "module_base", UINT64_MAX);
	if (!in->failed)
		site_table_add(t, nr, &s);
}

static void read_stack(struct json_reader *in, struct json_object *obj, const char *key,
		       __u64 *stack)
{
	struct json_object *from = json_read_array(in, obj, key);
	size_t i, nr = from ? json_object_array_length(from) : 0;

	for (i = 0; i < nr && i < PKSDIAG_SITE_STACK_LEN; i++)
		stack[i] = json_read_address(in, json_object_array_get_idx(from, i), key);
}

static void read_violation(struct json_reader *in, struct json_object *obj,
			   struct site_table *t)
{
	struct pksdiag_violation v = { .state = PKSDIAG_STATE_COMMITTED };

	v.time_ns = json_read_number(in, obj, "time_ns", UINT64_MAX);
	v.site = json_read_number(in, obj, "site", UINT32_MAX);
	v.kind = json_read_name(in, obj, "kind", pksdiag_violation_name, PKSDIAG_NR_VIOL);
	v.mapping = json_read_name(in, obj, "mapping", pksdiag_mapping_name,
				   PKSDIAG_NR_MAP);
	v.context = json_read_name(in, obj, "context", pksdiag_context_name,
				   PKSDIAG_NR_CTX);
	v.map_context = json_read_name(in, obj, "map_context", pksdiag_context_name,
				       PKSDIAG_NR_CTX);
	v.pfn = json_read_number(in, obj, "pfn", UINT64_MAX);
	v.map_ip = json_read_number(in, obj, "map_ip", UINT64_MAX);
	v.ip = json_read_number(in, obj, "ip", UINT64_MAX);
	v.map_ns = json_read_number(in, obj, "map_ns", UINT64_MAX);
	v.map_pid = json_read_number(in, obj, "map_pid", UINT32_MAX);
	v.pid = json_read_number(in, obj, "pid", UINT32_MAX);
	json_read_field(in, obj, "map_comm", v.map_comm, sizeof(v.map_comm));
	json_read_field(in, obj, "comm", v.comm, sizeof(v.comm));
	read_stack(in, obj, "map_stack", v.map_stack);
	read_stack(in, obj, "stack", v.stack);
	if (!in->failed)
		site_table_add_violation(t, in->nr, &v);
}

static void read_head(struct json_reader *in, struct json_object *obj,
		      struct site_table *t)
{
	t->head = (struct pksdiag_sites){
		.magic = PKSDIAG_SITES_MAGIC, .version = PKSDIAG_VERSION,
		.header_size = sizeof(t->head), .site_size = PKSDIAG_SITE_SIZE,
		.violation_size = PKSDIAG_VIOLATION_SIZE,
		.nr_counters = PKSDIAG_NR_SITES_COUNTERS,
	};
	t->head.nr_sites = json_read_number(in, obj, "nr_sites", SITES_MAX);
	t->head.nr_violations = json_read_number(in, obj, "nr_violations", SITES_MAX);
	t->head.now_ns = json_read_number(in, obj, "now_ns", UINT64_MAX);
	json_read_counts(in, obj, "counters", pksdiag_sites_counter_name,
			 t->head.counters, PKSDIAG_NR_SITES_COUNTERS);
	t->filling = json_read_number(in, obj, "filling", UINT32_MAX);
	t->writing = json_read_number(in, obj, "writing", UINT32_MAX);
}

static void read_build_id(struct json_reader *in, struct json_object *obj, __u8 *id)
{
	const char *text = json_read_string(in, obj, "build_id");
	unsigned int i, byte;

	for (i = 0; text && i < PKSDIAG_BUILD_ID_LEN; i++, text += 2) {
		if (sscanf(text, "%2x", &byte) != 1 || !text[1])
			break;
		id[i] = byte;
	}
}

static void read_kernel(struct json_reader *in, struct json_object *obj,
			struct source *src)
{
	struct pksdiag_ring *ring = &src->ring;

	ring->stext = json_read_number(in, obj, "stext", UINT64_MAX);
	read_build_id(in, obj, ring->build_id);
	json_read_field(in, obj, "release", ring->release, sizeof(ring->release));
	read_head(in, obj, &src->sites);
}

/* Takes one element of an array. */
typedef void (*read_fn)(struct json_reader *in, struct json_object *obj,
			struct site_table *t);

static void read_each(struct json_reader *in, struct json_object *obj, const char *key,
		      struct site_table *t, read_fn element)
{
	struct json_object *array = json_read_array(in, obj, key);
	size_t nr = array ? json_object_array_length(array) : 0;

	in->what = key;
	for (in->nr = 0; in->nr < nr && !in->failed; in->nr++)
		element(in, json_object_array_get_idx(array, in->nr), t);
}

static int read_all(struct json_reader *in, struct json_object *file, struct source *src)
{
	struct json_object *kernel = json_read_object(in, file, "kernel");

	if (kernel)
		read_kernel(in, kernel, src);
	if (!in->failed && !src->sites.head.nr_sites) {
		pr_err("%s: no call sites in it", in->file);
		return -1;
	}
	if (!in->failed)
		read_each(in, kernel, "sites", &src->sites, read_site);
	if (!in->failed)
		read_each(in, kernel, "violations", &src->sites, read_violation);
	return in->failed ? -1 : 0;
}

/**
 * source_evidence_read - read what sites --json wrote of a kernel
 * @src: where to
 * @file: the file
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_evidence_read(struct source *src, const char *file)
{
	struct json_reader in = { .file = file, .what = "kernel" };
	struct json_object *obj = json_read_file(file);
	int ret;

	src->name = file;
	if (!obj)
		return -1;
	ret = read_all(&in, obj, src);
	if (!ret)
		site_table_finish(&src->sites, file);
	json_object_put(obj);
	return ret;
}
