"""How many pages a segment has, and what its row tells of huge ones."""

import pytest

from shmtui.sysv.pages import PAGE_SIZE, huge_pages, pages


@pytest.mark.parametrize(
    ("size", "expected"), [(1, 1), (PAGE_SIZE, 1), (PAGE_SIZE + 1, 2), (2**40, 2**40 // PAGE_SIZE)]
)
def test_a_segment_counts_whole_pages(size: int, expected: int) -> None:
    assert pages(size) == expected


def test_only_more_memory_than_its_size_is_a_proof_of_huge_pages() -> None:
    assert huge_pages(2**30, 2**21) is True
    assert huge_pages(PAGE_SIZE, 2**21) is False
    assert huge_pages(2**21, 2**21) is None
    assert huge_pages(0, 2**21) is None
    assert huge_pages(None, 2**21) is None
