"""The writers that the screen starts: the dialog, the start, the demo, and what leaving means."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from shmtui.present.words import visible
from shmtui.sysv.errors import ShmError
from shmtui.sysv.segment import Segment
from shmtui.sysv.users import user_name
from shmtui.writer.fleet import Fleet, Writer
from shmtui.writer.preview import Plan, plan
from shmtui.writer.spec import WriterSpec

if TYPE_CHECKING:
    from shmtui.ui.dialogs.write import WriteInput, WriteRequest
    from shmtui.ui.main_screen import MainScreen


class Writing:
    """One for the application. Every start is refused under `--read-only`.

    What a writer does to its segment it logs itself, with its own pid.
    """

    def __init__(
        self,
        main: MainScreen,
        fleet: Fleet,
        remember: Callable[[WriteInput], None],
    ) -> None:
        self._main = main
        self._fleet = fleet
        self._remember = remember
        self._demo: Writer | None = None
        """Not asked about: it goes with the demo."""

    def ask(self, screen: MainScreen, last: WriteInput | None) -> None:
        """Open the write dialog over that screen, with the fields of the last time."""
        from shmtui.ui.dialogs.write import WriteDialog

        try:
            screen.policy.refuse("start a writer")
        except ShmError as refusal:
            screen.prompt.say(str(refusal), "warning")
            return
        self._main.app.push_screen(WriteDialog(self._foresee, last), self._answered)

    def _answered(self, request: WriteRequest | None) -> None:
        if request is not None:
            self._remember(request.typed)
            self._main.run_worker(self._start(request.spec, read=False), group="write")

    async def start_demo(self) -> None:
        """A writer of the smallest kind, whose segment goes with it; the reader is on it.

        It is always a new one: what is there belongs to somebody, who may be another demo.
        """
        spec = WriterSpec(remove=True, new=True)
        if not any(segment.key == spec.key for segment in self._segments()):
            self._demo = await self._start(spec, read=True)
        if self._demo is None:  # the key may have been taken since the last poll
            self._demo = await self._start(replace(spec, key=None), read=True)

    async def may_leave(self) -> bool:
        """Asks what becomes of writers that run; False: the person stays."""
        from shmtui.ui.dialogs.quit import QuitDialog

        running = [writer for writer in self._fleet.running if not self._ends_unasked(writer)]
        if not running:
            return True
        dialog = QuitDialog([_words(writer) for writer in running])
        answer = await self._main.app.push_screen_wait(dialog)
        if answer == "leave":
            for writer in running:
                with contextlib.suppress(ShmError):  # it ended while we asked
                    self._fleet.leave_running(writer)
        return answer is not None

    def _ends_unasked(self, writer: Writer) -> bool:
        return writer.stays or (self._demo is not None and writer.number == self._demo.number)

    async def _start(self, spec: WriterSpec, read: bool) -> Writer | None:
        try:
            self._main.policy.refuse("start a writer")
            writer = await self._fleet.start(spec)
        except ShmError as error:
            self._main.prompt.say(visible(str(error)), "error")
            return None
        self._main.await_segment(writer.shmid, read)
        self._main.prompt.say(f"Writer {writer.pid} writes {spec.pattern} into {writer.shmid}")
        return writer

    def _segments(self) -> Iterable[Segment]:
        snapshot = self._main.snapshot
        return [facts.segment for facts in snapshot.facts.values()] if snapshot else []

    def _foresee(self, spec: WriterSpec) -> Plan:
        """From the last poll: the screen's thread never asks the kernel, nor a user directory."""
        snapshot = self._main.snapshot
        if snapshot is None:
            raise ShmError("nothing was polled yet")
        names = {facts.segment.uid: facts.owner for facts in snapshot.facts.values()}
        names |= {facts.segment.cuid: facts.creator_user for facts in snapshot.facts.values()}

        names[os.geteuid()] = user_name(os.geteuid())  # known since the start

        def name(uid: int) -> str:
            return names.get(uid, str(uid))

        return plan(spec, self._segments(), snapshot.limits, os.geteuid(), name)


def _named(spec: WriterSpec) -> str:
    return "private segment" if spec.key is None else f"key {spec.key:#010x}"


def _words(writer: Writer) -> str:
    spec = writer.spec
    return f"{writer.pid}  segment {writer.shmid}, {_named(spec)}, {spec.pattern}"
