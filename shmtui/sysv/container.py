"""Which container a process is in, as its cgroup names it."""

import re

_HEX = r"[0-9a-f]{12,64}"
_PATTERNS = (
    # docker, podman, containerd and cri-o under systemd: docker-3f2a….scope
    (re.compile(rf"(docker|libpod|cri-containerd|crio)-({_HEX})\.scope"), "{} {:.12}"),
    # the same without systemd: /docker/3f2a…, and below /kubepods/…
    (re.compile(rf"/(docker|libpod_parent|kubepods)(?:/[^/]+)*/(?:libpod-)?({_HEX})"), "{} {:.12}"),
    (re.compile(r"/(lxc)(?:\.payload\.|/)([^/]+)"), "{} {}"),
    # systemd-nspawn and libvirt: machine-web.scope
    (re.compile(r"/(machine)-([^/]+)\.scope"), "{} {}"),
    # a unit with PrivateIPC=
    (re.compile(r"/(system)\.slice/(?:[^/]+\.slice/)*([^/]+)\.service"), "{1}"),
)
_PODMAN = ("libpod", "libpod_parent")


def name_of(pid: int) -> str:
    """`docker 3f2a41bc0d1e`, `lxc web`, the name of a service; empty: none that we know, or it may
    not be seen. Foreign text."""
    try:
        with open(f"/proc/{pid}/cgroup", "rb", buffering=0) as file:
            return parse(file.read().decode(errors="surrogateescape"))
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return ""


def parse(text: str) -> str:
    """The same, from the text of a cgroup file: lines `ID:CONTROLLERS:PATH` (cgroups(7))."""
    for pattern, words in _PATTERNS:
        for line in text.splitlines():
            match = pattern.search(line.split(":", 2)[-1])
            if match:
                kind, name = match.groups()
                return words.format("podman" if kind in _PODMAN else kind, name)
    return ""
