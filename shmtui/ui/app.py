"""The application: what it starts (feeds, writers), how it ends, and what every screen shares."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.events import Key
from textual.message import Message
from textual.screen import Screen

from shmtui.acts.policy import Policy
from shmtui.monitor.ahead import Ahead
from shmtui.present.table import TableModel
from shmtui.present.words import visible
from shmtui.store.settings import Settings, SettingsError, load, save
from shmtui.sysv.inside import DOOR
from shmtui.sysv.users import user_name
from shmtui.ui.command_help import PaletteEntry, palette_entries
from shmtui.ui.commands import bindings
from shmtui.ui.driver import TerminalDriver
from shmtui.ui.feeds import Feeds
from shmtui.ui.list_part import START_ONE, ListPart
from shmtui.ui.main_screen import MainScreen
from shmtui.ui.messages import Polled
from shmtui.ui.options import ScreenOptions, first_sort, kept_columns, last_input
from shmtui.ui.prompt import Prompt

if TYPE_CHECKING:
    from shmtui.sysv.namespaces import Namespace
    from shmtui.ui.dialogs.write import WriteInput
    from shmtui.ui.writing import Writing
    from shmtui.writer.fleet import Fleet, Writer

RELEASE_S = 2.0
"""For how long a stop waits for the reader: it may be waiting for the second of its next attach."""


class ShmtuiApp(App[int], inherit_bindings=False):
    """`run` gives the exit code."""

    CSS_PATH = Path(__file__).with_name("shmtui.tcss")
    TITLE = "shmtui"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("any"))

    def __init__(
        self,
        options: ScreenOptions,
        settings: Settings,
        names: tuple[str, str] = ("", ""),
        caveat: str = "",
        ahead: Ahead | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`names`: user and host. `caveat`: what is to be said of the settings. `ahead`: the first
        poll, begun already.
        """
        # Without colour Textual still sends greys, unless it may leave colours to the terminal.
        super().__init__(TerminalDriver, ansi_color=None if options.color else True)
        self.options = options
        self.settings = settings
        self._caveat = caveat
        self.feeds = Feeds(self._post, options.interval_s, options.read_only, ahead or Ahead())
        model = TableModel(*first_sort(options, settings))
        hint = "" if options.read_only else START_ONE
        part = ListPart(model, kept_columns(settings), hint)
        policy = Policy(options.read_only)
        self.main = MainScreen(self.feeds, part, policy, names, clock)
        self._fleet: Fleet | None = None
        self._began = False
        self._saved_in_vain = False

    @property
    def fleet(self) -> Fleet:
        """Made when a writer is first wanted: most people only look, and should not wait for it."""
        if self._fleet is None:
            from shmtui.writer.fleet import Fleet

            self._fleet = Fleet(self._writer_changed)
        return self._fleet

    @cached_property
    def writing(self) -> Writing:
        """What starts writers, made as late."""
        from shmtui.ui.writing import Writing

        return Writing(self.main, self.fleet, self._remember_input)

    @property
    def top(self) -> MainScreen:
        """The main screen on view, or under what is on view: ours, or another namespace's."""
        return next(reversed(self._mains), self.main)

    @property
    def _mains(self) -> list[MainScreen]:
        """The main screens that are open, ours first."""
        return [it for it in self.screen_stack if isinstance(it, MainScreen)]

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def _post(self, message: Message) -> object:
        return self.main.post_message(message)

    def on_load(self) -> None:
        # Before the terminal is touched: Textual leaves mouse reporting and the alternate screen on
        # when a signal kills it.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._end, 128 + number)

    def on_mount(self) -> None:
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        # Immediate: a callback that is queued runs when the program goes on.
        self.app_suspend_signal.subscribe(self, lambda _: self._let_go(), immediate=True)
        self.app_resume_signal.subscribe(self, lambda _: self._go_on(), immediate=True)
        self.start_feeds()

    def start_feeds(self) -> None:
        """From here on the threads post what they find."""
        self.feeds.start()

    def _let_go(self) -> None:
        """We are about to be stopped: nothing may stay open or attached, nor keep a namespace."""
        from shmtui.sysv import borrowed

        for main in self._mains:
            main.jobs.door.shut(RELEASE_S)
            main.feeds.release(RELEASE_S)
        borrowed.let_go()  # also what a job between two of its steps keeps
        DOOR.shut(RELEASE_S)

    def _go_on(self) -> None:
        DOOR.open()
        for main in self._mains:
            main.jobs.door.open()

    @on(Polled)
    def _begin(self) -> None:
        """The first poll: what the command line asked to see."""
        if self._began:
            return
        self._began = True
        # Most of its rows stay: a search for garbage through 32768 of them takes 30 ms. Once only:
        # what is frozen never goes, and later there may be a screen in it that was left.
        gc.freeze()
        if self._caveat:
            self.main.prompt.say(self._caveat, "warning")
        if self.options.filter:
            self.main.list_part.set_filter(self.options.filter)
        if self.options.demo:
            self._start_demo()
        elif (self.options.shmid, self.options.key) != (None, None):
            self.main.open_segment(self.options.shmid, self.options.key)

    # Writers

    @work(group="write")
    async def _start_demo(self) -> None:
        await self.writing.start_demo()

    def action_write(self) -> None:
        """At once, so that an Enter typed right after it finds the dialog and not the list."""
        self.writing.ask(self.top, last_input(self.settings))

    def _remember_input(self, typed: WriteInput) -> None:
        self._keep(replace(self.settings, write=typed._asdict()))

    def _writer_changed(self, writer: Writer) -> None:
        if writer.state == "failed":
            words = f"Writer {writer.pid} failed: {visible(writer.last_error)}"
            self.main.prompt.say(words, "error")

    def action_writers(self) -> None:
        from shmtui.ui.screens.writers import WritersScreen

        self.push_screen(WritersScreen(self.fleet))

    # Screens about the machine

    def action_limits(self) -> None:
        from shmtui.ui.screens.limits import LimitsScreen

        top = self.top
        self.push_screen(LimitsScreen(lambda: top.snapshot, top.feeds.inside))

    def action_events(self) -> None:
        from shmtui.ui.screens.events import EventsScreen

        self.push_screen(EventsScreen(self.top.history))

    def action_activity(self) -> None:
        from shmtui.acts.log import ActivityLog
        from shmtui.ui.screens.activity import ActivityScreen

        self.push_screen(ActivityScreen(ActivityLog(self._warn).last))

    def action_namespaces(self) -> None:
        """From another namespace it leads back to where that was chosen."""
        from shmtui.ui.screens.namespaces import NamespacesScreen

        if any(isinstance(screen, NamespacesScreen) for screen in self.screen_stack):
            self._pop_until(lambda screen: isinstance(screen, NamespacesScreen))
        else:
            self.push_screen(NamespacesScreen(self._enter))

    def _enter(self, where: Namespace | None, shmid: int | None) -> None:
        """Look into a namespace (None: ours), and read this segment there (None: none)."""
        from shmtui.ui.screens.elsewhere import ElsewhereScreen

        if where is None:
            self._pop_until(lambda screen: screen is self.main)
            self.main.open_segment(shmid, None)
            return
        screen = ElsewhereScreen(where, self.main)
        if shmid is not None:
            screen.await_segment(shmid, read=True)
        self.push_screen(screen)

    def _pop_until(self, there: Callable[[Screen[object]], bool]) -> None:
        while not there(self.screen):
            self.pop_screen()

    # Leaving

    def action_interrupt(self) -> None:
        """Ctrl+C: copies what is selected in the content, else cancels a job, else quits."""
        if not (self.top.pane.part.copy_selection() or self.top.jobs.cancel()):
            self._quit()

    async def action_quit(self) -> None:
        self._quit()

    @work(exclusive=True, group="quit")
    async def _quit(self) -> None:
        if self._fleet is None or await self.writing.may_leave():
            await self._leave(0)

    @work(exclusive=True, group="quit")
    async def _end(self, code: int) -> None:
        """A signal: there is nobody to ask."""
        await self._leave(code)

    async def _leave(self, code: int) -> None:
        self._go_on()  # where the terminal was closed while we were stopped, nothing else does
        await asyncio.to_thread(self.main.jobs.close)
        if self._fleet is not None:
            await self._fleet.close()
        await self._save_last()
        self.exit(code)

    def on_unmount(self) -> None:
        self.feeds.stop()

    # Settings

    def _settings_now(self) -> Settings:
        part = self.main.list_part
        return replace(
            self.settings,
            columns=part.columns or (),
            sort=part.model.sort_column,
            descending=part.model.reverse,
            theme=self.theme,
        )

    def _keep(self, settings: Settings) -> None:
        if settings != self.settings:
            self.settings = settings
            self._save(settings)

    @work(thread=True, exclusive=True, group="settings")
    def _save(self, settings: Settings) -> None:
        try:
            save(settings)
        except SettingsError as error:
            if not self._saved_in_vain:
                self._saved_in_vain = True
                self.call_from_thread(self._warn, str(error))

    def _warn(self, words: str) -> None:
        self.main.prompt.say(words, "warning")

    async def _save_last(self) -> None:
        """At the end: what cannot be kept was said before, and is no reason to stay."""
        settings = self._settings_now()
        if self._began and settings != self.settings:
            with contextlib.suppress(SettingsError):
                await asyncio.to_thread(save, settings)

    def _fatal_error(self) -> None:
        """Textual's own prints a traceback with the values of all variables at the person."""
        from shmtui.ui.crash import crash_words

        error = self._exception or RuntimeError("unknown")
        self.panic(Text(crash_words(error)))

    # What all screens share

    def on_key(self, event: Key) -> None:
        """A key on its way to the bindings: nothing that has the focus took it."""
        if any(prompt.take(event) for prompt in self.screen.query(Prompt)):
            event.prevent_default()

    def action_help(self) -> None:
        from shmtui.ui.screens.help import HelpScreen

        self.push_screen(HelpScreen())

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: our commands, from the one table, and Textual's themes."""
        barred = f"refused ({self.top.policy.barred}) · " if self.top.policy.barred else ""
        for entry in palette_entries() if screen is self.top else ():
            run = partial(self._run_command, entry)
            refused = barred if entry.changes_something else ""
            yield SystemCommand(entry.title, f"{refused}{entry.help} ({entry.keys})", run)
        yield SystemCommand("Theme", "change the colours", self.action_change_theme)

    async def _run_command(self, entry: PaletteEntry) -> None:
        top = self.top
        if entry.context == "pane" and not top.attention.is_open:
            words = "The pane is closed: Enter reads the segment under the cursor."
            top.prompt.say(words, answers=True)
            return
        await self.run_action(entry.action, top.actor(entry.home, entry.context))


def run(options: ScreenOptions, ahead: Ahead) -> int:
    """Open the screen; returns the exit code."""
    settings, caveat = load()
    # Textual takes the mere presence of NO_COLOR for a wish; empty it is none (no-color.org).
    os.environ.pop("NO_COLOR", None)
    if not options.color:
        os.environ["NO_COLOR"] = "1"
    names = (user_name(os.geteuid()), os.uname().nodename)
    app = ShmtuiApp(options, settings, names, caveat, ahead)
    # Modules never become garbage: they need not be searched again and again at the start.
    gc.freeze()
    gc.enable()
    code = app.run(mouse=options.mouse)
    return app.return_code or 0 if code is None else code
