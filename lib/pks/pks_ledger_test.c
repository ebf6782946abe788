// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the mapping ledger: what it says of a page of a real
 * protected device after this thread, or another one, mapped it.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/dax.h>
#include <linux/devmap_ledger.h>
#include <linux/devmap_protection.h>
#include <linux/highmem.h>
#include <linux/io.h>
#include <linux/kallsyms.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/pks.h>
#include <linux/pks_guard.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include "pks_test.h"

/* Pages that no other suite uses. */
#define FIRST_PAGE	64

static struct page *pages;
static struct pksdiag_record *r;	/* large for a stack */

/* What a fault of this task on a page would find. */
static void look(struct page *page)
{
	const struct pksdiag_clock now = devmap_ledger_now();
	struct devmap_place place = {};

	devmap_place(page_to_phys(page), &place);
	*r = (struct pksdiag_record){
		.flags = PKSDIAG_F_PFN,
		.pkey = place.pkey,
		.pfn = page_to_pfn(page),
		.task = (unsigned long)current,
		.pid = current->pid,
	};
	devmap_ledger_fill(r, &now);
}

static bool mapped_as(enum pksdiag_mapping type)
{
	return r->flags & PKSDIAG_F_MAPPED && r->mapping == type &&
	       r->owner_task == (unsigned long)current &&
	       r->owner_pid == current->pid && !r->unmap_ns;
}

static bool in_function(u64 ip, void *function)
{
	unsigned long start = (unsigned long)function, size;

	return kallsyms_lookup_size_offset(start, &size, NULL) &&
	       ip > start && ip <= start + size;
}

/* === One page ============================================================= */

static noinline void test_types(struct kunit *test)
{
	void *addr = kmap_local_page(pages);

	look(pages);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_KMAP_LOCAL));
	KUNIT_EXPECT_TRUE(test, in_function(r->owner_ip, test_types));
	KUNIT_EXPECT_STREQ(test, r->owner_comm, current->comm);
	KUNIT_EXPECT_EQ(test, r->owner_nest, 1);
	kunmap_local(addr);
	look(pages);
	KUNIT_EXPECT_EQ(test, r->flags & PKSDIAG_F_MAPPED, 0u);
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_OWNER);
	KUNIT_EXPECT_GE(test, r->unmap_ns, r->owner_ns);
	KUNIT_EXPECT_TRUE(test, in_function(r->unmap_ip, test_types));
	KUNIT_EXPECT_EQ(test, r->unmap_pid, (u32)current->pid);

	kmap_thread(pages);
	look(pages);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_KMAP_THREAD));
	kunmap_thread(pages);

	kmap(pages);
	look(pages);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_KMAP));
	kunmap(pages);

	addr = kmap_atomic(pages);
	look(pages);
	kunmap_atomic(addr);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_KMAP_ATOMIC));
}

/* The owner is who calls the helper, not the helper. */
static noinline void copies(struct page *to, struct page *from)
{
	copy_highpage(to, from);
	zero_user(to, 0, 8);
}

static void test_helpers(struct kunit *test)
{
	struct page *dram = alloc_page(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, dram);
	copies(dram, pages + 1);
	look(pages + 1);
	KUNIT_EXPECT_TRUE(test, in_function(r->owner_ip, copies));
	KUNIT_EXPECT_TRUE(test, in_function(r->unmap_ip, copies));
	__free_page(dram);
}

static void test_nesting(struct kunit *test)
{
	kmap_thread(pages + 2);
	kmap_thread(pages + 2);
	kmap_thread(pages + 3);
	look(pages + 3);
	KUNIT_EXPECT_EQ(test, r->owner_nest, 3);
	kunmap_thread(pages + 2);
	look(pages + 2);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_KMAP_THREAD));
	kunmap_thread(pages + 2);
	look(pages + 2);
	KUNIT_EXPECT_EQ(test, r->flags & PKSDIAG_F_MAPPED, 0u);
	kunmap_thread(pages + 3);
}

