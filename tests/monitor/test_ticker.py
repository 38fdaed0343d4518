"""The thread loop: on time, at once when woken, never in the way at the end."""

import queue
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from shmtui.monitor.ticker import Ticker

LONG_S = 3600.0
SHORT_S = 0.01
BEAT_S = 0.05
SOON_S = 10.0


class Work:
    """Work that tells when it was begun, and can be held up."""

    def __init__(self) -> None:
        self.begun: queue.Queue[float] = queue.Queue()
        self.may_end = threading.Event()
        self.may_end.set()
        self.fails_with: Exception | None = None

    def __call__(self) -> None:
        self.begun.put(time.monotonic())
        assert self.may_end.wait(SOON_S)
        if self.fails_with is not None:
            raise self.fails_with

    def await_begun(self, times: int = 1) -> None:
        for _ in range(times):
            self.begun.get(timeout=SOON_S)

    def rests(self) -> bool:
        """Nothing was begun that nobody awaited."""
        return self.begun.empty()


Make = Callable[[float], Ticker]


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def errors() -> "queue.Queue[BaseException]":
    return queue.Queue()


@pytest.fixture
def make(work: Work, errors: "queue.Queue[BaseException]") -> Iterator[Make]:
    made: list[Ticker] = []

    def make_one(interval_s: float) -> Ticker:
        made.append(Ticker("test", work, interval_s, errors.put))
        return made[-1]

    yield make_one
    work.may_end.set()
    for ticker in made:
        assert ticker.stop(SOON_S)


def test_it_works_at_its_start_and_then_at_each_interval(make: Make, work: Work) -> None:
    make(SHORT_S).start()
    work.await_begun(5)


def test_before_its_start_it_does_nothing_and_stops_at_once(make: Make, work: Work) -> None:
    ticker = make(SHORT_S)
    ticker.wake()
    assert ticker.stop()
    assert work.rests()


def test_a_wake_brings_work_long_before_the_interval(make: Make, work: Work) -> None:
    ticker = make(LONG_S)
    ticker.start()
    work.await_begun()
    ticker.wake()
    work.await_begun()


def test_a_wake_while_it_works_is_not_lost(make: Make, work: Work) -> None:
    ticker = make(LONG_S)
    work.may_end.clear()
    ticker.start()
    work.await_begun()
    ticker.wake()
    assert work.rests()
    work.may_end.set()
    work.await_begun()


def test_many_wakes_while_it_works_bring_one_more(make: Make, work: Work) -> None:
    ticker = make(LONG_S)
    work.may_end.clear()
    ticker.start()
    work.await_begun()
    for _ in range(5):
        ticker.wake()
    work.may_end.set()
    work.await_begun()
    assert ticker.stop(SOON_S)
    assert work.rests()


def test_ticks_missed_while_it_works_are_skipped(make: Make, work: Work) -> None:
    ticker = make(BEAT_S)
    work.may_end.clear()
    ticker.start()
    work.await_begun()
    threading.Event().wait(10 * BEAT_S)
    work.may_end.set()
    times = [work.begun.get(timeout=SOON_S) for _ in range(4)]
    assert times[3] - times[0] > BEAT_S  # on the beat again; caught up would be at once


def test_a_shorter_interval_takes_effect_at_once(make: Make, work: Work) -> None:
    ticker = make(LONG_S)
    ticker.start()
    work.await_begun()
    ticker.interval_s = SHORT_S
    assert ticker.interval_s == SHORT_S
    work.await_begun(3)


def test_while_paused_it_ticks_not_but_can_be_woken(make: Make, work: Work) -> None:
    ticker = make(SHORT_S)
    ticker.paused = True
    ticker.start()
    assert ticker.paused
    ticker.wake()
    work.await_begun()
    threading.Event().wait(10 * SHORT_S)
    assert work.rests()


def test_after_a_pause_it_works_at_once(make: Make, work: Work) -> None:
    ticker = make(LONG_S)
    ticker.start()
    work.await_begun()
    ticker.paused = True
    ticker.paused = False
    work.await_begun()


def test_saying_again_that_it_is_not_paused_brings_no_work(make: Make, work: Work) -> None:
    ticker = make(LONG_S)
    ticker.start()
    work.await_begun()
    ticker.paused = False
    threading.Event().wait(2 * BEAT_S)
    assert work.rests()


def test_an_error_is_told_and_the_next_tick_comes(
    make: Make, work: Work, errors: "queue.Queue[BaseException]"
) -> None:
    work.fails_with = ValueError("no table")
    make(SHORT_S).start()
    work.await_begun(2)
    assert errors.get(timeout=SOON_S) is work.fails_with


def test_stop_waits_for_the_work_at_hand_but_not_for_ever(make: Make, work: Work) -> None:
    ticker = make(SHORT_S)
    work.may_end.clear()
    ticker.start()
    work.await_begun()
    assert not ticker.stop(SHORT_S)
    work.may_end.set()
    assert ticker.stop(SOON_S)
    assert work.rests()


def test_the_work_itself_may_stop_it() -> None:
    ended = threading.Event()

    def work() -> None:
        ticker.stop()
        ended.set()

    ticker = Ticker("test", work, SHORT_S, print)
    ticker.start()
    assert ended.wait(SOON_S)
    assert ticker.stop(SOON_S)


@pytest.mark.parametrize("interval_s", [0.0, -1.0, float("nan")])
def test_an_interval_that_is_none_is_refused(make: Make, interval_s: float) -> None:
    with pytest.raises(ValueError, match="interval"):
        make(interval_s)
    ticker = make(LONG_S)
    with pytest.raises(ValueError, match="interval"):
        ticker.interval_s = interval_s
    assert ticker.interval_s == LONG_S
