"""Plans and removals of real segments, as the surfaces make them."""

import os
from collections.abc import Sequence

from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.acts.removal import Consents, Outcome, execute
from shmtui.acts.removal_plan import Options, Plan, plan, targets
from shmtui.monitor.recognition import Owner
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.holders import scan
from shmtui.sysv.segment import Identity


def look(evidence: Evidence | None = None) -> Snapshot:
    """All segments as of now, with their holders."""
    snapshot = Poller(evidence).poll()
    wanted = {identity: facts.segment for identity, facts in snapshot.facts.items()}
    return snapshot._replace(holders=scan(wanted, exclude=(os.getpid(),)))


def identity(snapshot: Snapshot, shmid: int) -> Identity:
    """Fails where there is none."""
    (found,) = (it for it in snapshot.facts if it.shmid == shmid)
    return found


def planned(
    shmids: Sequence[int],
    options: Options | None = None,
    owner: Owner | None = None,
    snapshot: Snapshot | None = None,
) -> Plan:
    """A plan for them; all belong to `owner`."""
    seen = snapshot or look()
    wanted = [identity(seen, shmid) for shmid in shmids]
    owners = dict.fromkeys(wanted, owner) if owner else None
    return plan(targets(seen, wanted, owners), Policy(), options)


def removed(plan: Plan, log: ActivityLog, consents: Consents | None = None) -> list[Outcome]:
    """Does it, without dumps."""
    outcomes = list(execute(plan, Policy(), log, consents))
    assert all(isinstance(outcome, Outcome) for outcome in outcomes)
    return [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
