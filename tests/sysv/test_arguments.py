"""What a person types for a key, a size, a mode, an interval is understood, or refused in words."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.sysv.arguments import (
    key_words,
    parse_age,
    parse_interval,
    parse_key,
    parse_mode,
    parse_size,
    size_words,
)
from shmtui.sysv.errors import BadArgument


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("3306", 3306),
        ("0xcea", 3306),
        ("0X00000CEA", 3306),
        (" 3306 ", 3306),
        ("0xffffffff", 0xFFFFFFFF),
        ("4294967295", 0xFFFFFFFF),
        ("private", None),
        ("Private", None),
    ],
)
def test_a_key_is_decimal_hexadecimal_or_private(typed: str, key: int | None) -> None:
    assert parse_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("0", "private"),
        ("0x0", "private"),
        ("4294967296", "0xffffffff"),
        ("-1", "3306"),
        ("", "3306"),
        ("0x", "3306"),
        ("1_000", "3306"),
        ("٣٣٠٦", "3306"),
        ("cea", "0xcea"),
        ("9" * 5000, "3306"),
    ],
)
def test_a_key_that_no_segment_can_have_is_refused_with_a_hint(typed: str, hint: str) -> None:
    with pytest.raises(BadArgument, match=hint):
        parse_key(typed)


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("4096", 4096),
        ("64K", 65536),
        ("64k", 65536),
        ("1M", 2**20),
        ("2G", 2**31),
        ("1T", 2**40),
        ("1.5K", 1536),
        ("1.0K", 1024),
        ("0", 0),
    ],
)
def test_a_size_is_bytes_or_has_a_unit_of_1024_steps(typed: str, size: int) -> None:
    assert parse_size(typed) == size


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("64KB", "say K"),
        ("1MiB", "say M"),
        ("7B", "the bytes alone"),
        ("1X", "K, M, G, T"),
        ("0.3K", "whole number"),
        ("-1", "4096"),
        ("", "4096"),
        ("1e3", "4096"),
        ("K", "4096"),
        ("9" * 29, "address space"),
    ],
)
def test_a_size_that_is_not_understood_is_refused_with_a_hint(typed: str, hint: str) -> None:
    with pytest.raises(BadArgument, match=hint):
        parse_size(typed)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0"),
        (1023, "1023"),
        (1024, "1.0K"),
        (10188, "9.9K"),
        (10189, "10K"),
        (1048063, "1023K"),
        (1048064, "1.0M"),
        (2**30, "1.0G"),
        (2**63 - 1, "8.0E"),
    ],
)
def test_a_size_is_shown_in_at_most_five_columns(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("typed", "mode"), [("0600", 0o600), ("600", 0o600), ("0o666", 0o666), ("0", 0), ("777", 0o777)]
)
def test_a_mode_is_octal(typed: str, mode: int) -> None:
    assert parse_mode(typed) == mode


@pytest.mark.parametrize("typed", ["0800", "1777", "rw-r--r--", "", "-600", "0x180"])
def test_a_mode_beyond_the_nine_bits_is_refused(typed: str) -> None:
    with pytest.raises(BadArgument, match="mode"):
        parse_mode(typed)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("1", 1.0), ("0.5", 0.5), (".5", 0.5), ("1.", 1.0), ("1.0 s", 1.0), ("2s", 2.0), ("60", 60)],
)
def test_an_interval_is_seconds(typed: str, seconds: float) -> None:
    assert parse_interval(typed) == seconds


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "inf", "1e-9", "0.0001", "86401", "", "."])
def test_an_interval_that_cannot_be_kept_is_refused(typed: str) -> None:
    with pytest.raises(BadArgument, match="interval"):
        parse_interval(typed)


@pytest.mark.parametrize("parse", [parse_key, parse_size, parse_mode, parse_interval])
@given(typed=st.text(max_size=12))
def test_nothing_typed_ends_in_anything_but_a_value_or_words(
    parse: Callable[[str], object], typed: str
) -> None:
    with contextlib.suppress(BadArgument):
        parse(typed)


def test_a_refusal_shows_what_was_typed_harmlessly() -> None:
    with pytest.raises(BadArgument) as refusal:
        parse_key("\x1b[2J\u202e" + "9" * 5000)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 160


def test_keys_are_as_ipcs_prints_them() -> None:
    assert key_words(3306) == "0x00000cea"
    assert key_words(0) == key_words(None) == "private"


@pytest.mark.parametrize(
    ("text", "expected"), [("30s", 30), ("5m", 300), ("1h", 3600), ("2d", 172800), ("7", 7)]
)
def test_ages_are_understood(text: str, expected: float) -> None:
    assert parse_age(text) == expected


def test_what_is_no_age_is_refused_in_words() -> None:
    with pytest.raises(BadArgument, match="'soon' is not an age: write 30s, 5m, 1h or 2d"):
        parse_age("soon")
