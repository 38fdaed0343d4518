"""The whole application on a fixed scene: hand-made facts, a stopped clock, no thread."""

from collections.abc import Iterable

from shmtui.monitor.changes import compare
from shmtui.monitor.diagnosis import Verdict, Word
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Snapshot
from shmtui.store.settings import Settings
from shmtui.sysv.holders import Holder, Scan
from shmtui.sysv.limits import Limits
from shmtui.sysv.processes import Process
from shmtui.sysv.segment import SHM_DEST, Identity, Segment
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.messages import Polled
from shmtui.ui.options import ScreenOptions

NAMESPACE = 4026531839
NOW = 1_790_000_000.0
LIMITS = Limits(4096, 2**64 - 2**24, 2**64 - 2**24, False, -1)


def facts(
    shmid: int,
    key: int,
    size: int,
    word: Word,
    *,
    owner: str = "root",
    nattch: int = 0,
    command: str = "",
    perms: int = 0o600,
    age_s: int = 90,
    rss: int = 4096,
) -> Facts:
    """One segment; `command` is that of a creator that lives."""
    cpid = 1000 + shmid
    stamp = int(NOW) - age_s
    segment = Segment(
        Identity(NAMESPACE, shmid, cpid, 0, size),
        key, perms, cpid, nattch, 0, 0, 0, stamp, 0, stamp, rss, 0,
    )  # fmt: skip
    creator = Process(cpid, NOW - 5000, 0, command, "S") if command else None
    verdict = Verdict(word, (f"because it is {word}",))
    return Facts(
        segment, segment, verdict, creator, creator, owner, owner, owner, owner,
        creator is not None, creator is not None,
    )  # fmt: skip


FEW = (
    facts(0, 3306, 1024, Word.IN_USE, nattch=1, command="shmtui", perms=0o666),
    facts(65538, 0, 4 << 20, Word.ORPHAN, owner="www-data", rss=4 << 20),
    facts(32769, 0x52E2C1, 56, Word.IN_USE, owner="postgres", nattch=7, command="postgres"),
    facts(98306, 0xBADCAFE, 1 << 30, Word.DOOMED, nattch=1, perms=0o644 | SHM_DEST),
    facts(131075, 0xBEEF, 10_000, Word.IDLE, owner="[/red]\x1b[31m", command="[/proc/1]\x1b]0;x"),
)
"""A segment of each kind, with names that would be markup or a terminal's orders."""


def snapshot(known: Iterable[Facts] = FEW, number: int = 1, limits: Limits = LIMITS) -> Snapshot:
    """A poll that found these facts; two postgres processes hold what postgres made."""
    table = {one.segment.identity: one for one in known}
    holders = {
        identity: tuple(Holder(4000 + n, "postgres", 0, ()) for n in range(2))
        for identity, one in table.items()
        if one.owner == "postgres"
    }
    return Snapshot(number, NOW, NAMESPACE, table, limits, Scan(holders, 0, NOW, True))


class Scene(ShmtuiApp):
    """Shows what `poll` is given; its feeds never start."""

    def __init__(self, options: ScreenOptions | None = None, settings: Settings | None = None):
        super().__init__(
            options or ScreenOptions(),
            settings or Settings(),
            clock=lambda: NOW,
            names=("root", "db1"),
        )
        self._shown: Snapshot | None = None

    def start_feeds(self) -> None:
        """No thread: `poll` brings what is to be seen."""

    def poll(
        self,
        known: Iterable[Facts] = FEW,
        came_and_went: int | None = None,
        at: float = NOW,
    ) -> None:
        """As if a poll had found these facts `at` that time, in Unix seconds."""
        number = self._shown.number + 1 if self._shown else 1
        found = snapshot(known, number)._replace(time=at)
        changes = compare(self._shown, found)._replace(came_and_went=came_and_went)
        self._shown = found
        self.main.post_message(Polled(found, changes))
