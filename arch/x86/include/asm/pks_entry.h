/* SPDX-License-Identifier: GPL-2.0 */
/* PKS at the kernel's borders: exceptions, context switch, CPU bring-up. */
#ifndef _ASM_X86_PKS_ENTRY_H
#define _ASM_X86_PKS_ENTRY_H

#include <linux/types.h>

struct pt_regs;
struct task_struct;

#ifdef CONFIG_SUPERVISOR_PKEYS

#include <linux/cpufeature.h>
#include <linux/sched.h>
#include <asm/pks.h>
#include <asm/pks_msr.h>

/**
 * struct pks_saved - the state of a task while something else borrows it
 * @aux: that state
 */
struct pks_saved {
	struct pt_regs_aux aux;
};

void __pks_entry_save_and_reset(struct pt_regs *regs);
void __pks_exit_restore(struct pt_regs *regs);
void __pks_context_save_and_reset(struct pks_saved *saved);
void __pks_context_restore(const struct pks_saved *saved);
void __pks_switch_to(struct task_struct *next);

/**
 * pks_entry_save_and_reset - save the interrupted PKRS, run with the default
 * @regs: the interrupted context, as the entry code built it
 *
 * Context: Exception entry, interrupts off; before anything that could use a
 * protected page.
 */
static __always_inline void pks_entry_save_and_reset(struct pt_regs *regs)
{
	if (cpu_feature_enabled(X86_FEATURE_PKS))
		__pks_entry_save_and_reset(regs);
}

/**
 * pks_exit_restore - give the interrupted context its PKRS back
 * @regs: what pks_entry_save_and_reset() got
 *
 * Context: Exception exit, interrupts off; after the last possible schedule.
 */
static __always_inline void pks_exit_restore(struct pt_regs *regs)
{
	if (cpu_feature_enabled(X86_FEATURE_PKS))
		__pks_exit_restore(regs);
}

/**
 * pks_context_save_and_reset - save this task's PKRS, run with the default
 * @saved: filled
 *
 * Context: Interrupts off.
 */
static __always_inline void pks_context_save_and_reset(struct pks_saved *saved)
{
	if (cpu_feature_enabled(X86_FEATURE_PKS))
		__pks_context_save_and_reset(saved);
}

/**
 * pks_context_restore - give this task its PKRS back
 * @saved: what pks_context_save_and_reset() filled
 *
 * Context: Interrupts off.
 */
static __always_inline void pks_context_restore(const struct pks_saved *saved)
{
	if (cpu_feature_enabled(X86_FEATURE_PKS))
		__pks_context_restore(saved);
}

/**
 * pks_switch_to - load the PKRS of the task that runs next
 * @next: that task, which is already current
 *
 * Nearly always the MSR holds that already: then there is no call.
 *
 * Context: __switch_to(), interrupts off.
 */
static __always_inline void pks_switch_to(struct task_struct *next)
{
	if (cpu_feature_enabled(X86_FEATURE_PKS) &&
	    unlikely(this_cpu_read(pkrs_cache) !=
		     pkrs_effective(next->thread.pks.pkrs)))
		__pks_switch_to(next);
}

/**
 * pks_clear_cpu_cap - this machine is to go without PKS
 *
 * Context: Early boot, before the features are used.
 */
static inline void pks_clear_cpu_cap(void)
{
	setup_clear_cpu_cap(X86_FEATURE_PKS);
}

void pks_setup_cpu(void);
void pks_resume_cpu(void);
void pks_init_task(struct task_struct *task);
void pks_flush_thread(void);
bool pks_regs_pkrs(struct pt_regs *regs, u32 *pkrs);
bool pks_handle_fault(struct pt_regs *regs, unsigned long error_code,
		      unsigned long address);
const struct pt_regs_aux *pt_regs_aux(struct pt_regs *regs);

#else

struct pks_saved { };

static __always_inline void pks_entry_save_and_reset(struct pt_regs *regs) { }
static __always_inline void pks_context_save_and_reset(struct pks_saved *s) { }
static __always_inline void pks_context_restore(const struct pks_saved *s) { }
static __always_inline void pks_exit_restore(struct pt_regs *regs) { }
static __always_inline void pks_switch_to(struct task_struct *next) { }
static inline void pks_clear_cpu_cap(void) { }
static inline void pks_setup_cpu(void) { }
static inline void pks_resume_cpu(void) { }
static inline void pks_init_task(struct task_struct *task) { }
static inline void pks_flush_thread(void) { }
static inline bool pks_regs_pkrs(struct pt_regs *regs, u32 *pkrs)
{
	return false;
}

static inline bool pks_handle_fault(struct pt_regs *regs,
				    unsigned long error_code,
				    unsigned long address)
{
	return false;
}

#endif /* CONFIG_SUPERVISOR_PKEYS */
#endif /* _ASM_X86_PKS_ENTRY_H */
