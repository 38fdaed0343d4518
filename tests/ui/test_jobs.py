"""Jobs one at a time: cancelled, replaced, waited for."""

import threading
from collections.abc import Callable, Generator
from typing import Any

from textual.message import Message

from shmtui.sysv.errors import BadArgument
from shmtui.ui.jobs import Job, JobEnd, JobEnded, Jobs, JobStepped
from tests.waiting import wait_until


class Desk:
    """Where jobs report, and what those who asked for them are told."""

    def __init__(self) -> None:
        self.posted: list[Message] = []
        self.jobs = Jobs(self.posted.append)
        self.told: list[tuple[str, Any]] = []

    def job(self, name: str, steps: Callable[[], Generator[Any, None, None]]) -> Job:
        told = self.told.append
        return Job(name, steps, lambda step: told((name, step)), lambda end: told((name, end)))

    def hand_on(self, ends: int) -> None:
        """What was posted, once so many jobs have ended."""
        wait_until(lambda: sum(isinstance(one, JobEnded) for one in self.posted) == ends)
        for message in self.posted:
            if isinstance(message, JobStepped):
                self.jobs.stepped(message)
            elif isinstance(message, JobEnded):
                self.jobs.ended(message)


def never_ends() -> Generator[int, None, None]:
    while True:
        yield 1


def test_a_job_tells_its_steps_and_its_end() -> None:
    desk = Desk()
    desk.jobs.start(desk.job("Search", lambda: (n for n in (1, 2))))
    desk.hand_on(1)
    assert desk.told == [("Search", 1), ("Search", 2), ("Search", JobEnd())]
    assert not desk.jobs.running


def test_an_error_ends_it_in_words() -> None:
    def fails() -> Generator[int, None, None]:
        yield 1
        raise BadArgument("no such thing")

    desk = Desk()
    desk.jobs.start(desk.job("Dump", fails))
    desk.hand_on(1)
    assert desk.told[-1] == ("Dump", JobEnd("no such thing"))


def test_cancelled_it_tells_no_step_any_more_but_its_end() -> None:
    desk = Desk()
    desk.jobs.start(desk.job("Dump", never_ends))
    wait_until(lambda: desk.posted)
    assert desk.jobs.cancel()
    assert not desk.jobs.cancel()
    desk.hand_on(1)
    assert desk.told == [("Dump", JobEnd(cancelled=True))]


def test_replaced_by_its_like_it_is_not_told_how_it_ended() -> None:
    desk = Desk()
    desk.jobs.start(desk.job("Search", never_ends))
    desk.jobs.start(desk.job("Search", lambda: (n for n in (2,))))
    desk.hand_on(2)
    assert desk.told == [("Search", 2), ("Search", JobEnd())]


def test_what_ends_after_another_began_is_told_where_it_is_another_thing() -> None:
    desk = Desk()
    desk.jobs.start(desk.job("Dump", never_ends))
    desk.jobs.cancel()
    desk.jobs.start(desk.job("Search", lambda: (n for n in (2,))))
    desk.hand_on(2)
    assert ("Dump", JobEnd(cancelled=True)) in desk.told


def test_the_end_waits_for_all_that_clean_up() -> None:
    let, cleaned = threading.Event(), threading.Event()

    def cleans_slowly() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            let.wait(10.0)
            cleaned.set()

    desk = Desk()
    desk.jobs.start(desk.job("Dump", cleans_slowly))
    wait_until(lambda: desk.posted)
    desk.jobs.cancel()
    desk.jobs.start(desk.job("Search", never_ends))
    threading.Timer(0.1, let.set).start()
    desk.jobs.close()
    assert cleaned.is_set()


def test_behind_a_shut_door_no_step_is_under_way_and_the_next_waits() -> None:
    desk, steps = Desk(), iter(range(10**9))
    desk.jobs.start(desk.job("Dump", lambda: (step for step in steps)))
    wait_until(lambda: len(desk.posted) > 1)
    desk.jobs.door.shut(10.0)
    before = next(steps)
    desk.jobs.door.open()
    wait_until(lambda: next(steps) > before + 1, what="the job to go on")
    desk.jobs.door.shut(10.0)
    desk.jobs.close()
    assert not any(thread.name == "Dump" for thread in threading.enumerate())
