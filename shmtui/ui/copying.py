"""Copying what is selected in the content, in one of several forms."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, NamedTuple

from shmtui.decode.copying import FORMATS
from shmtui.sysv.arguments import many
from shmtui.ui.messages import JobProgress, ReadAll

if TYPE_CHECKING:
    from shmtui.monitor.source import Source
    from shmtui.ui.content_part import ContentPart
    from shmtui.ui.jobs import JobEnd

MOST_BYTES = 1024 * 1024
"""That are copied at once: a terminal takes less; a dump takes all."""


class _Copied(NamedTuple):
    data: bytes
    unread: int
    """Bytes that could not be read, and stand as zeros."""


class Copying:
    """Asks for the form, reads what is not on show, and puts it into the clipboard."""

    def __init__(self, part: ContentPart) -> None:
        self._part = part
        self._form = next(iter(FORMATS))

    def ask(self) -> None:
        """Copy the selection, or the unit under the cursor, as …"""
        from shmtui.ui.dialogs.choose import Choice, ChooseDialog

        part = self._part
        start, end = self._stretch()
        if end - start > MOST_BYTES:
            part.say(f"{many(end - start, 'byte')} are too many to copy: s dumps to a file.")
            return
        if start == end:
            part.say("There is nothing to copy yet.")
            return
        shown = part.window.shown(start, min(end, start + 16))
        sample = shown.data if shown else b""
        choices = [Choice(name, name, form(start, sample)[:40]) for name, form in FORMATS.items()]

        def chosen(name: str | None) -> None:
            if name is not None:
                self._form = name
                self._copy(name, start, end)

        heading = f"Copy {many(end - start, 'byte')} from {start:#x} as"
        part.app.push_screen(ChooseDialog(heading, choices, self._form), chosen)

    def copy_selection(self) -> bool:
        """Copy the selection as text; False: there is none."""
        selection = self._part.window.selection
        if selection is None:
            return False
        self._copy("text", *selection)
        return True

    def _stretch(self) -> tuple[int, int]:
        window = self._part.window
        if window.selection is not None:
            return window.selection
        offset, length = window.unit()
        return offset, offset + length

    def _copy(self, name: str, start: int, end: int) -> None:
        part = self._part
        shown = part.window.shown(start, end)
        if shown is not None:
            unread = sum(gap.length for gap in shown.gaps if gap.why != "never written")
            self._put(name, start, _Copied(shown.data, unread))
            return

        def steps(source: Source) -> Generator[_Copied, None, None]:
            yield _read(source, start, end)

        def stepped(copied: _Copied) -> None:
            self._put(name, start, copied)

        part.post_message(JobProgress("Reading what is selected · Esc cancels"))
        part.post_message(ReadAll("Copy", part.identity, steps, stepped, self._ended))

    def _put(self, name: str, start: int, copied: _Copied) -> None:
        text = FORMATS[name](start, copied.data)
        self._part.app.copy_to_clipboard(text)
        words = f"Copied {many(len(copied.data), 'byte')} as {name}"
        if copied.unread:
            words += f"; zeros stand for {copied.unread} that were not read"
        self._part.say(words + ".", "warning" if copied.unread else "info")

    def _ended(self, end: JobEnd) -> None:
        self._part.post_message(JobProgress(""))
        if end.cancelled:
            self._part.say("Nothing was copied.")
        elif end.words:
            self._part.say(end.words, "error")


def _read(source: Source, start: int, end: int) -> _Copied:
    from shmtui.monitor.pieces import pieces

    data, unread = bytearray(end - start), 0
    for piece in pieces(source, start, end):
        if piece.data:
            at = piece.offset - start
            data[at : at + piece.length] = piece.data
        elif piece.why != "never written":
            unread += piece.length
    return _Copied(bytes(data), unread)
