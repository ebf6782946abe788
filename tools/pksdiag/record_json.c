// SPDX-License-Identifier: GPL-2.0
/*
 * Records as JSON; schema.rst describes it. Nothing in it may depend on where
 * the record was read: a live kernel and its dump must give the same bytes.
 */
#include <string.h>

#include "facts.h"
#include "record_json.h"
#include "util.h"

#define FLAGS (JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE)

#define FIELD(field) json_field(field, sizeof(field))

static void add(struct json_object *obj, const char *key,
		struct json_object *value)
{
	json_object_object_add(obj, key, value);
}

static void add_number(struct json_object *obj, const char *key, __u64 value)
{
	add(obj, key, json_object_new_uint64(value));
}

static void add_address(struct json_object *obj, const char *key, __u64 value)
{
	add(obj, key, json_hex(value, 16));
}

static void add_string(struct json_object *obj, const char *key,
		       const char *value)
{
	add(obj, key, value ? json_object_new_string(value) : NULL);
}

/**
 * json_hex - a number that people read in hex
 * @value: the number
 * @digits: pad to as many
 *
 * Return: a string.
 */
struct json_object *json_hex(__u64 value, int digits)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%0*llx", digits, value);
	return json_object_new_string(text);
}

/**
 * json_field - a name from a record
 * @field: the name, ended by a NUL or by @len
 * @len: bytes of the field, at most 64
 *
 * Return: a string of printable ASCII.
 */
struct json_object *json_field(const char *field, size_t len)
{
	char text[ESCAPED_LEN(64)];

	return json_object_new_string(text_escape(text, field,
						  min_size(len, 64)));
}

/**
 * json_build_id - a build id
 * @id: its bytes
 *
 * Return: a string of hex digits, or null.
 */
struct json_object *json_build_id(const __u8 *id)
{
	char hex[2 * PKSDIAG_BUILD_ID_LEN + 1];

	if (!build_id_known(id))
		return NULL;
	text_hex(hex, id, PKSDIAG_BUILD_ID_LEN);
	return json_object_new_string(hex);
}

/**
 * json_print - print an object on stdout, and free it
 * @obj: the object
 */
void json_print(struct json_object *obj)
{
	fputs(json_object_to_json_string_ext(obj, FLAGS), stdout);
	fputc('\n', stdout);
	json_object_put(obj);
}

/**
 * json_array_add - print the next element of an array, and free it
 * @array: the array
 * @obj: the element
 */
void json_array_add(struct json_array *array, struct json_object *obj)
{
	fputs(array->nr++ ? ",\n" : "[\n", stdout);
	fputs(json_object_to_json_string_ext(obj, FLAGS), stdout);
	json_object_put(obj);
}

/**
 * json_array_end - print the end of an array
 * @array: the array
 */
void json_array_end(const struct json_array *array)
{
	fputs(array->nr ? "\n]\n" : "[]\n", stdout);
}

static struct json_object *json_symbol(const struct location *loc)
{
	char tail[48];
	char *text;
	struct json_object *obj;

	if (!loc->symbol)
		return NULL;
	snprintf(tail, sizeof(tail), "+0x%llx/0x%llx", loc->offset, loc->size);
	text = xasprintf("%s%s", loc->symbol, tail);
	obj = json_object_new_string(text);
	free(text);
	return obj;
}

static void add_frame(struct json_object *obj, const struct frame *frame)
{
	add_string(obj, "function", frame->function);
	add_string(obj, "file", frame->file);
	add(obj, "line", frame->line ? json_object_new_int(frame->line) : NULL);
}

/* The functions that the innermost one is inlined into. */
static struct json_object *json_inlines(const struct location *loc)
{
	struct json_object *array = json_object_new_array();
	int i;

	for (i = 1; i < loc->nr_frames; i++) {
		struct json_object *obj = json_object_new_object();

		add_frame(obj, &loc->frames[i]);
		json_object_array_add(array, obj);
	}
	return array;
}

static struct json_object *json_source(const struct location *loc)
{
	struct json_object *obj;

	if (!loc->nr_frames)
		return NULL;
	obj = json_object_new_object();
	add_frame(obj, &loc->frames[0]);
	add(obj, "inlines", json_inlines(loc));
	return obj;
}

static struct json_object *json_page(const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	bool pfn = r->flags & PKSDIAG_F_PFN;
	bool device = r->flags & PKSDIAG_F_DEVICE;
	bool file = r->flags & PKSDIAG_F_FILE;
	char dev[32];

	snprintf(dev, sizeof(dev), "%u:%u", fact_dev_major(r->fs_dev),
		 fact_dev_minor(r->fs_dev));
	add(obj, "pfn", pfn ? json_object_new_uint64(r->pfn) : NULL);
	add(obj, "device", device ? FIELD(r->device) : NULL);
	add(obj, "offset", device ? json_object_new_uint64(r->offset) : NULL);
	add(obj, "inode", file ? json_object_new_uint64(r->inode) : NULL);
	add(obj, "file_offset",
	    file ? json_object_new_uint64(r->file_offset) : NULL);
	add_string(obj, "fs_dev", file ? dev : NULL);
	add(obj, "shared", json_object_new_boolean(r->flags & PKSDIAG_F_SHARED));
	return obj;
}

