"""The one error of what people type for a type, a place, a watch or something to search."""


class NotUnderstood(ValueError):
    """`str(error)` is a sentence for a person: what was typed, and what would be right."""


def quoted(text: str) -> str:
    """What was typed, control characters made visible, cut to a length that fits a line."""
    return repr(text if len(text) <= 40 else text[:39] + "…")
