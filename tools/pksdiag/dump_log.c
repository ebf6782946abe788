// SPDX-License-Identifier: GPL-2.0
/*
 * The console log in a dump: printk's ring buffer (kernel/printk/printk_ringbuffer.h,
 * since Linux 5.10). VMCOREINFO says where it is and how its structures look.
 *
 *	descs	what became of message number id, and where its text is: from
 *		@begin to before @next, counted on and on, in the ring of text
 *	infos	when it was, and how long the text is
 *	data	of each message its id, and the text
 *
 * Messages tail_id to head_id are there. All of it may be damaged.
 */
#include <stdlib.h>
#include <string.h>

#include "dump_log.h"
#include "util.h"

/* The largest buffer the kernel can be told to have is 2^25 bytes. */
#define DATA_BITS_MAX	25
#define DESC_BITS_MAX	20
#define STRUCT_MAX	512
#define NR_FIELDS	ARRAY_SIZE(field_names)

/* Two bits above the id. */
#define STATE_SHIFT	62
#define STATE_COMMITTED	1
#define STATE_FINALIZED	2

enum field {
	RB_DESCS, RB_TEXTS,
	DESCS_BITS, DESCS_DESCS, DESCS_INFOS, DESCS_HEAD, DESCS_TAIL,
	TEXTS_BITS, TEXTS_DATA,
	DESC_STATE, DESC_POS, POS_BEGIN, POS_NEXT,
	INFO_TIME, INFO_LEN,
	SIZE_RB, SIZE_DESC, SIZE_INFO,
};

static const char * const field_names[] = {
	[RB_DESCS] = "OFFSET(printk_ringbuffer.desc_ring)",
	[RB_TEXTS] = "OFFSET(printk_ringbuffer.text_data_ring)",
	[DESCS_BITS] = "OFFSET(prb_desc_ring.count_bits)",
	[DESCS_DESCS] = "OFFSET(prb_desc_ring.descs)",
	[DESCS_INFOS] = "OFFSET(prb_desc_ring.infos)",
	[DESCS_HEAD] = "OFFSET(prb_desc_ring.head_id)",
	[DESCS_TAIL] = "OFFSET(prb_desc_ring.tail_id)",
	[TEXTS_BITS] = "OFFSET(prb_data_ring.size_bits)",
	[TEXTS_DATA] = "OFFSET(prb_data_ring.data)",
	[DESC_STATE] = "OFFSET(prb_desc.state_var)",
	[DESC_POS] = "OFFSET(prb_desc.text_blk_lpos)",
	[POS_BEGIN] = "OFFSET(prb_data_blk_lpos.begin)",
	[POS_NEXT] = "OFFSET(prb_data_blk_lpos.next)",
	[INFO_TIME] = "OFFSET(printk_info.ts_nsec)",
	[INFO_LEN] = "OFFSET(printk_info.text_len)",
	[SIZE_RB] = "SIZE(printk_ringbuffer)",
	[SIZE_DESC] = "SIZE(prb_desc)",
	[SIZE_INFO] = "SIZE(printk_info)",
};

/**
 * struct printk - the ring buffer
 * @mem: the dump's memory
 * @f: where what is in its structures
 * @descs: address of the array
 * @infos: address of the array
 * @data: address of the text
 * @desc_bits: logarithm of their number
 * @data_bits: logarithm of the size of @data
 * @tail: id of the first message
 * @nr: how many there are
 * @bad: that could not be read, or make no sense
 */
struct printk {
	struct memory *mem;
	__u64 f[NR_FIELDS];
	__u64 descs;
	__u64 infos;
	__u64 data;
	__u32 desc_bits;
	__u32 data_bits;
	__u64 tail;
	__u64 nr;
	__u64 bad;
};

static __u64 u64_at(const unsigned char *data, __u64 at)
{
	__u64 value;

	memcpy(&value, data + at, sizeof(value));
	return value;
}

static __u32 u32_at(const unsigned char *data, __u64 at)
{
	__u32 value;

	memcpy(&value, data + at, sizeof(value));
	return value;
}

/* Every sum of offsets must leave room for a number in the largest structure. */
static bool read_fields(struct dump *dump, struct printk *p)
{
	size_t i;

	for (i = 0; i < NR_FIELDS; i++) {
		if (dump_number(dump, field_names[i], &p->f[i]) &&
		    p->f[i] <= STRUCT_MAX / 2)
			continue;
		pr_err("%s: VMCOREINFO has no usable %s: the console log in the dump cannot be read (expected since Linux 5.10)",
		       dump->mem.name, field_names[i]);
		return false;
	}
	return true;
}

