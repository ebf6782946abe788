# SPDX-License-Identifier: GPL-2.0
"""The words of the pksdiag tool: names, sentences, advice.

They are in words.json, which building the tool makes of its tables, so that both readers
say the same.
"""

import json
import os
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from ._abi import CONF_UNKNOWN, WRITE, Fault, PksError

_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "words.json")


@dataclass(frozen=True)
class Advice:
    """What to say about a verdict; the texts have ``{word}`` for facts of the record."""

    verdict: int
    facts: int
    at_risk: str
    why: str
    cause: str
    steps: List[str]


def _advice(row: Dict[str, Any]) -> Advice:
    fields = dict(row)
    fields["steps"] = [step for step in row["steps"] if step is not None]
    return Advice(**fields)


class Words:
    """The tables.

    :param tables: what words.json holds
    """

    def __init__(self, tables: Dict[str, Any]) -> None:
        self.names: Dict[str, List[str]] = tables
        self.sentences: List[str] = tables["sentences"]
        self.clues: List[str] = tables["clue_words"]
        self._resolutions: List[str] = tables["resolution_words"]
        self._read_risk: str = tables["read_risk"]
        self._doubtful: str = tables["doubtful"]
        self._advice = [_advice(row) for row in tables["advice"]]
        self._unknown = _advice(tables["advice_unknown"])

    def name(self, table: str, value: int) -> str:
        """Name of a value of an enumeration, "?" if it is not known.

        :param table: which one
        :param value: the value
        """
        names = self.names[table]
        return names[value] if value < len(names) else "?"

    def advice(self, fault: Fault) -> Advice:
        """What the verdict of a record means.

        :param fault: the record
        """
        for row in self._advice:
            if row.verdict == fault.verdict and not row.facts & ~fault.because:
                return row
        return self._unknown

    def _is_doubtful(self, fault: Fault) -> bool:
        return fault.confidence == CONF_UNKNOWN and self.advice(fault).at_risk == "no"

    def at_risk(self, fault: Fault) -> str:
        """Would the access have damaged data: "yes", "no" or "unknown".

        :param fault: the record
        """
        if fault.access != WRITE:
            return "no"
        return "unknown" if self._is_doubtful(fault) else self.advice(fault).at_risk

    def risk_reason(self, fault: Fault) -> str:
        """The reason for :meth:`at_risk`.

        :param fault: the record
        """
        if fault.access != WRITE:
            return self._read_risk
        return self._doubtful if self._is_doubtful(fault) else self.advice(fault).why

    def resolution(self, fault: Fault) -> str:
        """What became of the fault.

        :param fault: the record
        """
        if fault.resolution >= len(self._resolutions):
            return "this pksdiag does not know what that means"
        return self._resolutions[fault.resolution]


_loaded: Optional[Words] = None


def words() -> Words:
    """The tables, read once.

    :raises PksError: they are not there
    """
    global _loaded
    if _loaded is None:
        try:
            with open(_FILE, encoding="ascii") as file:
                _loaded = Words(json.load(file))
        except (OSError, ValueError) as error:
            raise PksError(
                f"{_FILE}: cannot read: {error}: run 'make -C tools/pksdiag', which makes it"
            ) from error
    return _loaded


def escape(field: bytes) -> str:
    r"""A name as printable ASCII: what else is in it becomes ``\xNN``.

    :param field: the name
    """
    text = ""
    for byte in field:
        text += chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"
    return text
