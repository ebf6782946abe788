// SPDX-License-Identifier: GPL-2.0
/* The stack of what a PKS fault interrupted: who called, and how far it goes. */
#include <linux/pksdiag_kernel.h>
#include <linux/sched.h>
#include <asm/ptrace.h>
#include <asm/stacktrace.h>
#include <asm/unwind.h>

static void add_frame(struct pksdiag_frames *frames, struct unwind_state *state)
{
	const unsigned long *ret;

	if (frames->nr >= PKSDIAG_NEAR_FRAMES && !frames->last)
		return;
	ret = unwind_get_return_address_ptr(state);
	if (frames->nr < PKSDIAG_NEAR_FRAMES)
		frames->ret[frames->nr++] = ret;
	if (!frames->last || ret < frames->start || ret >= frames->end)
		return;
	frames->outermost = frames->last;
	frames->last = ret;
}

/*
 * Whether it is text is for readers to say; to ask that here costs more than it.
 * But what user space called from is no caller.
 */
static unsigned long return_address(struct unwind_state *state)
{
#ifdef CONFIG_UNWINDER_ORC
	return state->regs && user_mode(state->regs) ? 0 : state->ip;
#else
	return unwind_get_return_address(state);
#endif
}

/*
 * What the interrupted code had in registers that functions keep for their
 * callers is still in them, or was saved on the stack: the handler's functions
 * did that, and know nothing of it.
 */
static void note_interrupted(struct pksdiag_frames *frames,
			     const struct pt_regs *regs)
{
	const unsigned long kept[PKSDIAG_NR_KEPT] = {
		regs->bx, regs->bp, regs->r12, regs->r13, regs->r14, regs->r15,
	};

	memcpy(frames->kept, kept, sizeof(kept));
	frames->interrupted = regs;
}

/*
 * The context ends where an exception interrupted another one on the same stack
 * (a breakpoint, for one): what is above knows its own pages, not the handler's.
 */
static void end_at_entry(struct pksdiag_record *r, struct pksdiag_frames *frames,
			 struct unwind_state *state)
{
	struct pt_regs *entry = unwind_get_entry_regs(state, NULL);
	const unsigned long *word = (const unsigned long *)entry;

	if (entry && !user_mode(entry) && !frames->interrupted)
		note_interrupted(frames, entry);
	if (word <= frames->start || word >= frames->end)
		return;
	frames->end = word;
	if (!user_mode(entry))
		r->flags |= PKSDIAG_F_EXCEPTION;
}

/**
 * arch_pksdiag_stack - the callers of a faulting instruction
 * @r: gets the return addresses
 * @regs: the interrupted context
 * @frames: filled
 *
 * Context: Fault handler, NMI included. Bounded by PKSDIAG_STACK_LEN.
 */
void arch_pksdiag_stack(struct pksdiag_record *r, struct pt_regs *regs,
			struct pksdiag_frames *frames)
{
	struct unwind_state state;
	unsigned long ip;

	*frames = (struct pksdiag_frames){ .start = (unsigned long *)regs->sp };
	unwind_start(&state, current, regs, NULL);
	if (on_stack(&state.stack_info, (void *)regs->sp, sizeof(long)))
		frames->end = state.stack_info.end;
	else
		frames->end = frames->start;
	if (state.stack_info.type != STACK_TYPE_TASK)
		frames->last = frames->start;
	/* the walk begins with the caller */
	r->stack[r->stack_nr++] = regs->ip;
	for (; !unwind_done(&state) && r->stack_nr < PKSDIAG_STACK_LEN;
	     unwind_next_frame(&state)) {
		ip = return_address(&state);
		if (ip)
			add_frame(frames, &state);
		end_at_entry(r, frames, &state);
		if (!ip)
			break;
		r->stack[r->stack_nr++] = ip;
	}
}
