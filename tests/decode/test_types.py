"""Types of numbers: as struct reads them, in words that tell every value from its neighbours."""

import math
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.types import TYPES, Kind, parse_kind, turned, unpack, width, words

KINDS = st.sampled_from(list(TYPES.values()))


def test_every_width_sign_and_order_has_its_name() -> None:
    bases = {f"{sign}{bits}" for sign in "ui" for bits in (16, 32, 64)} | {"f32", "f64"}
    assert set(TYPES) == {"u8", "i8"} | {base + order for base in bases for order in ("le", "be")}
    assert TYPES["u32be"] == Kind("u32be", ">I", 4)


def test_type_without_an_order_has_that_of_this_machine() -> None:
    order = "le" if sys.byteorder == "little" else "be"
    assert parse_kind("u32").name == f"u32{order}"
    assert parse_kind(" F64BE ").name == "f64be"
    assert parse_kind("i8").name == "i8"


@pytest.mark.parametrize("text", ["", "u7", "u8le", "le", "u32 le", "u32me", "f16", "u" * 99])
def test_what_is_no_type_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(NotUnderstood, match=r"^type '.*': one of u8 i8 u16 .* f64, with le or be$"):
        parse_kind(text)


def test_turning_changes_the_order_alone() -> None:
    assert turned(TYPES["u32le"]) is TYPES["u32be"]
    assert turned(TYPES["u8"]) is TYPES["u8"]
    assert all(turned(turned(kind)) is kind for kind in TYPES.values())


@given(KINDS, st.binary(max_size=24), st.integers(0, 30))
def test_values_are_what_struct_reads_or_nothing(kind: Kind, data: bytes, at: int) -> None:
    value = unpack(kind, data, at)
    assert (value is None) == (at + kind.size > len(data))
    if value is not None and not math.isnan(value):
        assert struct.pack(kind.code, value) == data[at : at + kind.size]
        assert unpack(kind, memoryview(data), at) == value


@given(KINDS, st.binary(min_size=8, max_size=8))
def test_words_are_exact_and_fit_their_width(kind: Kind, data: bytes) -> None:
    value = unpack(kind, data)
    assert value is not None
    told = words(kind, value)
    assert len(told) <= width(kind)
    if kind.is_float and math.isnan(value):
        assert told == "nan"
    else:
        again = float(told) if kind.is_float else int(told)
        assert struct.pack(kind.code, again) == struct.pack(kind.code, value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("f32le", 0.1, "0.1"),
        ("f32be", 1.0, "1.0"),
        ("f32le", 16777216.0, "16777216.0"),
        ("f32le", -1.17549435e-38, "-1.1754944e-38"),
        ("f32le", 12.0939865, "12.0939865"),
        ("f32le", math.inf, "inf"),
        ("f64le", 0.1, "0.1"),
        ("f64le", -0.0, "-0.0"),
        ("f64be", -2.2250738585072014e-308, "-2.2250738585072014e-308"),
        ("i64le", -(2**63), "-9223372036854775808"),
    ],
)
def test_numbers_are_told_as_people_write_them(name: str, value: float, told: str) -> None:
    kind = TYPES[name]
    kept = unpack(kind, struct.pack(kind.code, value))
    assert kept is not None
    assert words(kind, kept) == told


@pytest.mark.parametrize("name", [name for name in TYPES if not name.startswith("f")])
def test_width_of_integers_is_that_of_the_longest(name: str) -> None:
    kind = TYPES[name]
    ends = (unpack(kind, struct.pack(kind.code, value)) for value in limits(kind))
    assert max(len(words(kind, end)) for end in ends if end is not None) == width(kind)


def limits(kind: Kind) -> tuple[int, int]:
    bits = 8 * kind.size
    return (0, 2**bits - 1) if kind.name.startswith("u") else (-(2 ** (bits - 1)), 0)
