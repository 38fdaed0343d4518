"""One line of the list: what is known of a segment, who maps it, and what the time is."""

import os
from typing import NamedTuple

from shmtui.monitor.snapshot import Facts, Snapshot
from shmtui.present.words import permissions
from shmtui.sysv.holders import Holder
from shmtui.sysv.limits import pages
from shmtui.sysv.segment import Identity, Segment

_PAGE_BYTES = os.sysconf("SC_PAGESIZE")
_HUGE_STEP_BYTES = 64 * 1024
"""The smallest huge page of any architecture (arm64, contiguous PTEs)."""


class Row(NamedTuple):
    """Everything that a column may show. Columns take this, never a bare segment."""

    facts: Facts
    holders: tuple[Holder, ...]
    now: float
    """Unix seconds of the snapshot: ages are told from here."""
    creator_was: str = ""
    """The creator's command as seen while it lived, where somebody remembers it."""

    @property
    def command(self) -> str:
        """The first holder and `+n`; else the creator, `?` before it where it is gone. Raw."""
        if self.holders:
            others = len(self.holders) - 1
            return self.holders[0].command + (f"+{others}" if others else "")
        if self.facts.creator is not None:
            return self.facts.creator.command
        return f"?{self.creator_was or self.creator_pid or ''}"

    @property
    def last_used(self) -> int:
        """Unix seconds of the latest attach, detach or change, without those of our own."""
        evidence = self.facts.evidence
        return max(evidence.ctime, evidence.atime, evidence.dtime)

    @property
    def age(self) -> float:
        """Seconds since `last_used`; negative where the clock was set back."""
        return self.now - self.last_used

    @property
    def key(self) -> int | None:
        """0: private. None: doomed, which takes the key away."""
        segment = self.facts.segment
        return None if segment.doomed else segment.key

    @property
    def key_hex(self) -> str | None:
        key = self.key
        return None if key is None else f"{key:#010x}"

    @property
    def private(self) -> bool | None:
        key = self.key
        return None if key is None else key == 0

    @property
    def mode(self) -> str:
        """Four octal digits."""
        return f"{self.facts.segment.perms & 0o777:04o}"

    @property
    def permissions(self) -> str:
        return permissions(self.facts.segment.perms & 0o777)

    @property
    def state(self) -> str:
        return str(self.facts.verdict.word)

    @property
    def rss(self) -> int | None:
        """Bytes resident; None where unknown."""
        return resident(self.facts.segment)

    @property
    def huge_pages(self) -> bool | None:
        """Made with SHM_HUGETLB; None where the table cannot tell."""
        return huge_pages(self.facts.segment)

    # Pid 0 is a process outside of our pid namespace, or none; time 0 is never.

    @property
    def creator_pid(self) -> int | None:
        return self.facts.segment.identity.cpid or None

    @property
    def creator_command(self) -> str | None:
        creator = self.facts.creator
        return creator.command if creator else None

    @property
    def last_pid(self) -> int | None:
        return self.facts.evidence.lpid or None

    @property
    def last_command(self) -> str | None:
        last = self.facts.last
        return last.command if last else None

    @property
    def attach_time(self) -> int | None:
        return self.facts.evidence.atime or None

    @property
    def detach_time(self) -> int | None:
        return self.facts.evidence.dtime or None

    @property
    def change_time(self) -> int | None:
        return self.facts.evidence.ctime or None


def huge_pages(segment: Segment) -> bool | None:
    """Whether the segment lies in huge pages, as far as its row tells.

    The table has no bit for it. Newer kernels (seen on 6.18) count the `rss` of huge pages in the
    wrong unit, so that it exceeds the size; older ones give whole huge pages (shm_add_rss_swap in
    ipc/shm.c).
    """
    rss = segment.rss
    if not rss:
        return None
    if rss > pages(segment.size) * _PAGE_BYTES:
        return True
    return None if rss % _HUGE_STEP_BYTES == 0 else False


def resident(segment: Segment) -> int | None:
    """Bytes resident; None where unknown, and where the kernel counts huge pages wrongly."""
    return None if huge_pages(segment) else segment.rss


def row_of(snapshot: Snapshot, identity: Identity) -> Row:
    """The row of one segment. Raises KeyError where the snapshot has none."""
    holders = snapshot.holders.holders.get(identity, ()) if snapshot.holders else ()
    return Row(snapshot.facts[identity], holders, snapshot.time)


def rows(snapshot: Snapshot) -> list[Row]:
    """A row a segment, in the table's order."""
    held = snapshot.holders.holders if snapshot.holders else {}
    now = snapshot.time
    return [Row(facts, held.get(identity, ()), now) for identity, facts in snapshot.facts.items()]
