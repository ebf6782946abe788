// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the PKS core: keys, PKRS values, nested grants, what a new
 * thread and an interrupted one have.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/pks.h>
#include <linux/sched.h>
#include <asm/pks.h>
#include "../../arch/x86/mm/pks_internal.h"
#include "pks_test.h"

/* === PKRS values ========================================================== */

static void test_set_key(struct kunit *test)
{
	u32 bits, other;
	int pkey, k;

	for (pkey = 1; pkey < PKS_NR_KEYS; pkey++) {
		for (bits = 0; bits <= PKS_KEY_MASK; bits++) {
			u32 val = pkrs_set_key(PKRS_DEFAULT, pkey, bits);

			KUNIT_EXPECT_EQ(test, pkrs_get_key(val, pkey), bits);
			for (k = 0; k < PKS_NR_KEYS; k++) {
				other = pkrs_get_key(PKRS_DEFAULT, k);
				if (k != pkey)
					KUNIT_EXPECT_EQ(test, pkrs_get_key(val, k), other);
			}
		}
	}
}

static void test_pte_bits(struct kunit *test)
{
	int pkey;

	pks_test_need_pks(test);
	KUNIT_EXPECT_EQ(test, PKRS_DEFAULT, 0xbffffffcu);
	KUNIT_EXPECT_EQ(test, pks_pte_bits(0), 0ull);
	KUNIT_EXPECT_EQ(test, pks_pte_bits(PKS_NR_KEYS), 0ull);
	for (pkey = 1; pkey < PKS_NR_KEYS; pkey++)
		KUNIT_EXPECT_EQ(test, pks_pte_bits(pkey), (u64)pkey << 59);
}

/* === Keys ================================================================= */

static void test_alloc_all(struct kunit *test)
{
	int keys[PKS_NR_KEYS], nr = 0, key;
	char name[PKS_NAME_LEN];

	pks_test_need_pks(test);
	while ((key = pks_key_alloc("kunit", NULL)) > 0) {
		KUNIT_ASSERT_LT(test, nr, PKS_NR_KEYS);
		KUNIT_EXPECT_TRUE(test, pks_key_name(key, name));
		KUNIT_EXPECT_STREQ(test, name, "kunit");
		keys[nr++] = key;
	}
	KUNIT_EXPECT_EQ(test, key, -ENOSPC);
	KUNIT_EXPECT_GT(test, nr, 0);
	while (nr) {
		pks_key_free(keys[--nr]);
		KUNIT_EXPECT_FALSE(test, pks_key_name(keys[nr], name));
		KUNIT_EXPECT_STREQ(test, name, "");
	}
}

static void test_long_name(struct kunit *test)
{
	char name[PKS_NAME_LEN];
	int key;

	pks_test_need_pks(test);
	key = pks_key_alloc("a name that is much too long", NULL);
	KUNIT_ASSERT_GT(test, key, 0);
	KUNIT_EXPECT_TRUE(test, pks_key_name(key, name));
	KUNIT_EXPECT_STREQ(test, name, "a name that is ");
	pks_key_rename(key, "short");
	pks_key_name(key, name);
	KUNIT_EXPECT_STREQ(test, name, "short");
	pks_key_free(key);
}

static void test_bad_keys(struct kunit *test)
{
	char name[PKS_NAME_LEN];

	KUNIT_EXPECT_FALSE(test, pks_key_name(0, name));
	KUNIT_EXPECT_FALSE(test, pks_key_name(-1, name));
	KUNIT_EXPECT_FALSE(test, pks_key_name(PKS_NR_KEYS, name));
	KUNIT_EXPECT_TRUE(test, pks_key_name(PKS_GUARD_PKEY, name));
	KUNIT_EXPECT_STREQ(test, name, "pksdiag");
	KUNIT_EXPECT_FALSE(test, pks_key_fault(0, NULL, 0, true));
	KUNIT_EXPECT_FALSE(test, pks_key_fault(PKS_NR_KEYS, NULL, 0, true));
}

/* === The rights of a thread =============================================== */

static void test_modes(struct kunit *test)
{
	int key;

	pks_test_need_pks(test);
	key = pks_test_key(test);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
	pks_mkread(key, false);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), pkrs_set_key(PKRS_DEFAULT, key, PKS_WD));
	pks_mkrdwr(key, false);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), pkrs_set_key(PKRS_DEFAULT, key, 0));
	KUNIT_EXPECT_EQ(test, pks_current_pkrs(), pks_test_msr());
	pks_mknoaccess(key, false);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
	pks_key_free(key);
}

static void test_nesting(struct kunit *test)
{
	int key;

	pks_test_need_pks(test);
	key = pks_test_key(test);
	pks_get(key);
	pks_get(key);
	KUNIT_EXPECT_EQ(test, pkrs_get_key(pks_test_msr(), key), 0u);
	pks_put(key);
	KUNIT_EXPECT_EQ(test, pkrs_get_key(pks_test_msr(), key), 0u);
	pks_put(key);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
	pks_put(key);	/* one too many: nothing happens, nothing underflows */
	KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
	pks_get(key);
	KUNIT_EXPECT_EQ(test, pkrs_get_key(pks_test_msr(), key), 0u);
	pks_put(key);
	pks_key_free(key);
}

