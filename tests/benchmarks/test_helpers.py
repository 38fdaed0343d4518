"""What the benchmarks measure by: when words arrived, and what segments are filled with."""

import pytest

from tests.benchmarks.arrival import arrival
from tests.benchmarks.going import content, row_words
from tests.benchmarks.stuff import BLOCK_BYTES, STUFF, block
from tests.terminal import Chunk


def test_words_arrive_with_the_chunk_that_completes_them() -> None:
    chunks = [Chunk(1.0, b"0000"), Chunk(2.0, b"0010  2a"), Chunk(3.0, b" 00")]
    assert arrival(chunks, "00000010  2a 00") == 3.0
    assert arrival(chunks, "00000010") == 2.0


def test_colours_do_not_part_words_but_moves_of_the_cursor_do() -> None:
    assert arrival([Chunk(1.0, b"10\x1b[0m\x1b[38;2;1;2;3m  \x1b[1m2a")], "10  2a") == 1.0
    assert arrival([Chunk(1.0, b"10\x1b[2;1H  2a")], "10  2a") is None


def test_the_row_of_a_place_begins_with_its_offset_and_its_first_bytes() -> None:
    assert row_words(0x1230, content(0x1230)) == "00001230  00 00 00 00 00 00 12 30"
    assert row_words(0xF704C5900, content(0xF704C5900)).startswith("f704c5900 00 00 00 0f 70 4c")


def test_a_row_that_is_not_read_yet_is_not_taken_for_one_that_was_never_written() -> None:
    assert row_words(0, None).endswith("|never written")


@pytest.mark.parametrize("name", STUFF)
def test_a_block_is_a_mebibyte_and_always_the_same(name: str) -> None:
    assert len(block(name)) == BLOCK_BYTES
    assert block(name) == block(name)
