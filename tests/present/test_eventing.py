"""Events as lines and documents."""

from shmtui.monitor.event import Event, Kind
from shmtui.present.eventing import HEADINGS, TONES, event_document, event_line, line
from tests.present.made import NOW, facts

IDENTITY = facts(98306, size=1024).segment.identity
ATTACHED = Event(NOW + 0.5, Kind.ATTACHED, IDENTITY, 0xCEA, "0 → 1", 1234, "shmtui")
UNSEEN = Event(NOW, Kind.UNSEEN, None, None, "≈ 5 came and went unseen")


def test_what_happened_stands_under_its_headings() -> None:
    headings, told = line(HEADINGS), event_line(ATTACHED)
    for heading, word in (
        ("EVENT", "attached"),
        ("KEY", "0x00000cea"),
        ("ID", "98306"),
        ("PID", "1234"),
        ("COMMAND", "shmtui"),
        ("WHAT", "0 → 1"),
    ):
        assert headings.index(heading) == told.index(word)


def test_what_is_not_known_leaves_its_place_empty() -> None:
    assert event_line(UNSEEN).split(maxsplit=1)[1] == (
        "came and went" + " " * 47 + "≈ 5 came and went unseen"
    )


def test_a_process_cannot_control_the_terminal_by_its_name() -> None:
    told = event_line(ATTACHED._replace(command="\x1b[2J\n", words="\u202e"))
    assert r"\x1b[2J\x0a" in told
    assert told.isprintable()


def test_every_kind_has_a_tone() -> None:
    assert set(TONES) == set(Kind)


def test_the_document_has_real_types() -> None:
    document = event_document(ATTACHED)
    assert document.pop("time").startswith("2023-11-1")
    assert document == {
        "schema": 1,
        "event": "attached",
        "id": 98306,
        "key": 0xCEA,
        "key_hex": "0x00000cea",
        "size": 1024,
        "pid": 1234,
        "command": "shmtui",
        "words": "0 → 1",
    }


def test_the_document_says_null_where_nothing_is_known() -> None:
    document = event_document(UNSEEN)
    names = ("id", "key", "key_hex", "size", "pid", "command")
    assert [document[name] for name in names] == [None] * 6
