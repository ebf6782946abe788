/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the PKS core's own files only. */
#ifndef _X86_MM_PKS_INTERNAL_H
#define _X86_MM_PKS_INTERNAL_H

#include <linux/types.h>
#include <asm/pks.h>
#include <asm/pks_msr.h>

/* One that users of PKS may have: neither that of all pages, nor the guard's. */
static inline bool pkey_valid(int pkey)
{
	return pkey > 0 && pkey < PKS_GUARD_PKEY;
}

/* pks_global.c */
void pks_global_set(int pkey, u32 bits);
void pks_global_put(int pkey);

#endif /* _X86_MM_PKS_INTERNAL_H */
