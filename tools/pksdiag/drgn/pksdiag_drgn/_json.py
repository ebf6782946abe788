# SPDX-License-Identifier: GPL-2.0
"""Records, the ledger and the ring as ``pksdiag --json`` has them: see schema.rst."""

from typing import Any, Dict, Iterable, List, Optional

from . import _abi
from ._abi import Clue, Fault, Owner, Ring
from ._in_dump import HOLDERS_MAX, Holder, InDump, Task
from ._source import Ledger, lost
from ._symbols import Frame, Location, Symbols
from ._words import escape, words

Json = Dict[str, Any]


def _address(value: int) -> str:
    return f"{value:#018x}"


def _frame(frame: Frame) -> Json:
    return {"function": frame.function, "file": frame.file, "line": frame.line}


def _source(where: Location) -> Optional[Json]:
    if not where.frames:
        return None
    inlines = [_frame(frame) for frame in where.frames[1:]]
    return {**_frame(where.frames[0]), "inlines": inlines}


def _code(key: str, where: Location) -> Json:
    return {key: _address(where.address), "symbol": where.name, "source": _source(where)}


def _build_id(build_id: bytes) -> Optional[str]:
    return build_id.hex() if any(build_id) else None


def _page(fault: Fault) -> Json:
    device, file = fault.has(_abi.F_DEVICE), fault.has(_abi.F_FILE)
    return {
        "pfn": fault.pfn if fault.has(_abi.F_PFN) else None,
        "device": escape(fault.device) if device else None,
        "offset": fault.offset if device else None,
        "inode": fault.inode if file else None,
        "file_offset": fault.file_offset if file else None,
        "fs_dev": fs_dev(fault) if file else None,
        "shared": fault.has(_abi.F_SHARED),
        "struct_page": _address(fault.page) if fault.page else None,
        "inode_addr": _address(fault.inode_addr) if fault.inode_addr else None,
    }


def fs_dev(fault: Fault) -> str:
    """Major and minor number of a record's file system.

    :param fault: the record
    """
    major = (fault.fs_dev & 0xFFF00) >> 8
    minor = fault.fs_dev & 0xFF | fault.fs_dev >> 12 & 0xFFF00
    return f"{major}:{minor}"


def _by(sym: Symbols, fault: Fault, ip: int, when: int, ago: str) -> Json:
    return {**_code("ip", sym.find(fault, ip)), "time_ns": when, ago: fault.ago(when)}


def _stack(places: Iterable[Location]) -> List[Json]:
    return [_code("address", where) for where in places]


def _owner(sym: Symbols, fault: Fault) -> Optional[Json]:
    if not fault.has(_abi.F_OWNER):
        return None
    return {
        **_by(sym, fault, fault.owner_ip, fault.owner_ns, "age_ns"),
        "pid": fault.owner_pid,
        "comm": escape(fault.owner_comm),
        "task": _address(fault.owner_task),
        "cpu": fault.owner_cpu,
        "nest": fault.owner_nest,
        "context": words().name("contexts", fault.owner_context),
        "mapped": fault.has(_abi.F_MAPPED),
        "section": fault.has(_abi.F_SECTION),
        "same_call": fault.has(_abi.F_SAME_CALL),
        "stack": _stack(sym.find(fault, caller) for caller in fault.callers),
    }


def _mapping(sym: Symbols, fault: Fault) -> Json:
    unmapped = None
    if fault.is_unmapped:
        unmapped = _by(sym, fault, fault.unmap_ip, fault.unmap_ns, "gap_ns")
        unmapped["pid"] = fault.unmap_pid
    return {
        "type": words().name("mappings", fault.mapping),
        "owner": _owner(sym, fault),
        "unmapped": unmapped,
    }


def side_name(fault: Fault) -> Optional[str]:
    """Where the neighbour is, in a word; None if there is none.

    :param fault: the record
    """
    return {-1: "before", 0: None, 1: "after"}[fault.side]


def _neighbour(sym: Symbols, fault: Fault) -> Json:
    mapped = None
    if fault.has(_abi.F_NEAR):
        mapped = {
            **_code("ip", sym.find(fault, fault.near_ip)),
            "type": words().name("mappings", fault.near_mapping),
            "pfn": fault.near_pfn,
        }
    return {
        "before_open": fault.has(_abi.F_BEFORE_OPEN),
        "after_open": fault.has(_abi.F_AFTER_OPEN),
        "mapped": mapped,
        "side": side_name(fault),
        "bytes_beyond": fault.beyond if fault.side else None,
    }


def _handed_out(sym: Symbols, fault: Fault) -> Optional[Json]:
    if not fault.has(_abi.F_HANDED):
        return None
    return {
        **_by(sym, fault, fault.handed_ip, fault.handed_ns, "age_ns"),
        "pid": fault.handed_pid,
        "comm": escape(fault.handed_comm),
        "address": _address(fault.handed_addr),
        "pages": fault.handed_pages,
    }


