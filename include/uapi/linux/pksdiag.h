/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * PKS fault records: the one binary interface between the kernel and every
 * reader (/dev/pksdiag, crash dumps, capture files).
 *
 * All fields are little endian and naturally aligned; there are no holes.
 * A new kernel may append fields: it then raises @size, and @version only if
 * the meaning of an existing field changed. A reader skips what lies behind
 * the fields that it knows, and refuses a @version that it does not know.
 */
#ifndef _UAPI_LINUX_PKSDIAG_H
#define _UAPI_LINUX_PKSDIAG_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PKSDIAG_VERSION		1

#define PKSDIAG_RECORD_MAGIC	0x52534b50u	/* "PKSR" in memory */
#define PKSDIAG_RING_MAGIC	0x47534b50u	/* "PKSG" in memory */

#define PKSDIAG_NR_KEYS		16	/* SDM vol. 3A, 4.6.2: four PTE bits */
#define PKSDIAG_NAME_LEN	16	/* comm and key names, NUL included */
#define PKSDIAG_DEVICE_LEN	32	/* DISK_NAME_LEN */
#define PKSDIAG_BUILD_ID_LEN	20	/* SHA-1, what ld --build-id writes */
#define PKSDIAG_INSN_LEN	16	/* an x86 instruction has at most 15 */
#define PKSDIAG_STACK_LEN	16
#define PKSDIAG_NR_REGS		18

/*
 * Where the access came from; the interrupted context, not the handler. The
 * handlers of kernel breakpoints and debug exceptions (kprobes) count as NMI.
 */
enum pksdiag_context {
	PKSDIAG_CTX_TASK,
	PKSDIAG_CTX_SOFTIRQ,
	PKSDIAG_CTX_HARDIRQ,
	PKSDIAG_CTX_NMI,
	PKSDIAG_NR_CTX,
};

enum pksdiag_access {
	PKSDIAG_ACCESS_READ,
	PKSDIAG_ACCESS_WRITE,
	PKSDIAG_NR_ACCESS,
};

/* Why the access was denied. The names are in kernel/pksdiag/names.c. */
enum pksdiag_verdict {
	PKSDIAG_V_NEVER_MAPPED,
	PKSDIAG_V_MISSING_MAP,
	PKSDIAG_V_OVERRUN,
	PKSDIAG_V_STRAY,
	PKSDIAG_V_AFTER_UNMAP,
	PKSDIAG_V_OTHER_THREAD,
	PKSDIAG_V_OTHER_CONTEXT,
	PKSDIAG_V_READ_ONLY,
	PKSDIAG_V_GLOBAL_LAG,
	PKSDIAG_V_WRONG_KEY,
	PKSDIAG_V_PKRS_MISMATCH,
	PKSDIAG_NR_V,
};

/* What became of the fault. */
enum pksdiag_resolution {
	PKSDIAG_RES_OOPS,
	PKSDIAG_RES_FIXUP,	/* an exception table entry took it */
	PKSDIAG_RES_GLOBAL,
	PKSDIAG_RES_RELAXED,
	PKSDIAG_RES_TEST,	/* the key's owner expected it */
	PKSDIAG_NR_RES,
};

/* How the page was, or last was, made accessible. */
enum pksdiag_mapping {
	PKSDIAG_MAP_NONE,
	PKSDIAG_MAP_KMAP,
	PKSDIAG_MAP_KMAP_THREAD,
	PKSDIAG_MAP_KMAP_LOCAL,
	PKSDIAG_MAP_KMAP_ATOMIC,
	PKSDIAG_MAP_DAX,
	PKSDIAG_MAP_PMEM,
	PKSDIAG_MAP_PKS,
	PKSDIAG_NR_MAP,
};

/* How far a verdict can be trusted. */
enum pksdiag_confidence {
	PKSDIAG_CONF_UNKNOWN,	/* the facts do not decide it */
	PKSDIAG_CONF_LIKELY,
	PKSDIAG_CONF_CERTAIN,
	PKSDIAG_NR_CONF,
};

/*
 * The facts that a verdict rests on: bit numbers of pksdiag_record.because. The
 * names are in kernel/pksdiag/names.c, what they mean is said by `pksdiag
 * explain`.
 */
