"""Lines to paint again, put together."""

from collections.abc import Iterable, Iterator


def runs(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring lines as (first, how many): the compositor's work grows with the regions."""
    start = end = -1
    for line in lines:
        if line != end:
            if end > start:
                yield start, end - start
            start = line
        end = line + 1
    if end > start:
        yield start, end - start
