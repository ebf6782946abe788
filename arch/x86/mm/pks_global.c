// SPDX-License-Identifier: GPL-2.0
/*
 * Access for everybody: the global PKRS.
 *
 * Each key has a count of global grants. While it is above zero the key is open
 * in the global word, which every CPU applies when it writes IA32_PKRS (see
 * asm/pks_msr.h). A grant is lazy: only the CPU that grants writes its MSR, the
 * others follow with their next write, or by a fault that is resolved.
 *
 * The revoke is not lazy. When a count falls to zero the word is closed and
 * every other CPU is made to write its MSR: it does so in an interrupt, whose
 * exit uses the closed word, as will the exits of all exceptions below it. So
 * saved state needs no looking after. A CPU that has just read the open word
 * has interrupts off until it has written the MSR, and takes the interrupt
 * right after that.
 *
 *   caller can                    no CPU has access after
 *   ----------                    -----------------------
 *   wait for other CPUs           pks_mknoaccess() returns
 *   not (atomic, interrupts off)  each CPU's next interrupt, which is on its
 *                                 way when pks_mknoaccess() returns; counted
 */
#include <linux/export.h>
#include <linux/pks.h>
#include <linux/pks_guard.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/pks.h>
#include "pks_internal.h"

u32 pks_global_pkrs __read_mostly = PKRS_DEFAULT;

/* Grants for each key, and the word that follows from them. */
static DEFINE_RAW_SPINLOCK(pks_global_lock);
static u32 pks_global_count[PKS_NR_KEYS];
static struct pks_global_stats pks_stats;

/**
 * pks_global - the global PKRS
 *
 * Context: Any.
 * Return: a PKRS value in which the keys that everybody may use are open.
 */
u32 pks_global(void)
{
	return READ_ONCE(pks_global_pkrs);
}
EXPORT_SYMBOL_GPL(pks_global);

/**
 * pks_global_stats - what the global PKRS has done so far
 * @stats: filled
 *
 * Context: Any but NMI.
 */
void pks_global_stats(struct pks_global_stats *stats)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pks_global_lock, flags);
	*stats = pks_stats;
	raw_spin_unlock_irqrestore(&pks_global_lock, flags);
}
EXPORT_SYMBOL_GPL(pks_global_stats);

/**
 * pks_global_users - how many global grants of a key there are
 * @pkey: the key
 *
 * Context: Any.
 */
unsigned int pks_global_users(int pkey)
{
	return pkey_valid(pkey) ? READ_ONCE(pks_global_count[pkey]) : 0;
}
EXPORT_SYMBOL_GPL(pks_global_users);

/* === This CPU, the other CPUs ============================================= */

/*
 * On an idle CPU this may run in the idle task, without an interrupt around it,
 * so it must write the MSR itself.
 */
static void sync_this_cpu(void *unused)
{
	unsigned long flags;

	smp_mb();	/* pairs with revoke_soon() */
	raw_local_irq_save(flags);
	pkrs_write(pkrs_effective(current->thread.pks.pkrs));
	raw_local_irq_restore(flags);
}

static DEFINE_PER_CPU(call_single_data_t, sync_csd) =
	CSD_INIT(sync_this_cpu, NULL);

/*
 * Under pks_global_lock, which makes this the only user of the csds. One that
 * is busy has been sent and has not run yet; it will see the word as it is now:
 * either we see that it is no longer busy, or it sees the closed word.
 */
static void revoke_soon(void)
{
	int this_cpu = smp_processor_id(), cpu;

	pks_stats.deferred++;
	smp_mb();	/* the word is closed before a csd is looked at */
	for_each_online_cpu(cpu)
		if (cpu != this_cpu)
			smp_call_function_single_async(cpu, per_cpu_ptr(&sync_csd, cpu));
}

/* PREEMPT_COUNT is selected: a lock held is seen in every kernel. */
static bool can_wait(void)
{
	return !preempt_count() && !irqs_disabled();
}

/* === Grants =============================================================== */

/* Keys that were given up: open for everybody, whatever their count says. */
static unsigned long pks_abandoned;

static void write_word(int pkey, u32 bits)
{
	u32 old = READ_ONCE(pks_global_pkrs);

	while (!try_cmpxchg(&pks_global_pkrs, &old, pkrs_set_key(old, pkey, bits)))
		;
}

/*
 * Under pks_global_lock; a fault may abandon the key at the same time, without
 * it. Either it opens the word after we closed it, or we see that it did.
 */
