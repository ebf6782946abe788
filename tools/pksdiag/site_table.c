// SPDX-License-Identifier: GPL-2.0
/* What a kernel has seen of its call sites: nothing is believed before it is checked. */
#include <stdlib.h>
#include <string.h>

#include "site_table.h"
#include "sites_names.h"
#include "util.h"

_Static_assert(sizeof(struct pksdiag_site) == PKSDIAG_SITE_SIZE,
	       "the site has holes");
_Static_assert(sizeof(struct pksdiag_violation) == PKSDIAG_VIOLATION_SIZE,
	       "the violation has holes");

#define PAGE_SHIFT	12

#define HEAD_FAIL(d, field, ...) \
	defect_set(d, offsetof(struct pksdiag_sites, field), __VA_ARGS__)
#define SITE_FAIL(d, field, ...) \
	defect_set(d, offsetof(struct pksdiag_site, field), __VA_ARGS__)
#define VIOL_FAIL(d, field, ...) \
	defect_set(d, offsetof(struct pksdiag_violation, field), __VA_ARGS__)

/* === The header =========================================================== */

static bool size_fits(__u32 size, __u32 least)
{
	return size >= least && size <= SITE_MAX && !(size % sizeof(__u64));
}

static bool check_counts(const struct pksdiag_sites *head, struct defect *d)
{
	if (head->nr_sites > SITES_MAX)
		return HEAD_FAIL(d, nr_sites, "%u sites, expected at most %u",
				 head->nr_sites, SITES_MAX);
	if (head->nr_violations > SITES_MAX)
		return HEAD_FAIL(d, nr_violations, "%u violations, expected at most %u",
				 head->nr_violations, SITES_MAX);
	if (head->nr_counters > ARRAY_SIZE(head->counters))
		return HEAD_FAIL(d, nr_counters, "%u counters, expected at most %zu",
				 head->nr_counters, ARRAY_SIZE(head->counters));
	return true;
}

static bool check_sizes(const struct pksdiag_sites *head, struct defect *d)
{
	if (head->header_size < sizeof(*head))
		return HEAD_FAIL(d, header_size, "header size is %u, expected at least %zu",
				 head->header_size, sizeof(*head));
	if (!size_fits(head->site_size, PKSDIAG_SITE_SIZE))
		return HEAD_FAIL(d, site_size,
				 "size of a site is %u, expected %u to %u, in words",
				 head->site_size, PKSDIAG_SITE_SIZE, SITE_MAX);
	if (!size_fits(head->violation_size, PKSDIAG_VIOLATION_SIZE))
		return HEAD_FAIL(d, violation_size,
				 "size of a violation is %u, expected %u to %u, in words",
				 head->violation_size, PKSDIAG_VIOLATION_SIZE, SITE_MAX);
	return true;
}

static bool check_head(const struct pksdiag_sites *head, struct defect *d)
{
	if (head->magic != PKSDIAG_SITES_MAGIC)
		return HEAD_FAIL(d, magic, "no call sites: magic is 0x%08x, expected 0x%08x",
				 head->magic, PKSDIAG_SITES_MAGIC);
	if (!head->version || head->version > PKSDIAG_VERSION)
		return HEAD_FAIL(d, version,
				 "the call sites have version %u, this pksdiag knows %u%s",
				 head->version, PKSDIAG_VERSION,
				 head->version ? ": use a newer pksdiag" : "");
	return check_sizes(head, d) && check_counts(head, d);
}

/**
 * site_table_set - check and take the header
 * @t: where to
 * @head: the header
 * @d: out: why not
 *
 * Return: true if it is good.
 */
bool site_table_set(struct site_table *t, const struct pksdiag_sites *head,
		    struct defect *d)
{
	if (!check_head(head, d))
		return false;
	t->head = *head;
	return true;
}

static bool is_range(__u64 start, __u64 bytes)
{
	return !bytes || start + bytes > bytes;
}

/**
 * site_table_check_ranges - can the entries be read that the header describes
 * @head: a header that site_table_set() took
 * @d: out: why not
 *
 * Return: true if so.
 */
