// SPDX-License-Identifier: GPL-2.0
/* Where the kernel's call sites are: their code, and the call in it. */
#include <string.h>

#include "facts.h"
#include "module_layout.h"
#include "sites.h"
#include "util.h"

/* The first byte of a call, and its length (SDM vol. 2). */
#define OPCODE_CALL	0xe8
#define CALL_LEN	5

/*
 * Modules are looked for by what a record knows of its module. There is a call before
 * the address, so that much of the file can be checked.
 */
static void as_record(const struct site_entry *e, struct pksdiag_record *r)
{
	*r = (struct pksdiag_record){
		.flags = PKSDIAG_F_MODULE | PKSDIAG_F_INSN, .ip = e->s.ip - CALL_LEN,
		.insn = { OPCODE_CALL }, .insn_len = 1,
		.module_base = e->s.module_base, .module_size = MODULE_SIZE_UNKNOWN,
	};
	memcpy(r->module, e->s.module, sizeof(r->module));
}

/**
 * sites_check_modules - use only files of modules that have all calls that ran
 * @s: the sites
 */
void sites_check_modules(const struct sites *s)
{
	struct pksdiag_record r;
	size_t i;

	for (i = 0; i < s->table->nr; i++) {
		if (!s->table->v[i].s.module[0])
			continue;
		as_record(&s->table->v[i], &r);
		symbols_check_module(s->view->sym, &r);
	}
}

/**
 * site_code - where a site of the kernel is
 * @s: the sites
 * @e: the site
 *
 * Return: the location.
 */
const struct location *site_code(const struct sites *s, const struct site_entry *e)
{
	struct pksdiag_record r;

	if (!e->s.module[0])
		return view_caller(s->view, e->s.ip);
	as_record(e, &r);
	return view_return(s->view, &r, e->s.ip);
}

/**
 * site_offset - where a site is, whatever address it was loaded to
 * @s: the sites
 * @e: the site
 *
 * Return: its offset from _stext, or from the start of its module.
 */
__u64 site_offset(const struct sites *s, const struct site_entry *e)
{
	return e->s.ip - (e->s.module[0] ? e->s.module_base : s->view->src.ring.stext);
}

/* Of the modules that have sites, the one that begins next before an address. */
static const struct site_entry *module_before(const struct sites *s, __u64 address)
{
	const struct site_entry *best = NULL;
	size_t i;

	for (i = 0; i < s->table->nr; i++) {
		const struct site_entry *e = &s->table->v[i];

		if (e->s.module[0] && e->s.state == PKSDIAG_SITE_USED &&
		    e->s.module_base < address &&
		    (!best || e->s.module_base > best->s.module_base))
			best = e;
	}
	return best;
}

/**
 * site_caller - where a return address is
 * @s: the sites
 * @address: the address: in the kernel itself, or in any module
 *
 * Return: the location of the call.
 */
const struct location *site_caller(const struct sites *s, __u64 address)
{
	const struct location *loc = view_caller(s->view, address), *other;
	const struct site_entry *e;
	struct pksdiag_record r;

	e = loc->symbol ? NULL : module_before(s, address);
	if (!e)
		return loc;
	as_record(e, &r);
	other = view_return(s->view, &r, address);
	return other->symbol ? other : loc;
}

/**
 * site_put_code - print where some code is
 * @out: where to
 * @s: the sites
 * @loc: the code
 */
void site_put_code(FILE *out, const struct sites *s, const struct location *loc)
{
	size_t i;

	for (i = 0; !loc->symbol && i < s->table->nr; i++) {
		const struct site_entry *e = &s->table->v[i];
		struct pksdiag_record r;

		if (e->s.ip != loc->address || !e->s.module[0])
			continue;
		as_record(e, &r);
		put_code(out, &r, loc);
		return;
	}
	put_location(out, loc);
}

static enum audit_op op_of(const struct site_entry *e)
{
	return e->s.unmap ? AUDIT_UNMAP : AUDIT_MAP;
}

/* The kernel notes who calls dax_read_lock() and dax_read_unlock(). */
static void find_section(const struct site_entry *e, const struct location *loc,
			 struct site_call *call)
{
	call->helper = audit_helper(e->s.unmap ? "dax_read_unlock" : "dax_read_lock");
	call->frame = &loc->frames[0];
}

/* Of functions of the family that are inlined into each other, the outermost counts. */
static void find_inlined(const struct site_entry *e, const struct location *loc,
			 struct site_call *call)
{
	const struct audit_helper *helper;
	int i;

	for (i = loc->nr_frames - 1; i >= 0; i--) {
		helper = audit_helper(loc->frames[i].function);
		if (!helper || helper->op != op_of(e))
			continue;
		call->helper = helper;
		call->outlined = i + 1 == loc->nr_frames;
		call->frame = &loc->frames[call->outlined ? i : i + 1];
		return;
	}
	call->frame = &loc->frames[0];
}

/**
 * site_find_call - find the call that a site is
 * @e: the site, as the kernel has it
 * @loc: its location
 * @call: out
 */
void site_find_call(const struct site_entry *e, const struct location *loc,
		    struct site_call *call)
{
	*call = (struct site_call){};
	if (loc->from != LOCATION_DWARF || !loc->nr_frames || !loc->frames[0].function)
		return;
	if (e->s.mapping == PKSDIAG_MAP_DAX)
		find_section(e, loc, call);
	else
		find_inlined(e, loc, call);
}
