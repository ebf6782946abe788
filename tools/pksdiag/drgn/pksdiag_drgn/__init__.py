# SPDX-License-Identifier: GPL-2.0
"""
PKS faults in drgn
==================

Who wrote where, why it was denied and what to do about it, of a kernel with
``CONFIG_PKSDIAG``: from its crash dump, or live from ``/proc/kcore``. Every function takes
the :class:`drgn.Program` (or an object of it) to work on; debug info has to be loaded.

>>> from pksdiag_drgn import pks_faults, explain
>>> for fault in pks_faults(prog):
...     print(explain(prog, fault))

A record that is damaged costs that record: it is left out, and one line that names it goes
to the logger ``pksdiag_drgn``. What cannot be read at all raises :class:`PksError`, whose
text says what to do.

What it says is what ``pksdiag`` says; the command ``pksdiag-drgn`` prints all of it.
"""

from typing import Dict, Iterator, List, Optional, Union

from drgn import Object, Program

from . import _source
from ._abi import Clue, Fault, Owner, PksError
from ._explain import explanation
from ._in_dump import read_in_dump
from ._symbols import Symbols
from ._words import escape

__all__ = (
    "Clue",
    "Fault",
    "Owner",
    "PksError",
    "explain",
    "pkrs_of",
    "pks_faults",
    "pks_keys",
    "pks_owners",
)


def pks_faults(prog: Program) -> Iterator[Fault]:
    """
    Iterate over the PKS faults that the kernel has recorded.

    :param prog: kernel, or its dump
    :return: records, in the order of their :attr:`Fault.seq`
    :raises PksError: there are none to be had: not a kernel, no debug info, no
        ``CONFIG_PKSDIAG``, a ring that is damaged or of a newer version
    """
    return iter(_source.read_faults(prog, _source.read_ring(prog)))


def pks_owners(prog: Program, all: bool = False) -> List[Owner]:
    """
    Get the mappings of protected memory that the ledger knows of.

    :param prog: kernel, or its dump
    :param all: those that have ended, too, and addresses that were handed out
    :return: entries of the ledger, the oldest first
    :raises PksError: they cannot be read, or nobody kept account
    """
    ledger = _source.read_ledger(prog, [])
    if ledger.is_off:
        raise PksError("the ledger of mappings is off: nobody kept account")
    return [owner for owner in ledger.owners if all or owner.is_mapped]


def pks_keys(prog: Program) -> Dict[int, str]:
    """
    Get the protection keys that are allocated.

    :param prog: kernel, or its dump
    :return: who allocated each of them, as of the last fault or allocation
    :raises PksError: they cannot be read
    """
    ring = _source.read_ring(prog)
    return {key: escape(ring.key(key)) for key in range(16) if ring.key(key)}


def pkrs_of(task: Object) -> int:
    """
    Get the PKRS of a task: what its thread has asked for.

    Bits ``2 * key`` and ``2 * key + 1`` deny access and writing by a key. While the task
    runs, ``IA32_PKRS`` has this less what ``pks_global_pkrs`` grants to all.

    :param task: ``struct task_struct *``
    :return: value of the register when the task runs (again)
    :raises LookupError: the kernel has no PKS
    """
    return _source.pkrs_of(task)


def explain(prog: Program, fault: Optional[Union[Fault, int]] = None) -> str:
    """
    Explain a fault, in the words of ``pksdiag explain``.

    :param prog: kernel, or its dump
    :param fault: the record, or its number; or else the last one
    :return: text of several lines: who wrote where, why it was denied, what to do
    :raises PksError: there is no such record
    """
    if not isinstance(fault, Fault):
        wanted = [it for it in pks_faults(prog) if fault is None or it.seq == fault]
        if not wanted:
            raise PksError("no PKS faults" if fault is None else f"no record {fault}")
        fault = wanted[-1]
    return explanation(Symbols(prog), fault, read_in_dump(prog))
