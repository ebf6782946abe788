// SPDX-License-Identifier: GPL-2.0
// UFS: a directory's page, from ufs_get_page() to ufs_put_page().
//
// Files: fs/ufs/dir.c fs/ufs/namei.c
// Map: ufs_get_page
// Unmap: ufs_put_page ufs_rename
// Callers of ufs_get_page: ufs_dotdot ufs_find_entry ufs_add_link ufs_readdir ufs_empty_dir
//
// As in ext2: the callers put the page before they return, but for ufs_find_entry() and
// ufs_dotdot(), which give it to the operation in namei.c that asked. It puts the page
// itself, by ufs_delete_entry() or by ufs_set_link(), in the same system call and thread.

@map@
expression M, N;
identifier page;
@@
ufs_get_page(...)
{
... when any
struct page *page = read_mapping_page(M, N, NULL);
<...
-	kmap
+	kmap_thread
 	(page);
...>
}

@unmap@
identifier page;
@@
ufs_put_page(struct page *page)
{
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
}

@rename_unmap@
idexpression struct page *page;
@@
ufs_rename(...)
{
<...
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
...>
}
