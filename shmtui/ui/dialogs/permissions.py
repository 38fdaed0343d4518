"""Changes mode, owner and group of a segment: what would follow is shown as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static

from shmtui.acts.permissions import PermissionPlan
from shmtui.present.words import visible
from shmtui.sysv.errors import ShmError
from shmtui.ui.dialogs.dialog import Dialog
from shmtui.ui.typed_line import InOrder

Typed = tuple[str, str, str]
"""Mode, owner and group as they were typed."""


class PermissionsDialog(Dialog[PermissionPlan]):
    """Enter in any field sets all three. What is typed is understood on a thread: the names of
    users may have to be asked for."""

    AUTO_FOCUS = "#mode"
    accept_words = "Set"
    DEFAULT_CSS = """
    PermissionsDialog #frame { width: 64; }
    PermissionsDialog #fields { grid-size: 2; grid-columns: 9 1fr; grid-rows: 1; height: 3; }
    PermissionsDialog #preview { width: 100%; height: auto; min-height: 1; }
    PermissionsDialog #preview.refused { color: $text-error; text-style: bold; }
    """

    def __init__(self, name: str, now: Typed, foresee: Callable[[Typed], PermissionPlan]) -> None:
        """`foresee`: what would follow, or ShmError; called on a thread."""
        super().__init__()
        self.heading = f"Permissions of {name}"
        self._at_first = now
        self._foresee = foresee
        self._plan: PermissionPlan | None = None
        self._planned: Typed | None = None
        """What the plan is of."""

    def body(self) -> Iterable[Widget]:
        mode, owner, group = self._at_first
        with Grid(id="fields"):
            yield Label("Mode")
            yield InOrder(mode, id="mode", compact=True, max_length=8)
            yield Label("Owner")
            yield InOrder(owner, id="owner", compact=True, max_length=64)
            yield Label("Group")
            yield InOrder(group, id="group", compact=True, max_length=64)
        yield Static(id="preview", markup=False)

    def on_mount(self) -> None:
        self._follow()

    @on(Input.Changed)
    def _follow(self) -> None:
        self._planned = None
        self.query_one("#accept", Button).disabled = True
        work = partial(self._understand, self._typed())
        self.run_worker(work, thread=True, exclusive=True, group="foresee")

    def _understand(self, typed: Typed) -> None:
        try:
            found: PermissionPlan | str = self._foresee(typed)
        except ShmError as error:
            found = str(error)
        self.app.call_from_thread(self._say, typed, found)

    def _say(self, typed: Typed, found: PermissionPlan | str) -> None:
        if not self.is_mounted or typed != self._typed():
            return
        refused = isinstance(found, str)
        self._plan = None if isinstance(found, str) else found
        self._planned = typed
        lines = (found,) if isinstance(found, str) else found.lines
        preview = self.query_one("#preview", Static)
        preview.update(Content("\n".join(visible(f"→ {line}") for line in lines)))
        preview.set_class(refused, "refused")
        self.query_one("#accept", Button).disabled = refused

    def _typed(self) -> Typed:
        mode, owner, group = (
            self.query_one(f"#{name}", Input).value.strip() for name in ("mode", "owner", "group")
        )
        return mode, owner, group

    def result(self) -> PermissionPlan | None:
        return self._plan if self._planned == self._typed() else None
