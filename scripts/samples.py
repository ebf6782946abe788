# SPDX-License-Identifier: GPL-2.0
"""Samples of output in the documentation: are they still what is printed?"""

import re

CHANGES = (
    # data lines of a report, then numbers by what stands before or behind them
    (r"PKS \d+/[0-9a-f]{8} \d+/\d+ [0-9a-f]{3}: [0-9a-f]+ [0-9a-f]{8}", "PKS DATA"),
    (r"\(\d+ more lines\)", "(N more lines)"),
    (r"0x[0-9a-f]{9,}|\b[0-9a-f]{16,}\b", "ADDRESS"),
    (r"\d+\.\d{3,}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"),
    (r"TIME (?:us|ms|s)\b", "TIME"),
    # a line of a list; what is in a dump depends on what else the machine did last
    (r"TIME \d+ ([\w-]+):\d+ ", r"TIME N \1:N "),
    (
        r"In the dump task .*? same page .*?searched: \d+ CPUs' registers, \d+ words of \d+ stacks",
        "In the dump DUMP",
    ),
    (r"kworker/\w+:\w+", "kworker/N"),
    (
        r"((?:pks-provoke|kworker/N|scenarios)/|task swapper/\d+/|task |tgid |pid |CPU |pkey |inode |byte "
        r"|record |nested |swapper/)(0x[0-9a-f]+|\d+)",
        r"\1N",
    ),
    (r"\b(plants|kworker/N):\d+", r"\1:N"),
    (r"page frame 0x[0-9a-f]+", "page frame N"),
    (r"(\+|pfn |offset )0x[0-9a-f]+(/0x[0-9a-f]+)?", r"\1N"),
    (r"\b259:\d+", "DEVICE"),
    # how many sites pksdiag audit finds, and in which lines
    (
        r"\b\d+ (sites? in|functions? of|files?:|k(?:un)?map\w*|dax|page_address)",
        r"N \1",
    ),
    (r"((?:fs|mm|drivers)/[\w/]+\.c):\d+ ", r"\1:N "),
)


def normal(text):
    """A text without what differs from one run to the next, and where it is wrapped."""
    text = " ".join(text.split())
    for pattern, replacement in CHANGES:
        text = re.sub(pattern, replacement, text)
    return text
