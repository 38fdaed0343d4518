"""The parser of the command line, and how its help looks."""

import argparse
import os
import sys
from typing import Any


class Parser(argparse.ArgumentParser):
    """Also what `add_parser` makes for each command."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, "allow_abbrev": False, **options})


class Formatter(argparse.HelpFormatter):
    """As wide as the terminal, at most 100 columns; a text of several lines keeps them.

    argparse makes a formatter for each argument that is added, and each would import shutil for
    the width alone: as much time as listing some hundred segments.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=_width())

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


def _width() -> int:
    try:
        return min(os.get_terminal_size(sys.stdout.fileno()).columns - 2, 100)
    except (OSError, ValueError, AttributeError):  # no terminal, or stdout is closed
        return 78
