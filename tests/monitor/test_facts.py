"""Facts from poll to poll where processes do what they cannot be made to do, and memory."""

import tracemalloc

from shmtui.monitor.diagnosis import Word
from shmtui.monitor.facts import Ledger
from shmtui.sysv.processes import Process
from shmtui.sysv.segment import Identity, Segment
from tests.monitor.fakes import FakeProcessTable

NOW = 1_700_000_000
ROOT, OPS = 0, 1000
CPID = 501
IDENTITY = Identity(1, 7, CPID, OPS, 4096)
ROW = Segment(IDENTITY, 0xCEA, 0o600, 502, 0, OPS, 0, 0, NOW, NOW, NOW, 0, 0)
STRANGER = Process(CPID, NOW + 60, ROOT, "stranger", "")


def take(ledger: Ledger, *rows: Segment) -> None:
    """A poll that brings these rows."""
    difference = ledger.difference({row.identity: row for row in rows})
    ledger.update(difference, {row.identity: row for row in difference.fresh})


def test_a_dead_creators_pid_that_a_stranger_gets_changes_the_reasons() -> None:
    processes = FakeProcessTable()
    ledger = Ledger(processes)
    take(ledger, ROW)
    before = ledger.facts[IDENTITY]
    processes.processes[CPID] = STRANGER
    take(ledger, ROW)
    after = ledger.facts[IDENTITY]
    assert before.verdict.word is after.verdict.word is Word.ORPHAN
    assert "stranger" in after.verdict.reasons[0]
    assert (after.creator, after.creator_alive) == (None, False)


def test_a_process_that_makes_no_difference_leaves_the_very_same_facts() -> None:
    processes = FakeProcessTable()
    ledger = Ledger(processes)
    row = ROW._replace(nattch=1)
    take(ledger, row)
    before = ledger.facts[IDENTITY]
    processes.processes[CPID] = STRANGER
    take(ledger, row)
    assert ledger.facts[IDENTITY] is before


def test_facts_of_an_earlier_poll_stay_as_they_were() -> None:
    ledger = Ledger(FakeProcessTable())
    take(ledger, ROW)
    before = ledger.facts
    take(ledger, ROW._replace(nattch=2))
    assert before[IDENTITY].segment is ROW
    assert ledger.facts[IDENTITY].segment.nattch == 2


def test_people_and_segments_that_went_are_forgotten() -> None:
    ledger = Ledger(FakeProcessTable())

    def churn(first: int) -> None:
        for pid in range(first, first + 2000):
            take(ledger, ROW._replace(identity=IDENTITY._replace(cpid=pid)))
            take(ledger, ROW._replace(lpid=pid))
            take(ledger, ROW._replace(lpid=pid + 1_000_000))

    churn(1000)
    tracemalloc.start()
    churn(10_000)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 50_000
