# SPDX-License-Identifier: GPL-2.0
"""What is done in a file system, whichever it is: each operation that it has."""

import errno
import fcntl
import hashlib
import mmap
import os
import shutil
import struct

# What a file system may not have, or not have room for.
_LACKS = {
    errno.EOPNOTSUPP, errno.EPERM, errno.EINVAL, errno.EMLINK, errno.ENAMETOOLONG,
    errno.ENOSYS, errno.ENOSPC, errno.EFBIG, errno.ENOTTY, errno.EROFS, errno.E2BIG,
    errno.ENODEV, errno.EXDEV, errno.ERANGE,
}  # fmt: skip


def _may(function, *arguments, **options):
    """Do it if the file system can; anything else that goes wrong is an error."""
    try:
        return function(*arguments, **options)
    except OSError as error:
        if error.errno not in _LACKS:
            raise
        return None


def pattern(size, seed):
    """Bytes that compress a little and differ from file to file."""
    block = hashlib.sha256(str(seed).encode()).digest() + b"the quick brown fox " * 4
    return (block * (size // len(block) + 1))[:size]


def write(name, data):
    """A file with this content, on the disk."""
    with open(name, "wb") as file:
        file.write(data)
        file.flush()
        _may(os.fsync, file.fileno())


def read(name):
    """A file's content."""
    with open(name, "rb") as file:
        return file.read()


def make_tree(top, largest=300_000):
    """Files of many sizes, directories, links: also the content of read-only images."""
    os.makedirs(top, exist_ok=True)
    for size in (0, 1, 100, 4095, 4096, 5000, 20_000, largest):
        write(f"{top}/file{size}", pattern(size, size))
    os.makedirs(f"{top}/dir/below", exist_ok=True)
    for number in range(40):
        write(f"{top}/dir/n{number}", pattern(number, number))
    write(f"{top}/dir/below/last", b"last")
    _may(os.symlink, "file100", f"{top}/short")
    _may(os.symlink, "dir/" + "below/../" * 12 + "n1", f"{top}/long")
    _may(os.link, f"{top}/file100", f"{top}/hard")
    for size in (10, 500):
        _may(os.setxattr, f"{top}/dir", f"trusted.x{size}", pattern(size, size))


def check_tree(top, largest=300_000):
    """What make_tree() made can be read, by read() and by mmap()."""
    for size in (0, 1, 100, 4095, 4096, 5000, 20_000, largest):
        got = read(f"{top}/file{size}")
        if got != pattern(size, size):
            raise RuntimeError(f"{top}/file{size} has other bytes, {len(got)} of {size}")
    with open(f"{top}/file20000", "rb") as file:
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as view:
            if view[:] != pattern(20_000, 20_000):
                raise RuntimeError(f"{top}/file20000 has other bytes in memory")
    if len(os.listdir(f"{top}/dir")) != 41:
        raise RuntimeError(f"{top}/dir has other entries")
    for name in ("short", "long"):
        if os.path.islink(f"{top}/{name}"):
            os.stat(f"{top}/{name}")
    for name in _may(os.listxattr, f"{top}/dir") or []:
        os.getxattr(f"{top}/dir", name)


def _names(top):
    """Entries come, move and go, in small and large directories."""
    many = [f"{top}/dir/m{number:04}-{'x' * (number % 9)}" for number in range(150)]
    for name in many:
        write(name, b"")
    for name in many[::3]:
        os.unlink(name)
    os.rename(f"{top}/file1", f"{top}/moved")
    os.rename(f"{top}/moved", f"{top}/dir/below/moved")
    os.rename(f"{top}/file4095", f"{top}/dir/below/last")
    os.mkdir(f"{top}/dir2")
    os.rename(f"{top}/dir/below", f"{top}/dir2/below")
    os.mkdir(f"{top}/empty")
    _may(os.rename, f"{top}/dir2/below", f"{top}/empty")
    for name in many[1::3]:
        os.unlink(name)
    _may(os.mknod, f"{top}/fifo", 0o10644)
    for name in ("short", "long", "hard", "fifo"):
        if os.path.lexists(f"{top}/{name}"):
            os.unlink(f"{top}/{name}")


def _contents(top):
    """Files grow, shrink, get holes and are written in the middle."""
    with open(f"{top}/grown", "w+b") as file:
        file.seek(70_000)
        file.write(pattern(9000, 1))
        file.seek(10)
        file.write(b"middle")
        file.flush()
        _may(file.truncate, 66_001)
        _may(file.truncate, 100_003)
        _may(os.posix_fallocate, file.fileno(), 0, 120_000)
        file.flush()
        _may(os.fsync, file.fileno())
    with open(f"{top}/mapped", "w+b") as file:
        file.truncate(3 * mmap.PAGESIZE + 17)
        try:
            with mmap.mmap(file.fileno(), 0) as view:
                view[5000:5010] = b"0123456789"
                view[-1:] = b"!"
                view.flush()
        except OSError as error:
            if error.errno not in _LACKS:
                raise
    _shared(top)
    _may(os.truncate, f"{top}/file20000", 4097)
    _may(os.truncate, f"{top}/file5000", 0)


_FICLONE = 0x40049409
_FIDEDUPERANGE = 0xC0189436


def _shared(top):
    """Files that share what they have, at once or because it is found to be the same."""
    with open(f"{top}/file20000", "rb") as source:
        with open(f"{top}/copied", "w+b") as target:
            _may(os.copy_file_range, source.fileno(), target.fileno(), 20_000, 0, 0)
        with open(f"{top}/cloned", "w+b") as target:
            _may(fcntl.ioctl, target.fileno(), _FICLONE, source.fileno())
        with open(f"{top}/same", "w+b") as target:
            target.write(pattern(20_000, 20_000))
            target.flush()
            request = struct.pack("<QQHHI", 0, 16384, 1, 0, 0)
            request += struct.pack("<qQQiI", target.fileno(), 0, 0, 0, 0)
            _may(fcntl.ioctl, source.fileno(), _FIDEDUPERANGE, bytearray(request))
    for name in ("copied", "cloned", "same"):
        os.unlink(f"{top}/{name}")


def _attributes(top):
    """Extended attributes, small and large, and times."""
    name = f"{top}/file100"
    for key, size in (("user.small", 10), ("user.large", 3000), ("trusted.t", 100)):
        _may(os.setxattr, name, key, pattern(size, key))
    for key in _may(os.listxattr, name) or []:
        os.getxattr(name, key)
    if "user.small" in (_may(os.listxattr, name) or []):
        os.removexattr(name, "user.small")
    _may(os.chmod, name, 0o600)
    _may(os.utime, name, (1, 2))


def change(top):
    """Everything that changes a tree that make_tree() made; then it is gone."""
    _contents(top)
    _attributes(top)
    _names(top)
    os.statvfs(top)
    shutil.rmtree(top)
