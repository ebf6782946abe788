/* SPDX-License-Identifier: GPL-2.0 */
/* The fault recorder, as the architecture's fault handler uses it. */
#ifndef _LINUX_PKSDIAG_KERNEL_H
#define _LINUX_PKSDIAG_KERNEL_H

#include <linux/build_bug.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>
#include <uapi/linux/pksdiag.h>

struct pt_regs;

static __always_inline bool __pksdiag_peek(void *val, const void *ptr, size_t size)
{
	switch (size) {
	case sizeof(u16):
		__get_kernel_nofault(val, ptr, u16, gone);
		return true;
	case sizeof(u32):
		__get_kernel_nofault(val, ptr, u32, gone);
		return true;
	case sizeof(u64):
		__get_kernel_nofault(val, ptr, u64, gone);
		return true;
	}
	BUILD_BUG();
gone:
	return false;
}

/*
 * What is below the direct map is no kernel address, or none that has anything to
 * do with pages, and the end of the address space has what a read faults on as
 * user space does (vsyscall), and error pointers.
 */
static __always_inline bool __pksdiag_peek_any(void *val, const void *ptr, size_t size)
{
	return (unsigned long)ptr >= PAGE_OFFSET &&
	       (unsigned long)ptr < -(unsigned long)SZ_16M &&
	       __pksdiag_peek(val, ptr, size);
}

/**
 * pksdiag_peek - read kernel memory that may not be there
 * @val: variable to read into, of two, four or eight bytes
 * @ptr: to something of the same size; any value
 *
 * copy_from_kernel_nofault() for single words, of which the recorder reads
 * hundreds.
 *
 * Context: Any, NMI included.
 * Return: true if @val was read.
 */
#define pksdiag_peek(val, ptr)	__pksdiag_peek_any(&(val), ptr, sizeof(val))

/* The same of an address in the direct map. */
#define pksdiag_peek_ram(val, ptr)	__pksdiag_peek(&(val), ptr, sizeof(val))

/**
 * struct pksdiag_fault - a PKS fault, as the fault handler knows it
 * @regs: the interrupted context
 * @error_code: of the fault
 * @address: what was accessed
 * @pte: the leaf entry that maps it
 * @level: enum pksdiag_level; PKSDIAG_LEVEL_NONE: there is no entry
 * @pkrs_global: the global PKRS at that moment
 */
struct pksdiag_fault {
	struct pt_regs *regs;
	unsigned long error_code;
	unsigned long address;
	u64 pte;
	u8 level;
	u32 pkrs_global;
};

/**
 * pksdiag_context - what runs now, or what an exception interrupted
 *
 * Context: Any.
 * Return: enum pksdiag_context.
 */
static __always_inline u8 pksdiag_context(void)
{
	if (likely(!(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET))))
		return PKSDIAG_CTX_TASK;
	if (in_nmi())
		return PKSDIAG_CTX_NMI;
	return in_hardirq() ? PKSDIAG_CTX_HARDIRQ : PKSDIAG_CTX_SOFTIRQ;
}

#define PKSDIAG_NR_KEPT	6

/**
 * struct pksdiag_frames - the live stack of what an exception interrupted
 * @start: the stack pointer
 * @end: behind the last word that belongs to the same context
 * @ret: where the return addresses of the first frames are: what lies below
 *	ret[0] is the faulting function's frame
 * @nr: valid entries in @ret
 * @outermost: where the first frame of a stack that is not the task's begins: it
 *	has saved registers of whatever was there before; NULL on the task's
 * @last: there, the outermost return address found so far
 * @interrupted: what the context itself had interrupted, or NULL
 * @kept: what that had in the registers that functions keep for their callers
 */
struct pksdiag_frames {
	const unsigned long *start;
	const unsigned long *end;
	const unsigned long *ret[PKSDIAG_NEAR_FRAMES];
	unsigned int nr;
	const unsigned long *outermost;
	const unsigned long *last;
	const struct pt_regs *interrupted;
	unsigned long kept[PKSDIAG_NR_KEPT];
};

#ifdef CONFIG_PKSDIAG

struct pksdiag_record *pksdiag_begin(const struct pksdiag_fault *fault);
void pksdiag_commit(struct pksdiag_record *r, unsigned int resolution);
bool pksdiag_want_global(void);
void pksdiag_count_violation(void);
void pksdiag_vmcoreinfo(void);

#else

static inline struct pksdiag_record *
pksdiag_begin(const struct pksdiag_fault *fault)
{
	return NULL;
}

static inline void pksdiag_commit(struct pksdiag_record *r,
				  unsigned int resolution) { }
static inline bool pksdiag_want_global(void) { return false; }
static inline void pksdiag_vmcoreinfo(void) { }

#endif /* CONFIG_PKSDIAG */

/* Provided by the architecture. */
void arch_pksdiag_fill(struct pksdiag_record *r, const struct pksdiag_fault *fault);
void arch_pksdiag_stack(struct pksdiag_record *r, struct pt_regs *regs,
			struct pksdiag_frames *frames);

#endif /* _LINUX_PKSDIAG_KERNEL_H */
