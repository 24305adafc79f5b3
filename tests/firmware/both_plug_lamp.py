"""Lamps told from daylight, and how high the sun stands; under both interpreters."""

from anbu_wire.messages import LIGHT_STEP
from careplug.sun import HORIZON, ONE, sine, solar_day, solar_minute
from tests.firmware.one_plug import HOUR, MIDNIGHT_S, MIN, NOON_S, Rig, S

_DAY_S = 86_400


def _up(day_s: int, minute: int) -> bool:
    """Whether the sun is up in Seoul at that minute (UTC+9) of that day."""
    return bool(sine(day_s - 9 * 3600 + minute * 60, 38, 212) > HORIZON)


def test_the_sun_rises_and_sets_as_the_almanac_says() -> None:
    """Seoul 2026: 21 June 05:11–19:57, 21 December 07:43–17:17, within five minutes."""
    for day, rises, sets in ((9_668, 311, 1_197), (9_851, 463, 1_037)):
        day_s = day * _DAY_S
        assert not _up(day_s, rises - 5)
        assert _up(day_s, rises + 5)
        assert _up(day_s, sets - 5)
        assert not _up(day_s, sets + 5)


def test_far_north_the_sun_stays_up_and_stays_down() -> None:
    """At 70° N in June no minute is dark, in December none is light; no angle is out of range."""
    for day, up in ((9_668, True), (9_851, False)):
        heights = [sine(day * _DAY_S + minute * 60, 70, 720) for minute in range(0, 1440, 7)]
        assert all((height > HORIZON) == up for height in heights)
        assert all(-ONE <= height <= ONE for height in heights)


def test_the_solar_day_turns_at_solar_midnight() -> None:
    """In Seoul at 00:32 by the clock, on average: noon is minute 720."""
    turn_s = 9_800 * _DAY_S + (212 + 720) * 60
    assert solar_minute(turn_s, 212) == 0
    assert solar_minute(turn_s - 1, 212) == 1439
    assert solar_day(turn_s, 212) == solar_day(turn_s - 1, 212) + 1


def _steps(rig: Rig) -> "list[int]":
    return [value for _, value in rig.of(LIGHT_STEP)]


def test_in_the_dark_a_lamp_is_a_step_up_and_a_step_down() -> None:
    """Told after five seconds, once each; 0 lx is told as −1."""
    rig = Rig(MIDNIGHT_S).shine(0, 10 * S).shine(150, 4 * S)
    assert _steps(rig) == []
    rig.shine(150, 2 * S)
    assert _steps(rig) == [150]
    rig.shine(150, HOUR, S).shine(0, HOUR, S)
    assert _steps(rig) == [150, -1]


def test_in_the_dark_from_twenty_lux_and_from_double_on() -> None:
    """Up to 19 lx or less than double is nothing; 20 lx, double and half are."""
    for levels, steps in (
        ((0, 19), []), ((0, 20), [20]), ((100, 199), []), ((100, 200), [200]),
        ((200, 101), []), ((200, 100), [-100]), ((60, 10), [-10]),
    ):  # fmt: skip
        rig = Rig(MIDNIGHT_S)
        for level in levels:
            rig.shine(level, 2 * MIN, 2 * S)
        assert _steps(rig) == steps, levels


def test_what_passes_by_is_no_lamp() -> None:
    """Headlights of four seconds, lightning of half a one: nothing."""
    rig = Rig(MIDNIGHT_S).shine(2, 10 * S)
    for lasts_ms in (4 * S, 500):
        rig.shine(300, lasts_ms).shine(2, MIN)
    assert _steps(rig) == []


def test_a_lamp_that_fades_up_is_one_step() -> None:
    """Three seconds from 5 to 110 lx; ten seconds of a slow lamp: one each."""
    for part_ms in (500, 1500):
        rig = Rig(MIDNIGHT_S).shine(5, MIN)
        for level in (10, 20, 40, 60, 80, 100):
            rig.shine(level, part_ms)
        rig.shine(110, 5 * MIN)
        assert len(_steps(rig)) == 1


