"""Whether dumps of segments can go to a directory: found out before anything is removed."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from shmtui.store.files import cause
from shmtui.sysv.arguments import bytes_words, many
from shmtui.sysv.pages import PAGE_SIZE, huge_pages, pages
from shmtui.sysv.segment import Segment


def lacking(directory: Path, segments: Iterable[Segment]) -> str:
    """Why dumps of all these segments cannot go there, in words; empty: nothing speaks against it.

    A file without a name is made there for an instant: whether one may be is not guessed. Room is
    counted for what is resident or swapped out now, as holes stay holes. Not for a UI thread.
    """
    try:
        if not directory.is_dir():
            return f"{directory} is no directory"
        with tempfile.TemporaryFile(dir=directory):
            disk = shutil.disk_usage(directory)
    except (OSError, ValueError) as error:
        return f"no file can be made in {directory}: {cause(error)}"
    sizes = [_data_bytes(segment) for segment in segments]
    # Some file systems, of FUSE, tell 0 of 0: that is no measure.
    if not disk.total or sum(sizes) <= disk.free:
        return ""
    dumps = many(len(sizes), "dump takes", "dumps take")
    return (
        f"{directory} has {bytes_words(disk.free)} of room, {dumps} up to {bytes_words(sum(sizes))}"
    )


def _data_bytes(segment: Segment) -> int:
    """What a dump of it has to write; its size where the row does not tell."""
    size, rss = segment.size, segment.rss
    if rss is None or segment.swap is None or huge_pages(rss, size):
        return size
    return min(rss + segment.swap, pages(size) * PAGE_SIZE)
