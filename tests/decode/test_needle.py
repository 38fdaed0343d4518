"""What is searched for: typed words to the bytes that they are in memory."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.needle import MOST_BYTES, parse_needle
from shmtui.decode.types import TYPES, Kind, unpack, words


@pytest.mark.parametrize(
    ("typed", "data"),
    [
        ("abc", b"abc"),
        ("text:abc", b"abc"),
        ("text:text:abc", b"text:abc"),
        (" a b ", b" a b "),
        ("http://x", b"http://x"),
        ("né€", "né€".encode()),
        (r"\n\t\r\0\\\x2a\xFF", b"\n\t\r\0\\*\xff"),
        ("a\x1bb\n", b"a\x1bb\n"),
        ("caf\udce9", b"caf\xe9"),
        ("x:2a00", b"\x2a\0"),
        ("x: 2A 00 fF ", b"\x2a\0\xff"),
        ("u8:255", b"\xff"),
        ("i8:-1", b"\xff"),
        ("u32le:42", b"\x2a\0\0\0"),
        ("u32be: 0x2a", b"\0\0\0\x2a"),
        ("i16be:-0x2", b"\xff\xfe"),
        ("u16:+1", struct.pack("=H", 1)),
        ("f64le:1.5", struct.pack("<d", 1.5)),
        ("f32be:-inf", struct.pack(">f", float("-inf"))),
        ("x", b"x"),
        ("u32", b"u32"),
    ],
)
def test_typed_words_are_bytes(typed: str, data: bytes) -> None:
    assert parse_needle(typed).data == data


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "nothing to search for"),
        ("text:", "nothing to search for"),
        ("x: ", "nothing to search for"),
        ("x:2a0", "pairs of hex digits like x:2a00"),
        ("x:0x2a", "pairs of hex digits"),
        (r"a\q", r"after \\ comes n t r 0"),
        (r"a\x2", r"after \\ comes n t r 0"),
        ("a\\", r"after \\ comes n t r 0"),
        ("u33:1", "type 'u33': one of u8"),
        ("u8:256", "'256' does not fit u8"),
        ("u32le:-1", "'-1' does not fit u32le"),
        ("u32le:1.5", "'1.5' is no u32le: a whole number like 42 or 0x2a"),
        ("u32le:", "'' is no u32le"),
        ("i64:" + "9" * 30, "does not fit i64"),
        ("f32:1e300", "'1e300' does not fit f32"),
        ("f64:abc", "'abc' is no f64le: a number like 1.5"),
        ("f64:nan", "nan has many forms"),
        ("\ud800", "is no text"),
        ("a" * (MOST_BYTES + 1), f"{MOST_BYTES + 1} bytes to search for: at most {MOST_BYTES}"),
    ],
)
def test_what_cannot_be_searched_is_said_in_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood, match=sentence) as caught:
        parse_needle(typed)
    assert str(caught.value).isprintable()


@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_can_be_searched_as_hex_and_as_text(data: bytes) -> None:
    assert parse_needle(f"x:{data.hex(' ')}").data == data
    escaped = "".join(f"\\x{byte:02x}" for byte in data)
    assert parse_needle(escaped).data == data


@given(st.sampled_from(list(TYPES.values())), st.binary(min_size=8, max_size=8))
def test_any_number_on_show_can_be_searched(kind: Kind, data: bytes) -> None:
    value = unpack(kind, data)
    assert value is not None
    if value == value:
        assert parse_needle(f"{kind.name}:{words(kind, value)}").data == data[: kind.size]


@given(st.text(st.characters(), min_size=1, max_size=40))
def test_words_of_a_needle_find_the_same_bytes_and_are_safe_to_print(typed: str) -> None:
    try:
        needle = parse_needle(typed)
    except NotUnderstood:
        return
    assert needle.words.isprintable()
    assert parse_needle(needle.words) == needle
