"""A real terminal for the program: a pty whose output pyte turns into a screen."""

import contextlib
import copy
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import pyte

from tests.kernel import ROOT, as_user_argv

ALTERNATE = 1049
MODE_NAMES = {
    9: "mouse",
    1000: "mouse",
    1002: "mouse",
    1003: "mouse",
    1004: "focus reports",
    1006: "mouse",
    1015: "mouse",
    1016: "mouse",
    ALTERNATE: "alternate screen",
    2004: "bracketed paste",
    2048: "resize reports",
}
"""What a program must have switched off when it ends, by DEC private mode."""

_MODES = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KITTY_KEYS = re.compile(rb"\x1b\[[<>=][0-9;]*u")
_UNFINISHED = re.compile(rb"\x1b(\[[^@-~]*)?\Z")


class Chunk(NamedTuple):
    """What one read from the terminal gave."""

    at: float
    """Seconds of time.monotonic()."""
    data: bytes


class Screen(pyte.Screen):
    """With the alternate screen that pyte lacks: it comes up empty, then the other comes back."""

    _kept: tuple[dict[int, Any], pyte.screens.Cursor] | None = None

    def set_mode(self, *modes: int, **options: Any) -> None:
        super().set_mode(*modes, **options)
        if options.get("private") and ALTERNATE in modes and self._kept is None:
            self._kept = copy.deepcopy(dict(self.buffer)), copy.copy(self.cursor)
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **options: Any) -> None:
        super().reset_mode(*modes, **options)
        if options.get("private") and ALTERNATE in modes and self._kept is not None:
            self.erase_in_display(2)
            lines, self.cursor = self._kept
            self.buffer.update(lines)
            self._kept = None


class Terminal:
    """Runs `argv` on a terminal of its own, as its session leader; use it in a `with`.

    `env` is laid over a plain environment (TERM=xterm-256color, UTF-8, no NO_COLOR). `user` needs
    root. Leaving the `with` kills the process, by its pid, if it still runs.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        words = [str(word) for word in argv] if user is None else as_user_argv(user, argv)
        self._screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._chunks: list[Chunk] = []
        self._pending = b""
        self._changed = threading.Condition()
        self._master, slave = os.openpty()
        self._set_size(columns, rows)
        # setsid(1), because preexec_fn would fork with whatever the test has attached.
        self._process = subprocess.Popen(
            ["setsid", "--ctty", *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=_environment(env or {}),
            cwd=ROOT,
        )
        os.close(slave)
        self._hung_up, self._hang_up = os.pipe()
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def text(self) -> str:
        """The screen now: its rows, without the blanks at their ends."""
        with self._changed:
            return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def raw(self) -> bytes:
        """Every byte that the program sent so far."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def chunks(self) -> list[Chunk]:
        """The same, as it came in."""
        with self._changed:
            return list(self._chunks)

    @property
    def modes_on(self) -> set[str]:
        """The special modes that are switched on now, in words; empty for a restored terminal."""
        on: set[int] = set()
        for numbers, letter in _MODES.findall(self.raw):
            for number in map(int, numbers.split(b";")):
                (on.add if letter == b"h" else on.discard)(number)
        return {MODE_NAMES[mode] for mode in on if mode in MODE_NAMES}

    @property
    def echoes(self) -> bool:
        """Whether the line discipline is that of a shell: echo and lines, not raw."""
        local: int = termios.tcgetattr(self._master)[3]
        return bool(local & termios.ECHO and local & termios.ICANON)

    def send(self, keys: str) -> None:
        """Types `keys`, as the terminal would encode them: Enter is "\\r", Esc "\\x1b"."""
        self.send_bytes(keys.encode())

    def send_bytes(self, data: bytes) -> None:
        """The same for what no keyboard sends."""
        os.write(self._master, data)

    def wait_for(self, what: str | Callable[[str], object], timeout_s: float = 15.0) -> str:
        """Waits for words on the screen, or for a condition on its text; returns the screen.

        Fails with the screen as it then was.
        """
        holds = what if callable(what) else lambda text: what in text
        with self._changed:
            found = self._changed.wait_for(lambda: holds(self.text), timeout_s)
            if found:
                return self.text
        raise self._failure(f"waited {timeout_s:g} s in vain for {what!r}")

    def resize(self, columns: int, rows: int) -> None:
        """The kernel tells the foreground process by SIGWINCH."""
        with self._changed:
            self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def signal(self, number: signal.Signals) -> None:
        """To the program itself, not to its children."""
        self._process.send_signal(number)

    def wait_exit(self, timeout_s: float = 15.0) -> int:
        """The exit status, negative for a signal, after all output has been read."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise self._failure(f"still runs after {timeout_s:g} s") from None
        self._reader.join(timeout_s)
        return code

    def hang_up(self) -> None:
        """Closes the terminal, as a window that is closed: the kernel sends SIGHUP, then EIO."""
        os.write(self._hang_up, b"!")
        self._reader.join()
        os.close(self._master)
        self._master = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._master >= 0:
            self.hang_up()
        os.close(self._hung_up)
        os.close(self._hang_up)

    def _failure(self, what: str) -> AssertionError:
        return AssertionError(f"{what}; the screen:\n{self.text}")

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        ends = [self._master, self._hung_up]
        # EIO: the last process that had the terminal open is gone (pty(7)).
        with contextlib.suppress(OSError):
            while select.select(ends, [], [])[0] == [self._master]:
                self._take(os.read(self._master, 65536))

    def _take(self, data: bytes) -> None:
        at = time.monotonic()
        with self._changed:
            self._chunks.append(Chunk(at, data))
            self._feed(data)
            self._changed.notify_all()

    def _feed(self, data: bytes) -> None:
        """Without the keyboard protocol's sequences, whose `u` pyte would draw."""
        data = self._pending + data
        unfinished = _UNFINISHED.search(data)
        end = unfinished.start() if unfinished else len(data)
        self._pending = data[end:]
        self._stream.feed(_KITTY_KEYS.sub(b"", data[:end]))


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Ours, without what would tell the program about another terminal than this one."""
    foreign = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in foreign and not name.startswith("LC_")
    }
    plain = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    return {**kept, **plain, **extra}
