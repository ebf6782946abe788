# SPDX-License-Identifier: GPL-2.0
"""The explanation of a record, in the words and the layout of ``pksdiag explain``."""

import time
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from . import _abi
from ._abi import Fault
from ._facts import Facts, at_time, duration, plural
from ._in_dump import HOLDERS_MAX, Holder, InDump, Task
from ._json import dump_json, fault_json, fs_dev, side_name
from ._phrase import because, phrase
from ._symbols import Frame, Location, Symbols
from ._words import escape, words

_WIDTH = 79
_ERROR_BITS = (
    (0, "protection"),
    (1, "write"),
    (2, "user"),
    (3, "reserved bit"),
    (4, "instruction fetch"),
    (5, "protection key"),
)
_PTE_BITS = (
    (0, "present"),
    (1, "writable"),
    (2, "user"),
    (5, "accessed"),
    (6, "dirty"),
    (8, "global"),
    (63, "no execute"),
)


def wrapped(first: str, indent: int, text: str) -> Iterator[str]:
    """Text, wrapped at blanks.

    :param first: what stands before it, on the first line
    :param indent: of the other lines
    :param text: the text
    """
    line, start = first, len(first)
    for word in text.split():
        if len(line) > start and len(line) + 1 + len(word) > _WIDTH:
            yield line
            line, start = " " * indent, indent
        line += (" " if len(line) > start else "") + word
    yield line


def _line(label: str, text: str) -> str:
    return f"    {label:<13}{text}"


def _bits(value: int, bits: Sequence[Tuple[int, str]]) -> str:
    return ", ".join(name for number, name in bits if value >> number & 1)


def _rights(pkrs: int, pkey: int) -> str:
    access, write = pkrs >> 2 * (pkey & 15) & 1, pkrs >> 2 * (pkey & 15) + 1 & 1
    what = "no access" if access else "read only" if write else "read and write"
    return f"{pkrs:#010x}: AD={access} WD={write}, {what}"


