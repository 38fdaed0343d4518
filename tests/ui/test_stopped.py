"""Ctrl+Z: while the program is stopped it keeps nothing of what it reads."""

from collections.abc import Generator
from contextlib import closing

import pytest

from shmtui.monitor.pieces import pieces
from shmtui.store.settings import Settings
from shmtui.sysv.peek import can_peek
from shmtui.sysv.window import Consent
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.jobs import Job
from shmtui.ui.options import ScreenOptions
from tests.conftest import MakeSegment
from tests.sysv.descriptors import open_segments
from tests.ui.hosts import until


@pytest.mark.skipif(not can_peek(), reason="not privileged to open /proc/PID/map_files")
async def test_a_job_between_two_steps_keeps_no_segment_that_nobody_holds(
    make_segment: MakeSegment,
) -> None:
    make_segment(64 << 20)
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings())
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.main.list_part.model.shown))
        (identity,) = app.main.list_part.model.shown
        seen: list[object] = []

        def steps() -> Generator[object, None, None]:
            with closing(app.feeds.source(identity, Consent.GIVEN)) as source:
                while True:
                    yield from pieces(source, 0, identity.size)

        app.main.start_job(Job("Dump", steps, seen.append, lambda _: None))
        await until(pilot, lambda: len(seen) > 1)
        app.app_suspend_signal.publish(app)
        assert open_segments() == []
        before = len(seen)
        app.app_resume_signal.publish(app)
        await until(pilot, lambda: len(seen) > before + 1000)
