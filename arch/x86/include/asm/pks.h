/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Protection keys for supervisor pages: the state of a thread, of a CPU and
 * of an interrupted context.
 */
#ifndef _ASM_X86_PKS_H
#define _ASM_X86_PKS_H

#include <linux/types.h>

#define PKS_NR_KEYS		16	/* SDM vol. 3A, 4.6.2: four PTE bits */
#define PKS_BITS_PER_KEY	2
#define PKS_AD			1u	/* access disable */
#define PKS_WD			2u	/* write disable */
#define PKS_KEY_MASK		(PKS_AD | PKS_WD)

/* The key of what only its keeper may write (<linux/pks_guard.h>). */
#define PKS_GUARD_PKEY		(PKS_NR_KEYS - 1)
#define PKS_GUARD_BITS		(PKS_WD << (PKS_GUARD_PKEY * PKS_BITS_PER_KEY))

/*
 * Key 0 is every page that has no key: always open. The guard's pages can be
 * read. All others are denied.
 */
#define PKRS_DEFAULT		(0x3ffffffcu | PKS_GUARD_BITS)

/**
 * struct pks_thread - what the running context of a task may access
 * @pkrs: value that IA32_PKRS has, or gets when the task runs again
 * @nest: grants in force for each key; slot 0: sections that open all keys
 *	of protected devices (see pks_get_section())
 * @nest_words: @nest, to copy it fast
 * @unknown: in a saved state: the MSR was being written just then
 *
 * A count is non-zero only while @pkrs is not PKRS_DEFAULT: the exception
 * entry relies on it (arch/x86/entry/pks.c).
 */
struct pks_thread {
	u32 pkrs;
	u32 unknown;
	union {
		u16 nest[PKS_NR_KEYS];
		u64 nest_words[PKS_NR_KEYS / 4];
	};
};

/**
 * struct pt_regs_aux - state of an interrupted context beside its pt_regs
 * @tag: tells a saved state from stack garbage, see pt_regs_aux_valid()
 * @pkrs: IA32_PKRS when the context was interrupted
 * @pks: what the context had asked for
 *
 * Made by the entry code right below struct pt_regs, for every exception and
 * interrupt; filled and used by C only.
 */
struct pt_regs_aux {
	u32 tag;
	u32 pkrs;
	struct pks_thread pks;
};

#endif /* _ASM_X86_PKS_H */
