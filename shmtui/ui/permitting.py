"""Changing the permissions of the segment under the cursor: asked, done on a thread, said."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from shmtui.acts.log import ActivityLog
from shmtui.acts.permissions import Change, PermissionPlan, execute, plan
from shmtui.acts.policy import Policy
from shmtui.present.row import Row
from shmtui.present.words import visible
from shmtui.sysv.arguments import parse_mode
from shmtui.sysv.errors import Refused
from shmtui.sysv.segment import Segment
from shmtui.sysv.users import group_id, user_id
from shmtui.ui.dialogs.permissions import PermissionsDialog, Typed
from shmtui.ui.jobs import Job, JobEnd

if TYPE_CHECKING:
    from shmtui.ui.main_screen import MainScreen


def ask_permissions(screen: MainScreen, row: Row, policy: Policy) -> None:
    """Show what it has, and what another mode, owner or group would mean."""
    try:
        policy.refuse("set permissions")
    except Refused as error:
        screen.prompt.say(str(error), "warning")
        return
    segment = row.facts.segment
    now = (f"{segment.mode:04o}", visible(row.facts.owner), visible(row.facts.group))

    def answered(planned: PermissionPlan | None) -> None:
        if planned is not None:
            _start(screen, planned, policy)

    dialog = PermissionsDialog(str(segment), now, partial(_foresee, segment, now, policy))
    screen.app.push_screen(dialog, answered)


def _foresee(segment: Segment, now: Typed, policy: Policy, typed: Typed) -> PermissionPlan:
    """Raises ShmError in words. What is as it was need not be understood: a number without a name
    stays."""
    mode, owner, group = (new if new != old else None for new, old in zip(typed, now, strict=True))
    change = Change(
        None if mode is None else parse_mode(mode),
        None if owner is None else user_id(owner),
        None if group is None else group_id(group),
    )
    return plan(segment, change, policy)


def _start(screen: MainScreen, planned: PermissionPlan, policy: Policy) -> None:
    complaints: list[str] = []

    def steps() -> Generator[Any, None, None]:
        yield execute(planned, policy, ActivityLog(complaints.append))

    def ended(end: JobEnd) -> None:
        screen.feeds.poll_now()
        if end.words:
            screen.prompt.say(end.words, "error")
            return
        words = f"{planned.segment}: now {planned.becomes}"
        screen.prompt.say(". ".join([words, *complaints]), "warning" if complaints else "info")

    screen.start_job(Job("Permissions", steps, lambda _: None, ended))