static void test_neighbour(struct kunit *test)
{
	kmap_thread(pages + 5);
	look(pages + 4);
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_NEAR);
	KUNIT_EXPECT_EQ(test, r->near_pfn, (u64)page_to_pfn(pages + 5));
	look(pages + 6);
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_NEAR);
	look(pages + 7);
	KUNIT_EXPECT_FALSE(test, r->flags & PKSDIAG_F_NEAR);
	kunmap_thread(pages + 5);
	look(pages + 4);
	KUNIT_EXPECT_FALSE(test, r->flags & PKSDIAG_F_NEAR);
}

/* What is unmapped without being mapped is remembered with the task. */
static void test_unmatched(struct kunit *test)
{
	kmap_thread(pages + 8);
	kunmap_thread(pages + 9);
	look(pages + 8);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_KMAP_THREAD));
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_LOST);
	KUNIT_EXPECT_EQ(test, r->lost_pfn, (u64)page_to_pfn(pages + 9));
	KUNIT_EXPECT_TRUE(test, in_function(r->lost_ip, test_unmatched));
	kunmap_thread(pages + 8);
}

/* === Sections and hand-outs =============================================== */

static void hand_out(struct page *page, unsigned long nr)
{
	unsigned long flags = pks_guard_begin();

	devmap_ledger_handout(page_to_pfn(page), nr, _THIS_IP_);
	pks_guard_end(flags);
}

static void test_section(struct kunit *test)
{
	int id = dax_read_lock();

	hand_out(pages + 10, 4);
	look(pages + 12);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_DAX));
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_SECTION);
	KUNIT_EXPECT_TRUE(test, in_function(r->owner_ip, test_section));
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_HANDED);
	KUNIT_EXPECT_EQ(test, r->handed_addr, (u64)(unsigned long)page_address(pages + 10));
	look(pages + 14);
	KUNIT_EXPECT_FALSE(test, r->flags & PKSDIAG_F_OWNER);
	dax_read_unlock(id);
	look(pages + 12);
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_OWNER);
	KUNIT_EXPECT_FALSE(test, r->flags & PKSDIAG_F_MAPPED);
	KUNIT_EXPECT_TRUE(test, in_function(r->unmap_ip, test_section));
}

/* === Others =============================================================== */

/**
 * struct other - a thread that holds a page
 * @mapped: it has mapped it
 * @may_end: it may unmap it
 */
struct other {
	struct completion mapped, may_end;
};

static int other_thread(void *data)
{
	struct other *other = data;

	kmap_thread(pages + 16);
	complete(&other->mapped);
	wait_for_completion(&other->may_end);
	kunmap_thread(pages + 16);
	return 0;
}

static void test_other_thread(struct kunit *test)
{
	struct other other = {
		.mapped = COMPLETION_INITIALIZER_ONSTACK(other.mapped),
		.may_end = COMPLETION_INITIALIZER_ONSTACK(other.may_end),
	};
	struct task_struct *task = kthread_create(other_thread, &other, "pks-ledger");

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&other.mapped);
	look(pages + 16);
	KUNIT_EXPECT_TRUE(test, r->flags & PKSDIAG_F_MAPPED);
	KUNIT_EXPECT_EQ(test, r->owner_pid, (u32)task->pid);
	KUNIT_EXPECT_EQ(test, r->owner_task, (u64)(unsigned long)task);
	KUNIT_EXPECT_STREQ(test, r->owner_comm, "pks-ledger");
	complete(&other.may_end);
	kthread_stop(task);
	put_task_struct(task);
}

/* === Bounds =============================================================== */

#define MANY	20000

/* What is mapped stays known, whatever else comes and goes. */
static void test_forgets_the_ended(struct kunit *test)
{
	unsigned int i, forgot = 0;

	kmap_thread(pages + 17);
	for (i = 0; i < MANY; i++) {
		struct page *page = pages + 18 + i % 8192;

		kunmap_local(kmap_local_page(page));
		look(page);
		if (!(r->flags & PKSDIAG_F_OWNER))
			forgot++;
	}
	KUNIT_EXPECT_EQ(test, forgot, 0u);
	look(pages + 17);
	KUNIT_EXPECT_TRUE(test, mapped_as(PKSDIAG_MAP_KMAP_THREAD));
	KUNIT_EXPECT_GT(test, r->forgot, 0u);
	kunmap_thread(pages + 17);
}

