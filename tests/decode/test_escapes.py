"""Bytes as text to paste: readable where it is text, exact where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.escapes import escaped
from shmtui.decode.needle import parse_needle


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain text", "plain text"),
        ("né €😀".encode(), "né €😀"),
        ("e\u0301".encode(), "e\u0301"),
        (b"a\nb\tc\r\0", r"a\nb\tc\r\0"),
        (rb"C:\x", r"C:\\x"),
        (b"\x1b[31m\x7f\xff\xc3(", r"\x1b[31m\x7f\xff\xc3("),
        ("\u202e".encode(), r"\xe2\x80\xae"),
    ],
)
def test_what_shows_is_kept_and_the_rest_escaped(data: bytes, text: str) -> None:
    assert escaped(data) == text


@given(st.one_of(st.binary(min_size=1, max_size=80), st.text(min_size=1).map(str.encode)))
def test_copied_text_can_be_searched(data: bytes) -> None:
    assert escaped(data).isprintable()
    assert parse_needle(f"text:{escaped(data)}").data == data
