/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Protection keys for supervisor pages: keys by name, access by thread.
 *
 * A page whose kernel mapping carries a key can be accessed only by a thread
 * that asked for it. Everything is a no-op, or fails with -EOPNOTSUPP, where
 * the kernel or the CPU lacks PKS.
 */
#ifndef _LINUX_PKS_H
#define _LINUX_PKS_H

#include <linux/errno.h>
#include <linux/types.h>

struct pt_regs;

#define PKS_NAME_LEN	16	/* of a key, the NUL at its end included */

/**
 * pks_fault_fn - a key's owner is asked about a fault on one of its pages
 * @regs: the interrupted context
 * @address: what it accessed
 * @write: a write, else a read
 *
 * Runs before the fault is recorded: it must not lock, allocate, print,
 * sleep, or touch the page. It may change the interrupted context's rights by
 * pks_update_exception().
 *
 * Return: true if the access may be tried again.
 */
typedef bool (*pks_fault_fn)(struct pt_regs *regs, unsigned long address,
			     bool write);

/**
 * pks_key_observer_fn - is told when the name of a key changes
 * @pkey: the key
 * @name: its name now, empty if the key is free
 *
 * Called under a spinlock.
 */
typedef void (*pks_key_observer_fn)(int pkey, const char *name);

/**
 * struct pks_global_stats - what the global PKRS has done since boot
 * @grants: how often a key was opened for everybody
 * @revokes: how often one was closed again
 * @deferred: of them: closed by a caller that could not wait for the other CPUs
 */
struct pks_global_stats {
	u64 grants;
	u64 revokes;
	u64 deferred;
};

#ifdef CONFIG_SUPERVISOR_PKEYS

bool pks_available(void);
int pks_key_alloc(const char *name, pks_fault_fn fault);
void pks_key_free(int pkey);
void pks_key_rename(int pkey, const char *name);
void pks_observe_keys(pks_key_observer_fn observer);
bool pks_key_name(int pkey, char *name);
bool pks_key_fault(int pkey, struct pt_regs *regs, unsigned long address,
		   bool write);

void pks_mknoaccess(int pkey, bool global);
void pks_mkread(int pkey, bool global);
void pks_mkrdwr(int pkey, bool global);
void pks_update_exception(struct pt_regs *regs, int pkey, u32 bits);
u32 pks_global(void);
unsigned int pks_global_users(int pkey);
void pks_global_drop(int pkey);
void pks_global_abandon(int pkey);
bool pks_global_abandoned(int pkey);
void pks_global_reclaim(int pkey);
void pks_global_stats(struct pks_global_stats *stats);
u64 pks_msr_writes(void);

void pks_get(int pkey);
void pks_put(int pkey);
void pks_section_add_key(int pkey);
void pks_get_section(void);
void pks_put_section(void);

u64 pks_pte_bits(int pkey);
u32 pks_current_pkrs(void);

#else

static inline bool pks_available(void) { return false; }

static inline int pks_key_alloc(const char *name, pks_fault_fn fault)
{
	return -EOPNOTSUPP;
}

static inline void pks_key_free(int pkey) { }
static inline void pks_key_rename(int pkey, const char *name) { }

static inline bool pks_key_name(int pkey, char *name)
{
	return false;
}

static inline bool pks_key_fault(int pkey, struct pt_regs *regs,
				 unsigned long address, bool write)
{
	return false;
}

static inline void pks_observe_keys(pks_key_observer_fn observer) { }
static inline void pks_mknoaccess(int pkey, bool global) { }
static inline void pks_mkread(int pkey, bool global) { }
static inline void pks_mkrdwr(int pkey, bool global) { }
static inline void pks_update_exception(struct pt_regs *regs, int pkey,
					u32 bits) { }
static inline void pks_get(int pkey) { }
static inline void pks_put(int pkey) { }
static inline void pks_section_add_key(int pkey) { }
static inline void pks_get_section(void) { }
static inline void pks_put_section(void) { }
static inline u64 pks_pte_bits(int pkey) { return 0; }
static inline u32 pks_current_pkrs(void) { return 0; }
static inline u32 pks_global(void) { return 0; }
static inline u64 pks_msr_writes(void) { return 0; }

#endif /* CONFIG_SUPERVISOR_PKEYS */
#endif /* _LINUX_PKS_H */
