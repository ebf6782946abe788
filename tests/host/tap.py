# SPDX-License-Identifier: GPL-2.0
"""TAP output, and how to run the tool."""

import os
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
TOOL_DIR = os.path.join(TOP, "tools", "pksdiag")


class Skip(Exception):
    """Raised by a test that cannot run here, with the reason."""


def tool(sanitized=False):
    """The path of the tool; it is built if nobody named one."""
    name = "PKSDIAG_SAN" if sanitized else "PKSDIAG"
    if name in os.environ:
        return os.environ[name]
    command = ["make", "-s", "-C", TOOL_DIR]
    if sanitized:
        command.append("SAN=1")
    subprocess.run(command, check=True, stdout=sys.stderr)
    return os.path.join(TOOL_DIR, "pksdiag-san" if sanitized else "pksdiag")


def driver(scratch, name):
    """Build NAME.c with the tool's library and sanitizers; once. Returns the program."""
    program = os.path.join(scratch.path, name)
    if os.path.exists(program):
        return program
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libdw", "libelf",
                            "libkdumpfile", "json-c", "zlib", "libxxhash"],
                           stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    subprocess.run(
        ["gcc", "-std=gnu11", "-g", "-Wall", "-Wextra", "-Wno-missing-field-initializers",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-D_GNU_SOURCE",
         "-I" + TOOL_DIR, "-I" + os.path.join(TOP, "kernel", "pksdiag"),
         "-I" + os.path.join(TOP, "include", "uapi"), "-o", program,
         os.path.join(HERE, name + ".c"),
         os.path.join(os.path.dirname(tool(sanitized=True)), "libpksdiag-san.a"), *flags],
        check=True)
    return program


def artefact(name):
    """The path of a file that the VM run made."""
    directory = os.environ.get("PKSDIAG_ARTEFACTS", "")
    path = os.path.join(directory, name)
    if not directory or not os.path.exists(path):
        raise Skip("no " + name + " in PKSDIAG_ARTEFACTS: run make check")
    return path


class Result:
    """What a run of the tool came to."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode("ascii")
        self.err = done.stderr.decode("utf-8", "replace")

    def expect(self, status, err_lines=None):
        detail = "status %d, stderr: %s" % (self.status, self.err)
        assert self.status == status, detail
        assert "Sanitizer" not in self.err, self.err
        assert "runtime error" not in self.err, self.err
        if err_lines is not None:
            assert len(self.err.splitlines()) == err_lines, detail
        if status:
            assert self.err.startswith("pksdiag: "), detail
        return self


def run(program, *args, env=None, stdout=subprocess.PIPE, **options):
    environment = dict(os.environ, LC_ALL="C",
                       ASAN_OPTIONS="exitcode=99:"
                       "allocator_may_return_null=1",
                       UBSAN_OPTIONS="halt_on_error=1:exitcode=99")
    environment.update(env or {})
    done = subprocess.run([program, *map(str, args)], env=environment,
                          stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, timeout=120, **options)
    if done.stdout is None:
        done.stdout = b""
    return Result(done)


class Scratch:
    """A directory for one test run."""

    def __init__(self):
        self.keep = tempfile.TemporaryDirectory(prefix="pksdiag-test-")
        self.path = self.keep.name

    def file(self, data, name="input"):
        path = os.path.join(self.path, name)
        with open(path, "wb") as out:
            out.write(data)
        return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(*tests):
    """Run the tests, print TAP, return the exit status."""
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for number, test in enumerate(tests, 1):
        name = (test.__doc__ or test.__name__).strip().splitlines()[0]
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Skip as reason:
            print("ok %d - %s # SKIP %s" % (number, name, reason), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (number, name))
            for line in traceback.format_exc().splitlines()[-12:]:
                print("#", line, flush=True)
    return 1 if failed else 0
