// SPDX-License-Identifier: GPL-2.0
/*
 * Protection keys for supervisor pages: keys, the rights of a thread, and the
 * state of a CPU.
 */
#include <linux/cpufeature.h>
#include <linux/export.h>
#include <linux/pks.h>
#include <linux/pks_guard.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <asm/pks.h>
#include <asm/pks_entry.h>
#include <asm/ptrace.h>
#include <asm/tlbflush.h>
#include "pks_internal.h"

/* === Keys ================================================================ */

/* Changed under pks_keys_lock; read in the fault path without it. */
static struct {
	char name[PKS_NAME_LEN];
	pks_fault_fn fault;
	bool used;
} pks_keys[PKS_NR_KEYS] = {
	[PKS_GUARD_PKEY] = { .name = "pksdiag", .used = true },
};

static pks_key_observer_fn pks_key_observer;
static DEFINE_SPINLOCK(pks_keys_lock);

/* Under pks_keys_lock. */
static void set_name(int pkey, const char *name)
{
	strscpy_pad(pks_keys[pkey].name, name, PKS_NAME_LEN);
	if (pks_key_observer)
		pks_key_observer(pkey, pks_keys[pkey].name);
}

/**
 * pks_observe_keys - be told the names of keys from now on
 * @observer: told from now on
 *
 * There is one observer. Keys allocated before are not told again, but for the
 * guard's, which nobody allocates.
 *
 * Context: Process context.
 */
void pks_observe_keys(pks_key_observer_fn observer)
{
	spin_lock(&pks_keys_lock);
	pks_key_observer = observer;
	observer(PKS_GUARD_PKEY, pks_keys[PKS_GUARD_PKEY].name);
	spin_unlock(&pks_keys_lock);
}

/**
 * pks_available - is PKS compiled in, in the CPU, and on
 *
 * Context: Any.
 */
bool pks_available(void)
{
	return cpu_feature_enabled(X86_FEATURE_PKS);
}
EXPORT_SYMBOL_GPL(pks_available);

/**
 * pks_key_alloc - get a key
 * @name: who wants it; at most 15 characters are kept
 * @fault: asked when an access by this key is denied, or NULL
 *
 * Context: Process context.
 * Return: the key, 1 to 14; -EOPNOTSUPP without PKS, -ENOSPC if all are taken.
 */
int pks_key_alloc(const char *name, pks_fault_fn fault)
{
	int pkey;

	if (!pks_available())
		return -EOPNOTSUPP;

	spin_lock(&pks_keys_lock);
	for (pkey = 1; pkey < PKS_GUARD_PKEY; pkey++) {
		if (pks_keys[pkey].used)
			continue;
		set_name(pkey, name);
		pks_keys[pkey].fault = fault;
		WRITE_ONCE(pks_keys[pkey].used, true);
		break;
	}
	spin_unlock(&pks_keys_lock);
	return pkey < PKS_GUARD_PKEY ? pkey : -ENOSPC;
}
EXPORT_SYMBOL_GPL(pks_key_alloc);

/**
 * pks_key_free - give a key back
 * @pkey: from pks_key_alloc()
 *
 * The caller has removed the key from every page, and no thread has access.
 * Global grants that are left end here.
 *
 * Context: Process context.
 */
void pks_key_free(int pkey)
{
	if (!pkey_valid(pkey))
		return;
	pks_global_drop(pkey);
	spin_lock(&pks_keys_lock);
	WRITE_ONCE(pks_keys[pkey].used, false);
	WRITE_ONCE(pks_keys[pkey].fault, NULL);
	set_name(pkey, "");
	spin_unlock(&pks_keys_lock);
}
EXPORT_SYMBOL_GPL(pks_key_free);

/**
 * pks_key_rename - give a key another name
 * @pkey: from pks_key_alloc()
 * @name: at most 15 characters are kept
 *
 * Context: Process context.
 */
void pks_key_rename(int pkey, const char *name)
{
	if (!pkey_valid(pkey))
		return;
	spin_lock(&pks_keys_lock);
	set_name(pkey, name);
	spin_unlock(&pks_keys_lock);
}
EXPORT_SYMBOL_GPL(pks_key_rename);

