/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Call sites of the kmap family, as a kernel with CONFIG_KMAP_SITES has seen
 * them run: how often, on what, and whether by the rules. The binary interface
 * between the kernel and every reader, with the conventions of pksdiag.h.
 */
#ifndef _UAPI_LINUX_PKSDIAG_SITES_H
#define _UAPI_LINUX_PKSDIAG_SITES_H

#include <linux/pksdiag.h>

#define PKSDIAG_SITES_MAGIC	0x53534b50u	/* "PKSS" in memory */

#define PKSDIAG_SITE_STACK_LEN	8

/* How a site was used: indices into pksdiag_site.counters. */
enum pksdiag_site_counter {
	PKSDIAG_S_PLAIN,	/* a page that is not protected was mapped */
	PKSDIAG_S_PROTECTED,	/* a page of a protected device was */
	PKSDIAG_S_UNMAPS,	/* a mapping ended: of this site, or by it */
	PKSDIAG_S_OTHER_TASK,	/* another task than the one that mapped did that */
	PKSDIAG_S_KEPT_USER,	/* the task went to user space with it mapped */
	PKSDIAG_S_KEPT_EXIT,	/* the task ended with it mapped */
	PKSDIAG_S_SLEPT,	/* the task slept with it mapped */
	PKSDIAG_S_INTERRUPT,	/* mapped or unmapped in an interrupt */
	PKSDIAG_S_UNTRACKED,	/* mapped, but there was no room to watch it */
	PKSDIAG_NR_SITE_COUNTERS,
};

/*
 * What a site must not do: indices into pksdiag_site.violations. What kmap()
 * may do and the others may not is only counted above for kmap().
 */
enum pksdiag_violation_kind {
	PKSDIAG_VIOL_OTHER_TASK, /* unmapped by another task */
	PKSDIAG_VIOL_CONTEXT,	/* unmapped in another context than it was mapped in */
	PKSDIAG_VIOL_USER,	/* held over the return to user space */
	PKSDIAG_VIOL_EXIT,	/* held when the task ended */
	PKSDIAG_VIOL_ORDER,	/* not the last local mapping was unmapped first */
	PKSDIAG_VIOL_SLEPT,	/* slept with a mapping of kmap_atomic() */
	PKSDIAG_VIOL_ATOMIC,	/* kmap() or kmap_thread() where one must not sleep */
	PKSDIAG_VIOL_MISMATCH,	/* unmapped by another family's function */
	PKSDIAG_VIOL_UNMATCHED,	/* what was unmapped was not mapped */
	PKSDIAG_VIOL_FAULT,	/* a fault of a page that this had mapped last */
	PKSDIAG_NR_VIOL,
};

/* What became of a site, in pksdiag_site.state. */
enum pksdiag_site_state {
	PKSDIAG_SITE_FREE,
	PKSDIAG_SITE_FILLING,	/* the counters are valid, the rest not yet */
	PKSDIAG_SITE_USED,
	PKSDIAG_SITE_GONE,	/* its module was unloaded */
	PKSDIAG_NR_SITE_STATE,
};

/**
 * struct pksdiag_site - a place in the code that maps or unmaps
 * @key: of the kernel's own table; 0: the entry is free
 * @ip: the instruction behind the call, in the function that maps
 * @counters: enum pksdiag_site_counter
 * @violations: enum pksdiag_violation_kind, how often
 * @reported: 1 << enum pksdiag_violation_kind of those that are in the log
 * @longest_ns: the longest time that a mapping of it was held
 * @first_ns: when it first ran, CLOCK_MONOTONIC
 * @max_nest: most mappings that a task had at once, those of this site the last
 * @state: enum pksdiag_site_state
 * @mapping: enum pksdiag_mapping
 * @unmap: 0: it maps; 1: it unmaps
 * @reserved: 0
 * @module: the module that it is in, or empty
 * @module_base: where that module's text begins
 * @reserved2: 0
 */
struct pksdiag_site {
	__u64 key;
	__u64 ip;
	__u64 counters[PKSDIAG_NR_SITE_COUNTERS];
	__u64 violations[PKSDIAG_NR_VIOL];
	__u64 reported;
	__u64 longest_ns;
	__u64 first_ns;
	__u32 max_nest;
	__u8  state;
	__u8  mapping;
	__u8  unmap;
	__u8  reserved;
	char  module[PKSDIAG_MODULE_LEN];
	__u64 module_base;
	__u64 reserved2[2];
};

