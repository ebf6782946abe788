# SPDX-License-Identifier: GPL-2.0
"""What only a dump can tell about a record: its task, and who else knows the page."""

import struct
import time
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from drgn import FaultError, Object, Program, Type, offsetof
from drgn.helpers.linux.cpumask import for_each_possible_cpu
from drgn.helpers.linux.list import list_for_each_entry
from drgn.helpers.linux.percpu import per_cpu

from ._abi import Fault
from ._source import is_live

# Of more holders of a page only the number is said.
HOLDERS_MAX = 8

# For reading all stacks: a report is worth a wait, but not a long one.
_SECONDS_MAX = 20
_TASKS_MAX = 65536
# Documentation/x86/x86_64/mm.rst: all maps of memory are between, code is above
_POINTER_MIN = 0xFF00000000000000
_POINTER_MAX = 0xFFFFFF8000000000
_CODE_MIN = 0xFFFFFFFF80000000
_PAGE_SHIFT = 12
_WORD = 8
# The longest call by a register or memory.
_CALL_MAX = 7
# What reading a damaged dump may raise.
_UNREADABLE = (FaultError, LookupError, AttributeError, ValueError, OSError)
_REGS = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split()
# include/linux/sched.h: bits of __state, exit_state and flags
_STATES = ((0x1, "sleeping"), (0x4, "stopped"), (0x8, "traced"))
_UNINTERRUPTIBLE, _DEAD, _NOLOAD = 0x2, 0x80, 0x400
_EXIT_DEAD, _EXIT_ZOMBIE = 0x10, 0x20
_PF_EXITING = 0x4


@dataclass(frozen=True)
class Task:
    """A thread.

    :param address: of its task_struct
    :param pid: its number
    :param tgid: that of its process
    :param comm: its name
    :param waits: what it waits for
    :param exit: how far it has exited
    :param flags: PF_*
    :param on_cpu: it runs
    :param cpu: where it runs, or ran last
    :param stack: address of its kernel stack
    :param sp: where the stack pointer was when it last stopped running
    """

    address: int
    pid: int
    tgid: int
    comm: bytes
    waits: int
    exit: int
    flags: int
    on_cpu: bool
    cpu: int
    stack: int
    sp: int

    @property
    def has_exited(self) -> bool:
        """It will never again run code of its own."""
        return bool(self.exit or self.waits & _DEAD or self.flags & _PF_EXITING)

    @property
    def state(self) -> str:
        """A word for what it does."""
        if self.exit & _EXIT_DEAD or self.waits & _DEAD:
            return "dead"
        if self.exit & _EXIT_ZOMBIE:
            return "zombie"
        if self.flags & _PF_EXITING:
            return "exiting"
        if not self.waits:
            return "running" if self.on_cpu else "ready"
        if self.waits & _UNINTERRUPTIBLE:
            return "idle" if self.waits & _NOLOAD else "uninterruptible"
        return next((name for bit, name in _STATES if self.waits & bit), "?")


class Cpu(NamedTuple):
    """The registers of a CPU as it was stopped.

    :param cpu: its number
    :param pid: of the task that it ran, 0: idle
    :param regs: values by the order of their names
    """

    cpu: int
    pid: int
    regs: Tuple[int, ...]


class Holder(NamedTuple):
    """A task, or a CPU, that has an address in a page.

    :param value: the address
    :param at: where in the stack, bytes from its start; or which register
    :param task: whose stack
    :param cpu: or else whose register
    :param left: it is below the stack pointer: left over from earlier calls
    :param caller: the return address nearest above, 0: there is none
    """

    value: int
    at: int
    task: Optional[Task] = None
    cpu: Optional[Cpu] = None
    left: bool = False
    caller: int = 0

    @property
    def register(self) -> str:
        """Name of the register."""
        return _REGS[self.at]


def _member(of: Object, name: str) -> int:
    """A member that not every kernel has."""
    try:
        for part in name.split("."):
            of = of.member_(part)
        return int(of.value_())
    except LookupError:
        return 0


def _task_size(kind: Type) -> int:
    """Up to the FPU's registers, which are last.

    They take what this processor needs (``arch_task_struct_size``), often less than the type
    says: what follows then is of somebody else, and may not be in the dump.
    """
    try:
        return int(offsetof(kind, "thread.fpu"))
    except LookupError:
        return kind.size or 0


def _read_task(prog: Program, address: int) -> Task:
    kind = prog.type("struct task_struct")
    whole = kind.size or 0
    # all of it or nothing, and by one read
    raw = prog.read(address, _task_size(kind)).ljust(whole, b"\0")
    task = Object.from_bytes_(prog, kind, raw)
    return Task(
        address,
        task.pid.value_(),
        task.tgid.value_(),
        task.comm.string_(),
        task.member_("__state").value_(),
        task.exit_state.value_(),
        task.flags.value_(),
        bool(_member(task, "on_cpu")),
        _member(task, "thread_info.cpu"),
        task.stack.value_(),
        task.thread.sp.value_(),
    )


def _threads(prog: Program) -> Iterator[int]:
    """Addresses of all tasks but the idle ones: of each process all threads."""
    processes = prog["init_task"].tasks.address_of_()
    for leader in list_for_each_entry("struct task_struct", processes, "tasks"):
        if not leader.signal:
            # being reaped
            yield leader.value_()
            continue
        head = leader.signal.thread_head.address_of_()
        for thread in list_for_each_entry("struct task_struct", head, "thread_node"):
            yield thread.value_()


