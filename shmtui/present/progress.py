"""How far a long act is, how fast it goes, how long it takes: the same words on every surface."""

from shmtui.sysv.arguments import size_words


def share_words(done: int, total: int) -> str:
    """`50 %`, rounded down."""
    return f"{100 * done // max(1, total)} %"


def pace_words(rate: float, left_s: float | None) -> list[str]:
    """`1.2G/s` and `2:05 left`; what is not known yet (no rate, None) is left out.

    `rate`: bytes a second; `left_s`: seconds.
    """
    words = [f"{size_words(round(rate))}/s"] if rate else []
    return words if left_s is None else [*words, f"{_span(left_s)} left"]


def _span(seconds: float) -> str:
    """`8 s`, `2:05`, `1:02:05`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