enum pksdiag_because {
	PKSDIAG_B_NO_ENTRY,	/* the page-table entry is not known */
	PKSDIAG_B_NO_PKRS,	/* the interrupted PKRS is not known */
	PKSDIAG_B_KEY_FREE,	/* nobody allocated the entry's key */
	PKSDIAG_B_KEY_FOREIGN,	/* it is not the key of the device */
	PKSDIAG_B_THREAD_ALLOWS, /* the context had asked for access */
	PKSDIAG_B_MSR_ALLOWS,	/* the register is believed to allow it */
	PKSDIAG_B_GLOBAL_ALLOWS, /* everybody has access */
	PKSDIAG_B_READ_GRANT,	/* reading is allowed, writing is not */
	PKSDIAG_B_MAPPED_NOW,	/* the page is mapped (ledger) */
	PKSDIAG_B_OWNER_SELF,	/* by this task, in this context */
	PKSDIAG_B_OWNER_BELOW,	/* by what this exception interrupted */
	PKSDIAG_B_OWNER_OTHER,	/* by another task */
	PKSDIAG_B_UNMAPPED,	/* it was mapped, and is no more */
	PKSDIAG_B_SAME_TASK,	/* this task had mapped or unmapped it */
	PKSDIAG_B_SAME_CODE,	/* code near the faulting one had */
	PKSDIAG_B_RECENT,	/* not long ago: PKSDIAG_RECENT_NS */
	PKSDIAG_B_WRONG_UNMAP,	/* something was unmapped that was not mapped */
	PKSDIAG_B_NO_LEDGER,	/* nobody kept account of mappings */
	PKSDIAG_B_NO_MAPPING,	/* the ledger knows of no mapping */
	PKSDIAG_B_FORGOT,	/* the ledger may have forgotten some */
	PKSDIAG_B_NEIGHBOUR,	/* this task has the page before or after mapped */
	PKSDIAG_B_NEIGHBOUR_OPEN, /* the page before or after is accessible */
	PKSDIAG_B_EDGE,		/* the access is near that page */
	PKSDIAG_B_RUNNING,	/* it is a string instruction, or a register
				 * points into that page
				 */
	PKSDIAG_B_PAGE_NEAR,	/* the page is known to this function or its
				 * callers next to it
				 */
	PKSDIAG_B_PAGE_FAR,	/* it is known somewhere up the stack */
	PKSDIAG_B_FILE,		/* the page's inode or mapping is known near */
	PKSDIAG_B_FRAME,	/* its frame number or physical address is */
	PKSDIAG_B_HANDED_OUT,	/* dax_direct_access() gave the address out */
	PKSDIAG_B_HANDED_HERE,	/* to the code that faulted */
	PKSDIAG_B_HANDED_HELD,	/* and that address was found */
	PKSDIAG_B_SEARCHED,	/* registers and stack were looked through */
	PKSDIAG_B_NO_TRACE,	/* nothing in them knows the page */
	PKSDIAG_B_NO_DEVICE,	/* the page is of no protected device */
	PKSDIAG_B_GUARD,	/* it is the recorder's own memory */
	PKSDIAG_B_PLACE,	/* the place of the page in its file is known */
	PKSDIAG_B_FOLIO,	/* the head of its large folio is known near */
	PKSDIAG_NR_B,
};

/* What a word that was found in a register or on the stack is. */
enum pksdiag_clue {
	PKSDIAG_CLUE_NONE,
	PKSDIAG_CLUE_PAGE,	/* the struct page */
	PKSDIAG_CLUE_FOLIO,	/* the head of the compound page */
	PKSDIAG_CLUE_INODE,	/* the inode of the file */
	PKSDIAG_CLUE_MAPPING,	/* its address_space */
	PKSDIAG_CLUE_PFN,
	PKSDIAG_CLUE_PHYS,	/* a physical address in the page */
	PKSDIAG_CLUE_HANDED,	/* the address from dax_direct_access() */
	PKSDIAG_CLUE_INDEX,	/* the page's index in the file, or the byte's place */
	PKSDIAG_NR_CLUE,
};

/* Where it was found. */
enum pksdiag_place {
	PKSDIAG_AT_REG,		/* index: enum pksdiag_reg */
	PKSDIAG_AT_STACK,	/* index: words above the stack pointer */
	PKSDIAG_AT_REG_OBJECT,	/* in memory that this register points to */
	PKSDIAG_AT_STACK_OBJECT, /* in memory that this stack word points to */
	PKSDIAG_NR_AT,
};

