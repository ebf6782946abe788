# SPDX-License-Identifier: GPL-2.0
"""The record ABI once more, written from the header's text and not from its
code: what reads and makes captures here must not share a bug with the tool."""

import struct
import zlib

RECORD_MAGIC = 0x52534B50
RING_MAGIC = 0x47534B50
RECORD_SIZE = 960
RING_COUNTERS = 16

CONTEXTS = ["task", "softirq", "hardirq", "NMI"]
ACCESSES = ["read", "write"]
VERDICTS = ["never-mapped", "missing-map", "overrun", "stray", "after-unmap",
            "other-thread", "other-context", "read-only", "global-lag",
            "wrong-key", "pkrs-mismatch"]
RESOLUTIONS = ["oops", "fixup", "global", "relaxed", "test"]
MAPPINGS = ["none", "kmap", "kmap_thread", "kmap_local", "kmap_atomic", "dax",
            "pmem", "pks"]
LEVELS = ["none", "4K", "2M", "1G"]
REGS = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9",
        "r10", "r11", "r12", "r13", "r14", "r15", "rflags", "orig_rax"]
COUNTERS = ["faults", "recorded", "signatures", "repeats", "untracked",
            "dropped_recursion", "dropped_busy", "reports",
            "reports_suppressed", "global_lag"]

F_DEVICE, F_PFN, F_FILE, F_KEY, F_INSN, F_PKRS, F_WIDTH, F_SHARED, F_REP, \
    F_OWNER = (1 << n for n in range(10))

RECORD_FIELDS = [
    ("magic", "I"), ("version", "H"), ("size", "H"), ("checksum", "I"),
    ("flags", "I"), ("hits", "Q"), ("seq", "Q"), ("time_ns", "Q"),
    ("real_ns", "Q"), ("cpu", "I"), ("pid", "I"), ("tgid", "I"),
    ("context", "B"), ("access", "B"), ("width", "H"), ("comm", "16s"),
    ("task", "Q"), ("address", "Q"), ("ip", "Q"), ("error_code", "Q"),
    ("insn", "16s"), ("insn_len", "B"), ("level", "B"), ("pkey", "B"),
    ("device_pkey", "B"), ("verdict", "B"), ("resolution", "B"),
    ("mapping", "B"), ("confidence", "B"), ("pte", "Q"), ("pkrs", "I"),
    ("pkrs_thread", "I"), ("pkrs_global", "I"), ("fs_dev", "I"),
    ("key_name", "16s"), ("pfn", "Q"), ("offset", "Q"), ("inode", "Q"),
    ("file_offset", "Q"), ("device", "32s"), ("owner_ip", "Q"),
    ("unmap_ip", "Q"), ("owner_ns", "Q"), ("unmap_ns", "Q"),
    ("owner_pid", "I"), ("unmap_pid", "I"), ("owner_comm", "16s"),
    ("stext", "Q"), ("build_id", "20s"), ("stack_nr", "I"),
    ("stack", "128s"), ("regs", "144s"), ("reserved", "360s"),
]
RING_FIELDS = [
    ("magic", "I"), ("version", "H"), ("header_size", "H"),
    ("record_size", "I"), ("slot_size", "I"), ("nr_slots", "I"),
    ("nr_firsts", "I"), ("flags", "I"), ("nr_counters", "I"), ("head", "Q"),
    ("slots", "Q"), ("firsts", "Q"), ("stext", "Q"), ("build_id", "20s"),
    ("nr_keys", "I"), ("key_name", "256s"), ("release", "64s"),
    ("counters", "128s"), ("nr_records", "Q"),
]


class Layout:
    """A packed little-endian structure."""

    def __init__(self, fields):
        self.names = [name for name, _ in fields]
        self.format = "<" + "".join(code for _, code in fields)
        self.size = struct.calcsize(self.format)
        self.offset = {}
        for i, (name, _) in enumerate(fields):
            before = "<" + "".join(code for _, code in fields[:i])
            self.offset[name] = struct.calcsize(before)

    def unpack(self, data, at=0):
        values = struct.unpack_from(self.format, data, at)
        return dict(zip(self.names, values))

    def pack(self, values):
        return struct.pack(self.format, *[values[name] for name in self.names])


