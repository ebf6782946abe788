// SPDX-License-Identifier: GPL-2.0
/*
 * Code that maps and unmaps, for test_audit: behind each line that does it stands what is
 * called, and behind a < the real functions that it ends up in by inlining.
 */
#include <linux/highmem.h>

struct page pages[16];
char memory[16][4096];

noinline int plain(struct page *page)
{
	char *addr = kmap(page); /* kmap */
	int first = addr[0];

	kunmap(page); /* kunmap */
	return first;
}

noinline int of_thread(struct page *page)
{
	int first = *(char *)kmap_thread(page); /* kmap_thread */

	kunmap_thread(page); /* kunmap_thread */
	return first;
}

static __always_inline int innermost(struct page *page)
{
	char *addr = kmap_local_page(page); /* kmap_local_page < outer_one outer_two */
	int first = addr[1];

	kunmap_local(addr); /* kunmap_local < outer_one outer_two */
	return first;
}

static __always_inline int middle(struct page *page)
{
	return innermost(page) + 1;
}

noinline int outer_one(struct page *page)
{
	return middle(page);
}

noinline int outer_two(struct page *page)
{
	use(1);
	return middle(page) + 3;
}

noinline void two_in_a_line(struct page *page)
{
	void *a = kmap_atomic(page), *b = kmap_atomic(page + 1); /* kmap_atomic kmap_atomic */

	use(*(char *)a + *(char *)b);
	kunmap_atomic(b); /* kunmap_atomic */
	kunmap_atomic(a); /* kunmap_atomic */
}

noinline int by_number(unsigned long pfn)
{
	char *addr = kmap_local_pfn(pfn); /* kmap_local_pfn */
	int first = addr[2];

	kunmap_local(addr); /* kunmap_local */
	return first;
}

noinline int section(long pgoff)
{
	void *addr = pages;
	int id = dax_read_lock(); /* dax_read_lock */
	long nr = dax_direct_access(pgoff, &addr); /* dax_direct_access */

	use(nr);
	dax_read_unlock(id); /* dax_read_unlock */
	return *(char *)addr;
}

noinline void ends_in_a_call(int id)
{
	use(1);
	dax_read_unlock(id + 1); /* dax_read_unlock */
}

static __always_inline void unlock(int id)
{
	use(2);
	dax_read_unlock(id); /* dax_read_unlock < ends_in_an_inlined_call */
}

noinline void ends_in_an_inlined_call(int id)
{
	unlock(id + 2);
}

static __cold noinline void unlikely_path(struct page *page)
{
	use(*(char *)page_address(page)); /* page_address */
}

noinline void has_an_unlikely_path(struct page *page)
{
	if (__builtin_expect(page->flags, 0)) {
		use(*(char *)kmap_thread(page)); /* kmap_thread */
		unlikely_path(page);
	}
}

/* None of these is one: kmap(page), kunmap(page). */
noinline int xkmap(struct page *page)
{
	static const char text[] = "kmap(page)";

	return text[page->flags & 7];
}

int main(void)
{
	plain(pages);
	of_thread(pages);
	outer_one(pages);
	outer_two(pages);
	two_in_a_line(pages);
	by_number(3);
	section(4);
	ends_in_a_call(5);
	ends_in_an_inlined_call(5);
	has_an_unlikely_path(pages);
	return xkmap(pages);
}
