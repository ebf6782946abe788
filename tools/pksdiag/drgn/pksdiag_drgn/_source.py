# SPDX-License-Identifier: GPL-2.0
"""Ring, records and ledger in the memory of a drgn program."""

import logging
import time
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional, Tuple

import drgn
from drgn import FaultError, Program, ProgramFlags

from . import _abi
from ._abi import Defect, Fault, LedgerHead, Owner, PksError, Ring
from ._words import words

LOG = logging.getLogger("pksdiag_drgn")

# Slots are read together: through /proc/kcore each read is a system call.
_CHUNK = 64
# A writer is done with a record in microseconds.
_TRIES = 100


def symbol_address(prog: Program, name: str) -> int:
    """Run-time address of a variable of the kernel.

    :param prog: the program
    :param name: the variable
    :raises PksError: there is none
    """
    if not prog.flags & ProgramFlags.IS_LINUX_KERNEL:
        raise PksError("not a Linux kernel: give /proc/kcore or a kernel's crash dump")
    try:
        return int(prog.symbol(name).address)
    except LookupError:
        pass
    try:
        prog.symbol("_stext")
    except LookupError:
        raise PksError(
            "no debug info: give the vmlinux of this kernel's build (-s VMLINUX)"
        ) from None
    raise PksError(f"no {name}: this kernel had no CONFIG_PKSDIAG, so there are no PKS records")


def is_live(prog: Program) -> bool:
    """The program is the running kernel, not a dump.

    :param prog: the program
    """
    return bool(prog.flags & ProgramFlags.IS_LIVE)


def _read(prog: Program, address: int, size: int, what: str) -> bytes:
    try:
        return bytes(prog.read(address, size))
    except (FaultError, OSError, ValueError) as error:
        raise PksError(f"cannot read the {what} at {address:#x} (cut off?): {error}") from error


def read_ring(prog: Program) -> Ring:
    """Read and check the header of the ring.

    :param prog: the program
    :raises PksError: it is not there, or damaged
    """
    address = symbol_address(prog, "pksdiag_ring")
    try:
        return _abi.decode_ring(_read(prog, address, _abi.RING_SIZE, "ring header"))
    except Defect as defect:
        raise PksError(f"ring header at {address:#x}: {defect}") from defect


@dataclass
class _Slots:
    """One of the ring's two arrays."""

    what: str
    base: int
    nr: int
    firsts: bool
    used: int = 0
    unreadable: int = 0

    def name(self, nr: int, ring: Ring) -> str:
        return f"{self.what} {nr} at {self.base + nr * ring.slot_size:#x}"


class _Bad(Exception):
    """A slot costs its record: the text says which one, and why."""


def _items(prog: Program, base: int, nr: int, size: int) -> Iterator[Tuple[int, Optional[bytes]]]:
    """Elements of an array; None for those that cannot be read."""
    for start in range(0, nr, _CHUNK):
        count = min(_CHUNK, nr - start)
        try:
            data = prog.read(base + start * size, count * size)
        except (FaultError, OSError, ValueError):
            data = b""
        for i in range(count):
            yield start + i, data[i * size : i * size + size] or _item(
                prog, base + (start + i) * size, size
            )


def _item(prog: Program, address: int, size: int) -> Optional[bytes]:
    try:
        return bytes(prog.read(address, size))
    except (FaultError, OSError, ValueError):
        return None


def _is_left_over(ring: Ring, slots: _Slots, seq: int) -> bool:
    """Its next writer found it busy: it has left the ring's window."""
    return not slots.firsts and 0 < ring.head - seq and ring.head - seq >= ring.nr_slots


