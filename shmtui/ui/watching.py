"""The watches of the segment on show: typed in the message line, kept for its key."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.layout import Layout, parse_layout
from shmtui.decode.watch import Watch, check_room, parse_watch, watch_text
from shmtui.present.words import visible
from shmtui.store.watches import WatchesError, load_watches, save_watches
from shmtui.sysv.arguments import many
from shmtui.sysv.segment import Identity
from shmtui.ui import pane_words
from shmtui.ui.prompt import Question

if TYPE_CHECKING:
    from shmtui.monitor.study import Study
    from shmtui.ui.content_part import ContentPart


class Watching:
    """Adds, removes, loads and keeps. Files are read and written on threads."""

    def __init__(self, part: ContentPart) -> None:
        self._part = part
        self._loaded_for: Study | None = None

    def ask(self) -> None:
        """Ask for a watch at the cursor, or for the name of one that is to go."""
        kind = self._part.kind.name
        self._part.ask(
            Question(
                "watch",
                "watch OFFSET TYPE NAME, -NAME removes: ",
                self._answered,
                partial(pane_words.misunderstood, self._understood),
            ),
            f"{self._part.window.cursor:#x} {kind} ",
        )

    def ask_struct(self) -> None:
        """Ask for a struct at the cursor; each of its numbers becomes a watch."""
        at = self._part.window.cursor
        self._part.ask(
            Question(
                "struct",
                f"struct at {at:#x}: ",
                partial(self._add_struct, at),
                partial(pane_words.misunderstood, partial(self._layout, at)),
            )
        )

    def _layout(self, at: int, text: str) -> Layout:
        """Raises NotUnderstood, also where the segment is too small for it."""
        layout = parse_layout(text, at)
        for watch in layout.watches:
            check_room(watch, self._part.size_bytes)
        return layout

    def _add_struct(self, at: int, text: str) -> None:
        layout = self._layout(at, text)
        self._add(layout.watches)
        added = many(len(layout.watches), "watch", "watches")
        self._part.say(f"{many(layout.size, 'byte')} from {at:#x}: {added}.")

    def _understood(self, text: str) -> Watch:
        """The watch that is to come, or to go. Raises NotUnderstood."""
        study = self._part.study
        if study is None:
            raise NotUnderstood("there is no segment to watch")
        if not text.lstrip().startswith("-"):
            watch = parse_watch(text)
            check_room(watch, self._part.size_bytes)
            return watch
        name = text.strip()[1:].strip()
        for watch in study.watches:
            if watch.name == name:
                return watch
        names = ", ".join(watch.name for watch in study.watches) or "none"
        raise NotUnderstood(f"no watch is called {name!r}; there are: {names}")

    def _answered(self, text: str) -> None:
        study = self._part.study
        if study is None:
            return
        watch = self._understood(text)
        if text.startswith("-"):
            study.remove_watch(watch)
            self._part.say(f"{visible(watch.name)} is not watched any more.")
            self._changed()
        else:
            self._add((watch,))

    def _add(self, watches: Iterable[Watch]) -> None:
        try:
            for watch in watches:
                if self._part.study is not None:
                    self._part.study.add_watch(watch)
        except NotUnderstood as error:
            self._part.say(str(error), "warning")
        self._changed()

    def _changed(self) -> None:
        """Read others from now on, and keep them for the key."""
        study, row = self._part.study, self._part.row
        self._part.want()
        self._part.describe()
        if study is None or row is None:
            return
        texts = tuple(watch_text(one) for one in study.watches)
        self._part.run_worker(
            partial(self._save, row.facts.segment.key, texts), thread=True, group="watches"
        )

    def _save(self, key: int, texts: tuple[str, ...]) -> None:
        try:
            save_watches(key, texts)
        except WatchesError as error:
            self._part.app.call_from_thread(self._part.say, str(error), "warning")

    def load(self) -> None:
        """Bring back what was watched of this key before, once."""
        row, identity, study = self._part.row, self._part.identity, self._part.study
        if study is self._loaded_for:
            return
        self._loaded_for = study
        if row is not None and identity is not None and row.facts.segment.key:
            work = partial(self._load, row.facts.segment.key, identity)
            self._part.run_worker(work, thread=True, group="watches")

    def _load(self, key: int, identity: Identity) -> None:
        try:
            texts = load_watches(key)
        except WatchesError as error:
            self._part.app.call_from_thread(self._part.say, str(error), "warning")
        else:
            self._part.app.call_from_thread(self._loaded, identity, texts)

    def _loaded(self, identity: Identity, texts: tuple[str, ...]) -> None:
        study = self._part.study
        if study is None or study.identity != identity or not texts:
            return
        for text in texts:
            # The segment may be smaller than the one of this key that was watched before.
            with contextlib.suppress(NotUnderstood):
                study.add_watch(parse_watch(text))
        self._part.want()
        self._part.describe()