bool site_table_check_ranges(const struct pksdiag_sites *head, struct defect *d)
{
	if (!is_range(head->sites, (__u64)head->nr_sites * head->site_size))
		return HEAD_FAIL(d, sites, "sites at 0x%llx: no such range", head->sites);
	if (!is_range(head->violations, (__u64)head->nr_violations * head->violation_size))
		return HEAD_FAIL(d, violations, "violations at 0x%llx: no such range",
				 head->violations);
	return true;
}

/**
 * site_table_counter - a counter of what found no room
 * @t: the table
 * @counter: which one
 *
 * Return: its value, 0 if the kernel does not have it.
 */
__u64 site_table_counter(const struct site_table *t, enum pksdiag_sites_counter counter)
{
	return counter < t->head.nr_counters ? t->head.counters[counter] : 0;
}

/* === The entries ========================================================== */

/**
 * site_state_name - name of an enum pksdiag_site_state
 * @state: the state
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *site_state_name(unsigned int state)
{
	static const char * const names[PKSDIAG_NR_SITE_STATE] = {
		"free", "filling", "used", "gone",
	};

	return state < PKSDIAG_NR_SITE_STATE ? names[state] : "?";
}

/* What is mapped by something that is a call site. */
static bool is_mapping(__u8 mapping)
{
	return mapping >= PKSDIAG_MAP_KMAP && mapping <= PKSDIAG_MAP_DAX;
}

/**
 * site_check - can a site be as it is
 * @s: the site
 * @d: out: why not
 *
 * Return: true if so.
 */
bool site_check(const struct pksdiag_site *s, struct defect *d)
{
	if (!s->ip)
		return SITE_FAIL(d, ip, "the address is 0");
	if (s->state >= PKSDIAG_NR_SITE_STATE)
		return SITE_FAIL(d, state, "state %u is not known", s->state);
	if (!is_mapping(s->mapping))
		return SITE_FAIL(d, mapping, "mapping type %u is that of no call site",
				 s->mapping);
	if (s->unmap > 1)
		return SITE_FAIL(d, unmap, "%u, expected 0 or 1", s->unmap);
	if (s->reported >> PKSDIAG_NR_VIOL)
		return SITE_FAIL(d, reported, "0x%llx has kinds that are not known",
				 s->reported);
	if (s->module[0] && s->module_base >= s->ip)
		return SITE_FAIL(d, module_base,
				 "the text begins at 0x%llx, expected before 0x%llx",
				 s->module_base, s->ip);
	return true;
}

static bool check_contexts(const struct pksdiag_violation *v, struct defect *d)
{
	if (v->context >= PKSDIAG_NR_CTX)
		return VIOL_FAIL(d, context, "context %u is not known", v->context);
	if (v->map_context >= PKSDIAG_NR_CTX)
		return VIOL_FAIL(d, map_context, "context %u is not known",
				 v->map_context);
	return true;
}

/**
 * site_check_violation - can a violation be as it is
 * @v: the violation
 * @nr_sites: how many sites there are
 * @d: out: why not
 *
 * Return: true if so.
 */
bool site_check_violation(const struct pksdiag_violation *v, __u32 nr_sites,
			  struct defect *d)
{
	if ((v->state & PKSDIAG_STATE_MASK) != PKSDIAG_STATE_COMMITTED)
		return VIOL_FAIL(d, state, "state word 0x%llx has no meaning", v->state);
	if (v->site >= nr_sites)
		return VIOL_FAIL(d, site, "it is of site %u, expected less than %u",
				 v->site, nr_sites);
	if (v->kind >= PKSDIAG_NR_VIOL)
		return VIOL_FAIL(d, kind, "kind %u is not known", v->kind);
	if (!is_mapping(v->mapping))
		return VIOL_FAIL(d, mapping, "mapping type %u is that of no call site",
				 v->mapping);
	if (v->pfn >> (64 - PAGE_SHIFT))
		return VIOL_FAIL(d, pfn, "0x%llx is no page frame", v->pfn);
	return check_contexts(v, d);
}

static void damaged(struct site_damage *damage, __u32 nr, const struct defect *d)
{
	if (damage->nr++)
		return;
	damage->first = nr;
	damage->d = *d;
}

