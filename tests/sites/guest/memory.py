# SPDX-License-Identifier: GPL-2.0
"""What the kernel does with the memory of processes, and with its own."""

import ctypes
import ctypes.util
import errno
import fcntl
import mmap
import os
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../vm/guest"))

from exercise import pattern  # noqa: E402
from guestlib import PAGE, run  # noqa: E402

_libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
_TRACING = "/sys/kernel/tracing"


def same_pages():
    """Pages with the same content become one (KSM), and two again when written."""
    size = 64 * PAGE
    view = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for page in range(0, size, PAGE):
        view[page : page + PAGE] = pattern(PAGE, page // PAGE % 4)
    view.madvise(mmap.MADV_MERGEABLE)
    for name, value in (("pages_to_scan", "1000"), ("sleep_millisecs", "5"), ("run", "1")):
        with open(f"/sys/kernel/mm/ksm/{name}", "w", encoding="ascii") as file:
            file.write(value)
    for _ in range(200):
        with open("/sys/kernel/mm/ksm/pages_sharing", encoding="ascii") as file:
            if int(file.read()) > 30:
                break
        time.sleep(0.05)
    else:
        raise RuntimeError("no pages became one")
    for page in range(0, size, PAGE):
        view[page : page + 5] = b"again"
        if view[page + 5 : page + PAGE] != pattern(PAGE, page // PAGE % 4)[5:]:
            raise RuntimeError(f"page {page:#x} is another now")
    with open("/sys/kernel/mm/ksm/run", "w", encoding="ascii") as file:
        file.write("2")


_UFFDIO_API = 0xC018AA3F
_UFFDIO_REGISTER = 0xC020AA00
_UFFDIO_COPY = 0xC028AA03


def user_faults():
    """A thread supplies the pages on which another one faults (userfaultfd)."""
    fd = _libc.syscall(323, 0)  # __NR_userfaultfd
    if fd < 0:
        raise OSError(ctypes.get_errno(), "userfaultfd")
    fcntl.ioctl(fd, _UFFDIO_API, bytearray(struct.pack("<QQQ", 0xAA, 0, 0)))
    views = [
        mmap.mmap(-1, 4 * PAGE, flags=flags | mmap.MAP_ANONYMOUS)
        for flags in (mmap.MAP_PRIVATE, mmap.MAP_SHARED)
    ]
    source = ctypes.create_string_buffer(pattern(PAGE, "user"), PAGE)
    for view in views:
        start = ctypes.addressof(ctypes.c_char.from_buffer(view))
        fcntl.ioctl(fd, _UFFDIO_REGISTER, bytearray(struct.pack("<QQQQ", start, 4 * PAGE, 1, 0)))
        _supply(fd, start, source)
        if view[: 4 * PAGE] != pattern(PAGE, "user") * 4:
            raise RuntimeError("not the bytes that were supplied")
    os.close(fd)


def _supply(fd, start, source):
    """Copy @source to each of four pages."""
    for page in range(4):
        request = struct.pack("<QQQQq", start + page * PAGE, ctypes.addressof(source), PAGE, 0, 0)
        fcntl.ioctl(fd, _UFFDIO_COPY, bytearray(request))


def user_probe():
    """A breakpoint of the kernel's in a program (uprobes)."""
    program = "/tmp/probed"
    run("cp", "/bin/true", program)
    with open(program, "rb") as file:
        header = file.read(64)
        (entry,) = struct.unpack_from("<Q", header, 24)  # e_entry
        offset, size, number = struct.unpack("<Q14xHH", header[32:40] + header[40:58])[0:3]
        place = None
        for index in range(number):
            file.seek(offset + index * size)
            kind, _, at, address, _, length = struct.unpack("<IIQQQQ", file.read(40))
            if kind == 1 and address <= entry < address + length:
                place = at + entry - address
    with open(f"{_TRACING}/uprobe_events", "w", encoding="ascii") as file:
        file.write(f"p:sites/entry {program}:{place:#x}\n")
    try:
        _set_event("1")
        for _ in range(3):
            run(program)
        with open(f"{_TRACING}/trace", encoding="ascii") as file:
            if "entry:" not in file.read():
                raise RuntimeError("the probe was not hit")
    finally:
        _set_event("0")
        _remove_events()


def _remove_events():
    """Once nothing uses them any more."""
    for attempt in range(100):
        try:
            with open(f"{_TRACING}/uprobe_events", "w", encoding="ascii"):
                return
        except OSError as error:
            if error.errno != errno.EBUSY or attempt == 99:
                raise
        time.sleep(0.05)


def _set_event(value):
    with open(f"{_TRACING}/events/sites/entry/enable", "w", encoding="ascii") as file:
        file.write(value)


def kernel_memory():
    """The kernel's vmalloc area, read through /proc/kcore."""
    with open("/proc/vmallocinfo", encoding="ascii") as file:
        areas = [line.split()[0].split("-") for line in file if "vmalloc" in line]
    with open("/proc/kcore", "rb", buffering=0) as file:
        header = file.read(64)
        offset, size, number = struct.unpack("<Q14xHH", header[32:58])
        for index in range(number):
            file.seek(offset + index * size)
            kind, _, at, address, _, length = struct.unpack("<IIQQQQ", file.read(40))
            for start, _ in areas[:20]:
                if kind == 1 and address <= int(start, 16) < address + length:
                    file.seek(at + int(start, 16) - address)
                    file.read(PAGE)


def new_kernel(image):
    """A kernel is loaded for kexec, and unloaded."""
    run("kexec", "-c", "-l", image, "--reuse-cmdline")
    run("kexec", "-c", "-u")


def many_arguments():
    """A program gets more arguments than a page holds, one of them a script."""
    script = "/tmp/script"
    with open(script, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\nexit 0\n")
    os.chmod(script, 0o755)
    run(script, *["argument" * 100] * 50)


def core_dump():
    """What a process leaves behind when it dies of a signal."""
    with open("/proc/sys/kernel/core_pattern", "w", encoding="ascii") as file:
        file.write("/tmp/core")
    run("sh", "-c", "ulimit -c unlimited; kill -SEGV $$", check=False)
    if os.path.getsize("/tmp/core") < PAGE:
        raise RuntimeError("no core")
    os.unlink("/tmp/core")


def sockets():
    """Files go into sockets by their pages, and what comes out is taken apart."""
    run("busybox", "ip", "link", "set", "lo", "up")
    with open("/tmp/sent", "wb") as file:
        file.write(pattern(200_000, "sent"))
    with open("/tmp/sent", "rb") as file:
        one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        os.sendfile(one.fileno(), file.fileno(), 0, PAGE)
        if other.recv(PAGE) != pattern(PAGE, "sent"):
            raise RuntimeError("not what was sent between sockets of a pair")
        _over_tcp(file)
        _over_udp(file)


def _over_tcp(file):
    """sendfile() to a TCP socket on loopback."""
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    peer, _ = server.accept()
    size = os.fstat(file.fileno()).st_size
    sender = threading.Thread(target=client.sendfile, args=(file, 0))
    sender.start()
    got = b""
    while len(got) < size:
        got += peer.recv(3000)
    sender.join()
    if got != pattern(size, "sent"):
        raise RuntimeError("not what was sent over TCP")


def _over_udp(file):
    """sendfile() to a UDP socket, in fragments and with and without check sums."""
    for no_check in (0, 1):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.setsockopt(socket.SOL_SOCKET, 11, no_check)  # SO_NO_CHECK
        client.connect(server.getsockname())
        os.sendfile(client.fileno(), file.fileno(), 0, 3 * PAGE)
        server.settimeout(5)
        if server.recv(65536)[:100] != pattern(100, "sent"):
            raise RuntimeError("not what was sent over UDP")


def packets():
    """A socket that sees packets as they are on the wire."""
    run("busybox", "ip", "link", "set", "lo", "up")
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))  # ETH_P_ALL
    tap.settimeout(5)
    sockets()
    for _ in range(20):
        tap.recv(65536)


def algorithms():
    """The kernel's ciphers and hashes, from user space (AF_ALG)."""
    data = pattern(3 * PAGE + 100, "alg")
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as alg:
        alg.bind(("hash", "sha256"))
        with alg.accept()[0] as operation:
            operation.sendall(data)
            operation.recv(32)
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as alg:
        alg.bind(("skcipher", "cbc(aes)"))
        alg.setsockopt(socket.SOL_ALG, socket.ALG_SET_KEY, b"k" * 16)
        with alg.accept()[0] as operation:
            operation.sendmsg_afalg([data[: 3 * PAGE]], op=socket.ALG_OP_ENCRYPT, iv=b"i" * 16)
            operation.recv(3 * PAGE)
