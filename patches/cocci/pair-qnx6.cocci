// SPDX-License-Identifier: GPL-2.0
// QNX6: a page of a directory, of the long names or of the inodes, to qnx6_put_page().
//
// Files: fs/qnx6/dir.c fs/qnx6/inode.c fs/qnx6/qnx6.h
// Map: qnx6_get_page qnx6_longname qnx6_checkroot qnx6_iget
// Unmap: qnx6_put_page
// Callers of qnx6_get_page: qnx6_readdir qnx6_find_entry
// Callers of qnx6_longname: qnx6_dir_longfilename qnx6_long_match
//
// qnx6_checkroot() and qnx6_iget() put the page that they map themselves, and the
// callers of the other two before they return, but for qnx6_find_entry(): that gives it
// to qnx6_lookup(), which puts it after qnx6_iget(). No page outlives the call that
// mapped it, and none of them waits for another thread to use it.

@get@
expression M, N;
identifier page;
@@
qnx6_get_page(...)
{
...
struct page *page = read_mapping_page(M, N, NULL);
if (!IS_ERR(page))
-	kmap
+	kmap_thread
 	(page);
return page;
}

@longname@
expression E;
identifier page, p;
@@
qnx6_longname(..., struct page **p)
{
...
-	kmap
+	kmap_thread
 	(*p = page);
return E;
}

@local@
identifier fn =~ "^qnx6_(checkroot|iget)$";
identifier page;
@@
fn(...)
{
... when any
-	kmap
+	kmap_thread
 	(page);
... when strict
qnx6_put_page(page);
... when != page_address(page)
}

@unmap@
identifier page;
@@
qnx6_put_page(struct page *page)
{
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
}
