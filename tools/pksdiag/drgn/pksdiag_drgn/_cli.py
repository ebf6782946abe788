# SPDX-License-Identifier: GPL-2.0
"""The command ``pksdiag-drgn``."""

import argparse
import json
import logging
import os
import sys
from typing import Any, Iterable, Iterator, List, Optional, Tuple

import drgn
from drgn import FaultError, MissingDebugInfoError, Program

from . import _abi, _source
from ._abi import Fault, Owner, PksError, Ring
from ._explain import explanation, explanation_json
from ._facts import Facts, at_time, duration, location, plural
from ._in_dump import read_in_dump
from ._json import fault_json, keys_json, owners_json, stats_json
from ._source import Ledger
from ._symbols import Symbols
from ._words import escape, words

EXIT_OK, EXIT_ERROR, EXIT_USAGE = 0, 1, 2
NAME = "pksdiag-drgn"

_EPILOG = """\
Without -c it reads the running kernel (root only). Exit status: 0, 1 after an error (a
damaged record is one; the others are shown), 2 for a wrong command line.

Example: pksdiag-drgn -c /var/crash/vmcore -s ./vmlinux explain
"""
_ABSENT = (
    "PKS is absent on this machine: CPU or hypervisor do not offer it, or it is off.\n"
    "Nothing was protected, so there is nothing to show."
)
_COMMANDS = ("list", "explain", "owners", "keys", "stats")


# --- What is read -------------------------------------------------------------


class _Counting(logging.Handler):
    """Prints messages to stderr, and counts errors."""

    def __init__(self) -> None:
        super().__init__()
        self.errors = 0
        self.source = ""

    def emit(self, record: logging.LogRecord) -> None:
        is_error = record.levelno >= logging.ERROR
        self.errors += is_error
        self.say(("" if is_error else "warning: ") + f"{self.source}: {record.getMessage()}")

    def say(self, text: str) -> None:
        """Print one line."""
        sys.stdout.flush()
        print(f"{NAME}: " + " ".join(text.split()), file=sys.stderr)


def _load(prog: Program, files: List[str]) -> None:
    """Debug info; that of modules may be missing."""
    for file in files:
        try:
            with open(file, "rb"):
                pass
        except OSError as error:
            raise PksError(f"{file}: cannot open: {error.strerror}") from error
    try:
        if files:
            prog.load_debug_info(files)
        else:
            prog.load_default_debug_info()
    except MissingDebugInfoError as error:
        logging.getLogger("pksdiag_drgn").debug("%s", error)
    try:
        prog.type("struct pt_regs")
        prog.symbol("_stext")
    except LookupError as error:
        which = f"{files[0]} is none of this kernel" if files else "none was found"
        raise PksError(
            f"no debug info: {which}: give the vmlinux of the same build, with DWARF (-s VMLINUX)"
        ) from error


def _open(core: Optional[str], files: List[str]) -> Program:
    prog = Program()
    try:
        if core:
            prog.set_core_dump(core)
        else:
            prog.set_kernel()
    except OSError as error:
        hint = "" if core else " (be root, or give a crash dump by -c)"
        raise PksError(f"cannot open: {error.strerror or error}{hint}") from error
    except (ValueError, FaultError) as error:
        raise PksError(f"not a crash dump that drgn can read: {error}") from error
    if not prog.flags & drgn.ProgramFlags.IS_LINUX_KERNEL:
        raise PksError("not the dump of a Linux kernel (no VMCOREINFO)")
    _load(prog, files)
    return prog


def _module_files(name: str, folder: str, deep: bool) -> Iterator[str]:
    """Files that may be those of a module, in or below a directory."""
    for path, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            stem = file[: -len(".debug")] if file.endswith(".ko.debug") else file
            if stem.replace("-", "_") == name + ".ko":
                yield os.path.join(path, file)
        if not deep:
            return


class _View:
    """A program, its records and what explains them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.prog = _open(options.core, options.symbols)
        self.ring: Ring = _source.read_ring(self.prog)
        self.faults: List[Fault] = _source.read_faults(self.prog, self.ring)
        self.symbols = Symbols(self.prog)
        for name in sorted({it.module for it in self.faults if it.has(_abi.F_MODULE)}):
            self._load_module(name)

    @property
    def has_pks(self) -> bool:
        """The machine protected something."""
        return bool(self.faults or self.ring.flags & _abi.RING_F_PKS)

    def _places(self) -> Iterator[Tuple[str, bool]]:
        if self.options.module_dir:
            yield self.options.module_dir, True
        if self.options.symbols:
            yield os.path.dirname(self.options.symbols[0]) or ".", False

    def _load_module(self, module: bytes) -> None:
        """Load a module's debug info; drgn takes it only if its build id is right."""
        for folder, deep in self._places():
            for path in _module_files(escape(module), folder, deep):
                try:
                    self.prog.load_debug_info([path])
                except MissingDebugInfoError as error:
                    logging.getLogger("pksdiag_drgn").warning("%s", error)
                    continue
                self.symbols.module_files[module] = path
                return


