/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mapping ledger: who has a page of protected memory mapped, and who had
 * it last. Written by the kmap family, by DAX sections and by the pmem driver;
 * read by the fault recorder and, as bytes, by /dev/pksdiag and in dumps.
 */
#ifndef _LINUX_DEVMAP_LEDGER_H
#define _LINUX_DEVMAP_LEDGER_H

#include <linux/types.h>
#include <uapi/linux/pksdiag.h>

#ifdef CONFIG_DEVMAP_LEDGER

#include <linux/jump_label.h>

DECLARE_STATIC_KEY_FALSE(devmap_ledger_key);

/* There is a ledger: what follows may be called. */
#define devmap_ledger_on()	static_branch_likely(&devmap_ledger_key)

void devmap_ledger_map(unsigned long pfn, unsigned int type, unsigned long ip,
		       unsigned int nest);
void devmap_ledger_unmap(unsigned long pfn, unsigned int type, unsigned long ip);
void devmap_ledger_enter(unsigned long pfn, unsigned long nr_pages,
			 unsigned int type, unsigned long ip);
void devmap_ledger_exit(unsigned long pfn, unsigned int type, unsigned long ip);
void devmap_ledger_handout(unsigned long pfn, unsigned long nr_pages,
			   unsigned long ip);
void devmap_ledger_exit_task(void);
void devmap_ledger_device(u64 start, u64 size, s64 offset, const char *name);
void devmap_ledger_tick(const struct pksdiag_clock *now);
struct pksdiag_clock devmap_ledger_now(void);

void devmap_ledger_fill(struct pksdiag_record *r, const struct pksdiag_clock *now);
void devmap_ledger_header(struct pksdiag_ledger *header);
bool devmap_ledger_read(unsigned int index, struct pksdiag_owner *owner);
void devmap_ledger_vmcoreinfo(void);

#else

#include <linux/ktime.h>

#define devmap_ledger_on()	false

static inline void devmap_ledger_map(unsigned long pfn, unsigned int type,
				     unsigned long ip, unsigned int nest) { }
static inline void devmap_ledger_unmap(unsigned long pfn, unsigned int type,
				       unsigned long ip) { }
static inline void devmap_ledger_enter(unsigned long pfn, unsigned long nr_pages,
				       unsigned int type, unsigned long ip) { }
static inline void devmap_ledger_exit(unsigned long pfn, unsigned int type,
				      unsigned long ip) { }
static inline void devmap_ledger_handout(unsigned long pfn,
					 unsigned long nr_pages,
					 unsigned long ip) { }
static inline void devmap_ledger_device(u64 start, u64 size, s64 offset,
					const char *name) { }
static inline void devmap_ledger_tick(const struct pksdiag_clock *now) { }
static inline struct pksdiag_clock devmap_ledger_now(void)
{
	return (struct pksdiag_clock){ .ns = ktime_get_mono_fast_ns() };
}

static inline void devmap_ledger_fill(struct pksdiag_record *r,
				      const struct pksdiag_clock *now) { }
static inline void devmap_ledger_header(struct pksdiag_ledger *header) { }
static inline bool devmap_ledger_read(unsigned int index,
				      struct pksdiag_owner *owner)
{
	return false;
}

static inline void devmap_ledger_vmcoreinfo(void) { }

#endif /* CONFIG_DEVMAP_LEDGER */
#endif /* _LINUX_DEVMAP_LEDGER_H */
