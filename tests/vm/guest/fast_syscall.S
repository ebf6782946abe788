/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A 32-bit program that makes a fast system call with a stack that is not
 * mapped. The kernel can not read the sixth argument, gives up early by a path
 * of its own, and returns to the vDSO, where the same stack ends the program
 * by SIGSEGV. Exits with 0 if the call did not do that.
 */
	.globl _start
	.text
_start:
	movl	$20, %eax		/* getpid */
	movl	$16, %esp
	movl	%esp, %ebp
	syscall
	xorl	%ebx, %ebx
	movl	$1, %eax		/* exit */
	int	$0x80
