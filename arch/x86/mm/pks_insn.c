// SPDX-License-Identifier: GPL-2.0
/*
 * How many bytes does a faulting instruction access? From its bytes alone.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <asm/insn.h>
#include "pks_insn.h"

enum width_rule {
	W_UNKNOWN,
	W_OPERAND,	/* by operand size: 2, 4 or 8 */
	W_BYTE_BIT0,	/* 1 if opcode bit 0 is clear, else by operand size */
	W_1,
	W_2,
	W_4,
	W_8,
	W_VECTOR,	/* 16, 32 or 64 by VEX/EVEX length */
	W_SIMD,		/* the same, but MMX without a prefix */
	W_SCALAR,	/* 4 with F3, 8 with F2, else the whole vector */
	W_MOVQ,		/* 8 with F3, else by operand size */
	W_GROUP5,	/* inc, dec: as W_BYTE_BIT0; call, jmp, push: 8 */
};

/* One-byte opcodes with a memory operand (SDM vol. 2D, table A-2) */
static const u8 one_byte[256] = {
	[0x00 ... 0x03] = W_BYTE_BIT0, [0x08 ... 0x0b] = W_BYTE_BIT0,
	[0x10 ... 0x13] = W_BYTE_BIT0, [0x18 ... 0x1b] = W_BYTE_BIT0,
	[0x20 ... 0x23] = W_BYTE_BIT0, [0x28 ... 0x2b] = W_BYTE_BIT0,
	[0x30 ... 0x33] = W_BYTE_BIT0, [0x38 ... 0x3b] = W_BYTE_BIT0,
	[0x63] = W_4,				/* movslq */
	[0x69] = W_OPERAND, [0x6b] = W_OPERAND,
	[0x80 ... 0x81] = W_BYTE_BIT0, [0x83] = W_OPERAND,
	[0x84 ... 0x8b] = W_BYTE_BIT0,		/* test, xchg, mov */
	[0x8f] = W_8,				/* pop */
	[0xa4 ... 0xa7] = W_BYTE_BIT0,		/* movs, cmps */
	[0xaa ... 0xaf] = W_BYTE_BIT0,		/* stos, lods, scas */
	[0xc0 ... 0xc1] = W_BYTE_BIT0,
	[0xc6 ... 0xc7] = W_BYTE_BIT0,		/* mov $imm */
	[0xd0 ... 0xd3] = W_BYTE_BIT0,
	[0xf6 ... 0xf7] = W_BYTE_BIT0,
	[0xfe] = W_1, [0xff] = W_GROUP5,
};

/* 0x0f opcodes (SDM vol. 2D, table A-3) */
static const u8 two_byte[256] = {
	[0x10 ... 0x11] = W_SCALAR, [0x28 ... 0x29] = W_VECTOR,
	[0x2b] = W_VECTOR,			/* movntps */
	[0x40 ... 0x4f] = W_OPERAND,		/* cmov */
	[0x6e] = W_OPERAND, [0x6f] = W_SIMD,
	[0x7e] = W_MOVQ, [0x7f] = W_SIMD,
	[0xa3] = W_OPERAND, [0xab] = W_OPERAND,
	[0xb0 ... 0xb1] = W_BYTE_BIT0,		/* cmpxchg */
	[0xb3] = W_OPERAND,
	[0xb6] = W_1, [0xb7] = W_2,		/* movzx */
	[0xba ... 0xbb] = W_OPERAND,
	[0xbe] = W_1, [0xbf] = W_2,		/* movsx */
	[0xc0 ... 0xc1] = W_BYTE_BIT0,		/* xadd */
	[0xc3] = W_OPERAND,			/* movnti */
	[0xd6] = W_8,				/* movq */
	[0xe7] = W_SIMD,			/* movntdq */
};

/* VEX.L is bit 2 of the last VEX byte, EVEX.L'L are bits 5 and 6 of its last */
static unsigned int vector_width(struct insn *insn)
{
	const struct insn_field *vex = &insn->vex_prefix;

	if (!vex->nbytes)
		return 16;
	if (insn_is_evex(insn))
		return 16u << ((vex->bytes[3] >> 5) & 3);
	return vex->bytes[vex->nbytes - 1] & BIT(2) ? 32 : 16;
}

