"""How a command reads content: --force, by which tap it did, and why it cannot."""

import argparse
from collections.abc import Iterable

from shmtui.sysv.segment import Segment
from shmtui.sysv.window import TRACELESS, Consent, Refusal


def add_force(parser: argparse.ArgumentParser) -> None:
    """Adds `--force`; `consent` reads it."""
    parser.add_argument(
        "--force",
        action="store_true",
        help="attach for an instant where nothing else works: its last pid and times change",
    )


def consent(args: argparse.Namespace) -> Consent:
    """What the person agreed to."""
    return Consent.FORCED if args.force else Consent.ASK


def read_by(segment: Segment, tap: str) -> str:
    """`segment 5 (0x00000cea): read by peek, leaves no trace`."""
    trace = "leaves no trace" if tap in TRACELESS else "its last pid and times are ours"
    return f"{segment}: read by {tap}, {trace}"


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
