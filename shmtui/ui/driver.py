"""The terminal as Textual drives it, except that it may be closed while we run."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from typing import TextIO

from textual.drivers.linux_driver import LinuxDriver


class Output:
    """Standard error for Textual's output thread, which an error would end.

    Its queue would then fill up and the screen's thread wait for ever: a closed terminal (EIO)
    swallows what is drawn instead, and is told once.
    """

    def __init__(self, file: TextIO, closed: Callable[[], object]) -> None:
        self._file = file
        self._closed = closed
        self._open = True

    def write(self, text: str) -> int:
        self._attempt(lambda: self._file.write(text))
        return len(text)

    def flush(self) -> None:
        self._attempt(self._file.flush)

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    def _attempt(self, do: Callable[[], object]) -> None:
        if not self._open:
            return
        try:
            do()
        except OSError:
            self._open = False
            self._closed()


def _screen() -> TextIO | None:
    """Standard error, as Textual would have it, unless that goes elsewhere or is closed."""
    file = sys.__stderr__
    return file if file is not None and file.isatty() else sys.__stdout__


def _hang_up() -> None:
    """What the kernel does where we are in the terminal's session."""
    os.kill(os.getpid(), signal.SIGHUP)


class TerminalDriver(LinuxDriver):
    """Ends the application when its terminal is gone, also where no SIGHUP tells it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Textual's to name
        file = _screen()
        if file is not None:
            self._file = Output(file, _hang_up)  # type: ignore[assignment]

    def _run_input_thread(self) -> None:
        """Reads the keys to the end. What is no UTF-8 (a terminal of another character set, a line
        with noise) would end the thread, and with it the program: it is dropped instead."""
        try:
            while True:
                with contextlib.suppress(UnicodeDecodeError):
                    return self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - the application says in words what it is
            self._app.call_later(self._app._handle_exception, error)

    def suspend_application_mode(self) -> None:
        super().suspend_application_mode()
        # Textual tells it only where a key asked to stop, not where `kill -TSTP` did.
        self._app.app_suspend_signal.publish(self._app)

    def _sigcont_application(self, *_: object) -> None:
        # The kernel sends SIGCONT with the SIGHUP of a closed terminal (tty_signal_session_leader
        # in drivers/tty/tty_io.c); Textual would then enter the application mode again.
        if os.isatty(self.fileno):
            super()._sigcont_application()
            # The shell wrote on the screen meanwhile, also where we were stopped by SIGSTOP.
            self._app.call_later(self._app.refresh, layout=True)