def test_a_light_that_never_rests_is_no_hand() -> None:
    """A television in the dark, three hours: twelve steps at the most; then a lamp counts again."""
    rig = Rig(MIDNIGHT_S).shine(5, MIN, S)
    for _ in range(3 * 60):
        rig.shine(60, 30 * S, S).shine(5, 30 * S, S)
    assert len(_steps(rig)) == 12
    rig.shine(5, 2 * HOUR, S).shine(150, MIN, S).shine(5, HOUR, S)
    assert _steps(rig)[12:] == [150, -5]


def test_a_lamp_that_is_switched_often_is_told_each_time() -> None:
    """Every ten minutes, all night."""
    rig = Rig(MIDNIGHT_S).shine(5, MIN, S)
    for _ in range(18):
        rig.shine(150, 10 * MIN, S).shine(5, 10 * MIN, S)
    assert len(_steps(rig)) == 36


def test_dusk_and_dawn_are_no_lamp() -> None:
    """Light that halves every four minutes, down from 400 lx after sunset and up again: nothing."""
    rig = Rig(NOON_S + 6 * 3600)  # 18:00, the sun set at half past five
    levels = [max(1, int(400 * 0.5 ** (minute / 4))) for minute in range(60)]
    for level in levels + list(reversed(levels)):
        rig.shine(level, MIN, S)
    assert _steps(rig) == []


def test_in_daylight_only_a_sharp_step_between_calm_levels_counts() -> None:
    """A lamp's half second counts; a cloud's ramp of ten seconds, however deep, does not."""
    rig = Rig().shine(100, MIN).shine(400, MIN)
    assert _steps(rig) == [400]
    cloud = Rig().shine(400, MIN)
    ramp = (350, 300, 260, 210, 170, 140, 120, 100, 90, 80)
    for level in list(ramp) + list(reversed(ramp)):
        cloud.shine(level, S)
    assert _steps(cloud.shine(400, MIN)) == []
    drifts_after = Rig().shine(100, MIN).shine(210, S)
    for level in (240, 280, 320, 380, 420, 480):
        drifts_after.shine(level, S)
    assert _steps(drifts_after.shine(480, 2 * S)) == []
    drifts_before = Rig().shine(400, MIN).shine(350, S).shine(300, S).shine(260, S)
    assert _steps(drifts_before.shine(120, MIN)) == []


def test_a_reading_in_which_the_lamp_goes_on_is_a_mixture() -> None:
    """By day, a reading a second: a sensor gathers light for 0.7 s of it, switched or not."""
    for before, after in ((30, 300), (100, 400), (300, 30), (400, 0)):
        for tenths in range(11):
            mixed = before + (after - before) * tenths // 10
            rig = Rig().shine(before, MIN, S).shine(mixed, S, S).shine(after, MIN, S)
            assert _steps(rig) == [after if after > before else -max(1, after)], (before, mixed)


def test_in_daylight_readings_more_than_a_second_apart_tell_nothing() -> None:
    """A minute series by day, from 100 to 400 lx in one minute: may be a cloud."""
    assert _steps(Rig().shine(100, HOUR, 30 * S).shine(400, HOUR, 30 * S)) == []


def test_without_a_clock_only_the_sharp_step_counts() -> None:
    """At night or not is unknown: the slow one is not told, the sharp one is."""
    rig = Rig(MIDNIGHT_S, wall=False).shine(0, MIN, 2 * S).shine(100, MIN, 2 * S)
    assert _steps(rig) == []
    assert _steps(rig.shine(100, 10 * S).shine(0, 10 * S)) == [-1]


def test_a_dark_room_under_a_low_sun_sees_its_lamp() -> None:
    """The sun set five minutes ago or is up by 3°: 5 → 300 lx counts, 25 → 300 lx does not."""
    for before, steps in ((5, [300]), (25, [])):
        rig = Rig(NOON_S + (17 * 60 + 10 - 720) * 60)  # 17:10, sunset 17:30
        rig.shine(before, 5 * MIN, 2 * S).shine(300, MIN, 2 * S)
        assert _steps(rig) == steps
    noon = Rig().shine(5, 5 * MIN, 2 * S).shine(300, MIN, 2 * S)
    assert _steps(noon) == []


def test_a_gap_in_the_readings_compares_nothing() -> None:
    """Two minutes without the sensor: what changed meanwhile is not told."""
    rig = Rig(MIDNIGHT_S).shine(0, MIN)
    rig.up_ms += 2 * MIN
    assert _steps(rig.shine(200, MIN)) == []