def _unmatched(sym: Symbols, fault: Fault) -> Optional[Json]:
    if not fault.has(_abi.F_LOST):
        return None
    by = _by(sym, fault, fault.lost_ip, fault.lost_ns, "age_ns")
    return {**by, "pfn": fault.lost_pfn}


def _clue(clue: Clue) -> Json:
    stack = clue.on_stack
    return {
        "what": words().name("clues", clue.what),
        "where": words().name("places", clue.where),
        "near": clue.is_near,
        "register": None if stack else words().name("regs", clue.index),
        "word": clue.index if stack else None,
        "frame": clue.frame if stack else None,
        "offset": clue.offset if clue.in_object else None,
        "value": _address(clue.value),
    }


def _module(fault: Fault) -> Optional[Json]:
    if not fault.has(_abi.F_MODULE):
        return None
    base = _address(fault.module_base)
    return {"name": escape(fault.module), "base": base, "size": fault.module_size}


def _identity(fault: Fault) -> Json:
    return {
        "seq": fault.seq,
        "time_ns": fault.time_ns,
        "real_ns": fault.real_ns,
        "hits": fault.hits,
        "cpu": fault.cpu,
        "pid": fault.pid,
        "tgid": fault.tgid,
        "comm": escape(fault.comm),
        "task": _address(fault.task),
        "context": words().name("contexts", fault.context),
        "exception": fault.has(_abi.F_EXCEPTION),
    }


def _access(sym: Symbols, fault: Fault) -> Json:
    where = sym.find(fault, fault.ip, False)
    return {
        "access": words().name("accesses", fault.access),
        "size": fault.width if fault.has(_abi.F_WIDTH) else None,
        "string_insn": fault.has(_abi.F_REP),
        "address": _address(fault.address),
        "ip": _address(fault.ip),
        "ip_symbol": where.name,
        "source": _source(where),
        "error_code": f"{fault.error_code:#x}",
        "insn": fault.insn.hex() if fault.has(_abi.F_INSN) else None,
        "insn_len": fault.insn_len,
    }


def _protection(fault: Fault) -> Json:
    pfn, pkrs = fault.has(_abi.F_PFN), fault.has(_abi.F_PKRS)
    return {
        "pkey": fault.pkey if pfn else None,
        "key_name": escape(fault.key_name) if fault.has(_abi.F_KEY) else None,
        "device_pkey": fault.device_pkey if fault.has(_abi.F_DEVICE) else None,
        "level": words().name("levels", fault.level) if pfn else None,
        "pte": _address(fault.pte) if pfn else None,
        "pkrs": f"{fault.pkrs:#010x}" if pkrs else None,
        "pkrs_thread": f"{fault.pkrs_thread:#010x}" if pkrs else None,
        "pkrs_global": f"{fault.pkrs_global:#010x}",
    }


def _evidence(sym: Symbols, fault: Fault) -> Json:
    known = fault.has(_abi.F_LEDGER)
    return {
        "verdict": words().name("verdicts", fault.verdict),
        "confidence": words().name("confidences", fault.confidence),
        "because": [words().name("because", fact) for fact in fault.facts],
        "mapping": _mapping(sym, fault),
        "neighbour": _neighbour(sym, fault),
        "handed_out": _handed_out(sym, fault),
        "unmatched_unmap": _unmatched(sym, fault),
        "ledger": {"known": known, "forgot": fault.forgot if known else None},
        "clues": [_clue(clue) for clue in fault.known_clues],
        "searched": fault.has(_abi.F_SEARCHED),
        "stack_words": fault.stack_words,
        "module": _module(fault),
    }


def fault_json(sym: Symbols, fault: Fault) -> Json:
    """A record as an object.

    :param sym: what explains its addresses
    :param fault: the record
    """
    stack = [sym.find(fault, address, i > 0) for i, address in enumerate(fault.frames)]
    regs = enumerate(fault.regs)
    return {
        **_identity(fault),
        **_access(sym, fault),
        **_protection(fault),
        **_evidence(sym, fault),
        "resolution": words().name("resolutions", fault.resolution),
        "page": _page(fault),
        "stack": _stack(stack),
        "regs": {words().name("regs", i): _address(value) for i, value in regs},
        "flags": f"{fault.flags:#x}",
        "stext": _address(fault.stext),
        "build_id": _build_id(fault.build_id),
    }


# --- In the dump --------------------------------------------------------------


def _task(task: Task) -> Json:
    return {
        "task": _address(task.address),
        "pid": task.pid,
        "tgid": task.tgid,
        "comm": escape(task.comm),
        "state": task.state,
        "exited": task.has_exited,
        "on_cpu": task.on_cpu,
        "cpu": task.cpu,
    }


