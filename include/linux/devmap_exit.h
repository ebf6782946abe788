/* SPDX-License-Identifier: GPL-2.0 */
/* What do_exit() calls: a task may leave mappings of protected memory behind. */
#ifndef _LINUX_DEVMAP_EXIT_H
#define _LINUX_DEVMAP_EXIT_H

#ifdef CONFIG_DEVMAP_LEDGER
#include <linux/devmap_protection.h>

void devmap_ledger_exit_task(void);

static inline void devmap_exit_task(void)
{
	kmap_sites_exit_task();
	if (static_branch_unlikely(&devmap_protection_key))
		devmap_ledger_exit_task();
}
#else
static inline void devmap_exit_task(void) { }
#endif

#endif /* _LINUX_DEVMAP_EXIT_H */
