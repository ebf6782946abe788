// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that leave no code, or that are none, for test_audit_recall: behind each stands what
 * scripts/audit-recall says of it. kunmap_local() does nothing here.
 */
#include <linux/highmem.h>

#define FIRST(page) (*(char *)kmap(page)) /* macro */

void *kmap_thread(struct page *page); /* declared */

struct ops {
	int (*kmap)(struct page *page);
};

#ifdef NOT_DEFINED
int not_compiled(struct page *page)
{
	return *(char *)kmap(page); /* function */
}
#endif

#ifdef NOT_DEFINED
int one_of_two(struct page *page, int more)
#else
int one_of_two(struct page *page)
#endif
{
#ifdef NOT_DEFINED
	char *addr = kmap_thread(page); /* row */
#else
	char *addr = kmap(page); /* found */
#endif
	int first = addr[0];

	kunmap(page); /* found */
	return first;
}

int never(struct page *page)
{
	if (sizeof(long) == 3)
		use(*(char *)kmap_thread(page)); /* row */
	return page->flags;
}

int does_nothing(struct page *page)
{
	char *addr = kmap_local_page(page); /* found */
	int first = addr[0];

	kunmap_local(addr); /* empty */
	return first;
}

int member(const struct ops *ops, struct page *page)
{
	return ops->kmap(page); /* member */
}

int by_macro(struct page *page)
{
	return FIRST(page) + 3;
}

#define both(a, b) use(*(char *)(a) + *(char *)(b))

void copy(struct page *page)
{
	both(page_address(page), /* found */
	     page_address(page + 1)); /* near */
}

/* kmap(page) */
const char *text = "kmap(page)";
