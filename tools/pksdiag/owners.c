// SPDX-License-Identifier: GPL-2.0
/* pksdiag owners: who has protected memory mapped, the oldest first. */
#include <stdlib.h>

#include "cmd.h"
#include "facts.h"
#include "owners.h"
#include "util.h"

#define ROW "%12s %-11s %-12s %-22s %3s %4s %-8s %s"

/**
 * owners_age - how long ago something was
 * @ov: the ledger
 * @ns: when it was
 *
 * Return: ns; 0 for what came after the clock was read.
 */
__u64 owners_age(const struct owners_view *ov, __u64 ns)
{
	return ov->now_ns > ns ? ov->now_ns - ns : 0;
}

/**
 * owners_wanted - did the user ask for this entry
 * @ov: the ledger
 * @o: the entry
 *
 * Return: true if so.
 */
bool owners_wanted(const struct owners_view *ov, const struct pksdiag_owner *o)
{
	return ov->v->opt->all || owner_is_mapped(o);
}

/**
 * owners_state - what became of an entry
 * @o: the entry
 *
 * Return: a word.
 */
const char *owners_state(const struct pksdiag_owner *o)
{
	if (o->kind == PKSDIAG_OWN_HANDOUT)
		return "handed-out";
	if (o->kind == PKSDIAG_OWN_LOST)
		return "unmatched";
	if (o->unmap_time)
		return "unmapped";
	return o->dead ? "left-behind" : "mapped";
}

/**
 * owners_absent - was there nothing that could be protected
 * @ov: the ledger
 *
 * Return: true if PKS was absent; a ring that is damaged does not say so.
 */
bool owners_absent(const struct owners_view *ov)
{
	return ov->v->src.ring.magic && !source_has_pks(&ov->v->src);
}

static size_t nr_mapped(const struct ledger *ledger)
{
	size_t i, nr = 0;

	for (i = 0; i < ledger->nr; i++)
		nr += owner_is_mapped(&ledger->v[i]);
	return nr;
}

static const struct pksdiag_owner *oldest(const struct ledger *ledger)
{
	size_t i;

	for (i = 0; i < ledger->nr; i++)
		if (owner_is_mapped(&ledger->v[i]))
			return &ledger->v[i];
	return NULL;
}

/* The answer, and what it does not cover. */
static void put_summary(const struct owners_view *ov)
{
	const struct pksdiag_owner *first = oldest(ov->ledger);
	__u64 dropped = ledger_dropped(ov->ledger);
	size_t nr = nr_mapped(ov->ledger);

	printf("%zu mapping%s of protected memory", nr, nr == 1 ? "" : "s");
	if (first) {
		fputs(nr == 1 ? ", for " : ", the oldest for ", stdout);
		put_duration(stdout, owners_age(ov, first->map_time));
	}
	putchar('\n');
	if (dropped)
		printf("%llu mapping%s found no room in the ledger and cannot be shown\n",
		       dropped, dropped == 1 ? "" : "s");
	if (!ov->is_newest || !ov->ledger->nr)
		return;
	fputs("ages are as of ", stdout);
	put_time(stdout, ov->now_ns);
	puts(" s, the newest time in the dump: they are at least this");
}

/**
 * struct cell - one entry, for what prints a column of it
 * @ov: the ledger
 * @o: the entry
 */
struct cell {
	const struct owners_view *ov;
	const struct pksdiag_owner *o;
};

static void put_age(FILE *out, const void *arg)
{
	const struct cell *c = arg;

	put_duration(out, owners_age(c->ov, owner_ns(c->o)));
}

static void put_task(FILE *out, const void *arg)
{
	const struct pksdiag_owner *o = ((const struct cell *)arg)->o;

	PUT_FIELD(out, o->comm);
	fprintf(out, ":%u", owner_pid(o));
}

static void put_where(FILE *out, const struct cell *c)
{
	const struct pksdiag_owner *o = c->o;
	struct place place;

	if (o->kind == PKSDIAG_OWN_SECTION && !o->pfn) {
		fputs("all devices", out);
		return;
	}
	if (ledger_place(c->ov->ledger, o->pfn, &place)) {
		PUT_FIELD(out, place.device->name);
		fprintf(out, "%s+0x%llx", place.meta ? ":meta" : "",
			place.offset);
	} else {
		fprintf(out, "pfn 0x%llx", o->pfn);
	}
	if (o->nr_pages > 1)
		fprintf(out, " (%llu pages)", o->nr_pages);
}

