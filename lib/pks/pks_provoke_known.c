// SPDX-License-Identifier: GPL-2.0
/*
 * The page is known and not mapped: what code looks like that was never
 * converted. Each function has its page in a form of its own, uses the address
 * of it, and needs it again afterwards, so that it is still there at the fault.
 *
 * The last ones know too little for that: a bare frame number, or a page that
 * only a distant caller knows.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/dax.h>
#include <linux/devmap_protection.h>
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pks.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/scatterlist.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "pks_provoke.h"

#define BOUNCE_BYTES	64

static u8 bounce_buffer[BOUNCE_BYTES];
static loff_t last_pos;

/* === By its structures ==================================================== */

static noinline void pks_provoke_page_io(struct page *page, unsigned int offset)
{
	pks_provoke_write(page_address(page) + offset);
	SetPageReferenced(page);
}

static noinline void pks_provoke_known_page(void *addr)
{
	pks_provoke_page_io(virt_to_page(addr), offset_in_page(addr));
}

static noinline void pks_provoke_folio_io(struct folio *folio, unsigned int offset)
{
	memset(folio_address(folio) + offset, 0x5a, BOUNCE_BYTES);
	folio_set_referenced(folio);
}

static noinline void pks_provoke_known_folio(void *addr)
{
	pks_provoke_folio_io(page_folio(virt_to_page(addr)), offset_in_page(addr));
}

/* A bounced read is complete: its data goes to where it was wanted. */
static noinline void pks_provoke_bio_done(struct bio *bio)
{
	struct bio_vec *bv = bio_first_bvec_all(bio);

	memcpy(bvec_virt(bv), bio->bi_private, bv->bv_len);
	SetPageReferenced(bv->bv_page);
	bio->bi_status = BLK_STS_OK;
}

static noinline void pks_provoke_known_bio(void *addr)
{
	struct bio_vec vec;
	struct bio bio;

	bio_init(&bio, NULL, &vec, 1, REQ_OP_READ);
	bio.bi_private = bounce_buffer;
	bio.bi_end_io = pks_provoke_bio_done;
	__bio_add_page(&bio, virt_to_page(addr), BOUNCE_BYTES, offset_in_page(addr));
	bio_endio(&bio);
}

/* What drivers do by sg_virt(). */
static noinline void pks_provoke_sg_io(struct scatterlist *sg)
{
	memcpy(bounce_buffer, sg_virt(sg), READ_ONCE(sg->length));
	SetPageReferenced(sg_page(sg));
}

static noinline void pks_provoke_known_sg(void *addr)
{
	struct scatterlist sg[2];

	sg_init_table(sg, ARRAY_SIZE(sg));
	sg_set_page(&sg[0], virt_to_page(addr), BOUNCE_BYTES, offset_in_page(addr));
	pks_provoke_sg_io(sg);
}

/* An iterator over the pages, walked by hand. */
static noinline size_t pks_provoke_iter_io(struct iov_iter *iter)
{
	const struct bio_vec *bv = iter->bvec;

	memcpy(bvec_virt((struct bio_vec *)bv), bounce_buffer, READ_ONCE(bv->bv_len));
	SetPageReferenced(bv->bv_page);
	return iter->count;
}

static noinline void pks_provoke_known_iter(void *addr)
{
	struct bio_vec vec = {
		.bv_page = virt_to_page(addr),
		.bv_len = BOUNCE_BYTES,
		.bv_offset = offset_in_page(addr),
	};
	struct iov_iter iter;

	iov_iter_bvec(&iter, ITER_DEST, &vec, 1, BOUNCE_BYTES);
	pks_provoke_iter_io(&iter);
}

/* === By its file ========================================================== */

/* Where in the file the address is. */
static loff_t place_of(void *addr)
{
	return page_offset(virt_to_page(addr)) + offset_in_page(addr);
}

static noinline void pks_provoke_inode_io(struct inode *inode, loff_t pos, void *addr)
{
	pks_provoke_write(addr);
	WRITE_ONCE(inode->i_private, READ_ONCE(inode->i_private));
	WRITE_ONCE(last_pos, pos);
}

static noinline void pks_provoke_known_inode(void *addr)
{
	struct address_space *mapping = READ_ONCE(virt_to_page(addr)->mapping);

	if (mapping)
		pks_provoke_inode_io(mapping->host, place_of(addr), addr);
	else
		pr_info("known-inode: the page is no file's\n");
}