/**
 * pks_key_name - who owns a key
 * @pkey: any number
 * @name: PKS_NAME_LEN bytes; filled and padded with NUL
 *
 * Context: Any, NMI included; a rename at the same time may show both names.
 * Return: true if the key is allocated.
 */
bool pks_key_name(int pkey, char *name)
{
	bool used = pkey >= 0 && pkey < PKS_NR_KEYS && READ_ONCE(pks_keys[pkey].used);

	if (used)
		memcpy(name, pks_keys[pkey].name, PKS_NAME_LEN);
	else
		memset(name, 0, PKS_NAME_LEN);
	return used;
}

/**
 * pks_key_fault - ask the owner of a key about a fault
 * @pkey: key of the page
 * @regs: the interrupted context
 * @address: what it accessed
 * @write: a write, else a read
 *
 * Context: Fault handler.
 * Return: true if the access may be tried again.
 */
bool pks_key_fault(int pkey, struct pt_regs *regs, unsigned long address,
		   bool write)
{
	pks_fault_fn fault;

	if (!pkey_valid(pkey))
		return false;
	fault = READ_ONCE(pks_keys[pkey].fault);
	return fault && fault(regs, address, write);
}

/**
 * pks_pte_bits - the bits of a leaf page-table entry that carry a key
 * @pkey: 0 to 15
 *
 * Bits 59 to 62 (SDM vol. 3A, 4.6.2), for 4K, 2M and 1G entries alike; 0
 * without PKS.
 */
u64 pks_pte_bits(int pkey)
{
	if (!pks_available() || pkey <= 0 || pkey >= PKS_NR_KEYS)
		return 0;
	return (u64)pkey << _PAGE_BIT_PKEY_BIT0;
}

/* === The rights of a thread =============================================== */

/**
 * pks_current_pkrs - what the running context asked for
 *
 * Context: Any.
 */
u32 pks_current_pkrs(void)
{
	return pks_available() ? current->thread.pks.pkrs : 0;
}
EXPORT_SYMBOL_GPL(pks_current_pkrs);

/* Interrupts off: see asm/pks_msr.h, "the global word". */
static __always_inline void pkrs_write_current(u32 pkrs)
{
	unsigned long flags;

	raw_local_irq_save(flags);
	current->thread.pks.pkrs = pkrs;
	pkrs_write(pkrs_effective(pkrs));
	raw_local_irq_restore(flags);
}

static void set_current_key(int pkey, u32 bits)
{
	pkrs_write_current(pkrs_set_key(current->thread.pks.pkrs, pkey, bits));
}

/* Nested grants and plain ones do not mix: each would undo the other. */
static void pks_set_current(int pkey, u32 bits)
{
	if (!pks_available() || WARN_ON_ONCE(!pkey_valid(pkey)) ||
	    WARN_ON_ONCE(current->thread.pks.nest[pkey]))
		return;
	set_current_key(pkey, bits);
}

/**
 * pks_mknoaccess - deny access by a key, or take one global grant back
 * @pkey: the key
 * @global: end one global grant (pks_mkread() or pks_mkrdwr()), whoever asked
 *	for it; otherwise this thread's own access ends
 *
 * The last global grant closes the key on every CPU before this returns, or
 * soon after it (pks_global.c says when). A thread's own access and the global
 * one do not touch each other. Not for a key that pks_get() holds.
 *
 * Context: Any but NMI; a thread's own: any.
 */
void pks_mknoaccess(int pkey, bool global)
{
	if (global)
		pks_global_put(pkey);
	else
		pks_set_current(pkey, PKS_AD | PKS_WD);
}
EXPORT_SYMBOL_GPL(pks_mknoaccess);

/**
 * pks_mkread - allow reading by a key
 * @pkey: the key
 * @global: everybody may read until pks_mknoaccess(); counted. Otherwise this
 *	thread alone
 *
 * As long as another global grant allows writing, everybody may write.
 * Not for a key that pks_get() holds.
 *
 * Context: Any but NMI; a thread's own: any.
 */