/* The mandatory prefix: 0x66, 0xf3, 0xf2 or 0; VEX and EVEX encode it. */
static u8 simd_prefix(struct insn *insn)
{
	static const u8 encoded[] = { 0, 0x66, 0xf3, 0xf2 };
	u8 found = 0;
	int i;

	if (insn_is_avx(insn))
		return encoded[insn_vex_p_bits(insn)];
	for (i = 0; i < insn->prefixes.nbytes && i < 4; i++) {
		u8 prefix = insn->prefixes.bytes[i];

		if (prefix == 0xf2 || prefix == 0xf3 || (prefix == 0x66 && !found))
			found = prefix;
	}
	return found;
}

static unsigned int scalar_width(struct insn *insn)
{
	switch (simd_prefix(insn)) {
	case 0xf3:
		return 4;
	case 0xf2:
		return 8;
	default:
		return vector_width(insn);
	}
}

/* inc and dec take the operand size; call, jmp and push through memory 8 */
static unsigned int group5_width(struct insn *insn)
{
	return X86_MODRM_REG(insn->modrm.value) < 2 ? insn->opnd_bytes : 8;
}

static unsigned int cmpxchg_b_width(struct insn *insn)
{
	return X86_REX_W(insn->rex_prefix.bytes[0]) ? 16 : 8;
}

static unsigned int rule_width(struct insn *insn, unsigned int rule, u8 op)
{
	switch (rule) {
	case W_OPERAND:
		return insn->opnd_bytes;
	case W_BYTE_BIT0:
		return op & 1 ? insn->opnd_bytes : 1;
	case W_1:
	case W_2:
	case W_4:
	case W_8:
		return 1u << (rule - W_1);
	case W_VECTOR:
		return vector_width(insn);
	case W_SIMD:
		return simd_prefix(insn) || insn_is_avx(insn) ? vector_width(insn) : 8;
	case W_SCALAR:
		return scalar_width(insn);
	case W_MOVQ:
		return simd_prefix(insn) == 0xf3 ? 8 : insn->opnd_bytes;
	case W_GROUP5:
		return group5_width(insn);
	default:
		return 0;
	}
}

static unsigned int two_byte_width(struct insn *insn, u8 op)
{
	return rule_width(insn, two_byte[op], op);
}

/* VEX and EVEX map 1 is that of the 0x0f opcodes; others are not looked up. */
static unsigned int insn_width(struct insn *insn)
{
	u8 op = insn->opcode.bytes[0];

	if (insn_is_avx(insn))
		return insn_vex_m_bits(insn) == 1 ? two_byte_width(insn, op) : 0;
	if (op != 0x0f)
		return rule_width(insn, one_byte[op], op);
	op = insn->opcode.bytes[1];
	return op == 0xc7 ? cmpxchg_b_width(insn) : two_byte_width(insn, op);
}

static bool insn_repeats(struct insn *insn)
{
	u8 op = insn->opcode.bytes[0];
	int i;

	if (!((op >= 0xa4 && op <= 0xa7) || (op >= 0xaa && op <= 0xaf)))
		return false;
	for (i = 0; i < insn->prefixes.nbytes; i++)
		if (insn->prefixes.bytes[i] == 0xf3 || insn->prefixes.bytes[i] == 0xf2)
			return true;
	return false;
}

/**
 * pks_insn_decode - what a memory access looks like
 * @bytes: the instruction, and what follows it
 * @len: of @bytes
 * @out: filled; all zero if the bytes are no instruction
 *
 * Context: Any, NMI included; pure.
 */
void pks_insn_decode(const u8 *bytes, unsigned int len, struct pks_insn *out)
{
	struct insn insn;

	*out = (struct pks_insn){};
	if (insn_decode(&insn, bytes, len, INSN_MODE_64) < 0)
		return;
	out->len = insn.length;
	out->width = insn_width(&insn);
	out->rep = insn_repeats(&insn);
}
