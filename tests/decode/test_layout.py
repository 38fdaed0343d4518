"""Structs as C lays them out: the offsets are those of the compiler on this machine."""

import contextlib
import ctypes
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.layout import parse_layout
from shmtui.decode.types import TYPES

C_TYPES: dict[str, Any] = {
    "unsigned char": ctypes.c_ubyte,
    "short": ctypes.c_short,
    "unsigned int": ctypes.c_uint,
    "int": ctypes.c_int,
    "unsigned long": ctypes.c_ulong,
    "long long": ctypes.c_longlong,
    "float": ctypes.c_float,
    "double": ctypes.c_double,
    "uint16_t": ctypes.c_uint16,
    "size_t": ctypes.c_size_t,
}
NAMES = st.lists(st.sampled_from(sorted(C_TYPES)), min_size=1, max_size=12)


@given(NAMES, st.booleans(), st.integers(0, 1 << 40))
def test_fields_lie_where_the_compiler_puts_them(names: list[str], packed: bool, at: int) -> None:
    fields = [(f"f{number}", C_TYPES[name]) for number, name in enumerate(names)]
    body = {"_fields_": fields} | ({"_pack_": 1} if packed else {})
    struct = type("Struct", (ctypes.Structure,), body)
    text = "; ".join(f"{name} f{number}" for number, name in enumerate(names))
    found = parse_layout(("packed " if packed else "") + text, at)
    assert found.size == ctypes.sizeof(struct)
    places = {watch.name: (watch.offset - at, watch.kind.size) for watch in found.watches}
    described = [(getattr(struct, name)) for name, _ in fields]
    assert list(places.values()) == [(field.offset, field.size) for field in described]


def test_a_struct_may_be_pasted_with_its_lines_pointers_and_arrays() -> None:
    text = "uint32_t magic;\n  int pid;\n void *next;\n char name[16];\n u16be ports[2][2];\n"
    found = parse_layout(text, 0x20)
    assert [(one.offset, one.kind.name, one.name) for one in found.watches] == [
        (0x20, "u32le", "magic"),
        (0x24, "i32le", "pid"),
        (0x28, "u64le", "next"),
        (0x40, "u16be", "ports[0][0]"),
        (0x42, "u16be", "ports[0][1]"),
        (0x44, "u16be", "ports[1][0]"),
        (0x46, "u16be", "ports[1][1]"),
    ]
    assert found.size == 0x28


@pytest.mark.parametrize("text", ["", " ; ", "int", "int 3", "struct foo x", "int a[0]", "u33 x"])
def test_what_is_no_struct_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotUnderstood, match=r"like|one of|element"):
        parse_layout(text, 0)


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    with contextlib.suppress(NotUnderstood):
        assert all(one.kind in TYPES.values() for one in parse_layout(text, 0).watches)
