# SPDX-License-Identifier: GPL-2.0
"""Block devices whose drivers have call sites, with a file system or I/O on them."""

import contextlib
import hashlib
import mmap
import os
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../vm/guest"))

import filesystems as fs  # noqa: E402
from exercise import pattern  # noqa: E402
from guestlib import PAGE, make_namespace, run  # noqa: E402

PAGEOUT = 21  # MADV_PAGEOUT, uapi/asm-generic/mman-common.h
DISK = "/dev/ram0"


@contextlib.contextmanager
def loop(size, path="/tmp/loop"):
    """A block device that is a file."""
    with open(path, "wb") as file:
        file.truncate(size)
    device = run("losetup", "-f", "--show", path).strip()
    try:
        yield device
    finally:
        run("losetup", "-d", device)
        os.unlink(path)


def sectors(device):
    """Its size."""
    return int(run("blockdev", "--getsz", device))


@contextlib.contextmanager
def mapped(table, size=None, options=()):
    """A device of the device mapper, of @size sectors, or as many as DISK has."""
    command = ["dmsetup", "create", "sites", "--table", f"0 {size or sectors(DISK)} {table}"]
    run(*command, *options)
    try:
        yield "/dev/mapper/sites"
    finally:
        for _ in range(50):  # whoever still has it open lets go soon
            if not run("dmsetup", "remove", "sites", check=False):
                break
            time.sleep(0.1)


def ext2_on(device):
    """A file system there, used."""
    run("mkfs.ext2", "-q", "-F", device)
    fs.use("ext2", device, "defaults")


# Cipher as dm-crypt names it: bytes of the key.
CIPHERS = {
    "aes-cbc-essiv:sha256": 16,
    "aes-xts-plain64": 32,
    "aes:64-cbc-lmk": 64 * 16,
    "aes-cbc-tcw": 16 + 32,
    "aes-cbc-elephant": 32,
}


def crypt(cipher):
    """A device that is encrypted."""
    table = f"crypt {cipher} {'5a' * CIPHERS[cipher]} 0 {DISK} 0"
    with mapped(table) as device:
        ext2_on(device)


def integrity(mode):
    """A device with check sums, by journal or directly."""
    options = f"integrity {DISK} 0 - {mode} 1 internal_hash:crc32c"
    run("dd", "if=/dev/zero", f"of={DISK}", "bs=4096", "count=1", "oflag=direct")
    with mapped(options, 8):
        pass  # writes the super block
    with open(DISK, "rb") as file:
        file.seek(16)  # dm-integrity.c, struct superblock: provided_data_sectors
        (size,) = struct.unpack("<Q", file.read(8))
    with mapped(options, min(size, 16 << 11) & ~7) as device:
        # what was never written has no check sum
        run("dd", "if=/dev/zero", f"of={device}", "bs=1M", "count=16", "oflag=direct")
        ext2_on(device)


def verity():
    """A device whose blocks are compared with a tree of hashes."""
    count, salt = 100, b"salt"
    blocks = [pattern(4096, number) for number in range(count)]
    hashes = b"".join(hashlib.sha256(salt + block).digest() for block in blocks)
    hashes = hashes.ljust(4096, b"\0")
    root = hashlib.sha256(salt + hashes).hexdigest()
    with open(DISK, "r+b") as file:
        file.write(b"".join(blocks) + hashes)
        file.flush()
        os.fsync(file.fileno())
    table = f"verity 1 {DISK} {DISK} 4096 4096 {count} {count} sha256 {root} {salt.hex()}"
    with mapped(table, count * 8, ["--readonly"]) as device:
        with open(device, "rb") as file:
            if file.read() != b"".join(blocks):
                raise RuntimeError("other bytes")


def writecache():
    """A cache in PMEM, before a disk."""
    cache = f"/dev/{make_namespace('fsdax')['blockdev']}"
    run("dd", "if=/dev/zero", f"of={cache}", "bs=4096", "count=1", "oflag=direct")
    for _ in range(2):  # made, and read again
        with mapped(f"writecache p {DISK} {cache} 4096 0") as device:
            ext2_on(device)
            run("dmsetup", "message", "sites", "0", "flush")


def log_writes(disk):
    """Each write to a PMEM disk is logged, those by DAX, too."""
    log = f"/dev/{make_namespace('fsdax')['blockdev']}"
    with mapped(f"log-writes {disk} {log}", sectors(disk)) as device:
        run("dmsetup", "message", "sites", "0", "mark", "begin")
        run("mkfs.ext4", "-q", "-F", "-b", "4096", device)
        for options in ("dax=always", "dax=never"):
            fs.use("ext4", device, options, 2_000_000)


def sector_mode():
    """A namespace whose sectors are written atomically (BTT)."""
    ext2_on(f"/dev/{make_namespace('sector')['blockdev']}")


def zram(algorithm="lzo-rle"):
    """/dev/zram0, empty."""
    for name, value in (("reset", "1"), ("comp_algorithm", algorithm), ("disksize", "64M")):
        with open(f"/sys/block/zram0/{name}", "w", encoding="ascii") as file:
            file.write(value)
    return "/dev/zram0"


def compressed():
    """A file system on compressed memory, which is compacted meanwhile."""
    device = zram()
    run("mkfs.ext4", "-q", "-F", device)
    fs.use("ext4", device, "defaults", 2_000_000)
    # of each three objects in a page, two go: the rest can be put together
    with open(device, "r+b", buffering=0) as file:
        for page in range(2000):
            noise = os.urandom(40 + page * 37 % 3000)
            os.pwrite(file.fileno(), noise.ljust(PAGE, b"\0"), page * PAGE)
        os.fsync(file.fileno())
        for page in range(2000):
            if page % 3:
                os.pwrite(file.fileno(), bytes(PAGE), page * PAGE)
        os.fsync(file.fileno())
    with open("/sys/block/zram0/compact", "w", encoding="ascii") as file:
        file.write("1")
    with open("/proc/sys/vm/compact_memory", "w", encoding="ascii") as file:
        file.write("1")
    for _ in range(8):  # part of a page
        run("dd", "if=/dev/urandom", f"of={device}", "bs=512", "seek=3", "count=3", "conv=fsync")
    run("dd", f"if={device}", "of=/dev/null", "bs=64k", "count=100")


def _swapped(view, size):
    """Fill memory and have it swapped out."""
    for page in range(0, size, PAGE):
        view[page : page + PAGE] = bytes(PAGE)
        if not page % (8 * PAGE):
            view[page : page + PAGE] = os.urandom(PAGE)
        view[page : page + 64] = pattern(64, page)
    view.madvise(PAGEOUT)


def _same(view, size):
    """What comes in is what went out."""
    for page in range(0, size, PAGE):
        if view[page : page + 64] != pattern(64, page):
            raise RuntimeError(f"page {page:#x} came back other than it was")


def _many_owners(view, size):
    """Pages that are swapped out and belong to more processes than a byte can count."""
    children = []
    for _ in range(80):
        child = os.fork()
        if not child:
            time.sleep(100)
            os._exit(0)
        children.append(child)
    _same(view, size)
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)


def swap(kind):
    """Memory of a process that is swapped out and in, one way or another."""
    device = zram("deflate") if kind == "zram" else "/dev/ram2"
    size = 4 << 20
    run("mkswap", device)
    run("swapon", device)
    view = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    _swapped(view, size)
    _same(view, size)
    _swapped(view, size)
    _many_owners(view, size)
    _swapped(view, size)
    run("swapoff", device)  # brings it back
    _same(view, size)
