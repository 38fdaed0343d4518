"""The write dialog says what would come of it before it does it."""

import pytest

from shmtui.sysv.errors import ShmError
from shmtui.sysv.limits import Limits
from shmtui.sysv.segment import SHM_DEST, Identity, Segment
from shmtui.writer.preview import plan
from shmtui.writer.spec import WriterSpec

ME, OTHER = 1000, 26
UNLIMITED = 2**64 - 2**24
LIMITS = Limits(4096, UNLIMITED, UNLIMITED, False, -1)


def segment(
    key: int = 3306,
    shmid: int = 7,
    size: int = 1024,
    perms: int = 0o600,
    uid: int = ME,
    cuid: int = ME,
    nattch: int = 0,
) -> Segment:
    identity = Identity(1, shmid, 100, cuid, size)
    return Segment(identity, key, perms, 0, nattch, uid, 0, 0, 0, 0, 0, 0, 0)


NAMES = {ME: "ops", OTHER: "postgres", 0: "root"}


def words(spec: WriterSpec, *segments: Segment, limits: Limits = LIMITS, me: int = ME) -> str:
    try:
        return str(plan(spec, segments, limits, me, NAMES.__getitem__))
    except ShmError as refusal:
        return f"refused: {refusal}"


def test_a_free_key_makes_a_segment() -> None:
    assert words(WriterSpec(), segment(key=5)) == "creates 0x00000cea, 1.0K, rw-------"


def test_private_always_makes_one() -> None:
    spec = WriterSpec(key=None, size=65536, mode=0o644)
    assert words(spec, segment(key=0)) == "creates a private segment, 64K, rw-r--r--"


def test_a_key_that_is_there_is_attached() -> None:
    there = segment(perms=0o666, size=2048)
    assert words(WriterSpec(), there) == "attaches to id 7, 2.0K, rw-rw-rw-"


def test_one_that_we_made_and_gave_away_is_ours_still() -> None:
    assert words(WriterSpec(), segment(uid=OTHER)).startswith("attaches")
    assert words(WriterSpec(), segment(cuid=OTHER)).startswith("attaches")


def test_a_doomed_segment_has_lost_its_key() -> None:
    doomed = segment(key=0, perms=0o600 | SHM_DEST)
    assert words(WriterSpec(), doomed).startswith("creates")


def test_where_rmid_is_forced_it_says_that_the_segment_will_go() -> None:
    forced = LIMITS._replace(rmid_forced=True)
    assert words(WriterSpec(), limits=forced).endswith(
        "goes with its last detach (shm_rmid_forced)"
    )


@pytest.mark.parametrize(
    ("spec", "there", "reason"),
    [
        (WriterSpec(size=2048), segment(), "has 1.0K, less than the 2.0K asked for"),
        (
            WriterSpec(),
            segment(uid=OTHER, cuid=OTHER, perms=0o666),
            "owner postgres, made by postgres; you are ops",
        ),
        (WriterSpec(), segment(perms=0o400), "mode 0400 does not let its owner ops write"),
    ],
)
def test_a_segment_that_would_refuse_is_refused(
    spec: WriterSpec, there: Segment, reason: str
) -> None:
    said = words(spec, there)
    assert said.startswith("refused: segment 7 (0x00000cea)")
    assert reason in said


def test_a_writer_must_not_destroy_with_its_end_what_nobody_holds() -> None:
    forced = LIMITS._replace(rmid_forced=True)
    assert "would destroy it" in words(WriterSpec(), segment(), limits=forced)
    assert words(WriterSpec(), segment(nattch=1), limits=forced).startswith("attaches")
    assert words(WriterSpec(overwrite=True), segment(), limits=forced).startswith("attaches")


def test_root_is_not_asked_for_the_mode() -> None:
    assert words(WriterSpec(), segment(uid=0, perms=0), me=0).startswith("attaches")


def test_overwrite_takes_what_is_not_ours() -> None:
    there = segment(uid=OTHER, cuid=OTHER, perms=0o666)
    assert words(WriterSpec(overwrite=True), there).startswith("attaches")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (LIMITS._replace(shmmax=512), "kernel.shmmax allows 512 bytes for one segment"),
        (LIMITS._replace(shmmni=1), "kernel.shmmni is reached: 1 of 1 segments"),
        (
            LIMITS._replace(shmall=1),
            "kernel.shmall is reached: 1 of 1 pages are used, this needs 1",
        ),
    ],
)
def test_a_limit_that_is_reached_refuses_a_new_one_only(limits: Limits, reason: str) -> None:
    there = segment(key=5)
    assert reason in words(WriterSpec(), there, limits=limits)
    assert words(WriterSpec(key=5), there, limits=limits).startswith("attaches")


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (WriterSpec(size=0), "size 0"),
        (WriterSpec(mode=0o200), "at least 0600"),
        (WriterSpec(pattern="sine", size=4), "needs 8 bytes"),
    ],
)
def test_what_cannot_be_is_refused(spec: WriterSpec, reason: str) -> None:
    said = words(spec)
    assert said.startswith("refused: ")
    assert reason in said
