"""Copied bytes: each form says the same bytes, as the language that it is for reads them."""

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.copying import FORMATS
from shmtui.decode.needle import parse_needle

DATA = b"42\0caf\xc3\xa9\n\x1b[2J\xff" + bytes(range(16))


def test_forms_are_those_that_can_be_chosen() -> None:
    assert list(FORMATS) == ["text", "hex", "hexdump", "C array", "Python bytes", "JSON"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", r"42\0café\n\x1b[2J"),
        ("hex", "34 32 00 63 61 66 c3 a9 0a 1b 5b 32 4a"),
        ("Python bytes", r"b'42\x00caf\xc3\xa9\n\x1b[2J'"),
        (
            "JSON",
            r'{"offset": 64, "hex": "343200636166c3a90a1b5b324a", "text": "42\\0café\\n\\x1b[2J"}',
        ),
        (
            "C array",
            "static const unsigned char bytes_at_0x40[13] = {\n"
            "    0x34, 0x32, 0x00, 0x63, 0x61, 0x66, 0xc3, 0xa9, 0x0a, 0x1b, 0x5b, 0x32,\n"
            "    0x4a,\n"
            "};",
        ),
    ],
)
def test_copied_bytes_look_as_people_expect(name: str, expected: str) -> None:
    assert FORMATS[name](0x40, DATA[:13]) == expected


def test_hexdump_has_sixteen_bytes_a_row_from_the_offset_on() -> None:
    first, second = FORMATS["hexdump"](0x1234, DATA).splitlines()
    assert first.startswith("00001234  34 32 00 63")
    assert first.endswith("|42.caf....[2J...|")
    assert second.startswith("00001244  02 03")


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler (cc) on this machine")
def test_c_array_is_what_a_compiler_makes_the_same_bytes_of(tmp_path: Path) -> None:
    data = bytes(range(256))
    source = f"#include <stdio.h>\n{FORMATS['C array'](0x40, data)}\nint main(void)\n"
    source += "{ return fwrite(bytes_at_0x40, 1, sizeof bytes_at_0x40, stdout) ? 0 : 1; }\n"
    (tmp_path / "copied.c").write_text(source)
    argv = ["cc", "-Wall", "-Werror", "-o", "copied", "copied.c"]
    subprocess.run(argv, cwd=tmp_path, check=True)
    assert subprocess.run(tmp_path / "copied", capture_output=True, check=True).stdout == data


@given(st.binary(max_size=200), st.integers(0, 2**63))
def test_every_form_says_all_bytes(data: bytes, offset: int) -> None:
    copied = {name: form(offset, data) for name, form in FORMATS.items()}
    assert bytes.fromhex(copied["hex"]) == data
    assert ast.literal_eval(copied["Python bytes"]) == data
    document = json.loads(copied["JSON"])
    assert (document["offset"], bytes.fromhex(document["hex"])) == (offset, data)
    assert document["text"] == copied["text"]
    assert not data or parse_needle(f"text:{copied['text']}").data == data
    digits = re.findall(r"0x([0-9a-f]{2}),", copied["C array"])
    assert bytes.fromhex("".join(digits)) == data


@given(st.binary(max_size=200), st.integers(0, 2**63))
def test_nothing_copied_is_a_command_to_the_terminal_it_is_pasted_in(
    data: bytes, offset: int
) -> None:
    for name, form in FORMATS.items():
        copied = form(offset, data)
        lines = copied.split("\n")
        assert all(line.isprintable() for line in lines)
        assert name in ("hexdump", "C array") or len(lines) == 1
