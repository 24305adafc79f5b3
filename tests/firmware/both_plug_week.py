"""Loads that look automatic: refrigerators, kettles, their nights; under both interpreters.

The week is fed minute by minute; the plug as a whole by bench days of ten-second samples.
"""

from anbu_wire.messages import ACTIVITY, ENERGY, LOAD_OFF, LOAD_ON, LOAD_PERIODIC
from careplug.automatic import BYTES, LOOKS_AUTOMATIC, LOOKS_HUMAN, NO_VERDICT, Week
from tests.firmware.one_plug import HOUR, MIDNIGHT_S, MIN, Rig, S

_DAY_MIN = 1440
_NOON_MIN = 212  # UTC, Seoul


class _Feed:
    """A week and the minutes that went by; `said`: (day, verdict)."""

    def __init__(self) -> None:
        self.week = Week()
        self.minute = 0
        self.said: "list[tuple[int, int]]" = []

    def days(self, days: int, rises: "set[int]", seen: "tuple[int, int]" = (0, _DAY_MIN)) -> None:
        """`rises`: minutes of each day, from solar midnight; `seen`: from when to when."""
        midnight_s = MIDNIGHT_S + 32 * 60
        for _ in range(days * _DAY_MIN):
            of_day = self.minute % _DAY_MIN
            if seen[0] <= of_day < seen[1]:
                wall_s = midnight_s + self.minute * 60
                rose = of_day in rises
                verdict = self.week.sample(self.minute * MIN, wall_s, _NOON_MIN, rose)
                if verdict != NO_VERDICT:
                    self.said.append((self.minute // _DAY_MIN, verdict))
            self.minute += 1


def _fridge(every_min: int = 45, by_min: int = 6) -> "set[int]":
    """Beginnings of a compressor: every so often, give or take."""
    return {minute + (minute * 7) % by_min for minute in range(0, _DAY_MIN - 10, every_min)}


_KETTLE = {7 * 60, 7 * 60 + 40, 12 * 60 + 10, 15 * 60, 18 * 60 + 30, 21 * 60}


def test_a_refrigerator_is_told_once_after_seven_days() -> None:
    """At the end of the seventh day; not again while it runs."""
    feed = _Feed()
    feed.days(20, _fridge())
    assert feed.said == [(7, LOOKS_AUTOMATIC)]


def test_a_kettle_never_looks_automatic() -> None:
    """Its intervals differ and its nights are quiet."""
    feed = _Feed()
    feed.days(30, _KETTLE)
    assert feed.said == []


def test_regular_by_day_alone_or_irregular_by_night_is_human() -> None:
    """Each half of the rule alone does not suffice."""
    by_day = {minute for minute in _fridge() if minute >= 5 * 60}
    nightly = _Feed()
    nightly.days(15, {65, 70, 75, 80, 82, 90, 200, 600, 610, 1_300, 1_310, 1_315, 1_320, 1_321})
    daily = _Feed()
    daily.days(15, by_day)
    assert (daily.said, nightly.said) == ([], [])


def test_two_quiet_nights_end_it_and_the_week_begins_anew() -> None:
    """The plug moved from the refrigerator to the kettle: human after two days, for good."""
    feed = _Feed()
    feed.days(8, _fridge())
    feed.days(20, _KETTLE)
    assert feed.said == [(7, LOOKS_AUTOMATIC), (10, LOOKS_HUMAN)]
    feed.days(10, _fridge())
    assert [verdict for _, verdict in feed.said[2:]] == [LOOKS_AUTOMATIC]


def test_a_refrigerator_that_stands_still_for_two_days_is_none_any_more() -> None:
    """No beginning at all for two days."""
    feed = _Feed()
    feed.days(8, _fridge())
    feed.days(4, set())
    assert feed.said[1:] == [(10, LOOKS_HUMAN)]


def test_half_seen_days_are_not_judged() -> None:
    """Twelve hours a day seen: never six days of seven; an unknown clock: never."""
    feed = _Feed()
    feed.days(20, _fridge(), (0, 720))
    assert feed.said == []
    week = Week()
    blind = [week.sample(m * MIN, 0, _NOON_MIN, m % 45 == 0) for m in range(10 * _DAY_MIN)]
    assert blind == [NO_VERDICT] * len(blind)


def test_what_was_seen_without_a_clock_is_not_counted_when_there_is_one() -> None:
    """Ten days of a refrigerator at an unknown time, then eight at a known one: told as always."""
    feed = _Feed()
    for minute in range(-10 * _DAY_MIN, 0):
        feed.week.sample(minute * MIN, 0, _NOON_MIN, minute % 45 == 0)
    feed.days(8, _fridge())
    assert feed.said == [(7, LOOKS_AUTOMATIC)]


def test_each_day_is_judged_by_its_own_week() -> None:
    """A restless sleeper for thirty days, then a refrigerator: told within its first week."""
    feed = _Feed()
    feed.days(30, {65, 70, 75, 80, 82, 90, 200, 600, 610, 1_300})
    assert feed.said == []
    feed.days(7, _fridge())
    feed.days(1, _fridge())
    assert len(feed.said) == 1
    assert feed.said[0][0] <= 33


def test_a_restart_every_day_changes_no_verdict() -> None:
    """What `saved` gives, given back, goes on as if nothing had been."""
    feed = _Feed()
    for _ in range(8):
        feed.days(1, _fridge())
        now_ms = feed.minute * MIN
        saved, days = feed.week.saved(now_ms), bytearray(BYTES)
        feed.week.save_days(days, 0)
        feed.week = Week()
        feed.week.restore(saved, bytes(days), now_ms)
    assert feed.said == [(7, LOOKS_AUTOMATIC)]


def test_while_it_looks_automatic_the_plug_tells_no_load_but_its_energy() -> None:
    """The open bout ends before LOAD_PERIODIC 1; then no LOAD_*, no minutes, but Wh.

    So over a restart, from the log alone.
    """
    rig = Rig(MIDNIGHT_S)
    while not rig.of(LOAD_PERIODIC) and rig.up_ms < 8 * 24 * HOUR:
        rig.run(0, 27 * MIN, 30 * S).run(90, 18 * MIN, 30 * S)
    assert [kind for kind, _ in rig.bouts] == [LOAD_ON, LOAD_OFF]
    assert rig.of(LOAD_OFF, LOAD_PERIODIC)[-1] == (LOAD_PERIODIC, 1)
    rig.restart()
    assert rig.plug.periodic
    before = len(rig.log)
    wh = rig.plug.energy_wh
    rig.run(0, 90 * MIN, 5 * S).run(90, 90 * MIN, 5 * S)
    assert {record.kind for record in rig.log[before:]} == {ENERGY, ACTIVITY}
    assert all(minutes == 0 for _, minutes in rig.of(ACTIVITY)[-2:])
    assert 134 <= rig.plug.energy_wh - wh <= 136
