/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PKS_INSN_TEST_H
#define _LIB_PKS_INSN_TEST_H

#include <linux/types.h>

/* Assemble @text between two labels, into data. */
#define INSN(name, text)						\
	asm(".pushsection .rodata\n"					\
	    "insn_" #name ": " text "\n"				\
	    "insn_" #name "_end: .skip 16\n"				\
	    ".popsection\n");						\
	extern const u8 insn_##name[], insn_##name##_end[]

#endif /* _LIB_PKS_INSN_TEST_H */
