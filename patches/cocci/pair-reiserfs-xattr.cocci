// SPDX-License-Identifier: GPL-2.0
// ReiserFS: a page of an extended attribute, from reiserfs_get_page() to
// reiserfs_put_page().
//
// Files: fs/reiserfs/xattr.c
// Map: reiserfs_get_page
// Unmap: reiserfs_put_page
// Callers of reiserfs_get_page: reiserfs_xattr_set_handle reiserfs_xattr_get
//
// Both callers copy to or from the page and put it in the same turn of their loop, on
// the error path too.

@map@
expression M, N;
identifier page;
@@
reiserfs_get_page(...)
{
...
page = read_mapping_page(M, N, NULL);
if (!IS_ERR(page))
-	kmap
+	kmap_thread
 	(page);
return page;
}

@unmap@
identifier page;
@@
reiserfs_put_page(struct page *page)
{
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
}
