// SPDX-License-Identifier: GPL-2.0
/* What the other file of the sample calls; for test_audit. */
#include <linux/highmem.h>

static int sum;

void use(int value)
{
	sum += value;
}

void devmap_map(const struct page *page)
{
	use(page->flags);
}

void devmap_unmap(const void *addr)
{
	use(*(const char *)addr);
}

int dax_read_lock(void)
{
	return sum++;
}

void dax_read_unlock(int id)
{
	use(id);
}

/* The call in it is no site: it is what dax_direct_access() itself does. */
long dax_direct_access(long pgoff, void **addr)
{
	*addr = page_address(&pages[pgoff & 7]);
	return sum;
}