static noinline void pks_provoke_mapping_io(struct address_space *mapping, loff_t pos,
					    void *addr)
{
	(void)READ_ONCE(*(u64 *)addr);
	WRITE_ONCE(mapping->private_data, READ_ONCE(mapping->private_data));
	WRITE_ONCE(last_pos, pos);
}

static noinline void pks_provoke_known_mapping(void *addr)
{
	struct address_space *mapping = READ_ONCE(virt_to_page(addr)->mapping);

	if (mapping)
		pks_provoke_mapping_io(mapping, place_of(addr), addr);
	else
		pr_info("known-mapping: the page is no file's\n");
}

/* === By its physical address ============================================== */

static noinline void pks_provoke_phys_io(phys_addr_t phys)
{
	static phys_addr_t last;

	pks_provoke_write(phys_to_virt(phys));
	WRITE_ONCE(last, phys);
}

static noinline void pks_provoke_known_phys(void *addr)
{
	pks_provoke_phys_io(virt_to_phys(addr));
}

/* The kernel's own bounce buffers: swiotlb knows nothing else. */

static struct device *dma_device(void)
{
	static struct platform_device *pdev;

	if (!pdev) {
		pdev = platform_device_register_simple("pks-provoke", -1, NULL, 0);
		if (IS_ERR(pdev)) {
			pdev = NULL;
			return NULL;
		}
		dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	}
	return &pdev->dev;
}

/* It copies out of the page when it is mapped for the device ... */
static noinline void pks_provoke_swiotlb(void *addr)
{
	struct device *dev = dma_device();

	if (dev)
		dma_map_single(dev, addr, BOUNCE_BYTES, DMA_TO_DEVICE);
}

/* ... and into it when the device is done; here the first copy is let in. */
static noinline void pks_provoke_swiotlb_back(void *addr)
{
	struct device *dev = dma_device();
	dma_addr_t dma;

	if (!dev)
		return;
	pks_mkrdwr(pks_provoke_pkey(addr), false);
	dma = dma_map_single(dev, addr, BOUNCE_BYTES, DMA_FROM_DEVICE);
	pks_mknoaccess(pks_provoke_pkey(addr), false);
	if (!dma_mapping_error(dev, dma))
		dma_unmap_single(dev, dma, BOUNCE_BYTES, DMA_FROM_DEVICE);
}

/* === By dax_direct_access() =============================================== */

/**
 * struct kept - what a driver keeps of a DAX device
 * @bdev: the block device
 * @dax: its DAX device
 * @pgoff: page in it
 * @kaddr: its address, from dax_direct_access()
 * @ios: accesses so far
 */
struct kept {
	struct block_device *bdev;
	struct dax_device *dax;
	pgoff_t pgoff;
	void *kaddr;
	unsigned int ios;
};

static int open_dax(struct kept *kept, void *addr)
{
	struct devmap_place place;
	char path[sizeof(place.device) + 8];
	u64 start;

	if (!devmap_place(__pa(addr), &place))
		return -ENODEV;
	snprintf(path, sizeof(path), "/dev/%s", place.device);
	kept->pgoff = PHYS_PFN(place.offset);
	kept->bdev = blkdev_get_by_dev(name_to_dev_t(path), FMODE_READ, NULL);
	if (IS_ERR(kept->bdev))
		return PTR_ERR(kept->bdev);
	kept->dax = fs_dax_get_by_bdev(kept->bdev, &start, NULL, NULL);
	if (!kept->dax)
		blkdev_put(kept->bdev, FMODE_READ);
	return kept->dax ? 0 : -EOPNOTSUPP;
}

static void close_dax(struct kept *kept)
{
	fs_put_dax(kept->dax, NULL);
	blkdev_put(kept->bdev, FMODE_READ);
}

static noinline void pks_provoke_driver_attach(struct kept *kept)
{
	int id = dax_read_lock();

	if (dax_direct_access(kept->dax, kept->pgoff, 1, DAX_ACCESS, &kept->kaddr, NULL) < 1)
		kept->kaddr = NULL;
	dax_read_unlock(id);
	barrier();	/* no tail call */
}

/* The driver's I/O, later: its address is right, the section is missing. */
static noinline void pks_provoke_driver_io(struct kept *kept, unsigned int offset)
{
	pks_provoke_try_write(kept->kaddr + offset);
	kept->ios++;
}

