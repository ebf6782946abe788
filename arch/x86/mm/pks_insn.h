/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _X86_MM_PKS_INSN_H
#define _X86_MM_PKS_INSN_H

#include <linux/types.h>

/**
 * struct pks_insn - a memory access, as its instruction tells it
 * @len: bytes of the instruction, 0 if it could not be decoded
 * @width: bytes accessed, in one step of a string instruction; 0: unknown
 * @rep: a string instruction with a repeat prefix
 */
struct pks_insn {
	u8 len;
	u8 width;
	bool rep;
};

void pks_insn_decode(const u8 *bytes, unsigned int len, struct pks_insn *out);

#endif /* _X86_MM_PKS_INSN_H */