/* Size of the page that the faulting address is mapped by. */
enum pksdiag_level {
	PKSDIAG_LEVEL_NONE,	/* the walk found no present leaf entry */
	PKSDIAG_LEVEL_4K,
	PKSDIAG_LEVEL_2M,
	PKSDIAG_LEVEL_1G,
	PKSDIAG_NR_LEVEL,
};

/* Indices into pksdiag_record.regs. */
enum pksdiag_reg {
	PKSDIAG_REG_AX, PKSDIAG_REG_BX, PKSDIAG_REG_CX, PKSDIAG_REG_DX,
	PKSDIAG_REG_SI, PKSDIAG_REG_DI, PKSDIAG_REG_BP, PKSDIAG_REG_SP,
	PKSDIAG_REG_R8, PKSDIAG_REG_R9, PKSDIAG_REG_R10, PKSDIAG_REG_R11,
	PKSDIAG_REG_R12, PKSDIAG_REG_R13, PKSDIAG_REG_R14, PKSDIAG_REG_R15,
	PKSDIAG_REG_FLAGS, PKSDIAG_REG_ORIG_AX,
};

/* pksdiag_record.flags: which of the optional facts are there. */
#define PKSDIAG_F_DEVICE	0x1u	/* device, offset, device_pkey */
#define PKSDIAG_F_PFN		0x2u	/* pfn, pte, level, pkey */
#define PKSDIAG_F_FILE		0x4u	/* inode, file_offset, fs_dev */
#define PKSDIAG_F_KEY		0x8u	/* pkey is allocated: key_name */
#define PKSDIAG_F_INSN		0x10u	/* insn */
#define PKSDIAG_F_PKRS		0x20u	/* pkrs, pkrs_thread */
#define PKSDIAG_F_WIDTH		0x40u	/* width */
#define PKSDIAG_F_SHARED	0x80u	/* page has several owners (reflink) */
#define PKSDIAG_F_REP		0x100u	/* string instruction: width a step */
#define PKSDIAG_F_OWNER		0x200u	/* mapping, owner_*, unmap_* */
#define PKSDIAG_F_LEDGER	0x400u	/* there is a ledger: @forgot, and no
					 * owner means none known
					 */
#define PKSDIAG_F_MAPPED	0x800u	/* the owner has not unmapped */
#define PKSDIAG_F_SECTION	0x1000u	/* it was a section (dax_read_lock()) */
#define PKSDIAG_F_NEAR		0x2000u	/* near_*: a neighbour is mapped */
#define PKSDIAG_F_BEFORE_OPEN	0x4000u	/* the page before is accessible */
#define PKSDIAG_F_AFTER_OPEN	0x8000u	/* the page after is accessible */
#define PKSDIAG_F_HANDED	0x10000u /* handed_* */
#define PKSDIAG_F_LOST		0x20000u /* lost_* */
#define PKSDIAG_F_SEARCHED	0x40000u /* clues: all of the live stack */
#define PKSDIAG_F_MODULE	0x80000u /* module_*: @ip is in a module */
#define PKSDIAG_F_SAME_CALL	0x100000u /* the owner's section ended in a
					   * function that is on the stack
					   */
#define PKSDIAG_F_GUARD		0x200000u /* the page is the recorder's own */
#define PKSDIAG_F_EXCEPTION	0x400000u /* @ip ran in an exception, above what that
					   * interrupted on the same stack
					   */

#define PKSDIAG_STACK_MAP_LEN	4	/* callers kept with a mapping */
#define PKSDIAG_NR_CLUES	6
#define PKSDIAG_MODULE_LEN	32

/* A mapping that ended longer ago is no cause, unless the code is the same. */
#define PKSDIAG_RECENT_NS	10000000000ull
/* Addresses of built-in code that are this near count as the same code. */
#define PKSDIAG_NEAR_CODE	0x4000u
/* Words of stack that belong to the faulting function and its near callers. */
#define PKSDIAG_NEAR_FRAMES	3

/**
 * struct pksdiag_clue_at - something that knows the page
 * @what: enum pksdiag_clue
 * @where: enum pksdiag_place
 * @index: which register or stack word
 * @frame: stack frame of a stack word, 0 is the faulting function's
 * @offset: of an object: byte in it
 * @value: the word
 */
struct pksdiag_clue_at {
	__u8  what;
	__u8  where;
	__u16 index;
	__u16 frame;
	__u16 offset;
	__u64 value;
};

