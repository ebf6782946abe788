// SPDX-License-Identifier: GPL-2.0
/* The functions that map and unmap pages, and what to call them. */
#include <stdlib.h>
#include <string.h>

#include "audit_kinds.h"
#include "util.h"

/* By name. What is a macro in the source calls one of these. */
static const struct audit_helper helpers[] = {
	{ "__kunmap_atomic", "kunmap_atomic", AUDIT_KMAP_ATOMIC, AUDIT_UNMAP },
	{ "__kunmap_local", "kunmap_local", AUDIT_KMAP_LOCAL, AUDIT_UNMAP },
	{ "dax_direct_access", "dax_direct_access", AUDIT_DAX, AUDIT_ADDRESS },
	{ "dax_read_lock", "dax_read_lock", AUDIT_DAX, AUDIT_MAP },
	{ "dax_read_unlock", "dax_read_unlock", AUDIT_DAX, AUDIT_UNMAP },
	{ "folio_address", "folio_address", AUDIT_PAGE_ADDRESS, AUDIT_ADDRESS },
	{ "kmap", "kmap", AUDIT_KMAP, AUDIT_MAP },
	{ "kmap_atomic", "kmap_atomic", AUDIT_KMAP_ATOMIC, AUDIT_MAP },
	{ "kmap_atomic_pfn", "kmap_atomic_pfn", AUDIT_KMAP_ATOMIC, AUDIT_MAP },
	{ "kmap_atomic_prot", "kmap_atomic_prot", AUDIT_KMAP_ATOMIC, AUDIT_MAP },
	{ "kmap_local_folio", "kmap_local_folio", AUDIT_KMAP_LOCAL, AUDIT_MAP },
	{ "kmap_local_page", "kmap_local_page", AUDIT_KMAP_LOCAL, AUDIT_MAP },
	{ "kmap_local_page_prot", "kmap_local_page_prot", AUDIT_KMAP_LOCAL, AUDIT_MAP },
	{ "kmap_local_pfn", "kmap_local_pfn", AUDIT_KMAP_LOCAL, AUDIT_MAP },
	{ "kmap_thread", "kmap_thread", AUDIT_KMAP_THREAD, AUDIT_MAP },
	{ "kunmap", "kunmap", AUDIT_KMAP, AUDIT_UNMAP },
	{ "kunmap_thread", "kunmap_thread", AUDIT_KMAP_THREAD, AUDIT_UNMAP },
	{ "lowmem_page_address", "page_address", AUDIT_PAGE_ADDRESS, AUDIT_ADDRESS },
	{ "page_address", "page_address", AUDIT_PAGE_ADDRESS, AUDIT_ADDRESS },
};

/*
 * By name. The pages that these ask the address of are memory that the kernel allocated
 * for itself: no device's, so they cannot be protected.
 */
static const char * const own_pages[] = {
	"__get_free_pages",
	"__kmalloc_large_node",
	"__ksize",
	"__page_frag_cache_refill",
	"alloc_pages_exact_nid",
	"alloc_thread_stack_node",
	"page_frag_alloc_1k",
	"pmd_alloc_one",
	"slab_address",
	"vmemmap_alloc_block",
};

static int by_text(const void *name, const void *other)
{
	return strcmp(name, *(const char * const *)other);
}

static int by_name(const void *name, const void *helper)
{
	return strcmp(name, ((const struct audit_helper *)helper)->name);
}

/**
 * audit_helper - find a function that maps or unmaps
 * @name: its name, or NULL
 *
 * Return: the function, NULL if it is none of them.
 */
const struct audit_helper *audit_helper(const char *name)
{
	if (!name)
		return NULL;
	return bsearch(name, helpers, ARRAY_SIZE(helpers), sizeof(helpers[0]), by_name);
}

/**
 * audit_is_own - is it memory that cannot be protected
 * @helper: what is called
 * @function: by which function
 *
 * Return: true if it asks for the address of pages that are the kernel's own.
 */
bool audit_is_own(const struct audit_helper *helper, const char *function)
{
	return helper->kind == AUDIT_PAGE_ADDRESS &&
	       bsearch(function, own_pages, ARRAY_SIZE(own_pages),
		       sizeof(own_pages[0]), by_text);
}

/**
 * audit_helper_at - one of all these functions
 * @number: which one
 *
 * Return: the function, NULL if there are not so many.
 */
const struct audit_helper *audit_helper_at(size_t number)
{
	return number < ARRAY_SIZE(helpers) ? &helpers[number] : NULL;
}

/**
 * audit_helper_number - the number that audit_helper_at() finds it by
 * @helper: the function
 *
 * Return: the number.
 */
size_t audit_helper_number(const struct audit_helper *helper)
{
	return helper - helpers;
}

/**
 * audit_kind_name - what to call a family
 * @kind: the family
 *
 * Return: its name.
 */
const char *audit_kind_name(enum audit_kind kind)
{
	static const char * const names[AUDIT_NR_KINDS] = {
		"kmap", "kmap_thread", "kmap_local", "kmap_atomic", "dax", "page_address",
	};

	return names[kind];
}

/**
 * audit_op_name - what a function of a family does
 * @op: what
 *
 * Return: a word.
 */
const char *audit_op_name(enum audit_op op)
{
	static const char * const names[] = { "map", "unmap", "address" };

	return names[op];
}
