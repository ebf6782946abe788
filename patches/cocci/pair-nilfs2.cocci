// SPDX-License-Identifier: GPL-2.0
// NILFS2: a directory's page (nilfs_get_page() to nilfs_put_page()), an inode in the
// ifile (nilfs_ifile_map_inode() to _unmap_inode()), and a checkpoint
// (nilfs_cpfile_get_checkpoint() to _put_checkpoint()).
//
// Files: fs/nilfs2/dir.c fs/nilfs2/nilfs.h fs/nilfs2/ifile.h fs/nilfs2/cpfile.c
// Map: nilfs_get_page nilfs_ifile_map_inode nilfs_cpfile_get_checkpoint
// Unmap: nilfs_put_page nilfs_inode_by_name nilfs_ifile_unmap_inode nilfs_cpfile_put_checkpoint
// Callers of nilfs_get_page: nilfs_readdir nilfs_find_entry nilfs_dotdot nilfs_add_link nilfs_empty_dir
// Callers of nilfs_ifile_map_inode: __nilfs_read_inode nilfs_update_inode nilfs_fill_in_file_bmap
// Callers of nilfs_cpfile_get_checkpoint: nilfs_segctor_create_checkpoint nilfs_segctor_fill_in_checkpoint nilfs_attach_checkpoint
//
// Directories are as in ext2: nilfs_find_entry() and nilfs_dotdot() give the page to
// the operation that asked, which puts it in the same system call, nilfs_inode_by_name()
// by an open-coded kunmap(). The callers of the
// other two unmap before they return, on every path; that the segment constructor is a
// kernel thread does not matter, for it does both.

@get@
identifier page, kaddr;
@@
nilfs_get_page(...)
{
<...
kaddr =
-	kmap
+	kmap_thread
 	(page);
...>
}

@by_name@
identifier page;
@@
nilfs_inode_by_name(...)
{
<...
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
...>
}

@put@
identifier page;
@@
nilfs_put_page(struct page *page)
{
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
}

@map_inode@
identifier ibh, kaddr;
@@
nilfs_ifile_map_inode(..., struct buffer_head *ibh)
{
void *kaddr =
-	kmap
+	kmap_thread
 	(ibh->b_page);
...
}

@unmap_inode@
identifier ibh;
@@
nilfs_ifile_unmap_inode(..., struct buffer_head *ibh)
{
-	kunmap
+	kunmap_thread
 	(ibh->b_page);
}

@get_checkpoint@
identifier bh;
@@
nilfs_cpfile_get_checkpoint(...)
{
<...
(
-	kmap
+	kmap_thread
 	(bh->b_page)
|
-	kunmap
+	kunmap_thread
 	(bh->b_page)
)
...>
}

@put_checkpoint@
identifier bh;
@@
nilfs_cpfile_put_checkpoint(..., struct buffer_head *bh)
{
-	kunmap
+	kunmap_thread
 	(bh->b_page);
	brelse(bh);
}
