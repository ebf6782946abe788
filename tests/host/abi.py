# SPDX-License-Identifier: GPL-2.0
"""The record ABI once more, written from the header's text and not from its
code: what reads and makes captures here must not share a bug with the tool."""

import struct

import xxhash

RECORD_MAGIC = 0x52534B50
RING_MAGIC = 0x47534B50
LEDGER_MAGIC = 0x4C534B50
SITES_MAGIC = 0x53534B50
RECORD_SIZE = 960
OWNER_SIZE = 128
SITE_SIZE = 256
VIOLATION_SIZE = 224
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
            "reports_suppressed", "global_lag", "site_violations"]

CONFIDENCES = ["unknown", "likely", "certain"]
BECAUSE = ["entry-unknown", "pkrs-unknown", "key-not-allocated",
           "key-not-of-device", "access-was-asked-for", "register-allows",
           "global-allows", "read-grant", "mapped-now", "owner-is-self",
           "owner-was-interrupted", "owner-is-other-task", "unmapped-before",
           "same-task", "same-code", "recent", "unmatched-unmap", "no-ledger",
           "no-mapping-known", "ledger-forgot", "neighbour-mapped",
           "neighbour-accessible", "at-edge", "runs-over-edge",
           "page-known-near", "page-known-far", "file-known", "frame-known",
           "address-handed-out", "handed-to-this-code", "handed-address-held",
           "stack-searched", "page-not-known", "no-device", "recorder-memory",
           "file-place-known", "folio-known"]
CLUES = ["none", "page", "folio", "inode", "mapping", "pfn", "phys", "handed",
         "index"]
PLACES = ["register", "stack", "object-of-register", "object-of-stack"]
KINDS = ["page", "section", "handout", "unmatched-unmap"]
LEDGER_COUNTERS = ["forgotten", "dropped", "unmatched"]
SITE_COUNTERS = ["plain", "protected", "unmaps", "other-task", "kept-over-user",
                 "kept-at-exit", "slept", "in-interrupt", "untracked"]
VIOLATIONS = ["unmapped-by-other-task", "unmapped-in-other-context",
              "held-over-return-to-user", "held-at-exit", "wrong-order",
              "slept-while-atomic", "mapped-while-atomic", "wrong-function",
              "unmapped-twice", "fault"]
SITES_COUNTERS = ["no-room-for-site", "no-room-for-mapping",
                  "no-room-for-violation", "unknown-unmaps"]
SITE_STATES = ["free", "filling", "used", "gone"]

F_DEVICE, F_PFN, F_FILE, F_KEY, F_INSN, F_PKRS, F_WIDTH, F_SHARED, F_REP, \
    F_OWNER, F_LEDGER, F_MAPPED, F_SECTION, F_NEAR, F_BEFORE_OPEN, \
    F_AFTER_OPEN, F_HANDED, F_LOST, F_SEARCHED, F_MODULE, \
    F_SAME_CALL, F_GUARD, F_EXCEPTION = (1 << n for n in range(23))

RECORD_FIELDS = [
    ("magic", "I"), ("version", "H"), ("size", "H"), ("hits", "Q"),
    ("checksum", "I"), ("flags", "I"), ("seq", "Q"), ("time_ns", "Q"),
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
    ("stack", "128s"), ("regs", "144s"),
    ("because", "Q"), ("owner_task", "Q"), ("owner_cpu", "I"),
    ("owner_nest", "H"), ("owner_context", "B"), ("near_mapping", "B"),
    ("owner_stack", "32s"), ("near_ip", "Q"), ("near_pfn", "Q"),
    ("handed_ip", "Q"), ("handed_ns", "Q"), ("handed_addr", "Q"),
    ("handed_pages", "Q"), ("handed_pid", "I"), ("forgot", "I"),
    ("handed_comm", "16s"), ("lost_ip", "Q"), ("lost_ns", "Q"),
    ("lost_pfn", "Q"), ("page", "Q"), ("inode_addr", "Q"), ("clues", "96s"),
    ("module", "32s"), ("module_base", "Q"), ("module_size", "I"),
    ("stack_words", "I"), ("reserved", "48s"),
]
CLUE_FIELDS = [("what", "B"), ("where", "B"), ("index", "H"), ("frame", "H"),
               ("offset", "H"), ("value", "Q")]
OWNER_FIELDS = [
    ("state", "Q"), ("pfn", "Q"), ("nr_pages", "Q"), ("map_ip", "Q"),
    ("unmap_ip", "Q"), ("map_time", "Q"), ("unmap_time", "Q"), ("task", "Q"),
    ("map_pid", "I"), ("unmap_pid", "I"), ("cpu", "H"), ("nest", "H"),
    ("type", "B"), ("context", "B"), ("kind", "B"), ("dead", "B"),
    ("comm", "16s"), ("stack", "32s"),
]
DEVICE_FIELDS = [("start", "Q"), ("size", "Q"), ("offset", "q"),
                 ("name", "32s")]