def _decode(ring: Ring, slots: _Slots, nr: int, slot: bytes) -> Optional[Fault]:
    """The record of a slot, None if there is none to show.

    :raises _Bad: it is damaged
    """
    state, _, _, hits = _abi.SLOT_HEAD.unpack_from(slot)
    seq, state_name = state >> _abi.STATE_SHIFT, state & _abi.STATE_MASK
    where = slots.name(nr, ring)
    if state_name == _abi.WRITING:
        LOG.warning("%s: record %d was being written: skipped", where, seq)
        return None
    if state_name != _abi.COMMITTED:
        raise _Bad(f"{where}: state word {state:#x} has no meaning")
    if _is_left_over(ring, slots, seq):
        return None
    start = _abi.SLOT_HEAD.size
    try:
        fault = _abi.decode_record(slot[start : start + ring.record_size])
    except Defect as defect:
        raise _Bad(
            f"{where}: record {seq}: offset {start + defect.at:#x}: {defect.what}"
        ) from None
    if fault.seq != seq:
        raise _Bad(f"{where}: its state says record {seq}, the record says {fault.seq}")
    if slots.firsts:
        fault.hits = hits
    return fault


def _settled(prog: Program, address: int, slot: bytes) -> bytes:
    """A slot of the running kernel that its writer did not change meanwhile."""
    for _ in range(_TRIES):
        again = _item(prog, address, len(slot)) or slot
        if again[:8] == slot[:8] and slot[0] & _abi.STATE_MASK != _abi.WRITING:
            return slot
        slot = again
    return slot


def _read_slots(prog: Program, ring: Ring, slots: _Slots, into: Dict[int, Fault]) -> None:
    for nr, slot in _items(prog, slots.base, slots.nr, ring.slot_size):
        if slot is None:
            slots.unreadable += 1
            continue
        if not slot[0] & _abi.STATE_MASK:
            continue
        if is_live(prog):
            slot = _settled(prog, slots.base + nr * ring.slot_size, slot)
        slots.used += 1
        try:
            fault = _decode(ring, slots, nr, slot)
        except _Bad as bad:
            LOG.error("%s", bad)
            continue
        if fault is not None:
            into.setdefault(fault.seq, fault)
    if slots.unreadable:
        LOG.error("%d of %d %ss cannot be read", slots.unreadable, slots.nr, slots.what)


def _check_used(ring: Ring, slots: _Slots) -> None:
    """Slots that the head says were used, but that are zeroed."""
    expected = min(ring.head, ring.nr_slots)
    expected -= min(expected, ring.counters[_abi.C_DROP_BUSY])
    missing = expected - slots.used - slots.unreadable
    if missing > 0:
        LOG.error(
            "%d of %d used ring slots are empty: the dump is damaged, or pages were filtered out",
            missing,
            expected,
        )


def read_faults(prog: Program, ring: Ring) -> List[Fault]:
    """All records, in the order of their sequence.

    What is wrong with one of them is logged, and costs only that one.

    :param prog: the program
    :param ring: its ring
    """
    if not ring.head:
        return []
    # The firsts come first: their copy of a record has the hits.
    firsts = _Slots("first slot", ring.firsts, ring.nr_firsts, True)
    slots = _Slots("ring slot", ring.slots, ring.nr_slots, False)
    found: Dict[int, Fault] = {}
    for array in (firsts, slots):
        _read_slots(prog, ring, array, found)
    if not is_live(prog):
        _check_used(ring, slots)
    newer = max((fault.size for fault in found.values()), default=0)
    if newer > _abi.RECORD_SIZE:
        LOG.warning(
            "a record has %d bytes, this pksdiag-drgn knows %d: the rest is skipped",
            newer,
            _abi.RECORD_SIZE,
        )
    return [found[seq] for seq in sorted(found)]


def lost(ring: Ring, faults: List[Fault]) -> int:
    """Faults that have no record any more.

    :param ring: the ring
    :param faults: its records
    """
    head = max(ring.head, faults[-1].seq if faults else 0)
    return max(head - len(faults), 0)


# --- The ledger ---------------------------------------------------------------


