/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kmap_thread(): kmap() for code that maps, uses and unmaps a page in one
 * thread. Included by <linux/highmem.h>.
 */
#ifndef _LINUX_KMAP_THREAD_H
#define _LINUX_KMAP_THREAD_H

#include <linux/devmap_protection.h>
#include <linux/kmap_thread_debug.h>
#include <linux/mm.h>

/**
 * kmap_thread - map a page for the calling thread
 * @page: the page to be mapped
 *
 * Like kmap(), but if the page belongs to protected memory only this thread
 * gets access: the address must not be handed to another thread, nor to an
 * interrupt, and the thread itself calls kunmap_thread(). Unlike with
 * kmap_local_page(), mappings may end in any order, and it is the page that is
 * unmapped, not the address. Mappings of the same page nest.
 *
 * Context: Process context; may sleep, and the thread may sleep until it
 * unmaps the page.
 * Return: the virtual address of the mapping.
 */
static __kmap_inline void *kmap_thread(struct page *page)
{
	kmap_thread_note_map(page);
	if (!IS_ENABLED(CONFIG_DEVMAP_ACCESS_PROTECTION))
		return kmap(page);
	might_sleep();
	devmap_map_page(page, DEVMAP_KMAP_THREAD);
	return page_address(page);
}

/**
 * kunmap_thread - end what kmap_thread() gave
 * @page: the same page
 *
 * Context: Process context, the thread that mapped.
 */
static __kmap_inline void kunmap_thread(struct page *page)
{
	kmap_thread_note_unmap(page);
	if (!IS_ENABLED(CONFIG_DEVMAP_ACCESS_PROTECTION))
		kunmap(page);
	else
		devmap_unmap_page(page, DEVMAP_KMAP_THREAD);
}

#endif /* _LINUX_KMAP_THREAD_H */
