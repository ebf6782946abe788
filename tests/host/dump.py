# SPDX-License-Identifier: GPL-2.0
"""A synthetic crash dump: for byte-level tests of the reader only, no
kernel ever wrote it. It has what libkdumpfile needs of x86-64 Linux (VMCOREINFO
and page tables that map the kernel image), a ring, and a ledger if asked for."""

import struct

import abi

VIRTUAL = 0xFFFFFFFF81000000
PHYSICAL = 0x1000000
PGD, PUD, PMD, RING, FIRSTS, NAMES, SLOTS, LEDGER, OWNERS = (
    0x0000, 0x1000, 0x2000, 0x3000, 0x4000, 0x6000, 0x8000, 0xC000, 0xD000)
MEMORY = 0x10000
NR_SLOTS, NR_FIRSTS = 16, 8
COMMITTED, WRITING = 2, 1


def page_tables(memory):
    """One 2 MiB page at VIRTUAL."""
    index = [VIRTUAL >> shift & 511 for shift in (39, 30, 21)]
    entries = [PHYSICAL + PUD | 0x63, PHYSICAL + PMD | 0x63, PHYSICAL | 0x1E3]
    for table, at, entry in zip((PGD, PUD, PMD), index, entries):
        struct.pack_into("<Q", memory, table + 8 * at, entry)


def put_slot(memory, at, record, hits=0, state=None):
    seq = abi.RECORD.unpack(record)["seq"]
    word = seq << 2 | COMMITTED if state is None else state
    memory[at:at + 64] = struct.pack("<8Q", word, 0, 1, hits, 0, 0, 0, 0)
    memory[at + 64:at + 64 + len(record)] = record


def ring(count, **changes):
    values = {"nr_slots": NR_SLOTS, "nr_firsts": NR_FIRSTS,
              "slots": VIRTUAL + SLOTS, "firsts": VIRTUAL + FIRSTS}
    values.update(changes)
    return abi.make_ring(count, **values)


def memory_of(count, **changes):
    """Memory of a machine that saw @count faults: one signature, so that the
    first of them is in a firsts slot, with as many hits."""
    memory = bytearray(MEMORY)
    page_tables(memory)
    header = ring(count, **changes)
    memory[RING:RING + len(header)] = header
    for seq in range(1, count + 1):
        record = abi.make_record(seq, ip=VIRTUAL + 0x100, hits=seq)
        at = SLOTS + (seq - 1) % NR_SLOTS * 1024
        put_slot(memory, at, record)
        if seq == 1:
            put_slot(memory, FIRSTS, record, hits=count)
    return memory


def put_ledger(memory, entries, devices=(), **changes):
    """A ledger of these entries, whose ticks are ns."""
    values = {"owners": VIRTUAL + OWNERS, "clock_ticks": 0, "clock_ns": 0,
              **changes}
    head = abi.make_ledger(len(entries), devices, **values)
    memory[LEDGER:LEDGER + len(head)] = head
    data = b"".join(entries)
    memory[OWNERS:OWNERS + len(data)] = data
    return memory


def put_sites(memory, entries, found=(), **changes):
    """A table of call sites and of violations, where the ledger could be."""
    data = b"".join(entries)
    values = {"sites": VIRTUAL + OWNERS, "violations": VIRTUAL + OWNERS + len(data),
              "now_ns": 0, **changes}
    head = abi.make_sites(**{"nr_sites": len(entries), "nr_violations": len(found),
                             **values})
    memory[LEDGER:LEDGER + len(head)] = head
    data += b"".join(found)
    memory[OWNERS:OWNERS + len(data)] = data
    return memory


def vmcoreinfo(has_ring=True, has_ledger=False, symbols=None):
    lines = ["OSRELEASE=6.1.0-test", "PAGESIZE=4096",
             "BUILD-ID=" + bytes(range(20)).hex(),
             "SYMBOL(swapper_pg_dir)=%x" % (VIRTUAL + PGD),
             "SYMBOL(_stext)=%x" % VIRTUAL, "NUMBER(phys_base)=0",
             "NUMBER(pgtable_l5_enabled)=0", "KERNELOFFSET=0"]
    if has_ring:
        lines.append("SYMBOL(pksdiag_ring)=%x" % (VIRTUAL + RING))
    if has_ledger:
        lines.append("SYMBOL(pksdiag_ledger)=%x" % (VIRTUAL + LEDGER))
    for name, address in (symbols or {}).items():
        lines.append("SYMBOL(%s)=%x" % (name, address))
    return ("\n".join(lines) + "\n").encode()


def note(name, kind, data):
    def padded(raw):
        return raw + bytes(-len(raw) % 4)
    head = struct.pack("<III", len(name) + 1, len(data), kind)
    return head + padded(name + b"\0") + padded(data)


def segment(kind, offset, virtual, physical, size):
    return struct.pack("<IIQQQQQQ", kind, 7, offset, virtual, physical, size,
                       size, 0)


def dump(memory, info):
    """The bytes of the dump file."""
    notes = note(b"VMCOREINFO", 0, info)
    start = 0x1000
    assert 64 + 2 * 56 + len(notes) <= start
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    head = header + segment(4, 176, 0, 0, len(notes)) + segment(
        1, start, VIRTUAL, PHYSICAL, len(memory)) + notes
    return head.ljust(start, b"\0") + bytes(memory)


def kdump(split=None, max_pfn=0x1010, version=6, count=5):
    """The same memory, kdump-compressed without compression; split is (start, end)."""
    start, end = split or (0, max_pfn)
    info = vmcoreinfo(symbols={"init_top_pgt": VIRTUAL + PGD})
    notes = note(b"VMCOREINFO", 0, info)
    blocks = (max_pfn // 8 + 4095) // 4096
    head = bytearray(8192)
    names = [b"Linux", b"host", b"6.1.0-test", b"#1", b"x86_64", b""]
    struct.pack_into("<8si" + "65s" * 6, head, 0, b"KDUMP   ", version, *names)
    struct.pack_into("<9I", head, 424, 1, 4096, 1, 2 * blocks, max_pfn, 0, 0, 0, 0)
    struct.pack_into("<I", head, 460, 1)
    struct.pack_into("<QiI12Q", head, 4096, 0, 31, bool(split), start, end,
                     4608 + 24, len(info), 4608, len(notes), 0, 0, start, end, max_pfn, 0)
    head[4608:4608 + len(notes)] = notes
    bitmap = bytearray(blocks * 4096)
    first, last = PHYSICAL >> 12, (PHYSICAL + MEMORY) >> 12
    for pfn in range(first, last):
        bitmap[pfn >> 3] |= 1 << (pfn & 7)
    memory = bytes(memory_of(count))
    shown = range(max(start, first), min(end, last))
    at = len(head) + 2 * len(bitmap) + 24 * len(shown)
    descs = b"".join(struct.pack("<QIIQ", at + 4096 * i, 4096, 0, 0)
                     for i in range(len(shown)))
    pages = b"".join(memory[(pfn - first) * 4096:][:4096] for pfn in shown)
    return bytes(head) + 2 * bytes(bitmap) + descs + pages


def flat(*pieces, end=True, kind=1, version=1):
    """A flattened file of these (offset, bytes)."""
    head = b"makedumpfile".ljust(16, b"\0") + struct.pack(">qq", kind, version)
    body = b"".join(struct.pack(">qq", at, len(data)) + data for at, data in pieces)
    return head.ljust(4096, b"\0") + body + (struct.pack(">qq", -1, -1) if end else b"")
