"""The dialog that changes mode, owner and group: nothing is set that was not shown first."""

from textual.widgets import Input

from shmtui.acts.permissions import Change, PermissionPlan, plan
from shmtui.acts.policy import Policy
from shmtui.sysv.arguments import parse_mode
from shmtui.sysv.permissions import Permissions
from shmtui.ui.dialogs.permissions import PermissionsDialog, Typed
from tests.present import made
from tests.ui.hosts import Host, shown, until

SEGMENT = made.segment(5)
NOW: Typed = ("0600", "root", "root")


def foresee(typed: Typed) -> PermissionPlan:
    return plan(SEGMENT, Change(mode=parse_mode(typed[0])), Policy())


def dialog() -> PermissionsDialog:
    return PermissionsDialog(str(SEGMENT), NOW, foresee)


async def test_what_is_typed_is_explained_before_it_can_be_set() -> None:
    host: Host[PermissionPlan | None] = Host(dialog())
    async with host.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "has these permissions already" in shown(host))
        await pilot.press(*"0666")
        await until(pilot, lambda: "become mode 0666" in shown(host))
        assert "others may write it from now on" in shown(host)
        await pilot.press("enter")
        await until(pilot, lambda: bool(host.answers))
        (planned,) = host.answers
        assert planned is not None
        assert planned.wanted == Permissions(0o666, 0, 0)


async def test_what_is_wrong_or_as_it_was_cannot_be_set() -> None:
    host: Host[PermissionPlan | None] = Host(dialog())
    async with host.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "has these permissions already" in shown(host))
        await pilot.press("enter")
        await pilot.press(*"0999")
        await until(pilot, lambda: "0999" in shown(host) and "→" in shown(host))
        await pilot.press("enter")
        assert host.answers == []
        await pilot.press("escape")
        await until(pilot, lambda: host.answers == [None])


async def test_enter_that_is_faster_than_the_explanation_sets_nothing() -> None:
    host: Host[PermissionPlan | None] = Host(dialog())
    async with host.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "has these permissions already" in shown(host))
        opened = host.screen
        assert isinstance(opened, PermissionsDialog)
        opened.query_one("#mode", Input).value = "0640"
        assert opened.result() is None