class _Explanation(Facts):
    """All that there is to say about a record, line by line.

    :param sym: what explains its addresses
    :param fault: the record
    :param dump: the dump's tasks, None of a running kernel
    """

    def __init__(self, sym: Symbols, fault: Fault, dump: Optional[InDump]) -> None:
        super().__init__(sym, fault)
        self.dump = dump

    def lines(self) -> Iterator[str]:
        """All of it."""
        yield self.answer()
        at_risk = words().at_risk(self.fault)
        yield from wrapped(f"data at risk? {at_risk}: ", 4, words().risk_reason(self.fault))
        yield ""
        yield "Who wrote where" if self.fault.access == _abi.WRITE else "Who read where"
        yield from self._who()
        yield ""
        yield "Why it was denied"
        yield from self._why()
        yield ""
        if self.dump:
            yield "In the dump"
            yield from self._in_dump(self.dump)
            yield ""
        yield "What to do"
        yield from self._what()

    # --- Who wrote where ---

    def _who(self) -> Iterator[str]:
        fault = self.fault
        yield from self._code_lines("instruction", self.ip())
        if fault.has(_abi.F_MODULE):
            yield _line(
                "module",
                f"{escape(fault.module)}, text at {fault.module_base:#x},"
                f" {fault.module_size:#x} bytes; the instruction is at byte"
                f" {fault.ip - fault.module_base:#x}",
            )
            yield _line("", self.sym.module_quality(fault))
        yield self._insn()
        yield from self._where()
        yield _line("task", f"{self._comm_tgid()}, task_struct {fault.task:#x}")
        yield _line("context", f"{words().name('contexts', fault.context)}, on CPU {fault.cpu}")
        yield self._when()
        for index in range(1, len(fault.frames)):
            yield from self._code_lines("called by" if index == 1 else "", self.frame(index))
        if len(fault.frames) <= 1:
            yield _line("called by", "not known: no stack trace in the record")
        yield _line("names", "symbols and lines by DWARF")

    def _comm_tgid(self) -> str:
        return f"{escape(self.fault.comm)} (pid {self.fault.pid}, tgid {self.fault.tgid})"

    def _code_lines(self, label: str, where: Location) -> Iterator[str]:
        yield _line(label, self.code(where))
        if len(where.frames) < 2:
            return
        for i, frame in enumerate(where.frames):
            yield _line("", self._frame("inlined into" if i else "in", frame))

    @staticmethod
    def _frame(what: str, frame: Frame) -> str:
        place = f" at {frame.file}:{frame.line or 0}" if frame.file else ""
        return f"  {what} {frame.function or '?'}{place}"

    def _insn(self) -> str:
        fault = self.fault
        number = 0
        if fault.has(_abi.F_INSN):
            number = min(fault.insn_len or _abi.INSN_LEN, _abi.INSN_LEN)
        text = "".join(f"{byte:02x} " for byte in fault.insn[:number])
        if not number:
            text = "not readable "
        elif not fault.insn_len:
            text += "(not decodable) "
        string = ", string instruction" if fault.has(_abi.F_REP) else ""
        return _line("bytes", f"{text}: {self.access()}{string}")

    def _where(self) -> Iterator[str]:
        fault = self.fault
        pfn = f", pfn {fault.pfn:#x}" if fault.has(_abi.F_PFN) else ""
        yield _line("target", f"{fault.address:#x}{pfn}")
        device = "none: the address belongs to no protected device"
        if fault.has(_abi.F_DEVICE):
            device = f"{escape(fault.device)}, byte {fault.offset:#x}"
        yield _line("device", device)
        file = "none known: file system metadata, free space, or not fsdax"
        if fault.has(_abi.F_FILE):
            shared = "; other files share the page" if fault.has(_abi.F_SHARED) else ""
            file = f"inode {fault.inode} at byte {fault.file_offset:#x}, file system"
            file += f" {fs_dev(fault)}{shared}"
        yield _line("file", file)

    def _when(self) -> str:
        fault, date = self.fault, "date unknown"
        if fault.real_ns:
            try:
                moment = time.gmtime(fault.real_ns // 10**9)
                date = time.strftime("%Y-%m-%d %H:%M:%S UTC", moment)
            except (OverflowError, ValueError, OSError):
                pass
        seen = f"seen {plural(fault.hits, 'time')}" if fault.hits else "repeats not counted"
        return _line(
            "when", f"{at_time(fault.time_ns)} s since boot, {date}; record {fault.seq}, {seen}"
        )

    # --- Why it was denied ---

    def _why(self) -> Iterator[str]:
        fault = self.fault
        yield from self._key()
        yield from self._pkrs()
        yield from self._mapping()
        yield _line("error code", f"{fault.error_code:#x}: {_bits(fault.error_code, _ERROR_BITS)}")
        yield from self._regs()
        yield from self._clues()
        yield from self._verdict()
        resolution = words().name("resolutions", fault.resolution)
        yield _line("resolution", f"{resolution}: {words().resolution(fault)}")

    def _key(self) -> Iterator[str]:
        fault, device = self.fault, ""
        if fault.has(_abi.F_DEVICE):
            device = f", {escape(fault.device)} has pkey {fault.device_pkey}"
        yield _line("key", self.key() + device)
        if fault.has(_abi.F_PFN):
            level = words().name("levels", fault.level)
            bits = _bits(fault.pte, _PTE_BITS)
            yield _line("page table", f"{level} page, entry {fault.pte:#018x}: {bits}")

    def _pkrs(self) -> Iterator[str]:
        fault = self.fault
        has_key = fault.has(_abi.F_PFN)
        if not fault.has(_abi.F_PKRS):
            yield _line("PKRS", "not known")
            return
        yield _line("PKRS", f"rights of pkey {fault.pkey}:" if has_key else "not known")
        for whose, value in (
            ("  IA32_PKRS when it faulted", fault.pkrs),
            ("  what the thread had asked for", fault.pkrs_thread),
            ("  what is granted to all", fault.pkrs_global),
        ):
            rights = _rights(value, fault.pkey) if has_key else f"{value:#010x}"
            yield _line("", f"{whose:<34}{rights}")

    def _before(self, when: int) -> str:
        ago = duration(self.fault.ago(when))
        return f", {ago} before the access (at {at_time(when)} s)"

    def _mapping(self) -> Iterator[str]:
        fault = self.fault
        section = ", a section" if fault.has(_abi.F_SECTION) else ""
        yield _line("mapping", words().name("mappings", fault.mapping) + section)
        if fault.has(_abi.F_OWNER):
            yield from self._owner()
        else:
            yield _line("mapped by", self._no_owner())
        yield from self._neighbours()
        if fault.has(_abi.F_HANDED):
            by = self.caller_code(fault.handed_ip)
            yield _line("handed out", by + self._before(fault.handed_ns))
            yield _line(
                "",
                f"  task {escape(fault.handed_comm)} (pid {fault.handed_pid}), by"
                f" dax_direct_access(): {plural(fault.handed_pages, 'page')} at"
                f" {fault.handed_addr:#x}",
            )
        if fault.has(_abi.F_LOST):
            yield _line("lost", self.caller_code(fault.lost_ip) + self._before(fault.lost_ns))
            yield _line("", f"  unmapped pfn {fault.lost_pfn:#x} there, which was not mapped")

    def _owner(self) -> Iterator[str]:
        fault = self.fault
        yield _line("mapped by", self.caller_code(fault.owner_ip) + self._before(fault.owner_ns))
        same = ", the same as here" if fault.owner_task == fault.task else ""
        yield _line(
            "",
            f"  task {escape(fault.owner_comm)} (pid {fault.owner_pid}){same},"
            f" CPU {fault.owner_cpu}, {words().name('contexts', fault.owner_context)} context,"
            f" grant {fault.owner_nest} of this key",
        )
        for caller in fault.callers:
            yield _line("", f"  called by {self.caller_code(caller)}")
        if not fault.is_unmapped:
            yield _line("unmapped", "no")
            return
        by = f"{self.caller_code(fault.unmap_ip)}, pid {fault.unmap_pid}"
        yield _line("unmapped by", by + self._before(fault.unmap_ns))

    def _no_owner(self) -> str:
        fault = self.fault
        if not fault.has(_abi.F_LEDGER):
            return "not known: there was no ledger of mappings"
        if fault.forgot:
            return (
                f"nobody that the ledger knows of; it forgot {fault.forgot} that may be of"
                " this page"
            )
        return "nobody, by the ledger"

    def _neighbours(self) -> Iterator[str]:
        fault = self.fault
        if fault.has(_abi.F_NEAR):
            mapping = words().name("mappings", fault.near_mapping)
            by = self.caller_code(fault.near_ip)
            page = f"pfn {fault.near_pfn:#x}, the page {side_name(fault)}"
            yield _line("neighbour", f"{page}: {mapping} by {by}")
            where = "behind its end" if fault.side < 0 else "before its start"
            yield _line("", f"  the access is {plural(fault.beyond, 'byte')} {where}")
        sides = ((_abi.F_BEFORE_OPEN, "before"), (_abi.F_AFTER_OPEN, "behind"))
        pages = [f"the page {name}" for flag, name in sides if fault.has(flag)]
        if pages:
            yield _line("accessible", ", ".join(pages))

    def _regs(self) -> Iterator[str]:
        fault, label = self.fault, "registers"
        for index, value in enumerate(fault.regs):
            if value >> 12 != fault.address >> 12:
                continue
            what = "the address itself" if value == fault.address else "in the same page"
            yield _line(label, f"{words().name('regs', index)} = {value:#x}: {what}")
            label = ""
        if label:
            yield _line(label, "none points into the page")

    def _clues(self) -> Iterator[str]:
        fault, label = self.fault, "clues"
        for clue in fault.known_clues:
            yield _line(label, self.clue(clue) + ("" if clue.is_near else " (far)"))
            label = ""
        none = "none; " if label else ""
        part = "all of" if fault.has(_abi.F_SEARCHED) else "not all of"
        searched = plural(fault.stack_words, "word")
        yield _line(label, f"{none}{part} the stack was searched, {searched}")

    def _verdict(self) -> Iterator[str]:
        fault = self.fault
        verdict = words().name("verdicts", fault.verdict)
        confidence = words().name("confidences", fault.confidence)
        reasons = ", because:" if fault.because else ""
        yield _line("verdict", f"{verdict}, {confidence}{reasons}")
        for fact in fault.facts:
            yield from wrapped("                 - ", 19, because(self, fact))

    # --- In the dump ---

    @staticmethod
    def _name(task: Task) -> str:
        return f"{escape(task.comm)} (pid {task.pid})"

    def _in_dump(self, dump: InDump) -> Iterator[str]:
        fate, task = dump.task(self.fault)
        if task is None:
            text = f"its task_struct at {self.fault.task:#x} is not in the dump"
        else:
            text = "still there: " if fate == "same" else "gone: its task_struct is that of "
            where = "on" if task.on_cpu else "last on"
            text += f"{self._name(task)}, {task.state}, {where} CPU {task.cpu}"
        yield _line("task", text)
        yield from self._holders(dump)

    def _holders(self, dump: InDump) -> Iterator[str]:
        holders = dump.holders(self.fault)
        text = "others have an address in it, too:"
        yield _line(
            "same page", text if holders else "no other task was found that has an address in it"
        )
        for holder in holders[:HOLDERS_MAX]:
            yield from self._holder(holder)
        if len(holders) > HOLDERS_MAX:
            yield _line("", f"  and {len(holders) - HOLDERS_MAX} more times")
        text = (
            f"searched: {len(dump.cpus)} CPUs' registers, {dump.words} words of"
            f" {dump.searched - dump.unreadable} stacks"
        )
        yield from wrapped(_line("", ""), 17, text + (f"; {dump.note}" if dump.note else ""))
        if dump.unreadable:
            yield _line("", f"the stacks of {dump.unreadable} tasks are not in the dump")

    def _holder(self, holder: Holder) -> Iterator[str]:
        cpu, task = holder.cpu, holder.task
        if cpu:
            what = f"CPU {cpu.cpu}, running pid {cpu.pid}: register {holder.register}"
            yield _line("", f"  {what} = {holder.value:#x}")
        if task is None:
            return
        left = ", left over from earlier calls" if holder.left else ""
        where = f"{holder.value:#x} at byte {holder.at:#x} of its stack{left}"
        yield _line("", f"  {self._name(task)}, {task.state}: {where}")
        if holder.caller:
            yield _line("", f"    in what was called by {self.caller_code(holder.caller)}")

    # --- What to do ---

    def _what(self) -> Iterator[str]:
        advice = words().advice(self.fault)
        yield from wrapped("    cause: ", 7, phrase(self, advice.cause))
        for number, step in enumerate(advice.steps, 1):
            yield from wrapped(f"    {number}. ", 7, phrase(self, step))


def explanation(sym: Symbols, fault: Fault, dump: Optional[InDump]) -> str:
    """All that there is to say about a record.

    :param sym: what explains its addresses
    :param fault: the record
    :param dump: the dump's tasks, None of a running kernel
    """
    return "\n".join(_Explanation(sym, fault, dump).lines())


def explanation_json(sym: Symbols, fault: Fault, dump: Optional[InDump]) -> Dict[str, Any]:
    """A record as an object, with its explanation.

    :param sym: what explains its addresses
    :param fault: the record
    :param dump: the dump's tasks, None of a running kernel
    """
    facts = Facts(sym, fault)
    advice = words().advice(fault)
    steps: List[str] = [phrase(facts, step) for step in advice.steps]
    says = {
        "answer": facts.answer(),
        "data_at_risk": words().at_risk(fault),
        "risk_reason": words().risk_reason(fault),
        "evidence": [because(facts, fact) for fact in fault.facts],
        "cause": phrase(facts, advice.cause),
        "steps": steps,
    }
    told = {"dump": dump_json(sym, dump, fault)} if dump else {}
    return {**fault_json(sym, fault), "explanation": says, **told}
