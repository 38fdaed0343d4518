"""Sources of the tests: closed when their test is over, as whoever makes one has to."""

from shmtui.monitor.source import Source

_MADE: list[Source] = []


def kept(source: Source) -> Source:
    """The same; `close_all` closes it."""
    _MADE.append(source)
    return source


def close_all() -> None:
    """A descriptor that stays open is seen by the tests after this one, for seconds."""
    while _MADE:
        _MADE.pop().close()
