"""The content is read on when it comes back on show."""

import pytest

from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.living import reading, sees

pytestmark = pytest.mark.skipif(not can_peek(), reason="only root reads without an attach")


@pytest.mark.parametrize(("key", "title"), [("6", "[6Holders]"), ("7", "[7Details]")])
async def test_after_another_view_was_on_show(
    make_segment: MakeSegment, attached_child: AttachedChild, key: str, title: str
) -> None:
    shmid = make_segment()
    attached_child(shmid, b"at first")
    async with reading(shmid) as (_, pilot):
        await sees(pilot, "at first", "peek (0 attaches)")
        for number in ("1", "2"):
            await pilot.press(key)
            await sees(pilot, title)
            kernel.fill(shmid, number.encode())
            await pilot.press("2")
            await sees(pilot, f"{number}t first")
