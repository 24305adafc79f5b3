"""A schedule that a box does not take for a day worries, once, until the box has caught up."""

from __future__ import annotations

from gateway.events import ScheduleOnBox
from gateway.home import Home
from gateway.household import Household
from gateway.prescription.schedule import make_schedule
from gateway.rules import schedule_stale
from gateway.rules.worry import WorryKind
from tests.gateway.home_facts import BOX, at, begun

DAY_MS = 86_400_000
NOON = at("12:00")


def remade(home: Home, now_ms: int) -> Household:
    """The gateway's daily look: a new version, which nobody reads back."""
    made = make_schedule(home.household, BOX, now_ms)
    assert made is not None
    home.fold(made)
    return home.household


def read_back(home: Home, now_ms: int) -> None:
    """The box reads back the newest."""
    belief = home.household.devices[BOX]
    home.fold(ScheduleOnBox(now_ms, BOX, belief.version_made, belief.crc_made))


def keys(home: Home, now_ms: int) -> list[str]:
    """What worries, by key."""
    return [worry.key for worry in schedule_stale.worries(home.household, now_ms)]


def test_a_day_without_reading_back_worries_to_the_millisecond() -> None:
    """Not a moment earlier, and the rule says beforehand when that is."""
    home = begun(NOON)
    made_ms = NOON + DAY_MS
    household = remade(home, made_ms)
    due_ms = made_ms + DAY_MS
    assert schedule_stale.next_deadline(household, made_ms) == due_ms
    assert keys(home, due_ms - 1) == []
    (worry,) = schedule_stale.worries(household, due_ms)
    assert (worry.kind, worry.key) == (WorryKind.SCHEDULE_STALE, f"schedule/{BOX}/2")
    assert (worry.person_id, worry.due_ms) == ("soonja", due_ms)
    assert schedule_stale.next_deadline(household, due_ms) is None


def test_each_day_has_a_new_version_and_it_stays_one_worry() -> None:
    """Though no single version is a day old, the box runs the old one ever since."""
    home = begun(NOON)
    for day in range(1, 5):
        remade(home, NOON + day * DAY_MS)
    assert keys(home, NOON + 4 * DAY_MS) == [f"schedule/{BOX}/2"]
    read_back(home, NOON + 4 * DAY_MS)
    assert keys(home, NOON + 9 * DAY_MS) == []


def test_an_older_version_read_back_late_leaves_the_newer_one_waiting() -> None:
    """What counts from then on is the first that is still missing."""
    home = begun(NOON)
    second = remade(home, NOON + DAY_MS).made[BOX]
    remade(home, NOON + 2 * DAY_MS)
    home.fold(ScheduleOnBox(NOON + 2 * DAY_MS, BOX, second.version, second.crc))
    assert keys(home, NOON + 3 * DAY_MS - 1) == []
    assert keys(home, NOON + 3 * DAY_MS) == [f"schedule/{BOX}/3"]
    assert schedule_stale.is_stale(home.household, BOX, NOON + 3 * DAY_MS)
    assert not schedule_stale.is_stale(home.household, "AB-000009", NOON + 3 * DAY_MS)


def test_a_box_that_never_took_one_worries_too() -> None:
    """Also before the first reading back, and not of a home without a roster."""
    home = begun(NOON)
    never = Home()
    assert schedule_stale.worries(never.household, NOON) == []
    never.household.roster = home.household.roster
    remade(never, NOON)
    assert keys(never, NOON + DAY_MS) == [f"schedule/{BOX}/1"]
