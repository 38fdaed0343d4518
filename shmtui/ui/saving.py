"""Saving from the pane: a dump of the whole segment, and the pictures of its window."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shmtui.present.words import age_words, many, visible
from shmtui.sysv.arguments import size_words
from shmtui.sysv.errors import ShmError
from shmtui.ui.messages import Progress, ReadAll
from shmtui.ui.prompt import Question

if TYPE_CHECKING:
    from shmtui.acts.dump import Dumped
    from shmtui.monitor.source import Source
    from shmtui.ui.content_part import ContentPart
    from shmtui.ui.jobs import JobEnd


class Saving:
    """Asks where to, says how far it is, and never overwrites without being told to."""

    def __init__(self, part: ContentPart) -> None:
        self._part = part
        self._dumped: Dumped | None = None

    def _suggested(self, ending: str) -> str:
        row = self._part.row
        if row is None:
            return ""
        segment = row.facts.segment
        key = f"-{segment.key:#010x}" if segment.key else ""
        return f"./shm-{segment.shmid}{key}{ending}"

    # The whole segment

    def ask_dump(self) -> None:
        """Ask for the file."""
        question = Question("path", "dump to: ", lambda text: self._dump(_path(text), False))
        self._part.ask(question, self._suggested(".bin"))

    def _dump(self, path: Path, overwrite: bool) -> None:
        self._dumped = None

        def steps(source: Source) -> Generator[Any, None, None]:
            from shmtui.acts.dump import Exists, dump

            try:
                yield from dump(source, path, overwrite=overwrite)
            except Exists as error:
                yield error

        def stepped(step: Any) -> None:
            self._stepped(path, step)

        self._part.post_message(ReadAll("Dump", steps, stepped, self._dump_ended))

    def _stepped(self, path: Path, step: Any) -> None:
        from shmtui.acts.dump import Dumped, Exists

        if isinstance(step, Exists):
            self._ask_overwrite(path)
        elif isinstance(step, Dumped):
            self._dumped = step
        else:
            rate = f" · {size_words(int(step.rate))}/s" if step.rate else ""
            left = f" · {age_words(step.left_s)} left" if step.left_s is not None else ""
            share = 100 * step.done // max(1, step.total)
            self._tell(f"Dumping to {path} · {share} %{rate}{left} · Esc cancels")

    def _tell(self, words: str) -> None:
        self._part.post_message(Progress(words))

    def _ask_overwrite(self, path: Path) -> None:
        from shmtui.ui.dialogs.confirm import ConfirmDialog

        def answered(yes: bool | None) -> None:
            if yes:
                self._dump(path, overwrite=True)
            else:
                self._part.say("Nothing was dumped.")

        words = (f"{path} is there already.", "It stays as it is until the dump is complete.")
        self._part.app.push_screen(ConfirmDialog("Overwrite", words, "Overwrite"), answered)

    def _dump_ended(self, end: JobEnd) -> None:
        self._tell("")
        if end.cancelled:
            self._part.say("The dump was cancelled, and its file removed.")
        elif end.words:
            self._part.say(end.words, "error")
        elif self._dumped is not None:
            self._say_dumped(self._dumped)

    def _say_dumped(self, dumped: Dumped) -> None:
        words = f"Dumped {size_words(dumped.data)} to {dumped.path}"
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
        question = Question("path", "export to: ", lambda text: self._export(_path(text)))
        self._part.ask(question, self._suggested(".jsonl"))

    def _export(self, path: Path) -> None:
        if self._part.study is not None:
            records = self._part.study.past.records()
            work = partial(self._write, path, records, len(self._part.study.past.shots))
            self._part.run_worker(work, thread=True, group="export")

    def _write(self, path: Path, records: Any, count: int) -> None:
        from shmtui.acts.export import export

        tell = self._part.app.call_from_thread
        try:
            export(records, path)
        except ShmError as error:
            tell(self._part.say, str(error), "error")
        else:
            words = f"Exported {many(count, 'picture')} to {visible(str(path))}."
            tell(self._part.say, words)


def _path(text: str) -> Path:
    """As a shell would understand it."""
    return Path(text).expanduser()
