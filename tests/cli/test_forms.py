"""The forms of `shmtui read`: what a window is in each of them."""

import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.cli.forms import FORMS
from shmtui.decode.types import BASES, TYPES
from shmtui.sysv.window import Window

OWN = "le" if sys.byteorder == "little" else "be"


def test_every_type_is_a_form_in_both_orders_and_in_that_of_the_machine() -> None:
    assert list(FORMS) == ["text", "hex", *dict.fromkeys((*BASES, *TYPES)), "raw"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("u16be", b"\0\x2a\1\0", "42 256"),
        ("u16le", b"\0\x2a\1\0", "10752 1"),
        ("i8", b"\xff\0", "-1 0"),
        ("f32", struct.pack("=2f", 0.1, 1.0), "0.1 1.0"),
        ("f64be", struct.pack(">d", 0.1), "0.1"),
    ],
)
def test_numbers_are_told_one_after_the_other(name: str, data: bytes, told: str) -> None:
    assert FORMS[name].show(Window(0, data, ())) == told


@given(st.sampled_from(BASES), st.binary(min_size=8, max_size=8))
def test_without_an_order_numbers_have_that_of_the_machine(base: str, data: bytes) -> None:
    window = Window(0, data, ())
    named = base if base in TYPES else base + OWN
    assert FORMS[base].show(window) == FORMS[named].show(window)
    assert FORMS[base].unit == FORMS[base].length == TYPES[named].size


@given(st.sampled_from(list(TYPES)), st.binary(max_size=64))
def test_values_in_json_are_those_of_struct(name: str, data: bytes) -> None:
    kind = TYPES[name]
    whole = data[: len(data) // kind.size * kind.size]
    values = FORMS[name].value(Window(0, whole, ()))
    again = b"".join(
        whole[at : at + kind.size] if value is None else struct.pack(kind.code, value)
        for at, value in zip(range(0, len(whole), kind.size), values, strict=True)
    )
    assert again == whole
