"""How far a long act is, in the words that the screen and the command line share."""

from shmtui.present.progress import pace_words, share_words


def test_a_share_is_rounded_down_so_that_100_means_done() -> None:
    assert share_words(999, 1000) == "99 %"
    assert share_words(1000, 1000) == "100 %"
    assert share_words(0, 0) == "0 %"


def test_what_is_not_known_yet_is_left_out() -> None:
    assert pace_words(0.0, None) == []
    assert pace_words(1024.0, None) == ["1.0K/s"]


def test_the_time_left_is_told_to_the_second_however_long_it_is() -> None:
    assert pace_words(1.0, 8.4) == ["1/s", "8 s left"]
    assert pace_words(1.0, 125.0) == ["1/s", "2:05 left"]
    assert pace_words(1.0, 3725.4) == ["1/s", "1:02:05 left"]
