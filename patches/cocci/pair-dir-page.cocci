// SPDX-License-Identifier: GPL-2.0
// Minix and System V file systems: a directory's page, from dir_get_page() to
// dir_put_page().
//
// Files: fs/minix/dir.c fs/minix/namei.c fs/sysv/dir.c fs/sysv/namei.c
// Map: dir_get_page
// Unmap: dir_put_page minix_rename sysv_rename
// Callers of dir_get_page: minix_readdir minix_find_entry minix_add_link minix_empty_dir minix_dotdot sysv_readdir sysv_find_entry sysv_add_link sysv_empty_dir sysv_dotdot
//
// The callers put the page before they return, but for *_find_entry() and *_dotdot():
// these give entry and page to the operation in namei.c that asked (lookup, unlink,
// rmdir, rename), which puts it itself, in rename() by an open-coded kunmap(), or by
// *_delete_entry() and *_set_link(). All of it is one system call's work, done in its
// thread; the page is kept nowhere, and dir_emit() calls its actor in the same thread.

@map@
expression M, N;
identifier page;
@@
dir_get_page(...)
{
...
struct page *page = read_mapping_page(M, N, NULL);
if (!IS_ERR(page))
-	kmap
+	kmap_thread
 	(page);
return page;
}

@unmap@
identifier page;
@@
dir_put_page(struct page *page)
{
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
}

@rename_unmap@
identifier fn =~ "^(minix|sysv)_rename$";
idexpression struct page *page;
@@
fn(...)
{
<...
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
...>
}
