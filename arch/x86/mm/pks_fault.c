// SPDX-License-Identifier: GPL-2.0
/*
 * A PKS fault: find the key, ask its owner, have it recorded.
 *
 * Nothing here locks, allocates, prints or sleeps; everything that may be
 * gone or wild is read by copy_from_kernel_nofault().
 */
#include <linux/devmap_fault_mode.h>
#include <linux/devmap_protection.h>
#include <linux/extable.h>
#include <linux/kprobes.h>
#include <linux/pks.h>
#include <linux/pksdiag_kernel.h>
#include <linux/uaccess.h>
#include <asm/insn.h>
#include <asm/pks.h>
#include <asm/pks_entry.h>
#include <asm/ptrace.h>
#include <asm/special_insns.h>
#include <asm/trap_pf.h>
#include "pks_insn.h"
#include "pks_internal.h"

static_assert(sizeof_field(struct pksdiag_record, key_name) == PKS_NAME_LEN);

/**
 * struct pks_leaf - the page-table entry that maps an address
 * @pte: the entry, whatever its level
 * @level: enum pksdiag_level
 */
struct pks_leaf {
	u64 pte;
	u8 level;
};

/* Shifts of the levels that a walk goes down through (SDM vol. 3A, 4.5) */
static const u8 level_shift[] = { 48, 39, 30, 21, 12 };

static u8 leaf_level(unsigned int shift)
{
	switch (shift) {
	case 12: return PKSDIAG_LEVEL_4K;
	case 21: return PKSDIAG_LEVEL_2M;
	case 30: return PKSDIAG_LEVEL_1G;
	default: return PKSDIAG_LEVEL_NONE;
	}
}

static bool read_entry(u64 table, unsigned int index, u64 *entry)
{
	return pksdiag_peek_ram(*entry, (u64 *)__va(table) + index);
}

/*
 * The tables are not locked, and hot-unplug may free one meanwhile: what
 * this finds is bounded and harmless, and then says "none".
 */
static struct pks_leaf walk(unsigned long address)
{
	unsigned int i = pgtable_l5_enabled() ? 0 : 1;
	u64 table = read_cr3_pa(), entry;

	for (; i < ARRAY_SIZE(level_shift); i++) {
		unsigned int shift = level_shift[i];
		unsigned int index = (address >> shift) & (PTRS_PER_PTE - 1);

		if (!read_entry(table, index, &entry) || !(entry & _PAGE_PRESENT))
			break;
		if (shift == PAGE_SHIFT || (shift <= PUD_SHIFT && entry & _PAGE_PSE))
			return (struct pks_leaf){ entry, leaf_level(shift) };
		table = entry & PTE_PFN_MASK;
	}
	return (struct pks_leaf){};
}

static int leaf_pkey(struct pks_leaf leaf)
{
	return (leaf.pte >> _PAGE_BIT_PKEY_BIT0) & (PKS_NR_KEYS - 1);
}

/* Address bits that the leaf's level leaves to the offset */
static u64 leaf_pfn(struct pks_leaf leaf, unsigned long address)
{
	u64 size = 1ULL << (12 + 9 * (leaf.level - PKSDIAG_LEVEL_4K));
	u64 base = leaf.pte & PTE_PFN_MASK & ~(size - 1);

	return (base + (address & (size - 1))) >> PAGE_SHIFT;
}

static bool allows(u32 pkrs, int pkey, bool write)
{
	return !(pkrs_get_key(pkrs, pkey) & (write ? PKS_KEY_MASK : PKS_AD));
}

static void record_leaf(struct pksdiag_record *r, struct pks_leaf leaf)
{
	if (leaf.level == PKSDIAG_LEVEL_NONE)
		return;
	r->flags |= PKSDIAG_F_PFN;
	r->level = leaf.level;
	r->pte = leaf.pte;
	r->pkey = leaf_pkey(leaf);
	r->pfn = leaf_pfn(leaf, r->address);
	if (r->pkey == PKS_GUARD_PKEY)
		r->flags |= PKSDIAG_F_GUARD;
	if (pks_key_name(r->pkey, r->key_name))
		r->flags |= PKSDIAG_F_KEY;
}

/* An access this near to the end of a page may have come from the next one. */
#define EDGE	64

/* Could the interrupted context have accessed that address? */
static bool accessible(const struct pksdiag_record *r, unsigned long address)
{
	struct pks_leaf leaf = walk(address);

	return leaf.level != PKSDIAG_LEVEL_NONE &&
	       allows(r->pkrs, leaf_pkey(leaf), true);
}

static void record_neighbours(struct pksdiag_record *r)
{
	unsigned long offset = offset_in_page(r->address);

	if (offset < EDGE && accessible(r, r->address - offset - 1))
		r->flags |= PKSDIAG_F_BEFORE_OPEN;
	if (offset >= PAGE_SIZE - EDGE && accessible(r, PAGE_ALIGN(r->address)))
		r->flags |= PKSDIAG_F_AFTER_OPEN;
}

static void record_pkrs(struct pksdiag_record *r, struct pt_regs *regs)
{
	const struct pt_regs_aux *aux = pt_regs_aux(regs);

	if (!aux)
		return;
	r->flags |= PKSDIAG_F_PKRS;
	r->pkrs = aux->pkrs;
	r->pkrs_thread = aux->pks.pkrs;
}

/* The text may end within the 15 bytes that an instruction can have. */
static size_t read_insn(u8 *bytes, unsigned long ip)
{
	size_t len = MAX_INSN_SIZE;

	if (!copy_from_kernel_nofault(bytes, (void *)ip, len))
		return len;
	len = min_t(size_t, len, PAGE_SIZE - offset_in_page(ip));
	return copy_from_kernel_nofault(bytes, (void *)ip, len) ? 0 : len;
}

