# SPDX-License-Identifier: GPL-2.0
"""Ways by which pages of a protected device come to code that maps pages.

A file on a DAX file system that a process has mapped is PMEM itself, and so is what
the kernel gets when it takes such a process's pages: for direct I/O, for a pipe, for a
debugger.
"""

import ctypes
import ctypes.util
import mmap
import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../vm/guest"))

from guestlib import PAGE, run  # noqa: E402

DAX = "/mnt/dax"
SIZE = 64 * PAGE
_libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)


class Dax:
    """A mapped file on a DAX file system: its memory is protected."""

    def __init__(self, name="pages"):
        self.fd = os.open(f"{DAX}/{name}", os.O_RDWR | os.O_CREAT)
        os.ftruncate(self.fd, SIZE)
        os.posix_fallocate(self.fd, 0, SIZE)
        self.view = mmap.mmap(self.fd, SIZE)
        for page in range(0, SIZE, PAGE):
            self.view[page : page + 8] = page.to_bytes(8, "little")

    def part(self, start, end):
        """Pages [start, end) of it."""
        return memoryview(self.view)[start * PAGE : end * PAGE]

    def address(self):
        """Where it is in this process."""
        return ctypes.addressof(ctypes.c_char.from_buffer(self.view))

    def close(self):
        """Gone."""
        os.close(self.fd)


def direct_io(device):
    """Its pages are what a block device reads from and writes to."""
    dax = Dax()
    fd = os.open(device, os.O_RDWR | os.O_DIRECT)
    try:
        for page in range(0, 32, 4):
            os.pwritev(fd, [dax.part(page, page + 4)], page * PAGE)
            os.preadv(fd, [dax.part(page + 32, page + 33)], page * PAGE)
            got = dax.view[(page + 32) * PAGE :][:8]
            if got != (page * PAGE).to_bytes(8, "little"):
                raise RuntimeError(f"{device}: page {page} did not come back")
    finally:
        os.close(fd)
        dax.close()


def process_memory():
    """/proc/PID/mem and ptrace() read and write another process's pages."""
    dax = Dax()
    address = dax.address()
    child = os.fork()
    if not child:
        _libc.pause()
        os._exit(0)
    try:
        with open(f"/proc/{child}/mem", "r+b", buffering=0) as file:
            file.seek(address + 5 * PAGE)
            if file.read(8) != (5 * PAGE).to_bytes(8, "little"):
                raise RuntimeError("/proc/PID/mem has something else")
            file.seek(address + 6 * PAGE)
            file.write(b"poked by")
        if dax.view[6 * PAGE :][:8] != b"poked by":
            raise RuntimeError("what was written through /proc/PID/mem is not there")
        process_vm(child, address)
        traced(child, address + 7 * PAGE)
        if dax.view[7 * PAGE :][:8] != b"by trace":
            raise RuntimeError("what ptrace() wrote is not there")
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        dax.close()


def traced(pid, address):
    """ptrace(): a debugger reads and writes a word."""
    attach, peek, poke, detach = 16, 2, 5, 17  # sys/ptrace.h
    ptrace = _libc.ptrace
    ptrace.restype = ctypes.c_long
    ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    if ptrace(attach, pid, None, None):
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(pid, 0)
    if ptrace(peek, pid, address, None) != 7 * PAGE:
        raise RuntimeError("ptrace() has something else")
    word = int.from_bytes(b"by trace", "little")
    if ptrace(poke, pid, address, word) or ptrace(detach, pid, None, None):
        raise OSError(ctypes.get_errno(), "ptrace")


def process_vm(pid, address):
    """process_vm_readv()."""

    class IoVec(ctypes.Structure):
        """struct iovec"""

        _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]

    buffer = ctypes.create_string_buffer(2 * PAGE)
    local = IoVec(ctypes.addressof(buffer), 2 * PAGE)
    remote = IoVec(address + PAGE, 2 * PAGE)
    for call in (_libc.process_vm_readv, _libc.process_vm_writev):
        if call(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) != 2 * PAGE:
            raise OSError(ctypes.get_errno(), "process_vm")


