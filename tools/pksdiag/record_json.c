// SPDX-License-Identifier: GPL-2.0
/*
 * Records as JSON; schema.rst describes it. Nothing in it may depend on where
 * the record was read: a live kernel and its dump must give the same bytes.
 */
#include <stdio.h>

#include "facts.h"
#include "record_json.h"
#include "util.h"

static struct json_object *json_page(const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	bool pfn = r->flags & PKSDIAG_F_PFN;
	bool device = r->flags & PKSDIAG_F_DEVICE;
	bool file = r->flags & PKSDIAG_F_FILE;
	char dev[32];

	snprintf(dev, sizeof(dev), "%u:%u", fact_dev_major(r->fs_dev),
		 fact_dev_minor(r->fs_dev));
	json_add(obj, "pfn", pfn ? json_object_new_uint64(r->pfn) : NULL);
	json_add(obj, "device", device ? JSON_FIELD(r->device) : NULL);
	json_add(obj, "offset", device ? json_object_new_uint64(r->offset) : NULL);
	json_add(obj, "inode", file ? json_object_new_uint64(r->inode) : NULL);
	json_add(obj, "file_offset",
		 file ? json_object_new_uint64(r->file_offset) : NULL);
	json_add_string(obj, "fs_dev", file ? dev : NULL);
	json_add_bool(obj, "shared", r->flags & PKSDIAG_F_SHARED);
	json_add(obj, "struct_page",
		 r->page ? json_hex(r->page, 16) : NULL);
	json_add(obj, "inode_addr",
		 r->inode_addr ? json_hex(r->inode_addr, 16) : NULL);
	return obj;
}

static struct json_object *json_stack(const struct view *v,
				      const struct pksdiag_record *r)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < record_stack_nr(r); i++) {
		struct json_object *obj = json_object_new_object();

		json_add_code(obj, "address", view_stack(v, r, i));
		json_object_array_add(array, obj);
	}
	return array;
}

static struct json_object *json_regs(const struct pksdiag_record *r)
{
	struct json_object *obj = json_object_new_object();
	unsigned int i;

	for (i = 0; i < PKSDIAG_NR_REGS; i++)
		json_add_address(obj, pksdiag_reg_name(i), r->regs[i]);
	return obj;
}

static void add_identity(struct json_object *obj,
			 const struct pksdiag_record *r)
{
	json_add_number(obj, "seq", r->seq);
	json_add_number(obj, "time_ns", r->time_ns);
	json_add_number(obj, "real_ns", r->real_ns);
	json_add_number(obj, "hits", r->hits);
	json_add_number(obj, "cpu", r->cpu);
	json_add_number(obj, "pid", r->pid);
	json_add_number(obj, "tgid", r->tgid);
	json_add(obj, "comm", JSON_FIELD(r->comm));
	json_add_address(obj, "task", r->task);
	json_add_string(obj, "context", pksdiag_context_name(r->context));
	json_add_bool(obj, "exception", r->flags & PKSDIAG_F_EXCEPTION);
}

static void add_insn(struct json_object *obj, const struct pksdiag_record *r)
{
	char hex[2 * PKSDIAG_INSN_LEN + 1];
	bool has = r->flags & PKSDIAG_F_INSN;

	text_hex(hex, r->insn, PKSDIAG_INSN_LEN);
	json_add_string(obj, "insn", has ? hex : NULL);
	json_add_number(obj, "insn_len", r->insn_len);
}

static void add_fault(struct json_object *obj, const struct view *v,
		      const struct pksdiag_record *r)
{
	const struct location *loc = view_ip(v, r);
	bool width = r->flags & PKSDIAG_F_WIDTH;

	json_add_string(obj, "access", pksdiag_access_name(r->access));
	json_add(obj, "size", width ? json_object_new_int(r->width) : NULL);
	json_add_bool(obj, "string_insn", r->flags & PKSDIAG_F_REP);
	json_add_address(obj, "address", r->address);
	json_add_address(obj, "ip", r->ip);
	json_add(obj, "ip_symbol", json_symbol(loc));
	json_add(obj, "source", json_source(loc));
	json_add(obj, "error_code", json_hex(r->error_code, 1));
	add_insn(obj, r);
}

static void add_protection(struct json_object *obj,
			   const struct pksdiag_record *r)
{
	bool pfn = r->flags & PKSDIAG_F_PFN;
	bool key = r->flags & PKSDIAG_F_KEY;
	bool device = r->flags & PKSDIAG_F_DEVICE;
	bool pkrs = r->flags & PKSDIAG_F_PKRS;

	json_add(obj, "pkey", pfn ? json_object_new_int(r->pkey) : NULL);
	json_add(obj, "key_name", key ? JSON_FIELD(r->key_name) : NULL);
	json_add(obj, "device_pkey",
		 device ? json_object_new_int(r->device_pkey) : NULL);
	json_add_string(obj, "level", pfn ? pksdiag_level_name(r->level) : NULL);
	json_add(obj, "pte", pfn ? json_hex(r->pte, 16) : NULL);
	json_add(obj, "pkrs", pkrs ? json_hex(r->pkrs, 8) : NULL);
	json_add(obj, "pkrs_thread", pkrs ? json_hex(r->pkrs_thread, 8) : NULL);
	json_add(obj, "pkrs_global", json_hex(r->pkrs_global, 8));
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
	json_add_evidence(obj, v, r);
	json_add_string(obj, "resolution", pksdiag_resolution_name(r->resolution));
	json_add(obj, "page", json_page(r));
	json_add(obj, "stack", json_stack(v, r));
	json_add(obj, "regs", json_regs(r));
	json_add(obj, "flags", json_hex(r->flags, 1));
	json_add_address(obj, "stext", r->stext);
	json_add(obj, "build_id", json_build_id(r->build_id));
	return obj;
}
