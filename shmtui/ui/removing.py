"""Removing segments from the list: what is tagged, or the one under the cursor."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.acts.removal import Consents, Outcome, Unlogged, execute
from shmtui.acts.removal_plan import Plan, plan, targets
from shmtui.monitor.facts import Facts
from shmtui.monitor.owners import Owners
from shmtui.monitor.recognition import Owner
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.progress import share_words
from shmtui.sysv.arguments import many
from shmtui.sysv.errors import Refused
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.segment import Identity
from shmtui.ui.dialogs.confirm import ConfirmDialog
from shmtui.ui.dialogs.remove import Removal, RemoveDialog
from shmtui.ui.jobs import Job, JobEnd
from shmtui.ui.list_pane import ListPane

if TYPE_CHECKING:
    from shmtui.ui.main_screen import MainScreen


Recognised = Mapping[Identity, Owner]


class Removing:
    """Asks, removes on a job's thread, says what came of it; what failed stays tagged."""

    def __init__(self, screen: MainScreen, policy: Policy, evidence: Evidence) -> None:
        self._screen = screen
        self._policy = policy
        self._evidence = evidence
        self._dialog: RemoveDialog | None = None
        self._wanted: tuple[Identity, ...] = ()
        self._known: Recognised = {}
        """Programs they belong to, as of when they were asked for."""
        self._done: list[Outcome] = []
        self._failed: list[Outcome] = []

    def ask(self, wanted: tuple[Identity, ...], snapshot: Snapshot) -> None:
        """Show what would happen to these segments."""
        say = self._screen.prompt.say
        if not wanted:
            say(self._screen.list_part.pane.no_segment("remove"), answers=True)
            return
        try:
            self._policy.refuse("remove a segment")
        except Refused as error:
            say(str(error), "warning")
            return
        self._wanted = wanted
        self._recognise(snapshot._replace(facts=_only(snapshot, wanted)))

    def _recognise(self, snapshot: Snapshot) -> None:
        """Look at all of them whose they are, and not only as far as a glance at each poll got:
        a database's segment must not look like anybody's."""

        def steps() -> Generator[Any, None, None]:
            owners = Owners()
            owners.look(snapshot, math.inf)
            yield owners.known

        def stepped(known: Recognised) -> None:
            self._known = known
            self._dialog = RemoveDialog(self._plan(snapshot, known))
            self._screen.app.push_screen(self._dialog, self._answered)

        def ended(end: JobEnd) -> None:
            if end.words:
                self._screen.prompt.say(end.words, "error")

        self._screen.start_job(Job("Remove", steps, stepped, ended))

    def update(self, snapshot: Snapshot, owners: Recognised) -> None:
        """A poll came: the dialog that is open shows what is so now."""
        if self._dialog is not None and self._dialog.is_mounted:
            self._dialog.update_plan(self._plan(snapshot, {**self._known, **owners}))

    def _plan(self, snapshot: Snapshot, owners: Recognised) -> Plan:
        return plan(targets(snapshot, self._wanted, owners), self._policy)

    def _answered(self, removal: Removal | None) -> None:
        self._dialog = None
        if removal is not None:
            self._start(removal, unlogged=False)

    def _start(self, removal: Removal, unlogged: bool) -> None:
        self._done, self._failed = [], []
        complaints: list[str] = []
        log = ActivityLog(complaints.append)
        consents = Consents(removal.typed, unlogged)
        planned = Plan(removal.items)

        def steps() -> Generator[Any, None, None]:
            try:
                yield from execute(
                    planned, self._policy, log, consents, removal.dump_to, self._evidence
                )
            except Unlogged as error:
                yield error

        def stepped(step: Any) -> None:
            if isinstance(step, Unlogged):
                self._ask_unlogged(removal, str(step))
            elif isinstance(step, Outcome):
                (self._done if step.done else self._failed).append(step)
                self._tell(
                    f"Removing · {len(self._done) + len(self._failed)} of {len(planned.items)}"
                )
            else:
                share = share_words(step.done, step.total)
                self._tell(f"Dumping before the removal · {share}")

        self._screen.start_job(Job("Remove", steps, stepped, self._ended))

    def _tell(self, words: str) -> None:
        self._screen.prompt.show_progress(f"{words} · Esc stops")

    def _ask_unlogged(self, removal: Removal, why: str) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self._start(removal, unlogged=True)
            else:
                self._screen.prompt.say("Nothing was removed.")

        words = (why, "Remove without a record of it?")
        self._screen.app.push_screen(ConfirmDialog("No record", words, "Remove"), answered)

    def _ended(self, end: JobEnd) -> None:
        screen = self._screen
        screen.prompt.show_progress("")
        model = screen.list_part.model
        model.tags -= {outcome.identity for outcome in self._done}
        model.tags |= {outcome.identity for outcome in self._failed}
        screen.list_part.pane.repaint()
        screen.list_part.pane.post_message(ListPane.Tagged())
        screen.feeds.poll_now()
        if end.words:
            screen.prompt.say(end.words, "error")
            return
        words = [f"{many(len(self._done), 'segment')} removed"] if self._done else []
        if self._failed:
            more = f" ({len(self._failed) - 1} more failed)" if len(self._failed) > 1 else ""
            words.append(f"{self._failed[0].words}{more}")
        if end.cancelled:
            words.append("stopped")
        if words:
            screen.prompt.say(" · ".join(words), "error" if self._failed else "info")


def _only(snapshot: Snapshot, wanted: Iterable[Identity]) -> dict[Identity, Facts]:
    return {it: snapshot.facts[it] for it in wanted if it in snapshot.facts}
