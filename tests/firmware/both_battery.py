"""pillbox.battery, under CPython and MicroPython: days left, warnings, when writing stops."""

from pillbox.battery import DAYS_MOST, DAYS_UNKNOWN, PERCENT_UNKNOWN, Battery, brown_out

HOUR_MS = 3_600_000


def _drained(hours_each: int, first: int = 90, last: int = 60) -> "tuple[Battery, int]":
    battery = Battery()
    now_ms = 0
    for percent in range(first, last - 1, -1):
        battery.sample(now_ms, percent, False)
        now_ms += hours_each * HOUR_MS
    return battery, now_ms - hours_each * HOUR_MS


def test_days_left_follow_the_falling_percents() -> None:
    """60 % left at 4 h a percent are ten days."""
    battery, now_ms = _drained(4)
    assert battery.days_left(now_ms) == 10


def test_nothing_is_said_before_two_percents_went_by() -> None:
    """One look, or a percent whose beginning nobody saw, is no measurement."""
    battery = Battery()
    assert battery.days_left(0) == DAYS_UNKNOWN
    battery.sample(0, 90, False)
    battery.sample(HOUR_MS, 89, False)
    assert battery.days_left(HOUR_MS) == DAYS_UNKNOWN
    battery.sample(3 * HOUR_MS, 88, False)
    assert battery.days_left(3 * HOUR_MS) == 88 * 2 // 24


def test_the_mean_moves_by_a_quarter() -> None:
    """One hungry percent does not make ten days into one, ten of them do."""
    battery, now_ms = _drained(4)
    battery.sample(now_ms + 4 * HOUR_MS, 59, False)
    battery.sample(now_ms + 4 * HOUR_MS + HOUR_MS // 2, 58, False)
    assert 6 <= battery.days_left(now_ms + 5 * HOUR_MS) <= 8


def test_a_percent_that_lasts_says_that_less_is_drawn() -> None:
    """Days left rise while the gauge stands still, up to a bound."""
    battery, now_ms = _drained(4)
    assert battery.days_left(now_ms + 400 * HOUR_MS) > 60
    assert battery.days_left(now_ms + 10**9 * HOUR_MS) <= DAYS_MOST


def test_another_cell_begins_anew() -> None:
    """A jump of the gauge is no time: what was measured before is forgotten."""
    battery, now_ms = _drained(4)
    battery.sample(now_ms + HOUR_MS, 100, False)
    assert battery.days_left(now_ms + HOUR_MS) == DAYS_UNKNOWN


def test_a_gauge_that_does_not_answer_changes_nothing() -> None:
    """255 percent is no percent."""
    battery, now_ms = _drained(4)
    assert not battery.sample(now_ms, PERCENT_UNKNOWN, False)
    assert battery.days_left(now_ms) == 10


def _warnings(percents: "list[int]", hours_each: int = 24) -> "list[int]":
    battery = Battery()
    said = []
    for place, percent in enumerate(percents):
        if battery.sample(place * hours_each * HOUR_MS, percent, False):
            said.append(percent)
    return said


def test_each_step_is_warned_of_once() -> None:
    """At 20, 10 and 5 percent, however often it is looked at; two days before the end too."""
    falling = [percent for percent in range(24, 3, -1) for _ in range(3)]
    assert _warnings(falling) == [20, 10, 5]


def test_a_gauge_at_the_border_does_not_warn_for_ever() -> None:
    """20 and 21 percent in turn are one warning; charged well above it, it may come again."""
    assert _warnings([22, 21, 20, 21, 20, 21, 20]) == [20]
    assert _warnings([20, 60, 58, 20]) == [20, 20]
    assert _warnings([22, 18, 24, 20]) == [18]  # settling upwards a little is no charging


def test_two_days_before_the_end_it_is_said() -> None:
    """A fast drain is warned of by days, long before 20 percent."""
    said = _warnings(list(range(90, 40, -1)), hours_each=1)
    assert len(said) == 1
    assert said[0] in range(47, 73), said  # less than three days


def test_on_mains_nothing_is_warned_of() -> None:
    """It is being charged."""
    battery = Battery()
    assert not battery.sample(0, 3, True)
    assert battery.days_left(0) == DAYS_UNKNOWN


def test_brown_out_stops_and_comes_back_with_a_margin() -> None:
    """Below 3.2 V nothing is written, from 3.35 V on again; in between as before."""
    assert not brown_out(False, 3_250, False, False)
    assert brown_out(False, 3_199, False, False)
    assert brown_out(True, 3_250, False, False)
    assert not brown_out(True, 3_350, False, False)


def test_brown_out_believes_the_boards_own_line_first() -> None:
    """The line counts on mains and with a dead gauge too; without it mains is enough."""
    assert brown_out(False, 0, True, True)
    assert brown_out(False, 4_100, False, True)
    assert not brown_out(False, 0, False, False)
    assert not brown_out(True, 3_000, True, False)