/**
 * struct pksdiag_record - one PKS fault, complete in itself
 * @magic: PKSDIAG_RECORD_MAGIC
 * @version: PKSDIAG_VERSION of the writer
 * @size: bytes of this record, this header included
 * @hits: faults with this record's signature (ip, verdict, device), up to and
 *	with this one; in the retained first record: all so far
 * @checksum: the low half of XXH64 (seed 0) of what follows, up to @size
 * @flags: PKSDIAG_F_*
 * @seq: number of the record, from 1, no gaps while the kernel runs
 * @time_ns: ns of CLOCK_MONOTONIC
 * @real_ns: ns since the epoch
 * @cpu: CPU that took the fault
 * @pid: thread id in the initial namespace
 * @tgid: process id in the initial namespace
 * @context: enum pksdiag_context
 * @access: enum pksdiag_access
 * @width: bytes that the instruction accesses (a single step of a string
 *	instruction)
 * @comm: the task's name
 * @task: address of the task_struct
 * @address: the faulting address (CR2)
 * @ip: the faulting instruction
 * @error_code: of the page fault (SDM vol. 3A, 4.7)
 * @insn: bytes at @ip
 * @insn_len: length of the decoded instruction, 0: not decodable
 * @level: enum pksdiag_level
 * @pkey: protection key in the leaf entry
 * @device_pkey: the key that the device's pages should have
 * @verdict: enum pksdiag_verdict
 * @resolution: enum pksdiag_resolution
 * @mapping: enum pksdiag_mapping
 * @confidence: enum pksdiag_confidence
 * @pte: the leaf entry, whatever its level
 * @pkrs: IA32_PKRS of the interrupted context
 * @pkrs_thread: what the interrupted context had asked for
 * @pkrs_global: the global PKRS (all keys denied until there is one)
 * @fs_dev: s_dev of the file system, new_encode_dev() form
 * @key_name: who allocated @pkey
 * @pfn: page frame of @address
 * @offset: byte of @address from the start of the device
 * @inode: file that the page belongs to (fsdax)
 * @file_offset: byte of @address in that file
 * @device: name of the device
 * @owner_ip: who mapped the page (last)
 * @unmap_ip: who unmapped it
 * @owner_ns: when it was mapped, CLOCK_MONOTONIC
 * @unmap_ns: when it was unmapped
 * @owner_pid: task that mapped it
 * @unmap_pid: task that unmapped it
 * @owner_comm: that task's name
 * @stext: run-time address of _stext: the KASLR offset
 * @build_id: of the running vmlinux
 * @stack_nr: valid entries in @stack
 * @stack: return addresses, innermost first, @ip itself first
 * @regs: enum pksdiag_reg
 * @because: facts that the verdict rests on, 1 << enum pksdiag_because
 * @owner_task: address of the task_struct that mapped it
 * @owner_cpu: CPU on which it was mapped
 * @owner_nest: grants of this key that the task then had, this one included
 * @owner_context: enum pksdiag_context in which it was mapped
 * @near_mapping: enum pksdiag_mapping of the neighbour's mapping
 * @owner_stack: callers of @owner_ip, if they were asked for
 *	(pksdiag.map_stacks); 0 where there is none
 * @near_ip: who mapped the neighbour
 * @near_pfn: page frame of the neighbour
 * @handed_ip: who called dax_direct_access()
 * @handed_ns: when
 * @handed_addr: kernel address that it got
 * @handed_pages: how many pages from there
 * @handed_pid: task that called it
 * @forgot: mappings that the ledger's slots for this page have forgotten
 * @handed_comm: that task's name
 * @lost_ip: the last unmap of a page that was not mapped: by this task, or if
 *	@mapping is kmap, by any
 * @lost_ns: when
 * @lost_pfn: of which page
 * @page: address of the struct page, 0 if there is none
 * @inode_addr: address of the inode
 * @clues: words in registers and on the stack that know the page
 * @module: name of the module that @ip is in
 * @module_base: where its text begins
 * @module_size: bytes of that text
 * @stack_words: words of the stack that were searched
 * @reserved: 0
 */
struct pksdiag_record {
	__u32 magic;
	__u16 version;
	__u16 size;
	__u64 hits;
	__u32 checksum;
	__u32 flags;
	__u64 seq;
	__u64 time_ns;
	__u64 real_ns;

