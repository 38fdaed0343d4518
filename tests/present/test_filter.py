"""The filter language: what it finds, and how it says what it does not understand."""

import contextlib
import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.diagnosis import Verdict, Word
from shmtui.present.columns import COLUMNS
from shmtui.present.filter import FilterError, compile_filter
from shmtui.present.row import Row
from shmtui.sysv.segment import SHM_DEST
from tests.present import made

KIB, MIB = 1024, 1024 * 1024

POSTGRES = made.row(
    32769,
    ["postgres"] * 6 + ["walwriter"],
    key=0x0052E2C1,
    size=56,
    nattch=7,
    owner="postgres",
    verdict=Verdict(Word.IN_USE, ("7 attaches",)),
)
PRIVATE = made.row(
    65538,
    key=0,
    size=4 * MIB,
    rss=None,
    owner="www-data",
    cpid=1234,
    ctime=made.NOW - 2 * 86400,
    perms=0o666,
    verdict=Verdict(Word.ORPHAN, ("creator 1234 is gone",)),
)
DOOMED = made.row(
    98306,
    ["odd name"],
    key=0,
    perms=SHM_DEST | 0o600,
    size=MIB,
    owner="ops",
    atime=made.NOW - 30,
    verdict=Verdict(Word.DOOMED, ()),
)
ALL = {"p": POSTGRES, "w": PRIVATE, "d": DOOMED}


def found(expr: str) -> str:
    compiled = compile_filter(expr)
    return "".join(name for name, row in ALL.items() if compiled.matches(row))


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("0x52e2c1", "p"),
        ("0X52E2C1", "p"),
        ("!0x52e2c1", "wd"),
        ("0x52e2c", ""),
        ("", "pwd"),
        ("   ", "pwd"),
        ("postgres", "p"),
        ("POSTGRES", "p"),
        ("0052e2", "p"),
        ("private", "w"),
        ("65538", "w"),
        ("orphan", "w"),
        ("use", "p"),
        ('"in use"', "p"),
        ("'odd name'", "d"),
        ("odd' 'na", "d"),
        ("!postgres", "wd"),
        ("! postgres", "wd"),
        ("!!postgres", "p"),
        ("size=56", "p"),
        ("size>1m", "w"),
        ("size >= 1M", "wd"),
        ("size>=1.0m and owner=ops", "d"),
        ("size>=1m owner=ops", "d"),
        ("size>1k AND NATT = 0", "wd"),
        ("owner!=ops", "pw"),
        ("!owner=ops", "pw"),
        ("!owner!=ops", "d"),
        ("owner~data", "w"),
        ("!owner~data", "pd"),
        ("OWNER=PostGres", "p"),
        ("state=orphan", "w"),
        ('state="in use"', "p"),
        ("verdict=doomed", "d"),
        ("key=0x52e2c1", "p"),
        (f"key={0x52E2C1}", "p"),
        ("key=private", "w"),
        ("key!=0x52e2c1", "wd"),
        ("key=unknown", "d"),
        ("rss=unknown", "w"),
        ("rss!=unknown", "pd"),
        ("rss>0", "pd"),
        ("attach_time=never", "pw"),
        ("attach_time>2020-01-01", "d"),
        ("change_time<1971-01-01T00:00+00:00", ""),
        ("age<1m", "d"),
        ("age>1d", "w"),
        ("age>30m and age<=1h", "p"),
        ("mode=666", "w"),
        ("mode=0600", "pd"),
        ("perms~rw-rw", "w"),
        ("private=yes", "w"),
        ("marked_for_destruction=true", "d"),
        ("reasons~1234", "w"),
        ("cpid=1234", "w"),
        ("command~+6", "p"),
        ("command~walwriter", "p"),
        ("command=WALwriter", "p"),
        ("command!=walwriter", "wd"),
        ("!command~walwriter", "wd"),
        ("walwriter", "p"),
        ("pid=206", "p"),
        ("pid=200", "pd"),
        ("PID=0xc8", "pd"),
        ("pid!=206", "wd"),
        ("!pid=200", "w"),
        ("pid=1234", ""),
        ("command='odd name'", "d"),
        ("command=a=b", ""),
        ("id<0x8002", "p"),
        ("android", ""),
        ("'and'", ""),
    ],
)
def test_a_filter_finds(expr: str, expected: str) -> None:
    assert found(expr) == expected