void pks_mkread(int pkey, bool global)
{
	if (global)
		pks_global_set(pkey, PKS_WD);
	else
		pks_set_current(pkey, PKS_WD);
}
EXPORT_SYMBOL_GPL(pks_mkread);

/**
 * pks_mkrdwr - allow reading and writing by a key
 * @pkey: the key
 * @global: everybody may until pks_mknoaccess(); counted. Otherwise this
 *	thread alone
 *
 * Not for a key that pks_get() holds.
 *
 * Context: Any but NMI; a thread's own: any.
 */
void pks_mkrdwr(int pkey, bool global)
{
	if (global)
		pks_global_set(pkey, 0);
	else
		pks_set_current(pkey, 0);
}
EXPORT_SYMBOL_GPL(pks_mkrdwr);

/**
 * pks_update_exception - change the rights of the interrupted context
 * @regs: the interrupted context
 * @pkey: the key
 * @bits: PKS_AD, PKS_WD (asm/pks.h), or 0 for full access
 *
 * Context: Fault handler; takes effect when the exception returns.
 */
void pks_update_exception(struct pt_regs *regs, int pkey, u32 bits)
{
	struct pt_regs_aux *aux = (struct pt_regs_aux *)pt_regs_aux(regs);

	if (!aux || !pkey_valid(pkey))
		return;
	/* the entry saves counts only with a value that is not the default */
	if (aux->pks.pkrs == PKRS_DEFAULT)
		memset(aux->pks.nest, 0, sizeof(aux->pks.nest));
	aux->pks.pkrs = pkrs_set_key(aux->pks.pkrs, pkey, bits);
}
EXPORT_SYMBOL_GPL(pks_update_exception);

/* === Nested grants ======================================================== */

/*
 * A grant nests: only the first one opens the key, only the last one closes
 * it, in whatever order they come. The value is opened before its count is
 * raised and closed after its count is down, so that a count without access
 * is never seen by an exception (see struct pks_thread).
 */

/* The bits in PKRS of the keys that a section opens; they only ever get set. */
static u32 pks_section_mask;

static bool section_has(int pkey)
{
	return pkrs_get_key(READ_ONCE(pks_section_mask), pkey);
}

/**
 * pks_get - give this thread access by a key until pks_put()
 * @pkey: the key
 *
 * Nests. Beyond 65535 grants the key stays open for this thread.
 *
 * Context: Any.
 */
void pks_get(int pkey)
{
	u16 *nest;

	if (!pks_available() || WARN_ON_ONCE(!pkey_valid(pkey)))
		return;
	nest = &current->thread.pks.nest[pkey];
	if (!*nest)
		set_current_key(pkey, 0);
	barrier();	/* open before counted */
	if (*nest != U16_MAX)
		(*nest)++;
}

/**
 * pks_close_bits - what the end of a thread's last grant of a key denies
 * @pks: the thread
 * @pkey: the key
 *
 * Context: Any; not traced, since interrupts may be off without lockdep knowing.
 * Return: bits of PKRS; 0 if a section still opens the key.
 */
notrace u32 pks_close_bits(const struct pks_thread *pks, int pkey)
{
	if (pks->nest[0] && section_has(pkey))
		return 0;
	return pkrs_set_key(0, pkey, PKS_KEY_MASK);
}

/**
 * pks_put - end what pks_get() gave
 * @pkey: the key
 *
 * Does nothing if this thread holds no grant.
 *
 * Context: Any.
 */
void pks_put(int pkey)
{
	struct pks_thread *pks = &current->thread.pks;

	if (!pks_available() || WARN_ON_ONCE(!pkey_valid(pkey)))
		return;
	if (!pks->nest[pkey] || pks->nest[pkey] == U16_MAX)
		return;
	pks->nest[pkey]--;
	barrier();	/* not counted before closed */
	if (!pks->nest[pkey])
		pkrs_write_current(pks->pkrs | pks_close_bits(pks, pkey));
}

/**
 * pks_section_add_key - let pks_get_section() open a key, too
 * @pkey: the key; stays a section's key for good
 *
 * Context: Process context, callers serialized.
 */