	__u32 cpu;
	__u32 pid;
	__u32 tgid;
	__u8  context;
	__u8  access;
	__u16 width;
	char  comm[PKSDIAG_NAME_LEN];
	__u64 task;

	__u64 address;
	__u64 ip;
	__u64 error_code;
	__u8  insn[PKSDIAG_INSN_LEN];
	__u8  insn_len;
	__u8  level;
	__u8  pkey;
	__u8  device_pkey;
	__u8  verdict;
	__u8  resolution;
	__u8  mapping;
	__u8  confidence;

	__u64 pte;
	__u32 pkrs;
	__u32 pkrs_thread;
	__u32 pkrs_global;
	__u32 fs_dev;
	char  key_name[PKSDIAG_NAME_LEN];

	__u64 pfn;
	__u64 offset;
	__u64 inode;
	__u64 file_offset;
	char  device[PKSDIAG_DEVICE_LEN];

	__u64 owner_ip;
	__u64 unmap_ip;
	__u64 owner_ns;
	__u64 unmap_ns;
	__u32 owner_pid;
	__u32 unmap_pid;
	char  owner_comm[PKSDIAG_NAME_LEN];

	__u64 stext;
	__u8  build_id[PKSDIAG_BUILD_ID_LEN];
	__u32 stack_nr;
	__u64 stack[PKSDIAG_STACK_LEN];
	__u64 regs[PKSDIAG_NR_REGS];

	__u64 because;
	__u64 owner_task;
	__u32 owner_cpu;
	__u16 owner_nest;
	__u8  owner_context;
	__u8  near_mapping;
	__u64 owner_stack[PKSDIAG_STACK_MAP_LEN];
	__u64 near_ip;
	__u64 near_pfn;

	__u64 handed_ip;
	__u64 handed_ns;
	__u64 handed_addr;
	__u64 handed_pages;
	__u32 handed_pid;
	__u32 forgot;
	char  handed_comm[PKSDIAG_NAME_LEN];

	__u64 lost_ip;
	__u64 lost_ns;
	__u64 lost_pfn;

	__u64 page;
	__u64 inode_addr;
	struct pksdiag_clue_at clues[PKSDIAG_NR_CLUES];

	char  module[PKSDIAG_MODULE_LEN];
	__u64 module_base;
	__u32 module_size;
	__u32 stack_words;

	__u64 reserved[6];
};

#define PKSDIAG_RECORD_SIZE	960

/*
 * A slot's state word is seq << PKSDIAG_STATE_SHIFT | state. A reader takes a
 * record only if the word says COMMITTED and is the same before and after.
 */
#define PKSDIAG_STATE_SHIFT	2
#define PKSDIAG_STATE_MASK	3u
#define PKSDIAG_STATE_FREE	0u
#define PKSDIAG_STATE_WRITING	1u
#define PKSDIAG_STATE_COMMITTED	2u

/**
 * struct pksdiag_slot - a place for one record, in the ring or of a first
 * @state: sequence and state, see above
 * @dropped: ring: highest sequence that found this slot busy and was lost
 * @signature: first: hash of (ip, verdict, device), 0 if unused
 * @hits: first: faults with this signature so far
 * @reserved: 0; keeps the record on a cache line of its own
 * @record: the record
 */
struct pksdiag_slot {
	__u64 state;
	__u64 dropped;
	__u64 signature;
	__u64 hits;
	__u64 reserved[4];
	struct pksdiag_record record;
};

#define PKSDIAG_SLOT_SIZE	1024

/* Counters, in pksdiag_ring.counters; names in kernel/pksdiag/names.c. */
enum pksdiag_counter {
	PKSDIAG_C_FAULTS,	/* PKS faults that reached the decoder */
	PKSDIAG_C_RECORDED,	/* records committed to the ring */
	PKSDIAG_C_SIGNATURES,	/* of them: the first of their signature */
	PKSDIAG_C_REPEATS,	/* of them: not the first */
	PKSDIAG_C_UNTRACKED,	/* of them: no room to track the signature */
	PKSDIAG_C_DROP_RECURSION, /* fault while recording a fault */
	PKSDIAG_C_DROP_BUSY,	/* slot busy: its writer was overtaken */
	PKSDIAG_C_REPORTS,	/* reports printed */
	PKSDIAG_C_SUPPRESSED,	/* reports not printed: repeats, resolved faults */
	PKSDIAG_C_GLOBAL_LAG,	/* faults that a global grant resolved; in
				 * PKSDIAG_C_FAULTS only if they were recorded
				 */
	PKSDIAG_C_VIOLATIONS,	/* rules that call sites violated, each site and
				 * rule once; no records: pksdiag_sites.h
				 */
	PKSDIAG_NR_COUNTERS,
};

