# SPDX-License-Identifier: GPL-2.0
"""The bytes of records, ring and ledger, by the layout of include/uapi/linux/pksdiag.h.

Nothing here needs drgn or debug info, and nothing is believed before it is checked.
"""

import struct
from dataclasses import dataclass
from typing import Any, List, Tuple

VERSION = 1
RECORD_MAGIC = 0x52534B50
RING_MAGIC = 0x47534B50
LEDGER_MAGIC = 0x4C534B50
RECORD_MAX = 65535
SLOT_MAX = 65536
SLOTS_MAX = 65536
OWNERS_MAX = 0x100000
OWNER_MAX = 4096
NR_KEYS = 16
NR_COUNTERS = 10
NR_LEDGER_COUNTERS = 3
NR_PLACES = 64
STACK_LEN = 16
INSN_LEN = 16
C_DROP_BUSY = 6
L_DROPPED = 1

FREE, WRITING, COMMITTED = 0, 1, 2
STATE_SHIFT, STATE_MASK = 2, 3

READ, WRITE = 0, 1
AT_REG, AT_STACK, AT_REG_OBJECT, AT_STACK_OBJECT = range(4)
CLUE_NONE = 0
B_NEIGHBOUR_OPEN = 21
CONF_UNKNOWN = 0
NEAR_FRAMES = 3
OWN_PAGE, OWN_SECTION, OWN_HANDOUT, OWN_LOST = range(4)
RING_F_PKS = 1

F_DEVICE = 0x1
F_PFN = 0x2
F_FILE = 0x4
F_KEY = 0x8
F_INSN = 0x10
F_PKRS = 0x20
F_WIDTH = 0x40
F_SHARED = 0x80
F_REP = 0x100
F_OWNER = 0x200
F_LEDGER = 0x400
F_MAPPED = 0x800
F_SECTION = 0x1000
F_NEAR = 0x2000
F_BEFORE_OPEN = 0x4000
F_AFTER_OPEN = 0x8000
F_HANDED = 0x10000
F_LOST = 0x20000
F_SEARCHED = 0x40000
F_MODULE = 0x80000
F_SAME_CALL = 0x100000
F_GUARD = 0x200000
F_EXCEPTION = 0x400000

_U64 = (1 << 64) - 1


class PksError(Exception):
    """What there is cannot be read; the text is one line for the user."""


class Defect(PksError):
    """Some bytes are not what they should be.

    :param at: offset of the offending field
    :param what: one line
    """

    def __init__(self, at: int, what: str) -> None:
        super().__init__(f"offset {at:#x}: {what}")
        self.at = at
        self.what = what


# --- The checksum -------------------------------------------------------------

_P1, _P2, _P3, _P4, _P5 = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)


def _rotate(word: int, bits: int) -> int:
    return (word << bits | word >> 64 - bits) & _U64


def _round(lane: int, word: int) -> int:
    return _rotate((lane + word * _P2) & _U64, 31) * _P1 & _U64


