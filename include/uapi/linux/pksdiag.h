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

/**
 * struct pksdiag_record - one PKS fault, complete in itself
 * @magic: PKSDIAG_RECORD_MAGIC
 * @version: PKSDIAG_VERSION of the writer
 * @size: bytes of this record, this header included
 * @checksum: CRC-32 as zlib's crc32(): of @size bytes from @flags on with
 *	@hits taken as 0 (bytes 0 to 11, magic to checksum, are not covered)
 * @flags: PKSDIAG_F_*
 * @hits: faults with this record's signature (ip, verdict, device), up to and
 *	with this one; in the retained first record: all so far
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
 * @confidence: reserved, 0
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
 * @reserved: 0
 */
struct pksdiag_record {
	__u32 magic;
	__u16 version;
	__u16 size;
	__u32 checksum;
	__u32 flags;
	__u64 hits;
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

	__u64 reserved[45];
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

/*
 * /dev/pksdiag: read() returns one whole record; see
 * Documentation/ABI/testing/dev-pksdiag.
 */
#define PKSDIAG_IOC_RING	_IOR('P', 0xa0, struct pksdiag_ring)

#endif /* _UAPI_LINUX_PKSDIAG_H */