RECORD = Layout(RECORD_FIELDS)
RING = Layout(RING_FIELDS)
assert RECORD.size == RECORD_SIZE


def checksum(data):
    """The CRC-32 of a record whose hits count as 0."""
    hits = RECORD.offset["hits"]
    body = data[RECORD.offset["flags"]:hits] + bytes(8) + data[hits + 8:]
    return zlib.crc32(body)


def seal(data):
    """Give record bytes their right checksum."""
    at = RECORD.offset["checksum"]
    return data[:at] + struct.pack("<I", checksum(data)) + data[at + 4:]


def words(data, count):
    return list(struct.unpack_from("<%dQ" % count, data))


def cstring(field):
    """A name as the tool shows it: up to its NUL, the rest escaped."""
    text = ""
    for byte in field.split(b"\0")[0]:
        if 0x20 <= byte < 0x7F and byte != 0x5C:
            text += chr(byte)
        else:
            text += "\\x%02x" % byte
    return text


def make_record(seq, **changes):
    """A synthetic record: for the parser only, no kernel ever wrote it."""
    ip = 0xFFFFFFFF81000100 + 16 * seq
    values = {name: 0 for name in RECORD.names}
    values.update(
        magic=RECORD_MAGIC, version=1, size=RECORD_SIZE, hits=1, seq=seq,
        flags=0x7F, time_ns=1234567890 + seq, real_ns=1700000000000000000,
        cpu=1, pid=100 + seq, tgid=100, access=1, width=8, comm=b"synthetic",
        task=0xFFFF888001234000, address=0xFFFF888041234008, ip=ip,
        error_code=0x23, insn=bytes.fromhex("488902") + bytes(13), insn_len=3,
        level=2, pkey=2, device_pkey=2, pte=0x9000000041200163,
        pkrs=0xFFFFFFFC, pkrs_thread=0xFFFFFFFC, pkrs_global=0xFFFFFFFC,
        fs_dev=0x10300, key_name=b"pmem0", pfn=0x41234, offset=0x1234008,
        inode=12, file_offset=0x2008, device=b"pmem0", owner_comm=b"",
        stext=0xFFFFFFFF81000000, build_id=bytes(range(20)), stack_nr=2,
        stack=struct.pack("<16Q", ip, ip + 0x100, *[0] * 14),
        regs=struct.pack("<18Q", *range(18)), reserved=bytes(360))
    values.update(changes)
    return seal(RECORD.pack(values))


def make_ring(count, **changes):
    """A synthetic ring header, as above."""
    values = {name: 0 for name in RING.names}
    values.update(
        magic=RING_MAGIC, version=1, header_size=RING.size,
        record_size=RECORD_SIZE, slot_size=1024, nr_slots=256, nr_firsts=64,
        flags=1, nr_counters=len(COUNTERS), head=count, stext=0xFFFFFFFF81000000,
        build_id=bytes(range(20)), nr_keys=16,
        key_name=bytes(32) + b"pmem0".ljust(224, b"\0"), release=b"6.1.0-test",
        counters=struct.pack("<16Q", count, count, *[0] * 14),
        nr_records=count)
    values.update(changes)
    return RING.pack(values)


def make_capture(count):
    return make_ring(count) + b"".join(
        make_record(seq) for seq in range(1, count + 1))


def read_capture(data):
    """(ring, [record]) of a capture that is known to be whole."""
    ring = RING.unpack(data)
    assert ring["magic"] == RING_MAGIC
    at, records = ring["header_size"], []
    while at < len(data):
        record = RECORD.unpack(data, at)
        raw = data[at:at + record["size"]]
        assert record["magic"] == RECORD_MAGIC and len(raw) == record["size"]
        assert checksum(raw) == record["checksum"]
        records.append(record)
        at += record["size"]
    return ring, records
