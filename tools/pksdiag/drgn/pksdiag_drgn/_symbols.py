# SPDX-License-Identifier: GPL-2.0
"""From a run-time address to a symbol, a source line and its inline chain, by drgn.

drgn 0.0.22 has no function from an address to a source line. What it has is a stack trace
from registers, whose first frames are the functions inlined at the program counter, with
their lines: so each address is traced as if a task had been stopped there. A drgn that has
more takes that, too, and the lines come from the debug info that drgn has checked
and indexed anyway.
"""

import logging
import struct
from dataclasses import dataclass
from typing import Dict, List, Optional, Set, Tuple

from drgn import FaultError, Object, Program, StackFrame, Symbol, SymbolBinding, SymbolKind
from drgn.helpers.linux.list import list_for_each_entry

from ._abi import Fault

LOG = logging.getLogger("pksdiag_drgn")

_INLINES_MAX = 24
# __KERNEL_CS: drgn unwinds only what is of the kernel
_KERNEL_CS = 0x10
# What maps memory calls one of these, inlined or not.
_MAP_FUNCTIONS = ("__devmap_map_page", "__devmap_map_page_global", "__devmap_get", "dax_read_lock")
_CALLS = (0xE8, 0xE9)
_CALL_LEN = 5


@dataclass(frozen=True)
class Frame:
    """One level of the inline chain; what is not known is None."""

    function: Optional[str]
    file: Optional[str]
    line: Optional[int]


@dataclass(frozen=True)
class Location:
    """What is known about an address.

    :param address: at run time
    :param symbol: the ELF symbol that it is in
    :param offset: where in it
    :param size: of the symbol
    :param module: printable name of the module that it is in, None: the kernel itself
    :param frames: the innermost inlined function first; empty if there is no source line
    """

    address: int
    symbol: Optional[str] = None
    offset: int = 0
    size: int = 0
    module: Optional[str] = None
    frames: Tuple[Frame, ...] = ()

    @property
    def name(self) -> Optional[str]:
        """``symbol+0xoffset/0xsize``"""
        return self.symbol and f"{self.symbol}+{self.offset:#x}/{self.size:#x}"

    @property
    def telling(self) -> Frame:
        """The innermost frame that is not of a header: there must be one.

        An access in an inline helper says little; who it is inlined into is asked for.
        """
        for frame in self.frames:
            if frame.file and len(frame.file) > 2 and not frame.file.endswith(".h"):
                return frame
        return self.frames[0]


def _function(frame: StackFrame) -> Optional[str]:
    # a drgn that has both means by name what to show, be it the symbol only
    name: Optional[str]
    name = frame.function_name if hasattr(frame, "function_name") else frame.name
    return name


def _is_better(symbol: Symbol, best: Optional[Symbol]) -> bool:
    if best is None or (not symbol.size) != (not best.size):
        return best is None or bool(symbol.size)
    if symbol.address != best.address:
        return bool(symbol.address > best.address)
    is_global = symbol.binding == SymbolBinding.GLOBAL
    return bool(is_global and best.binding != SymbolBinding.GLOBAL)