def _holder(sym: Symbols, fault: Fault, holder: Holder) -> Json:
    value = {"value": _address(holder.value)}
    if holder.cpu:
        cpu = {"cpu": holder.cpu.cpu, "pid": holder.cpu.pid, "register": holder.register}
        return {"where": "register", **value, **cpu}
    return {
        "where": "stack",
        **value,
        **(_task(holder.task) if holder.task else {}),
        "stack_offset": holder.at,
        "left_over": holder.left,
        "caller": _code("address", sym.find(fault, holder.caller)) if holder.caller else None,
    }


def dump_json(sym: Symbols, dump: InDump, fault: Fault) -> Json:
    """What only a dump can tell about a record, as an object.

    :param sym: what explains its addresses
    :param dump: the dump's tasks
    :param fault: the record
    """
    fate, task = dump.task(fault)
    holders = dump.holders(fault)
    return {
        "task": {"fate": fate, **(_task(task) if task else {})},
        "holders": [_holder(sym, fault, holder) for holder in holders[:HOLDERS_MAX]],
        "nr_holders": len(holders),
        "cpus": len(dump.cpus),
        "tasks": dump.searched - dump.unreadable,
        "words": dump.words,
        "note": dump.note,
    }


# --- The ledger ---------------------------------------------------------------


def _place(ledger: Ledger, owner: Owner) -> Json:
    place = None if owner.opens_all else ledger.place(owner.pfn)
    return {
        "pfn": None if owner.opens_all else owner.pfn,
        "pages": None if owner.opens_all else owner.nr_pages,
        "device": escape(place[0].name) if place else None,
        "offset": place[2] if place else None,
        "meta": place[1] if place else None,
    }


def _end(sym: Symbols, owner: Owner) -> Optional[Json]:
    if not owner.unmap_time:
        return None
    by = _code("ip", sym.find_kernel(owner.unmap_ip))
    return {**by, "pid": owner.unmap_pid, "time_ns": owner.unmap_time}


def owner_json(sym: Symbols, ledger: Ledger, owner: Owner) -> Json:
    """An entry of the ledger as an object.

    :param sym: what explains its addresses
    :param ledger: the ledger
    :param owner: the entry
    """
    callers = _abi.up_to_zero(owner.stack)
    return {
        "kind": words().name("kinds", owner.kind),
        "mapped": owner.is_mapped,
        "left_behind": bool(owner.dead),
        "type": words().name("mappings", owner.type),
        "time_ns": owner.ns,
        "age_ns": ledger.age(owner.ns),
        **_place(ledger, owner),
        **_code("ip", sym.find_kernel(owner.ip)),
        "comm": escape(owner.comm),
        "pid": owner.pid,
        "task": _address(owner.task),
        "cpu": owner.cpu,
        "nest": owner.nest,
        "context": words().name("contexts", owner.context),
        "unmapped": _end(sym, owner),
        "stack": _stack(sym.find_kernel(caller) for caller in callers),
    }


def _counters(table: str, values: Iterable[int]) -> Json:
    return dict(zip(words().names[table], values))


def _devices(head: _abi.LedgerHead) -> List[Json]:
    return [
        {
            "name": escape(device.name),
            "start": _address(device.start),
            "size": device.size,
            "offset": device.offset,
        }
        for device in head.devices
        if device.size
    ]


def owners_json(sym: Symbols, ledger: Ledger, owners: Iterable[Owner], pks: bool) -> Json:
    """The ledger as an object.

    :param sym: what explains its addresses
    :param ledger: the ledger
    :param owners: those of its entries that are wanted
    :param pks: PKS is there
    """
    head = ledger.head
    return {
        "pks": pks,
        "now_ns": ledger.now,
        "now_is_newest": ledger.now_is_newest,
        "nr_entries": head.nr_owners,
        "nr_handouts": head.nr_handouts,
        "writing": ledger.writing,
        "damaged": ledger.damaged,
        "counters": _counters("ledger_counters", head.counters[: head.nr_counters]),
        "devices": _devices(head),
        "owners": [owner_json(sym, ledger, owner) for owner in owners],
    }


# --- The ring -----------------------------------------------------------------


def keys_json(ring: Ring) -> List[Json]:
    """The allocated keys.

    :param ring: the ring
    """
    keys = ((number, ring.key(number)) for number in range(_abi.NR_KEYS))
    return [{"pkey": number, "name": escape(name)} for number, name in keys if name]


def stats_json(ring: Ring, faults: List[Fault], pks: bool) -> Json:
    """The ring as an object.

    :param ring: its header
    :param faults: its records
    :param pks: PKS is there
    """
    return {
        "pks": pks,
        "release": escape(ring.release),
        "build_id": _build_id(ring.build_id),
        "version": ring.version,
        "head": ring.head,
        "records": len(faults),
        "signatures": len({fault.signature for fault in faults}),
        "lost": lost(ring, faults),
        "nr_slots": ring.nr_slots,
        "nr_firsts": ring.nr_firsts,
        "record_size": ring.record_size,
        "slot_size": ring.slot_size,
        "counters": _counters("counters", ring.counters[: ring.nr_counters]),
        "keys": keys_json(ring),
    }
