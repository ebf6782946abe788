// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the record ring: wrap, overrun, a writer that is interrupted
 * by another, a reader that meets a torn record, first records, checksums.
 */
#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include "../../kernel/pksdiag/pksdiag.h"

#define SLOTS	8u
#define FIRSTS	16u

struct ring_test {
	struct pksdiag_ring ring;
	struct pksdiag_slot slots[SLOTS];
	struct pksdiag_slot firsts[FIRSTS];
	struct pksdiag_record in, out;
	struct pksdiag_reader reader;
};

static int ring_test_init(struct kunit *test)
{
	struct ring_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	pksdiag_ring_init(&t->ring, t->slots, SLOTS, t->firsts, FIRSTS);
	pksdiag_reader_seek_first(&t->ring, &t->reader);
	test->priv = t;
	return 0;
}

static void fill(struct pksdiag_record *r, u64 seq)
{
	*r = (struct pksdiag_record){
		.magic = PKSDIAG_RECORD_MAGIC,
		.version = PKSDIAG_VERSION,
		.size = sizeof(*r),
		.seq = seq,
		.hits = 1,
		.address = ~seq,
	};
	r->checksum = pksdiag_checksum(r);
}

static void write_one(struct ring_test *t)
{
	fill(&t->in, pksdiag_ring_reserve(&t->ring));
	pksdiag_ring_store(&t->ring, &t->in);
}

static void expect_read(struct kunit *test, u64 seq)
{
	struct ring_test *t = test->priv;

	KUNIT_EXPECT_TRUE(test, pksdiag_ring_readable(&t->ring, &t->reader));
	KUNIT_ASSERT_EQ(test, pksdiag_ring_read(&t->ring, &t->reader, &t->out), 1);
	KUNIT_EXPECT_EQ(test, t->out.seq, seq);
	KUNIT_EXPECT_EQ(test, t->out.address, ~seq);
	KUNIT_EXPECT_EQ(test, t->out.checksum, pksdiag_checksum(&t->out));
}

static void expect_nothing(struct kunit *test)
{
	struct ring_test *t = test->priv;

	KUNIT_EXPECT_FALSE(test, pksdiag_ring_readable(&t->ring, &t->reader));
	KUNIT_EXPECT_EQ(test, pksdiag_ring_read(&t->ring, &t->reader, &t->out), 0);
}

static void test_in_order(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 seq;

	expect_nothing(test);
	for (seq = 1; seq <= 5 * SLOTS; seq++) {
		write_one(t);
		expect_read(test, seq);
	}
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, t->reader.lost, 0ull);
	KUNIT_EXPECT_EQ(test, t->ring.counters[PKSDIAG_C_RECORDED], 5ull * SLOTS);
}

static void test_overrun(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 seq;

	write_one(t);
	expect_read(test, 1);
	for (seq = 2; seq <= 3 * SLOTS; seq++)
		write_one(t);
	KUNIT_EXPECT_EQ(test, pksdiag_ring_read(&t->ring, &t->reader, &t->out), -EPIPE);
	KUNIT_EXPECT_EQ(test, t->reader.lost, 2ull * SLOTS - 1);
	for (seq = 2 * SLOTS + 1; seq <= 3 * SLOTS; seq++)
		expect_read(test, seq);
	expect_nothing(test);
}

/* What was gone before a reader came is not that reader's loss. */
static void test_late_reader(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 seq;

	for (seq = 1; seq <= 3 * SLOTS; seq++)
		write_one(t);
	pksdiag_reader_seek_first(&t->ring, &t->reader);
	for (seq = 2 * SLOTS + 1; seq <= 3 * SLOTS; seq++)
		expect_read(test, seq);
	KUNIT_EXPECT_EQ(test, t->reader.lost, 0ull);
	pksdiag_reader_seek_ring(&t->ring, &t->reader);
	expect_read(test, 2 * SLOTS + 1);
	pksdiag_reader_seek_end(&t->ring, &t->reader);
	expect_nothing(test);
	write_one(t);
	expect_read(test, 3 * SLOTS + 1);
}

