"""The main screen on another IPC namespace of the machine: all that looks, nothing that changes."""

from __future__ import annotations

import asyncio

from shmtui.acts.policy import Policy
from shmtui.monitor.ahead import Ahead
from shmtui.present.table import TableModel
from shmtui.sysv.namespaces import Namespace, inside
from shmtui.ui.feeds import Feeds
from shmtui.ui.list_part import ListPart
from shmtui.ui.main_screen import MainScreen


class ElsewhereScreen(MainScreen):
    """Each poll and each reading enters the namespace anew and leaves it, and nothing is attached
    there: one that ends takes its memory with it.
    """

    def __init__(self, where: Namespace, home: MainScreen) -> None:
        """`home`: ours, whose interval, order, columns and names it begins with."""
        feeds = Feeds(self.post_message, home.feeds.interval_s, True, Ahead(inside(where)))
        model, policy = home.list_part.model, Policy(home.policy.read_only, _way_there(where))
        part = ListPart(
            TableModel(model.sort_column, model.reverse), home.list_part.columns, hint=""
        )
        super().__init__(feeds, part, policy, home.names, place=where.name)

    def on_mount(self) -> None:
        self.feeds.start()

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self.jobs.close()
        self.feeds.stop()

    def action_back(self) -> None:
        if not self.step_back():
            self.dismiss(None)


def _way_there(where: Namespace) -> str:
    return f"nsenter -t {where.pids[0]} -i shmtui goes there"