@dataclass
class Ledger:
    """The ledger of mappings.

    :param head: its header
    :param owners: entries that are in use and good, the oldest first
    :param writing: entries that were just being written
    :param damaged: entries with something in them that cannot be
    :param now: ns of CLOCK_MONOTONIC that ages are as of
    :param now_is_newest: a dump has no clock: that is the newest time in it
    """

    head: LedgerHead
    owners: List[Owner] = field(default_factory=list)
    writing: int = 0
    damaged: int = 0
    now: int = 0
    now_is_newest: bool = True

    @property
    def is_off(self) -> bool:
        """Nobody kept account."""
        return not self.head.nr_owners

    @property
    def dropped(self) -> int:
        """Mappings that found no room."""
        enough = self.head.nr_counters > _abi.L_DROPPED
        return self.head.counters[_abi.L_DROPPED] if enough else 0

    def age(self, when: int) -> int:
        """How long ago something was.

        :param when: ns of CLOCK_MONOTONIC
        """
        return max(self.now - when, 0)

    def place(self, pfn: int) -> Optional[Tuple[_abi.Device, bool, int]]:
        """Where on a protected device a page is: the device, before its data?, the byte.

        :param pfn: its page frame
        """
        phys = pfn << 12
        for device in self.head.devices:
            at = phys - device.start
            if not 0 <= at < device.size:
                continue
            meta = device.offset < 0 and at < -device.offset
            return device, meta, at if meta else at + device.offset
        return None


def _read_head(prog: Program) -> LedgerHead:
    try:
        address = symbol_address(prog, "pksdiag_ledger")
        return _abi.decode_ledger(_read(prog, address, _abi.LEDGER_SIZE, "ledger"))
    except Defect as defect:
        raise PksError(f"ledger at {address:#x}: {defect}") from defect


def _add_owner(ledger: Ledger, nr: int, entry: bytes) -> None:
    names = words().names
    limits = (len(names["kinds"]), len(names["mappings"]), len(names["contexts"]))
    state = entry[0] & _abi.STATE_MASK
    if state == _abi.WRITING:
        ledger.writing += 1
    elif state != _abi.FREE:
        try:
            ledger.owners.append(_abi.decode_owner(entry, ledger.head, limits))
        except Defect as defect:
            ledger.damaged += 1
            LOG.error("entry %d of the ledger: %s", nr, defect)


def _set_now(ledger: Ledger, live: bool, faults: List[Fault]) -> None:
    if live:
        ledger.now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        ledger.now_is_newest = False
        return
    times = [ledger.head.ns]
    for owner in ledger.owners:
        times += [owner.map_time, owner.unmap_time]
    ledger.now = max(times + [fault.time_ns for fault in faults])


def read_ledger(prog: Program, faults: List[Fault]) -> Ledger:
    """Read and check the ledger of mappings.

    :param prog: the program
    :param faults: its records: the newest may be newer than the ledger
    :raises PksError: it is not there, or damaged
    """
    ledger = Ledger(_read_head(prog))
    head, unreadable = ledger.head, 0
    for nr, entry in _items(prog, head.owners, head.nr_owners, head.owner_size):
        if entry is None:
            unreadable += 1
        else:
            _add_owner(ledger, nr, entry)
    ledger.owners.sort(key=lambda owner: (owner.ns, owner.pfn))
    if unreadable:
        LOG.error("%d of %d entries of the ledger cannot be read", unreadable, head.nr_owners)
    if ledger.writing:
        LOG.warning(
            "%d of %d entries of the ledger were just being written: skipped",
            ledger.writing,
            head.nr_owners,
        )
    _set_now(ledger, is_live(prog), faults)
    return ledger


def pkrs_of(task: drgn.Object) -> int:
    """PKRS of a task: the value that IA32_PKRS gets when the task runs (again).

    The register has the rights of :c:data:`pks_global_pkrs` in addition.

    :param task: ``struct task_struct *``
    :raises LookupError: this kernel keeps none: it has no ``CONFIG_SUPERVISOR_PKEYS``
    """
    try:
        return int(task.thread.pks.pkrs.value_())
    except AttributeError:
        raise LookupError(
            "struct thread_struct has no member pks: no PKS in this kernel"
        ) from None