# --- What is printed ----------------------------------------------------------


def _put(what: Any) -> None:
    print(json.dumps(what, indent=2))


def _list(view: _View) -> None:
    if view.options.json:
        _put([fault_json(view.symbols, fault) for fault in view.faults])
        return
    faults = view.faults
    signatures = len({fault.signature for fault in faults})
    lost = _source.lost(view.ring, faults)
    print(f"{plural(len(faults), 'PKS fault')}, {plural(signatures, 'signature')}, {lost} lost")
    row = "{:>5} {:>14} {:>3} {:<22} {:<14} {:<8} {:>6} {:<10} {}".format
    if faults:
        head = "SEQ TIME CPU TASK VERDICT ACCESS HITS RESOLUTION WHERE"
        print(row(*head.split()))
    for fault in faults:
        facts = Facts(view.symbols, fault)
        width = f" {fault.width}" if fault.has(_abi.F_WIDTH) else ""
        print(
            row(
                fault.seq,
                at_time(fault.time_ns),
                fault.cpu,
                f"{escape(fault.comm)}:{fault.pid}",
                words().name("verdicts", fault.verdict),
                words().name("accesses", fault.access) + width,
                fault.hits,
                words().name("resolutions", fault.resolution),
                f"{facts.target()} by {facts.code(facts.ip())}",
            )
        )


def _no_such(view: _View, seq: int) -> PksError:
    faults = view.faults
    if not faults:
        return PksError(f"no record {seq}: there are none")
    return PksError(
        f"no record {seq}: lost, or not yet there (there are {len(faults)},"
        f" from {faults[0].seq} to {faults[-1].seq})"
    )


def _explain(view: _View) -> None:
    options, wanted = view.options, view.faults
    if options.seq:
        wanted = [fault for fault in wanted if fault.seq == options.seq]
        if not wanted:
            raise _no_such(view, options.seq)
    elif not options.all:
        wanted = wanted[-1:]
    dump = read_in_dump(view.prog) if wanted else None
    if options.json:
        _put([explanation_json(view.symbols, fault, dump) for fault in wanted])
    elif wanted:
        print("\n\n".join(explanation(view.symbols, fault, dump) for fault in wanted))
    else:
        print(f"no PKS faults, {_source.lost(view.ring, [])} lost")


def _keys(view: _View) -> None:
    keys = keys_json(view.ring)
    if view.options.json:
        _put(keys)
        return
    print(f"{plural(len(keys), 'protection key')} allocated")
    for key in keys:
        print(f"pkey {key['pkey']:<15} {key['name']}")


def _stats(view: _View) -> None:
    stats = stats_json(view.ring, view.faults, view.has_pks)
    if view.options.json:
        _put(stats)
        return
    print(
        f"{plural(stats['head'], 'PKS fault')}, {stats['records']} readable,"
        f" {stats['lost']} lost"
    )
    row = "{:<20} {}".format
    print(row("kernel", stats["release"]))
    print(row("build id", view.ring.build_id.hex()))
    print(row("PKS", "on" if view.has_pks else "absent"))
    print(
        row(
            "ring",
            f"{stats['nr_slots']} slots and {stats['nr_firsts']} for first records,"
            f" {stats['record_size']} bytes a record",
        )
    )
    for name, value in stats["counters"].items():
        print(row(name, value))
    for key in stats["keys"]:
        print(f"pkey {key['pkey']:<15} {key['name']}")


# --- Owners -------------------------------------------------------------------

_OWNER_ROW = "{:>12} {:<11} {:<12} {:<22} {:>3} {:>4} {:<8} {}".format


def _state(owner: Owner) -> str:
    if owner.kind == _abi.OWN_HANDOUT:
        return "handed-out"
    if owner.kind == _abi.OWN_LOST:
        return "unmatched"
    if owner.unmap_time:
        return "unmapped"
    return "left-behind" if owner.dead else "mapped"


def _owner_place(ledger: Ledger, owner: Owner) -> str:
    if owner.opens_all:
        return "all devices"
    place = ledger.place(owner.pfn)
    text = f"pfn {owner.pfn:#x}"
    if place:
        device, meta, offset = place
        text = f"{escape(device.name)}{':meta' if meta else ''}+{offset:#x}"
    return text + (f" ({owner.nr_pages} pages)" if owner.nr_pages > 1 else "")


