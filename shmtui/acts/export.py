"""Writing the pictures of a window to a new file: one JSON document a line."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from shmtui.acts.new_file import in_words, new_file


def export(records: Iterable[Mapping[str, object]], path: Path) -> None:
    """Writes each record as a line of a new file, which its owner alone may read.

    A file that is there is left alone; one that cannot be finished is removed. Raises Exists,
    FileError.
    """
    with (
        new_file(path) as descriptor,
        in_words(path),
        open(descriptor, "w", encoding="ascii", closefd=False) as file,
    ):
        for record in records:
            file.write(json.dumps(record) + "\n")