class Symbols:
    """Symbols and lines of a program.

    :param prog: the program, its debug info loaded
    """

    def __init__(self, prog: Program) -> None:
        self._prog = prog
        self._found: Dict[Tuple[int, Optional[str], bool], Location] = {}
        self._modules: Optional[Set[Tuple[bytes, int]]] = None
        self._targets: Optional[Set[int]] = None
        self.module_files: Dict[bytes, str] = {}
        self._kernel = range(self._address("_stext"), self._address("_end"))

    def _address(self, name: str) -> int:
        try:
            return int(self._prog.symbol(name).address)
        except LookupError:
            return 0

    # --- Modules ---

    def _loaded_modules(self) -> Set[Tuple[bytes, int]]:
        """Name and start of the text of each module."""
        if self._modules is None:
            self._modules = set()
            try:
                head = self._prog["modules"].address_of_()
                for module in list_for_each_entry("struct module", head, "list"):
                    # since Linux 6.4 there is one layout a kind of memory
                    old = hasattr(module, "core_layout")
                    base = module.core_layout.base if old else module.mem[0].base
                    self._modules.add((module.name.string_(), base.value_()))
            except (LookupError, FaultError, AttributeError) as error:
                LOG.warning("the list of modules cannot be read: %s", error)
        return self._modules

    def _module(self, fault: Fault) -> Optional[str]:
        """The record's module, printable, if it is still where it was."""
        from ._words import escape

        if (fault.module, fault.module_base) not in self._loaded_modules():
            return None
        return escape(fault.module)

    def module_quality(self, fault: Fault) -> str:
        """What names of code in a record's module are based on.

        :param fault: a record of code in a module
        """
        from ._words import escape

        name = escape(fault.module)
        if self.find(fault, fault.ip, False).symbol is None:
            return f"raw addresses only: no usable {name}.ko (--module-dir DIR)"
        file = self.module_files.get(fault.module, "the debug info that drgn has loaded")
        return f"symbols and lines by {file}"

    # --- Addresses ---

    def _symbol(self, address: int) -> Optional[Symbol]:
        best: Optional[Symbol] = None
        for symbol in self._prog.symbols(address):
            is_code = symbol.kind in (SymbolKind.FUNC, SymbolKind.UNKNOWN)
            if is_code and _is_better(symbol, best):
                best = symbol
        if best is not None:
            return best
        try:
            return self._prog.symbol(address)
        except LookupError:
            return None

    def _frames(self, address: int) -> Tuple[Frame, ...]:
        frames: List[Frame] = []
        try:
            regs = Object(self._prog, "struct pt_regs", {"ip": address, "cs": _KERNEL_CS})
            trace = self._prog.stack_trace(regs)
        except (LookupError, ValueError, FaultError):
            return ()
        for frame in trace:
            file: Optional[str] = None
            line: Optional[int] = None
            try:
                file, line, _ = frame.source()
            except LookupError:
                pass
            frames.append(Frame(_function(frame), file or None, line or None))
            if not frame.is_inline or len(frames) == _INLINES_MAX:
                break
        known = frames and (frames[0].function or frames[0].file)
        return tuple(frames) if known else ()

    def _look_up(self, address: int, module: Optional[str], is_return: bool) -> Location:
        probe = address - is_return
        symbol = self._symbol(probe) if address else None
        if symbol is None:
            return Location(address)
        offset = address - int(symbol.address)
        frames = self._frames(probe)
        return Location(address, symbol.name, offset, int(symbol.size), module, frames)

    def _find(self, address: int, module: Optional[str], is_return: bool) -> Location:
        key = address, module, is_return
        if key not in self._found:
            self._found[key] = self._look_up(*key)
        return self._found[key]

    def find(self, fault: Fault, address: int, is_return: bool = True) -> Location:
        """What is known about an address of a record.

        :param fault: the record: the address may be in its module
        :param address: at run time
        :param is_return: a return address: the call before it is what matters
        """
        if not fault.in_module(address):
            return self.find_kernel(address, is_return)
        module = self._module(fault)
        if module is None:
            return Location(address)
        return self._find(address, module, is_return)

    def find_kernel(self, address: int, is_return: bool = True) -> Location:
        """What is known about an address of the kernel itself.

        :param address: at run time
        :param is_return: a return address
        """
        if address not in self._kernel:
            return Location(address)
        return self._find(address, None, is_return)

    # --- Who maps ---

    def _map_functions(self) -> Set[int]:
        if self._targets is None:
            self._targets = {self._address(name) for name in _MAP_FUNCTIONS} - {0}
        return self._targets

    def _scan(self, start: int, size: int) -> Optional[int]:
        """Behind the first call that maps; 0: there is none, None: no code to look at."""
        try:
            code = self._prog.read(start, size)
        except (FaultError, OSError, ValueError):
            return None
        for i in range(size - _CALL_LEN + 1):
            if code[i] not in _CALLS:
                continue
            after = start + i + _CALL_LEN
            if after + struct.unpack_from("<i", code, i + 1)[0] in self._map_functions():
                return after
        return 0

    def maps(self, where: Location) -> Optional[int]:
        """Behind the first call of a function that maps memory; by its code in memory.

        :param where: some code of the function
        :returns: 0 if there is no such call, None if there is no telling
        """
        if where.symbol is None or not where.size or not self._map_functions():
            return None
        after = self._scan(where.address - where.offset, where.size)
        if after != 0:
            return after
        for cold in self._prog.symbols(where.symbol + ".cold")[:1]:
            return self._scan(int(cold.address), int(cold.size))
        return 0
