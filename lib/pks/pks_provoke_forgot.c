// SPDX-License-Identifier: GPL-2.0
/*
 * More code that has a page and does not map it: where the page is found is a
 * step further away than in pks_provoke_known.c, or looks otherwise.
 */
#include <linux/bio.h>
#include <linux/buffer_head.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/workqueue.h>
#include "pks_provoke.h"

#define BYTES		64

static u8 buffer[BYTES];

/* Unknown to the compiler, so that it calls memcpy(). */
static size_t copy_bytes = BYTES;

/* A list of one entry has a mark in its only page. */
static noinline void pks_provoke_sg_one_io(struct scatterlist *sg)
{
	memcpy(sg_virt(sg), buffer, READ_ONCE(copy_bytes));
	sg->dma_address = 1;
}

static noinline void pks_provoke_sg_one(void *addr)
{
	struct scatterlist sg;

	sg_init_one(&sg, addr, BYTES);
	pks_provoke_sg_one_io(&sg);
}

/* What a crypto walk does, by hand: it has a position in a list. */
struct walk {
	struct scatterlist *sg;
	unsigned int offset;
};

static noinline void pks_provoke_walk_step(struct walk *walk)
{
	memcpy(buffer, sg_virt(walk->sg) + walk->offset, READ_ONCE(copy_bytes));
	walk->offset += BYTES;
}

static noinline void pks_provoke_walk(void *addr)
{
	struct scatterlist sg[2];
	struct walk walk = { .sg = sg };

	sg_init_table(sg, ARRAY_SIZE(sg));
	sg_set_page(&sg[0], virt_to_page(addr), BYTES, offset_in_page(addr));
	pks_provoke_walk_step(&walk);
	(void)READ_ONCE(walk.offset);
}

/* Every page of a batch is mapped but one. */
static noinline void pks_provoke_batch_io(struct page **pages, unsigned int nr,
					  unsigned int offset)
{
	unsigned int i;
	void *map;

	for (i = 0; i < nr; i++) {
		if (i != 2) {
			map = kmap_local_page(pages[i]);
			(void)READ_ONCE(*(u64 *)(map + offset));
			kunmap_local(map);
		} else {
			pks_provoke_try_write(page_address(pages[i]) + offset);
		}
	}
}

static noinline void pks_provoke_batch(void *addr)
{
	struct page *pages[4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = virt_to_page(addr) + i - 2;
	pks_provoke_batch_io(pages, ARRAY_SIZE(pages), offset_in_page(addr));
}

/* A kernel iovec of what should have been a bio_vec. */
static noinline void pks_provoke_kvec_io(struct page *page, unsigned int offset)
{
	struct kvec vec = { .iov_base = page_address(page) + offset, .iov_len = BYTES };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, BYTES);
	if (!copy_to_iter(buffer, READ_ONCE(copy_bytes), &iter))
		return;
	SetPageReferenced(page);
}

static noinline void pks_provoke_kvec(void *addr)
{
	pks_provoke_kvec_io(virt_to_page(addr), offset_in_page(addr));
}

struct request {
	struct work_struct work;
	struct page *page;
	unsigned int offset;
};

static void pks_provoke_in_request(struct work_struct *work)
{
	struct request *request = container_of(work, struct request, work);

	pks_provoke_try_write(page_address(request->page) + request->offset);
}

/* A request names its page; the worker forgets to map. */
static noinline void pks_provoke_request(void *addr)
{
	struct request request = {
		.page = virt_to_page(addr), .offset = offset_in_page(addr),
	};

	INIT_WORK_ONSTACK(&request.work, pks_provoke_in_request);
	schedule_work(&request.work);
	flush_work(&request.work);
	destroy_work_on_stack(&request.work);
}

/* The same by a pointer more, and nothing of it is kept. */
struct outer {
	u64 nr;
	struct inner {
		u64 flags;
		struct page *page;
	} *inner;
};

static noinline void pks_provoke_deep_io(struct outer *outer, unsigned int offset)
{
	pks_provoke_try_write(page_address(outer->inner->page) + offset);
	outer->nr++;
}

static noinline void pks_provoke_deep(void *addr)
{
	struct inner *inner = kzalloc(sizeof(*inner), GFP_KERNEL);
	struct outer *outer = kzalloc(sizeof(*outer), GFP_KERNEL);

	if (inner && outer) {
		inner->page = virt_to_page(addr);
		outer->inner = inner;
		pks_provoke_deep_io(outer, offset_in_page(addr));
	}
	kfree(outer);
	kfree(inner);
}

static struct bio *done_bio;

static void pks_provoke_in_done(struct tasklet_struct *tasklet)
{
	bio_endio(done_bio);
}

