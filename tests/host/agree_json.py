# SPDX-License-Identifier: GPL-2.0
"""Do readers agree? A reader is a command that prints the JSON of schema.rst."""

import json
import subprocess

# What all readers can be asked, as the arguments of pksdiag behind --json.
QUESTIONS = [["list"], ["explain", "--all"], ["owners", "--all"], ["owners"], ["stats"]]


class Reader:
    """A command that prints JSON.

    Its arguments are put together by `command(question)`: a list, or a function
    from a question (one of QUESTIONS) to a list.
    """

    def __init__(self, name, command, env=None, check=True):
        self.name, self.command, self.env, self.check = name, command, env, check
        self.err = ""

    def ask(self, question):
        """What it says to a question."""
        make = self.command
        command = make(question) if callable(make) else [*make, "--json", *question]
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.env,
            timeout=300,
        )
        self.err = done.stderr.decode("utf-8", "replace")
        if self.check and done.returncode:
            raise RuntimeError(f"{self.name} {question}: status {done.returncode}: {self.err}")
        return json.loads(done.stdout)


def _walk(a, b, path, found):
    if type(a) is not type(b):
        found.append(f"{path}: {a!r}, {b!r}")
    elif isinstance(a, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            where = f"{path}.{key}" if path else key
            if key not in a or key not in b:
                found.append(f"{where}: only in the {'second' if key in b else 'first'}")
            else:
                _walk(a[key], b[key], where, found)
    elif isinstance(a, list):
        if len(a) != len(b):
            found.append(f"{path}: {len(a)} elements, {len(b)} elements")
        for i, (x, y) in enumerate(zip(a, b)):
            seq = x.get("seq") if isinstance(x, dict) else None
            _walk(x, y, f"{path}[{i}]" if seq is None else f"{path}[seq {seq}]", found)
    elif a != b:
        found.append(f"{path}: {a!r}, {b!r}")


def differences(a, b):
    """Lines about all in which two answers differ: the path, and both values.

    An object's order of members does not count, everything else does, types included.
    """
    found = []
    _walk(a, b, "", found)
    return found