/* Sections and single grants overlap in any order. */
static void test_section(struct kunit *test)
{
	static const char * const order[] = { "SGsg", "SGgs", "GSgs", "GSsg", "SSGsgs" };
	int key, i;
	const char *c;

	pks_test_need_pks(test);
	key = pks_test_key(test);
	pks_section_add_key(key);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		int held = 0;

		for (c = order[i]; *c; c++) {
			if (*c == 'S')
				pks_get_section();
			else if (*c == 's')
				pks_put_section();
			else if (*c == 'G')
				pks_get(key);
			else
				pks_put(key);
			held += *c < 'a' ? 1 : -1;
			KUNIT_EXPECT_EQ_MSG(test, pkrs_get_key(pks_test_msr(), key),
					    held ? 0 : PKS_KEY_MASK,
					    "order %s at %c", order[i], *c);
		}
		KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
	}
	/* the key stays a section's for good: it is not given back */
	pks_key_rename(key, "kunit-section");
}

/* === Other threads, other contexts ======================================== */

/* What somebody else has: the processor's value, and what the core says it is. */
struct other {
	struct completion done;
	u32 msr, asked;
};

static void look(struct other *o)
{
	o->msr = pks_test_msr();
	o->asked = pks_current_pkrs();
}

static void expect_nothing_granted(struct kunit *test, const struct other *o)
{
	KUNIT_EXPECT_EQ(test, o->msr, PKRS_DEFAULT);
	KUNIT_EXPECT_EQ(test, o->asked, PKRS_DEFAULT);
}

static int start_grant(struct kunit *test)
{
	int key;

	pks_test_need_pks(test);
	key = pks_test_key(test);
	pks_get(key);
	return key;
}

static void end_grant(struct kunit *test, int key)
{
	pks_put(key);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), PKRS_DEFAULT);
	pks_key_free(key);
}

static int other_thread(void *data)
{
	struct other *o = data;

	look(o);
	complete(&o->done);
	return 0;
}

static void test_new_thread(struct kunit *test)
{
	struct other o = { .done = COMPLETION_INITIALIZER_ONSTACK(o.done) };
	struct task_struct *task;
	int key;

	key = start_grant(test);
	task = kthread_run(other_thread, &o, "pks-kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	wait_for_completion(&o.done);
	expect_nothing_granted(test, &o);
	/* we slept: the value has come back with us */
	KUNIT_EXPECT_EQ(test, pkrs_get_key(pks_test_msr(), key), 0u);
	end_grant(test, key);
}

static struct other irq_saw;

static void look_in_irq(struct irq_work *work)
{
	look(&irq_saw);
	pks_get(1);	/* a handler's leak must not reach the thread */
}

static void test_interrupt(struct kunit *test)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(look_in_irq);
	int key;
	u32 before;

	key = start_grant(test);
	before = pks_test_msr();
	irq_work_queue(&work);
	irq_work_sync(&work);
	expect_nothing_granted(test, &irq_saw);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), before);
	KUNIT_EXPECT_EQ(test, pks_current_pkrs(), before);
	KUNIT_EXPECT_EQ(test, current->thread.pks.nest[key], 1);
	end_grant(test, key);
}

static struct other softirq_saw;

static void look_in_softirq(struct tasklet_struct *tasklet)
{
	look(&softirq_saw);
}

/* A softirq that local_bh_enable() runs is no exception, but not the task. */
static void test_softirq(struct kunit *test)
{
	static DECLARE_TASKLET(tasklet, look_in_softirq);
	u32 before;
	int key;

	key = start_grant(test);
	before = pks_test_msr();
	local_bh_disable();
	tasklet_schedule(&tasklet);
	local_bh_enable();
	tasklet_unlock_wait(&tasklet);
	expect_nothing_granted(test, &softirq_saw);
	KUNIT_EXPECT_EQ(test, pks_test_msr(), before);
	end_grant(test, key);
}

static struct kunit_case pks_core_cases[] = {
	KUNIT_CASE(test_set_key),
	KUNIT_CASE(test_pte_bits),
	KUNIT_CASE(test_alloc_all),
	KUNIT_CASE(test_long_name),
	KUNIT_CASE(test_bad_keys),
	KUNIT_CASE(test_modes),
	KUNIT_CASE(test_nesting),
	KUNIT_CASE(test_section),
	KUNIT_CASE(test_new_thread),
	KUNIT_CASE(test_interrupt),
	KUNIT_CASE(test_softirq),
	{}
};

static struct kunit_suite pks_core_suite = {
	.name = "pks_core",
	.test_cases = pks_core_cases,
};

kunit_test_suite(pks_core_suite);
