# SPDX-License-Identifier: GPL-2.0
"""File systems whose code has call sites: made, mounted, used, checked, mounted again."""

import contextlib
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../vm/guest"))

import images  # noqa: E402
from exercise import change, check_tree, make_tree, write  # noqa: E402
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
    "erofs, tail packing": (
        "erofs",
        ("mkfs.erofs", "-zlz4hc,12", "-C65536", "-Eztailpacking", "{image}", "{tree}"),
    ),
    "erofs, not compressed": ("erofs", ("mkfs.erofs", "{image}", "{tree}")),
    "erofs, in chunks": ("erofs", ("mkfs.erofs", "--chunksize=4096", "{image}", "{tree}")),
    "squashfs": ("squashfs", ("mksquashfs", "{tree}", "{image}", "-quiet", "-noappend")),
    "ufs": ("ufs", ("makefs", "-t", "ffs", "-s", "16m", "-o", "version=1", "{image}", "{tree}")),
}


# A file with this name is in images, too: some keep long names elsewhere.
LONG_NAME = "name-" * 12


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


def use_mounted():
    """The same in one that is mounted in a way of its own."""
    top = f"{MOUNT}/top"
    make_tree(top)
    drop_caches()
    check_tree(top)
    change(top)


@contextlib.contextmanager
def image(megabytes=0):
    """IMAGE, of this size if it is not made otherwise."""
    if megabytes:
        with open(IMAGE, "wb") as file:
            file.truncate(megabytes << 20)
    try:
        yield
    finally:
        if os.path.exists(IMAGE):
            os.unlink(IMAGE)


@contextlib.contextmanager
def looped(megabytes):
    """A block device that is IMAGE."""
    with image(megabytes):
        device = run("losetup", "-f", "--show", IMAGE).strip()
        try:
            yield device
        finally:
            run("losetup", "-d", device)


@contextlib.contextmanager
def tree():
    """A directory at TREE with what images are made of."""
    make_tree(TREE)
    try:
        write(f"{TREE}/{LONG_NAME}", b"long")
        yield
    finally:
        for path in (TREE, f"{TREE}.z"):
            shutil.rmtree(path, ignore_errors=True)


def writable(kind):
    """One of WRITABLE."""
    size, mkfs, options = WRITABLE[kind]
    with image(size):
        run(*mkfs, IMAGE)
        use(kind, IMAGE, options)


def sysv():
    """System V, whose mkfs is ours."""
    with image():
        images.sysv(IMAGE)
        use("sysv", IMAGE, "defaults")


def nilfs_tools():
    """Checkpoints, snapshots, segments and the cleaner of NILFS2."""
    with looped(128) as device:
        run("mkfs.nilfs2", "-q", "-B", "16", device)
        mount("nilfs2", device, "defaults")
        try:
            for number in range(6):
                make_tree(f"{MOUNT}/tree{number}", 1_000_000)
                run("mkcp", device)
                if number % 2:
                    shutil.rmtree(f"{MOUNT}/tree{number}")
            run("lscp", device)
            run("lssu", "-l", "-p", "0", device)
            run("chcp", "ss", device, "3")
            run("lscp", "-s", device)
            _nilfs_clean(device)
            run("chcp", "cp", device, "3")
            run("rmcp", device, "2..4", check=False)
            run("nilfs-resize", "-y", device, "120M", check=False)
            run("nilfs-tune", "-l", device, check=False)
        finally:
            umount()


def _nilfs_clean(device):
    """The cleaner moves what is alive out of old segments, and frees these."""
    with open("/tmp/cleanerd.conf", "w", encoding="ascii") as file:
        file.write(
            "protection_period 0\nmin_clean_segments 100%\nmax_clean_segments 100%\n"
            "clean_check_interval 1\nnsegments_per_clean 4\nmc_nsegments_per_clean 4\n"
            "cleaning_interval 0.1\nmc_cleaning_interval 0.1\nretry_interval 1\n"
            "min_reclaimable_blocks 1\nmc_min_reclaimable_blocks 1\nuse_mmap\nlog_priority info\n"
        )
    run("nilfs_cleanerd", "-c", "/tmp/cleanerd.conf", device, MOUNT)
    time.sleep(5)
    run("busybox", "killall", "nilfs_cleanerd", check=False)


def btrfs_tools(disks):
    """What only btrfs does: other compressions, snapshots, send, scrub, balance, RAID."""
    for compression in ("lzo", "zstd"):
        with image(128):
            run("mkfs.btrfs", "-q", "-f", IMAGE)
            use("btrfs", IMAGE, f"compress-force={compression}")
    run("mkfs.btrfs", "-q", "-f", "-d", "raid5", "-m", "raid1", *disks)
    run("btrfs", "device", "scan", *disks)
    mount("btrfs", disks[0], "defaults")
    try:
        run("btrfs", "subvolume", "create", f"{MOUNT}/sub")
        make_tree(f"{MOUNT}/sub/top", 2_000_000)
        run("btrfs", "subvolume", "snapshot", "-r", f"{MOUNT}/sub", f"{MOUNT}/snap")
        run("btrfs", "send", "-q", "-f", "/tmp/stream", f"{MOUNT}/snap")
        run("cp", "--reflink=always", f"{MOUNT}/sub/top/file20000", f"{MOUNT}/linked")
        run("btrfs", "scrub", "start", "-B", MOUNT)
        drop_caches()
        check_tree(f"{MOUNT}/sub/top", 2_000_000)
        run("btrfs", "balance", "start", "-d", MOUNT)
    finally:
        umount()
    os.unlink("/tmp/stream")


