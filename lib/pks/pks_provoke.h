/* SPDX-License-Identifier: GPL-2.0 */
/* Provocations: what the core offers, and the tables of the categories. */
#ifndef _LIB_PKS_PROVOKE_H
#define _LIB_PKS_PROVOKE_H

#include <linux/types.h>
#include <asm/asm.h>

#define PKS_PROVOKE_PATTERN	0x5741525453534b50ull	/* "PKSSTRAW" in memory */

/**
 * struct pks_provocation - a way to fault
 * @name: as written to the file; NULL ends a table
 * @run: faults; gets the address in the direct map and nothing else, so that
 *	its thread knows of the page what it finds out by itself
 * @seconds: it may take, 0: the usual time
 */
struct pks_provocation {
	const char *name;
	void (*run)(void *addr);
	unsigned int seconds;
};

extern const struct pks_provocation pks_provoke_plain[];
extern const struct pks_provocation pks_provoke_unmap[];
extern const struct pks_provocation pks_provoke_context[];
extern const struct pks_provocation pks_provoke_fixup[];
extern const struct pks_provocation pks_provoke_key[];
extern const struct pks_provocation pks_provoke_known[];
extern const struct pks_provocation pks_provoke_stray[];
extern const struct pks_provocation pks_provoke_overrun[];
extern const struct pks_provocation pks_provoke_device[];
extern const struct pks_provocation pks_provoke_holding[];
extern const struct pks_provocation pks_provoke_decoys[];
extern const struct pks_provocation pks_provoke_laters[];
extern const struct pks_provocation pks_provoke_forgot[];

/* pks_provoke.c */
void pks_provoke_set_module(const struct pks_provocation *table);
unsigned long pks_provoke_count(void);
struct task_struct *pks_provoke_start(void (*run)(void *addr), void *addr,
				      unsigned int cpu);
int pks_provoke_wait(struct task_struct *task, unsigned int seconds);
void pks_provoke_in_thread(void (*run)(void *addr), void *addr);
unsigned int pks_provoke_other_cpu(void);
bool pks_provoke_spin(const bool *done);

/* pks_provoke_hold.c */
void pks_provoke_in_section(void (*run)(void *addr), void *addr);

/* pks_provoke_key.c */
int pks_provoke_pkey(void *addr);

/* pks_provoke_fixup.c: an instruction */
extern char pks_provoke_probed_here[];

/* Macros, so that the access is in the function that it is written in. */
#define pks_provoke_write(addr)						\
	WRITE_ONCE(*(u64 *)(addr), PKS_PROVOKE_PATTERN)

/* An exception table entry takes the fault: the context lives on. */
#define pks_provoke_try_write(addr)					\
do {									\
	u64 __from = PKS_PROVOKE_PATTERN;				\
									\
	asm volatile("1: movq %1, %0\n2:\n" _ASM_EXTABLE(1b, 2b)	\
		     : "=m" (*(u64 *)(addr)) : "r" (__from));		\
} while (0)

#define pks_provoke_try_read(addr)					\
do {									\
	u64 __to;							\
									\
	asm volatile("1: movq %1, %0\n2:\n" _ASM_EXTABLE(1b, 2b)	\
		     : "=r" (__to) : "m" (*(u64 *)(addr)));		\
} while (0)

#endif /* _LIB_PKS_PROVOKE_H */
