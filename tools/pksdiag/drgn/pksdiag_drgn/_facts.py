# SPDX-License-Identifier: GPL-2.0
"""Single facts of a record in words."""

from typing import List, Optional

from . import _abi
from ._abi import Clue, Fault
from ._symbols import Location, Symbols
from ._words import escape, words

_COPIERS = (
    "memcpy",
    "memset",
    "memmove",
    "copy_mc",
    "copy_user",
    "copy_page",
    "clear_page",
    "clear_user",
    "rep_movs",
    "rep_stos",
    "strcpy",
    "strncpy",
    "strscpy",
    "memcmp",
    "memchr",
)
# which kind of clue says most: none, page, folio, inode, mapping, pfn, phys, handed, index
_RANKS = (0, 4, 2, 3, 3, 1, 2, 2, 1)
_NAMED_MAX = 4


def plural(number: int, noun: str) -> str:
    """A number of things.

    :param number: how many
    :param noun: of what
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(ns: int) -> str:
    """How long something took.

    :param ns: in ns
    """
    if ns < 1000:
        return f"{ns} ns"
    for unit, size in (("us", 1000), ("ms", 1000000)):
        if ns < 1000 * size:
            return f"{ns // size}.{ns * 1000 // size % 1000:03d} {unit}"
    return f"{ns // 10**9}.{ns // 10**6 % 1000:03d} s"


def at_time(ns: int) -> str:
    """A time as the kernel log has it.

    :param ns: of CLOCK_MONOTONIC
    """
    return f"{ns // 10**9}.{ns // 1000 % 10**6:06d}"


def location(where: Location) -> str:
    """Where some code is: ``symbol+offset [module] (file:line)``, as far as known.

    :param where: the code
    """
    if where.symbol is None:
        return f"{where.address:#x}"
    text = f"{where.symbol}+{where.offset:#x}"
    if where.module:
        text += f" [{where.module}]"
    if where.frames and where.telling.file:
        text += f" ({where.telling.file}:{where.telling.line or 0})"
    return text


class Facts:
    """The facts of one record.

    :param sym: what explains its addresses
    :param fault: the record
    """

    def __init__(self, sym: Symbols, fault: Fault) -> None:
        self.sym = sym
        self.fault = fault

    # --- Code ---

    def ip(self) -> Location:
        """The faulting instruction."""
        return self.sym.find(self.fault, self.fault.ip, False)

    def frame(self, index: int) -> Location:
        """An entry of the stack.

        :param index: which one, 0 is the instruction itself
        """
        return self.sym.find(self.fault, self.fault.frames[index], index > 0)

    def code(self, where: Location) -> str:
        """Where some code is; without a symbol it may be in the record's module.

        :param where: the code
        """
        fault = self.fault
        if not where.address:
            return "code that is not known"
        if where.symbol is None and fault.in_module(where.address):
            offset = where.address - fault.module_base
            return f"{where.address:#x} [{escape(fault.module)}+{offset:#x}]"
        return location(where)

    def caller_code(self, address: int) -> str:
        """The same of a return address.

        :param address: the address
        """
        return self.code(self.sym.find(self.fault, address))

    def function(self, where: Location) -> str:
        """Which function some code is in.

        :param where: the code
        """
        if where.symbol is None:
            return self.code(where)
        if not where.frames or not where.telling.function:
            return f"{where.symbol}()"
        frame = where.telling
        place = f" ({frame.file}:{frame.line or 0})" if frame.file else ""
        return f"{frame.function}(){place}"

    def caller_function(self, address: int) -> str:
        """The same of a return address.

        :param address: the address
        """
        return self.function(self.sym.find(self.fault, address))

    def blamed_caller(self) -> Optional[Location]:
        """Who called memcpy() and its like, None if the instruction is its own culprit."""
        if not self._is_copier(self.ip()):
            return None
        for index in range(1, len(self.fault.frames)):
            where = self.frame(index)
            if where.symbol and not self._is_copier(where):
                return where
        return None

    @staticmethod
    def _is_copier(where: Location) -> bool:
        return bool(where.symbol) and str(where.symbol).lstrip("_").startswith(_COPIERS)

    def blamed(self) -> Location:
        """The code that is to blame."""
        return self.blamed_caller() or self.ip()

    # --- The access ---

    def access(self) -> str:
        """What the instruction did."""
        text = words().name("accesses", self.fault.access)
        if self.fault.has(_abi.F_WIDTH):
            text += f" of {plural(self.fault.width, 'byte')}"
            text += " a step" if self.fault.has(_abi.F_REP) else ""
        return text

    def target(self) -> str:
        """What was accessed."""
        fault = self.fault
        if fault.has(_abi.F_DEVICE):
            text = f"{escape(fault.device)}+{fault.offset:#x}"
        else:
            text = f"{fault.address:#x}"
        if fault.has(_abi.F_FILE):
            text += f" (inode {fault.inode}, file offset {fault.file_offset:#x})"
        return text

    def key(self) -> str:
        """The protection key."""
        fault = self.fault
        if not fault.has(_abi.F_PFN):
            return "a protection key that the page tables no longer name"
        if not fault.has(_abi.F_KEY):
            return f"pkey {fault.pkey} (allocated to nobody)"
        return f'pkey {fault.pkey} "{escape(fault.key_name)}"'

    def task(self) -> str:
        """Who did it."""
        return f"{escape(self.fault.comm)} (pid {self.fault.pid})"

    def answer(self) -> str:
        """The one line that says it all."""
        fault, caller = self.fault, self.blamed_caller()
        verdict = words().name("verdicts", fault.verdict)
        confidence = words().name("confidences", fault.confidence)
        called = f", called by {self.code(caller)}" if caller else ""
        to = "to" if fault.access == _abi.WRITE else "from"
        return (
            f"{verdict} ({confidence}): {self.access()} by {self.code(self.ip())}{called}"
            f" {to} {self.target()} denied by {self.key()}"
        )

    # --- Clues ---

    def clue_holder(self, clue: Clue) -> Optional[Location]:
        """The function that a clue belongs to, None if the stack does not reach as far.

        :param clue: the clue
        """
        if not clue.on_stack or not clue.frame:
            return self.ip()
        if clue.frame >= len(self.fault.frames):
            return None
        return self.frame(clue.frame)

    def clue(self, clue: Clue) -> str:
        """What was found where.

        :param clue: the clue
        """
        text = "the memory at " if clue.in_object else ""
        if clue.on_stack:
            holder = self.clue_holder(clue)
            of = self.function(holder) if holder else f"frame {clue.frame}"
            text += f"stack word {clue.index} (of {of})"
        else:
            text += words().name("regs", clue.index)
        text += " holds " + (f"at byte {clue.offset} " if clue.in_object else "")
        known = words().clues
        what = known[clue.what] if clue.what < len(known) else None
        return f"{text}{what or 'something that this pksdiag does not know'}, {clue.value:#x}"

    def best_clue(self) -> Optional[Clue]:
        """The clue that says most."""

        def rank(clue: Clue) -> int:
            known = _RANKS[clue.what] if clue.what < len(_RANKS) else 0
            return known and known + (8 if clue.is_near else 0)

        clues = [clue for clue in self.fault.known_clues if rank(clue)]
        return max(clues, key=rank) if clues else None

    # --- Do the faulting function and its callers map anything? ---

    def mappers(self) -> str:
        """If the faulting function or its callers map anything: a sentence or two."""
        places = [self.frame(i) for i in range(len(self.fault.frames))] or [self.ip()]
        found = [self.sym.maps(where) for where in places]
        calls = [after for after in found if after]
        unknown = found.count(None)
        if calls:
            return self._some_map(calls)
        if not unknown:
            callers = plural(len(places) - 1, "caller")
            return (
                f"By their code, neither the function nor its {callers} in the record"
                " map anything."
            )
        if unknown < len(places):
            return (
                "Neither the function nor its callers map anything, as far as their code"
                f" is at hand: that of {unknown} of {len(places)} is not."
            )
        return (
            "If the function or its callers map anything at all can not be told without"
            " their code (--vmlinux FILE, --module-dir DIR)."
        )

    def _some_map(self, calls: List[int]) -> str:
        named = ", ".join(self.caller_function(after) for after in calls[:_NAMED_MAX])
        more = f" and {len(calls) - _NAMED_MAX} more" if len(calls) > _NAMED_MAX else ""
        return (
            f"Of the function and its callers, these map memory: {named}{more}. If they mean"
            " this page, their mapping does not cover the access."
        )
