// SPDX-License-Identifier: GPL-2.0
/* A source and its symbols: what list and explain look at. */
#include <stdio.h>
#include <string.h>

#include "util.h"
#include "view.h"

/* Every record says which build it is of; a damaged ring header may not. */
static const __u8 *build_id(const struct source *src)
{
	if (build_id_known(src->ring.build_id) || !src->records.nr)
		return src->ring.build_id;
	return src->records.v[0].r->build_id;
}

/* Is there anything that symbols could explain? */
static bool has_code(const struct source *src)
{
	return src->records.nr || src->sites.nr;
}

/**
 * view_open - read the source, and open the vmlinux if there are records
 * @v: out; view_close() it
 * @opt: the options
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int view_open(struct view *v, const struct options *opt)
{
	char release[sizeof(v->src.ring.release) + 1] = "";
	struct options quiet = *opt;

	v->opt = opt;
	v->sym = NULL;
	v->dump = NULL;
	if (source_read(&v->src, opt))
		return -1;
	memcpy(release, v->src.ring.release, sizeof(v->src.ring.release));
	if (!has_code(&v->src) && !build_id_known(v->src.ring.build_id)) {
		quiet.vmlinux = NULL;
		quiet.debug_dir = NULL;
	}
	quiet.local = !has_code(&v->src);
	v->sym = symbols_open(&quiet, build_id(&v->src), release, v->src.names);
	return 0;
}

/**
 * view_close - free everything
 * @v: the view, whether or not view_open() succeeded
 */
void view_close(struct view *v)
{
	if (v->sym)
		symbols_close(v->sym);
	source_free(&v->src);
}

/**
 * view_ip - where the faulting instruction is
 * @v: the view
 * @r: the record
 *
 * Return: the location.
 */
const struct location *view_ip(const struct view *v,
			       const struct pksdiag_record *r)
{
	return symbols_find_of(v->sym, r, r->ip, false);
}

/**
 * view_return - where a return address is
 * @v: the view
 * @r: the record it is from
 * @address: the return address
 *
 * Return: the location of the call.
 */
const struct location *view_return(const struct view *v,
				   const struct pksdiag_record *r,
				   __u64 address)
{
	return symbols_find_of(v->sym, r, address, true);
}

/**
 * view_caller - where a return address is that is not from a record
 * @v: the view
 * @address: the return address
 *
 * Return: the location of the call.
 */
const struct location *view_caller(const struct view *v, __u64 address)
{
	return symbols_find(v->sym, v->src.ring.stext, address, true);
}

/**
 * view_stack - where an entry of the stack is
 * @v: the view
 * @r: the record
 * @i: which entry, below record_stack_nr()
 *
 * Return: the location; entry 0 is the faulting instruction itself.
 */
const struct location *view_stack(const struct view *v,
				  const struct pksdiag_record *r,
				  unsigned int i)
{
	return symbols_find_of(v->sym, r, r->stack[i], i > 0);
}

/**
 * view_say_absent - tell the user if there cannot be records
 * @v: the view
 *
 * Return: 1 if PKS is absent and that was said, 0 otherwise.
 */
int view_say_absent(const struct view *v)
{
	if (source_has_pks(&v->src))
		return 0;
	puts("PKS is absent on this machine: CPU or hypervisor do not offer it, or it is off.");
	puts("Nothing was protected, so there is nothing to show.");
	return 1;
}
