// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests of the instruction decoder. The bytes are what the assembler
 * made of the text beside them, taken at build time, not typed in.
 */
#include <kunit/test.h>
#include <linux/pksdiag_kernel.h>
#include "../../arch/x86/mm/pks_insn.h"
#include "pks_insn_test.h"

#define PAD	16	/* the decoder is given MAX_INSN_SIZE bytes */

INSN(mov8,	"movb %al, (%rdi)");
INSN(mov16,	"movw %ax, (%rdi)");
INSN(mov32,	"movl %eax, (%rdi)");
INSN(mov64,	"movq %rax, (%rdi)");
INSN(load64,	"movq (%rdi), %rax");
INSN(imm64,	"movq $1, 8(%rdi)");
INSN(imm8,	"movb $1, 8(%rdi)");
INSN(movzx8,	"movzbl (%rdi), %eax");
INSN(movzx16,	"movzwl (%rdi), %eax");
INSN(movsx32,	"movslq (%rdi), %rax");
INSN(stosb,	"rep stosb");
INSN(stosq,	"rep stosq");
INSN(movsb,	"rep movsb");
INSN(movsq,	"movsq");
INSN(xadd64,	"lock xaddq %rax, (%rdi)");
INSN(inc32,	"lock incl (%rdi)");
INSN(cmpxchg64,	"lock cmpxchgq %rcx, (%rdi)");
INSN(cmpxchg8b,	"lock cmpxchg8b (%rdi)");
INSN(cmpxchg16b, "lock cmpxchg16b (%rdi)");
INSN(xchg8,	"xchgb %al, (%rdi)");
INSN(bts64,	"lock btsq %rax, (%rdi)");
INSN(movnti64,	"movnti %rax, (%rdi)");
INSN(movntdq,	"movntdq %xmm0, (%rdi)");
INSN(movss,	"movss %xmm0, (%rdi)");
INSN(movsd,	"movsd %xmm0, (%rdi)");
INSN(movaps,	"movaps %xmm0, (%rdi)");
INSN(vmovdqu,	"vmovdqu %ymm0, (%rdi)");
INSN(vmovdqu128, "vmovdqu %xmm0, (%rdi)");
INSN(vmovdqu512, "vmovdqu64 %zmm0, (%rdi)");
INSN(cmp64,	"cmpq %rax, (%rdi)");
INSN(vmovss,	"vmovss %xmm0, (%rdi)");
INSN(vmovsd,	"vmovsd %xmm0, (%rdi)");
INSN(mmx,	"movq %mm0, (%rdi)");
INSN(movq,	"movq (%rdi), %xmm0");
INSN(callmem,	"call *(%rdi)");
INSN(incb,	"incb (%rdi)");
INSN(add8,	"addb $1, (%rdi)");
INSN(extended,	"movq %r9, (%r12,%r13,8)");

struct insn_case {
	const char *text;
	const u8 *bytes, *end;
	u8 width;
	bool rep;
};

#define CASE(name, width, rep) \
	{ #name, insn_##name, insn_##name##_end, width, rep }

static const struct insn_case cases[] = {
	CASE(mov8, 1, false),		CASE(mov16, 2, false),
	CASE(mov32, 4, false),		CASE(mov64, 8, false),
	CASE(load64, 8, false),		CASE(imm64, 8, false),
	CASE(imm8, 1, false),		CASE(movzx8, 1, false),
	CASE(movzx16, 2, false),	CASE(movsx32, 4, false),
	CASE(stosb, 1, true),		CASE(stosq, 8, true),
	CASE(movsb, 1, true),		CASE(movsq, 8, false),
	CASE(xadd64, 8, false),		CASE(inc32, 4, false),
	CASE(cmpxchg64, 8, false),	CASE(cmpxchg8b, 8, false),
	CASE(cmpxchg16b, 16, false),	CASE(xchg8, 1, false),
	CASE(bts64, 8, false),		CASE(movnti64, 8, false),
	CASE(movntdq, 16, false),	CASE(movss, 4, false),
	CASE(movsd, 8, false),		CASE(movaps, 16, false),
	CASE(vmovdqu, 32, false),	CASE(vmovdqu128, 16, false),
	CASE(vmovdqu512, 64, false),	CASE(cmp64, 8, false),
	CASE(vmovss, 4, false),		CASE(vmovsd, 8, false),
	CASE(mmx, 8, false),		CASE(movq, 8, false),
	CASE(callmem, 8, false),	CASE(incb, 1, false),
	CASE(add8, 1, false),		CASE(extended, 8, false),
};

static void test_width(struct kunit *test)
{
	struct pks_insn insn;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct insn_case *c = &cases[i];

		pks_insn_decode(c->bytes, PAD - 1, &insn);
		KUNIT_EXPECT_EQ_MSG(test, insn.len, c->end - c->bytes, "%s", c->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.width, c->width, "%s", c->text);
		KUNIT_EXPECT_EQ_MSG(test, insn.rep, c->rep, "%s", c->text);
	}
}

/* Cut short, an instruction is not decoded, and nothing is read behind it. */
static void test_cut(struct kunit *test)
{
	struct pks_insn insn;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct insn_case *c = &cases[i];
		unsigned int len = c->end - c->bytes;

		while (--len) {
			pks_insn_decode(c->bytes, len, &insn);
			KUNIT_EXPECT_EQ_MSG(test, insn.width, 0, "%s at %u", c->text, len);
		}
	}
}

static struct kunit_case pks_insn_cases[] = {
	KUNIT_CASE(test_width),
	KUNIT_CASE(test_cut),
	{}
};

static struct kunit_suite pks_insn_suite = {
	.name = "pks_insn",
	.test_cases = pks_insn_cases,
};

kunit_test_suite(pks_insn_suite);
