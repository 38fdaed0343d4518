"""The report of the limits: what is near, what would fail, what an error means here."""

from typing import Any

import pytest

from shmtui.monitor.resources import Resources
from shmtui.present.limits import (
    amount,
    limits_document,
    nearest,
    sections,
    settings,
    share_words,
    verdict,
)
from shmtui.present.meanings import meanings
from shmtui.sysv.huge_pages import HugePages
from shmtui.sysv.limits import Bound, bounds
from shmtui.sysv.memory_use import ALWAYS, NEVER
from tests.present.machine import GIB, MEMORY, machine


def words_of(error: str, resources: Resources) -> str:
    (found,) = (one for one in meanings(resources) if one.error == error)
    return "; ".join(found.words)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, ""),
        (0.0, "0%"),
        (0.001, "<1%"),
        (0.799, "79%"),
        (0.8, "80% NEAR"),
        (0.9999, "99% NEAR"),
        (1.0, "100% FULL"),
        (2.5, "250% FULL"),
    ],
)
def test_near_and_full_are_words_and_nothing_is_full_before_it_is(
    share: float | None, words: str
) -> None:
    assert share_words(share) == words


def test_pages_are_shown_as_the_bytes_that_they_are_and_unlimited_as_such() -> None:
    pages = Bound("shmall", "", 262144, None, "pages")
    assert (amount(pages, pages.used), amount(pages, pages.limit)) == ("1.0G", "unlimited")
    assert amount(Bound("shmmni", "", 37, 4096), 37) == "37"


def test_the_table_has_a_line_for_each_limit() -> None:
    _, lines = sections(machine(shmall=2**18))[0]
    assert lines[0].split() == ["LIMIT", "USED", "OF", "SHARE", "WHAT"]
    assert lines[1].split() == ["shmmni", "37", "4096", "<1%", "segments"]
    assert " ".join(lines[2].split()) == (
        "shmall 512M 1.0G 50% all segments together (131072 pages)"
    )
    assert lines[3].split()[:3] == ["shmmax", "256M", "unlimited"]
    assert lines[-1] == "nearest: shmall, 512M of 1.0G"


def test_the_nearest_is_of_all_kinds_but_one_large_segment_fills_nothing() -> None:
    crowded = Bound("semmni", "semaphore sets", 31990, 32000)
    resources = machine(shmmax=GIB // 4)
    resources = resources._replace(bounds=(*resources.bounds[:3], crowded))
    assert nearest(resources) == "nearest: semmni, 31990 of 32000"
    _, lines = sections(resources)[0]
    assert lines[3].split()[:5] == ["shmmax", "256M", "256M", "100%", "one"]
    boundless = machine(shmmni=2**62)
    assert nearest(boundless._replace(bounds=boundless.bounds[:3])) == "nearest: none is bounded"


def test_the_verdict_on_a_size_says_what_would_help() -> None:
    said = verdict(machine(shmall=2**18), 2 * GIB)
    assert said.startswith("a shmget of 2.0G now would fail with ENOSPC because kernel.shmall")
    assert said.endswith("Remove orphans, or sysctl kernel.shmall=655360")
    assert verdict(machine(), 2 * GIB) == "nothing speaks against a shmget of 2.0G now"
    assert "ENOMEM because the machine has 24G" in verdict(machine(), 100 * GIB)


def test_a_size_typed_in_is_answered_before_all_else() -> None:
    assert sections(machine(), 2 * GIB)[0].lines == (verdict(machine(), 2 * GIB),)


def test_settings_say_what_they_mean() -> None:
    (_, forced, words), (_, group, _) = settings(machine(rmid_forced=True))
    assert (forced, words, group) == ("1", "a segment is destroyed with its last detach", "0")
    (_, forced, words), (_, group, unknown) = settings(machine()._replace(hugetlb_group=None))
    assert (forced, words) == ("0", "a segment stays when nobody has it attached")
    assert (group, unknown) == ("?", "cannot be told")


def test_one_page_and_bare_bytes_are_called_so() -> None:
    one = Bound("shmall", "all", 1, None, "pages")
    (_, lines), *_ = sections(machine()._replace(bounds=(one, *machine().bounds[1:])))
    assert any(line.endswith("all (1 page)") for line in lines)
    small = machine(shmmax=1)
    words = "a shmget of 56 bytes now would fail with EINVAL because kernel.shmmax allows 1 byte "
    assert verdict(small, 56).startswith(words)


def test_an_unlimited_shmall_is_not_told_as_a_cause() -> None:
    (_, words), *_ = meanings(machine())
    assert words[0].endswith("segments are there; shmall: unlimited, 131072 pages used")
    (_, words), *_ = meanings(machine(shmall=2**18))
    assert words[0].endswith("; or shmall: 131072 of 262144 pages (1.0G) are used")


def test_each_error_is_told_with_the_numbers_of_here_and_now() -> None:
    resources = machine(shmall=2**18, shmmax=GIB)
    assert "37 of 4096 segments" in words_of("ENOSPC", resources)
    assert "131072 of 262144 pages (1.0G) are used" in words_of("ENOSPC", resources)
    assert "semget says it too: 5 of 32000 sets" in words_of("ENOSPC", resources)
    assert "above shmmax (1.0G)" in words_of("EINVAL", resources)
    assert "the 4.0M of huge pages that are left" in words_of("ENOMEM", resources)
    for error in ("EPERM", "EACCES", "EEXIST"):
        assert words_of(error, resources)
    bare = resources._replace(huge_pages=())
    assert "with SHM_HUGETLB: any size, as no huge page is left" in words_of("ENOMEM", bare)


@pytest.mark.parametrize(
    ("overcommit", "words"),
    [
        (0, "more than memory and swap, 24G together"),
        (ALWAYS, "never for its size"),
        (NEVER, "more than the 8.0G left of the commit limit"),
    ],
)
def test_enomem_means_what_the_machine_promises(overcommit: int, words: str) -> None:
    memory = MEMORY._replace(overcommit=overcommit)
    assert words_of("ENOMEM", machine()._replace(memory=memory)).startswith(words)


def test_without_queues_and_memory_the_errors_are_explained_all_the_same() -> None:
    bare = machine()
    bare = bare._replace(bounds=bounds(bare.limits, bare.used), memory=None, huge_pages=())
    assert "over semmni and semmns" in words_of("ENOSPC", bare)
    assert words_of("ENOMEM", bare).startswith("more than the machine can promise")


def test_the_document_has_numbers_and_null_for_unlimited() -> None:
    document: dict[str, Any] = limits_document(machine(shmall=2**18), 2 * GIB)
    shmmni, shmall, shmmax = document["limits"][:3]
    assert (shmmni["used"], shmmni["limit"]) == (37, 4096)
    assert (shmall["unit"], shmall["limit"], shmall["share"]) == ("pages", 2**18, 0.5)
    assert (shmmax["limit"], shmmax["share"]) == (None, None)
    assert document["would_fail"]["error"] == "ENOSPC"
    assert document["huge_pages"] == [HugePages(2 << 20, 4, 3, 1, 0)._asdict()]
    assert limits_document(machine())["would_fail"] is None
