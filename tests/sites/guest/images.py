# SPDX-License-Identifier: GPL-2.0
"""Images of file systems that no tool makes any more: System V and QNX6."""

import os
import stat
import struct

# System V: 1 KiB blocks. linux/sysv_fs.h has the structures.
_SYSV_BLOCK = 1024
_SYSV_FIRST_INODE_BLOCK = 2
_SYSV_INODE_BLOCKS = 40
_SYSV_TIME = 1_000_000_000  # before 1980 it would be release 2
_SYSV_FREE = 50  # SYSV_NICFREE


def _sysv_super_block(blocks, free, total):
    """struct sysv4_super_block: @free is the first part of the list of free blocks."""
    first_data = _SYSV_FIRST_INODE_BLOCK + _SYSV_INODE_BLOCKS
    parts = [
        struct.pack("<HHI", first_data, 0, blocks),
        struct.pack("<HH50I", len(free), 0, *free, *[0] * (_SYSV_FREE - len(free))),
        struct.pack("<HH100H", 0, 0, *[0] * 100),  # the kernel looks for free inodes
        struct.pack("<4BI4H", 0, 0, 0, 0, _SYSV_TIME, 0, 0, 0, 0),
        struct.pack("<IHH", total, _SYSV_INODE_BLOCKS * 16 - 2, 0),
        struct.pack("<6s6s48x", b"sites", b"sites"),
        struct.pack("<III", 0x7C269D38 - _SYSV_TIME, 0xFD187E20, 2),
    ]
    return b"".join(parts)


def sysv(path, blocks=8192):
    """An empty System V release 4 file system that can be written."""
    root = _SYSV_FIRST_INODE_BLOCK + _SYSV_INODE_BLOCKS
    with open(path, "wb") as file:
        file.truncate(blocks * _SYSV_BLOCK)
        free = [0]
        for block in range(root + 1, blocks):
            if len(free) == _SYSV_FREE:  # a free block holds the list of those before
                file.seek(block * _SYSV_BLOCK)
                file.write(struct.pack("<HH50I", len(free), 0, *free))
                free = []
            free.append(block)
        file.seek(_SYSV_BLOCK // 2)
        file.write(_sysv_super_block(blocks, free, blocks - root - 1))
        file.seek(_SYSV_FIRST_INODE_BLOCK * _SYSV_BLOCK + 64)  # number 2: the root
        file.write(struct.pack("<4HI", stat.S_IFDIR | 0o755, 2, 0, 0, 32))
        file.write(root.to_bytes(3, "little"))
        file.seek(root * _SYSV_BLOCK)
        file.write(struct.pack("<H14sH14s", 2, b".", 2, b".."))


# QNX6: linux/qnx6_fs.h has the structures.
_QNX6_BLOCK = 4096
_QNX6_BEHIND = 3  # blocks of the boot area and the first super block
_QNX6_POINTERS = 16
_UNUSED = 0xFFFFFFFF


def _crc32_be(data):
    """crc32_be() of the kernel, from 0."""
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
        crc &= 0xFFFFFFFF
    return crc


def _name_checksum(name):
    """The check sum of a long name."""
    crc = 0
    for byte in name:
        crc = (((crc >> 1) + byte) & 0xFFFFFFFF) ^ (0x80000000 if crc & 1 else 0)
    return crc


class _Qnx6:
    """Blocks, inodes and long names of an image that is made of a tree."""

    def __init__(self):
        self.blocks, self.inodes, self.names, self.numbers = [], [], [], {}

    def block(self, data):
        """One more block; returns its number."""
        self.blocks.append(data.ljust(_QNX6_BLOCK, b"\0"))
        return len(self.blocks) - 1

    def store(self, data):
        """Blocks for some data; returns 16 pointers and the levels below them."""
        pointers = [
            self.block(data[at : at + _QNX6_BLOCK]) for at in range(0, len(data), _QNX6_BLOCK)
        ]
        levels, each = 0, _QNX6_BLOCK // 4
        while len(pointers) > _QNX6_POINTERS:
            padded = pointers + [_UNUSED] * (-len(pointers) % each)
            pointers = [
                self.block(struct.pack(f"<{each}I", *padded[at : at + each]))
                for at in range(0, len(padded), each)
            ]
            levels += 1
        return pointers + [_UNUSED] * (_QNX6_POINTERS - len(pointers)), levels

    def inode(self, number, mode, data):
        """Fill in an inode."""
        pointers, levels = self.store(data)
        status = 1 if stat.S_ISDIR(mode) else 3
        self.inodes[number - 1] = struct.pack(
            "<Q6IHH16IBB2x24x", len(data), 0, 0, *[_SYSV_TIME] * 4, mode, 0, *pointers,
            levels, status,
        )  # fmt: skip

    def entry(self, number, name):
        """An entry of a directory."""
        if len(name) <= 27:
            return struct.pack("<IB27s", number, len(name), name)
        self.names.append(struct.pack("<H", len(name)) + name)
        return struct.pack("<IB3xII16x", number, 0xFF, len(self.names) - 1, _name_checksum(name))

    def add(self, path, parent=1):
        """A file, a link or all of a directory; returns its inode's number."""
        info = os.lstat(path)
        if info.st_ino in self.numbers:  # a hard link
            return self.numbers[info.st_ino]
        self.inodes.append(b"")
        number = self.numbers[info.st_ino] = len(self.inodes)
        if stat.S_ISDIR(info.st_mode):
            data = self.entry(number, b".") + self.entry(parent, b"..")
            for name in sorted(os.listdir(path)):
                data += self.entry(self.add(f"{path}/{name}", number), name.encode())
        elif stat.S_ISLNK(info.st_mode):
            data = os.readlink(path).encode()
        else:
            with open(path, "rb") as file:
                data = file.read()
        self.inode(number, info.st_mode, data)
        return number

    def root_node(self, data):
        """struct qnx6_root_node: of the inodes, or of the long names."""
        pointers, levels = self.store(data)
        return struct.pack("<Q16IBB6x", len(data), *pointers, levels, 1)

    def super_block(self, nodes, serial):
        """struct qnx6_super_block."""
        rest = struct.pack("<QIIIHH16s", serial, _SYSV_TIME, _SYSV_TIME, 0, 3, 0, b"sites")
        rest += struct.pack("<6I", _QNX6_BLOCK, len(self.inodes), 0, len(self.blocks), 0, 0)
        rest = (rest + nodes).ljust(504, b"\0")
        return struct.pack("<II", 0x68191122, _crc32_be(rest)) + rest


def qnx6(tree, path):
    """A QNX6 file system with the content of a directory."""
    image = _Qnx6()
    image.add(tree)
    nodes = image.root_node(b"".join(image.inodes)) + image.root_node(b"")
    nodes += image.root_node(b"".join(n.ljust(_QNX6_BLOCK, b"\0") for n in image.names))
    nodes += image.root_node(b"")
    with open(path, "wb") as file:
        for at, serial in ((2, 2), (len(image.blocks) + _QNX6_BEHIND, 1)):
            file.seek(at * _QNX6_BLOCK)
            file.write(image.super_block(nodes, serial).ljust(_QNX6_BLOCK, b"\0"))
        file.seek(_QNX6_BEHIND * _QNX6_BLOCK)
        file.write(b"".join(image.blocks))