/* Make room for one more. */
static void *grow(void *v, size_t nr, size_t *room, size_t size)
{
	if (nr < *room)
		return v;
	*room = *room ? 2 * *room : 64;
	return xrealloc(v, *room * size);
}

/**
 * site_table_add - take a site, if the entry is in use and good
 * @t: where to
 * @nr: its index
 * @entry: as many bytes as the header says; no alignment needed
 */
void site_table_add(struct site_table *t, __u32 nr, const void *entry)
{
	struct site_entry e = { .nr = nr };
	struct defect d;

	memcpy(&e.s, entry, sizeof(e.s));
	if (!e.s.key)
		return;
	if (e.s.state == PKSDIAG_SITE_FREE || e.s.state == PKSDIAG_SITE_FILLING) {
		t->filling++;
		return;
	}
	if (!site_check(&e.s, &d)) {
		damaged(&t->bad_sites, nr, &d);
		return;
	}
	t->v = grow(t->v, t->nr, &t->room, sizeof(*t->v));
	t->v[t->nr++] = e;
}

/**
 * site_table_add_violation - take a violation, if the entry is in use and good
 * @t: where to
 * @nr: its index
 * @entry: as many bytes as the header says; no alignment needed
 */
void site_table_add_violation(struct site_table *t, __u32 nr, const void *entry)
{
	struct pksdiag_violation v;
	struct defect d;

	memcpy(&v, entry, sizeof(v));
	switch (v.state & PKSDIAG_STATE_MASK) {
	case PKSDIAG_STATE_FREE:
		return;
	case PKSDIAG_STATE_WRITING:
		t->writing++;
		return;
	}
	if (!site_check_violation(&v, t->head.nr_sites, &d)) {
		damaged(&t->bad_viol, nr, &d);
		return;
	}
	t->viol = grow(t->viol, t->nr_viol, &t->room_viol, sizeof(*t->viol));
	t->viol[t->nr_viol++] = v;
}

static int by_index(const void *a, const void *b)
{
	const struct site_entry *x = a, *y = b;

	return (x->nr > y->nr) - (x->nr < y->nr);
}

static int by_time(const void *a, const void *b)
{
	const struct pksdiag_violation *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->site > y->site) - (x->site < y->site);
}

static void say_damaged(const char *name, const char *what, __u32 of,
			const struct site_damage *damage)
{
	if (damage->nr)
		pr_err("%s: %u of %u %ss are damaged; the first is %s %u: offset 0x%zx: %s",
		       name, damage->nr, of, what, what, damage->first, damage->d.at,
		       damage->d.what);
}

static void say_larger(const char *name, const char *what, __u32 has, size_t known)
{
	if (has > known)
		pr_warn("%s: a %s has %u bytes, this pksdiag knows %zu: the rest is skipped; a newer pksdiag shows more",
			name, what, has, known);
}

/**
 * site_table_finish - put entries in order, and say which are missing
 * @t: with all that site_table_add() and site_table_add_violation() took
 * @name: where it is from
 */
void site_table_finish(struct site_table *t, const char *name)
{
	if (t->nr)
		qsort(t->v, t->nr, sizeof(*t->v), by_index);
	if (t->nr_viol)
		qsort(t->viol, t->nr_viol, sizeof(*t->viol), by_time);
	say_larger(name, "site", t->head.site_size, PKSDIAG_SITE_SIZE);
	say_larger(name, "violation", t->head.violation_size, PKSDIAG_VIOLATION_SIZE);
	if (t->filling)
		pr_warn("%s: %u call sites had just run for the first time: skipped",
			name, t->filling);
	if (t->writing)
		pr_warn("%s: %u violations were just being written: skipped", name,
			t->writing);
	say_damaged(name, "site", t->head.nr_sites, &t->bad_sites);
	say_damaged(name, "violation", t->head.nr_violations, &t->bad_viol);
}

/**
 * site_table_free - free the entries
 * @t: empty afterwards
 */
void site_table_free(struct site_table *t)
{
	free(t->v);
	free(t->viol);
	memset(t, 0, sizeof(*t));
}
