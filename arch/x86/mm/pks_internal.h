/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the PKS core's own files only: PKRS values and the MSR. */
#ifndef _X86_MM_PKS_INTERNAL_H
#define _X86_MM_PKS_INTERNAL_H

#include <linux/percpu.h>
#include <asm/msr.h>
#include <asm/pks.h>

/*
 * DOC: the cached MSR value
 *
 * Reading IA32_PKRS at every exception would be slow, so each CPU remembers
 * what it wrote last. The word has a third state, "unknown", because an NMI
 * can come between the MSR write and the note of it:
 *
 *   writer                       word       MSR
 *   ------                       ----       ---
 *   (before)                     old        old
 *   word = unknown               unknown    old
 *   wrmsr                        unknown    new
 *   word = new                   new        new
 *
 * An exception that finds "unknown" reads the MSR itself. When it returns it
 * leaves the MSR and the word at that value: if the writer had not reached
 * its wrmsr it does that now, and if it had, the value is already "new".
 * Either way the writer's last store makes the word true again. Interrupts
 * may come as well: preemption is off, so the writer stays on its CPU.
 *
 * 0xffffffff can not be a value: key 0 is never denied.
 */
#define PKRS_UNKNOWN	0xffffffffu

DECLARE_PER_CPU(u32, pkrs_cache);

/* The value of IA32_PKRS on this CPU. Preemption off. */
static __always_inline u32 pkrs_read(void)
{
	u32 val = this_cpu_read(pkrs_cache);

	if (unlikely(val == PKRS_UNKNOWN))
		val = (u32)__rdmsr(MSR_IA32_PKRS);
	return val;
}

/*
 * Set IA32_PKRS on this CPU. Preemption off. The write is not serializing; it
 * is ordered against accesses like WRPKRU (SDM vol. 3A, 9.3).
 */
static __always_inline void pkrs_write(u32 val)
{
	if (this_cpu_read(pkrs_cache) == val)
		return;
	this_cpu_write(pkrs_cache, PKRS_UNKNOWN);
	barrier();	/* the states above: unknown before the MSR changes ... */
	__wrmsr(MSR_IA32_PKRS, val, 0);
	barrier();	/* ... and known only after it has */
	this_cpu_write(pkrs_cache, val);
}

/* A PKRS value with the two bits of one key replaced. */
static __always_inline u32 pkrs_set_key(u32 pkrs, int pkey, u32 bits)
{
	int shift = pkey * PKS_BITS_PER_KEY;

	return (pkrs & ~(PKS_KEY_MASK << shift)) | (bits << shift);
}

static __always_inline u32 pkrs_get_key(u32 pkrs, int pkey)
{
	return (pkrs >> (pkey * PKS_BITS_PER_KEY)) & PKS_KEY_MASK;
}

#endif /* _X86_MM_PKS_INTERNAL_H */
