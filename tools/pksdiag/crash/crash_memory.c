// SPDX-License-Identifier: GPL-2.0
/* The memory of the kernel that crash has open, live or of a dump. */
#include <stdlib.h>
#include <string.h>

#include "crash_defs.h"
#include "crash_memory.h"
#include "crash_try.h"
#include "util.h"

/**
 * struct reading - a call of readmem()
 * @addr: where from
 * @type: KVADDR or PHYSADDR
 * @buf: where to
 * @len: bytes
 * @done: it was read
 */
struct reading {
	__u64 addr;
	int type;
	void *buf;
	size_t len;
	bool done;
};

static void do_read(void *arg)
{
	struct reading *r = arg;

	r->done = readmem(r->addr, r->type, r->buf, r->len, "pksdiag",
			  RETURN_ON_ERROR | QUIET);
}

static int read_any(__u64 addr, int type, void *buf, size_t len)
{
	struct reading r = {
		.addr = addr, .type = type, .buf = buf, .len = len,
	};

	return crash_try(do_read, &r) && r.done ? 0 : -1;
}

static int read_memory(struct memory *mem, __u64 addr, void *buf, size_t len)
{
	(void)mem;
	return read_any(addr, KVADDR, buf, len);
}

static int find_symbol(struct memory *mem, const char *name, __u64 *addr)
{
	struct syment *sym = symbol_search((char *)name);

	(void)mem;
	if (!sym)
		return -1;
	*addr = sym->value;
	return 0;
}

static char *get_release(struct memory *mem)
{
	(void)mem;
	return kt->utsname.release[0] ? xstrdup(kt->utsname.release) : NULL;
}

static const char *why_not(struct memory *mem)
{
	(void)mem;
	return "crash cannot read it";
}

static const struct memory_ops crash_ops = {
	.read = read_memory,
	.symbol = find_symbol,
	.release = get_release,
	.why = why_not,
};

/**
 * crash_memory_open - what crash was started on
 * @m: out; crash_memory_close() it
 * @opt: gets the memory, and the vmlinux that crash has
 */
void crash_memory_open(struct crash_memory *m, struct options *opt)
{
	const char *vmlinux = pc->namelist_debug ? pc->namelist_debug :
						   pc->namelist;

	m->symbols = xasprintf("the symbols of %s", pc->namelist);
	m->mem.ops = &crash_ops;
	m->mem.name = pc->dumpfile ? pc->dumpfile : pc->live_memsrc;
	if (!m->mem.name)
		m->mem.name = "the running kernel";
	m->mem.symbols = m->symbols;
	opt->memory = &m->mem;
	opt->vmlinux = vmlinux;
	if (!ACTIVE())
		opt->vmcore = m->mem.name;
}

/**
 * crash_memory_close - free everything
 * @m: what crash_memory_open() made
 */
void crash_memory_close(struct crash_memory *m)
{
	free(m->symbols);
}

/**
 * crash_memory_read_phys - read memory by its physical address
 * @addr: the address
 * @buf: where to
 * @len: bytes
 *
 * Return: 0, or -1.
 */
int crash_memory_read_phys(__u64 addr, void *buf, size_t len)
{
	return read_any(addr, PHYSADDR, buf, len);
}
