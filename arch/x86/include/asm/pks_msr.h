/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PKRS values and IA32_PKRS, for the PKS core and for what it has inline; others
 * use <linux/pks.h>.
 */
#ifndef _ASM_X86_PKS_MSR_H
#define _ASM_X86_PKS_MSR_H

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
 * An exception that finds "unknown" reads the MSR itself, and before it returns
 * it puts exactly that back and leaves the word unknown: the writer may be
 * before its wrmsr or after it, and its last store, which makes the word true
 * again, will be of what it wrote itself. A value made anew from the global
 * word, which may have changed meanwhile, would be in the MSR under that word.
 *
 * Writers have interrupts off (see below), so only an NMI, a machine check or a
 * debug exception finds "unknown"; a key that was closed meanwhile is taken back
 * by the interrupt that waits.
 *
 * 0xffffffff can not be a value: key 0 is never denied.
 */
#define PKRS_UNKNOWN	0xffffffffu

DECLARE_PER_CPU(u32, pkrs_cache);
DECLARE_PER_CPU(u64, pkrs_writes);
extern u32 pks_global_pkrs;

/*
 * DOC: the global word
 *
 * A PKRS value in which the keys that every context may use are open. What a
 * context has is its own value AND this word (a key that is not granted has
 * both bits set, so AND means "either grants it"). It is applied whenever
 * IA32_PKRS is written, and nowhere else: never to a thread's value, never to
 * one saved by an exception. So nothing that was open stays open by being
 * saved and restored; once the word is closed, it is enough that each CPU
 * writes its MSR once more. Until a CPU does so after the word was opened, its
 * accesses fault, and the fault handler lets them try again ("global lag").
 *
 * Whoever writes the MSR from the word has interrupts off, so that the
 * interrupt that closes a key can not come between reading and writing.
 */

/* What a context that asked for @pkrs has at this moment. */
static __always_inline u32 pkrs_effective(u32 pkrs)
{
	return pkrs & READ_ONCE(pks_global_pkrs);
}

/*
 * The value of IA32_PKRS on this CPU; @unknown: the word did not tell.
 * Preemption off.
 */
static __always_inline u32 pkrs_read(u32 *unknown)
{
	u32 val = this_cpu_read(pkrs_cache);

	*unknown = val == PKRS_UNKNOWN;
	if (unlikely(*unknown))
		val = (u32)__rdmsr(MSR_IA32_PKRS);
	return val;
}

/*
 * Write IA32_PKRS on this CPU. Preemption off. The write is not serializing; it
 * is ordered against accesses like WRPKRU (SDM vol. 3A, 9.3).
 */
static __always_inline void pkrs_write_always(u32 val)
{
	this_cpu_write(pkrs_cache, PKRS_UNKNOWN);
	barrier();	/* the states above: unknown before the MSR changes ... */
	__wrmsr(MSR_IA32_PKRS, val, 0);
	barrier();	/* ... and known only after it has */
	this_cpu_write(pkrs_cache, val);
	this_cpu_inc(pkrs_writes);
}

/* The same, unless it has that value. */
static __always_inline void pkrs_write(u32 val)
{
	if (this_cpu_read(pkrs_cache) != val)
		pkrs_write_always(val);
}

/* Put back what pkrs_read() found while the word was unknown, which it stays. */
static __always_inline void pkrs_put_back(u32 val)
{
	this_cpu_write(pkrs_cache, PKRS_UNKNOWN);
	barrier();	/* as above */
	__wrmsr(MSR_IA32_PKRS, val, 0);
	this_cpu_inc(pkrs_writes);
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

#endif /* _ASM_X86_PKS_MSR_H */
