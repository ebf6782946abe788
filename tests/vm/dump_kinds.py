# SPDX-License-Identifier: GPL-2.0
"""Dumps of the demo's machine in every kind there is, and what each reader makes of them.

/proc/vmcore is copied once a machine; makedumpfile makes the other kinds from it here. What
Debian's makedumpfile cannot write (snappy, zstd) is made from an uncompressed dump with the
libraries themselves. A reader is right if its `list` is, field by field, the list that the
guest printed of itself before it died."""

import ctypes
import json
import os
import re
import struct
import subprocess
import sys

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
KERNEL = os.environ.get("PKSDIAG_KERNEL", f"{TOP}/build/kernel")
VMLINUX = f"{KERNEL}/vmlinux"
TOOL = f"{TOP}/tools/pksdiag/pksdiag"
DRGN = f"{TOP}/tools/pksdiag/drgn/pksdiag-drgn"

# What drgn 0.0.22 says of what it cannot open: named in the table, not counted as right. Of
# QEMU's ELF it does not read the kernel's own page tables, of which it has no virtual address.
DRGN_CANNOT = re.compile(
    "not an ELF core file|unrecognized QEMU memory dump|recursive address translation"
)
# QEMU leaves out pages with a protection key, the ring among them; only the tool reads the log.
NO_RING = "cannot read the ring header"


class Dump:
    """A dump: its kind, its files, and what the guest said."""

    def __init__(self, kind, files, live, status=0, said="", no_ring=False):
        self.kind, self.files, self.live = kind, files, live
        self.status, self.said, self.no_ring = status, said, no_ring


