/* SPDX-License-Identifier: GPL-2.0 */
/* What the KUnit suites of PKS share: pages with a key, and accesses that may fail. */
#ifndef _LIB_PKS_TEST_H
#define _LIB_PKS_TEST_H

#include <kunit/test.h>
#include <linux/types.h>

struct page;
struct vm_struct;

/**
 * struct pks_test_page - a page of memory in a mapping of its own
 * @addr: its first byte in that mapping
 * @page: the memory
 * @area: addresses of the mapping
 */
struct pks_test_page {
	void *addr;
	struct page *page;
	struct vm_struct *area;
};

void pks_test_need_pks(struct kunit *test);
int pks_test_key(struct kunit *test);
int pks_test_try_key(void);
bool pks_test_map(struct pks_test_page *p, int pkey, unsigned int shift);
void pks_test_unmap(struct pks_test_page *p);
unsigned int pks_test_shift(const struct pks_test_page *p);
bool pks_test_read(void *addr);
bool pks_test_write(void *addr);
bool pks_test_access(void *addr, bool write);
u32 pks_test_msr(void);
struct page *pks_test_device_page(void);
struct task_struct *pks_test_run_on(unsigned int cpu, int (*fn)(void *), void *data,
				    const char *name);

#endif /* _LIB_PKS_TEST_H */
