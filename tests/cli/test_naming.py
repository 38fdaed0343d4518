"""How a segment is named, and what is said where there is none of that name."""

import pytest

from tests.cli.program import parsed, refused
from tests.conftest import MakeSegment

KEY = 0x5EED


def shown(*words: object) -> int:
    return int(parsed("show", *words, "--json")["segment"]["id"])


def test_a_segment_is_named_by_id_and_by_key(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=KEY)
    for words in ([shmid], ["--id", shmid], ["0x5eed"], ["--key", "0x5EED"], ["--key", KEY]):
        assert shown(*words) == shmid


def test_an_id_that_is_only_a_key_is_said_to_be_one(make_segment: MakeSegment) -> None:
    make_segment(key=KEY)
    said = refused("show", KEY, code=1)
    assert said == f"shmtui: no segment has the id {KEY}; one has that key: --key {KEY}\n"


def test_a_key_that_is_only_an_id_is_said_to_be_one(make_segment: MakeSegment) -> None:
    make_segment()
    shmid = make_segment()  # 0 could not be a key
    said = refused("show", hex(shmid), code=1)
    assert f"no segment has the key {shmid:#010x}; one has the id {shmid}: --id {shmid}" in said


def test_what_is_not_there_is_said_plainly() -> None:
    assert refused("show", 123456, code=1) == "shmtui: no segment has the id 123456\n"
    assert refused("show", "0x77", code=1) == "shmtui: no segment has the key 0x00000077\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name one segment: an id, a key as 0x…, --id N or --key K"),
        (["1", "--id", "1"], "name one segment"),
        (["postgres"], "segment 'postgres': an id like 32769, or a key like 0x00000cea"),
        (["\x1b[31m"], r"segment '\x1b[31m'"),
        (["0x0"], "key 0 is no key"),
        (["--key", "0"], "key 0 is no key: private segments have it"),
        (["--key", "private"], "private names no segment"),
        (["0x100000000"], "keys go up to 0xffffffff"),
        (["--id", "-1"], "id '-1': a number like 32769"),
        (["4294967296"], "ids go up to 2147483647"),
        (["9" * 5000], "a number like 32769"),
    ],
)
def test_a_wrong_name_is_wrong_usage(words: list[str], said: str) -> None:
    assert said in refused("show", *words, code=2)
