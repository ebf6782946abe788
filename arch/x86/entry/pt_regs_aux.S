/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Room for struct pt_regs_aux (asm/pks.h) while an exception is handled.
 *
 * The handler finds it right below its struct pt_regs. Nothing but this macro
 * says where: %rsp must point to the pt_regs when it is used, and %rdi must
 * have been set to that address before. Any size is right, zero included.
 * C code fills the room before it uses it; objtool follows %rsp by itself, and
 * is told that the call returns, since some functions never do.
 */
.macro CALL_WITH_AUX func
#ifdef CONFIG_SUPERVISOR_PKEYS
	subq	$PT_REGS_AUX_SIZE, %rsp
	call	\func
	REACHABLE
	addq	$PT_REGS_AUX_SIZE, %rsp
#else
	call	\func
#endif
.endm
