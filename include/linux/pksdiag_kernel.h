/* SPDX-License-Identifier: GPL-2.0 */
/* The fault recorder, as the architecture's fault handler uses it. */
#ifndef _LINUX_PKSDIAG_KERNEL_H
#define _LINUX_PKSDIAG_KERNEL_H

#include <uapi/linux/pksdiag.h>

struct pt_regs;

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

#endif /* _LINUX_PKSDIAG_KERNEL_H */