/* An NMI comes while a record is being written, and writes one itself. */
static void test_reentry(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct pksdiag_slot *slot;
	u64 outer;

	outer = pksdiag_ring_reserve(&t->ring);
	slot = pksdiag_slot_begin(&t->ring, outer);
	KUNIT_ASSERT_NOT_NULL(test, slot);
	write_one(t);
	expect_nothing(test);	/* in order: the outer record comes first */
	fill(&t->in, outer);
	pksdiag_slot_end(slot, &t->in);
	expect_read(test, 1);
	expect_read(test, 2);
}

/* The same between taking the number and taking the slot. */
static void test_reentry_before_begin(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 outer = pksdiag_ring_reserve(&t->ring);

	write_one(t);
	expect_nothing(test);
	fill(&t->in, outer);
	KUNIT_EXPECT_TRUE(test, pksdiag_ring_store(&t->ring, &t->in));
	expect_read(test, 1);
	expect_read(test, 2);
}

/* A writer is held up while the ring goes all the way round. */
static void test_overtaken(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct pksdiag_slot *slot;
	u64 seq;

	slot = pksdiag_slot_begin(&t->ring, pksdiag_ring_reserve(&t->ring));
	KUNIT_ASSERT_NOT_NULL(test, slot);
	for (seq = 2; seq <= SLOTS + 2; seq++)
		write_one(t);	/* SLOTS + 1 finds its slot busy */
	KUNIT_EXPECT_EQ(test, t->ring.counters[PKSDIAG_C_DROP_BUSY], 1ull);
	KUNIT_EXPECT_EQ(test, t->slots[1].dropped, SLOTS + 1ull);
	fill(&t->in, 1);
	pksdiag_slot_end(slot, &t->in);
	pksdiag_reader_seek_first(&t->ring, &t->reader);
	expect_read(test, 1);
	/* 2 was replaced by SLOTS + 2; the others are there */
	KUNIT_EXPECT_EQ(test, t->ring.counters[PKSDIAG_C_RECORDED], (u64)SLOTS);
	for (seq = 3; seq <= SLOTS; seq++)
		expect_read(test, seq);
	KUNIT_EXPECT_EQ(test, pksdiag_ring_read(&t->ring, &t->reader, &t->out), -EPIPE);
	KUNIT_EXPECT_EQ(test, t->reader.lost, 1ull);
	expect_read(test, SLOTS + 2);
}

/* A writer so late that a younger record has its slot. */
static void test_too_late(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 late = pksdiag_ring_reserve(&t->ring);
	u64 seq;

	for (seq = 2; seq <= SLOTS + 1; seq++)
		write_one(t);
	fill(&t->in, late);
	KUNIT_EXPECT_FALSE(test, pksdiag_ring_store(&t->ring, &t->in));
	KUNIT_EXPECT_EQ(test, t->slots[1].record.seq, SLOTS + 1ull);
	KUNIT_EXPECT_EQ(test, t->ring.counters[PKSDIAG_C_DROP_BUSY], 1ull);
}

static void test_torn(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct pksdiag_slot *slot;
	u64 seq;

	for (seq = 1; seq <= SLOTS; seq++)
		write_one(t);
	/* the next writer has begun to overwrite the oldest record */
	slot = pksdiag_slot_begin(&t->ring, pksdiag_ring_reserve(&t->ring));
	KUNIT_ASSERT_NOT_NULL(test, slot);
	pksdiag_reader_seek_first(&t->ring, &t->reader);
	expect_read(test, 2);
}

static void test_firsts(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct pksdiag_slot *first;
	u64 seq, hits;

	for (seq = 1; seq <= 5 * SLOTS; seq++) {
		fill(&t->in, pksdiag_ring_reserve(&t->ring));
		first = pksdiag_first_claim(&t->ring, 1234, &hits);
		KUNIT_EXPECT_EQ(test, hits, seq);
		KUNIT_EXPECT_EQ(test, !!first, seq == 1);
		if (first)
			pksdiag_first_store(first, &t->in);
		pksdiag_ring_store(&t->ring, &t->in);
	}
	pksdiag_reader_seek_first(&t->ring, &t->reader);
	expect_read(test, 1);	/* long gone from the ring */
	KUNIT_EXPECT_EQ(test, t->out.hits, 5ull * SLOTS);
	expect_read(test, 4 * SLOTS + 1);
	KUNIT_EXPECT_EQ(test, t->reader.lost, 0ull);
}

