"""What is known of one segment on view: the picture on show, its past, what changed, watches."""

from typing import NamedTuple

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.watch import Watch, check_room
from shmtui.monitor.past import LIMIT_BYTES, Past, bytes_between
from shmtui.monitor.places import Places
from shmtui.monitor.reading import WindowRead
from shmtui.monitor.shot import Shot
from shmtui.monitor.track import Track
from shmtui.sysv.segment import Identity

MOST_WATCHES = 64


class Behind(NamedTuple):
    """How far a picture on show is behind the live one."""

    seconds: float
    """Since it was last seen to be still so; 0: nothing has changed."""
    changes: int
    """Refreshes since then at which a byte of the window changed."""
    bytes: int
    """That are different now, where both windows overlap."""


class Study:
    """Takes every reading of one segment. It does no I/O; not thread-safe."""

    def __init__(self, identity: Identity, limit_bytes: int = LIMIT_BYTES) -> None:
        """`limit_bytes`: of memory for the past."""
        self.identity = identity
        self.past = Past(limit_bytes)
        self.places = Places()
        self.live: Shot | None = None
        """The newest picture, also after the segment went."""
        self.paused_by_change = False
        """The picture on show was pinned because something changed in it."""
        self.pause_on_change = False
        """Armed: the next change in the window pins the picture that shows it, and disarms."""
        self._pinned: Shot | None = None
        self._tracks: dict[tuple[int, str], Track] = {}

    def take(self, read: WindowRead) -> None:
        """The next reading; one of another segment is passed over."""
        if read.request.identity != self.identity:
            return
        shot = self.past.add(read)
        if shot is not None:
            self._see(shot, read)
        self._track(read)

    # The picture on show

    @property
    def shown(self) -> Shot | None:
        """The pinned one, or the live one."""
        return self._pinned or self.live

    @property
    def frozen(self) -> bool:
        """A picture is pinned: the present one, or one of the past."""
        return self._pinned is not None

    @property
    def behind(self) -> Behind | None:
        """How far the picture on show is behind; None: it is the live one."""
        pinned, live = self._pinned, self.live
        if pinned is None or live is None:
            return None
        seconds = max(0.0, live.until - pinned.until)
        return Behind(seconds, live.changes - pinned.changes, bytes_between(pinned, live))

    def freeze(self) -> bool:
        """Pins the picture on show; False: there is none yet."""
        self._pinned = self.shown
        return self._pinned is not None

    def thaw(self) -> None:
        """Shows the live picture."""
        self._pinned = None
        self.paused_by_change = False

    def step(self, direction: int) -> bool:
        """Pins the picture before (-1) or after (+1) the one on show that shows something else of
        the window on view; behind the last of them is the live one. False: there is none."""
        shown = self.shown
        if shown is None or self.live is None or (direction > 0 and not self.frozen):
            return False
        look = self.past.before if direction < 0 else self.past.after
        found = look(shown, self.live.window)
        if direction < 0 and found is None:
            return False
        self.thaw()
        if found is not None and found.number != self.live.number:
            self._pinned = found
        return True

    # What changed

    def next_change(self, offset: int) -> int | None:
        """Where the next place behind `offset` begins that was seen to change; behind the last
        one comes the first. None: none was."""
        found = self.places.next_after(offset)
        return self.places.next_after(-1) if found is None else found

    def previous_change(self, offset: int) -> int | None:
        """The same backwards; before the first one comes the last."""
        found = self.places.previous_before(offset)
        return self.places.previous_before(self.identity.size) if found is None else found

    # Watches

    @property
    def watches(self) -> tuple[Watch, ...]:
        """In the order in which they were added."""
        return tuple(track.watch for track in self._tracks.values())

    @property
    def tracks(self) -> tuple[Track, ...]:
        """What is known of each watch."""
        return tuple(self._tracks.values())

    @property
    def watched(self) -> tuple[tuple[int, int], ...]:
        """Offset and length of each, for the request."""
        return tuple(dict.fromkeys(track.span for track in self._tracks.values()))

    def add_watch(self, watch: Watch) -> None:
        """Watches it from now on; where the same bytes are watched as the same type already, they
        take the new name. Raises NotUnderstood where the segment has no such bytes, and where too
        many are watched.
        """
        check_room(watch, self.identity.size)
        known = self._tracks.get(_place(watch))
        if known is not None:
            known.watch = watch
        elif len(self._tracks) < MOST_WATCHES:
            self._tracks[_place(watch)] = Track(watch)
        else:
            raise NotUnderstood(f"{MOST_WATCHES} watches are the most: remove one first")

    def remove_watch(self, watch: Watch) -> None:
        """Forgets it and what was seen of it."""
        self._tracks.pop(_place(watch), None)

    def _see(self, shot: Shot, read: WindowRead) -> None:
        # The live picture fades on although its content stays.
        self.live = shot._replace(ages=read.ages)
        self.places.add(shot._replace(time=read.time, ages=read.ages, changed=read.changed))
        if self._pinned is not None and self._pinned.number == shot.number:
            self._pinned = self._pinned._replace(until=shot.until)
        if read.changed and self.pause_on_change and not self.frozen:
            self.pause_on_change = False
            self.paused_by_change = self.freeze()

    def _track(self, read: WindowRead) -> None:
        windows = dict(zip(read.request.watched, read.watched, strict=False))
        for track in self._tracks.values():
            # A watch may be younger than the request: it waits for the next answer.
            if track.span in read.request.watched:
                track.take(windows.get(track.span), read.time)


def _place(watch: Watch) -> tuple[int, str]:
    return watch.offset, watch.kind.name
