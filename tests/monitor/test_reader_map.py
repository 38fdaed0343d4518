"""The map of the whole segment, which comes with each window."""

import mmap

from shmtui.sysv.content import Consent
from shmtui.sysv.window import PageCount
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.refreshes import Pane, needs_peek
from tests.sysv.rows import segment
from tests.waiting import wait_until

PAGE = mmap.PAGESIZE


@needs_peek
def test_the_map_shows_the_whole_segment_without_reading_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(size=256 * PAGE))
    attached_child(pane.identity.shmid, b"x" * (3 * PAGE), 8 * PAGE)
    before = kernel.row(pane.identity.shmid)
    wait_until(lambda: None not in whole(pane), what="a look at every slot")
    slots = whole(pane)
    assert [at for at, slot in enumerate(slots) if slot and slot.resident] == [8, 9, 10]
    assert sum(slot.hole for slot in slots if slot) == 253
    assert kernel.row(pane.identity.shmid) == before


def whole(pane: Pane) -> tuple[PageCount | None, ...]:
    """The slots of the map after another refresh."""
    read = pane.read()
    assert read.map is not None
    return read.map.slots


@needs_peek
def test_the_map_of_a_segment_that_went_stays_and_another_segment_starts_anew(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    one, two = make_segment(size=2 * PAGE), make_segment(size=5 * PAGE)
    child = attached_child(one, b"x")
    pane = Pane(one)
    assert len(whole(pane)) == 2
    kernel.rmid(one)
    child.kill()
    child.wait()
    gone = pane.read()
    assert gone.segment is None
    assert gone.map is not None
    pane.identity = segment(two).identity
    assert pane.read().map is None  # refused: nobody has it attached
    attached_child(two)
    assert len(whole(pane)) == 5


@needs_peek
def test_the_map_causes_no_attach(make_segment: MakeSegment) -> None:
    pane = Pane(make_segment(size=64 * PAGE), Consent.GIVEN)
    for _ in range(5):
        read = pane.read()
    assert (read.tap, read.attaches) == ("borrowed", 1)
    pane.reader.close()
