"""Searching the whole segment from the pane: what for, how far it is, the matches on view."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from shmtui.decode.needle import Needle, parse_needle
from shmtui.present.progress import share_words
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.window import Window
from shmtui.ui import pane_words
from shmtui.ui.messages import JobProgress, ReadAll
from shmtui.ui.prompt import Question

if TYPE_CHECKING:
    from shmtui.monitor.search import Counted, Hit
    from shmtui.monitor.source import Source
    from shmtui.ui.content_part import ContentPart
    from shmtui.ui.jobs import JobEnd

MOST_MARKS = 1000
"""On one view: more than it has cells to tell apart."""


class Searching:
    """The last search of this pane, and the one under way."""

    def __init__(self, part: ContentPart) -> None:
        self._part = part
        self._needle: Needle | None = None
        self._backwards = False
        self._hit: Hit | None = None
        self._counts = False
        """The search under way counts all matches, once it has found one."""
        self._to_start = False
        """It goes there, also where that is against the direction of the question."""

    def forget(self) -> None:
        """Another segment is on show: what to search for stays."""
        self._hit = None

    def marks(self, window: Window) -> list[tuple[int, int]]:
        """Start and end of the matches in a window, so that they can be marked."""
        if self._needle is None:
            return []
        found: list[tuple[int, int]] = []
        data, sought = window.data, self._needle.data
        at = data.find(sought)
        while at >= 0 and len(found) < MOST_MARKS:
            found.append((window.offset + at, window.offset + at + len(sought)))
            at = data.find(sought, at + len(sought))
        return found

    def ask(self, backwards: bool) -> None:
        """Ask what to search for."""

        def answered(text: str) -> None:
            self._needle = parse_needle(text)
            self._backwards = backwards
            self._start(backwards, counts=True)

        sign = "search back: " if backwards else "search: "
        wrong = pane_words.misunderstood
        self._part.ask(Question("search", sign, answered, lambda text: wrong(parse_needle, text)))

    def again(self, reverse: bool) -> None:
        """To the next match, or in the other direction."""
        if self._needle is None:
            self._part.say("Nothing was searched for yet: / does.")
        else:
            self._start(self._backwards is not reverse, counts=False)

    def _start(self, backwards: bool, counts: bool) -> None:
        needle, part, identity = self._needle, self._part, self._part.identity
        if needle is None or identity is None:
            return
        self._hit, self._counts, self._to_start = None, counts, backwards
        origin = part.window.cursor

        def steps(source: Source) -> Generator[Any, None, None]:
            from shmtui.monitor import search

            hit: Hit | None = None
            for step in search.find(source, needle.data, origin, not backwards):
                hit = step if isinstance(step, search.Hit) else hit
                yield step
            if hit is not None and counts:
                yield from search.count(source, needle.data, hit.offset)

        def stepped(step: Any) -> None:
            if part.identity == identity:
                self._stepped(step)

        def ended(end: JobEnd) -> None:
            part.post_message(JobProgress(""))
            if part.identity == identity:
                self._ended(end)

        part.post_message(ReadAll("Search", identity, steps, stepped, ended))
        part.refresh_picture()

    def _stepped(self, step: Any) -> None:
        from shmtui.monitor.search import Counted, Hit

        if isinstance(step, Hit):
            self._found(step)
        elif isinstance(step, Counted):
            self._counted(step)
        else:
            self._tell(step.done, step.total, step.matches)

    def _tell(self, done: int, total: int, matches: int) -> None:
        doing = f"{self._at(self._hit)} · counting" if self._hit else f"Searching for {self._words}"
        so_far = [many(matches, "match", "matches")] if matches else []
        words = [doing, share_words(done, total), *so_far, "Esc cancels"]
        self._part.post_message(JobProgress(" · ".join(words)))

    def _found(self, hit: Hit) -> None:
        self._hit = hit
        self._part.go_to(hit.offset)
        if not self._counts:
            # Else it would cover for seconds how far the counting is, which says the same.
            self._part.say(self._at(hit))
        self._part.refresh_picture()

    @property
    def _words(self) -> str:
        """What is searched for."""
        return self._needle.words if self._needle else ""

    def _at(self, hit: Hit, which: str = "") -> str:
        end = "the start" if self._to_start else "the end"
        wrapped = f", found beyond {end}" if hit.wrapped else ""
        return f"{self._words} at {hit.offset:#x}{which}{wrapped}"

    def _counted(self, counted: Counted) -> None:
        if self._hit is None:
            words = f"{self._words} was not found in what was written"
        else:
            least = "" if counted.exact else "at least "
            which = f": match {counted.index} of {least}{counted.matches}"
            words = self._at(self._hit, which)
        skipped = {why: size for why, size in counted.skipped.items() if why != "never written"}
        for why, size in skipped.items():
            words += f" · {size_words(size)} not searched: {why}"
        self._part.say(words, "warning" if skipped or self._hit is None else "info")

    def _ended(self, end: JobEnd) -> None:
        if end.cancelled:
            self._part.say("The search was cancelled.")
        elif end.words:
            self._part.say(f"The search ended early. {end.words}", "error")
