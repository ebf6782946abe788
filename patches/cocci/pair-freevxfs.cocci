// SPDX-License-Identifier: GPL-2.0
// FreeVxFS: a page of a directory or of the inode list, from vxfs_get_page() to
// vxfs_put_page().
//
// Files: fs/freevxfs/vxfs_subr.c fs/freevxfs/vxfs_lookup.c
// Map: vxfs_get_page
// Unmap: vxfs_put_page vxfs_inode_by_name
// Callers of vxfs_get_page: vxfs_find_entry vxfs_readdir __vxfs_iget
//
// vxfs_readdir() and __vxfs_iget() put the page themselves. vxfs_find_entry() gives it
// to its only caller, vxfs_inode_by_name(), which unmaps it by an open-coded kunmap().

@map@
expression M, N;
identifier page;
@@
vxfs_get_page(...)
{
...
page = read_mapping_page(M, N, NULL);
if (!IS_ERR(page)) {
-	kmap
+	kmap_thread
 	(page);
}
return (page);
}

@unmap@
identifier page;
@@
vxfs_put_page(...)
{
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
}

@lookup_unmap@
identifier page;
@@
vxfs_inode_by_name(...)
{
<...
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
...>
}