static noinline void pks_provoke_known_driver(void *addr)
{
	struct kept kept = {};

	if (open_dax(&kept, addr)) {
		pr_info("known-driver: no DAX device\n");
		return;
	}
	pks_provoke_driver_attach(&kept);
	if (kept.kaddr)
		pks_provoke_driver_io(&kept, offset_in_page(addr));
	close_dax(&kept);
}

/* It keeps the address of another page than the one that it hits. */
static noinline void pks_provoke_decoy_driver_io(struct kept *kept, void *addr)
{
	pks_provoke_try_write(addr);
	kept->ios++;
}

static noinline void pks_provoke_decoy_driver(void *addr)
{
	struct kept kept = {};

	if (open_dax(&kept, addr - 2 * PAGE_SIZE)) {
		pr_info("decoy-driver: no DAX device\n");
		return;
	}
	pks_provoke_driver_attach(&kept);
	if (kept.kaddr)
		pks_provoke_decoy_driver_io(&kept, addr);
	close_dax(&kept);
}

/* One function: locked, got the address, unlocked, used it. */
static noinline void pks_provoke_after_section(void *addr)
{
	struct kept kept = {};
	int id;

	if (open_dax(&kept, addr)) {
		pr_info("after-section: no DAX device\n");
		return;
	}
	id = dax_read_lock();
	if (dax_direct_access(kept.dax, kept.pgoff, 1, DAX_ACCESS, &kept.kaddr, NULL) < 1)
		kept.kaddr = NULL;
	dax_read_unlock(id);
	if (kept.kaddr)
		pks_provoke_try_write(kept.kaddr + offset_in_page(addr));
	close_dax(&kept);
}

/* === Known, but it proves nothing ========================================= */

/* Any number may be a frame number; the address is the page's first byte. */
static noinline void pks_provoke_pfn_io(unsigned long pfn)
{
	static unsigned long last;

	pks_provoke_write(pfn_to_kaddr(pfn));
	WRITE_ONCE(last, pfn);
}

static noinline void pks_provoke_known_pfn(void *addr)
{
	pks_provoke_pfn_io(PHYS_PFN(virt_to_phys(addr)));
}

/* Nothing of the callers is left in a register. */
static noinline void pks_provoke_far_write(void *addr)
{
	asm volatile("xor %%eax, %%eax\n"
		     "xor %%ecx, %%ecx\n"
		     "xor %%edx, %%edx\n"
		     "xor %%esi, %%esi\n"
		     : : : "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11");
	pks_provoke_write(addr);
}

/* Frames between: each saves its caller's registers and has its own. */
static noinline void pks_provoke_far_call(void *addr, unsigned int depth)
{
	asm volatile("xor %%ebx, %%ebx\n"
		     "xor %%r12d, %%r12d\n"
		     "xor %%r13d, %%r13d\n"
		     "xor %%r14d, %%r14d\n"
		     "xor %%r15d, %%r15d\n"
		     : : : "rbx", "r12", "r13", "r14", "r15");
	if (depth)
		pks_provoke_far_call(addr, depth - 1);
	else
		pks_provoke_far_write(addr);
	barrier();	/* no tail call */
}

static noinline void pks_provoke_known_far(void *addr)
{
	struct page *page = virt_to_page(addr);

	OPTIMIZER_HIDE_VAR(page);
	pks_provoke_far_call(addr, 6);
	SetPageReferenced(page);
}

const struct pks_provocation pks_provoke_known[] = {
	{ "known-page",		pks_provoke_known_page },
	{ "known-folio",	pks_provoke_known_folio },
	{ "known-bio",		pks_provoke_known_bio },
	{ "known-sg",		pks_provoke_known_sg },
	{ "known-iter",		pks_provoke_known_iter },
	{ "known-inode",	pks_provoke_known_inode },
	{ "known-mapping",	pks_provoke_known_mapping },
	{ "known-phys",		pks_provoke_known_phys },
	{ "known-swiotlb",	pks_provoke_swiotlb },
	{ "known-swiotlb-back",	pks_provoke_swiotlb_back },
	{ "known-driver",	pks_provoke_known_driver },
	{ "decoy-driver",	pks_provoke_decoy_driver },
	{ "after-section",	pks_provoke_after_section },
	{ "known-pfn",		pks_provoke_known_pfn },
	{ "known-far",		pks_provoke_known_far },
	{}
};