def run(*command, **options):
    """Run a command; its output is in the exception."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode:
        text = done.stdout.decode("utf-8", "replace")[-800:]
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}: {text}")
    return done.stdout


def boot(directory, *options):
    """Run the demo until the machine is dead; /proc/vmcore is copied."""
    os.makedirs(directory, exist_ok=True)
    command = [
        f"{TOP}/tests/vm/run",
        "--timeout",
        "200",
        "--kdump",
        directory,
        "--makedumpfile",
        "copy",
        "--out",
        directory,
        *options,
        "--",
        "tests/vm/guest/demo",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 125 or not os.path.exists(f"{directory}/vmcore"):
        raise RuntimeError(done.stdout.decode("utf-8", "replace")[-1500:])


def live(directory):
    """What the guest said of itself."""
    with open(f"{directory}/live.json", encoding="utf-8") as file:
        return json.load(file)


# === Kinds ====================================================================


def packer(name):
    """A function that compresses a page by a library."""
    if name == "zstd":
        library = ctypes.CDLL("libzstd.so.1")
        library.ZSTD_compress.restype = ctypes.c_size_t

        def pack(page):
            out = ctypes.create_string_buffer(8192)
            size = library.ZSTD_compress(
                out, ctypes.c_size_t(8192), page, ctypes.c_size_t(len(page)), 1
            )
            return out.raw[:size]

        return pack
    library = ctypes.CDLL("libsnappy.so.1")

    def pack_snappy(page):
        out, size = ctypes.create_string_buffer(8192), ctypes.c_size_t(8192)
        assert not library.snappy_compress(
            page, ctypes.c_size_t(len(page)), out, ctypes.byref(size)
        )
        return out.raw[: size.value]

    return pack_snappy


def recompress(source, target, name):
    """An uncompressed dump with its pages compressed by another library."""
    flag, pack = {"snappy": 4, "zstd": 0x20}[name], packer(name)
    with open(source, "rb") as file:
        data = file.read()
    sub, bitmap = struct.unpack_from("<2I", data, 432)
    descs = (1 + sub + bitmap) * 4096
    first = struct.unpack_from("<Q", data, descs)[0]
    out, known, table, at = bytearray(data[:first]), {}, [], first
    pages = []
    for place in range(descs, first - 23, 24):
        offset, size, _flags, page_flags = struct.unpack_from("<QIIQ", data, place)
        if offset not in known:
            page = data[offset : offset + size]
            packed = pack(page)
            small = len(packed) < len(page)
            known[offset] = (at, len(packed) if small else size, flag if small else 0)
            pages.append(packed if small else page)
            at += known[offset][1]
        table.append(struct.pack("<QIIQ", *known[offset], page_flags))
    out[descs:first] = b"".join(table).ljust(first - descs, b"\0")
    with open(target, "wb") as file:
        file.write(out + b"".join(pages))


def makedumpfile(source, target, *options):
    """One kind; returns its file."""
    if os.path.exists(target):
        os.unlink(target)
    run("makedumpfile", *options, source, target)
    return target


def flatten(source, target, *options):
    """A flattened one."""
    with open(target, "wb") as file:
        subprocess.run(
            ["makedumpfile", "-F", *options, source],
            stdout=file,
            stderr=subprocess.PIPE,
            check=True,
        )
    return target


def convert(directory, everything):
    """All kinds that are made of the copy of /proc/vmcore."""
    source, told = f"{directory}/vmcore", live(directory)
    path = lambda name: f"{directory}/{name}"

    def made(kind, *options):
        return Dump(kind, [makedumpfile(source, path(kind.replace(" ", "-")), *options)], told)

    yield Dump("/proc/vmcore, copied", [source], told)
    yield made("ELF -d 31", "-E", "-d", "31")
    yield made("zlib -d 31", "-c", "-d", "31")
    lzo = made("lzo -d 31", "-l", "-d", "31")
    yield lzo
    raw = made("uncompressed -d 31", "-d", "31")
    yield raw
    for name in ("snappy", "zstd"):
        recompress(raw.files[0], path(name), name)
        yield Dump(f"{name} -d 31", [path(name)], told)
    for level in (0, 1, 2, 4, 8, 16) if everything else (1,):
        yield made(f"lzo -d {level}", "-l", "-d", str(level))
    yield Dump("flattened lzo", [flatten(source, path("flat"), "-l", "-d", "31")], told)
    yield Dump("flattened ELF", [flatten(source, path("flatelf"), "-E", "-d", "31")], told)
    parts = [path(f"part{i}") for i in range(3)]
    for part in parts:
        if os.path.exists(part):
            os.unlink(part)
    run("makedumpfile", "--split", "--splitblock-size", "4096", "-l", "-d", "31", source, *parts)
    yield Dump("split in three", [parts[2], parts[0], parts[1]], told)
    size = os.path.getsize(lzo.files[0])
    for name, kind in (("lzo -d 31", "cut half way"), ("flattened lzo", "flattened, cut")):
        whole = lzo.files[0] if name == "lzo -d 31" else path("flat")
        cut = path(kind.replace(" ", "-").replace(",", ""))
        with open(whole, "rb") as file, open(cut, "wb") as out:
            out.write(file.read(size // 2))
        yield Dump(kind, [cut], told, status=1, said="cut off")


def by_qemu(directory, *options):
    """All kinds that QEMU writes."""
    run(f"{TOP}/tests/vm/qemu_dump", directory, *options)
    more = " without device" if "--no-vmcoreinfo" in options else ""
    told = live(directory)
    said = "machine's memory" if more else ""
    for name in ("elf", "kdump-zlib", "kdump-lzo", "kdump-snappy"):
        path = f"{directory}/{name}"
        if os.path.exists(path) and os.path.getsize(path):
            yield Dump(f"QEMU {name}{more}", [path], told, said=said)
    yield Dump(
        f"QEMU -p{more}",
        [f"{directory}/paging"],
        told,
        status=1,
        said="from the console log",
        no_ring=True,
    )


# === Readers ==================================================================


def listed(text):
    """The JSON in some output."""
    start = text.find("[\n") if not text.startswith("[") else 0
    return json.loads(text[start:]) if start >= 0 else None


def last_line(text):
    """The end of what a reader complained of."""
    lines = text.strip().splitlines()
    return re.sub(r"^.*?: (?=not a|cannot|crash:)", "", lines[-1])[:90] if lines else "no output"


def by_pksdiag(dump):
    """ok, or what is wrong."""
    files = [part for name in dump.files for part in ("--vmcore", name)]
    done = subprocess.run(
        [TOOL, *files, "--vmlinux", VMLINUX, "--json", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != dump.status or dump.said not in done.stderr:
        return f"status {done.returncode}: {last_line(done.stderr)}"
    if "cut off" in dump.said:
        there = listed(done.stdout) if done.stdout.strip() else []
        wrong = [record for record in there if record not in dump.live]
        return "wrong records" if wrong else "ok: said to be cut off"
    if listed(done.stdout) != dump.live:
        return "other records than the guest had"
    return "ok: from the console log" if dump.no_ring else "ok"


def other(dump, done, cannot):
    """What drgn or crash made of it."""
    records = listed(done.stdout) if "[" in done.stdout else None
    text = done.stderr + done.stdout
    if records is not None and records == dump.live:
        return "ok"
    if dump.no_ring and NO_RING in text:
        return "says: no ring in it"
    if "cut" in dump.kind and done.returncode + (records is None):
        return "says: " + last_line(text)
    if cannot and cannot.search(text):
        return "cannot open: " + last_line(text)
    return "WRONG: " + last_line(text)


def by_drgn(dump):
    """ok, or what drgn says."""
    if len(dump.files) > 1:
        return "cannot open: takes one file"
    done = subprocess.run(
        ["/usr/bin/python3", DRGN, "-c", dump.files[0], "-s", VMLINUX, "--json", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    return other(dump, done, DRGN_CANNOT)


def by_crash(dump):
    """ok, or what crash says."""
    script = f"{os.path.dirname(dump.files[0])}/crash-commands"
    with open(script, "w", encoding="ascii") as file:
        file.write(f"extend {TOP}/tools/pksdiag/pksdiag.so\npks -j\nquit\n")
    done = subprocess.run(
        ["crash", "-s", "-i", script, VMLINUX, *dump.files],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=300,
    )
    return other(dump, done, None)


READERS = {"pksdiag": by_pksdiag, "drgn": by_drgn, "crash": by_crash}


def good(reader, answer):
    """Nothing that the table must not have."""
    return answer.startswith("ok") or (
        reader != "pksdiag" and answer.startswith(("cannot open: ", "says: "))
    )


def table(machine, dumps, readers, number=0):
    """Print a row a dump, as TAP; returns (number of rows, failures)."""
    failed = 0
    for dump in dumps:
        answers = {reader: READERS[reader](dump) for reader in readers}
        number += 1
        right = all(good(reader, answer) for reader, answer in answers.items())
        failed += not right
        cells = " | ".join(f"{reader}: {answer}" for reader, answer in answers.items())
        print(
            f"{'ok' if right else 'not ok'} {number} - {machine:9} | {dump.kind:26} | {cells}",
            flush=True,
        )
    return number, failed


def finish(number, failed):
    """The plan, and the exit status."""
    print(f"1..{number}")
    sys.exit(1 if failed or not number else 0)
