"""Lines of the table: any row, any order of columns, any garbage."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.sysv.errors import ShmError
from shmtui.sysv.row import Columns
from shmtui.sysv.segment import Identity, Segment

NAMESPACE = 4026531839
HEADER = "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap"
NAMES = HEADER.split()

ids = st.integers(0, 2**31 - 1)
words = st.integers(0, 2**32 - 1)
sizes = st.integers(0, 2**64 - 1)
times = st.integers(0, 2**63 - 1)
rows = st.builds(
    Segment,
    identity=st.builds(Identity, st.just(NAMESPACE), ids, ids, words, sizes),
    key=words,
    perms=st.integers(0, 0o7777),
    lpid=ids,
    nattch=sizes,
    uid=words,
    gid=words,
    cgid=words,
    atime=times,
    dtime=times,
    ctime=times,
    rss=sizes,
    swap=sizes,
)


def fields(row: Segment) -> dict[str, str]:
    """What the kernel prints for it (sysvipc_shm_proc_show in ipc/shm.c)."""
    signed_key = row.key - 2**32 if row.key >= 2**31 else row.key
    values = row._asdict() | row.identity._asdict() | {"key": signed_key}
    return {name: f"{values[name]}" for name in NAMES} | {"perms": f"{row.perms:o}"}


def line(row: Segment, names: list[str]) -> bytes:
    columns = fields(row) | {"color": "green", "cgroup": "7"}
    return " ".join(f"{columns[name]:>10}" for name in names).encode()


def columns(names: list[str]) -> Columns:
    return Columns(" ".join(names).encode())


@given(st.lists(rows))
def test_every_row_says_what_the_kernel_wrote(segments: list[Segment]) -> None:
    lines = [line(row, NAMES) for row in segments]
    assert columns(NAMES).segments(lines, NAMESPACE) == segments


@given(rows, st.randoms(use_true_random=False))
def test_columns_of_another_kernel_may_be_more_and_in_another_order(
    row: Segment, order: random.Random
) -> None:
    names = [*NAMES, "color", "cgroup"]
    order.shuffle(names)
    assert columns(names).segments([line(row, names)], NAMESPACE) == [row]


@given(rows)
def test_a_table_without_rss_and_swap_leaves_them_unknown(row: Segment) -> None:
    names = NAMES[:-2]
    expected = row._replace(rss=None, swap=None)
    assert columns(names).segments([line(row, names)], NAMESPACE) == [expected]


@given(st.lists(st.binary().filter(lambda text: b"\n" not in text), min_size=1), rows)
def test_garbage_is_told_in_words_and_spoils_no_other_row(
    garbage: list[bytes], row: Segment
) -> None:
    good = line(row, NAMES)
    found = columns(NAMES).segments([good, *garbage, good], NAMESPACE)
    assert found[0] == found[-1] == row
    for what in found[1:-1]:
        assert isinstance(what, Segment) or what.isprintable()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "0 fields under 16 headings"),
        (b"1 2 3", "3 fields under 16 headings"),
        (b" ".join([b"1"] * 17), "17 fields under 16 headings"),
        (b" ".join([b"1"] * 15 + [b"\x1b[31m"]), r"b'\x1b[31m'"),
        (b"1 1 999 " + b" ".join([b"1"] * 13), "base 8"),
    ],
)
def test_garbage_names_what_is_wrong(text: bytes, words: str) -> None:
    (found,) = columns(NAMES).segments([text], NAMESPACE)
    assert isinstance(found, str)
    assert words in found


@pytest.mark.parametrize("missing", NAMES[:-2])
def test_a_table_without_a_column_that_tells_segments_apart_is_refused(missing: str) -> None:
    with pytest.raises(ShmError, match=f"no column {missing}"):
        columns([name for name in NAMES if name != missing])
