/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guard (<linux/pks_guard.h>), inline: the mapping ledger opens and closes it
 * at every mapping of a protected page.
 *
 * Interrupts are off in between, so it takes one change of the flag and no count:
 * only an NMI may come, which has a value of its own.
 */
#ifndef _ASM_X86_PKS_GUARD_H
#define _ASM_X86_PKS_GUARD_H

#include <linux/cpufeature.h>
#include <linux/irqflags.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <asm/pks.h>
#include <asm/pks_msr.h>

u32 pks_close_bits(const struct pks_thread *pks, int pkey);

static __always_inline void __pks_set_guard(struct pks_thread *pks, u32 pkrs)
{
	pks->pkrs = pkrs;
	pkrs_write_always(pkrs_effective(pkrs));
}

/**
 * pks_guard_begin - from now on guarded memory may be written, until pks_guard_end()
 *
 * Context: Any; does not nest. Interrupts are off until the end.
 * Return: for pks_guard_end().
 */
static __always_inline unsigned long pks_guard_begin(void)
{
	struct pks_thread *pks = &current->thread.pks;
	unsigned long flags;

	raw_local_irq_save(flags);
	if (cpu_feature_enabled(X86_FEATURE_PKS))
		__pks_set_guard(pks, pks->pkrs & ~PKS_GUARD_BITS);
	return flags;
}

/**
 * pks_guard_end - end what pks_guard_begin() gave
 * @flags: from it
 *
 * Applies the global word, too.
 */
static __always_inline void pks_guard_end(unsigned long flags)
{
	struct pks_thread *pks = &current->thread.pks;

	if (cpu_feature_enabled(X86_FEATURE_PKS))
		__pks_set_guard(pks, pks->pkrs | PKS_GUARD_BITS);
	raw_local_irq_restore(flags);
}

/**
 * pks_guard_get - pks_get() and pks_guard_begin() with one write of the MSR
 * @pkey: a key; so there is PKS
 * @nest: set to the grants of the key that the thread has now
 *
 * Context: Any.
 * Return: for pks_guard_end().
 */
static __always_inline unsigned long pks_guard_get(int pkey, unsigned int *nest)
{
	struct pks_thread *pks = &current->thread.pks;
	unsigned long flags;

	raw_local_irq_save(flags);
	__pks_set_guard(pks, pkrs_set_key(pks->pkrs, pkey, 0) & ~PKS_GUARD_BITS);
	barrier();	/* open before counted */
	*nest = pks->nest[pkey];
	if (*nest != U16_MAX)
		pks->nest[pkey] = ++*nest;
	return flags;
}

/**
 * pks_guard_put - pks_guard_end() and pks_put() with one write of the MSR
 * @pkey: the key
 * @flags: from pks_guard_begin()
 */
static __always_inline void pks_guard_put(int pkey, unsigned long flags)
{
	struct pks_thread *pks = &current->thread.pks;
	unsigned int nest = pks->nest[pkey];
	u32 bits = PKS_GUARD_BITS;

	if (nest && nest != U16_MAX) {
		pks->nest[pkey] = --nest;
		barrier();	/* not counted before closed */
		if (!nest)
			bits |= pks_close_bits(pks, pkey);
	}
	__pks_set_guard(pks, pks->pkrs | bits);
	raw_local_irq_restore(flags);
}

#endif /* _ASM_X86_PKS_GUARD_H */
