// SPDX-License-Identifier: GPL-2.0
/*
 * The names of everything that a PKS fault record enumerates: stable words,
 * the same in the kernel log, in JSON and in every reader.
 */
#include "shared.h"

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

static const char * const confidences[PKSDIAG_NR_CONF] = {
	[PKSDIAG_CONF_UNKNOWN]		= "unknown",
	[PKSDIAG_CONF_LIKELY]		= "likely",
	[PKSDIAG_CONF_CERTAIN]		= "certain",
};

static const char * const because[PKSDIAG_NR_B] = {
	[PKSDIAG_B_NO_ENTRY]		= "entry-unknown",
	[PKSDIAG_B_NO_PKRS]		= "pkrs-unknown",
	[PKSDIAG_B_KEY_FREE]		= "key-not-allocated",
	[PKSDIAG_B_KEY_FOREIGN]		= "key-not-of-device",
	[PKSDIAG_B_THREAD_ALLOWS]	= "access-was-asked-for",
	[PKSDIAG_B_MSR_ALLOWS]		= "register-allows",
	[PKSDIAG_B_GLOBAL_ALLOWS]	= "global-allows",
	[PKSDIAG_B_READ_GRANT]		= "read-grant",
	[PKSDIAG_B_MAPPED_NOW]		= "mapped-now",
	[PKSDIAG_B_OWNER_SELF]		= "owner-is-self",
	[PKSDIAG_B_OWNER_BELOW]		= "owner-was-interrupted",
	[PKSDIAG_B_OWNER_OTHER]		= "owner-is-other-task",
	[PKSDIAG_B_UNMAPPED]		= "unmapped-before",
	[PKSDIAG_B_SAME_TASK]		= "same-task",
	[PKSDIAG_B_SAME_CODE]		= "same-code",
	[PKSDIAG_B_RECENT]		= "recent",
	[PKSDIAG_B_WRONG_UNMAP]		= "unmatched-unmap",
	[PKSDIAG_B_NO_LEDGER]		= "no-ledger",
	[PKSDIAG_B_NO_MAPPING]		= "no-mapping-known",
	[PKSDIAG_B_FORGOT]		= "ledger-forgot",
	[PKSDIAG_B_NEIGHBOUR]		= "neighbour-mapped",
	[PKSDIAG_B_NEIGHBOUR_OPEN]	= "neighbour-accessible",
	[PKSDIAG_B_EDGE]		= "at-edge",
	[PKSDIAG_B_RUNNING]		= "runs-over-edge",
	[PKSDIAG_B_PAGE_NEAR]		= "page-known-near",
	[PKSDIAG_B_PAGE_FAR]		= "page-known-far",
	[PKSDIAG_B_FILE]		= "file-known",
	[PKSDIAG_B_FRAME]		= "frame-known",
	[PKSDIAG_B_HANDED_OUT]		= "address-handed-out",
	[PKSDIAG_B_HANDED_HERE]		= "handed-to-this-code",
	[PKSDIAG_B_HANDED_HELD]		= "handed-address-held",
	[PKSDIAG_B_SEARCHED]		= "stack-searched",
	[PKSDIAG_B_NO_TRACE]		= "page-not-known",
	[PKSDIAG_B_NO_DEVICE]		= "no-device",
	[PKSDIAG_B_GUARD]		= "recorder-memory",
	[PKSDIAG_B_PLACE]		= "file-place-known",
	[PKSDIAG_B_FOLIO]		= "folio-known",
};

static const char * const clues[PKSDIAG_NR_CLUE] = {
	[PKSDIAG_CLUE_NONE]		= "none",
	[PKSDIAG_CLUE_PAGE]		= "page",
	[PKSDIAG_CLUE_FOLIO]		= "folio",
	[PKSDIAG_CLUE_INODE]		= "inode",
	[PKSDIAG_CLUE_MAPPING]		= "mapping",
	[PKSDIAG_CLUE_PFN]		= "pfn",
	[PKSDIAG_CLUE_PHYS]		= "phys",
	[PKSDIAG_CLUE_HANDED]		= "handed",
	[PKSDIAG_CLUE_INDEX]		= "index",
};

