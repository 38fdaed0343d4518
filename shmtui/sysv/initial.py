"""The namespaces that the machine starts with, which have the same inode everywhere."""

INITIAL = {"ipc": 0xEFFFFFFF, "user": 0xEFFFFFFD, "pid": 0xEFFFFFFC}
"""Inodes of `/proc/PID/ns/*` (PROC_*_INIT_INO in linux/proc_ns.h)."""
