// SPDX-License-Identifier: GPL-2.0
/* KUnit tests of the verdict and of the names that records are shown with. */
#include <kunit/test.h>
#include <linux/string.h>
#include "../../kernel/pksdiag/shared.h"

#define KEY		3
#define PKRS_NONE	0xfffffffcu
#define PKRS_RW		(PKRS_NONE & ~(3u << 2 * KEY))
#define PKRS_RO		(PKRS_NONE & ~(1u << 2 * KEY))

static struct pksdiag_record record(u8 access, u32 pkrs, u32 thread)
{
	return (struct pksdiag_record){
		.flags = PKSDIAG_F_PFN | PKSDIAG_F_KEY | PKSDIAG_F_DEVICE |
			 PKSDIAG_F_PKRS,
		.access = access,
		.pkey = KEY,
		.device_pkey = KEY,
		.pkrs = pkrs,
		.pkrs_thread = thread,
		.pkrs_global = PKRS_NONE,
	};
}

#define EXPECT_VERDICT(r, name)						\
	KUNIT_EXPECT_STREQ(test, pksdiag_verdict_name(pksdiag_verdict(r)), name)

static void test_by_rights(struct kunit *test)
{
	static struct pksdiag_record r;	/* large for a stack */

	r = record(PKSDIAG_ACCESS_WRITE, PKRS_NONE, PKRS_NONE);
	EXPECT_VERDICT(&r, "never-mapped");
	r = record(PKSDIAG_ACCESS_READ, PKRS_NONE, PKRS_NONE);
	EXPECT_VERDICT(&r, "never-mapped");
	r = record(PKSDIAG_ACCESS_WRITE, PKRS_RO, PKRS_RO);
	EXPECT_VERDICT(&r, "read-only");
	r = record(PKSDIAG_ACCESS_READ, PKRS_RO, PKRS_RO);
	EXPECT_VERDICT(&r, "pkrs-mismatch");
	r = record(PKSDIAG_ACCESS_WRITE, PKRS_RW, PKRS_RW);
	EXPECT_VERDICT(&r, "pkrs-mismatch");
	r = record(PKSDIAG_ACCESS_WRITE, PKRS_NONE, PKRS_RW);
	EXPECT_VERDICT(&r, "pkrs-mismatch");
}

static void test_by_global(struct kunit *test)
{
	static struct pksdiag_record r;	/* large for a stack */

	r = record(PKSDIAG_ACCESS_WRITE, PKRS_NONE, PKRS_NONE);
	r.pkrs_global = PKRS_RW;
	EXPECT_VERDICT(&r, "global-lag");
	r.pkrs_global = PKRS_RO;
	EXPECT_VERDICT(&r, "never-mapped");
	r.access = PKSDIAG_ACCESS_READ;
	EXPECT_VERDICT(&r, "global-lag");
	/* the thread's own grant explains more than the one to all */
	r.pkrs_global = PKRS_RW;
	r.pkrs_thread = PKRS_RW;
	EXPECT_VERDICT(&r, "pkrs-mismatch");
}

static void test_by_key(struct kunit *test)
{
	static struct pksdiag_record r;	/* large for a stack */

	r = record(PKSDIAG_ACCESS_WRITE, PKRS_NONE, PKRS_NONE);
	r.device_pkey = KEY + 1;
	EXPECT_VERDICT(&r, "wrong-key");
	r.flags &= ~PKSDIAG_F_DEVICE;
	EXPECT_VERDICT(&r, "never-mapped");
	r.flags &= ~PKSDIAG_F_KEY;
	EXPECT_VERDICT(&r, "wrong-key");
	r.flags &= ~PKSDIAG_F_PFN;
	EXPECT_VERDICT(&r, "never-mapped");
}

static void test_signature(struct kunit *test)
{
	static struct pksdiag_record a, b;	/* large for a stack */

	a = record(PKSDIAG_ACCESS_WRITE, PKRS_NONE, PKRS_NONE);
	b = a;
	b.address = 1;
	b.pid = 2;
	b.offset = 3;
	KUNIT_EXPECT_EQ(test, pksdiag_signature(&a), pksdiag_signature(&b));
	b.ip = 1;
	KUNIT_EXPECT_NE(test, pksdiag_signature(&a), pksdiag_signature(&b));
	b = a;
	b.verdict = PKSDIAG_V_STRAY;
	KUNIT_EXPECT_NE(test, pksdiag_signature(&a), pksdiag_signature(&b));
	b = a;
	strscpy(b.device, "pmem1", sizeof(b.device));
	KUNIT_EXPECT_NE(test, pksdiag_signature(&a), pksdiag_signature(&b));
}

/* Every value has a name, no two the same, and none beyond the last. */
static void check_names(struct kunit *test, const char *(*name)(unsigned int),
			unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		KUNIT_ASSERT_NOT_NULL(test, name(i));
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_STRNEQ(test, name(i), name(j));
	}
	KUNIT_EXPECT_STREQ(test, name(nr), "?");
	KUNIT_EXPECT_STREQ(test, name(~0u), "?");
}

static void test_names(struct kunit *test)
{
	check_names(test, pksdiag_context_name, PKSDIAG_NR_CTX);
	check_names(test, pksdiag_access_name, PKSDIAG_NR_ACCESS);
	check_names(test, pksdiag_verdict_name, PKSDIAG_NR_V);
	check_names(test, pksdiag_resolution_name, PKSDIAG_NR_RES);
	check_names(test, pksdiag_mapping_name, PKSDIAG_NR_MAP);
	check_names(test, pksdiag_level_name, PKSDIAG_NR_LEVEL);
	check_names(test, pksdiag_counter_name, PKSDIAG_NR_COUNTERS);
	check_names(test, pksdiag_reg_name, PKSDIAG_NR_REGS);
}

static struct kunit_case pks_verdict_cases[] = {
	KUNIT_CASE(test_by_rights),
	KUNIT_CASE(test_by_global),
	KUNIT_CASE(test_by_key),
	KUNIT_CASE(test_signature),
	KUNIT_CASE(test_names),
	{}
};

static struct kunit_suite pks_verdict_suite = {
	.name = "pks_verdict",
	.test_cases = pks_verdict_cases,
};

kunit_test_suite(pks_verdict_suite);