@pytest.mark.parametrize(
    ("expr", "message", "position"),
    [
        ("size>", "a value is missing after >", 5),
        ("size> ", "a value is missing after >", 6),
        ("owner=ops !", "a term is missing after '!'", 11),
        (">5", "a column is missing before the comparison", 0),
        ("siz>5", "there is no column 'siz'", 0),
        ("owner=ops \x1b=5", r"there is no column '\x1b'", 10),
        ("size>1KB", "size: size '1KB': say K (1024 steps)", 5),
        ("size>1m nattch>many", "nattch: 'many' is not a number", 15),
        ("age>soon", "age: 'soon' is not an age: write 30s, 5m, 1h or 2d", 4),
        ("key=0x1ffffffff", "key: key '0x1ffffffff': keys go up to 0xffffffff", 4),
        ("locked=maybe", "locked: 'maybe' is neither yes nor no", 7),
        ("mode=0888", "mode: '0888' is not a mode: write it in octal, 0600", 5),
        ("pid>5", "pid goes with = and != only", 4),
        ("pid~5", "pid goes with = and != only", 4),
        ("pid=daemon", "pid: 'daemon' is not a number", 4),
        ("pid=never", "pid: 'never' is not a number", 4),
        ("age~1", "age goes with = != < > <= >= only", 4),
        ("attach_time<never", "never goes with = and != only", 12),
        ("attach_time>0001-01-01", "attach_time: '0001-01-01' is not a time", 12),
        ("owner='ops", "the quote is not closed", 6),
        ("'ops", "the quote is not closed", 0),
        ("and size>1", "a term is missing before `and`", 0),
        ("size>1 and", "a term is missing after `and`", 10),
        ("size>1 and and nattch=0", "a term is missing after `and`", 11),
    ],
)
def test_what_is_not_understood_is_said_with_its_place(
    expr: str, message: str, position: int
) -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter(expr)
    assert str(caught.value).startswith(message)
    assert caught.value.position == position


def test_only_a_filter_by_age_changes_its_answer_with_the_time() -> None:
    assert compile_filter("owner=ops !AGE>1h age<=2d").ages == {3600.0, 172800.0}
    assert not compile_filter("owner=ops age change_time>2020-01-01").ages


@pytest.mark.parametrize("expr", ["pid=1", "command~x", "x"])
def test_who_asks_for_holders_says_so(expr: str) -> None:
    assert "command" in compile_filter(expr).columns


SIGNS = ["=", "!=", "<", ">", "<=", ">=", "~", "!", "and", "'", '"', " ", "\t"]
VALUES = ["1", "64K", "1h", "never", "0x5", "private", "yes", "2026-01-01"]
fragments = st.lists(st.sampled_from([*COLUMNS, "pid", *SIGNS, *VALUES])).map("".join)


@given(st.text() | fragments)
def test_nothing_that_is_typed_raises_anything_but_a_filter_error(expr: str) -> None:
    with contextlib.suppress(FilterError):
        compiled = compile_filter(expr)
        assert all(compiled.matches(row) in (True, False) for row in ALL.values())


@given(st.text() | fragments)
def test_an_error_has_a_place_within_the_expression_and_words_safe_to_print(expr: str) -> None:
    try:
        compile_filter(expr)
    except FilterError as error:
        caught = error
    else:
        return
    assert 0 <= caught.position <= len(expr)
    assert str(caught).isprintable()


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
SIZES = ("size", "rss", "swap")
few = st.integers(0, 4)
made_rows = st.builds(
    lambda size, rss, swap, owner: made.row(size=size, rss=rss, swap=swap, owner=owner),
    few,
    st.none() | few,
    few,
    st.sampled_from(["ops", "Op", "root"]),
)
size_terms = st.tuples(st.sampled_from(SIZES), st.sampled_from(list(OPERATORS)), few)
owner_terms = st.tuples(
    st.just("owner"), st.sampled_from(list(OPERATORS)), st.sampled_from(["op", "OPS", "root"])
)


def naive(row: Row, column: str, op: str, wanted: Any) -> bool:
    value = COLUMNS[column].get(row)
    if value is None:
        return op == "!="
    if isinstance(value, str):
        value, wanted = value.lower(), wanted.lower()
    return OPERATORS[op](value, wanted)


@given(
    made_rows, st.lists(st.tuples(st.booleans(), size_terms | owner_terms), max_size=4), st.data()
)
def test_a_filter_agrees_with_a_naive_evaluation(
    row: Row, terms: list[tuple[bool, tuple[str, str, Any]]], data: st.DataObject
) -> None:
    space = data.draw(st.sampled_from(["", " "]))
    joint = data.draw(st.sampled_from([" ", " and ", "  AND "]))
    expr = joint.join(
        f"{'!' if negated else ''}{column}{space}{op}{space}{wanted}"
        for negated, (column, op, wanted) in terms
    )
    expected = all(naive(row, *term) is not negated for negated, term in terms)
    assert compile_filter(expr).matches(row) is expected
