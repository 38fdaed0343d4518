"""What one writer is told to do: made by the write dialog and by the command line alike."""

from dataclasses import dataclass

from shmtui.sysv.arguments import MAX_INTERVAL_S, MAX_KEY, MAX_SIZE, MIN_INTERVAL_S, many
from shmtui.sysv.errors import BadArgument
from shmtui.writer.patterns import PATTERNS


@dataclass(frozen=True, slots=True)
class WriterSpec:
    """The defaults are those of the command line."""

    key: int | None = 3306
    """1 … 0xffffffff; None: a private segment, always a new one."""
    size: int = 1024
    """Bytes of a new segment; an existing one must have at least as many."""
    mode: int = 0o600
    """Permission bits of a new segment."""
    interval_s: float = 1.0
    pattern: str = "counter"
    count: int | None = None
    """Values to write; None: until it is stopped."""
    remove: bool = False
    """Remove the segment at the end, if this writer made it."""
    overwrite: bool = False
    """Take an existing segment that is another's, or holds something else."""
    new: bool = False
    """Take no existing segment at all."""

    def validate(self) -> None:
        """Raises BadArgument, in words, for what no segment and no pattern could satisfy."""
        for fits, words in (
            (self.key is None or 0 < self.key <= MAX_KEY, f"key {self.key}: 1 to {MAX_KEY}"),
            (self.size > 0, "size 0: a segment has at least one byte"),
            (self.size <= MAX_SIZE, f"size {self.size} is more than any address space has"),
            (0 <= self.mode <= 0o777, f"mode {self.mode:#o}: only the permission bits, to 0777"),
            (
                MIN_INTERVAL_S <= self.interval_s <= MAX_INTERVAL_S,
                f"interval {self.interval_s:g}: {MIN_INTERVAL_S:g} to {MAX_INTERVAL_S:g} seconds",
            ),
            (self.count is None or self.count > 0, f"count {self.count}: at least 1"),
            (self.pattern in PATTERNS, f"pattern {self.pattern!r}: one of {', '.join(PATTERNS)}"),
        ):
            if not fits:
                raise BadArgument(words)
        self._check_room()

    def arguments(self) -> list[str]:
        """The words of `shmtui write` that give this spec."""
        words = ["--key", "private" if self.key is None else f"{self.key:#x}"]
        words += ["--size", str(self.size), "--mode", f"{self.mode:04o}"]
        # repr: exact, and without an exponent from MIN_INTERVAL_S to MAX_INTERVAL_S.
        words += ["--interval", repr(self.interval_s), "--pattern", self.pattern]
        if self.count is not None:
            words += ["--count", str(self.count)]
        flags = {"--remove": self.remove, "--overwrite": self.overwrite, "--new": self.new}
        return words + [flag for flag, given in flags.items() if given]

    def _check_room(self) -> None:
        room = PATTERNS[self.pattern].room(self.count)
        if room > self.size:
            values = f" for {many(self.count, 'value')}" if self.count else ""
            raise BadArgument(
                f"pattern {self.pattern} needs {room} bytes{values}: size {self.size} is too small"
            )