static void set_word(int pkey, u32 bits)
{
	write_word(pkey, bits);
	if (test_bit(pkey, &pks_abandoned))
		write_word(pkey, 0);
}

/* Returns the grants that there are now; the MSR is still to be written. */
static unsigned int open_key(int pkey, u32 bits)
{
	unsigned long flags;
	unsigned int count;

	raw_spin_lock_irqsave(&pks_global_lock, flags);
	count = pks_global_count[pkey] + 1;
	pks_stats.grants += count == 1;
	WRITE_ONCE(pks_global_count[pkey], count);
	set_word(pkey, pkrs_get_key(pks_global_pkrs, pkey) & bits);
	raw_spin_unlock_irqrestore(&pks_global_lock, flags);
	return count;
}

/**
 * pks_global_set - count a global grant
 * @pkey: the key
 * @bits: what stays denied: PKS_WD or 0. It widens what is granted already;
 *	only the end of the last grant narrows
 *
 * Context: Any but NMI.
 */
void pks_global_set(int pkey, u32 bits)
{
	if (!pks_available() || WARN_ON_ONCE(!pkey_valid(pkey)))
		return;
	open_key(pkey, bits);
	sync_this_cpu(NULL);
}

/**
 * pks_guard_global_get - pks_mkrdwr() for everybody, before pks_guard_begin()
 * @pkey: a valid key; so there is PKS
 *
 * The guard writes the MSR, and with it what is granted to all: this spares one.
 *
 * Context: Any but NMI.
 * Return: global grants of the key that there are now.
 */
unsigned int pks_guard_global_get(int pkey)
{
	return open_key(pkey, 0);
}

/* Close the key; true if the other CPUs are still to be told. */
static bool close_key(int pkey)
{
	bool last = false, wait = can_wait();
	unsigned long flags;

	raw_spin_lock_irqsave(&pks_global_lock, flags);
	if (!WARN_ON_ONCE(!pks_global_count[pkey])) {
		WRITE_ONCE(pks_global_count[pkey], pks_global_count[pkey] - 1);
		last = !pks_global_count[pkey];
	}
	if (last) {
		set_word(pkey, PKS_KEY_MASK);
		pks_stats.revokes++;
		if (!wait)
			revoke_soon();
	}
	raw_spin_unlock_irqrestore(&pks_global_lock, flags);
	return last && wait;
}

/**
 * pks_global_put - end a global grant
 * @pkey: the key
 *
 * Context: Any but NMI. If it can sleep, it waits for the other CPUs.
 */
void pks_global_put(int pkey)
{
	bool wait;

	if (!pks_available() || WARN_ON_ONCE(!pkey_valid(pkey)))
		return;
	wait = close_key(pkey);
	sync_this_cpu(NULL);
	if (wait)
		smp_call_function(sync_this_cpu, NULL, 1);
}

/**
 * pks_global_drop - end all global grants of a key
 * @pkey: the key
 *
 * Context: Process context.
 */
void pks_global_drop(int pkey)
{
	while (pks_global_users(pkey))
		pks_global_put(pkey);
}

/* === Giving a key up ====================================================== */

/**
 * pks_global_abandon - open a key for everybody, until pks_global_reclaim()
 * @pkey: the key
 *
 * Not counted, and no revoke closes it. Other CPUs follow like after a grant.
 *
 * Context: Any, NMI included: takes no lock.
 */
void pks_global_abandon(int pkey)
{
	if (!pkey_valid(pkey))
		return;
	set_bit(pkey, &pks_abandoned);
	smp_mb__after_atomic();	/* pairs with the cmpxchg in set_word() */
	write_word(pkey, 0);
}
EXPORT_SYMBOL_GPL(pks_global_abandon);

/**
 * pks_global_abandoned - was a key given up?
 * @pkey: the key
 *
 * Context: Any.
 */
bool pks_global_abandoned(int pkey)
{
	return pkey_valid(pkey) && test_bit(pkey, &pks_abandoned);
}

/**
 * pks_global_reclaim - protect by a key again that was given up
 * @pkey: the key
 *
 * Context: Process context.
 */
void pks_global_reclaim(int pkey)
{
	if (!pks_global_abandoned(pkey))
		return;
	/* a grant, since its end closes the key on every CPU */
	pks_global_set(pkey, 0);
	clear_bit(pkey, &pks_abandoned);
	pks_global_put(pkey);
}
EXPORT_SYMBOL_GPL(pks_global_reclaim);
