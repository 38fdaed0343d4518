"""Containers named by their cgroups."""

import os

import pytest

from shmtui.sysv import container

ID = "3f2a41bc0d1e" + "0" * 52


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"/system.slice/docker-{ID}.scope", "docker 3f2a41bc0d1e"),
        (f"/docker/{ID}", "docker 3f2a41bc0d1e"),
        (f"/docker/{ID}/init.scope", "docker 3f2a41bc0d1e"),
        (f"/machine.slice/libpod-{ID}.scope/container", "podman 3f2a41bc0d1e"),
        (f"/kubepods/besteffort/pod8e2f1c3a-7b/{ID}", "kubepods 3f2a41bc0d1e"),
        (
            f"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope",
            "cri-containerd 3f2a41bc0d1e",
        ),
        ("/lxc.payload.web/system.slice/cron.service", "lxc web"),
        ("/machine.slice/machine-web.scope/payload", "machine web"),
        ("/system.slice/postgresql@15-main.service", "postgresql@15-main"),
        ("/user.slice/user-1000.slice/session-2.scope", ""),
        ("/", ""),
    ],
)
def test_a_container_has_the_name_that_its_tools_give_it(path: str, name: str) -> None:
    assert container.parse(f"0::{path}\n") == name
    assert container.parse(f"12:memory:{path}\n1:name=systemd:/\n") == name


def test_a_process_that_ended_is_in_none() -> None:
    assert container.name_of(2**22 + 1) == ""
    assert isinstance(container.name_of(os.getpid()), str)
