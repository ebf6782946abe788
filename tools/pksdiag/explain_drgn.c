// SPDX-License-Identifier: GPL-2.0
/*
 * An explanation as lines for drgn: each fact is read from the kernel's own structures, and
 * behind it is what it was here. Whoever doubts an answer, or wants to go on from one, has a
 * start. The lines need no package of ours.
 */
#include <stdio.h>
#include <string.h>

#include "explain.h"
#include "facts.h"
#include "record.h"
#include "shared.h"

static void put_start(const struct pksdiag_record *r)
{
	printf("# Record %llu, for drgn -c VMCORE -s VMLINUX (or drgn for the running kernel)\n"
	       "from drgn import Object\n"
	       "ring = prog[\"pksdiag_ring\"]\n"
	       "size = ring.slot_size.value_()\n"
	       "places = [(ring.slots, ring.nr_slots), (ring.firsts, ring.nr_firsts)]\n"
	       "slots = (Object(prog, \"struct pksdiag_slot\", address=at.value_() + i * size)\n"
	       "         for at, nr in places for i in range(nr))\n"
	       "r = next(slot.record for slot in slots if slot.state == (%llu << %u | %u))\n"
	       "def where(at, back=0):\n"
	       "    try:\n"
	       "        symbol = prog.symbol(at.value_() - back)\n"
	       "        return \"%%s+%%#x\" %% (symbol.name, at - symbol.address)\n"
	       "    except LookupError:\n"
	       "        return hex(at)\n\n",
	       r->seq, r->seq, PKSDIAG_STATE_SHIFT, PKSDIAG_STATE_COMMITTED);
}

static void put_where(const char *expression, const struct location *loc, bool is_return)
{
	printf("print(where(%s%s))  # ", expression, is_return ? ", 1" : "");
	if (loc->symbol)
		printf("%s+0x%llx\n", loc->symbol, loc->offset);
	else
		printf("0x%llx\n", loc->address);
}

static void put_hex(const char *field, __u64 value)
{
	printf("print(hex(r.%s))  # 0x%llx\n", field, value);
}

static void put_number(const char *field, __u64 value)
{
	printf("print(r.%s.value_())  # %llu\n", field, value);
}

static void put_name(const char *field, const char *name, size_t len)
{
	printf("print(r.%s.string_().decode(\"ascii\", \"backslashreplace\"))  # ", field);
	put_field(stdout, name, len);
	putchar('\n');
}

static void put_who(const struct view *v, const struct pksdiag_record *r)
{
	char entry[32];
	unsigned int i;

	puts("# Who wrote where");
	put_where("r.ip", view_ip(v, r), false);
	put_hex("address", r->address);
	if (r->flags & PKSDIAG_F_DEVICE) {
		put_name("device", r->device, sizeof(r->device));
		put_hex("offset", r->offset);
	}
	if (r->flags & PKSDIAG_F_FILE) {
		put_number("inode", r->inode);
		put_hex("file_offset", r->file_offset);
	}
	put_name("comm", r->comm, sizeof(r->comm));
	put_number("pid", r->pid);
	for (i = 1; i < record_stack_nr(r); i++) {
		snprintf(entry, sizeof(entry), "r.stack[%u]", i);
		put_where(entry, view_stack(v, r, i), true);
	}
	puts("task = Object(prog, \"struct task_struct *\", value=r.task)\n"
	     "# prog.stack_trace(task): what it does now, if it is still there");
}

static void put_why(const struct view *v, const struct pksdiag_record *r)
{
	puts("# Why it was denied");
	if (r->flags & PKSDIAG_F_PFN) {
		put_number("pkey", r->pkey);
		put_hex("pte", r->pte);
	}
	if (r->flags & PKSDIAG_F_KEY)
		put_name("key_name", r->key_name, sizeof(r->key_name));
	if (r->flags & PKSDIAG_F_PKRS)
		put_hex("pkrs", r->pkrs);
	put_hex("pkrs_global", r->pkrs_global);
	if (r->flags & PKSDIAG_F_OWNER) {
		put_where("r.owner_ip", view_return(v, r, r->owner_ip), true);
		put_name("owner_comm", r->owner_comm, sizeof(r->owner_comm));
		put_number("owner_pid", r->owner_pid);
	}
	if (fact_unmapped(r))
		put_where("r.unmap_ip", view_return(v, r, r->unmap_ip), true);
	printf("# %s\n", pksdiag_verdict_name(r->verdict));
	put_number("verdict", r->verdict);
	put_hex("because", r->because);
}

/**
 * explain_drgn - print lines for drgn that read what an explanation says
 * @v: the view
 * @r: the record
 */
void explain_drgn(const struct view *v, const struct pksdiag_record *r)
{
	put_start(r);
	put_who(v, r);
	put_why(v, r);
}
