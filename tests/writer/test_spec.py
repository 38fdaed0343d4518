"""A spec says what no segment and no pattern could satisfy, and survives the command line."""

import argparse
import math
import struct
from datetime import datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.cli import writing
from shmtui.sysv.errors import BadArgument
from shmtui.writer.patterns import PATTERNS
from shmtui.writer.program import next_deadline
from shmtui.writer.spec import WriterSpec

specs = st.builds(
    WriterSpec,
    key=st.none() | st.integers(1, 0xFFFFFFFF),
    size=st.integers(64, 2**40),
    mode=st.integers(0, 0o777),
    interval_s=st.floats(0.001, 86400),
    pattern=st.sampled_from(sorted(PATTERNS)),
    count=st.none() | st.integers(1, 10**9),
    remove=st.booleans(),
    overwrite=st.booleans(),
    new=st.booleans(),
)


def understood(words: list[str]) -> WriterSpec:
    """The spec that `shmtui write WORDS` would run."""
    parser = argparse.ArgumentParser()
    writing.add(parser.add_subparsers())
    return writing.spec_of(parser.parse_args(["write", *words]))


@given(spec=specs)
def test_the_command_line_of_a_spec_gives_the_spec_back(spec: WriterSpec) -> None:
    assert understood(spec.arguments()) == spec


def test_without_words_it_is_the_writer_of_the_defaults() -> None:
    assert understood([]) == WriterSpec()


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (WriterSpec(key=0), "key"),
        (WriterSpec(key=2**32), "key"),
        (WriterSpec(size=0), "size 0"),
        (WriterSpec(size=-1), "size"),
        (WriterSpec(size=2**63), "address space"),
        (WriterSpec(mode=0o1000), "mode"),
        (WriterSpec(interval_s=0), "interval"),
        (WriterSpec(interval_s=math.nan), "interval"),
        (WriterSpec(interval_s=math.inf), "interval"),
        (WriterSpec(count=0), "count"),
        (WriterSpec(pattern="waltz"), "pattern"),
        (WriterSpec(pattern="sine", size=7), "needs 8 bytes"),
        (WriterSpec(pattern="clock", size=29), "needs 30 bytes"),
        (WriterSpec(size=3, count=101), "needs 4 bytes"),
    ],
)
def test_what_cannot_be_is_refused_in_words(spec: WriterSpec, words: str) -> None:
    with pytest.raises(BadArgument, match=words):
        spec.validate()


@pytest.mark.parametrize(
    "spec",
    [
        WriterSpec(),
        WriterSpec(size=2),
        WriterSpec(size=3, count=100),
        WriterSpec(pattern="random", size=1),
        WriterSpec(pattern="stdin", size=1),
    ],
)
def test_what_just_fits_is_accepted(spec: WriterSpec) -> None:
    spec.validate()


def values(name: str, count: int, size: int = 1024) -> list[bytes]:
    make = PATTERNS[name].values
    assert make is not None
    return list(islice(make(size), count))


def test_the_counter_is_decimal_and_ends_with_nul() -> None:
    assert values("counter", 11)[::5] == [b"0\0", b"5\0", b"10\0"]


def test_the_clock_is_a_moment_with_its_zone_of_one_length() -> None:
    (text,) = values("clock", 1)
    assert len(text) == PATTERNS["clock"].room(None)
    moment = datetime.fromisoformat(text.removesuffix(b"\0").decode())
    assert abs((datetime.now().astimezone() - moment).total_seconds()) < 60


def test_the_sine_is_a_float64_of_one_round() -> None:
    numbers = [struct.unpack("=d", value)[0] for value in values("sine", 61)]
    assert numbers[0] == 0.0
    assert numbers[15] == 1.0
    assert numbers[60] == pytest.approx(0.0)


def test_random_bytes_never_fill_more_than_a_few_rows() -> None:
    assert [len(value) for value in values("random", 2, size=100)] == [100, 100]
    assert len(values("random", 1, size=2**30)[0]) == 256


@given(
    due=st.floats(0, 1e6),
    late_s=st.floats(-1, 1e4),
    interval_s=st.sampled_from([0.001, 0.25, 1.0, 60.0]),
)
def test_the_next_deadline_is_ahead_and_on_the_grid(
    due: float, late_s: float, interval_s: float
) -> None:
    now = due + late_s
    following = next_deadline(due, now, interval_s)
    steps = (following - due) / interval_s
    assert following >= now - 1e-6
    assert following <= max(due, now) + interval_s + 1e-6
    assert steps == pytest.approx(round(steps), abs=1e-3)
    assert round(steps) >= 1
