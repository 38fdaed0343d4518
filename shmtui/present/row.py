"""One line of the list: what is known of a segment, who maps it, and what the time is."""

from typing import NamedTuple

from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Snapshot, mapped_by
from shmtui.present import derived
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity


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
        return f"?{self.creator_was or self.facts.segment.cpid or ''}"

    @property
    def last_used(self) -> int:
        """Unix seconds of the latest attach, detach or change, without those of our own."""
        return self.facts.evidence.last_used

    @property
    def age(self) -> float:
        """Seconds since `last_used`; negative where the clock was set back."""
        return self.now - self.last_used

    @property
    def mode(self) -> str:
        """Four octal digits."""
        return derived.mode(self.facts.segment.perms)

    @property
    def permissions(self) -> str:
        """Nine letters."""
        return derived.letters(self.facts.segment.perms)

    @property
    def state(self) -> str:
        """The verdict's word."""
        return str(self.facts.verdict.word)

    @property
    def rss(self) -> int | None:
        """Bytes resident; None where unknown."""
        segment = self.facts.segment
        return derived.resident((segment.rss, segment.size))

    @property
    def huge_pages(self) -> bool | None:
        """Made with SHM_HUGETLB; None where the table cannot tell."""
        segment = self.facts.segment
        return derived.huge_pages((segment.rss, segment.size))


def row_of(snapshot: Snapshot, identity: Identity) -> Row:
    """The row of one segment. Raises KeyError where the snapshot has none."""
    facts = snapshot.facts[identity]
    return Row(facts, mapped_by(facts, snapshot.held), snapshot.time)


def rows(snapshot: Snapshot) -> list[Row]:
    """A row a segment, in the table's order."""
    held, now = snapshot.held, snapshot.time
    return [Row(facts, mapped_by(facts, held), now) for facts in snapshot.facts.values()]