def ntfs():
    """NTFS by a server in user space (fuse), then by ntfs3."""
    with looped(64) as device:
        run("mkfs.ntfs", "-Q", "-F", "-q", device)
        os.makedirs(MOUNT, exist_ok=True)
        run("ntfs-3g", "-o", "big_writes", device, MOUNT)
        try:
            # leaves room for as many files: ntfs3 cannot extend the table of an empty disk
            use_mounted()
        finally:
            umount()
        for _ in range(50):  # until the server has gone
            if run("busybox", "pidof", "ntfs-3g", check=False) == "":
                break
            time.sleep(0.1)
        use("ntfs3", device, "defaults")


# Where tests/sites/run puts the servers: unpacked, since to install them starts them.
SERVERS = "build/nfs"


@contextlib.contextmanager
def _nfs_server():
    """NFS of an ext4 file system, by its port mapper, mount server and kernel threads."""
    os.environ["PATH"] += f":{SERVERS}/sbin:{SERVERS}/usr/sbin"
    run("busybox", "ip", "link", "set", "lo", "up")
    run("mount", "-t", "tmpfs", "tmp", "/var/lib")
    run("mount", "-t", "nfsd", "nfsd", "/proc/fs/nfsd")
    shutil.copytree("/etc", "/tmp/etc", symlinks=True, ignore_dangling_symlinks=True)
    run("mount", "--bind", "/tmp/etc", "/etc")
    for name in ("/var/lib/nfs/v4recovery", "/run/rpcbind", "/mnt/served"):
        os.makedirs(name, exist_ok=True)
    for name in ("/var/lib/nfs/rmtab", "/var/lib/nfs/etab", "/etc/exports"):
        with open(name, "w", encoding="ascii"):
            pass
    with open("/etc/passwd", "a", encoding="utf-8") as file:
        file.write("_rpc:x:0:0::/run/rpcbind:/bin/false\n")
    with image(32):
        run("mkfs.ext4", "-q", "-F", IMAGE)
        run("mount", "-o", "loop", IMAGE, "/mnt/served")
        try:
            run("rpcbind", "-w")
            run("exportfs", "-o", "rw,no_root_squash,insecure,fsid=0", "127.0.0.1:/mnt/served")
            run("rpc.mountd", "-p", "20048")
            run("rpc.nfsd", "4")
            # nobody was there before who could reclaim locks
            with open("/proc/fs/nfsd/v4_end_grace", "w", encoding="ascii") as file:
                file.write("Y")
            yield
        finally:
            run("rpc.nfsd", "0", check=False)
            run("exportfs", "-ua", check=False)
            run("busybox", "killall", "rpc.mountd", "rpcbind", check=False)
            run("umount", "/mnt/served", check=False)


def nfs():
    """NFS over loopback, as versions 4 and 3 do it."""
    with _nfs_server():
        for path, options in (
            ("/", "vers=4.2"),
            ("/", "vers=4.0"),
            ("/mnt/served", "vers=3,nolock,mountproto=tcp,mountport=20048,port=2049"),
        ):
            use(
                "nfs",
                f"127.0.0.1:{path}",
                f"addr=127.0.0.1,clientaddr=127.0.0.1,proto=tcp,{options}",
            )


def check_image(kind):
    """What is in IMAGE is what tree() has made."""
    mount(kind, IMAGE, "ro,ufstype=44bsd" if kind == "ufs" else "ro")
    try:
        for _ in range(2):
            check_tree(MOUNT)
            os.stat(f"{MOUNT}/{LONG_NAME}")
            drop_caches()
    finally:
        umount()


def read_only(name):
    """One of READ_ONLY."""
    kind, command = READ_ONLY[name]
    with tree(), image():
        if any(".z" in word for word in command):
            run("mkzftree", TREE, f"{TREE}.z")
        run(*(word.format(tree=TREE, image=IMAGE) for word in command))
        check_image(kind)


def qnx6():
    """QNX6, whose images are made by ours."""
    with tree(), image():
        images.qnx6(TREE, IMAGE)
        check_image("qnx6")


def ufs_writable():
    """UFS, made by makefs and then written."""
    with tree(), image():
        run("makefs", "-t", "ffs", "-s", "16m", "-o", "version=1", "-f", "1000", IMAGE, TREE)
        use("ufs", IMAGE, "ufstype=44bsd")


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
        use_mounted()
    finally:
        umount()
        shutil.rmtree("/tmp/lower")


def ubifs():
    """UBIFS on flash that is a block device."""
    with looped(32) as device:
        parameter = "/sys/module/block2mtd/parameters/block2mtd"
        with open(parameter, "w", encoding="ascii") as file:
            file.write(f"{device},131072")
        run("ubiformat", "/dev/mtd0", "-y", "-q")
        run("ubiattach", "-m", "0")
        run("ubimkvol", "/dev/ubi0", "-N", "sites", "-m")
        try:
            for options in ("compr=lzo", "compr=zlib,bulk_read"):
                use("ubifs", "ubi0:sites", options)
        finally:
            run("ubidetach", "-m", "0")
