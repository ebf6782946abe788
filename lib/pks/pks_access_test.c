// SPDX-License-Identifier: GPL-2.0
/* KUnit: every key, every right, every page size, for the thread and for all. */
#include <linux/cpufeature.h>
#include <linux/mm.h>
#include <linux/pks.h>
#include <asm/pks.h>
#include "pks_test.h"

static const struct right {
	const char *name;
	void (*grant)(int pkey, bool global);
	bool reads, writes;
} rights[] = {
	{ "no access",	pks_mknoaccess,	false,	false },
	{ "read",	pks_mkread,	true,	false },
	{ "read-write",	pks_mkrdwr,	true,	true },
};

static void expect(struct kunit *test, void *addr, int pkey, bool reads, bool writes,
		   const char *when)
{
	KUNIT_EXPECT_EQ_MSG(test, pks_test_read(addr), reads, "read by pkey %d, %s",
			    pkey, when);
	KUNIT_EXPECT_EQ_MSG(test, pks_test_write(addr), writes, "write by pkey %d, %s",
			    pkey, when);
}

/* No access has nothing to grant to all. */
static void try_right(struct kunit *test, void *addr, int pkey,
		      const struct right *right, bool global)
{
	if (global && !right->reads)
		return;
	right->grant(pkey, global);
	expect(test, addr, pkey, right->reads, right->writes, right->name);
	pks_mknoaccess(pkey, global);
	expect(test, addr, pkey, false, false, "after the end");
}

static void try_key(struct kunit *test, int pkey, unsigned int shift)
{
	int i, other = pkey % (PKS_GUARD_PKEY - 1) + 1;
	struct pks_test_page p;

	KUNIT_ASSERT_TRUE(test, pks_test_map(&p, pkey, shift));
	KUNIT_EXPECT_EQ(test, pks_test_shift(&p), shift);
	expect(test, p.addr, pkey, false, false, "at first");
	for (i = 0; i < 2 * ARRAY_SIZE(rights); i++)
		try_right(test, p.addr, pkey, &rights[i / 2], i % 2);
	/* another key's grant opens nothing here */
	pks_mkrdwr(other, false);
	expect(test, p.addr, pkey, false, false, "another key open");
	pks_mknoaccess(other, false);
	pks_test_unmap(&p);
}

/* All but the guard's, those of devices included; a key of ours has the quiet owner. */
static void try_size(struct kunit *test, unsigned int shift)
{
	int mine[PKS_NR_KEYS], nr = 0, pkey;

	pks_test_need_pks(test);
	while ((pkey = pks_test_try_key()) > 0)
		mine[nr++] = pkey;
	for (pkey = 1; pkey < PKS_GUARD_PKEY; pkey++)
		try_key(test, pkey, shift);
	while (nr)
		pks_key_free(mine[--nr]);
	KUNIT_EXPECT_EQ(test, pks_current_pkrs(), PKRS_DEFAULT);
	KUNIT_EXPECT_EQ(test, pks_global(), PKRS_DEFAULT);
}

static void test_4k(struct kunit *test)
{
	try_size(test, PAGE_SHIFT);
}

static void test_2m(struct kunit *test)
{
	try_size(test, PMD_SHIFT);
}

static void test_1g(struct kunit *test)
{
	if (!boot_cpu_has(X86_FEATURE_GBPAGES))
		kunit_skip(test, "this CPU has no 1G pages");
	try_size(test, PUD_SHIFT);
}

/* Key 0 is not PKS's to deny. */
static void test_no_key(struct kunit *test)
{
	struct pks_test_page p;

	pks_test_need_pks(test);
	KUNIT_ASSERT_TRUE(test, pks_test_map(&p, 0, PAGE_SHIFT));
	expect(test, p.addr, 0, true, true, "no key");
	pks_test_unmap(&p);
}

static struct kunit_case pks_access_cases[] = {
	KUNIT_CASE(test_no_key),
	KUNIT_CASE(test_4k),
	KUNIT_CASE(test_2m),
	KUNIT_CASE(test_1g),
	{}
};

static struct kunit_suite pks_access_suite = {
	.name = "pks_access",
	.test_cases = pks_access_cases,
};

kunit_test_suite(pks_access_suite);