static void record_insn(struct pksdiag_record *r, struct pt_regs *regs)
{
	size_t len = read_insn(r->insn, regs->ip);
	struct pks_insn insn;

	if (!len)
		return;
	pks_insn_decode(r->insn, len, &insn);
	r->flags |= PKSDIAG_F_INSN;
	r->insn_len = insn.len;
	r->width = insn.width;
	if (insn.width)
		r->flags |= PKSDIAG_F_WIDTH;
	if (insn.rep)
		r->flags |= PKSDIAG_F_REP;
}

static void record_regs(struct pksdiag_record *r, struct pt_regs *regs)
{
	const u64 in_order[PKSDIAG_NR_REGS] = {
		[PKSDIAG_REG_AX] = regs->ax,	[PKSDIAG_REG_BX] = regs->bx,
		[PKSDIAG_REG_CX] = regs->cx,	[PKSDIAG_REG_DX] = regs->dx,
		[PKSDIAG_REG_SI] = regs->si,	[PKSDIAG_REG_DI] = regs->di,
		[PKSDIAG_REG_BP] = regs->bp,	[PKSDIAG_REG_SP] = regs->sp,
		[PKSDIAG_REG_R8] = regs->r8,	[PKSDIAG_REG_R9] = regs->r9,
		[PKSDIAG_REG_R10] = regs->r10,	[PKSDIAG_REG_R11] = regs->r11,
		[PKSDIAG_REG_R12] = regs->r12,	[PKSDIAG_REG_R13] = regs->r13,
		[PKSDIAG_REG_R14] = regs->r14,	[PKSDIAG_REG_R15] = regs->r15,
		[PKSDIAG_REG_FLAGS] = regs->flags,
		[PKSDIAG_REG_ORIG_AX] = regs->orig_ax,
	};

	memcpy(r->regs, in_order, sizeof(r->regs));
}

/**
 * arch_pksdiag_fill - the facts that only the architecture knows
 * @r: address, ip and error_code are set; the rest is zero
 * @fault: the fault
 *
 * Context: Fault handler, NMI included; interrupts off.
 */
void arch_pksdiag_fill(struct pksdiag_record *r, const struct pksdiag_fault *fault)
{
	r->access = r->error_code & X86_PF_WRITE ? PKSDIAG_ACCESS_WRITE :
						   PKSDIAG_ACCESS_READ;
	record_leaf(r, (struct pks_leaf){ fault->pte, fault->level });
	record_pkrs(r, fault->regs);
	record_neighbours(r);
	record_insn(r, fault->regs);
	record_regs(r, fault->regs);
}

/*
 * A key was opened for everybody after this CPU wrote its MSR. It can not come
 * twice for one access: the exception's exit applies the global word, so the
 * next time the MSR does allow it.
 */
static bool global_lag(struct pt_regs *regs, int pkey, bool write, u32 global)
{
	const struct pt_regs_aux *aux = pt_regs_aux(regs);

	return aux && !allows(aux->pkrs, pkey, write) &&
	       !allows(aux->pks.pkrs, pkey, write) &&
	       allows(aux->pks.pkrs & global, pkey, write);
}

/*
 * In the relaxed mode the first denied access ends a device's protection. Only
 * its own key is given up: with another one in the entry, opening that would
 * open something else.
 */
static bool relax(struct pks_leaf leaf, unsigned long address)
{
	struct devmap_place place;

	if (!devmap_relaxed() || leaf.level == PKSDIAG_LEVEL_NONE ||
	    !devmap_place(PFN_PHYS(leaf_pfn(leaf, address)), &place) ||
	    place.pkey != leaf_pkey(leaf))
		return false;
	pks_global_abandon(place.pkey);
	return true;
}

static unsigned int resolve(struct pt_regs *regs, struct pks_leaf leaf,
			    unsigned long address, bool write)
{
	if (pks_key_fault(leaf_pkey(leaf), regs, address, write))
		return PKSDIAG_RES_TEST;
	if (relax(leaf, address))
		return PKSDIAG_RES_RELAXED;
	if (search_exception_tables(regs->ip))
		return PKSDIAG_RES_FIXUP;
	return PKSDIAG_RES_OOPS;
}

/**
 * pks_handle_fault - a fault on a kernel address: is it ours?
 * @regs: the interrupted context
 * @error_code: of the fault
 * @address: what was accessed
 *
 * Context: Fault handler, before the exception tables are looked at;
 * interrupts off.
 * Return: true if the access may be tried again.
 */
bool pks_handle_fault(struct pt_regs *regs, unsigned long error_code,
		      unsigned long address)
{
	bool write = error_code & X86_PF_WRITE;
	struct pksdiag_record *r = NULL;
	unsigned int resolution;
	struct pks_leaf leaf;
	u32 global;
	bool lag;

	if (!pks_available() || !(error_code & X86_PF_PK) || user_mode(regs))
		return false;

	/* one look at the word, for the decision and for the record */
	global = pks_global();
	leaf = walk(address);
	lag = global_lag(regs, leaf_pkey(leaf), write, global);
	if (!lag || pksdiag_want_global())
		r = pksdiag_begin(&(struct pksdiag_fault){
			regs, error_code, address, leaf.pte, leaf.level, global
		});
	resolution = lag ? PKSDIAG_RES_GLOBAL : resolve(regs, leaf, address, write);
	pksdiag_commit(r, resolution);

	return resolution != PKSDIAG_RES_OOPS && resolution != PKSDIAG_RES_FIXUP;
}

NOKPROBE_SYMBOL(pks_handle_fault);
