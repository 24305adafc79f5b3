"""Doses as needed: a compartment whose lid is the request; under both interpreters."""

from anbu_wire.messages import (
    LID_CLOSED,
    LID_OPENED,
    OPENED_NO_SLOT,
    OPENED_PRN,
    OPENED_PRN_TOO_MANY,
    OPENED_PRN_TOO_SOON,
    SLOT_PROMPTED,
)
from anbu_wire.schedule import Entry, Zone
from pillbox import signals
from tests.firmware.one_box import DAY, DUE_S, HOUR, LID, MIN, Bench, dose, kinds

PRN_LID = 27
INDEX = 9
KOREA = Zone(540, 0, 540)
LOCAL_DAY = 9560


def prn(
    spacing_min: int = 240, most: int = 3, from_s: int = DUE_S - DAY, until_day: int = 0
) -> Entry:
    """An as-needed compartment."""
    times = (0, 0, 0, 0, spacing_min, 0, 0, 0)
    return Entry((LOCAL_DAY - 1, INDEX), PRN_LID, from_s, *times, 0, 0, until_day, 0, most)


def _value(bench: Bench, ms: int = 2000) -> int:
    """Opens and shuts it; what the opening was."""
    opened, closed = bench.open_for(PRN_LID, ms)
    assert (opened[0], opened[1][1], closed[0]) == (LID_OPENED, INDEX, LID_CLOSED)
    return opened[3]


def test_a_request_in_time_is_taken_without_any_signal() -> None:
    """PRN with the local day; no prompt, no warning, no state, whatever else is due."""
    bench = Bench([prn(), dose()], zone=KOREA)
    bench.look()
    bench.walk(DUE_S + MIN)
    assert bench.lid(PRN_LID, True) == [(LID_OPENED, (LOCAL_DAY, INDEX), PRN_LID, OPENED_PRN)]
    assert bench.light(PRN_LID) == signals.DARK
    assert bench.sound() == signals.SOFT
    assert bench.walk(DUE_S + 2 * MIN) == []
    assert bench.light(LID) == signals.TAKE


def test_too_soon_and_too_many_are_warned_of() -> None:
    """The spacing to the second; the daily maximum until local midnight, not UTC's."""
    bench = Bench([prn(most=2)], DUE_S, KOREA)  # 13:30 in Korea
    bench.look()
    assert _value(bench) == OPENED_PRN
    bench.walk(DUE_S + 4 * HOUR - 1)
    opened = bench.lid(PRN_LID, True)
    assert opened[0][3] == OPENED_PRN_TOO_SOON
    assert (bench.light(PRN_LID), bench.sound()) == (signals.WRONG_LID, signals.WARN)
    bench.lid(PRN_LID, False)
    bench.walk(DUE_S + 4 * HOUR)
    assert _value(bench) == OPENED_PRN
    midnight_s = DUE_S + 10 * HOUR + 30 * MIN
    bench.walk(midnight_s - 1)
    assert _value(bench, 500) == OPENED_PRN_TOO_MANY
    bench.wait(1000)
    assert _value(bench) == OPENED_PRN


def test_a_refused_opening_counts_only_when_it_stays_open_for_more_than_ten_seconds() -> None:
    """Looked into and shut: as if it had not been; kept open: the interval begins anew."""
    for ms, later in ((10_000, OPENED_PRN), (10_001, OPENED_PRN_TOO_SOON)):
        for restarts in (False, True):
            bench = Bench([prn()], DUE_S)
            bench.look()
            assert _value(bench) == OPENED_PRN
            bench.walk(DUE_S + 3 * HOUR)
            assert _value(bench, ms) == OPENED_PRN_TOO_SOON
            bench.walk(DUE_S + 4 * HOUR + 2)
            if restarts:
                bench.restart()
                bench.look()
            assert _value(bench) == later, (ms, restarts)


def test_a_refused_lid_that_stays_open_counts_at_a_look() -> None:
    """Not only at its closing."""
    bench = Bench([prn(most=2)], DUE_S)
    bench.look()
    _value(bench)
    bench.lid(PRN_LID, True)
    bench.walk(DUE_S + MIN)
    assert not bench.box._hands.prn.waiting
    bench.lid(PRN_LID, False)
    bench.walk(DUE_S + 8 * HOUR)
    assert _value(bench) == OPENED_PRN_TOO_MANY


def test_what_was_counted_is_known_after_a_restart() -> None:
    """Interval and daily maximum; a refused lid cut by the restart counts."""
    bench = Bench([prn(60, 2)], DUE_S)
    bench.look()
    _value(bench)
    bench.restart()
    bench.look()
    assert _value(bench) == OPENED_PRN_TOO_SOON
    bench.walk(DUE_S + 30 * MIN)
    bench.lid(PRN_LID, True)
    bench.open = 0
    bench.restart()
    bench.look()
    bench.walk(DUE_S + 61 * MIN)
    assert _value(bench) == OPENED_PRN_TOO_SOON
    bench.walk(DUE_S + 3 * HOUR)
    assert _value(bench) == OPENED_PRN_TOO_MANY


def test_a_clock_set_back_does_not_open_the_gate() -> None:
    """Half an hour back: still too soon; a year ahead and back: today's openings are remembered."""
    bench = Bench([prn(60, 2)], DUE_S)
    bench.look()
    _value(bench)
    bench.wall_s -= 30 * MIN
    bench.box.clock_jumped()
    bench.look()
    assert _value(bench) == OPENED_PRN_TOO_SOON
    bench.wall_s += 365 * DAY
    bench.box.clock_jumped()
    bench.look()
    assert _value(bench) == OPENED_PRN
    bench.wall_s += 3 * HOUR - 365 * DAY
    bench.box.clock_jumped()
    bench.look()
    assert _value(bench) == OPENED_PRN
    bench.walk(bench.wall_s + 2 * HOUR)
    assert _value(bench) == OPENED_PRN_TOO_MANY


def test_outside_its_days_it_is_a_lid_like_any_other() -> None:
    """Before it begins and after its last local day."""
    for from_s, until_day, at_s in ((DUE_S + 1, 0, DUE_S), (DUE_S - DAY, 9560, DUE_S + DAY)):
        bench = Bench([prn(from_s=from_s, until_day=until_day)], at_s, KOREA)
        bench.look()
        assert bench.lid(PRN_LID, True)[0][3] == OPENED_NO_SLOT


def test_it_is_never_prompted() -> None:
    """A day passes without a word about it."""
    bench = Bench([prn()], DUE_S)
    bench.look()
    assert SLOT_PROMPTED not in kinds(bench.walk(DUE_S + DAY, 60))


def test_a_refused_lid_shut_in_another_boot_counts_for_ever() -> None:
    """Open over a restart, shut soon after, and a restart again: still counted."""
    bench = Bench([prn(60, 2)], DUE_S)
    bench.look()
    _value(bench)
    bench.walk(DUE_S + 30 * MIN)
    bench.lid(PRN_LID, True)
    bench.restart(1, 0)
    bench.look()
    bench.wait(1000)
    bench.lid(PRN_LID, False)
    bench.restart(1, 0)
    bench.look()
    bench.walk(DUE_S + 61 * MIN)
    assert _value(bench) == OPENED_PRN_TOO_SOON
