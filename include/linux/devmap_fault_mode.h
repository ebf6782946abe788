/* SPDX-License-Identifier: GPL-2.0 */
/* The parameter memremap.pks_fault_mode, as the fault handler asks for it. */
#ifndef _LINUX_DEVMAP_FAULT_MODE_H
#define _LINUX_DEVMAP_FAULT_MODE_H

#include <linux/types.h>

#ifdef CONFIG_DEVMAP_ACCESS_PROTECTION
bool devmap_relaxed(void);
#else
static inline bool devmap_relaxed(void) { return false; }
#endif

#endif /* _LINUX_DEVMAP_FAULT_MODE_H */