def pipes():
    """vmsplice() puts its pages into a pipe, from where they go elsewhere."""

    class IoVec(ctypes.Structure):
        """struct iovec"""

        _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]

    dax = Dax()
    for number, target in enumerate(("pipe", "file", "socket")):
        reader, writer = os.pipe()
        vec = IoVec(dax.address() + (number + 1) * PAGE, PAGE)
        if _libc.vmsplice(writer, ctypes.byref(vec), 1, 0) != PAGE:
            raise OSError(ctypes.get_errno(), "vmsplice")
        want = ((number + 1) * PAGE).to_bytes(8, "little")
        if target == "pipe":
            got = os.read(reader, PAGE)
        elif target == "file":
            with open("/tmp/spliced", "w+b") as file:
                os.splice(reader, file.fileno(), PAGE)
                got = os.pread(file.fileno(), PAGE, 0)
        else:
            one, other = socket.socketpair()
            os.splice(reader, one.fileno(), PAGE)
            got = other.recv(PAGE)
            one.close()
            other.close()
        if got[:8] != want:
            raise RuntimeError(f"{target}: not what was put in")
        os.close(reader)
        os.close(writer)
    dax.close()


def asynchronous(device):
    """aio and io_uring, by fio, with memory that is a DAX file."""
    for engine in ("libaio", "io_uring"):
        memory = f"{DAX}/fio-{engine}"
        run("fallocate", "-l", "4M", memory)
        run(
            "fio", "--name=sites", f"--ioengine={engine}", "--direct=1", "--rw=randrw",
            "--bs=4k", "--size=1M", "--iodepth=8", f"--mem=mmapshared:{memory}",
            f"--filename={device}", "--minimal",
        )  # fmt: skip


def zero_copy_socket():
    """MSG_ZEROCOPY over loopback TCP, where the receiver copies out of the pages."""
    dax = Dax()
    run("busybox", "ip", "link", "set", "lo", "up")
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    peer, _ = server.accept()
    client.setsockopt(socket.SOL_SOCKET, 60, 1)  # SO_ZEROCOPY
    client.send(dax.part(1, 4), 0x4000000)  # MSG_ZEROCOPY
    got = b""
    while len(got) < 3 * PAGE:
        got += peer.recv(65536)
    if got[PAGE : PAGE + 8] != (2 * PAGE).to_bytes(8, "little"):
        raise RuntimeError("not what was sent")
    for each in (client, peer, server):
        each.close()
    dax.close()


def execute():
    """A program on a DAX file system, with arguments from a DAX file."""
    run("cp", "/bin/true", f"{DAX}/true")
    run(f"{DAX}/true", *(["argument" * 100] * 20))


def private_copy():
    """What a process writes to its private mapping of a protected file is its own."""
    dax = Dax()
    view = mmap.mmap(dax.fd, SIZE, flags=mmap.MAP_PRIVATE)
    for page in range(0, SIZE, 7 * PAGE):
        view[page : page + 3] = b"own"
        if dax.view[page : page + 3] == b"own":
            raise RuntimeError("it is not private")
    view.close()
    dax.close()


def file_to_file():
    """sendfile() and splice() into and out of a protected file, without mapping it."""
    size = 16 * PAGE
    with open("/tmp/plain", "w+b") as plain, open(f"{DAX}/copy", "w+b") as dax:
        plain.write(os.urandom(size))
        plain.flush()
        os.sendfile(dax.fileno(), plain.fileno(), 0, size)
        with open("/tmp/back", "w+b") as back:
            os.sendfile(back.fileno(), dax.fileno(), 0, size)
            if os.pread(back.fileno(), size, 0) != os.pread(plain.fileno(), size, 0):
                raise RuntimeError("it came back other than it was")
        reader, writer = os.pipe()
        os.splice(plain.fileno(), writer, PAGE, offset_src=0)
        os.splice(reader, dax.fileno(), PAGE, offset_dst=PAGE)
        os.close(reader)
        os.close(writer)
