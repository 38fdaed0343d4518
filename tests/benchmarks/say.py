"""Figures take minutes: each is shown as soon as it is there, with its bar."""


def say(line: str) -> None:
    """A line, at once."""
    print(line, flush=True)


def bar(holds: bool, words: str) -> str:
    """The bar in words, and whether it is held."""
    return f"(bar {words}: {'held' if holds else 'MISSED'})"
