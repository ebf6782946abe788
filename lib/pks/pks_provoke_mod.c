// SPDX-License-Identifier: GPL-2.0
/*
 * Provocations in a module: what faults and who mapped are the module's symbols.
 * It has no end, since a thread that oopsed in it would be hard to count.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/module.h>
#include "pks_provoke.h"

static noinline void pks_provoke_mod_write(void *addr)
{
	pks_provoke_write(addr);
}

static noinline void pks_provoke_mod_after(void *addr)
{
	void *map = kmap_local_page(virt_to_page(addr));

	kunmap_local(map);
	pks_provoke_write(map + offset_in_page(addr));
}

static noinline void pks_provoke_mod_page_io(struct page *page, unsigned int offset)
{
	pks_provoke_write(page_address(page) + offset);
	SetPageReferenced(page);
}

static noinline void pks_provoke_mod_page(void *addr)
{
	pks_provoke_mod_page_io(virt_to_page(addr), offset_in_page(addr));
}

static const struct pks_provocation provocations[] = {
	{ "module-write",	pks_provoke_mod_write },
	{ "module-after",	pks_provoke_mod_after },
	{ "module-page",	pks_provoke_mod_page },
	{}
};

static int __init provoke_mod_init(void)
{
	pks_provoke_set_module(provocations);
	return 0;
}
module_init(provoke_mod_init);

MODULE_DESCRIPTION("Provoke PKS faults in a module");
MODULE_LICENSE("GPL");
