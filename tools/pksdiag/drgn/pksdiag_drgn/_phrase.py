# SPDX-License-Identifier: GPL-2.0
"""Sentences about a record: in their text ``{word}`` stands for a fact."""

import re
from typing import Callable, Dict

from . import _abi
from ._facts import Facts, duration, plural
from ._json import side_name
from ._words import escape, words

_RECENT_NS = 10 * 10**9


def _since(facts: Facts, when: int) -> str:
    return duration(facts.fault.ago(when))


def _neighbour(facts: Facts) -> str:
    fault = facts.fault
    text = f"the page {side_name(fault) or 'next to'} it"
    if not fault.has(_abi.F_NEAR):
        return text
    mapping = words().name("mappings", fault.near_mapping)
    by = facts.caller_function(fault.near_ip)
    return f"{text} (pfn {fault.near_pfn:#x}, mapped by {mapping} in {by})"


def _beyond(facts: Facts) -> str:
    where = "before its start" if facts.fault.side > 0 else "behind its end"
    return f"{plural(facts.fault.beyond, 'byte')} {where}"


def _handed(facts: Facts) -> str:
    fault = facts.fault
    if not fault.has(_abi.F_HANDED):
        return ""
    by = facts.caller_function(fault.handed_ip)
    task = f"{escape(fault.handed_comm)} (pid {fault.handed_pid})"
    return f" to {by}, task {task}, {_since(facts, fault.handed_ns)} before the access"


def _clue(facts: Facts) -> str:
    clue = facts.best_clue()
    return facts.clue(clue) if clue else "no clue is in the record"


def _missing(facts: Facts) -> str:
    """The faulting function, and the caller that knows the page if it does not."""
    text, clue = facts.function(facts.blamed()), facts.best_clue()
    if clue is None or not clue.on_stack or not clue.frame:
        return text
    holder = facts.clue_holder(clue)
    if holder is None or holder == facts.blamed():
        return text
    return f"{text}, or before that in {facts.function(holder)}, which knows the page"


def _page(facts: Facts) -> str:
    text = facts.target()
    if facts.fault.has(_abi.F_FILE):
        return text
    device = facts.fault.has(_abi.F_DEVICE)
    return text + (", of no known file" if device else ", of no protected device")


_WORDS: Dict[str, Callable[[Facts], str]] = {
    "access": lambda it: words().name("accesses", it.fault.access),
    "beyond": _beyond,
    "clue": _clue,
    "code": lambda it: it.function(it.blamed()),
    "context": lambda it: words().name("contexts", it.fault.context),
    "device key": lambda it: f"{escape(it.fault.device)} has pkey {it.fault.device_pkey}",
    "forgot": lambda it: plural(it.fault.forgot, "mapping"),
    "gap": lambda it: _since(it, it.fault.unmap_ns),
    "handed": _handed,
    "key": lambda it: it.key(),
    "lost": lambda it: it.caller_function(it.fault.lost_ip),
    "lost age": lambda it: _since(it, it.fault.lost_ns),
    "lost page": lambda it: f"pfn {it.fault.lost_pfn:#x}",
    "mappers": lambda it: it.mappers(),
    "missing": _missing,
    "neighbour": _neighbour,
    "owner": lambda it: it.caller_function(it.fault.owner_ip),
    "owner age": lambda it: _since(it, it.fault.owner_ns),
    "owner context": lambda it: words().name("contexts", it.fault.owner_context),
    "owner task": lambda it: f"{escape(it.fault.owner_comm)} (pid {it.fault.owner_pid})",
    "page": _page,
    "recent": lambda it: duration(_RECENT_NS),
    "searched": lambda it: plural(it.fault.stack_words, "word"),
    "task": lambda it: it.task(),
    "type": lambda it: words().name("mappings", it.fault.mapping),
    "unmap": lambda it: it.caller_function(it.fault.unmap_ip),
}


def phrase(facts: Facts, text: str) -> str:
    """A sentence about a record.

    :param facts: of the record
    :param text: the sentence, with ``{word}`` for what the record says
    """
    return re.sub(r"{([^}]*)}", lambda match: _WORDS[match[1]](facts), text)


def because(facts: Facts, fact: int) -> str:
    """What one of the facts says that a verdict rests on.

    :param facts: of the record
    :param fact: its number
    """
    sentences = words().sentences
    if fact >= len(sentences):
        return f"A fact that this pksdiag does not know (bit {fact})."
    return phrase(facts, sentences[fact])
