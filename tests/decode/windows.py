"""Windows made by hand or by hypothesis, and what every view must hold."""

from typing import NamedTuple

from hypothesis import strategies as st
from rich.cells import cell_len

from shmtui.decode.spans import TONES, Line, Span

REASONS = ("never written", "not resident", "not mapped by that process", "swapped out")


class Gap(NamedTuple):
    offset: int
    length: int
    why: str


class Window(NamedTuple):
    offset: int
    data: bytes
    gaps: tuple[Gap, ...] = ()


@st.composite
def windows(draw: st.DrawFn, max_offset: int = 2**41) -> Window:
    """Any bytes anywhere, with up to three gaps that may overlap and stick out."""
    offset = draw(st.one_of(st.just(0), st.integers(0, max_offset)))
    text = st.text(max_size=120).map(str.encode)
    data = draw(st.one_of(st.binary(max_size=400), text, text.map(lambda b: b + bytes(90) + b)))
    gap = st.builds(
        Gap,
        st.integers(max(0, offset - 8), offset + len(data)),
        st.integers(0, 200),
        st.sampled_from(REASONS),
    )
    return Window(offset, data, tuple(draw(st.lists(gap, max_size=3))))


def assert_safe(line: Line, width: int) -> None:
    """The line fits, is printable as it is, and uses known tones."""
    assert cell_len(text_of(line)) <= width
    for span in line:
        assert span.text.isprintable(), span
        assert span.tone in TONES


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def units(lines: list[Line]) -> list[Span]:
    """The spans that stand for bytes."""
    return [span for line in lines for span in line if span.length]


def offset_of(line: Line) -> int:
    """What the line's first span says where it begins; of far ones the last nine digits."""
    assert line[0].tone == "offset"
    return int(line[0].text.strip().removeprefix("…"), 16) % 16**9
