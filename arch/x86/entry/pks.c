// SPDX-License-Identifier: GPL-2.0
/*
 * PKRS over exceptions, interrupts and context switches.
 *
 * Whatever interrupts a thread runs with the default PKRS (and, like everybody,
 * the global one), and the thread has its own again when it goes on. The
 * interrupted state is kept beside the pt_regs of that exception (struct
 * pt_regs_aux), so that nested exceptions each have theirs, an exception may
 * schedule, and the fault handler and show_regs() can tell what the interrupted
 * code was allowed to do. A softirq
 * that a task runs at local_bh_enable() is no exception; its caller keeps the
 * task's state on the stack (struct pks_saved).
 *
 * Everything here is noinstr: it runs before and after the kernel's own
 * context tracking.
 */
#include <linux/sched.h>
#include <asm/pks_entry.h>
#include <asm/ptrace.h>
#include "../mm/pks_internal.h"

#define PT_REGS_AUX_TAG		0x504b5253u	/* "PKRS" */

static __always_inline struct pt_regs_aux *regs_aux(struct pt_regs *regs)
{
	return (struct pt_regs_aux *)regs - 1;
}

static __always_inline u32 aux_tag(struct pt_regs *regs)
{
	return PT_REGS_AUX_TAG ^ (u32)(unsigned long)regs;
}

static __always_inline void nest_copy(struct pks_thread *to,
				      const struct pks_thread *from)
{
	to->nest_words[0] = from->nest_words[0];
	to->nest_words[1] = from->nest_words[1];
	to->nest_words[2] = from->nest_words[2];
	to->nest_words[3] = from->nest_words[3];
}

static __always_inline void nest_clear(struct pks_thread *pks)
{
	pks->nest_words[0] = 0;
	pks->nest_words[1] = 0;
	pks->nest_words[2] = 0;
	pks->nest_words[3] = 0;
}

/*
 * Interrupts are off; an NMI may come anywhere, and undoes what it does here
 * before it returns.
 */
static __always_inline void save_and_reset(struct pt_regs_aux *aux)
{
	struct pks_thread *pks = &current->thread.pks;

	aux->pkrs = pkrs_read(&aux->pks.unknown);
	aux->pks.pkrs = pks->pkrs;
	if (unlikely(pks->pkrs != PKRS_DEFAULT)) {
		nest_copy(&aux->pks, pks);
		nest_clear(pks);
		barrier();	/* an NMI looks at the counts only if this is not default */
		pks->pkrs = PKRS_DEFAULT;
	}
	barrier();	/* an NMI's exit writes the MSR by it */
	pkrs_write(pkrs_effective(PKRS_DEFAULT));
}

/*
 * The counts are cleared first: the handler may have left a grant behind. The
 * MSR is made anew from what the context asked for and what is granted to all
 * by now; what the MSR was is kept for the fault handler only. Unless the context
 * was writing the MSR: then it is left as it was found (asm/pks_msr.h).
 */
static __always_inline void restore(const struct pt_regs_aux *aux)
{
	struct pks_thread *pks = &current->thread.pks;

	nest_clear(pks);
	pks->pkrs = aux->pks.pkrs;
	barrier();	/* as in save_and_reset() */
	if (unlikely(pks->pkrs != PKRS_DEFAULT))
		nest_copy(pks, &aux->pks);
	if (unlikely(aux->pks.unknown))
		pkrs_put_back(aux->pkrs);
	else
		pkrs_write(pkrs_effective(pks->pkrs));
}

noinstr void __pks_entry_save_and_reset(struct pt_regs *regs)
{
	struct pt_regs_aux *aux = regs_aux(regs);

	save_and_reset(aux);
	aux->tag = aux_tag(regs);
}

/* Without the tag there was no entry: what is there is not a saved state. */
noinstr void __pks_exit_restore(struct pt_regs *regs)
{
	struct pt_regs_aux *aux = regs_aux(regs);

	if (aux->tag != aux_tag(regs))
		return;
	aux->tag = 0;
	restore(aux);
}

noinstr void __pks_context_save_and_reset(struct pks_saved *saved)
{
	save_and_reset(&saved->aux);
}

noinstr void __pks_context_restore(const struct pks_saved *saved)
{
	restore(&saved->aux);
}

noinstr void __pks_switch_to(struct task_struct *next)
{
	pkrs_write(pkrs_effective(next->thread.pks.pkrs));
}

/**
 * pt_regs_aux - the state that an exception saved with its pt_regs
 * @regs: any pt_regs
 *
 * Not every pt_regs is an exception's: those of a system call, or made by
 * hand, have nothing beside them. The tag, which holds the address, tells.
 *
 * Context: Any.
 * Return: the saved state, or NULL if there is none.
 */
noinstr const struct pt_regs_aux *pt_regs_aux(struct pt_regs *regs)
{
	struct pt_regs_aux *aux = regs_aux(regs);

	if (!cpu_feature_enabled(X86_FEATURE_PKS))
		return NULL;
	return READ_ONCE(aux->tag) == aux_tag(regs) ? aux : NULL;
}

/**
 * pks_regs_pkrs - the PKRS of an interrupted context
 * @regs: any pt_regs
 * @pkrs: set if @regs are an exception's
 *
 * Context: Any.
 * Return: true if @pkrs was set.
 */
noinstr bool pks_regs_pkrs(struct pt_regs *regs, u32 *pkrs)
{
	const struct pt_regs_aux *aux = pt_regs_aux(regs);

	if (aux)
		*pkrs = aux->pkrs;
	return aux;
}