def _read_cpu(prog: Program, cpu: int) -> Optional[Cpu]:
    """None: the dump does not have its registers."""
    task = per_cpu(prog["runqueues"], cpu).curr
    try:
        regs = prog.stack_trace(task)[0].registers()
    except (ValueError, IndexError, FaultError, LookupError):
        return None
    if any(name not in regs for name in _REGS):
        return None
    return Cpu(cpu, task.pid.value_(), tuple(regs[name] for name in _REGS))


@dataclass
class InDump:
    """All tasks of a dump, and what their stacks point to.

    :param prog: the dump
    :param cpus: registers of its CPUs
    :param tasks: its tasks; the stacks of the first :attr:`searched` were searched
    :param unreadable: stacks that are not there
    :param words: of all stacks that were searched
    :param note: why these are not all of them
    """

    prog: Program
    cpus: List[Cpu] = field(default_factory=list)
    tasks: List[Task] = field(default_factory=list)
    searched: int = 0
    unreadable: int = 0
    words: int = 0
    note: Optional[str] = None
    stack_size: int = 0
    pointers: Dict[int, List[Tuple[Task, int, int]]] = field(default_factory=dict)

    # --- Reading ---

    def read(self) -> None:
        """Read all that is there, once for all records."""
        until = time.monotonic() + _SECONDS_MAX
        start, end = map(self.prog.symbol, ("__start_init_task", "__end_init_task"))
        self.stack_size = int(end.address) - int(start.address)
        for cpu in for_each_possible_cpu(self.prog):
            regs = _read_cpu(self.prog, cpu)
            self.cpus += [regs] if regs else []
        try:
            self._read_tasks(until)
        except _UNREADABLE as error:
            self.note = f"the list of tasks is damaged: {error}"
        for task in self.tasks:
            if time.monotonic() > until:
                break
            self._read_stack(task)
            self.searched += 1
        if self.searched < len(self.tasks) and not self.note:
            self.note = (
                f"too many: stacks of {self.searched} of {len(self.tasks)} tasks were searched"
            )

    def _read_tasks(self, until: float) -> None:
        for address in _threads(self.prog):
            if len(self.tasks) == _TASKS_MAX:
                self.note = f"only the first {_TASKS_MAX} tasks were read"
                return
            if time.monotonic() > until:
                self.note = f"it took too long: only {len(self.tasks)} tasks were read"
                return
            self.tasks.append(_read_task(self.prog, address))

    def _stack(self, task: Task) -> Tuple[int, ...]:
        data = self.prog.read(task.stack, self.stack_size)
        return struct.unpack(f"<{self.stack_size // _WORD}Q", data)

    def _read_stack(self, task: Task) -> None:
        if not task.stack:
            return
        try:
            stack = self._stack(task)
        except _UNREADABLE:
            self.unreadable += 1
            return
        self.words += len(stack)
        for number, value in enumerate(stack):
            if _POINTER_MIN <= value < _POINTER_MAX:
                word = task, value, number * _WORD
                self.pointers.setdefault(value >> _PAGE_SHIFT, []).append(word)

    # --- A record ---

    def task(self, fault: Fault) -> Tuple[str, Optional[Task]]:
        """What became of the task that a record is of: same, gone or unreadable.

        :param fault: the record
        :return: that, and the task that its task_struct is of
        """
        try:
            task = _read_task(self.prog, fault.task)
        except _UNREADABLE:
            return "unreadable", None
        same = (task.pid, task.tgid) == (fault.pid, fault.tgid)
        return "same" if same else "gone", task

    def _is_left_over(self, task: Task, at: int) -> bool:
        """Below its stack pointer a stack has what earlier calls have left there."""
        pointers = [task.sp]
        if task.on_cpu:
            pointers = [cpu.regs[_REGS.index("rsp")] for cpu in self.cpus]
        for pointer in pointers:
            if 0 <= pointer - task.stack < self.stack_size:
                return task.stack + at < pointer
        return False

    def _is_behind_call(self, address: int) -> bool:
        """The instruction before it is a call: e8, or ff /2 (SDM vol. 2)."""
        if address < _CODE_MIN:
            return False
        try:
            code = self.prog.read(address - _CALL_MAX, _CALL_MAX)
        except _UNREADABLE:
            return False
        return code[2] == 0xE8 or any(
            code[-size] == 0xFF and code[1 - size] & 0x38 == 0x10
            for size in range(2, _CALL_MAX + 1)
        )

    def _caller(self, task: Task, at: int) -> int:
        try:
            above = self._stack(task)[at // _WORD + 1 :]
        except _UNREADABLE:
            return 0
        return next((value for value in above if self._is_behind_call(value)), 0)

    def _in_registers(self, fault: Fault) -> Iterator[Holder]:
        for cpu in self.cpus:
            if cpu.pid == fault.pid and (fault.pid or cpu.cpu == fault.cpu):
                continue
            for number, value in enumerate(cpu.regs):
                if value >> _PAGE_SHIFT == fault.address >> _PAGE_SHIFT:
                    yield Holder(value, number, cpu=cpu)

    def holders(self, fault: Fault) -> List[Holder]:
        """Who else has an address in the page of a record: first who uses it.

        :param fault: the record
        """
        used: List[Holder] = []
        left: List[Holder] = []
        for task, value, at in self.pointers.get(fault.address >> _PAGE_SHIFT, ()):
            if task.address == fault.task:
                continue
            if self._is_left_over(task, at):
                left.append(Holder(value, at, task, left=True))
            else:
                used.append(Holder(value, at, task, caller=self._caller(task, at)))
        return [*self._in_registers(fault), *used, *left]


def read_in_dump(prog: Program) -> Optional[InDump]:
    """Read what only a dump can tell.

    :param prog: the program
    :return: None of a running kernel
    """
    if is_live(prog):
        return None
    found = InDump(prog)
    found.read()
    return found
