// SPDX-License-Identifier: GPL-2.0
/*
 * Plain accesses by an address that the thread has no right to: each width, and
 * each kind of instruction that accesses memory in a way of its own.
 */
#define pr_fmt(fmt) "pks_provoke: " fmt

#include <linux/cpufeature.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/cmpxchg.h>
#include <asm/fpu/api.h>
#include "pks_provoke.h"

#define STRING_BYTES	64

/* === Widths =============================================================== */

static noinline void pks_provoke_byte_write(void *addr)
{
	WRITE_ONCE(*(u8 *)addr, 0x5a);
}

static noinline void pks_provoke_write_2(void *addr)
{
	WRITE_ONCE(*(u16 *)addr, 0x5a5a);
}

static noinline void pks_provoke_write_4(void *addr)
{
	WRITE_ONCE(*(u32 *)addr, 0x5a5a5a5a);
}

static noinline void pks_provoke_stray_write(void *addr)
{
	pks_provoke_write(addr);
}

/* With a fixup, since kernel_fpu_begin() must have its end. */
#define FPU_WRITE(insn, addr)						\
do {									\
	kernel_fpu_begin();						\
	asm volatile("1: " insn ", (%0)\n2:\n" _ASM_EXTABLE(1b, 2b)	\
		     : : "r" (addr) : "memory");			\
	kernel_fpu_end();						\
} while (0)

static noinline void pks_provoke_write_16(void *addr)
{
	FPU_WRITE("movdqu %%xmm0", addr);
}

static noinline void pks_provoke_write_32(void *addr)
{
	if (boot_cpu_has(X86_FEATURE_AVX))
		FPU_WRITE("vmovdqu %%ymm0", addr);
	else
		pr_info("write-32: no AVX\n");
}

/* The only 64 bytes in one instruction whose width is known; needs AVX-512. */
static noinline void pks_provoke_write_64(void *addr)
{
	if (boot_cpu_has(X86_FEATURE_AVX512F))
		FPU_WRITE("vmovdqu64 %%zmm0", addr);
	else
		pr_info("write-64: no AVX-512\n");
}

static noinline void pks_provoke_byte_read(void *addr)
{
	(void)READ_ONCE(*(u8 *)addr);
}

static noinline void pks_provoke_read_4(void *addr)
{
	(void)READ_ONCE(*(u32 *)addr);
}

static noinline void pks_provoke_stray_read(void *addr)
{
	(void)READ_ONCE(*(u64 *)addr);
}

/* === Past the caches, and strings ========================================= */

static noinline void pks_provoke_write_nt(void *addr)
{
	asm volatile("movnti %1, %0" : "=m" (*(u64 *)addr) : "r" (PKS_PROVOKE_PATTERN));
}

static noinline void pks_provoke_string_write(void *addr)
{
	unsigned long count = STRING_BYTES;

	asm volatile("rep stosb" : "+D" (addr), "+c" (count) : "a" (0x5a) : "memory");
}

static noinline void pks_provoke_string_write_8(void *addr)
{
	unsigned long count = STRING_BYTES / 8;

	asm volatile("rep stosq" : "+D" (addr), "+c" (count) : "a" (0x5a) : "memory");
}

static noinline void pks_provoke_string_read(void *addr)
{
	unsigned long count = STRING_BYTES;
	u8 to[STRING_BYTES];
	void *di = to;

	asm volatile("rep movsb" : "+S" (addr), "+D" (di), "+c" (count) : : "memory");
}

/* === Atomics ============================================================== */

static noinline void pks_provoke_xadd(void *addr)
{
	(void)xadd((u64 *)addr, 1);
}

static noinline void pks_provoke_cmpxchg(void *addr)
{
	(void)cmpxchg((u64 *)addr, 0, PKS_PROVOKE_PATTERN);
}

static noinline void pks_provoke_cmpxchg_16(void *addr)
{
	u64 low = 0, high = 0;

	asm volatile("lock; cmpxchg16b (%2)" : "+a" (low), "+d" (high)
		     : "r" (addr), "b" (0ull), "c" (0ull) : "memory");
}

static noinline void pks_provoke_xchg(void *addr)
{
	(void)xchg((u32 *)addr, 0x5a);
}

static noinline void pks_provoke_bts(void *addr)
{
	asm volatile("lock; btsq %1, %0" : "+m" (*(u64 *)addr) : "r" (5ul));
}

const struct pks_provocation pks_provoke_plain[] = {
	{ "byte-write",		pks_provoke_byte_write },
	{ "write-2",		pks_provoke_write_2 },
	{ "write-4",		pks_provoke_write_4 },
	{ "stray-write",	pks_provoke_stray_write },
	{ "write-16",		pks_provoke_write_16 },
	{ "write-32",		pks_provoke_write_32 },
	{ "write-64",		pks_provoke_write_64 },
	{ "byte-read",		pks_provoke_byte_read },
	{ "read-4",		pks_provoke_read_4 },
	{ "stray-read",		pks_provoke_stray_read },
	{ "write-nt",		pks_provoke_write_nt },
	{ "string-write",	pks_provoke_string_write },
	{ "string-write-8",	pks_provoke_string_write_8 },
	{ "string-read",	pks_provoke_string_read },
	{ "xadd",		pks_provoke_xadd },
	{ "cmpxchg",		pks_provoke_cmpxchg },
	{ "cmpxchg-16",		pks_provoke_cmpxchg_16 },
	{ "xchg",		pks_provoke_xchg },
	{ "bts",		pks_provoke_bts },
	{ "file-write",		pks_provoke_stray_write },
	{ "file-read",		pks_provoke_stray_read },
	{}
};
