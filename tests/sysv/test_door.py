"""The door to what may keep memory: shut, nobody is behind it."""

import threading

from shmtui.sysv.door import Door
from tests.waiting import wait_until


def test_shut_it_waits_for_who_is_behind_it_and_keeps_who_comes_until_it_opens() -> None:
    door, went, may_go = Door(), threading.Event(), threading.Event()

    def go_through() -> None:
        with door.through():
            went.set()
            may_go.wait(10.0)

    first = threading.Thread(target=go_through)
    first.start()
    assert went.wait(10.0)
    shutting = threading.Thread(target=door.shut, args=(10.0,))
    shutting.start()
    second = threading.Thread(target=go_through)
    assert shutting.is_alive()
    may_go.set()
    shutting.join(10.0)
    first.join(10.0)
    went.clear()
    second.start()
    assert second.is_alive()
    assert not went.is_set()
    door.open()
    wait_until(went.is_set, what="the second to go through")
    second.join(10.0)


def test_it_does_not_wait_for_ever() -> None:
    door = Door()
    with door.through():
        door.shut(0.01)