static noinline void pks_provoke_end_io(struct bio *bio)
{
	struct bio_vec *bv = bio_first_bvec_all(bio);

	pks_provoke_try_write(bvec_virt(bv));
	SetPageReferenced(bv->bv_page);
	bio->bi_status = BLK_STS_OK;
}

/* The end of I/O comes in a softirq; its vectors are somewhere else. */
static noinline void pks_provoke_bio_softirq(void *addr)
{
	struct bio_vec *vec = kcalloc(4, sizeof(*vec), GFP_KERNEL);
	struct bio *bio = kzalloc(sizeof(*bio), GFP_KERNEL);
	struct tasklet_struct tasklet;

	if (bio && vec) {
		bio_init(bio, NULL, vec, 4, REQ_OP_READ);
		bio->bi_end_io = pks_provoke_end_io;
		__bio_add_page(bio, virt_to_page(addr), BYTES, offset_in_page(addr));
		done_bio = bio;
		tasklet_setup(&tasklet, pks_provoke_in_done);
		local_bh_disable();
		tasklet_schedule(&tasklet);
		local_bh_enable();
		tasklet_kill(&tasklet);
	}
	kfree(bio);
	kfree(vec);
}

/* What file systems do with their buffers. */
static noinline void pks_provoke_bh_io(struct buffer_head *bh)
{
	pks_provoke_try_write(bh->b_data);
	set_buffer_uptodate(bh);
}

static noinline void pks_provoke_bh(void *addr)
{
	struct buffer_head *bh = kzalloc(sizeof(*bh), GFP_KERNEL);

	if (!bh)
		return;
	set_bh_page(bh, virt_to_page(addr), offset_in_page(addr));
	bh->b_size = BYTES;
	pks_provoke_bh_io(bh);
	kfree(bh);
}

/* The page is with the caller's caller. */

static noinline void pks_provoke_callee_write(void *addr)
{
	pks_provoke_try_write(addr);
	barrier();	/* no tail call */
}

static noinline void pks_provoke_callee(void *addr)
{
	pks_provoke_callee_write(addr);
	barrier();	/* no tail call */
}

static noinline void pks_provoke_callers_io(struct page *page, unsigned int offset)
{
	pks_provoke_callee(page_address(page) + offset);
	SetPageReferenced(page);
}

static noinline void pks_provoke_callers(void *addr)
{
	pks_provoke_callers_io(virt_to_page(addr), offset_in_page(addr));
}

struct device_of_page {
	struct irq_work work;
	struct page *page;
	unsigned int offset;
	bool done;
};

static void pks_provoke_in_device_irq(struct irq_work *work)
{
	struct device_of_page *dev = container_of(work, struct device_of_page, work);

	pks_provoke_try_write(page_address(dev->page) + dev->offset);
	WRITE_ONCE(dev->done, true);
}

/* An interrupt's handler has its device, and that the page. */
static noinline void pks_provoke_irq_known(void *addr)
{
	struct device_of_page dev = {
		.work = IRQ_WORK_INIT_HARD(pks_provoke_in_device_irq),
		.page = virt_to_page(addr),
		.offset = offset_in_page(addr),
	};

	irq_work_queue(&dev.work);
	pks_provoke_spin(&dev.done);
	irq_work_sync(&dev.work);
}

/* An open file, and the byte in it. */
static noinline void pks_provoke_iocb_io(struct kiocb *iocb, struct inode *inode, void *addr)
{
	pks_provoke_write(addr);
	iocb->ki_pos += 8;
	WRITE_ONCE(inode->i_private, READ_ONCE(inode->i_private));
}

static noinline void pks_provoke_iocb(void *addr)
{
	struct page *page = virt_to_page(addr);
	struct address_space *mapping = READ_ONCE(page->mapping);
	struct kiocb iocb = {};

	if (!mapping)
		return;
	iocb.ki_pos = page_offset(page) + offset_in_page(addr);
	pks_provoke_iocb_io(&iocb, mapping->host, addr);
	(void)READ_ONCE(iocb.ki_pos);
}

const struct pks_provocation pks_provoke_forgot[] = {
	{ "sg-one",		pks_provoke_sg_one },
	{ "sg-walk",		pks_provoke_walk },
	{ "batch",		pks_provoke_batch },
	{ "kvec",		pks_provoke_kvec },
	{ "request",		pks_provoke_request },
	{ "deep",		pks_provoke_deep },
	{ "bio-softirq",	pks_provoke_bio_softirq },
	{ "buffer-head",	pks_provoke_bh },
	{ "callers",		pks_provoke_callers },
	{ "irq-known",		pks_provoke_irq_known },
	{ "iocb",		pks_provoke_iocb },
	{}
};
