"""What is foretold of a shmget is what the kernel then says."""

import errno
from contextlib import suppress

import pytest

from shmtui.sysv import segments
from shmtui.sysv.failures import failure, would_fail
from shmtui.sysv.limits import Limits, Used, read_limits, used_by
from shmtui.sysv.memory_use import ALWAYS, NEVER, Memory, read_memory
from shmtui.sysv.pages import PAGE_SIZE
from tests import kernel
from tests.conftest import MakeSegment
from tests.sysv.conftest import Setting

LIMITS = Limits(shmmni=4096, shmmax=2**63, shmall=2**63, rmid_forced=False, next_id=-1)
NOTHING = Used(0, 0, 0)
MEMORY = Memory(2**30, 2**29, 0, commit_limit=2**30, committed=2**29, overcommit=0)


def foretold(size: int) -> str:
    """The error's name; empty where nothing speaks against it."""
    found = failure(size, read_limits(), used_by(segments()), read_memory())
    return found.error if found else ""


def happens(size: int) -> str:
    try:
        shmid = kernel.shmget(kernel.IPC_PRIVATE, size, 0o600 | kernel.IPC_CREAT)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    with suppress(OSError):
        kernel.rmid(shmid)
    return ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("shmmax", 8192), ("shmall", 5), ("shmall", 6), ("shmmni", 2), ("shmmni", 0)],
)
def test_what_is_foretold_is_what_happens(
    make_segment: MakeSegment, kernel_setting: Setting, name: str, value: int
) -> None:
    make_segment(PAGE_SIZE + 1)
    make_segment(1)
    kernel_setting(f"kernel/{name}", value)
    for size in (0, 1, 2 * PAGE_SIZE, 2 * PAGE_SIZE + 1, 3 * PAGE_SIZE, 3 * PAGE_SIZE + 1):
        assert foretold(size) == happens(size), (name, value, size)


def test_more_than_the_machine_has_is_foretold_as_enomem() -> None:
    memory = read_memory()
    if memory.overcommit != 0:
        pytest.skip(f"vm.overcommit_memory is {memory.overcommit}: another rule holds")
    all_of_it = memory.total + memory.swap_total
    for size, error in ((all_of_it, ""), (all_of_it + 1, "ENOMEM")):
        assert (foretold(size), happens(size)) == (error, error)


def test_the_words_name_the_limit_what_is_used_of_it_and_what_is_asked() -> None:
    limits = LIMITS._replace(shmall=2**18)
    assert would_fail(2**31, limits, Used(3, 100, 0)) == (
        "a shmget of 2.0G now would fail with ENOSPC because kernel.shmall is reached:"
        " 100 of 262144 pages are used, this needs 524288"
    )
    assert would_fail(2**29, limits, Used(3, 100, 0)) == ""


def test_a_remedy_that_is_done_lets_it_succeed() -> None:
    limits = LIMITS._replace(shmmni=4, shmmax=100, shmall=1)
    used = Used(4, 1, 1)
    for raised in (
        limits._replace(shmmax=5000),
        limits._replace(shmmax=5000, shmall=3),
        limits._replace(shmmax=5000, shmall=3, shmmni=8),
    ):
        found = failure(5000, limits, used)
        assert found is not None
        settings = zip(limits._fields, limits, raised, strict=True)
        (told,) = (f"sysctl kernel.{name}={new}" for name, old, new in settings if new != old)
        assert told in found.remedy
        limits = raised
    assert failure(5000, limits, used) is None


def test_nobody_is_told_to_raise_shmmni_beyond_what_counts() -> None:
    found = failure(1, LIMITS._replace(shmmni=32768), Used(32768, 0, 0))
    assert found is not None
    assert found.remedy == "Remove orphans"


def test_where_nothing_is_refused_only_addresses_bound_the_size() -> None:
    assert failure(2**40, LIMITS, NOTHING, MEMORY._replace(overcommit=ALWAYS)) is None
    assert failure(2**40, LIMITS, NOTHING) is None


def test_with_strict_accounting_the_commit_limit_is_what_binds() -> None:
    strict = MEMORY._replace(overcommit=NEVER)
    assert failure(2**29, LIMITS, NOTHING, strict) is None
    said = would_fail(2**29 + 1, LIMITS, NOTHING, strict)
    assert "ENOMEM because 512M of the commit limit 1.0G are promised" in said