static const char * const places[PKSDIAG_NR_AT] = {
	[PKSDIAG_AT_REG]		= "register",
	[PKSDIAG_AT_STACK]		= "stack",
	[PKSDIAG_AT_REG_OBJECT]		= "object-of-register",
	[PKSDIAG_AT_STACK_OBJECT]	= "object-of-stack",
};

static const char * const kinds[PKSDIAG_NR_OWN] = {
	[PKSDIAG_OWN_PAGE]		= "page",
	[PKSDIAG_OWN_SECTION]		= "section",
	[PKSDIAG_OWN_HANDOUT]		= "handout",
	[PKSDIAG_OWN_LOST]		= "unmatched-unmap",
};

static const char * const ledger_counters[PKSDIAG_NR_LEDGER_COUNTERS] = {
	[PKSDIAG_L_FORGOTTEN]		= "forgotten",
	[PKSDIAG_L_DROPPED]		= "dropped",
	[PKSDIAG_L_UNMATCHED]		= "unmatched",
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
	[PKSDIAG_C_VIOLATIONS]		= "site_violations",
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
	return pksdiag_name_of(contexts, PKSDIAG_NR_CTX, context);
}

/**
 * pksdiag_access_name - name of an enum pksdiag_access
 * @access: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_access_name(unsigned int access)
{
	return pksdiag_name_of(accesses, PKSDIAG_NR_ACCESS, access);
}

/**
 * pksdiag_verdict_name - name of an enum pksdiag_verdict
 * @verdict: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_verdict_name(unsigned int verdict)
{
	return pksdiag_name_of(verdicts, PKSDIAG_NR_V, verdict);
}

/**
 * pksdiag_resolution_name - name of an enum pksdiag_resolution
 * @resolution: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_resolution_name(unsigned int resolution)
{
	return pksdiag_name_of(resolutions, PKSDIAG_NR_RES, resolution);
}

/**
 * pksdiag_mapping_name - name of an enum pksdiag_mapping
 * @mapping: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_mapping_name(unsigned int mapping)
{
	return pksdiag_name_of(mappings, PKSDIAG_NR_MAP, mapping);
}

/**
 * pksdiag_level_name - name of an enum pksdiag_level
 * @level: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_level_name(unsigned int level)
{
	return pksdiag_name_of(levels, PKSDIAG_NR_LEVEL, level);
}

/**
 * pksdiag_counter_name - name of an enum pksdiag_counter
 * @counter: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_counter_name(unsigned int counter)
{
	return pksdiag_name_of(counters, PKSDIAG_NR_COUNTERS, counter);
}

/**
 * pksdiag_reg_name - name of an enum pksdiag_reg
 * @reg: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_reg_name(unsigned int reg)
{
	return pksdiag_name_of(regs, PKSDIAG_NR_REGS, reg);
}

/**
 * pksdiag_confidence_name - name of an enum pksdiag_confidence
 * @confidence: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_confidence_name(unsigned int confidence)
{
	return pksdiag_name_of(confidences, PKSDIAG_NR_CONF, confidence);
}

/**
 * pksdiag_because_name - name of an enum pksdiag_because
 * @fact: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_because_name(unsigned int fact)
{
	return pksdiag_name_of(because, PKSDIAG_NR_B, fact);
}

/**
 * pksdiag_clue_name - name of an enum pksdiag_clue
 * @clue: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_clue_name(unsigned int clue)
{
	return pksdiag_name_of(clues, PKSDIAG_NR_CLUE, clue);
}

/**
 * pksdiag_place_name - name of an enum pksdiag_place
 * @place: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_place_name(unsigned int place)
{
	return pksdiag_name_of(places, PKSDIAG_NR_AT, place);
}

/**
 * pksdiag_kind_name - name of an enum pksdiag_owner_kind
 * @kind: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_kind_name(unsigned int kind)
{
	return pksdiag_name_of(kinds, PKSDIAG_NR_OWN, kind);
}

/**
 * pksdiag_ledger_counter_name - name of an enum pksdiag_ledger_counter
 * @counter: the value
 *
 * Return: the name, "?" for a value that this code does not know.
 */
const char *pksdiag_ledger_counter_name(unsigned int counter)
{
	return pksdiag_name_of(ledger_counters, PKSDIAG_NR_LEDGER_COUNTERS, counter);
}
