/* SPDX-License-Identifier: GPL-2.0 */
/* What maps and unmaps, as an x86-64 kernel with PKS has it; for test_audit. */
#ifndef AUDIT_SAMPLE_H
#define AUDIT_SAMPLE_H

#include <linux/types.h>

void devmap_map(const struct page *page);
void devmap_unmap(const void *addr);
void use(int value);
int dax_read_lock(void);
void dax_read_unlock(int id);
long dax_direct_access(long pgoff, void **addr);

static inline void *lowmem_page_address(const struct page *page)
{
	return memory[page - pages];
}

#define page_address(page) lowmem_page_address(page)

static inline void *kmap(struct page *page)
{
	devmap_map(page);
	return page_address(page);
}

static inline void kunmap(struct page *page)
{
	devmap_unmap(page_address(page));
}

static inline void *kmap_thread(struct page *page)
{
	devmap_map(page);
	return page_address(page);
}

static inline void kunmap_thread(struct page *page)
{
	devmap_unmap(page_address(page));
}

static inline void *kmap_local_page(struct page *page)
{
	devmap_map(page);
	return page_address(page);
}

/* What is in it is its own business, and no site. */
static inline void *kmap_local_pfn(unsigned long pfn)
{
	return kmap_local_page(&pages[pfn]);
}

static inline void __kunmap_local(const void *addr)
{
	devmap_unmap(addr);
}

#define kunmap_local(addr) __kunmap_local(addr)

static inline void *kmap_atomic(struct page *page)
{
	devmap_map(page);
	return page_address(page);
}

static inline void __kunmap_atomic(const void *addr)
{
	devmap_unmap(addr);
}

#define kunmap_atomic(addr) __kunmap_atomic(addr)

#endif /* AUDIT_SAMPLE_H */