static struct json_object *json_owner(const struct view *v,
				      const struct pksdiag_record *r,
				      __u64 ip, __u32 pid, __u64 ns)
{
	const struct location *loc;
	struct json_object *obj;

	if (!(r->flags & PKSDIAG_F_OWNER) || !ip)
		return NULL;
	loc = view_return(v, r, ip);
	obj = json_object_new_object();
	add_address(obj, "ip", ip);
	add(obj, "symbol", json_symbol(loc));
	add(obj, "source", json_source(loc));
	add_number(obj, "pid", pid);
	add_number(obj, "time_ns", ns);
	return obj;
}

static struct json_object *json_mapping(const struct view *v,
					const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *owner;

	owner = json_owner(v, r, r->owner_ip, r->owner_pid, r->owner_ns);
	if (owner)
		add(owner, "comm", FIELD(r->owner_comm));
	add_string(obj, "type", pksdiag_mapping_name(r->mapping));
	add(obj, "owner", owner);
	add(obj, "unmapped",
	    json_owner(v, r, r->unmap_ip, r->unmap_pid, r->unmap_ns));
	return obj;
}

static struct json_object *json_stack(const struct view *v,
				      const struct pksdiag_record *r)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < record_stack_nr(r); i++) {
		const struct location *loc = view_stack(v, r, i);
		struct json_object *obj = json_object_new_object();

		add_address(obj, "address", r->stack[i]);
		add(obj, "symbol", json_symbol(loc));
		add(obj, "source", json_source(loc));
		json_object_array_add(array, obj);
	}
	return array;
}

static struct json_object *json_regs(const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_REGS; i++)
		add_address(obj, pksdiag_reg_name(i), r->regs[i]);
	return obj;
}

static void add_identity(struct json_object *obj,
			 const struct pksdiag_record *r)
{
	add_number(obj, "seq", r->seq);
	add_number(obj, "time_ns", r->time_ns);
	add_number(obj, "real_ns", r->real_ns);
	add_number(obj, "hits", r->hits);
	add_number(obj, "cpu", r->cpu);
	add_number(obj, "pid", r->pid);
	add_number(obj, "tgid", r->tgid);
	add(obj, "comm", FIELD(r->comm));
	add_address(obj, "task", r->task);
	add_string(obj, "context", pksdiag_context_name(r->context));
}

static void add_insn(struct json_object *obj, const struct pksdiag_record *r)
{
	char hex[2 * PKSDIAG_INSN_LEN + 1];
	bool has = r->flags & PKSDIAG_F_INSN;

	text_hex(hex, r->insn, PKSDIAG_INSN_LEN);
	add_string(obj, "insn", has ? hex : NULL);
	add_number(obj, "insn_len", r->insn_len);
}

static void add_fault(struct json_object *obj, const struct view *v,
		      const struct pksdiag_record *r)
{
	const struct location *loc = view_ip(v, r);
	bool width = r->flags & PKSDIAG_F_WIDTH;

	add_string(obj, "access", pksdiag_access_name(r->access));
	add(obj, "size", width ? json_object_new_int(r->width) : NULL);
	add(obj, "string_insn",
	    json_object_new_boolean(r->flags & PKSDIAG_F_REP));
	add_address(obj, "address", r->address);
	add_address(obj, "ip", r->ip);
	add(obj, "ip_symbol", json_symbol(loc));
	add(obj, "source", json_source(loc));
	add(obj, "error_code", json_hex(r->error_code, 1));
	add_insn(obj, r);
}

static void add_protection(struct json_object *obj,
			   const struct pksdiag_record *r)
{
	bool pfn = r->flags & PKSDIAG_F_PFN;
	bool key = r->flags & PKSDIAG_F_KEY;
	bool device = r->flags & PKSDIAG_F_DEVICE;
	bool pkrs = r->flags & PKSDIAG_F_PKRS;

	add(obj, "pkey", pfn ? json_object_new_int(r->pkey) : NULL);
	add(obj, "key_name", key ? FIELD(r->key_name) : NULL);
	add(obj, "device_pkey",
	    device ? json_object_new_int(r->device_pkey) : NULL);
	add_string(obj, "level", pfn ? pksdiag_level_name(r->level) : NULL);
	add(obj, "pte", pfn ? json_hex(r->pte, 16) : NULL);
	add(obj, "pkrs", pkrs ? json_hex(r->pkrs, 8) : NULL);
	add(obj, "pkrs_thread", pkrs ? json_hex(r->pkrs_thread, 8) : NULL);
	add(obj, "pkrs_global", json_hex(r->pkrs_global, 8));
}

/**
 * json_record - a record as an object
 * @v: what explains its addresses
 * @r: the record
 *
 * Return: the object; json_print() or json_array_add() frees it.
 */
struct json_object *json_record(const struct view *v,
				const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();

	add_identity(obj, r);
	add_fault(obj, v, r);
	add_protection(obj, r);
	add_string(obj, "verdict", pksdiag_verdict_name(r->verdict));
	add_string(obj, "resolution", pksdiag_resolution_name(r->resolution));
	add(obj, "mapping", json_mapping(v, r));
	add(obj, "page", json_page(r));
	add(obj, "stack", json_stack(v, r));
	add(obj, "regs", json_regs(r));
	add(obj, "flags", json_hex(r->flags, 1));
	add_address(obj, "stext", r->stext);
	add(obj, "build_id", json_build_id(r->build_id));
	return obj;
}