#define PKSDIAG_RING_F_PKS	0x1u	/* the CPU has PKS and it is on */

/**
 * struct pksdiag_ring - describes the ring, and itself
 * @magic: PKSDIAG_RING_MAGIC
 * @version: PKSDIAG_VERSION
 * @header_size: bytes of this struct
 * @record_size: bytes of a record
 * @slot_size: bytes of a slot
 * @nr_slots: slots in the ring, a power of two
 * @nr_firsts: slots for first records
 * @flags: PKSDIAG_RING_F_*
 * @nr_counters: valid entries in @counters
 * @head: highest sequence given out
 * @slots: kernel address of the ring's slots
 * @firsts: kernel address of the first records' slots
 * @stext: run-time address of _stext
 * @build_id: of the running vmlinux
 * @nr_keys: valid entries in @key_name
 * @key_name: names of the allocated keys, empty if free
 * @release: the kernel's release (uname -r)
 * @counters: enum pksdiag_counter
 * @nr_records: records that follow, in a capture file; 0 in the kernel
 *
 * In a dump it is at the symbol pksdiag_ring (VMCOREINFO). A capture file is
 * this header followed by records, in the order of their sequence.
 */
struct pksdiag_ring {
	__u32 magic;
	__u16 version;
	__u16 header_size;
	__u32 record_size;
	__u32 slot_size;
	__u32 nr_slots;
	__u32 nr_firsts;
	__u32 flags;
	__u32 nr_counters;
	__u64 head;
	__u64 slots;
	__u64 firsts;
	__u64 stext;
	__u8  build_id[PKSDIAG_BUILD_ID_LEN];
	__u32 nr_keys;
	char  key_name[PKSDIAG_NR_KEYS][PKSDIAG_NAME_LEN];
	char  release[64];
	__u64 counters[16];
	__u64 nr_records;
};

/* What an entry of the ledger stands for. */
enum pksdiag_owner_kind {
	PKSDIAG_OWN_PAGE,	/* a mapping of one page */
	PKSDIAG_OWN_SECTION,	/* a section: a device, or with @pfn 0 all */
	PKSDIAG_OWN_HANDOUT,	/* an address from dax_direct_access(), which
				 * opens nothing by itself
				 */
	PKSDIAG_OWN_LOST,	/* an unmap of what was not mapped */
	PKSDIAG_NR_OWN,
};

/**
 * struct pksdiag_owner - one mapping of protected memory, in the ledger
 * @state: sequence and state as of a slot; PKSDIAG_STATE_COMMITTED: a mapping,
 *	with @unmap_time 0 as long as it is there
 * @pfn: first page frame; 0 for a section that opens all devices
 * @nr_pages: pages from @pfn on
 * @map_ip: who mapped it
 * @unmap_ip: who unmapped it
 * @map_time: when it was mapped, in ticks of the ledger's clock
 * @unmap_time: when it was unmapped, or 0
 * @task: address of the task_struct that mapped it
 * @map_pid: that task
 * @unmap_pid: task that unmapped it
 * @cpu: on which it was mapped
 * @nest: grants of this key that the task then had, this one included
 * @type: enum pksdiag_mapping
 * @context: enum pksdiag_context
 * @kind: enum pksdiag_owner_kind
 * @dead: not 0: the task has exited and left the mapping behind
 * @comm: name of the task that mapped it
 * @stack: callers of @map_ip (pksdiag.map_stacks)
 */
struct pksdiag_owner {
	__u64 state;
	__u64 pfn;
	__u64 nr_pages;
	__u64 map_ip;
	__u64 unmap_ip;
	__u64 map_time;
	__u64 unmap_time;
	__u64 task;
	__u32 map_pid;
	__u32 unmap_pid;
	__u16 cpu;
	__u16 nest;
	__u8  type;
	__u8  context;
	__u8  kind;
	__u8  dead;
	char  comm[PKSDIAG_NAME_LEN];
	__u64 stack[PKSDIAG_STACK_MAP_LEN];
};

#define PKSDIAG_OWNER_SIZE	128
#define PKSDIAG_NR_PLACES	64