#define PKSDIAG_SITE_SIZE	256

/**
 * struct pksdiag_violation - the first time that a site violated a rule
 * @state: as of a ring's slot: PKSDIAG_STATE_COMMITTED if the rest is valid
 * @time_ns: when, CLOCK_MONOTONIC
 * @site: index of the site that did it
 * @kind: enum pksdiag_violation_kind
 * @mapping: enum pksdiag_mapping
 * @context: enum pksdiag_context in which it was found
 * @map_context: enum pksdiag_context in which the page was mapped
 * @pfn: the page; 0: a section
 * @map_ip: who mapped, or 0 if that is not known
 * @ip: who unmapped, faulted or mapped meanwhile; 0: nobody did (the end of a
 *	task, the return to user space)
 * @map_ns: when it was mapped
 * @map_pid: the task that mapped
 * @pid: the task in which it was found
 * @map_comm: name of the task that mapped
 * @comm: name of the task in which it was found
 * @map_stack: callers of @map_ip, 0 where there are no more
 * @stack: callers of @ip, or what ran if that is 0
 */
struct pksdiag_violation {
	__u64 state;
	__u64 time_ns;
	__u32 site;
	__u8  kind;
	__u8  mapping;
	__u8  context;
	__u8  map_context;
	__u64 pfn;
	__u64 map_ip;
	__u64 ip;
	__u64 map_ns;
	__u32 map_pid;
	__u32 pid;
	char  map_comm[PKSDIAG_NAME_LEN];
	char  comm[PKSDIAG_NAME_LEN];
	__u64 map_stack[PKSDIAG_SITE_STACK_LEN];
	__u64 stack[PKSDIAG_SITE_STACK_LEN];
};

#define PKSDIAG_VIOLATION_SIZE	224

/* What found no room: indices into pksdiag_sites.counters. */
enum pksdiag_sites_counter {
	PKSDIAG_SC_NO_SITE,	/* runs of sites that are not in the table */
	PKSDIAG_SC_NO_OPEN,	/* mappings that could not be watched */
	PKSDIAG_SC_NO_VIOLATION, /* first violations that are only counted */
	PKSDIAG_SC_UNKNOWN,	/* unmaps that may be of such mappings */
	PKSDIAG_NR_SITES_COUNTERS,
};

/**
 * struct pksdiag_sites - describes the sites
 * @magic: PKSDIAG_SITES_MAGIC
 * @version: PKSDIAG_VERSION
 * @header_size: bytes of this struct
 * @site_size: bytes of a struct pksdiag_site
 * @violation_size: bytes of a struct pksdiag_violation
 * @nr_sites: entries at @sites; 0: sites are not watched (pksdiag.sites)
 * @nr_violations: entries at @violations
 * @nr_counters: valid entries in @counters
 * @flags: 0
 * @sites: kernel address of the entries, in no order
 * @violations: kernel address of the violations, in their order
 * @now_ns: CLOCK_MONOTONIC when this was read (ioctl); 0 in a dump
 * @counters: enum pksdiag_sites_counter
 *
 * In a dump it is at the symbol pksdiag_sites (VMCOREINFO).
 */
struct pksdiag_sites {
	__u32 magic;
	__u16 version;
	__u16 header_size;
	__u32 site_size;
	__u32 violation_size;
	__u32 nr_sites;
	__u32 nr_violations;
	__u32 nr_counters;
	__u32 flags;
	__u64 sites;
	__u64 violations;
	__u64 now_ns;
	__u64 counters[8];
};

/**
 * struct pksdiag_sites_request - read sites or violations
 * @to: where to write struct pksdiag_site's, or struct pksdiag_violation's
 * @start: index of the first entry
 * @nr: how many; on return, how many were written
 */
struct pksdiag_sites_request {
	__u64 to;
	__u32 start;
	__u32 nr;
};

#define PKSDIAG_IOC_SITES	_IOR('P', 0xa3, struct pksdiag_sites)
#define PKSDIAG_IOC_SITE	_IOWR('P', 0xa4, struct pksdiag_sites_request)
#define PKSDIAG_IOC_VIOLATION	_IOWR('P', 0xa5, struct pksdiag_sites_request)

#endif /* _UAPI_LINUX_PKSDIAG_SITES_H */
