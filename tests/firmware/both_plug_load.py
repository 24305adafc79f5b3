"""Loads that a person switches: thresholds, standby, ghosts, bouts; under both interpreters."""

from anbu_wire.messages import LOAD_OFF, LOAD_ON
from careplug.load import Load
from tests.firmware.one_plug import HOUR, MIN, Rig, S


def test_a_kettle_is_one_bout_told_at_its_beginning_and_after_its_end() -> None:
    """LOAD_ON within two samples, with its watts; LOAD_OFF half an hour after it was last on."""
    rig = Rig().run(0, 10 * S).run(1800, 2 * S)
    assert rig.bouts == [(LOAD_ON, 1800)]
    rig.run(1800, 3 * MIN).run(0, 29 * MIN)
    assert rig.bouts == [(LOAD_ON, 1800)]
    rig.run(0, 2 * MIN)
    assert rig.bouts == [(LOAD_ON, 1800), (LOAD_OFF, 3)]
    assert rig.run(0, 2 * HOUR).bouts == [(LOAD_ON, 1800), (LOAD_OFF, 3)]
    assert rig.plug.loads == 1


def test_bouts_less_than_half_an_hour_apart_are_one() -> None:
    """29 minutes merge, 31 do not; the minutes go from the first on to the last."""
    rig = Rig().run(0, 10 * S)
    for pause_min in (29, 29, 31):
        rig.run(1000, 2 * MIN).run(0, pause_min * MIN)
    assert rig.bouts == [(LOAD_ON, 1000), (LOAD_OFF, 64)]
    rig.run(500, 2 * MIN).run(0, 31 * MIN)
    assert rig.bouts[2:] == [(LOAD_ON, 500), (LOAD_OFF, 2)]


def test_what_runs_when_the_watch_begins_is_no_crossing() -> None:
    """A load that is on at the first look is not told, its next beginning is."""
    rig = Rig().run(100, 2 * HOUR).run(0, HOUR)
    assert rig.bouts == []
    assert rig.run(100, 5 * S).bouts == [(LOAD_ON, 100)]


def test_less_than_six_watts_is_nothing_and_around_six_it_does_not_flicker() -> None:
    """5.9 W is off; 6.1 W is on and stays on down to half of it."""
    load = Load()
    events = []
    for i, mw in enumerate([0] * 3 + [5_900, 6_000] * 50 + [6_100] * 3 + [4_000] * 50):
        events += load.sample(i * S, mw)
    assert events == [(LOAD_ON, 6)]


def test_standby_is_learnt_within_the_first_hour_and_lifts_the_threshold() -> None:
    """12 W of standby: 15.6 W and more is on, 15 W is not; a threshold never lies below 6 W."""
    rig = Rig().run(12, 61 * MIN)
    assert rig.plug.threshold_w == 15
    rig.run(15, 10 * MIN)
    assert rig.bouts == []
    rig.run(17, 10 * MIN)
    assert rig.bouts == [(LOAD_ON, 17)]
    assert Rig().run(1, 61 * MIN).plug.threshold_w == 6


def test_a_television_that_runs_through_the_night_is_no_standby() -> None:
    """80 W for twelve hours after 3 W for three: its threshold stays far below; off is seen."""
    rig = Rig().run(3, 3 * HOUR, 10 * S).run(80, 12 * HOUR, 10 * S)
    assert rig.plug.threshold_w <= 20
    assert rig.plug.load_on
    rig.run(3, HOUR, 10 * S)
    assert [kind for kind, _ in rig.bouts] == [LOAD_ON, LOAD_OFF]
    assert rig.plug.threshold_w <= 9


def test_standby_is_the_tenth_of_all_minutes() -> None:
    """Off for a fifth of the time: it stays at that level, however long it runs between."""
    rig = Rig().run(10, 2 * HOUR, 10 * S)
    for _ in range(10):
        rig.run(200, 4 * HOUR, 10 * S).run(10, HOUR, 10 * S)
    assert 13 <= rig.plug.threshold_w <= 15


def test_ghosts_and_lone_jumps_are_not_believed() -> None:
    """9 kW at a small load, however often, and any lone sample: no event, no watts, no energy."""
    rig = Rig().run(0, 10 * S)
    for watts in (9_000, 11_000, 8_000, 9_500):
        rig.run(watts, S)
    for _ in range(10):
        rig.run(2_000, S).run(0, 3 * S)
    assert rig.bouts == []
    assert (rig.plug.power_mw, rig.plug.energy_wh) == (0, 0)
    rig.run(2_000, 5 * S)
    for _ in range(10):
        rig.run(0, S).run(2_000, 3 * S)
    rig.run(2_000, 50 * MIN)
    assert rig.bouts == [(LOAD_ON, 2_000)]


def test_a_mean_over_a_minute_given_twice_is_seen() -> None:
    """A microwave that fills one minute of a series by minutes is a load; given once it is not."""
    twice, once = Load(), Load()
    for minute in range(10):
        mw = 800_000 if minute == 6 else 0
        events = twice.sample(minute * MIN, mw) + twice.sample(minute * MIN + 30 * S, mw)
        assert [kind for kind, _ in events] == ([LOAD_ON] if minute == 6 else [])
        assert once.sample(minute * MIN, mw) == []


def test_a_meter_that_falls_silent_ends_the_bout_and_its_return_is_no_crossing() -> None:
    """Nobody saw the load for half an hour: over, nobody switched it off; still on: not again."""
    rig = Rig().run(0, 10 * S).run(1000, 10 * MIN)
    for _ in range(40):
        rig.up_ms += MIN
        rig.write(rig.plug.look(rig.uptime_ms, rig.wall_s))
    assert rig.bouts == [(LOAD_ON, 1000), (LOAD_OFF, 0)]
    rig.run(1000, 10 * MIN).run(0, HOUR)
    assert len(rig.bouts) == 2


def test_what_goes_on_while_the_meter_is_silent_was_switched_by_nobody() -> None:
    """A meter that lives on the mains is silent in a blackout: what runs then is no crossing."""
    rig = Rig().run(0, 10 * MIN)
    rig.up_ms += 8 * HOUR
    rig.write(rig.plug.look(rig.uptime_ms, rig.wall_s))
    assert rig.run(800, 10 * MIN).bouts == []
    assert rig.run(0, HOUR).run(800, 5 * S).bouts == [(LOAD_ON, 800)]


def test_a_load_that_was_left_on_is_no_sign_when_the_standby_has_grown_to_it() -> None:
    """A lamp, a heater, left on for days: the bout lasts no longer than to its last switching.

    Whoever counts its end as a sign of life must not be told one a day and a half after the last.
    """
    for watts, hours in ((60, 40), (1_500, 90)):
        rig = Rig().run(0, 2 * HOUR, 10 * S)
        rig.run(watts, 5 * MIN, 10 * S).run(0, 10 * MIN, 10 * S).run(watts, hours * HOUR, 10 * S)
        assert not rig.plug.load_on
        assert rig.bouts == [(LOAD_ON, watts), (LOAD_OFF, 15)]


def test_a_load_that_was_left_on_is_no_sign_when_the_power_is_cut() -> None:
    """On for twenty hours, then the power goes for two: nobody switched it off."""
    rig = Rig().run(0, HOUR).run(60, 20 * HOUR, 5 * S)
    rig.keep()
    rig.up_ms += 2 * HOUR
    rig.restart(power_on=True).run(0, HOUR)
    assert rig.bouts == [(LOAD_ON, 60), (LOAD_OFF, 0)]
