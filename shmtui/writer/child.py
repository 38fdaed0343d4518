"""One `shmtui write` as a child process: started, greeted, told to stay or to end, and reaped.

subprocess.Popen and not asyncio's own: asyncio kills a child when its transport is closed or
collected (base_subprocess.py), so a writer that was told to stay could die with the program.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import shmtui
from shmtui.sysv.errors import ShmError
from shmtui.sysv.segment import Fingerprint, Identity
from shmtui.writer.spec import WriterSpec
from shmtui.writer.wakes import STAY

GREETING_S = 10.0

_ROOT = str(Path(shmtui.__file__).resolve().parent.parent)
_LAST_WORDS = 4096
_GRAIN_S = 0.01


class Greeting(NamedTuple):
    """What a writer says when it has its segment."""

    fingerprint: Fingerprint
    created: bool


class Child:
    """The process, both ends of its pipes, and what it says on its standard error."""

    def __init__(self, process: "subprocess.Popen[bytes]", errors: int) -> None:
        self._process = process
        self._errors = errors
        self._output: asyncio.StreamReader | None = None
        self._transport: asyncio.BaseTransport | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    async def greeting(self) -> Greeting:
        """Its first line. Raises ShmError, in its own words, where it ends without one."""
        try:
            line = await asyncio.wait_for(self._readline(), GREETING_S)
        except TimeoutError as error:
            raise ShmError(f"the writer said nothing for {GREETING_S:g} seconds") from error
        if not line:
            code = await self.ended()
            raise ShmError(self.last_words() or f"the writer could not start ({end_words(code)})")
        return _understood(line)

    async def ended(self) -> int:
        """Waits for its end; the exit code, negative for a signal."""
        # It never closes its output before its end, so that is told by the pipe, without a thread.
        if self._output is not None:
            await self._output.read()
        while (code := self._process.poll()) is None:
            await asyncio.sleep(_GRAIN_S)
        return code

    def stay(self) -> None:
        """Lets it run on after the end of this program. Raises ShmError where it has ended."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(STAY + b"\n")
        except (BrokenPipeError, ValueError) as error:  # ValueError: the lifeline is closed
            raise ShmError(f"writer {self.pid} has ended already") from error

    def hang_up(self) -> None:
        """Ends the lifeline: it stops and cleans up, unless it was told to stay."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def send(self, number: signal.Signals) -> None:
        """A signal, unless it has ended (Popen knows, so no other process of that pid gets it)."""
        self._process.send_signal(number)

    def last_words(self) -> str:
        """The last line of its standard error, without the name of the program before it."""
        size = os.fstat(self._errors).st_size
        raw = os.pread(self._errors, _LAST_WORDS, max(0, size - _LAST_WORDS))
        lines = raw.decode(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("shmtui: ") if lines else ""

    def let_go(self) -> None:
        """Closes our ends of the pipes: the lifeline, too."""
        if self._transport is not None:
            self._transport.close()
        elif self._process.stdout is not None:
            self._process.stdout.close()
        self.hang_up()
        os.close(self._errors)
        if self._process.poll() is None:
            # It may end while this program goes on: a zombie would look alive to others.
            threading.Thread(target=self._process.wait, daemon=True).start()

    async def _readline(self) -> bytes:
        loop = asyncio.get_running_loop()
        self._output = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(self._output)
        self._transport, _ = await loop.connect_read_pipe(lambda: protocol, self._process.stdout)
        return await self._output.readline()


def spawn(spec: WriterSpec) -> Child:
    """Starts the writer in a session of its own. Blocks for its exec: call it from a thread.

    Raises ShmError.
    """
    words = [sys.executable, "-P", "-m", "shmtui", "write", "--lifeline", "0", *spec.arguments()]
    # A file without a name: nothing of it is left, even after a SIGKILL of this program.
    errors = os.memfd_create("shmtui-writer-errors", os.MFD_CLOEXEC)
    try:
        process = subprocess.Popen(
            words,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            env=_environment(),
        )
    except OSError as error:
        os.close(errors)
        raise ShmError(f"the writer could not start: {words[0]}: {error.strerror}") from error
    return Child(process, errors)


def end_words(code: int) -> str:
    """How a process ended, from its exit code as subprocess gives it."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal has no name
        return f"killed by signal {-code}"


def _understood(line: bytes) -> Greeting:
    try:
        said = json.loads(line)
        fingerprint = Fingerprint(Identity(*said["identity"]), said["key"] or 0, said["ctime"])
        return Greeting(fingerprint, bool(said["created"]))
    except (ValueError, TypeError, KeyError) as error:
        raise ShmError(f"the writer said something else than its segment: {line[:80]!r}") from error


def _environment() -> dict[str, str]:
    """Ours. -P keeps a stray `json.py` of the current directory out of the writer; where we
    ourselves were found by way of the current directory, it must be told where we are."""
    environment = dict(os.environ)
    if not sys.flags.safe_path and sys.path[:1] == [_ROOT]:
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{_ROOT}{os.pathsep}{known}" if known else _ROOT
    return environment
