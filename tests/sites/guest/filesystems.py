# SPDX-License-Identifier: GPL-2.0
"""File systems whose code has call sites: made, mounted, used, checked, mounted again."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../vm/guest"))

from exercise import change, check_tree, make_tree  # noqa: E402
from guestlib import run  # noqa: E402

MOUNT = "/mnt/sites"
IMAGE = "/tmp/image"
TREE = "/tmp/tree"

# name: (MiB of the image, what makes it, mount options[, largest file])
WRITABLE = {
    "ext2": (16, ("mkfs.ext2", "-q", "-F", "-b", "1024"), "user_xattr"),
    "ext4": (24, ("mkfs.ext4", "-q", "-F", "-O", "inline_data"), "user_xattr"),
    "xfs": (320, ("mkfs.xfs", "-f", "-q"), "defaults"),
    "minix": (8, ("mkfs.minix",), "defaults"),
    "nilfs2": (128, ("mkfs.nilfs2", "-q", "-B", "16"), "defaults"),
    "jfs": (32, ("mkfs.jfs", "-q"), "defaults"),
    "reiserfs": (64, ("mkfs.reiserfs", "-q", "-f", "-f"), "user_xattr,acl"),
    "btrfs": (128, ("mkfs.btrfs", "-q", "-f"), "compress=zlib"),
    "f2fs": (64, ("mkfs.f2fs", "-q", "-O", "extra_attr,inode_checksum"), "inline_dentry"),
    "hfs": (16, ("hformat", "-l", "sites"), "defaults"),
    "udf": (32, ("mkfs.udf", "-b", "2048"), "defaults"),
    "ntfs3": (64, ("mkfs.ntfs", "-Q", "-F", "-q"), "defaults"),
}

# name: (kind to mount, what makes it of the tree; {image} and {tree} are replaced)
READ_ONLY = {
    "cramfs": ("cramfs", ("mkfs.cramfs", "{tree}", "{image}")),
    "romfs": ("romfs", ("genromfs", "-d", "{tree}", "-f", "{image}")),
    "iso9660": ("iso9660", ("genisoimage", "-quiet", "-R", "-J", "-o", "{image}", "{tree}")),
    "zisofs": (
        "iso9660",
        ("genisoimage", "-quiet", "-R", "-z", "-o", "{image}", "{tree}.z"),
    ),
    "erofs": ("erofs", ("mkfs.erofs", "-zlz4hc", "{image}", "{tree}")),
    "erofs, not compressed": ("erofs", ("mkfs.erofs", "{image}", "{tree}")),
    "squashfs": ("squashfs", ("mksquashfs", "{tree}", "{image}", "-quiet", "-noappend")),
    "ufs": ("ufs", ("makefs", "-t", "ffs", "-s", "16m", "-o", "version=1", "{image}", "{tree}")),
}


def drop_caches():
    """What is read next comes from the device."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("3")


def mount(kind, device, options, *more):
    """Mount at MOUNT, a file by a loop device."""
    os.makedirs(MOUNT, exist_ok=True)
    loop = ["loop"] if device == IMAGE else []
    run("mount", "-i", "-t", kind, "-o", ",".join([*loop, options]), *more, device, MOUNT)


def umount():
    """Whatever is at MOUNT."""
    run("umount", MOUNT)


def use(kind, device, options, largest=300_000):
    """All that can be done in a file system that can be written."""
    top = f"{MOUNT}/top"
    mount(kind, device, options)
    try:
        make_tree(top, largest)
        check_tree(top, largest)
        umount()
        mount(kind, device, options)
        drop_caches()
        check_tree(top, largest)
        change(top)
    finally:
        umount()


def writable(kind):
    """One of WRITABLE."""
    size, mkfs, options = WRITABLE[kind]
    with open(IMAGE, "wb") as file:
        file.truncate(size << 20)
    try:
        run(*mkfs, IMAGE)
        use(kind, IMAGE, options)
    finally:
        os.unlink(IMAGE)


def nilfs_tools():
    """Checkpoints, snapshots, segments and the cleaner of NILFS2."""
    with open(IMAGE, "wb") as file:
        file.truncate(128 << 20)
    loop = run("losetup", "-f", "--show", IMAGE).strip()
    try:
        run("mkfs.nilfs2", "-q", "-B", "16", loop)
        mount("nilfs2", loop, "defaults")
        try:
            for number in range(6):
                make_tree(f"{MOUNT}/tree{number}", 1_000_000)
                run("mkcp", loop)
                if number % 2:
                    shutil.rmtree(f"{MOUNT}/tree{number}")
            run("lscp", loop)
            run("lssu", "-l", "-p", "0", loop)
            run("chcp", "ss", loop, "3")
            run("lscp", "-s", loop)
            run("chcp", "cp", loop, "3")
            run("rmcp", loop, "2..4", check=False)
            run("nilfs-resize", "-y", loop, "120M", check=False)
        finally:
            umount()
    finally:
        run("losetup", "-d", loop)
        os.unlink(IMAGE)


