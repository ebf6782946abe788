// SPDX-License-Identifier: GPL-2.0
/* The call sites of a kernel: of the running one, or of one in memory. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "memory.h"
#include "source.h"
#include "util.h"

/* Read as many entries at once. */
#define PIECE	1024u

/* One of the two arrays. */
typedef void (*add_fn)(struct site_table *t, __u32 nr, const void *entry);

static int say_off(const char *name)
{
	pr_err("%s: call sites were not watched: boot with pksdiag.sites=1", name);
	return -1;
}

/* === The running kernel =================================================== */

/**
 * struct piecewise - an array that is read by ioctl()
 * @what: what its entries are called
 * @request: of the ioctl()
 * @nr: entries in it
 * @size: bytes of each
 * @add: takes one
 */
struct piecewise {
	const char *what;
	unsigned long request;
	__u32 nr;
	__u32 size;
	add_fn add;
};

/* Entries [start, start + nr). Return how many were read, 0 after an error. */
static __u32 read_piece(struct source *src, int fd, const struct piecewise *array,
			void *buf, __u32 start)
{
	__u32 i, nr = min_size(PIECE, array->nr - start);
	struct pksdiag_sites_request request = {
		.to = (uintptr_t)buf, .start = start, .nr = nr,
	};

	if (ioctl(fd, array->request, &request)) {
		pr_err("%s: cannot read the %s from entry %u on: %s", src->name,
		       array->what, start, strerror(errno));
		return 0;
	}
	if (!request.nr || request.nr > nr) {
		pr_err("%s: the %s end at entry %u, expected %u", src->name,
		       array->what, start, array->nr);
		return 0;
	}
	for (i = 0; i < request.nr; i++)
		array->add(&src->sites, start + i, buf + (size_t)i * array->size);
	return request.nr;
}

static void read_piecewise(struct source *src, int fd, const struct piecewise *array)
{
	void *buf = xmalloc((size_t)PIECE * array->size);
	__u32 start = 0, got = 1;

	for (; got && start < array->nr; start += got)
		got = read_piece(src, fd, array, buf, start);
	free(buf);
}

static void say_no_ioctl(const char *name)
{
	if (errno == ENOTTY || errno == EINVAL)
		pr_err("%s: this kernel does not watch call sites: build one with CONFIG_KMAP_SITES, and boot it with pksdiag.sites=1",
		       name);
	else
		pr_err("%s: cannot read the call sites: %s", name, strerror(errno));
}

/**
 * source_live_sites - read the call sites of the running kernel
 * @src: where to
 * @fd: the device
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_live_sites(struct source *src, int fd)
{
	struct pksdiag_sites head;
	struct defect d;

	if (ioctl(fd, PKSDIAG_IOC_SITES, &head)) {
		say_no_ioctl(src->name);
		return -1;
	}
	if (!site_table_set(&src->sites, &head, &d)) {
		pr_err("%s: call sites: offset 0x%zx: %s", src->name, d.at, d.what);
		return -1;
	}
	if (!head.nr_sites)
		return say_off(src->name);
	read_piecewise(src, fd, &(struct piecewise){
		"call sites", PKSDIAG_IOC_SITE, head.nr_sites, head.site_size,
		site_table_add });
	read_piecewise(src, fd, &(struct piecewise){
		"violations", PKSDIAG_IOC_VIOLATION, head.nr_violations,
		head.violation_size, site_table_add_violation });
	site_table_finish(&src->sites, src->name);
	return 0;
}

/* === A kernel in memory =================================================== */

/* Entries on their way into the table. */
struct entries {
	struct memory_array array;
	struct site_table *table;
	add_fn add;
};

static void take_entry(struct memory_array *array, __u32 nr, const void *item)
{
	struct entries *e = (struct entries *)array;

	e->add(e->table, nr, item);
}

static void read_entries(struct memory *mem, struct site_table *t)
{
	const struct pksdiag_sites *head = &t->head;
	struct entries sites = {
		.array = { .what = "call sites", .base = head->sites, .nr = head->nr_sites,
			   .size = head->site_size, .take = take_entry },
		.table = t, .add = site_table_add,
	};
	struct entries violations = {
		.array = { .what = "violations", .base = head->violations,
			   .nr = head->nr_violations, .size = head->violation_size,
			   .take = take_entry },
		.table = t, .add = site_table_add_violation,
	};

	memory_read_array(mem, &sites.array);
	if (head->nr_violations)
		memory_read_array(mem, &violations.array);
}

static int read_head(struct memory *mem, struct site_table *t)
{
	struct pksdiag_sites head;
	struct defect d;
	__u64 addr;

	if (memory_symbol(mem, "pksdiag_sites", &addr)) {
		pr_err("%s: no pksdiag_sites in %s: this kernel did not watch call sites; build one with CONFIG_KMAP_SITES, and boot it with pksdiag.sites=1",
		       mem->name, mem->symbols);
		return -1;
	}
	if (memory_read(mem, addr, &head, sizeof(head))) {
		pr_err("%s: cannot read the call sites at 0x%llx (cut off?): %s", mem->name,
		       addr, mem->ops->why(mem));
		return -1;
	}
	if (site_table_set(t, &head, &d) && site_table_check_ranges(&head, &d))
		return 0;
	pr_err("%s: call sites at 0x%llx: offset 0x%zx: %s", mem->name, addr, d.at, d.what);
	return -1;
}

/**
 * source_memory_sites - read the call sites of a kernel
 * @src: where to
 * @mem: the kernel's memory
 *
 * Return: 0, or -1 if there is nothing to show.
 */
int source_memory_sites(struct source *src, struct memory *mem)
{
	if (read_head(mem, &src->sites))
		return -1;
	if (!src->sites.head.nr_sites)
		return say_off(mem->name);
	read_entries(mem, &src->sites);
	site_table_finish(&src->sites, mem->name);
	return 0;
}
