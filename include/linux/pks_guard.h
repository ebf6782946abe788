/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that only its keeper may write: evidence that a stray write must not
 * destroy. It has a protection key of its own, which everybody may read by and
 * nobody may write by outside of pks_guard_begin() and pks_guard_end().
 */
#ifndef _LINUX_PKS_GUARD_H
#define _LINUX_PKS_GUARD_H

#include <linux/types.h>

#ifdef CONFIG_SUPERVISOR_PKEYS

#include <linux/sched.h>
#include <asm/pks_guard.h>

void pks_guard_protect(void *addr, size_t size);
unsigned int pks_guard_global_get(int pkey);

/*
 * A word of the running task for the keeper's own use: NULL in a new task. (A
 * task's rights would not tell what it has done: one that dies by an oops does
 * so with those of the exception.)
 */
#define pks_note()	(current->thread.pks_note)

#else

static inline void pks_guard_protect(void *addr, size_t size) { }
static inline unsigned long pks_guard_begin(void) { return 0; }
static inline void pks_guard_end(unsigned long flags) { }

#endif /* CONFIG_SUPERVISOR_PKEYS */
#endif /* _LINUX_PKS_GUARD_H */
