/* SPDX-License-Identifier: GPL-2.0 */
/* The fault recorder, as the architecture's fault handler uses it. */
#ifndef _LINUX_PKSDIAG_KERNEL_H
#define _LINUX_PKSDIAG_KERNEL_H

#include <uapi/linux/pksdiag.h>

struct pt_regs;

/**
 * struct pksdiag_frames - the live stack of what an exception interrupted
 * @start: the stack pointer
 * @end: behind the last word that belongs to the same context
 * @ret: where the return addresses of the first frames are: what lies below
 *	ret[0] is the faulting function's frame
 * @nr: valid entries in @ret
 */
struct pksdiag_frames {
	const unsigned long *start;
	const unsigned long *end;
	const unsigned long *ret[PKSDIAG_NEAR_FRAMES];
	unsigned int nr;
};

#ifdef CONFIG_PKSDIAG

struct pksdiag_record *pksdiag_begin(struct pt_regs *regs,
				     unsigned long error_code,
				     unsigned long address);
void pksdiag_commit(struct pksdiag_record *r, unsigned int resolution);
bool pksdiag_want_global(void);
void pksdiag_vmcoreinfo(void);

#else

static inline struct pksdiag_record *pksdiag_begin(struct pt_regs *regs,
						   unsigned long error_code,
						   unsigned long address)
{
	return NULL;
}

static inline void pksdiag_commit(struct pksdiag_record *r,
				  unsigned int resolution) { }
static inline bool pksdiag_want_global(void) { return false; }
static inline void pksdiag_vmcoreinfo(void) { }

#endif /* CONFIG_PKSDIAG */

/* Provided by the architecture. */
void arch_pksdiag_fill(struct pksdiag_record *r, struct pt_regs *regs);
void arch_pksdiag_stack(struct pksdiag_record *r, struct pt_regs *regs,
			struct pksdiag_frames *frames);

#endif /* _LINUX_PKSDIAG_KERNEL_H */