static bool read_head(struct printk *p)
{
	unsigned char rb[2 * STRUCT_MAX] = {};
	const unsigned char *descs = rb + p->f[RB_DESCS];
	const unsigned char *texts = rb + p->f[RB_TEXTS];
	__u64 prb, addr, mask = ~0ULL >> 2;

	if (memory_symbol(p->mem, "prb", &prb) ||
	    memory_read(p->mem, prb, &addr, sizeof(addr)) ||
	    memory_read(p->mem, addr, rb, p->f[SIZE_RB])) {
		pr_err("%s: cannot read printk's ring buffer: %s", p->mem->name,
		       p->mem->ops->why(p->mem));
		return false;
	}
	p->desc_bits = u32_at(descs, p->f[DESCS_BITS]);
	p->descs = u64_at(descs, p->f[DESCS_DESCS]);
	p->infos = u64_at(descs, p->f[DESCS_INFOS]);
	p->tail = u64_at(descs, p->f[DESCS_TAIL]) & mask;
	p->nr = ((u64_at(descs, p->f[DESCS_HEAD]) - p->tail) & mask) + 1;
	p->data_bits = u32_at(texts, p->f[TEXTS_BITS]);
	p->data = u64_at(texts, p->f[TEXTS_DATA]);
	if (p->desc_bits <= DESC_BITS_MAX && p->data_bits <= DATA_BITS_MAX &&
	    p->nr <= 1ULL << p->desc_bits)
		return true;
	pr_err("%s: printk's ring buffer at 0x%llx: %llu messages of at most 2^%u, 2^%u bytes, expected fewer: damaged",
	       p->mem->name, addr, p->nr, p->desc_bits, p->data_bits);
	return false;
}

/*
 * Where the text of a block is: it never goes over the end of the ring, but
 * starts again at its beginning. Returns how long it can be.
 */
static __u64 find_text(const struct printk *p, __u64 begin, __u64 next,
		       __u64 *addr)
{
	__u64 mask = (1ULL << p->data_bits) - 1;
	__u64 size = next - begin;

	if (begin >> p->data_bits != next >> p->data_bits && (next & mask)) {
		begin = 0;
		size = next & mask;
	}
	*addr = p->data + (begin & mask) + sizeof(__u64);
	if (size > mask + 1 || size < sizeof(__u64))
		return 0;
	return size - sizeof(__u64);
}

static void feed_line(struct log_records *log, __u64 time, const char *text,
		      size_t len)
{
	char prefix[48];

	log_records_feed(log, prefix,
			 snprintf(prefix, sizeof(prefix), "[%5llu.%06llu] ",
				  time / 1000000000, time / 1000 % 1000000));
	log_records_feed(log, text, len);
	log_records_feed(log, "\n", 1);
}

static void feed_text(struct log_records *log, __u64 time, const char *text,
		      size_t len)
{
	const char *end;

	while ((end = memchr(text, '\n', len))) {
		feed_line(log, time, text, end - text);
		len -= end + 1 - text;
		text = end + 1;
	}
	feed_line(log, time, text, len);
}

/* Returns whether the message is there, or none was to be expected. */
static bool feed_message(struct printk *p, __u64 id, struct log_records *log)
{
	unsigned char desc[2 * STRUCT_MAX], info[2 * STRUCT_MAX];
	__u64 slot = id & ((1ULL << p->desc_bits) - 1);
	__u64 state, begin, next, addr;
	char text[0x10000];
	__u16 len;

	if (memory_read(p->mem, p->descs + slot * p->f[SIZE_DESC], desc, p->f[SIZE_DESC]) ||
	    memory_read(p->mem, p->infos + slot * p->f[SIZE_INFO], info, p->f[SIZE_INFO]))
		return false;
	state = u64_at(desc, p->f[DESC_STATE]);
	if ((state & ~0ULL >> 2) != id || (state >> STATE_SHIFT != STATE_COMMITTED &&
					   state >> STATE_SHIFT != STATE_FINALIZED))
		return true;
	begin = u64_at(desc, p->f[DESC_POS] + p->f[POS_BEGIN]);
	next = u64_at(desc, p->f[DESC_POS] + p->f[POS_NEXT]);
	if (begin & 1 && next & 1)	/* it has no text */
		return true;
	memcpy(&len, info + p->f[INFO_LEN], sizeof(len));
	len = min_size(len, find_text(p, begin, next, &addr));
	if (memory_read(p->mem, addr, text, len))
		return false;
	feed_text(log, u64_at(info, p->f[INFO_TIME]), text, len);
	return true;
}

/**
 * dump_log_feed - read the console log of a dump
 * @dump: the dump
 * @log: gets it, as dmesg would show it
 *
 * Messages that cannot be read are reported; the others are not lost by that.
 *
 * Return: true, or false after an error that was reported.
 */
bool dump_log_feed(struct dump *dump, struct log_records *log)
{
	struct printk p = { .mem = &dump->mem };
	__u64 i;

	if (!read_fields(dump, &p) || !read_head(&p))
		return false;
	for (i = 0; i < p.nr; i++)
		p.bad += !feed_message(&p, (p.tail + i) & ~0ULL >> 2, log);
	if (p.bad)
		pr_err("%s: %llu of %llu messages of the console log are not in the dump (cut off?)",
		       dump->mem.name, p.bad, p.nr);
	return true;
}