static void put_what(FILE *out, const void *arg)
{
	const struct cell *c = arg;

	if (c->o->kind == PKSDIAG_OWN_SECTION)
		fputs("section, ", out);
	put_where(out, c);
	fputs(" by ", out);
	put_location(out, view_caller(c->ov->v, owner_ip(c->o)));
}

static void put_callers(const struct cell *c)
{
	unsigned int i;

	for (i = 0; i < PKSDIAG_STACK_MAP_LEN && c->o->stack[i]; i++) {
		printf("%13scalled by ", "");
		put_location(stdout, view_caller(c->ov->v, c->o->stack[i]));
		putchar('\n');
	}
}

static void put_end(const struct cell *c)
{
	const struct pksdiag_owner *o = c->o;

	if (!o->unmap_time || o->kind == PKSDIAG_OWN_LOST ||
	    o->kind == PKSDIAG_OWN_HANDOUT)
		return;
	printf("%13sunmapped after ", "");
	put_duration(stdout, o->unmap_time > o->map_time ? o->unmap_time - o->map_time : 0);
	printf(" by pid %u in ", o->unmap_pid);
	put_location(stdout, view_caller(c->ov->v, o->unmap_ip));
	putchar('\n');
}

/**
 * owners_title - print the titles of the columns
 */
void owners_title(void)
{
	printf(ROW, "AGE", "STATE", "TYPE", "TASK", "CPU", "NEST", "CONTEXT",
	       "WHERE\n");
}

/**
 * owners_row - print one entry
 * @ov: the ledger
 * @o: the entry
 */
void owners_row(const struct owners_view *ov, const struct pksdiag_owner *o)
{
	const struct cell c = { ov, o };
	char *age = text_from(put_age, &c);
	char *task = text_from(put_task, &c);
	char *what = text_from(put_what, &c);
	char cpu[16], nest[16];

	snprintf(cpu, sizeof(cpu), "%u", o->cpu);
	snprintf(nest, sizeof(nest), "%u", o->nest);
	printf(ROW "\n", age, owners_state(o), pksdiag_mapping_name(o->type),
	       task, cpu, nest, pksdiag_context_name(o->context), what);
	put_callers(&c);
	put_end(&c);
	free(age);
	free(task);
	free(what);
}

static void owners_text(const struct owners_view *ov)
{
	bool head = false;
	size_t i;

	if (owners_absent(ov) && view_say_absent(ov->v))
		return;
	put_summary(ov);
	for (i = 0; i < ov->ledger->nr; i++) {
		if (!owners_wanted(ov, &ov->ledger->v[i]))
			continue;
		if (!head)
			owners_title();
		head = true;
		owners_row(ov, &ov->ledger->v[i]);
	}
}

/**
 * owners_find_now - find the time that ages are as of
 * @ov: gets it
 *
 * A dump has no clock; whatever happened last is as near as one can come.
 */
void owners_find_now(struct owners_view *ov)
{
	const struct record_list *records = &ov->v->src.records;
	size_t i;

	ov->now_ns = ov->ledger->head.clock.ns;
	ov->is_newest = ov->v->opt->vmcore;
	if (!ov->is_newest)
		return;
	ov->now_ns = ledger_newest(ov->ledger);
	for (i = 0; i < records->nr; i++)
		if (records->v[i].r->time_ns > ov->now_ns)
			ov->now_ns = records->v[i].r->time_ns;
}

static int show(const struct view *v)
{
	struct owners_view ov = { .v = v, .ledger = &v->src.ledger };

	if (!ov.ledger->head.nr_owners && !owners_absent(&ov)) {
		pr_err("%s: the ledger of mappings is off: nobody kept account",
		       v->src.name);
		return EXIT_ERROR;
	}
	owners_find_now(&ov);
	if (v->opt->json)
		owners_json(&ov);
	else
		owners_text(&ov);
	return EXIT_SUCCESS;
}

/**
 * cmd_owners - pksdiag owners [--all]
 * @opt: the options
 * @argc: must be 0
 * @argv: not used
 *
 * Return: an exit code.
 */
int cmd_owners(const struct options *opt, int argc, char **argv)
{
	struct options with_ledger = *opt;
	int ret = EXIT_ERROR;
	struct view v;

	if (argc)
		return usage_error("owners takes no argument: '%s'", argv[0]);
	if (opt->capture) {
		pr_err("%s: a capture file has records only, not the ledger of mappings: read the running kernel, or a crash dump by --vmcore",
		       opt->capture);
		return EXIT_ERROR;
	}
	with_ledger.ledger = true;
	if (!view_open(&v, &with_ledger))
		ret = show(&v);
	view_close(&v);
	return ret;
}
