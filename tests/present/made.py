"""Facts, rows and snapshots by hand, where a test is about their presentation alone."""

from collections.abc import Iterable
from typing import Any

from shmtui.monitor.changes import compare
from shmtui.monitor.diagnosis import Verdict, Word
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.row import Row
from shmtui.present.table import Repaint, TableModel
from shmtui.sysv.holders import Holder, Scan
from shmtui.sysv.limits import Limits
from shmtui.sysv.processes import Process
from shmtui.sysv.segment import Identity, Segment

NOW = 1_700_000_000
LIMITS = Limits(4096, 2**63, 2**63, False, -1)
NAMESPACE = 4026531839


def segment(shmid: int, **fields: Any) -> Segment:
    """A segment of a page, made an hour ago, never attached."""
    identity = Identity(
        NAMESPACE, shmid, fields.pop("cpid", 100), fields.pop("cuid", 0), fields.pop("size", 4096)
    )
    plain = Segment(identity, 0xCEA, 0o600, 0, 0, 0, 0, 0, 0, 0, NOW - 3600, 4096, 0)
    return plain._replace(**fields)


def facts(shmid: int, **fields: Any) -> Facts:
    """Facts by the names of Facts; all others are the segment's."""
    own = {name: fields.pop(name) for name in Facts._fields if name in fields}
    row = segment(shmid, **fields)
    idle = Verdict(Word.IDLE, ())
    plain = Facts(row, row, idle, None, None, "ops", "adm", "ann", "dba", False, False)
    return plain._replace(**own)


def orphan(shmid: int, **fields: Any) -> Facts:
    return facts(shmid, verdict=Verdict(Word.ORPHAN, ("creator 100 is gone",)), **fields)


def process(pid: int, command: str) -> Process:
    return Process(pid, NOW - 7200.0, 0, command, "")


def holders(*commands: str) -> tuple[Holder, ...]:
    return tuple(Holder(200 + at, command, 0, ()) for at, command in enumerate(commands))


def row(shmid: int = 1, commands: Iterable[str] = (), **fields: Any) -> Row:
    return Row(facts(shmid, **fields), holders(*commands), float(NOW))


def snapshot(
    *all_facts: Facts, at: float = NOW, held: dict[Identity, Any] | None = None
) -> Snapshot:
    """A snapshot at `at`; `held` are the holders of a finished scan."""
    scan = None if held is None else Scan(held, 0, at, True)
    by_identity = {one.segment.identity: one for one in all_facts}
    return Snapshot(1, at, NAMESPACE, by_identity, LIMITS, scan)


class Polls:
    """A model that is fed snapshots one after the other, as the screen does."""

    def __init__(self, model: TableModel) -> None:
        self.model = model
        self._last: Snapshot | None = None

    def __call__(self, *all_facts: Facts, **options: Any) -> Repaint:
        old = self._last.facts if self._last else {}
        kept = (old.get(one.segment.identity, one) for one in all_facts)
        # Facts that did not change are the same objects, as a poller gives them.
        same = [was if was == one else one for was, one in zip(kept, all_facts, strict=True)]
        new = snapshot(*same, **options)
        changes = compare(self._last, new)
        self._last = new
        return self.model.apply(new, changes)

    @property
    def ids(self) -> list[int]:
        """The ids on show, line by line."""
        return [identity.shmid for identity in self.model.shown]