/* More mappings of one page than there is room for: some are dropped, and said to be. */
static void test_overflow(struct kunit *test)
{
	struct pksdiag_ledger *before = kunit_kmalloc(test, sizeof(*before), GFP_KERNEL);
	struct pksdiag_ledger *after = kunit_kmalloc(test, sizeof(*after), GFP_KERNEL);
	unsigned int i, forgot;

	KUNIT_ASSERT_NOT_NULL(test, before);
	KUNIT_ASSERT_NOT_NULL(test, after);
	devmap_ledger_header(before);
	for (i = 0; i < 16; i++)
		kmap_thread(pages + 8300);
	for (i = 0; i < 16; i++)
		kunmap_thread(pages + 8300);
	devmap_ledger_header(after);
	KUNIT_EXPECT_GE(test, after->counters[PKSDIAG_L_DROPPED],
			before->counters[PKSDIAG_L_DROPPED] + 12);
	KUNIT_EXPECT_EQ(test, after->counters[PKSDIAG_L_UNMATCHED],
			before->counters[PKSDIAG_L_UNMATCHED]);
	look(pages + 8300);
	forgot = r->forgot;
	KUNIT_EXPECT_GT(test, forgot, 0u);
	/* that some were dropped does not keep those from counting that end */
	for (i = 0; i < MANY; i++)
		kunmap_local(kmap_local_page(pages + i % 8192));
	look(pages + 8300);
	KUNIT_EXPECT_GT(test, r->forgot, forgot);
}

/* What a reader of all entries gets: what is mapped is there, what is free is free. */
static void test_read(struct kunit *test)
{
	struct pksdiag_owner *o = kunit_kmalloc(test, sizeof(*o), GFP_KERNEL);
	u32 nr[PKSDIAG_STATE_MASK + 1] = {}, mapped = 0, i;

	KUNIT_ASSERT_NOT_NULL(test, o);
	kmap_thread(pages + 8301);
	for (i = 0; devmap_ledger_read(i, o); i++) {
		u32 state = o->state & PKSDIAG_STATE_MASK;

		nr[state]++;
		mapped += state == PKSDIAG_STATE_COMMITTED && !o->unmap_time &&
			  o->pfn == page_to_pfn(pages + 8301);
	}
	kunmap_thread(pages + 8301);
	KUNIT_EXPECT_EQ(test, mapped, 1u);
	KUNIT_EXPECT_GT(test, nr[PKSDIAG_STATE_FREE], 0u);
	KUNIT_EXPECT_LE(test, nr[PKSDIAG_STATE_WRITING], num_online_cpus());
}

static int ledger_test_init(struct kunit *test)
{
	pks_test_need_pks(test);
	pages = pks_test_device_page();
	if (!pages)
		kunit_skip(test, "this machine has no protected device");
	pages += FIRST_PAGE;
	r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	return r ? 0 : -ENOMEM;
}

static struct kunit_case ledger_cases[] = {
	KUNIT_CASE(test_types),
	KUNIT_CASE(test_helpers),
	KUNIT_CASE(test_nesting),
	KUNIT_CASE(test_neighbour),
	KUNIT_CASE(test_unmatched),
	KUNIT_CASE(test_section),
	KUNIT_CASE(test_other_thread),
	KUNIT_CASE(test_forgets_the_ended),
	KUNIT_CASE(test_overflow),
	KUNIT_CASE(test_read),
	{}
};

static struct kunit_suite ledger_suite = {
	.name = "pks_ledger",
	.init = ledger_test_init,
	.test_cases = ledger_cases,
};

kunit_test_suite(ledger_suite);
