"""Why a segment's content cannot be read, tap by tap, and what would help."""

from collections.abc import Iterable

from shmtui.sysv.segment import Segment
from shmtui.sysv.window import Refusal


def reasons(refusals: Iterable[Refusal]) -> list[str]:
    """A line for each tap. Where only consent is missing there is none: --force is named."""
    return list(
        dict.fromkeys(
            f"not by {refusal.tap}: {refusal.reason}"
            for refusal in refusals
            if not refusal.needs_consent
        )
    )


def unreadable(segment: Segment, why_not: Iterable[Refusal], decisive: Refusal) -> str:
    """The lines that say so."""
    lines = [f"{segment} cannot be read", *reasons((*why_not, decisive))]
    if decisive.overridable or decisive.needs_consent:
        lines.append("--force attaches for an instant: its last pid and times change")
    return "\n".join(lines)