/**
 * struct pksdiag_device - where a protected device is
 * @start: first physical address
 * @size: bytes, 0: unused
 * @offset: byte of the device's data at @start; negative before the data
 * @name: of the device
 */
struct pksdiag_device {
	__u64 start;
	__u64 size;
	__s64 offset;
	char  name[PKSDIAG_DEVICE_LEN];
};

/**
 * struct pksdiag_clock - one moment, by the ledger's clock and by the kernel's
 * @ticks: of the ledger's clock, which does not go on in a suspend to RAM
 * @ns: CLOCK_MONOTONIC
 * @khz: ticks in a millisecond
 * @reserved: 0
 */
struct pksdiag_clock {
	__u64 ticks;
	__u64 ns;
	__u32 khz;
	__u32 reserved;
};

/**
 * pksdiag_clock_ns - when was that?
 * @clock: a moment not far from it: the rate is known to some millionths only
 * @ticks: a time by the ledger's clock
 *
 * Return: ns of CLOCK_MONOTONIC; 0 if @ticks is 0, and only then.
 */
static inline __u64 pksdiag_clock_ns(const struct pksdiag_clock *clock, __u64 ticks)
{
	__u64 apart = ticks < clock->ticks ? clock->ticks - ticks : ticks - clock->ticks;
	__u64 ns;

	if (!ticks || !clock->khz)
		return !!ticks;
	ns = apart / clock->khz * 1000000u + apart % clock->khz * 1000000u / clock->khz;
	if (ticks >= clock->ticks)
		return clock->ns + ns;
	return clock->ns > ns ? clock->ns - ns : 1;
}

#define PKSDIAG_LEDGER_MAGIC	0x4c534b50u	/* "PKSL" in memory */

/* Counters of the ledger, in pksdiag_ledger.counters. */
enum pksdiag_ledger_counter {
	PKSDIAG_L_FORGOTTEN,	/* ended mappings that were overwritten */
	PKSDIAG_L_DROPPED,	/* mappings that found no room */
	PKSDIAG_L_UNMATCHED,	/* unmaps of what was not known as mapped */
	PKSDIAG_NR_LEDGER_COUNTERS,
};

/**
 * struct pksdiag_ledger - describes the ledger
 * @magic: PKSDIAG_LEDGER_MAGIC
 * @version: PKSDIAG_VERSION
 * @header_size: bytes of this struct
 * @owner_size: bytes of a struct pksdiag_owner
 * @nr_owners: entries at @owners, 0: the ledger is off
 * @nr_handouts: of them, at the end: addresses that dax_direct_access() gave out
 * @nr_counters: valid entries in @counters
 * @nr_devices: entries in @devices
 * @handout_sets: the kernel's own: where addresses that were given out may be
 * @owners: kernel address of the entries
 * @clock: when it was read (ioctl); in a dump, when there last was a fault or
 *	a new device
 * @counters: enum pksdiag_ledger_counter
 * @devices: the protected devices' ranges
 *
 * In a dump it is at the symbol pksdiag_ledger (VMCOREINFO).
 */
struct pksdiag_ledger {
	__u32 magic;
	__u16 version;
	__u16 header_size;
	__u32 owner_size;
	__u32 nr_owners;
	__u32 nr_handouts;
	__u32 nr_counters;
	__u32 nr_devices;
	__u32 handout_sets;
	__u64 owners;
	struct pksdiag_clock clock;
	__u64 counters[8];
	struct pksdiag_device devices[PKSDIAG_NR_PLACES];
};

/**
 * struct pksdiag_owners_request - read entries of the ledger
 * @owners: where to write struct pksdiag_owner's
 * @start: index of the first entry
 * @nr: how many; on return, how many were written
 *
 * An entry that is being written meanwhile has its state PKSDIAG_STATE_WRITING.
 */
struct pksdiag_owners_request {
	__u64 owners;
	__u32 start;
	__u32 nr;
};

/*
 * /dev/pksdiag: read() returns one whole record; see
 * Documentation/ABI/testing/dev-pksdiag.
 */
#define PKSDIAG_IOC_RING	_IOR('P', 0xa0, struct pksdiag_ring)
#define PKSDIAG_IOC_LEDGER	_IOR('P', 0xa1, struct pksdiag_ledger)
#define PKSDIAG_IOC_OWNERS	_IOWR('P', 0xa2, struct pksdiag_owners_request)

#endif /* _UAPI_LINUX_PKSDIAG_H */