def _owner_lines(view: _View, ledger: Ledger, owner: Owner) -> Iterator[str]:
    def code(address: int) -> str:
        return location(view.symbols.find_kernel(address))

    section = "section, " if owner.kind == _abi.OWN_SECTION else ""
    yield _OWNER_ROW(
        duration(ledger.age(owner.ns)),
        _state(owner),
        words().name("mappings", owner.type),
        f"{escape(owner.comm)}:{owner.pid}",
        owner.cpu,
        owner.nest,
        words().name("contexts", owner.context),
        f"{section}{_owner_place(ledger, owner)} by {code(owner.ip)}",
    )
    for caller in _abi.up_to_zero(owner.stack):
        yield f"{'':13}called by {code(caller)}"
    if owner.unmap_time and owner.kind in (_abi.OWN_PAGE, _abi.OWN_SECTION):
        held = duration(max(owner.unmap_time - owner.map_time, 0))
        by = f"pid {owner.unmap_pid} in {code(owner.unmap_ip)}"
        yield f"{'':13}unmapped after {held} by {by}"


def _owners_summary(ledger: Ledger) -> Iterator[str]:
    mapped = [owner for owner in ledger.owners if owner.is_mapped]
    text = f"{plural(len(mapped), 'mapping')} of protected memory"
    if mapped:
        oldest = ", for " if len(mapped) == 1 else ", the oldest for "
        text += oldest + duration(ledger.age(mapped[0].map_time))
    yield text
    if ledger.dropped:
        yield (
            f"{plural(ledger.dropped, 'mapping')} found no room in the ledger and cannot be shown"
        )
    if ledger.now_is_newest and ledger.owners:
        yield (
            f"ages are as of {at_time(ledger.now)} s, the newest time in the dump:"
            " they are at least this"
        )


def _owners(view: _View) -> None:
    ledger = _source.read_ledger(view.prog, view.faults)
    if ledger.is_off and view.has_pks:
        raise PksError("the ledger of mappings is off: nobody kept account")
    wanted = [owner for owner in ledger.owners if view.options.all or owner.is_mapped]
    if view.options.json:
        _put(owners_json(view.symbols, ledger, wanted, view.has_pks))
        return
    _put_lines(_owners_summary(ledger))
    if wanted:
        print(_OWNER_ROW(*"AGE STATE TYPE TASK CPU NEST CONTEXT WHERE".split()))
    for owner in wanted:
        _put_lines(_owner_lines(view, ledger, owner))


def _put_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


# --- The command line ---------------------------------------------------------


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not the number of a record")
    return int(text)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> Any:
        """Print it and exit."""
        print(f"{NAME}: {message} (try '{NAME} --help')", file=sys.stderr)
        sys.exit(EXIT_USAGE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=NAME,
        description="Explains faults by Protection Keys for Supervisor pages (PKS), by drgn.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("command", choices=_COMMANDS, help="faults, one explained, mappings, keys, counters")
    add("seq", nargs="?", type=_number, metavar="SEQ", help="explain this one, not the last")
    add("--all", action="store_true", help="explain all; owners: those that ended, too")
    add("-c", "--core", metavar="CORE", help="crash dump, or /proc/kcore")
    add(
        "-s",
        "--symbols",
        metavar="VMLINUX",
        action="append",
        default=[],
        help="debug info (again for modules); else what drgn finds",
    )
    add("-m", "--module-dir", metavar="DIR", help="NAME.ko of modules anywhere below DIR")
    add("--json", action="store_true", help="the JSON of pksdiag --json")
    return parser


def _parse(argv: Optional[List[str]]) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(argv)
    if options.seq and options.command != "explain":
        parser.error("SEQ is for explain")
    if options.seq and options.all:
        parser.error("explain takes one of SEQ and --all")
    if options.all and options.command not in ("explain", "owners"):
        parser.error("--all is for explain and owners")
    return options


def _run(options: argparse.Namespace) -> None:
    show = {
        "list": _list,
        "explain": _explain,
        "owners": _owners,
        "keys": _keys,
        "stats": _stats,
    }[options.command]
    words()
    view = _View(options)
    if not options.json and not view.has_pks and show in (_list, _explain, _owners):
        print(_ABSENT)
        return
    show(view)


def main(argv: Optional[List[str]] = None) -> int:
    """Run the command.

    :param argv: its arguments, else those of the process
    :returns: the exit status
    """
    options = _parse(argv)
    messages = _Counting()
    messages.source = options.core or "/proc/kcore"
    log = logging.getLogger("pksdiag_drgn")
    log.addHandler(messages)
    log.propagate = False
    try:
        _run(options)
        sys.stdout.flush()
    except PksError as error:
        log.error("%s", error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_ERROR
    except OSError as error:
        log.error("%s", error)
    return EXIT_ERROR if messages.errors else EXIT_OK
