// SPDX-License-Identifier: GPL-2.0
/*
 * From a PKS fault to a committed record.
 *
 * pksdiag_begin() captures the facts, pksdiag_commit() judges and stores them
 * and only then lets anybody know. Up to the commit nothing locks, allocates,
 * prints or sleeps, and everything is bounded.
 */
#include <linux/build_bug.h>
#include <linux/buildid.h>
#include <linux/cache.h>
#include <linux/crash_core.h>
#include <linux/devmap_ledger.h>
#include <linux/hardirq.h>
#include <linux/init.h>
#include <linux/kmap_sites.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pks.h>
#include <linux/pks_guard.h>
#include <linux/pksdiag_kernel.h>
#include <linux/panic.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>
#include <asm/sections.h>
#include "pksdiag.h"

#define CREATE_TRACE_POINTS
#include <trace/events/pks.h>

EXPORT_TRACEPOINT_SYMBOL_GPL(pks_fault);

static_assert(sizeof(struct pksdiag_record) == PKSDIAG_RECORD_SIZE);
static_assert(sizeof(struct pksdiag_slot) == PKSDIAG_SLOT_SIZE);
static_assert(sizeof(unsigned long) == sizeof(u64));

/* === Data ================================================================= */

/* Each alone in its pages, which only the recorder may write (pks_guard.h). */
static struct pksdiag_slot slots[PKSDIAG_NR_SLOTS] __page_aligned_bss;
static struct pksdiag_slot firsts[PKSDIAG_NR_FIRSTS] __page_aligned_bss;

struct pksdiag_ring pksdiag_ring __page_aligned_bss;

/*
 * Where a record is made. A fault handler runs with interrupts off, so on one
 * CPU only an NMI can come between: it has a scratch of its own. A fault that
 * finds its scratch busy is one inside the recorder, or an NMI-like exception
 * inside an NMI; it is dropped and counted.
 */
struct scratch {
	bool busy;
	struct pksdiag_clock when;
	struct pksdiag_record record;
};

static DEFINE_PER_CPU(struct scratch [2], scratches);

/* The parameters are pksdiag's, whatever the file is called. */
#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "pksdiag."

static bool record_global;
module_param(record_global, bool, 0600);
MODULE_PARM_DESC(record_global, "Record faults that a global grant resolves, too");

/* === Facts ================================================================ */

static struct scratch *scratch_of(struct pksdiag_record *r)
{
	return container_of(r, struct scratch, record);
}

static void fill_who(struct pksdiag_record *r)
{
	struct pksdiag_clock *when = &scratch_of(r)->when;

	*when = devmap_ledger_now();
	r->time_ns = when->ns;
	r->real_ns = ktime_get_real_fast_ns();
	r->cpu = smp_processor_id();
	r->pid = current->pid;
	r->tgid = current->tgid;
	r->task = (unsigned long)current;
	r->context = pksdiag_context();
	memcpy(r->comm, current->comm, sizeof(r->comm) - 1);
}

static void fill_kernel(struct pksdiag_record *r)
{
	r->stext = (unsigned long)_stext;
	memcpy(r->build_id, vmlinux_build_id, sizeof(r->build_id));
}

/* Its symbols are in no vmlinux. */
static void fill_module(struct pksdiag_record *r)
{
	struct module *mod;

	if (core_kernel_text(r->ip))
		return;
	preempt_disable_notrace();
	mod = __module_text_address(r->ip);
	if (mod) {
		r->flags |= PKSDIAG_F_MODULE;
		r->module_base = (unsigned long)mod->core_layout.base;
		r->module_size = mod->core_layout.text_size;
		strscpy(r->module, mod->name, sizeof(r->module));
	}
	preempt_enable_no_resched_notrace();
}

static struct pksdiag_record *get_scratch(void)
{
	struct scratch *s = &(*this_cpu_ptr(&scratches))[!!in_nmi()];

	if (s->busy)
		return NULL;
	s->busy = true;
	barrier();	/* busy before the first byte */
	return &s->record;
}

static void put_scratch(struct pksdiag_record *r)
{
	barrier();	/* all bytes before not busy */
	scratch_of(r)->busy = false;
}

static void count_dropped(void)
{
	unsigned long flags = pks_guard_begin();

	pksdiag_count(&pksdiag_ring, PKSDIAG_C_FAULTS);
	pksdiag_count(&pksdiag_ring, PKSDIAG_C_DROP_RECURSION);
	pks_guard_end(flags);
}

/**
 * pksdiag_begin - capture the facts of a PKS fault
 * @fault: what the fault handler knows
 *
 * Context: Fault handler, NMI included; interrupts off.
 * Return: the record, for pksdiag_commit(); NULL if it was dropped.
 */
struct pksdiag_record *pksdiag_begin(const struct pksdiag_fault *fault)
{
	struct pksdiag_record *r = get_scratch();
	struct pksdiag_frames frames;

	if (!r) {
		count_dropped();
		return NULL;
	}
	*r = (struct pksdiag_record){
		.magic = PKSDIAG_RECORD_MAGIC,
		.version = PKSDIAG_VERSION,
		.size = sizeof(*r),
		.address = fault->address,
		.ip = instruction_pointer(fault->regs),
		.error_code = fault->error_code,
		.pkrs_global = fault->pkrs_global,
	};
	fill_who(r);
	arch_pksdiag_fill(r, fault);
	pksdiag_fill_page(r);
	arch_pksdiag_stack(r, fault->regs, &frames);
	fill_module(r);
	devmap_ledger_fill(r, &scratch_of(r)->when);
	if (pksdiag_asks_clues(r))
		pksdiag_fill_clues(r, &frames);
	fill_kernel(r);
	return r;
}