LEDGER_FIELDS = [
    ("magic", "I"), ("version", "H"), ("header_size", "H"),
    ("owner_size", "I"), ("nr_owners", "I"), ("nr_handouts", "I"),
    ("nr_counters", "I"), ("nr_devices", "I"), ("handout_sets", "I"),
    ("owners", "Q"), ("clock_ticks", "Q"), ("clock_ns", "Q"),
    ("clock_khz", "I"), ("clock_reserved", "I"), ("counters", "64s"),
    ("devices", "%ds" % (64 * 56)),
]
SITE_FIELDS = [
    ("key", "Q"), ("ip", "Q"), ("counters", "72s"), ("violations", "80s"),
    ("reported", "Q"), ("longest_ns", "Q"), ("first_ns", "Q"),
    ("max_nest", "I"), ("state", "B"), ("mapping", "B"), ("unmap", "B"),
    ("reserved", "B"), ("module", "32s"), ("module_base", "Q"),
    ("reserved2", "16s"),
]
VIOLATION_FIELDS = [
    ("state", "Q"), ("time_ns", "Q"), ("site", "I"), ("kind", "B"),
    ("mapping", "B"), ("context", "B"), ("map_context", "B"), ("pfn", "Q"),
    ("map_ip", "Q"), ("ip", "Q"), ("map_ns", "Q"), ("map_pid", "I"),
    ("pid", "I"), ("map_comm", "16s"), ("comm", "16s"), ("map_stack", "64s"),
    ("stack", "64s"),
]
SITES_FIELDS = [
    ("magic", "I"), ("version", "H"), ("header_size", "H"),
    ("site_size", "I"), ("violation_size", "I"), ("nr_sites", "I"),
    ("nr_violations", "I"), ("nr_counters", "I"), ("flags", "I"),
    ("sites", "Q"), ("violations", "Q"), ("now_ns", "Q"),
    ("counters", "64s"),
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
CLUE = Layout(CLUE_FIELDS)
OWNER = Layout(OWNER_FIELDS)
DEVICE = Layout(DEVICE_FIELDS)
LEDGER = Layout(LEDGER_FIELDS)
SITE = Layout(SITE_FIELDS)
VIOLATION = Layout(VIOLATION_FIELDS)
SITES = Layout(SITES_FIELDS)
assert RECORD.size == RECORD_SIZE
assert SITE.size == SITE_SIZE and VIOLATION.size == VIOLATION_SIZE
assert CLUE.size == 16 and OWNER.size == OWNER_SIZE and DEVICE.size == 56


def checksum(data):
    """The low half of XXH64 of a record from its flags on."""
    return xxhash.xxh64_intdigest(data[RECORD.offset["flags"]:]) % 2 ** 32


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
        regs=struct.pack("<18Q", *range(18)), owner_stack=bytes(32),
        handed_comm=b"", clues=bytes(96), module=b"", reserved=bytes(48))
    values.update(changes)
    return seal(RECORD.pack(values))


def make_clues(*clues):
    """Up to six clues, each a dict of what is not 0."""
    packed = b"".join(CLUE.pack({**dict.fromkeys(CLUE.names, 0), **clue})
                      for clue in clues)
    return packed.ljust(96, b"\0")


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


def make_owner(**changes):
    """A synthetic entry of the ledger: a mapping that is there."""
    values = dict.fromkeys(OWNER.names, 0)
    values.update(state=1 << 2 | 2, pfn=0x40010, nr_pages=1,
                  map_ip=0xFFFFFFFF81000500, map_time=10 ** 9,
                  task=0xFFFF888001234000, map_pid=77, cpu=1, nest=1, type=3,
                  comm=b"mapper", stack=bytes(32))
    values.update(changes)
    return OWNER.pack(values)


def make_device(start, size, offset, name):
    return DEVICE.pack({"start": start, "size": size, "offset": offset,
                        "name": name})


def make_ledger(count, devices=(), **changes):
    """A synthetic header of the ledger."""
    values = dict.fromkeys(LEDGER.names, 0)
    values.update(
        magic=LEDGER_MAGIC, version=1, header_size=LEDGER.size,
        owner_size=OWNER_SIZE, nr_owners=count,
        nr_counters=len(LEDGER_COUNTERS), nr_devices=len(devices),
        owners=0xFFFF888001000000, clock_ticks=5 * 10 ** 9,
        clock_ns=5 * 10 ** 9, clock_khz=10 ** 6,
        counters=struct.pack("<8Q", 7, 0, 5, 0, 0, 0, 0, 0),
        devices=b"".join(devices))
    values.update(changes)
    return LEDGER.pack(values)


def make_site(counters=(), violations=(), **changes):
    """A synthetic call site: one that ran."""
    values = dict.fromkeys(SITE.names, 0)
    values.update(key=1, ip=0xFFFFFFFF81000500, state=2, mapping=3, first_ns=1,
                  module=b"", reserved2=bytes(16),
                  counters=struct.pack("<9Q", *counters, *[0] * (9 - len(counters))),
                  violations=struct.pack("<10Q", *violations,
                                         *[0] * (10 - len(violations))))
    values.update(changes)
    return SITE.pack(values)


def make_violation(map_stack=(), stack=(), **changes):
    """A synthetic violation of site 0."""
    values = dict.fromkeys(VIOLATION.names, 0)
    values.update(state=1 << 2 | 2, time_ns=5 * 10 ** 9, mapping=3, pfn=0x40010,
                  map_ip=0xFFFFFFFF81000500, ip=0xFFFFFFFF81000600,
                  map_ns=4 * 10 ** 9, map_pid=77, pid=78, map_comm=b"mapper",
                  comm=b"unmapper",
                  map_stack=struct.pack("<8Q", *map_stack, *[0] * (8 - len(map_stack))),
                  stack=struct.pack("<8Q", *stack, *[0] * (8 - len(stack))))
    values.update(changes)
    return VIOLATION.pack(values)


def make_sites(nr_sites, nr_violations=0, **changes):
    """A synthetic header of the call sites."""
    values = dict.fromkeys(SITES.names, 0)
    values.update(
        magic=SITES_MAGIC, version=1, header_size=SITES.size,
        site_size=SITE_SIZE, violation_size=VIOLATION_SIZE, nr_sites=nr_sites,
        nr_violations=nr_violations, nr_counters=len(SITES_COUNTERS),
        sites=0xFFFF888001000000, violations=0xFFFF888002000000,
        now_ns=6 * 10 ** 9, counters=bytes(64))
    values.update(changes)
    return SITES.pack(values)


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