static void test_firsts_full(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u64 hits, sig, got = 0;

	for (sig = 1; sig <= 4 * FIRSTS; sig++)
		if (pksdiag_first_claim(&t->ring, sig, &hits))
			got++;
	KUNIT_EXPECT_EQ(test, got, (u64)FIRSTS);
	KUNIT_EXPECT_NULL(test, pksdiag_first_claim(&t->ring, 4 * FIRSTS, &hits));
	KUNIT_EXPECT_EQ(test, hits, 0ull);
	KUNIT_EXPECT_NULL(test, pksdiag_first_claim(&t->ring, 1, &hits));
	KUNIT_EXPECT_EQ(test, hits, 2ull);
}

/* The checksum covers every byte behind it. */
static void test_checksum(struct kunit *test)
{
	struct ring_test *t = test->priv;
	u8 *bytes = (u8 *)&t->in;
	size_t i;

	fill(&t->in, 1);
	for (i = 0; i < sizeof(t->in); i++) {
		bool covered = i >= offsetof(struct pksdiag_record, checksum);

		bytes[i] ^= 1;
		if (i == 6 || i == 7)	/* size says how much is summed */
			t->in.size = sizeof(t->in);
		KUNIT_EXPECT_EQ_MSG(test, pksdiag_checksum(&t->in) != t->in.checksum,
				    covered, "byte %zu", i);
		fill(&t->in, 1);
	}
}

/* Writers on every CPU; one reader; nothing torn, every record accounted. */
#define WRITES	20000u

static int writer_thread(void *data)
{
	struct ring_test *t = data;
	struct pksdiag_record *r = kmalloc(sizeof(*r), GFP_KERNEL);
	unsigned int i;

	for (i = 0; r && i < WRITES; i++) {
		fill(r, pksdiag_ring_reserve(&t->ring));
		pksdiag_ring_store(&t->ring, r);
	}
	kfree(r);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void test_concurrent(struct kunit *test)
{
	struct ring_test *t = test->priv;
	struct task_struct *writers[2];
	u64 read = 0, last = 0;
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(writers); i++) {
		writers[i] = kthread_run(writer_thread, t, "pks-kunit-%d", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(writers[i]));
	}
	while (read + t->reader.lost < WRITES * ARRAY_SIZE(writers)) {
		ret = pksdiag_ring_read(&t->ring, &t->reader, &t->out);
		if (ret != 1) {
			cond_resched();
			continue;
		}
		read++;
		if (t->out.seq <= last || t->out.checksum != pksdiag_checksum(&t->out))
			KUNIT_FAIL(test, "torn or out of order: %llu after %llu",
				   t->out.seq, last);
		last = t->out.seq;
	}
	for (i = 0; i < ARRAY_SIZE(writers); i++)
		kthread_stop(writers[i]);
	kunit_info(test, "%llu read, %llu lost, %llu dropped", read, t->reader.lost,
		   t->ring.counters[PKSDIAG_C_DROP_BUSY]);
	KUNIT_EXPECT_EQ(test, read + t->reader.lost, (u64)t->ring.head);
	KUNIT_EXPECT_EQ(test, t->ring.counters[PKSDIAG_C_RECORDED] +
			      t->ring.counters[PKSDIAG_C_DROP_BUSY], (u64)t->ring.head);
}

static struct kunit_case pks_ring_cases[] = {
	KUNIT_CASE(test_in_order),
	KUNIT_CASE(test_overrun),
	KUNIT_CASE(test_late_reader),
	KUNIT_CASE(test_reentry),
	KUNIT_CASE(test_reentry_before_begin),
	KUNIT_CASE(test_overtaken),
	KUNIT_CASE(test_too_late),
	KUNIT_CASE(test_torn),
	KUNIT_CASE(test_firsts),
	KUNIT_CASE(test_firsts_full),
	KUNIT_CASE(test_checksum),
	KUNIT_CASE(test_concurrent),
	{}
};

static struct kunit_suite pks_ring_suite = {
	.name = "pks_ring",
	.init = ring_test_init,
	.test_cases = pks_ring_cases,
};

kunit_test_suite(pks_ring_suite);