/**
 * pksdiag_want_global - count a fault that a global grant resolves
 *
 * Such a fault is no defect: it is how global access reaches a CPU. It is
 * always counted, and recorded only if somebody asked for that.
 *
 * Context: Fault handler, NMI included.
 * Return: true if it is to be recorded: pksdiag_begin() and pksdiag_commit().
 */
bool pksdiag_want_global(void)
{
	pksdiag_count_alone(&pksdiag_ring, PKSDIAG_C_GLOBAL_LAG);
	return READ_ONCE(record_global);
}

/**
 * pksdiag_count_violation - a call site has violated a rule
 *
 * That is no fault, and makes no record: who reads the ring is told that there is
 * something else to read.
 *
 * Context: Any.
 */
void pksdiag_count_violation(void)
{
	pksdiag_count_alone(&pksdiag_ring, PKSDIAG_C_VIOLATIONS);
}

/* === Record =============================================================== */

static void count_signature(struct pksdiag_slot *first, u64 hits)
{
	if (first)
		pksdiag_count(&pksdiag_ring, PKSDIAG_C_SIGNATURES);
	else if (hits)
		pksdiag_count(&pksdiag_ring, PKSDIAG_C_REPEATS);
	else
		pksdiag_count(&pksdiag_ring, PKSDIAG_C_UNTRACKED);
}

static void judge(struct pksdiag_record *r)
{
	struct pksdiag_judgement j = pksdiag_judge(r);

	r->verdict = j.verdict;
	r->confidence = j.confidence;
	r->because = j.because;
}

static void store(struct pksdiag_record *r)
{
	struct pksdiag_slot *first;
	unsigned long flags;

	flags = pks_guard_begin();
	pksdiag_count(&pksdiag_ring, PKSDIAG_C_FAULTS);
	first = pksdiag_first_claim(&pksdiag_ring, pksdiag_signature(r), &r->hits);
	count_signature(first, r->hits);
	r->seq = pksdiag_ring_reserve(&pksdiag_ring);
	r->checksum = pksdiag_checksum(r);
	if (first)
		pksdiag_first_store(first, r);
	pksdiag_ring_store(&pksdiag_ring, r);
	devmap_ledger_tick(&scratch_of(r)->when);
	pks_guard_end(flags);
}

/* An oops follows, with a policy of its own, or the machine goes on. */
static void go_on(unsigned int resolution, bool reported)
{
	if (resolution == PKSDIAG_RES_OOPS)
		return;
	if (resolution == PKSDIAG_RES_RELAXED)
		add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
	if (reported)
		check_panic_on_warn("PKS");
}

/**
 * pksdiag_commit - judge and store a record, then report it
 * @r: from pksdiag_begin(), NULL is allowed
 * @resolution: enum pksdiag_resolution
 *
 * Context: As pksdiag_begin(), same exception.
 */
void pksdiag_commit(struct pksdiag_record *r, unsigned int resolution)
{
	bool reported;

	if (!r)
		return;
	r->resolution = resolution;
	judge(r);
	store(r);
	kmap_sites_fault(r);
	trace_pks_fault(r);
	reported = pksdiag_report(r);
	pksdiag_wake_readers();
	put_scratch(r);
	go_on(resolution, reported);
}

/* === Set-up =============================================================== */

/**
 * pksdiag_vmcoreinfo - tell crash dump readers where the ring is
 *
 * pksdiag_ring describes itself; the rest lets a reader check that it
 * understood, and find the slots without any debug info.
 */
void pksdiag_vmcoreinfo(void)
{
	VMCOREINFO_SYMBOL(pksdiag_ring);
	VMCOREINFO_STRUCT_SIZE(pksdiag_ring);
	VMCOREINFO_STRUCT_SIZE(pksdiag_slot);
	VMCOREINFO_OFFSET(pksdiag_ring, slots);
	VMCOREINFO_OFFSET(pksdiag_slot, record);
	vmcoreinfo_append_str("NUMBER(pksdiag_version)=%d\n", PKSDIAG_VERSION);
	devmap_ledger_vmcoreinfo();
	kmap_sites_vmcoreinfo();
}

/* Keeps the key names in the ring's header, where a dump shows them. */
static void note_key(int pkey, const char *name)
{
	unsigned long flags = pks_guard_begin();

	strscpy_pad(pksdiag_ring.key_name[pkey], name, PKSDIAG_NAME_LEN);
	pks_guard_end(flags);
}

/* Before any device can be protected, so before any fault can come. */
static int __init pksdiag_init(void)
{
	pksdiag_ring_init(&pksdiag_ring, slots, PKSDIAG_NR_SLOTS,
			  firsts, PKSDIAG_NR_FIRSTS);
	pksdiag_ring.flags = pks_available() ? PKSDIAG_RING_F_PKS : 0;
	pksdiag_ring.stext = (unsigned long)_stext;
	memcpy(pksdiag_ring.build_id, vmlinux_build_id,
	       sizeof(pksdiag_ring.build_id));
	strscpy(pksdiag_ring.release, init_utsname()->release,
		sizeof(pksdiag_ring.release));
	pks_observe_keys(note_key);
	pks_guard_protect(slots, PAGE_ALIGN(sizeof(slots)));
	pks_guard_protect(firsts, PAGE_ALIGN(sizeof(firsts)));
	pks_guard_protect(&pksdiag_ring, PAGE_ALIGN(sizeof(pksdiag_ring)));
	return 0;
}
early_initcall(pksdiag_init);
