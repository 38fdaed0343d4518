"""A process that hangs whoever looks into it: `python -m tests.sysv.hanging DIRECTORY`.

Prints its pid, and lets it go when the input ends. It has made a private segment of one page.
Needs root and FUSE.

It executes a program while it has a file of a dead file server open. The kernel closes that file
in the midst of the exec, waits for the server's answer to that, and keeps signal->exec_update_lock
meanwhile (begin_new_exec in fs/exec.c), for which everybody waits who opens its maps (mm_access in
kernel/fork.c). The server is this process, by the kernel's raw protocol (linux/fuse.h).
"""

import ctypes
import errno
import os
import stat
import struct
import subprocess
import sys
import threading

CLONE_NEWNS = 0x00020000
MS_REC = 0x4000
MS_PRIVATE = 1 << 18
LOOKUP, FORGET, GETATTR, OPEN, FLUSH, INIT, INTERRUPT = 1, 2, 3, 14, 25, 26, 36
ROOT_NODE = 1
UNANSWERED = (FORGET, INTERRUPT, FLUSH)

_IN = struct.Struct("=IIQQIIII")
_OUT = struct.Struct("=IiQ")
_ATTRIBUTES = struct.Struct("=QQQQQQIIIIIIIIII")

_EXEC = """
import ctypes, os, sys
ctypes.CDLL(None).shmget(0, 4096, 0o600)
os.open(sys.argv[1], os.O_RDONLY)
os.execvp("true", ["true"])
"""

_libc = ctypes.CDLL(None, use_errno=True)


def main(directory: str) -> None:
    device = os.open("/dev/fuse", os.O_RDWR)
    _check(_libc.unshare(CLONE_NEWNS), "unshare")
    _mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    options = b"fd=%d,rootmode=40000,user_id=0,group_id=0" % device
    _mount(b"dead", os.fsencode(directory), b"fuse", 0, options)
    closing = threading.Event()
    threading.Thread(target=_serve, args=(device, closing), daemon=True).start()
    child = subprocess.Popen([sys.executable, "-c", _EXEC, f"{directory}/file"])
    closing.wait()
    print(child.pid, flush=True)
    sys.stdin.read()
    os._exit(0)  # closes the device, which ends all waiting (fuse_dev_release in fs/fuse/dev.c)


def _serve(device: int, closing: threading.Event) -> None:
    while True:
        request = os.read(device, 1 << 17)
        _, opcode, unique, node, *_ = _IN.unpack_from(request)
        if opcode == FLUSH:
            closing.set()
        if opcode not in UNANSWERED:
            code, body = _answer(opcode, node)
            os.write(device, _OUT.pack(_OUT.size + len(body), code, unique) + body)


def _answer(opcode: int, node: int) -> tuple[int, bytes]:
    """(negative errno or 0, what follows the header)."""
    if opcode == INIT:
        return 0, struct.pack("=IIIIHHIIHHIIIIIII", 7, 31, 0, 0, 0, 0, 4096, 1, *[0] * 9)
    if opcode == LOOKUP:
        return 0, struct.pack("=QQQQII", 2, 0, 60, 60, 0, 0) + _attributes(2)
    if opcode == GETATTR:
        return 0, struct.pack("=QII", 60, 0, 0) + _attributes(node)
    if opcode == OPEN:
        return 0, struct.pack("=QII", 0, 0, 0)
    return -errno.ENOSYS, b""


def _attributes(node: int) -> bytes:
    mode = stat.S_IFDIR | 0o755 if node == ROOT_NODE else stat.S_IFREG | 0o644
    return _ATTRIBUTES.pack(node, 0, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def _mount(
    source: bytes, target: bytes, kind: bytes | None, flags: int, options: bytes | None
) -> None:
    _check(_libc.mount(source, target, kind, ctypes.c_ulong(flags), options), "mount")


def _check(result: int, call: str) -> None:
    if result:
        code = ctypes.get_errno()
        raise OSError(code, f"{call}: {os.strerror(code)}")


if __name__ == "__main__":
    main(sys.argv[1])
