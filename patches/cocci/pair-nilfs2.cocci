// SPDX-License-Identifier: GPL-2.0
// NILFS2: an inode in the ifile (nilfs_ifile_map_inode() to _unmap_inode()), and a
// checkpoint (nilfs_cpfile_get_checkpoint() to _put_checkpoint()).
//
// Files: fs/nilfs2/ifile.h fs/nilfs2/cpfile.c
// Map: nilfs_ifile_map_inode nilfs_cpfile_get_checkpoint
// Unmap: nilfs_ifile_unmap_inode nilfs_cpfile_put_checkpoint
// Callers of nilfs_ifile_map_inode: __nilfs_read_inode nilfs_update_inode nilfs_fill_in_file_bmap
// Callers of nilfs_cpfile_get_checkpoint: nilfs_segctor_create_checkpoint nilfs_segctor_fill_in_checkpoint nilfs_attach_checkpoint
//
// The callers unmap before they return, on every path; that the segment constructor is a
// kernel thread does not matter, for it does both. The pages of directories stay with
// kmap(): nilfs_do_unlink() does not unmap when it finds the directory corrupt.

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
