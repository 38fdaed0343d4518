"""The writer program: puts value after value into a segment until it is told to end."""

import math
import signal
import time
from collections.abc import Callable, Iterator

from shmtui.sysv.arguments import many
from shmtui.sysv.errors import BadArgument, NotThere
from shmtui.writer.hold import Hold, take
from shmtui.writer.lines import Lines
from shmtui.writer.patterns import PATTERNS
from shmtui.writer.spec import WriterSpec
from shmtui.writer.wakes import Wakes, check_open

INTERRUPTED = 130
STDIN = 0
LOOK_EVERY_S = 1.0
"""How often the writer asks whether its segment was removed by another hand."""

Say = Callable[[str], None]


def run(
    spec: WriterSpec, announce: Callable[[Hold], None], say: Say, lifeline: int | None = None
) -> int:
    """Writes until the count, the end of the input, a signal or the end of the lifeline.

    `announce` is called once the segment is attached, before the first byte; `say` for each line
    that does not fit. Returns the exit code: 0, 1 if a line was refused, 130 after Ctrl+C.
    Raises ShmError where it cannot begin, or where the segment is removed meanwhile.
    """
    spec.validate()
    if PATTERNS[spec.pattern].values is None:
        _check_input(lifeline)
    with Wakes(lifeline) as wakes:
        hold = take(spec)
        remove = True  # who never learns of the segment could not remove it
        try:
            announce(hold)
            remove = spec.remove
            writing = _Writing(spec, hold, wakes, say)
            writing.run()
        finally:
            hold.release(remove)
    if wakes.signal == signal.SIGINT:
        return INTERRUPTED
    return 1 if writing.refused else 0


def next_deadline(due: float, now: float, interval_s: float) -> float:
    """The deadline after `due`, not before `now`. All lie on one grid, so that the rate does not
    drift; those that were missed (a suspended writer, a busy machine) are skipped."""
    missed = max(0.0, now - due) // interval_s
    return due + (missed + 1) * interval_s


def _check_input(lifeline: int | None) -> None:
    check_open(STDIN, "pattern stdin: the standard input")
    if lifeline == STDIN:
        raise BadArgument("pattern stdin: the standard input is the lifeline")


class _Writing:
    """One run: the values, their times, and the looks whether the segment is still there."""

    def __init__(self, spec: WriterSpec, hold: Hold, wakes: Wakes, say: Say) -> None:
        self._spec = spec
        self._hold = hold
        self._wakes = wakes
        self._say = say
        self._due = time.monotonic()
        self._next_look = self._due + LOOK_EVERY_S
        self.refused = 0

    def run(self) -> None:
        for written, value in enumerate(self._values(), start=1):
            self._hold.put(value)
            if written == self._spec.count:
                break
            self._rest()
            if self._wakes.stopped:
                return
        if self._spec.remove and self._hold.created:
            # The last value, too, can be read for an interval before the segment goes.
            self._rest()

    def _rest(self) -> None:
        """Sleeps to the next deadline."""
        self._due = next_deadline(self._due, time.monotonic(), self._spec.interval_s)
        self._sleep(self._due)

    def _values(self) -> Iterator[bytes]:
        make = PATTERNS[self._spec.pattern].values
        return self._lines() if make is None else make(self._hold.segment.size)

    def _lines(self) -> Iterator[bytes]:
        lines = Lines(STDIN, self._hold.segment.size - 1)
        while not self._wakes.stopped:
            line = lines.take()
            if line == "too long":
                self._refuse_line()
            elif line is not None:
                self._due = max(self._due, time.monotonic())
                yield line + b"\0"
            elif lines.ended:
                return
            elif self._sleep(math.inf, STDIN):
                lines.feed()

    def _refuse_line(self) -> None:
        self.refused += 1
        size = self._hold.segment.size
        self._say(
            f"{self._hold.segment} has {many(size, 'byte')}:"
            f" a line longer than {size - 1} was not written"
        )

    def _sleep(self, until: float, also: int | None = None) -> bool:
        """As Wakes.wait, and looks after the segment meanwhile."""
        while not self._wakes.stopped:
            if self._wakes.wait(min(until, self._next_look), also):
                return True
            now = time.monotonic()
            if now >= self._next_look:
                self._next_look = now + LOOK_EVERY_S
                self._look()
            if now >= until:
                return False
        return False

    def _look(self) -> None:
        if self._hold.removed():
            raise NotThere(f"{self._hold.segment} was removed by another hand: the writer ends")
