"""Names of users and groups."""

import grp
import os
import pwd

from shmtui.sysv.users import group_name, user_name

NOBODYS_NUMBER = 3_999_999_999


def test_a_known_number_has_its_name() -> None:
    assert user_name(0) == pwd.getpwuid(0).pw_name
    assert group_name(os.getegid()) == grp.getgrgid(os.getegid()).gr_name


def test_a_number_that_nobody_has_is_shown_as_it_is() -> None:
    assert user_name(NOBODYS_NUMBER) == str(NOBODYS_NUMBER)
    assert group_name(NOBODYS_NUMBER) == str(NOBODYS_NUMBER)