def _stripes(words: Tuple[int, ...]) -> int:
    lanes = [(_P1 + _P2) & _U64, _P2, 0, -_P1 & _U64]
    for start in range(0, len(words) // 4 * 4, 4):
        lanes = [_round(lane, words[start + i]) for i, lane in enumerate(lanes)]
    total = sum(_rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & _U64
    for lane in lanes:
        total = ((total ^ _round(0, lane)) * _P1 + _P4) & _U64
    return total


def xxh64(data: bytes) -> int:
    """Hash as XXH64 does with seed 0; so that no module beyond Python's own is needed.

    :param data: what to hash
    """
    words = struct.unpack_from(f"<{len(data) // 8}Q", data)
    total = (_stripes(words) if len(data) >= 32 else _P5) + len(data) & _U64
    done = len(data) // 32 * 4
    for word in words[done:]:
        total = (_rotate(total ^ _round(0, word), 27) * _P1 + _P4) & _U64
    tail = data[len(words) * 8 :]
    if len(tail) >= 4:
        total ^= int.from_bytes(tail[:4], "little") * _P1 & _U64
        total = (_rotate(total, 23) * _P2 + _P3) & _U64
        tail = tail[4:]
    for byte in tail:
        total = _rotate(total ^ byte * _P5 & _U64, 11) * _P1 & _U64
    total = (total ^ total >> 33) * _P2 & _U64
    total = (total ^ total >> 29) * _P3 & _U64
    return total ^ total >> 32


# --- A record -----------------------------------------------------------------


@dataclass(frozen=True)
class Clue:
    """Something in a register or on the stack that knows the page."""

    what: int
    where: int
    index: int
    frame: int
    offset: int
    value: int

    @property
    def on_stack(self) -> bool:
        """It was found by a word of the stack, not by a register."""
        return self.where in (AT_STACK, AT_STACK_OBJECT)

    @property
    def in_object(self) -> bool:
        """It was found in memory that the register or the word points to."""
        return self.where in (AT_REG_OBJECT, AT_STACK_OBJECT)

    @property
    def is_near(self) -> bool:
        """It belongs to the faulting function or to a near caller."""
        if self.on_stack:
            return self.frame < NEAR_FRAMES
        return self.where in (AT_REG, AT_REG_OBJECT)


@dataclass
class Fault:
    """One PKS fault: the fields of ``struct pksdiag_record``, as they are in it.

    Names are bytes, up to their NUL; enumerations are numbers.
    """

    magic: int
    version: int
    size: int
    hits: int
    checksum: int
    flags: int
    seq: int
    time_ns: int
    real_ns: int
    cpu: int
    pid: int
    tgid: int
    context: int
    access: int
    width: int
    comm: bytes
    task: int
    address: int
    ip: int
    error_code: int
    insn: bytes
    insn_len: int
    level: int
    pkey: int
    device_pkey: int
    verdict: int
    resolution: int
    mapping: int
    confidence: int
    pte: int
    pkrs: int
    pkrs_thread: int
    pkrs_global: int
    fs_dev: int
    key_name: bytes
    pfn: int
    offset: int
    inode: int
    file_offset: int
    device: bytes
    owner_ip: int
    unmap_ip: int
    owner_ns: int
    unmap_ns: int
    owner_pid: int
    unmap_pid: int
    owner_comm: bytes
    stext: int
    build_id: bytes
    stack_nr: int
    stack: Tuple[int, ...]
    regs: Tuple[int, ...]
    because: int
    owner_task: int
    owner_cpu: int
    owner_nest: int
    owner_context: int
    near_mapping: int
    owner_stack: Tuple[int, ...]
    near_ip: int
    near_pfn: int
    handed_ip: int
    handed_ns: int
    handed_addr: int
    handed_pages: int
    handed_pid: int
    forgot: int
    handed_comm: bytes
    lost_ip: int
    lost_ns: int
    lost_pfn: int
    page: int
    inode_addr: int
    clues: Tuple[Clue, ...]
    module: bytes
    module_base: int
    module_size: int
    stack_words: int

    def has(self, flag: int) -> bool:
        """Ask if a fact is there.

        :param flag: one of ``PKSDIAG_F_*``
        """
        return bool(self.flags & flag)

    @property
    def facts(self) -> List[int]:
        """Numbers of the facts that the verdict rests on."""
        return [bit for bit in range(64) if self.because >> bit & 1]

    @property
    def frames(self) -> Tuple[int, ...]:
        """The entries of the stack that are valid."""
        return self.stack[: self.stack_nr]

    @property
    def callers(self) -> Tuple[int, ...]:
        """Who called the code that mapped the page, as far as it was noted."""
        return up_to_zero(self.owner_stack)

    @property
    def known_clues(self) -> List[Clue]:
        """The clues that there are."""
        return [clue for clue in self.clues if clue.what != CLUE_NONE]

    def in_module(self, address: int) -> bool:
        """Ask if some code is in the record's module.

        :param address: of the code
        """
        return self.has(F_MODULE) and 0 <= address - self.module_base < self.module_size

    def ago(self, when: int) -> int:
        """How long before the fault something was.

        :param when: ns of CLOCK_MONOTONIC
        """
        return max(self.time_ns - when, 0)

    @property
    def is_unmapped(self) -> bool:
        """The record says who unmapped the page."""
        return self.has(F_OWNER) and not self.has(F_MAPPED)

    @property
    def side(self) -> int:
        """Where the neighbour is that the access may have run from: -1, 1, or 0 for none."""
        if self.has(F_NEAR):
            return -1 if self.near_pfn < self.pfn else 1
        if self.because >> B_NEIGHBOUR_OPEN & 1:
            return -1 if self.address % 4096 < 2048 else 1
        return 0

    @property
    def beyond(self) -> int:
        """Bytes from the edge of that neighbour to the far end of the access."""
        offset = self.address % 4096
        if self.side > 0:
            return 4096 - offset
        return offset + (self.width if self.has(F_WIDTH) else 1)

    @property
    def signature(self) -> Tuple[int, int, bytes]:
        """Faults with the same one are the same fault."""
        return self.ip, self.verdict, self.device_field

    # the whole field, for the kernel compares all of it
    device_field: bytes = b""


def up_to_zero(words: Tuple[int, ...]) -> Tuple[int, ...]:
    """The words before the first 0.

    :param words: the words
    """
    return words[: words.index(0)] if 0 in words else words


def _name(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]


_HEAD = struct.Struct("<IHHQI")
_RECORD = struct.Struct(
    "<IHHQII3Q 3I2BH16sQ 3Q16s8B Q4I16s 4Q32s 4Q2I16s Q20sI 128s144s"
    " 2QIH2B32s2Q 4Q2I16s 3Q 2Q96s 32sQ2I 48s".replace(" ", "")
)
_CLUE = struct.Struct("<2B3HQ")
RECORD_SIZE = 960
SLOT_HEAD = struct.Struct("<4Q32x")
assert _RECORD.size == RECORD_SIZE

# offsets of what the checks look at
_AT_VERSION, _AT_SIZE, _AT_CHECKSUM, _AT_FLAGS, _AT_SEQ = 4, 6, 16, 20, 24


def check_record(data: bytes) -> None:
    """Find out if a record can be believed.

    :param data: as many bytes as there are for it
    :raises Defect: it cannot
    """
    magic, version, size, _, checksum = _HEAD.unpack_from(data)
    if magic != RECORD_MAGIC:
        raise Defect(0, f"no record: magic is {magic:#010x}, expected {RECORD_MAGIC:#010x}")
    check_version("record", version, _AT_VERSION)
    if size < RECORD_SIZE:
        raise Defect(_AT_SIZE, f"the record has {size} bytes, expected at least {RECORD_SIZE}")
    if len(data) < size:
        raise Defect(len(data), f"the record ends after {len(data)} bytes, expected {size}")
    its = xxh64(data[_AT_FLAGS:size]) & 0xFFFFFFFF
    if its != checksum:
        raise Defect(
            _AT_CHECKSUM,
            f"bad checksum: the record says {checksum:#010x}, its bytes give {its:#010x}",
        )


def check_version(what: str, version: int, at: int) -> None:
    """Refuse a version that is not known here.

    :param what: of what
    :param version: its version
    :param at: where that is
    :raises Defect: it is not known
    """
    if version > VERSION:
        raise Defect(
            at,
            f"the {what} has version {version}, this pksdiag-drgn knows {VERSION}: "
            "use a newer pksdiag-drgn",
        )
    if not version:
        raise Defect(at, f"the {what} has version 0, expected {VERSION}")


def decode_record(data: bytes) -> Fault:
    """Check and decode a record; fields behind those that are known here are skipped.

    :param data: its bytes
    :raises Defect: it cannot be believed
    """
    check_record(data)
    values = list(_RECORD.unpack_from(data))[:-1]
    names = list(Fault.__dataclass_fields__)[: len(values)]
    fields = dict(zip(names, values))
    for name in ("comm", "key_name", "owner_comm", "handed_comm", "module"):
        fields[name] = _name(fields[name])
    for name in ("stack", "regs", "owner_stack"):
        fields[name] = struct.unpack(f"<{len(fields[name]) // 8}Q", fields[name])
    fields["clues"] = tuple(Clue(*clue) for clue in _CLUE.iter_unpack(fields["clues"]))
    device = fields["device"]
    fields["device"] = _name(device)
    return Fault(**fields, device_field=device)


# --- The ring -----------------------------------------------------------------


@dataclass(frozen=True)
class Ring:
    """The fields of ``struct pksdiag_ring``, without its addresses' contents."""

    magic: int
    version: int
    header_size: int
    record_size: int
    slot_size: int
    nr_slots: int
    nr_firsts: int
    flags: int
    nr_counters: int
    head: int
    slots: int
    firsts: int
    stext: int
    build_id: bytes
    nr_keys: int
    key_name: bytes
    release: bytes
    counters: Tuple[int, ...]

    def key(self, number: int) -> bytes:
        """Name of an allocated key, empty if it is free.

        :param number: of the key
        """
        if number >= self.nr_keys:
            return b""
        return _name(self.key_name[16 * number : 16 * number + 16])


_RING = struct.Struct("<I2H6I4Q20sI256s64s128sQ")
RING_SIZE = _RING.size


def _check_sizes(ring: Ring) -> None:
    if ring.header_size < RING_SIZE:
        raise Defect(6, f"header size is {ring.header_size}, expected at least {RING_SIZE}")
    if not RECORD_SIZE <= ring.record_size <= RECORD_MAX:
        raise Defect(
            8, f"record size is {ring.record_size}, expected {RECORD_SIZE} to {RECORD_MAX}"
        )
    if ring.nr_counters > 16:
        raise Defect(28, f"{ring.nr_counters} counters, expected at most 16")
    if ring.nr_keys > NR_KEYS:
        raise Defect(84, f"{ring.nr_keys} keys, expected at most {NR_KEYS}")


def _span_ok(base: int, size: int) -> bool:
    return not size or (base > 0 and base + size <= _U64)


def _check_slots(ring: Ring) -> None:
    least = SLOT_HEAD.size + ring.record_size
    if not least <= ring.slot_size <= SLOT_MAX or ring.slot_size % 8:
        raise Defect(
            12, f"slot size is {ring.slot_size}, expected {least} to {SLOT_MAX}, in words"
        )
    number = ring.nr_slots
    if not number or number & number - 1 or number > SLOTS_MAX:
        raise Defect(16, f"{number} slots, expected a power of two up to {SLOTS_MAX}")
    if ring.nr_firsts > SLOTS_MAX:
        raise Defect(20, f"{ring.nr_firsts} first slots, expected at most {SLOTS_MAX}")
    if not _span_ok(ring.slots, number * ring.slot_size):
        raise Defect(40, f"slots at {ring.slots:#x}: no such range")
    if not _span_ok(ring.firsts, ring.nr_firsts * ring.slot_size):
        raise Defect(48, f"firsts at {ring.firsts:#x}: no such range")


def decode_ring(data: bytes) -> Ring:
    """Check and decode the ring's header.

    :param data: its bytes
    :raises Defect: it cannot be used
    """
    values = list(_RING.unpack_from(data))[:-1]
    values[16] = _name(values[16])
    values[17] = struct.unpack("<16Q", values[17])
    ring = Ring(*values)
    if ring.magic != RING_MAGIC:
        raise Defect(
            0, f"no ring header: magic is {ring.magic:#010x}, expected {RING_MAGIC:#010x}"
        )
    check_version("ring", ring.version, 4)
    _check_sizes(ring)
    _check_slots(ring)
    return ring


# --- The ledger ---------------------------------------------------------------


@dataclass(frozen=True)
class Device:
    """Where a protected device is: ``struct pksdiag_device``."""

    start: int
    size: int
    offset: int
    name: bytes


@dataclass(frozen=True)
class LedgerHead:
    """The fields of ``struct pksdiag_ledger``."""

    magic: int
    version: int
    header_size: int
    owner_size: int
    nr_owners: int
    nr_handouts: int
    nr_counters: int
    nr_devices: int
    handout_sets: int
    owners: int
    ticks: int
    ns: int
    khz: int
    reserved: int
    counters: Tuple[int, ...]
    devices: Tuple[Device, ...]

    def clock_ns(self, ticks: int) -> int:
        """Turn a time of the ledger's clock into ns of CLOCK_MONOTONIC.

        :param ticks: the time, 0 for never
        """
        if not ticks or not self.khz:
            return int(ticks != 0)
        apart = abs(ticks - self.ticks)
        ns = apart // self.khz * 1000000 + apart % self.khz * 1000000 // self.khz
        if ticks >= self.ticks:
            return self.ns + ns
        return self.ns - ns if self.ns > ns else 1


@dataclass
class Owner:
    """One mapping of protected memory: ``struct pksdiag_owner``.

    Its times are in ns of CLOCK_MONOTONIC, ``unmap_time`` is 0 as long as it is mapped.
    """

    state: int
    pfn: int
    nr_pages: int
    map_ip: int
    unmap_ip: int
    map_time: int
    unmap_time: int
    task: int
    map_pid: int
    unmap_pid: int
    cpu: int
    nest: int
    type: int
    context: int
    kind: int
    dead: int
    comm: bytes
    stack: Tuple[int, ...]

    @property
    def is_mapped(self) -> bool:
        """It gives access now."""
        return not self.unmap_time and self.kind in (OWN_PAGE, OWN_SECTION)

    @property
    def _only_unmap(self) -> bool:
        return self.kind == OWN_LOST and self.unmap_time != 0

    @property
    def ns(self) -> int:
        """When what it stands for began."""
        return self.unmap_time if self._only_unmap else self.map_time

    @property
    def ip(self) -> int:
        """The code that did it."""
        return self.unmap_ip if self._only_unmap else self.map_ip

    @property
    def pid(self) -> int:
        """The task that did it."""
        return self.unmap_pid if self._only_unmap else self.map_pid

    @property
    def opens_all(self) -> bool:
        """It is a section that opens all devices."""
        return self.kind == OWN_SECTION and not self.pfn


_LEDGER = struct.Struct("<I2H6I3Q2I64s")
_DEVICE = struct.Struct("<2Qq32s")
_OWNER = struct.Struct("<8Q2I2H4B16s32s")
LEDGER_SIZE = _LEDGER.size + NR_PLACES * _DEVICE.size
OWNER_SIZE = _OWNER.size
assert OWNER_SIZE == 128


def _check_ledger(head: LedgerHead) -> None:
    if head.magic != LEDGER_MAGIC:
        raise Defect(0, f"no ledger: magic is {head.magic:#010x}, expected {LEDGER_MAGIC:#010x}")
    check_version("ledger", head.version, 4)
    if head.header_size < LEDGER_SIZE:
        raise Defect(6, f"header size is {head.header_size}, expected at least {LEDGER_SIZE}")
    if not OWNER_SIZE <= head.owner_size <= OWNER_MAX or head.owner_size % 8:
        raise Defect(
            8, f"entry size is {head.owner_size}, expected {OWNER_SIZE} to {OWNER_MAX}, in words"
        )
    if head.nr_owners > OWNERS_MAX:
        raise Defect(12, f"{head.nr_owners} entries, expected at most {OWNERS_MAX}")
    if head.nr_handouts > head.nr_owners:
        raise Defect(16, f"{head.nr_handouts} hand-outs, expected at most {head.nr_owners}")
    if head.nr_counters > 8:
        raise Defect(20, f"{head.nr_counters} counters, expected at most 8")
    if head.nr_devices > NR_PLACES:
        raise Defect(24, f"{head.nr_devices} devices, expected at most {NR_PLACES}")
    if head.nr_owners and not head.khz:
        raise Defect(56, "the clock has 0 kHz")
    if not _span_ok(head.owners, head.nr_owners * head.owner_size):
        raise Defect(32, f"entries at {head.owners:#x}: no such range")


def decode_ledger(data: bytes) -> LedgerHead:
    """Check and decode the ledger's header.

    :param data: its bytes
    :raises Defect: it cannot be used
    """
    values = list(_LEDGER.unpack_from(data))
    counters = struct.unpack("<8Q", values.pop())
    places = _DEVICE.iter_unpack(data[_LEDGER.size : LEDGER_SIZE])
    devices = [Device(start, size, at, _name(name)) for start, size, at, name in places]
    fields: List[Any] = [*values, counters, tuple(devices[: values[7]])]
    head = LedgerHead(*fields)
    _check_ledger(head)
    return head


def decode_owner(data: bytes, head: LedgerHead, limits: Tuple[int, int, int]) -> Owner:
    """Check and decode an entry of the ledger.

    :param data: its bytes
    :param head: the ledger
    :param limits: how many kinds, mapping types and contexts are known
    :raises Defect: there is something in it that cannot be
    """
    values = list(_OWNER.unpack_from(data))
    values[-1] = struct.unpack("<4Q", values[-1])
    values[-2] = _name(values[-2])
    owner = Owner(*values)
    if owner.state & STATE_MASK != COMMITTED:
        raise Defect(0, f"state word {owner.state:#x} has no meaning")
    if owner.pfn >> 52:
        raise Defect(8, f"{owner.pfn:#x} is no page frame")
    if owner.kind >= limits[0]:
        raise Defect(78, f"kind {owner.kind} is not known")
    if owner.type >= limits[1]:
        raise Defect(76, f"mapping type {owner.type} is not known")
    if owner.context >= limits[2]:
        raise Defect(77, f"context {owner.context} is not known")
    owner.map_time = head.clock_ns(owner.map_time)
    owner.unmap_time = head.clock_ns(owner.unmap_time)
    return owner
