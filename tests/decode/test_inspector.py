"""The inspector: every reading of the bytes at one place, and none that is not there."""

import math
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shmtui.decode.inspector import MOST_BYTES, NO_TIME, TOO_FEW, inspect
from shmtui.decode.types import BASES, TYPES, parse_kind


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place whose time is not that of UTC."""
    monkeypatch.setenv("TZ", "IST-5:30")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def facts(data: bytes) -> dict[str, str]:
    return dict(inspect(data, 0).facts)


def test_rows_are_every_type_in_both_orders() -> None:
    rows = {row.name: row[1:] for row in inspect(b"\x2a\0\0\x80" + bytes(4), 0).rows}
    assert tuple(rows) == BASES
    assert rows["u8"] == rows["i8"] == ("42", "")
    assert rows["u16"] == ("42", "10752")
    assert rows["i32"] == ("-2147483606", "704643200")
    assert rows["u64"] == ("2147483690", "3026419499348787200")


@given(st.binary(min_size=8, max_size=8))
def test_every_value_is_the_one_struct_reads(data: bytes) -> None:
    for name, le, be in inspect(data, 0).rows:
        orders = {"": le} if name in TYPES else {"le": le, "be": be}
        for order, told in orders.items():
            kind = parse_kind(name + order)
            (value,) = struct.unpack_from(kind.code, data)
            assert told == "nan" if math.isnan(value) else bool(told)
            if not math.isnan(value):
                again = float(told) if kind.is_float else int(told)
                assert struct.pack(kind.code, again) == data[: kind.size]


@given(st.binary(max_size=7))
def test_what_the_end_cuts_says_so(data: bytes) -> None:
    for row in inspect(data, 0).rows:
        size = int(row.name[1:]) // 8
        assert (row.le == TOO_FEW) == (len(data) < size)
        assert row.be == "" or len(data) >= size > 1


def test_offset_bits_and_character() -> None:
    told = dict(inspect("é".encode() + b"\0", 64).facts)
    assert told["offset"] == "0x40 = 64"
    assert told["bits"] == "1100 0011"
    assert told["char"] == "'é' U+00E9"
    assert told["text"] == '"é"'


@pytest.mark.parametrize(
    ("data", "char", "text"),
    [
        (b"\0abc", r"'\0' U+0000", '""'),
        (b"\n", r"'\n' U+000A", r'"\n"…'),
        (b"\xff*", r"'\xff'", r'"\xff*"…'),
        (b"\x1b[2J\0", r"'\x1b' U+001B", r'"\x1b[2J"'),
        ("\u202e\u0301".encode(), r"'\xe2\x80\xae' U+202E", r'"\xe2\x80\xae\xcc\x81"…'),
        (b"a" * 31 + "é".encode(), "'a' U+0061", '"' + "a" * 31 + '"…'),
    ],
)
def test_text_is_safe_to_draw(data: bytes, char: str, text: str) -> None:
    told = facts(data)
    assert (told["char"], told["text"]) == (char, text)


def test_of_no_bytes_it_is_said_that_they_were_not_read() -> None:
    assert inspect(b"", 7) == ((), (("offset", "0x7 = 7"), ("bytes", "not read")))


WHEN = 1767323045  # 2026-01-02T03:04:05Z


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("data", "name", "fraction"),
    [
        (struct.pack("<I", WHEN), "u32le s", ""),
        (struct.pack(">I", WHEN), "u32be s", ""),
        (struct.pack("<Q", WHEN), "u64le s", ""),
        (struct.pack(">Q", WHEN * 10**3 + 7), "u64be ms", ".007"),
        (struct.pack("<Q", WHEN * 10**6 + 7), "u64le µs", ".000007"),
        (struct.pack("<Q", WHEN * 10**9 + 7), "u64le ns", ".000000007"),
        (struct.pack("<d", WHEN + 0.5), "f64le s", ".500000"),
    ],
)
def test_times_are_told_in_the_local_zone(data: bytes, name: str, fraction: str) -> None:
    assert facts(data)[name] == f"2026-01-02T08:34:05{fraction}+05:30"


@pytest.mark.parametrize("number", [0, 42, 315_532_799, 4_102_444_800, 2**64 - 1])
def test_small_numbers_are_no_times(number: int) -> None:
    assert not {"u32le s", "u64le s"} & set(facts(struct.pack("<Q", number)))


def test_bytes_that_are_no_time_say_so() -> None:
    assert facts(bytes(8))["time"] == NO_TIME


def test_no_number_is_two_times() -> None:
    for digits in (0, 3, 6, 9):
        for end in (315_532_800, 4_102_444_799):
            told = facts(struct.pack("<Q", end * 10**digits))
            assert len([name for name in told if name.startswith("u64le")]) == 1


@given(st.binary(max_size=2 * MOST_BYTES), st.integers(0, 2**63))
def test_everything_said_is_printable_and_short(data: bytes, offset: int) -> None:
    rows, told = inspect(data, offset)
    for words in (word for each in (*rows, *told) for word in each):
        assert words.isprintable()
        assert cell_len(words) <= 4 * MOST_BYTES + 3
