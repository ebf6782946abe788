# SPDX-License-Identifier: GPL-2.0
"""Runs the crash utility with pksdiag's extension, many commands a run: it takes
seconds to start."""

import os
import shutil
import subprocess

import tap

EXTENSION = os.path.join(tap.TOOL_DIR, "pksdiag.so")


def need():
    """Skip unless this machine has crash, and its headers to build against."""
    if not shutil.which("crash"):
        raise tap.Skip("no crash: scripts/deps installs it")
    assert os.path.exists(EXTENSION), "make did not build " + EXTENSION


class Session:
    """What one run of crash printed for each of the commands."""

    def __init__(self, scratch, vmlinux, vmcore, commands, options=()):
        need()
        self.commands = list(commands)
        self.dir = os.path.join(scratch.path, "crash")
        shutil.rmtree(self.dir, ignore_errors=True)
        os.mkdir(self.dir)
        lines = ["extend " + EXTENSION]
        for number, command in enumerate(self.commands):
            lines.append("!echo ---%d" % number)
            lines.append(command % {"file": self.file(number)} if "%(" in command else command)
        lines.append("!echo ---end")
        path = scratch.file("\n".join(lines + ["quit", ""]).encode(), "commands")
        # line by line, so that it is in order with what goes to stderr
        argv = ["stdbuf", "-oL", "crash", "-s", *options, "-i", path, vmlinux]
        done = subprocess.run(
            argv + [vmcore] if vmcore else argv,
            timeout=240,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.status = done.returncode
        self.text = done.stdout.decode("utf-8", "replace")

    def file(self, number):
        """Where command @number is redirected to by > %(file)s."""
        return os.path.join(self.dir, str(number))

    def said(self, number):
        """What command @number printed on the terminal."""
        start = "---%d\n" % number
        assert start in self.text, (self.status, self.text[-2000:])
        rest = self.text.split(start, 1)[1]
        assert "\n---" in "\n" + rest, (self.status, self.text[-2000:])
        answer = ("\n" + rest).split("\n---", 1)[0][1:]
        return answer + "\n" if answer else ""

    def wrote(self, number):
        """What command @number wrote to its file."""
        with open(self.file(number), encoding="ascii") as file:
            return file.read()