def nfs():
    """NFS over loopback: a server and a client of ext4, versions 3 and 4."""
    with open(IMAGE, "wb") as file:
        file.truncate(32 << 20)
    run("busybox", "ip", "link", "set", "lo", "up")
    run("mount", "-t", "tmpfs", "tmp", "/var/lib/nfs")
    run("mount", "-t", "nfsd", "nfsd", "/proc/fs/nfsd")
    os.makedirs("/var/lib/nfs/v4recovery")
    for name in ("rmtab", "etab"):
        with open(f"/var/lib/nfs/{name}", "w", encoding="ascii"):
            pass
    os.makedirs("/mnt/served", exist_ok=True)
    run("mkfs.ext4", "-q", "-F", IMAGE)
    run("mount", "-o", "loop", IMAGE, "/mnt/served")
    try:
        run("exportfs", "-o", "rw,no_root_squash,insecure,fsid=0", "127.0.0.1:/mnt/served")
        run("rpc.mountd", "-p", "20048", "--no-udp")
        run("rpc.nfsd", "4")
        for options in (
            "vers=4.2,sec=sys",
            "vers=3,nolock,proto=tcp,mountproto=tcp,port=2049,mountport=20048",
        ):
            path = "/" if "vers=4" in options else "/mnt/served"
            use("nfs", f"127.0.0.1:{path}", f"addr=127.0.0.1,clientaddr=127.0.0.1,{options}")
    finally:
        run("rpc.nfsd", "0", check=False)
        run("umount", "/mnt/served", check=False)


def read_only(name):
    """One of READ_ONLY."""
    kind, command = READ_ONLY[name]
    make_tree(TREE)
    try:
        if any(".z" in word for word in command):
            run("mkzftree", TREE, f"{TREE}.z")
        run(*(word.format(tree=TREE, image=IMAGE) for word in command))
        mount(kind, IMAGE, "ro,ufstype=44bsd" if kind == "ufs" else "ro")
        try:
            check_tree(MOUNT)
            drop_caches()
            check_tree(MOUNT)
        finally:
            umount()
    finally:
        for path in (TREE, f"{TREE}.z"):
            shutil.rmtree(path, ignore_errors=True)
        if os.path.exists(IMAGE):
            os.unlink(IMAGE)


def ufs_writable():
    """UFS, made by makefs and then written."""
    os.makedirs(TREE, exist_ok=True)
    try:
        run("makefs", "-t", "ffs", "-s", "16m", "-o", "version=1", "-f", "1000", IMAGE, TREE)
        use("ufs", IMAGE, "ufstype=44bsd")
    finally:
        shutil.rmtree(TREE, ignore_errors=True)
        if os.path.exists(IMAGE):
            os.unlink(IMAGE)


def ecryptfs():
    """ecryptfs over tmpfs, with a key of its own."""
    os.makedirs("/tmp/lower", exist_ok=True)
    signature = run("ecryptfs-add-passphrase", "-", input="sites")
    signature = signature.split("[")[1].split("]")[0]
    options = (
        f"ecryptfs_sig={signature},ecryptfs_fnek_sig={signature},ecryptfs_cipher=aes,"
        "ecryptfs_key_bytes=16,ecryptfs_unlink_sigs"
    )
    os.makedirs(MOUNT, exist_ok=True)
    run("mount", "-i", "-t", "ecryptfs", "-o", options, "/tmp/lower", MOUNT)
    try:
        make_tree(f"{MOUNT}/top")
        drop_caches()
        check_tree(f"{MOUNT}/top")
        change(f"{MOUNT}/top")
    finally:
        umount()
        shutil.rmtree("/tmp/lower")


def ubifs():
    """UBIFS on flash that is a block device."""
    with open(IMAGE, "wb") as file:
        file.truncate(32 << 20)
    loop = run("losetup", "-f", "--show", IMAGE).strip()
    parameter = "/sys/module/block2mtd/parameters/block2mtd"
    with open(parameter, "w", encoding="ascii") as file:
        file.write(f"{loop},131072")
    run("ubiformat", "/dev/mtd0", "-y", "-q")
    run("ubiattach", "-m", "0")
    run("ubimkvol", "/dev/ubi0", "-N", "sites", "-m")
    os.makedirs(MOUNT, exist_ok=True)
    for options in ("compr=lzo", "compr=zlib,bulk_read"):
        run("mount", "-t", "ubifs", "-o", options, "ubi0:sites", MOUNT)
        try:
            make_tree(f"{MOUNT}/top")
            drop_caches()
            check_tree(f"{MOUNT}/top")
            change(f"{MOUNT}/top")
        finally:
            umount()
    run("ubidetach", "-m", "0")
