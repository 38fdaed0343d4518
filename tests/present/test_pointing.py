"""Where a number points to."""

from shmtui.present.pointing import pointer_words
from shmtui.sysv.holders import Holder
from shmtui.sysv.maps import Mapping
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.segment import Identity
from tests.present.made import segment

OURS, OTHER = segment(5, size=0x2000), segment(6, size=100, key=0xBEEF)
SEGMENTS = {row.identity: row for row in (OURS, OTHER)}
AT = 0x7F2A11C00000

Held = dict[Identity, tuple[Holder, ...]]


def holder(pid: int, command: str, *starts: int, offset: int = 0) -> Holder:
    pages = (Mapping(start, start + PAGE_SIZE, offset, "rw") for start in starts)
    return Holder(pid, command, 0, tuple(pages))


def words(value: int, held: Held) -> str:
    return pointer_words(value, held, OURS.identity, SEGMENTS)


def test_address_in_a_mapping_of_a_holder_is_an_offset() -> None:
    held: Held = {OURS.identity: (holder(1234, "postgres", AT),)}
    assert words(AT, held) == "→ 0x0 of this segment in pid 1234 postgres"
    assert words(AT + 0x40, held) == "→ 0x40 of this segment in pid 1234 postgres"
    assert words(AT - 1, held) == ""
    assert words(AT + PAGE_SIZE, held) == ""
    assert words(0, held) == ""


def test_mapping_of_a_part_counts_from_the_start_of_the_segment() -> None:
    held: Held = {OURS.identity: (holder(1, "a", AT, offset=0x1000),)}
    assert words(AT + 8, held) == "→ 0x1008 of this segment in pid 1 a"


def test_a_holder_may_point_into_another_segment() -> None:
    held: Held = {
        OURS.identity: (holder(1234, "postgres", AT),),
        OTHER.identity: (holder(1234, "postgres", AT + 0x10000),),
    }
    assert words(AT + 0x10040, held) == "→ 0x40 of segment 6 (0x0000beef) in pid 1234 postgres"


def test_what_a_stranger_maps_there_is_no_target() -> None:
    held: Held = {
        OURS.identity: (holder(1, "ours", AT),),
        OTHER.identity: (holder(2, "stranger", AT + 0x10000),),
    }
    assert words(AT + 0x10000, held) == ""
    assert words(AT, {}) == ""


def test_behind_the_end_of_a_segment_is_nothing_though_its_page_goes_on() -> None:
    held: Held = {
        OURS.identity: (holder(1, "a", AT),),
        OTHER.identity: (holder(1, "a", AT + 0x10000),),
    }
    assert words(AT + 0x10000 + 99, held) != ""
    assert words(AT + 0x10000 + 100, held) == ""


def test_processes_that_agree_are_counted() -> None:
    held: Held = {
        OURS.identity: (holder(9, "b", AT), holder(7, "a", AT), holder(8, "c", AT)),
    }
    assert words(AT + 1, held) == "→ 0x1 of this segment in pid 7 a and 2 more"


def test_processes_that_disagree_are_both_told_the_many_first() -> None:
    held: Held = {
        OURS.identity: (holder(1, "a", AT), holder(2, "b", AT - 0x800), holder(3, "c", AT - 0x800)),
    }
    assert words(AT, held) == (
        "→ 0x800 of this segment in pid 2 b and 1 more; → 0x0 of this segment in pid 1 a"
    )


def test_of_many_places_the_rest_are_counted() -> None:
    held: Held = {OURS.identity: tuple(holder(pid, "a", AT - 8 * pid) for pid in range(1, 6))}
    assert words(AT, held).endswith("; and 3 more")


def test_command_names_are_foreign_text() -> None:
    held: Held = {OURS.identity: (holder(1, "\x1b[2Jbad", AT),)}
    assert words(AT, held).endswith("pid 1 \\x1b[2Jbad")