void pks_section_add_key(int pkey)
{
	WRITE_ONCE(pks_section_mask,
		   pkrs_set_key(pks_section_mask, pkey, PKS_KEY_MASK));
}

static bool holds_any(const struct pks_thread *pks)
{
	return pks->nest_words[0] | pks->nest_words[1] |
	       pks->nest_words[2] | pks->nest_words[3];
}

/* @pks' value with the section keys denied, but for those it holds by pks_get() */
static u32 section_closed(const struct pks_thread *pks)
{
	u32 pkrs = pks->pkrs | READ_ONCE(pks_section_mask);
	int pkey;

	if (!holds_any(pks))
		return pkrs;
	for (pkey = 1; pkey < PKS_NR_KEYS; pkey++)
		if (section_has(pkey) && pks->nest[pkey])
			pkrs = pkrs_set_key(pkrs, pkey, 0);
	return pkrs;
}

/**
 * pks_get_section - give this thread access by all section keys
 *
 * For code that knows neither page nor device yet, such as dax_read_lock().
 * Nests, with pks_get() as well.
 *
 * Context: Any.
 */
void pks_get_section(void)
{
	struct pks_thread *pks = &current->thread.pks;

	if (!pks_available())
		return;
	if (!pks->nest[0])
		pkrs_write_current(pks->pkrs & ~READ_ONCE(pks_section_mask));
	barrier();	/* open before counted */
	if (pks->nest[0] != U16_MAX)
		pks->nest[0]++;
}

/**
 * pks_put_section - end what pks_get_section() gave
 *
 * Context: Any.
 */
void pks_put_section(void)
{
	struct pks_thread *pks = &current->thread.pks;

	if (!pks->nest[0] || pks->nest[0] == U16_MAX)
		return;
	pks->nest[0]--;
	barrier();	/* not counted before closed */
	if (!pks->nest[0])
		pkrs_write_current(section_closed(pks));
}

/* === Tasks ================================================================ */

/**
 * pks_init_task - a new task starts with no access
 * @task: not running yet
 */
void pks_init_task(struct task_struct *task)
{
	task->thread.pks = (struct pks_thread){ .pkrs = PKRS_DEFAULT };
	task->thread.pks_note = NULL;
}

/**
 * pks_flush_thread - at exec, whatever the old program held is gone
 */
void pks_flush_thread(void)
{
	if (!pks_available())
		return;
	memset(current->thread.pks.nest, 0, sizeof(current->thread.pks.nest));
	pkrs_write_current(PKRS_DEFAULT);
}

/* === CPUs ================================================================= */

DEFINE_PER_CPU(u32, pkrs_cache) = PKRS_UNKNOWN;
DEFINE_PER_CPU(u64, pkrs_writes);

/**
 * pks_msr_writes - how often this CPU has written IA32_PKRS since boot
 *
 * Context: Preemption off.
 */
u64 pks_msr_writes(void)
{
	return __this_cpu_read(pkrs_writes);
}
EXPORT_SYMBOL_GPL(pks_msr_writes);

/**
 * pks_setup_cpu - turn PKS on, with everything but key 0 denied
 *
 * A key that is open for everybody reaches the CPU with its first fault or
 * context switch; the last also takes back what a revoke could not, because
 * the CPU was not online yet.
 *
 * Context: CPU bring-up, boot and hotplug.
 */
void pks_setup_cpu(void)
{
	if (!pks_available())
		return;
	this_cpu_write(pkrs_cache, PKRS_UNKNOWN);
	current->thread.pks.pkrs = PKRS_DEFAULT;
	pkrs_write(PKRS_DEFAULT);
	cr4_set_bits(X86_CR4_PKS);
}

/**
 * pks_resume_cpu - a resume has reset the MSR: write it again
 *
 * Context: Resume of the boot CPU, interrupts off.
 */
void pks_resume_cpu(void)
{
	if (!pks_available())
		return;
	this_cpu_write(pkrs_cache, PKRS_UNKNOWN);
	pkrs_write(pkrs_effective(current->thread.pks.pkrs));
}
