"""The terminal as Textual drives it, except that it may be closed while we run."""

import os
import signal
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


def _hang_up() -> None:
    """What the kernel does where we are in the terminal's session."""
    os.kill(os.getpid(), signal.SIGHUP)


class TerminalDriver(LinuxDriver):
    """Ends the application when its terminal is gone, also where no SIGHUP tells it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Textual's to name
        if self._file is not None:
            self._file = Output(self._file, _hang_up)  # type: ignore[assignment]

    def _sigcont_application(self, *_: object) -> None:
        # The kernel sends SIGCONT with the SIGHUP of a closed terminal (tty_signal_session_leader
        # in drivers/tty/tty_io.c); Textual would then enter the application mode again.
        if os.isatty(self.fileno):
            super()._sigcont_application()
            # The shell wrote on the screen meanwhile, also where we were stopped by SIGSTOP.
            self._app.call_later(self._app.refresh, layout=True)
