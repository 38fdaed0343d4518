"""Saving from the pane: a dump of the whole segment, and the pictures of its window."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shmtui.present.progress import pace_words, share_words
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.errors import ShmError
from shmtui.ui.messages import JobProgress, ReadAll
from shmtui.ui.prompt import Question

if TYPE_CHECKING:
    from shmtui.acts.dump import Dumped
    from shmtui.monitor.shot import Shot
    from shmtui.monitor.source import Source
    from shmtui.sysv.segment import Identity
    from shmtui.ui.content_part import ContentPart
    from shmtui.ui.jobs import JobEnd

MOST_PATH = 32
"""Characters of a path in a sentence."""


class Saving:
    """Asks where to, says how far it is, and never overwrites without being told to."""

    def __init__(self, part: ContentPart) -> None:
        self._part = part
        self._dumped: Dumped | None = None

    def _suggested(self, ending: str) -> str:
        from shmtui.acts.new_file import file_name

        row = self._part.row
        return f"./{file_name(row.facts.segment, ending)}" if row else ""

    # The whole segment

    def ask_dump(self) -> None:
        """Ask for the file."""
        identity = self._part.identity

        def answered(text: str) -> None:
            self._dump(identity, Path(text).expanduser(), overwrite=False)

        question = Question("path", "dump to: ", answered, _no_path)
        self._part.ask(question, self._suggested("dump"))

    def _dump(self, identity: Identity | None, path: Path, overwrite: bool) -> None:
        self._dumped = None

        def steps(source: Source) -> Generator[Any, None, None]:
            from shmtui.acts.dump import dump
            from shmtui.acts.new_file import Exists

            try:
                yield from dump(source, path, overwrite=overwrite)
            except Exists as error:
                yield error

        def stepped(step: Any) -> None:
            self._stepped(identity, path, step)

        def ended(end: JobEnd) -> None:
            self._dump_ended(path, end)

        self._part.post_message(ReadAll("Dump", identity, steps, stepped, ended))

    def _stepped(self, identity: Identity | None, path: Path, step: Any) -> None:
        from shmtui.acts.dump import Dumped
        from shmtui.acts.new_file import Exists

        if isinstance(step, Exists):
            self._ask_overwrite(identity, path)
        elif isinstance(step, Dumped):
            self._dumped = step
        else:
            share = share_words(step.done, step.total)
            pace = pace_words(step.rate, step.left_s)
            words = [f"Dumping to {_short(path)}", share, *pace, "Esc cancels"]
            self._tell(" · ".join(words))

    def _tell(self, words: str) -> None:
        self._part.post_message(JobProgress(words))

    def _ask_overwrite(self, identity: Identity | None, path: Path) -> None:
        from shmtui.ui.dialogs.confirm import ConfirmDialog

        def answered(yes: bool | None) -> None:
            if yes:
                self._dump(identity, path, overwrite=True)
            else:
                self._part.say("Nothing was dumped.")

        words = (f"{path} is there already.", "It stays as it is until the dump is complete.")
        self._part.app.push_screen(ConfirmDialog("Overwrite", words, "Overwrite"), answered)

    def _dump_ended(self, path: Path, end: JobEnd) -> None:
        self._tell("")
        if end.cancelled:
            self._part.say("The dump was cancelled, and its file removed.")
        elif end.words:
            self._part.say(_shortened(end.words, path), "error")
        elif self._dumped is not None:
            self._say_dumped(self._dumped)

    def _say_dumped(self, dumped: Dumped) -> None:
        words = f"Dumped {size_words(dumped.data)} to {_short(dumped.path)}"
        if dumped.holes:
            words += f", and {size_words(dumped.holes)} of holes"
        if dumped.complete:
            self._part.say(words + ".")
            return
        missing = ", ".join(f"{size_words(size)} {why}" for why, size in dumped.unread.items())
        self._part.say(f"{words}. INCOMPLETE: zeros stand for {missing}.", "warning")

    # The pictures of the window

    def ask_export(self) -> None:
        """Ask for the file that the pictures are to go to, one JSON document a line."""
        if self._part.study is None or not self._part.study.past.shots:
            self._part.say("There is no picture to export yet.")
            return

        def answered(text: str) -> None:
            self._export(Path(text).expanduser())

        question = Question("path", "export to: ", answered, _no_path)
        self._part.ask(question, self._suggested("jsonl"))

    def _export(self, path: Path) -> None:
        if self._part.study is not None:
            # Those of this moment: the past goes on while they are written.
            work = partial(self._write, path, tuple(self._part.study.past.shots))
            self._part.run_worker(work, thread=True, group="export")

    def _write(self, path: Path, shots: Sequence[Shot]) -> None:
        from shmtui.acts.export import export
        from shmtui.present.pictures import picture_document

        tell = self._part.app.call_from_thread
        try:
            export(map(picture_document, shots), path)
        except ShmError as error:
            tell(self._part.say, _shortened(str(error), path), "error")
        else:
            words = f"Exported {many(len(shots), 'picture')} to {_short(path)}."
            tell(self._part.say, words)


def _no_path(text: str) -> str:
    """Why this is no path as a shell would understand it; empty: it is."""
    try:
        Path(text).expanduser()
    except RuntimeError:
        return f"{text.split('/')[0]} is nobody's home here"
    return ""


def _short(path: Path) -> str:
    """Its end: the message line has one row, and what happened matters more."""
    words = str(path)
    return words if len(words) <= MOST_PATH else f"…{words[1 - MOST_PATH :]}"


def _shortened(sentence: str, path: Path) -> str:
    return sentence.replace(str(path), _short(path))
