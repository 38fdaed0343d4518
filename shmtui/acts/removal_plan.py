"""What a removal would do to each segment, in words, before anything is done."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shmtui.acts.policy import Policy
from shmtui.monitor.diagnosis import Word
from shmtui.monitor.facts import Facts
from shmtui.monitor.recognition import Owner
from shmtui.monitor.snapshot import Snapshot, mapped_by
from shmtui.sysv.arguments import key_words, many, size_words
from shmtui.sysv.holders import Holder
from shmtui.sysv.permissions import denied, may_change
from shmtui.sysv.segment import Fingerprint, Identity, Segment
from shmtui.sysv.status import DOOMED


class Target(NamedTuple):
    """A segment that somebody wants to remove, as it was seen."""

    facts: Facts
    holders: tuple[Holder, ...] = ()
    """As far as they are known."""
    owner: Owner | None = None

    @property
    def segment(self) -> Segment:
        return self.facts.segment

    @property
    def fingerprint(self) -> Fingerprint:
        return self.facts.segment.fingerprint


class Options(NamedTuple):
    """What the person insists on."""

    held: bool = True
    """Attached segments too, each when its id is typed."""
    force: bool = False
    """Also those that a program needs for its own safety, each when its id is typed."""


class Item(NamedTuple):
    """One segment of a plan. All words may hold foreign text."""

    target: Target
    consequence: str
    """`freed at once`, `5 processes keep it; key free at once`."""
    remark: str
    """What it was recognised as; empty: nothing."""
    refused: str
    """Why it will not be removed; empty: it will."""
    needs_typed_id: bool
    """Only when a person has typed its id."""

    @property
    def segment(self) -> Segment:
        return self.target.segment

    @property
    def verdict(self) -> Word:
        return self.target.facts.verdict.word

    @property
    def lines(self) -> tuple[str, ...]:
        """`0x0badcafe 98306 1.0G orphan  freed at once`, and what else there is to say of it."""
        segment = self.segment
        key, size = key_words(segment.key), size_words(segment.size)
        head = f"{key:<10} {segment.shmid:>10} {size:>5} {self.verdict:<7} {self.consequence}"
        refused = f"refused: {self.refused}" if self.refused else ""
        return (head, *(f"  {words}" for words in (self.remark, refused) if words))


class Plan(NamedTuple):
    """What would happen."""

    items: tuple[Item, ...]

    @property
    def going(self) -> tuple[Item, ...]:
        """Those that are not refused."""
        return tuple(item for item in self.items if not item.refused)

    @property
    def title(self) -> str:
        """`Remove 2 segments, 1.0G`: of those that are not refused."""
        count, size = len(self.going), sum(item.segment.size for item in self.going)
        return f"Remove {many(count, 'segment')}, {size_words(size)}"


def plan(targets: Iterable[Target], policy: Policy, options: Options | None = None) -> Plan:
    """What would become of each. Asks no process: cheap enough for each poll. Raises Refused."""
    policy.refuse("remove a segment")
    return Plan(tuple(_item(target, options or Options()) for target in targets))


def targets(
    snapshot: Snapshot,
    wanted: Iterable[Identity],
    owners: Mapping[Identity, Owner] | None = None,
) -> list[Target]:
    """The segments `wanted`, as the snapshot has them; those that it does not have are left out."""
    found = [snapshot.facts[identity] for identity in wanted if identity in snapshot.facts]
    return [
        Target(
            facts,
            mapped_by(facts, snapshot.held),
            (owners or {}).get(facts.segment.identity),
        )
        for facts in found
    ]


def orphans(snapshot: Snapshot, older_than_s: float) -> list[Identity]:
    """Those whose verdict is orphan, and which nobody touched for so long."""
    return [
        identity
        for identity, facts in snapshot.facts.items()
        if facts.verdict.word is Word.ORPHAN
        and snapshot.time - facts.evidence.last_used >= older_than_s
    ]


def _item(target: Target, options: Options) -> Item:
    protected = target.owner is not None and target.owner.protected
    return Item(
        target,
        _consequence(target),
        target.owner.words if target.owner else "",
        _refusal(target, options),
        target.segment.nattch > 0 or protected,
    )


def _consequence(target: Target) -> str:
    segment, verdict = target.segment, target.facts.verdict
    if segment.nattch:
        key = "" if segment.private or segment.doomed else "; key free at once"
        return f"{_keepers(target)} it{key}"
    if verdict.word is Word.ORPHAN:
        return "freed at once"
    return f"freed at once, though {verdict.reasons[0]}"


def _keepers(target: Target) -> str:
    """`5 processes keep`. An attach is a mapping, of which a process may have several."""
    attaches = target.segment.nattch
    explained = sum(len(holder.mappings) for holder in target.holders)
    count = len(target.holders)
    if not count:
        return many(attaches, "attach keeps", "attaches keep")
    words = many(count, "process", "processes")
    if attaches > explained:
        return f"{words} and {attaches - explained} more that we do not see keep"
    return f"{words} {'keeps' if count == 1 else 'keep'}"


def _refusal(target: Target, options: Options) -> str:
    segment, owner = target.segment, target.owner
    if segment.doomed:
        return DOOMED
    if not may_change(segment):
        return denied(segment)
    if owner is not None and owner.protected and not options.force:
        first = " ".join(map(str, owner.guards)) or "its processes"
        return f"stop {first} first: removing this defeats {owner.kind}'s last interlock"
    if segment.nattch and not options.held:
        return "it is attached: --force and its id, typed, would remove it"
    return ""
