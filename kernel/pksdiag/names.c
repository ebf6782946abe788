// SPDX-License-Identifier: GPL-2.0
/*
 * The names of everything that a PKS fault record enumerates: stable words,
 * the same in the kernel log, in JSON and in every reader.
 */
#include "shared.h"

static const char *name_of(const char * const *table, unsigned int count,
			   unsigned int index)
{
	return index < count ? table[index] : "?";
}

static const char * const contexts[PKSDIAG_NR_CTX] = {
	[PKSDIAG_CTX_TASK]		= "task",
	[PKSDIAG_CTX_SOFTIRQ]		= "softirq",
	[PKSDIAG_CTX_HARDIRQ]		= "hardirq",
	[PKSDIAG_CTX_NMI]		= "NMI",
};

static const char * const accesses[PKSDIAG_NR_ACCESS] = {
	[PKSDIAG_ACCESS_READ]		= "read",
	[PKSDIAG_ACCESS_WRITE]		= "write",
};

static const char * const verdicts[PKSDIAG_NR_V] = {
	[PKSDIAG_V_NEVER_MAPPED]	= "never-mapped",
	[PKSDIAG_V_MISSING_MAP]		= "missing-map",
	[PKSDIAG_V_OVERRUN]		= "overrun",
	[PKSDIAG_V_STRAY]		= "stray",
	[PKSDIAG_V_AFTER_UNMAP]		= "after-unmap",
	[PKSDIAG_V_OTHER_THREAD]	= "other-thread",
	[PKSDIAG_V_OTHER_CONTEXT]	= "other-context",
	[PKSDIAG_V_READ_ONLY]		= "read-only",
	[PKSDIAG_V_GLOBAL_LAG]		= "global-lag",
	[PKSDIAG_V_WRONG_KEY]		= "wrong-key",
	[PKSDIAG_V_PKRS_MISMATCH]	= "pkrs-mismatch",
};

static const char * const resolutions[PKSDIAG_NR_RES] = {
	[PKSDIAG_RES_OOPS]		= "oops",
	[PKSDIAG_RES_FIXUP]		= "fixup",
	[PKSDIAG_RES_GLOBAL]		= "global",
	[PKSDIAG_RES_RELAXED]		= "relaxed",
	[PKSDIAG_RES_TEST]		= "test",
};

static const char * const mappings[PKSDIAG_NR_MAP] = {
	[PKSDIAG_MAP_NONE]		= "none",
	[PKSDIAG_MAP_KMAP]		= "kmap",
	[PKSDIAG_MAP_KMAP_THREAD]	= "kmap_thread",
	[PKSDIAG_MAP_KMAP_LOCAL]	= "kmap_local",
	[PKSDIAG_MAP_KMAP_ATOMIC]	= "kmap_atomic",
	[PKSDIAG_MAP_DAX]		= "dax",
	[PKSDIAG_MAP_PMEM]		= "pmem",
	[PKSDIAG_MAP_PKS]		= "pks",
};

static const char * const levels[PKSDIAG_NR_LEVEL] = {
	[PKSDIAG_LEVEL_NONE]		= "none",
	[PKSDIAG_LEVEL_4K]		= "4K",
	[PKSDIAG_LEVEL_2M]		= "2M",
	[PKSDIAG_LEVEL_1G]		= "1G",
};

static const char * const counters[PKSDIAG_NR_COUNTERS] = {
	[PKSDIAG_C_FAULTS]		= "faults",
	[PKSDIAG_C_RECORDED]		= "recorded",
	[PKSDIAG_C_SIGNATURES]		= "signatures",
	[PKSDIAG_C_REPEATS]		= "repeats",
	[PKSDIAG_C_UNTRACKED]		= "untracked",
	[PKSDIAG_C_DROP_RECURSION]	= "dropped_recursion",
	[PKSDIAG_C_DROP_BUSY]		= "dropped_busy",
	[PKSDIAG_C_REPORTS]		= "reports",
	[PKSDIAG_C_SUPPRESSED]		= "reports_suppressed",
	[PKSDIAG_C_GLOBAL_LAG]		= "global_lag",
};

static const char * const regs[PKSDIAG_NR_REGS] = {
	[PKSDIAG_REG_AX]	= "rax",	[PKSDIAG_REG_BX]	= "rbx",
	[PKSDIAG_REG_CX]	= "rcx",	[PKSDIAG_REG_DX]	= "rdx",
	[PKSDIAG_REG_SI]	= "rsi",	[PKSDIAG_REG_DI]	= "rdi",
	[PKSDIAG_REG_BP]	= "rbp",	[PKSDIAG_REG_SP]	= "rsp",
	[PKSDIAG_REG_R8]	= "r8",		[PKSDIAG_REG_R9]	= "r9",
	[PKSDIAG_REG_R10]	= "r10",	[PKSDIAG_REG_R11]	= "r11",
	[PKSDIAG_REG_R12]	= "r12",	[PKSDIAG_REG_R13]	= "r13",
	[PKSDIAG_REG_R14]	= "r14",	[PKSDIAG_REG_R15]	= "r15",
	[PKSDIAG_REG_FLAGS]	= "rflags",	[PKSDIAG_REG_ORIG_AX]	= "orig_rax",
};

/**
 * pksdiag_context_name - name of an enum pksdiag_context
 * @context: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_context_name(unsigned int context)
{
	return name_of(contexts, PKSDIAG_NR_CTX, context);
}

/**
 * pksdiag_access_name - name of an enum pksdiag_access
 * @access: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_access_name(unsigned int access)
{
	return name_of(accesses, PKSDIAG_NR_ACCESS, access);
}

/**
 * pksdiag_verdict_name - name of an enum pksdiag_verdict
 * @verdict: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_verdict_name(unsigned int verdict)
{
	return name_of(verdicts, PKSDIAG_NR_V, verdict);
}

/**
 * pksdiag_resolution_name - name of an enum pksdiag_resolution
 * @resolution: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_resolution_name(unsigned int resolution)
{
	return name_of(resolutions, PKSDIAG_NR_RES, resolution);
}

/**
 * pksdiag_mapping_name - name of an enum pksdiag_mapping
 * @mapping: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_mapping_name(unsigned int mapping)
{
	return name_of(mappings, PKSDIAG_NR_MAP, mapping);
}

/**
 * pksdiag_level_name - name of an enum pksdiag_level
 * @level: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_level_name(unsigned int level)
{
	return name_of(levels, PKSDIAG_NR_LEVEL, level);
}

/**
 * pksdiag_counter_name - name of an enum pksdiag_counter
 * @counter: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_counter_name(unsigned int counter)
{
	return name_of(counters, PKSDIAG_NR_COUNTERS, counter);
}

/**
 * pksdiag_reg_name - name of an enum pksdiag_reg
 * @reg: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_reg_name(unsigned int reg)
{
	return name_of(regs, PKSDIAG_NR_REGS, reg);
}
