// SPDX-License-Identifier: GPL-2.0
// NTFS3: a page of a metadata file, from ntfs_map_page() to ntfs_unmap_page().
//
// Files: fs/ntfs3/ntfs_fs.h
// Map: ntfs_map_page
// Unmap: ntfs_unmap_page
// Callers of ntfs_map_page: inode_write_data ntfs_fill_super
//
// The callers copy to or from the page and unmap it in the same turn of their loop.

@map@
expression M, N;
identifier page;
@@
ntfs_map_page(...)
{
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
ntfs_unmap_page(struct page *page)
{
-	kunmap
+	kunmap_thread
 	(page);
	put_page(page);
}
