"""Removing segments as planned: each guarded by its fingerprint, dumped before if asked, logged."""

from collections.abc import Collection, Generator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from shmtui.acts.dump import Dumped, dump
from shmtui.acts.log import ActivityLog
from shmtui.acts.new_file import file_name
from shmtui.acts.policy import Policy
from shmtui.acts.removal_plan import Item, Plan
from shmtui.monitor.attachments import marks
from shmtui.monitor.pace import Progress
from shmtui.monitor.source import Source
from shmtui.sysv import lifecycle
from shmtui.sysv.arguments import size_words
from shmtui.sysv.errors import Refused, ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.segment import Identity
from shmtui.sysv.status import seen
from shmtui.sysv.window import Consent


class Unlogged(Refused):
    """The activity log cannot be kept, and nobody said that it need not be. Nothing was done."""


class Consents(NamedTuple):
    """What the person agreed to when the plan was shown."""

    typed: Collection[int] = ()
    """Shmids that were typed."""
    unlogged: bool = False
    """Also without a record of it."""


class Outcome(NamedTuple):
    """What became of one segment of the plan."""

    identity: Identity
    done: bool
    words: str
    """A sentence that names the segment. May hold foreign text."""


def execute(
    plan: Plan,
    policy: Policy,
    log: ActivityLog,
    consents: Consents | None = None,
    dump_to: Path | None = None,
    evidence: Evidence | None = None,
) -> Generator[Progress | Outcome, None, None]:
    """Removes what the plan does not refuse, one after the other; an Outcome for every item, and
    the Progress of dumps between.

    One that fails does not stop the others. `dump_to`: a directory where each is dumped first, to
    a new file; it goes only when that is complete. A segment that nobody held when it was planned
    goes only if nobody touched it since. Closing the generator stops: what was done is done. Where
    the log fails on the way, the rest stays, unless `unlogged`. `evidence`: that of the polls
    which the plan was made from.

    Raises Refused as the policy does, and Unlogged, both before anything is done. Not for a UI
    thread.
    """
    policy.refuse("remove a segment")
    agreed = consents or Consents()
    if plan.going and not agreed.unlogged and (why := log.check(len(plan.items))):
        raise Unlogged(why)
    removal = _Removal(log, agreed, dump_to, evidence or Evidence())
    for item in plan.items:
        yield from removal.one(item)


class _Removal:
    """One under way."""

    def __init__(
        self, log: ActivityLog, consents: Consents, dump_to: Path | None, evidence: Evidence
    ) -> None:
        self._log = log
        self._consents = consents
        self._dump_to = dump_to
        self._evidence = evidence
        self._is_logged = True

    def one(self, item: Item) -> Generator[Progress | Outcome, None, None]:
        result = "interrupted"
        try:
            self._check(item)
            dumped = (yield from self._dumped(item, self._dump_to)) if self._dump_to else ""
            how = self._remove(item)
            done, words = True, f"{item.segment}: removed, {item.consequence}{dumped}"
            result = f"done: {item.consequence}{dumped}; {how}"
        except ShmError as error:
            done, words = False, _naming(item, str(error))
            result = f"failed: {error}"
        finally:
            self._is_logged = self._log.record("remove", str(item.segment), result)
        yield Outcome(item.segment.identity, done, words)

    def _check(self, item: Item) -> None:
        """Raises Refused where the plan, the person or the log says no."""
        if item.refused:
            raise Refused(item.refused)
        if item.needs_typed_id and item.segment.shmid not in self._consents.typed:
            raise Refused("not removed: its id was not typed")
        if not (self._is_logged or self._consents.unlogged):
            raise Refused("not removed: the activity log cannot be kept any more")

    def _remove(self, item: Item) -> str:
        """How it was compared. Raises ShmError."""
        unheld = not item.segment.nattch
        if unheld:
            self._check_untouched(item)
        return lifecycle.remove(item.target.fingerprint, unheld, self._evidence)

    def _check_untouched(self, item: Item) -> None:
        """Who came back to it and let go again has left no other trace in the row. Raises Refused,
        Gone, ShmError."""
        known = item.target.facts.evidence
        with self._evidence.lock:
            now = self._evidence.original(seen(known.identity))
        if marks(now) != marks(known):
            raise Refused(f"{now}: somebody attached to it since you looked: look again")

    def _dumped(self, item: Item, directory: Path) -> Generator[Progress, None, str]:
        """Where to, in words. Raises ShmError where it is not complete."""
        path = directory / file_name(item.segment, "dump")
        pids = [holder.pid for holder in item.target.holders]
        source = Source(item.segment, pids, Consent.GIVEN, self._evidence)
        with closing(dump(source, path, swapped=True)) as steps:
            for step in steps:
                if isinstance(step, Dumped):
                    _check_complete(step)
                else:
                    yield step
        return f", dumped to {path}"


def _check_complete(dumped: Dumped) -> None:
    if not dumped.complete:
        lacks = ", ".join(f"{size_words(size)} {why}" for why, size in dumped.unread.items())
        raise Refused(f"not removed: its dump {dumped.path} is not complete ({lacks})")


def _naming(item: Item, words: str) -> str:
    """Errors mostly name their segment."""
    return (
        words if words.startswith(f"segment {item.segment.shmid} ") else f"{item.segment}: {words}"
    )
