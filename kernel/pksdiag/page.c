// SPDX-License-Identifier: GPL-2.0
/*
 * What would have been damaged: the device, and the file whose page it is.
 *
 * A struct page, its mapping and its inode may be changing or gone while this
 * looks at them, so every step is a read that may fail and takes no lock. A
 * wrong pointer costs the file's name, nothing else.
 */
#include <linux/devmap_protection.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/stat.h>
#include "pksdiag.h"

static bool read_inode(struct pksdiag_record *r, const struct inode *inode)
{
	struct super_block *sb;
	unsigned long ino;
	umode_t mode;
	dev_t dev;

	if (!pksdiag_peek(mode, &inode->i_mode) || !S_ISREG(mode) ||
	    !pksdiag_peek(ino, &inode->i_ino) ||
	    !pksdiag_peek(sb, &inode->i_sb) ||
	    !pksdiag_peek(dev, &sb->s_dev))
		return false;
	r->inode = ino;
	r->inode_addr = (unsigned long)inode;
	r->fs_dev = new_encode_dev(dev);
	return true;
}

/* fs/dax.c sets mapping and index while a page is mapped or cached for DAX. */
static void fill_file(struct pksdiag_record *r)
{
	struct page *page = pfn_to_page(r->pfn);
	unsigned long mapping;
	struct inode *inode;
	pgoff_t index;

	if (!pksdiag_peek(mapping, &page->mapping))
		return;
	if (mapping & PAGE_MAPPING_FLAGS) {
		r->flags |= PKSDIAG_F_SHARED;
		return;
	}
	if (!pksdiag_peek(inode, &((struct address_space *)mapping)->host) ||
	    !pksdiag_peek(index, &page->index) || !read_inode(r, inode))
		return;
	r->file_offset = ((u64)index << PAGE_SHIFT) + offset_in_page(r->address);
	r->flags |= PKSDIAG_F_FILE;
}

/**
 * pksdiag_fill_page - device and file of the page that was accessed
 * @r: address and, if known, pfn are set
 *
 * Context: Any, NMI included; never touches the page itself.
 */
void pksdiag_fill_page(struct pksdiag_record *r)
{
	struct devmap_place place;

	if (!(r->flags & PKSDIAG_F_PFN) ||
	    !devmap_place(PFN_PHYS(r->pfn) + offset_in_page(r->address), &place))
		return;
	r->flags |= PKSDIAG_F_DEVICE;
	memcpy(r->device, place.device, sizeof(r->device));
	r->offset = place.offset;
	r->device_pkey = place.pkey;
	if (pfn_valid(r->pfn)) {
		r->page = (unsigned long)pfn_to_page(r->pfn);
		fill_file(r);
	}
}
