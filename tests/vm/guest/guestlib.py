# SPDX-License-Identifier: GPL-2.0
"""What the tests that run inside the guest share: TAP, provocations, records."""

import ctypes
import glob
import json
import mmap
import os
import struct
import subprocess
import sys
import time

PKSDIAG = os.environ.get("PKSDIAG", "tools/pksdiag/pksdiag")
VMLINUX = os.environ.get(
    "VMLINUX", os.path.join(os.environ.get("PKSDIAG_KERNEL", "build/kernel"), "vmlinux")
)
PROVOKE = "/sys/kernel/debug/pks_provoke"
PAGE = mmap.PAGESIZE


class Tap:
    """Counts and prints test results; exits with what they say."""

    def __init__(self):
        self.done = 0
        self.failed = 0

    def check(self, good, name, *why):
        """One result; `why` is printed if it is not good."""
        self.done += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.done} - {name}", flush=True)
        if not good:
            for line in why:
                print(f"# {line}", flush=True)
        return good

    def skip(self, name, why):
        """One test that can not be run here."""
        self.done += 1
        print(f"ok {self.done} - {name} # SKIP {why}", flush=True)

    def equal(self, got, want, name):
        """One result: got must be want."""
        return self.check(got == want, name, f"got {got!r}", f"want {want!r}")

    def fields(self, record, want, name):
        """One result: each field named in want (a.b for nested ones) matches.

        A callable is asked; anything else is compared.
        """
        wrong = []
        for path, expected in want.items():
            got = record
            for part in path.split("."):
                got = got.get(part) if got else None
            good = expected(got) if callable(expected) else got == expected
            if not good:
                shown = "something else" if callable(expected) else repr(expected)
                wrong.append(f"{path}: got {got!r}, want {shown}")
        return self.check(bool(record) and not wrong, name, *wrong)

    def end(self):
        """Print the plan and exit."""
        print(f"1..{self.done}", flush=True)
        sys.exit(1 if self.failed else 0)


def run(*command, check=True, **kwargs):
    """Run a command, return its output."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kwargs
    )
    if check and done.returncode:
        raise RuntimeError(f"{command} exited {done.returncode}: {done.stdout}")
    return done.stdout


def records(*options):
    """All records that the tool shows, as it shows them in JSON."""
    command = [PKSDIAG, "--vmlinux", VMLINUX, "--json", *options, "list"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def counters():
    """The recorder's counters, by name."""
    done = subprocess.run(
        [PKSDIAG, "--json", "stats"], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)["counters"]


def provoke(name, pfn, offset, cpu=None, count=None):
    """Let the kernel do something that is denied."""
    line = f"{name} {pfn:#x} {offset:#x}"
    if cpu is not None or count is not None:
        line += f" {-1 if cpu is None else cpu} {count or 0}"
    with open(PROVOKE, "w", encoding="ascii") as file:
        file.write(line)


def provoked(name, pfn, offset, cpu=None):
    """Provoke, and return the one new record (None if it is not just one)."""
    before = {r["seq"] for r in records()}
    provoke(name, pfn, offset, cpu)
    new = [r for r in records() if r["seq"] not in before]
    return new[0] if len(new) == 1 else None


def legacy_pmem():
    """(block device name, physical address) of the memmap= device."""
    for path in glob.glob("/sys/block/pmem*"):
        device = os.path.realpath(path + "/device")
        if "e820_pmem" in device:
            with open(device + "/resource", encoding="ascii") as file:
                return os.path.basename(path), int(file.read(), 0)
    raise RuntimeError("there is no memmap= pmem device")


def ndctl(*arguments):
    """Run ndctl and return what its JSON says."""
    text = run("ndctl", *arguments)
    return json.loads(text[text.index(next(c for c in text if c in "[{")) :])


def nvdimm_bus():
    """The bus that the NVDIMM is on, as ndctl names it."""
    return next(b["dev"] for b in ndctl("list", "-B") if b["provider"] != "e820")


def nvdimm_region():
    """The NVDIMM's region, as ndctl names it."""
    return ndctl("list", "-R", "-b", nvdimm_bus())[0]["dev"]


def make_namespace(mode, *options):
    """Turn the NVDIMM into one namespace of a mode; returns ndctl's description."""
    for old in ndctl_list("-N", "-b", nvdimm_bus()):
        run("ndctl", "destroy-namespace", "-f", old["dev"])
    region = nvdimm_region()
    return ndctl("create-namespace", "-f", "-r", region, "-m", mode, *options)


def ndctl_list(*arguments):
    """Run ndctl list; an empty answer is an empty list."""
    text = run("ndctl", "list", *arguments).strip()
    return json.loads(text) if text else []


def file_pfn(path, offset):
    """Frame number of a DAX file's page; the page stays the file's until it is cut."""
    with open(path, "r+b") as file:
        view = mmap.mmap(file.fileno(), PAGE, offset=offset & ~(PAGE - 1))
    view[0] = view[0]
    cell = ctypes.c_char.from_buffer(view)
    address = ctypes.addressof(cell)
    with open("/proc/self/pagemap", "rb", buffering=0) as file:
        entry = struct.unpack("Q", os.pread(file.fileno(), 8, address // PAGE * 8))[0]
    del cell
    view.close()
    return entry & ((1 << 55) - 1)


def wait_for(condition, seconds=10):
    """Wait until condition() is true; returns its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    return condition()


def mounts_ready():
    """debugfs and tracefs, in case the guest has not mounted them."""
    for kind, path in (("debugfs", "/sys/kernel/debug"), ("tracefs", "/sys/kernel/tracing")):
        if not os.path.ismount(path):
            run("mount", "-t", kind, "none", path)
