"""pillbox.schedule.check: what the box believes of a schedule; under both interpreters."""

from anbu_wire.messages import OK, REFUSED_RANGE
from anbu_wire.schedule import DAY_S, UTC, Entry, Schedule, Zone
from pillbox.schedule import check
from tests.firmware.one_box import DUE_S, LIDS, SLOT, dose

FIELDS = (
    "slot", "compartment", "due_wall_s", "early_min", "window_min", "late_min", "skip_after_min",
    "spacing_min", "after_days", "after_index", "criticality", "every_days", "weekdays",
    "until_day", "step", "daily_max",
)  # fmt: skip
DAY = SLOT[0]


def _with(entry: Entry, **changes: object) -> Entry:
    """MicroPython's namedtuples have no _replace."""
    values = list(entry)
    for name, value in changes.items():
        values[FIELDS.index(name)] = value
    return Entry(*values)


def _check(*entries: Entry, zone: Zone = UTC) -> int:
    return check(Schedule(zone, list(entries)), LIDS)


RULE = _with(dose(), every_days=1)
PRN = _with(dose(windows=(0, 0, 0)), daily_max=3, spacing_min=240, until_day=DAY + 5)


def test_the_fields_are_in_the_order_of_the_entry() -> None:
    """This test's own names stand where the entry has them."""
    entry = Entry(*range(len(FIELDS)))
    assert [getattr(entry, name) for name in FIELDS] == list(range(len(FIELDS)))


def test_a_schedule_that_can_be_is_believed() -> None:
    """One-off, rule, as needed, and the ends of every range."""
    assert check(Schedule(UTC, []), LIDS) == OK
    assert _check(dose(), zone=Zone(-900, DUE_S, 900)) == OK
    for good in (
        dose(windows=(0, 1, 0)),
        dose(windows=(720, 720, 720), criticality=2, skip_min=2880),
        dose(spacing=(10_080, 255, 255)),
        dose(spacing=(240, 1, SLOT[1])),  # after yesterday's own slot
        RULE,
        PRN,
        _with(PRN, daily_max=255, until_day=0),
        _with(RULE, every_days=255, weekdays=127, until_day=DAY),
        _with(RULE, step=4, compartment=3),
        _with(RULE, weekdays=0b1, step=9, compartment=27),  # Mondays only: the step counts not
        _with(dose(), slot=(DAY + 1, 2)),
        _with(dose(), slot=(DAY - 1, 2)),
    ):
        assert _check(good) == OK, good


def test_no_field_may_be_beyond_its_range() -> None:
    """Each alone makes the whole schedule refused."""
    for bad in (
        _with(dose(), slot=(0, 0)),
        _with(dose(), slot=(DAY + 2, 2)),  # no zone is so far off
        _with(dose(), slot=(DAY - 2, 2)),
        _with(dose(), compartment=LIDS),
        _with(dose(), due_wall_s=757_382_399, slot=(757_382_399 // DAY_S, 2)),
        dose(windows=(721, 30, 0)),
        dose(windows=(30, 0, 0)),
        dose(windows=(30, 721, 0)),
        dose(windows=(30, 30, 721)),
        dose(skip_min=2881),
        dose(spacing=(10_081, 1, 1)),
        dose(spacing=(240, 0, SLOT[1])),  # after itself
        dose(criticality=3),
        _with(dose(), weekdays=1),  # a one-off chooses no days
        _with(dose(), until_day=DAY + 1),
        _with(dose(), step=1),
        _with(RULE, weekdays=128),
        _with(RULE, until_day=DAY - 1),
        _with(RULE, step=4, compartment=4),  # Sunday's would be the 29th
        _with(PRN, every_days=1),
        _with(PRN, compartment=LIDS),
        _with(PRN, spacing_min=10_081),
    ):
        assert _check(bad) == REFUSED_RANGE, bad
        assert _check(dose((DAY, 9)), bad) == REFUSED_RANGE, bad


def test_an_impossible_zone_is_refused() -> None:
    """No place is more than fifteen hours from UTC, now or after the change."""
    for zone in (Zone(901, 0, 0), Zone(0, 0, 901), Zone(-901, 0, 0), Zone(0, 0, -901)):
        assert _check(zone=zone) == REFUSED_RANGE


def test_no_two_entries_may_mean_the_same_slot() -> None:
    """Twice the same one-off, a one-off on a rule's day, two rules that meet, in either order."""
    second = _with(RULE, every_days=2)
    meeting = (
        (dose(), dose()),
        (RULE, dose()),
        (RULE, _with(dose(), slot=(DAY + 1, 2), due_wall_s=DUE_S + DAY_S)),
        (PRN, dose()),
        (second, _with(RULE, every_days=3, slot=(DAY + 1, 2), due_wall_s=DUE_S + DAY_S)),
        (_with(RULE, weekdays=0b11), _with(RULE, weekdays=0b10)),
        (_with(RULE, until_day=DAY), RULE),
    )
    for a, b in meeting:
        assert _check(a, b) == _check(b, a) == REFUSED_RANGE, (a, b)


def test_entries_that_never_meet_are_believed() -> None:
    """Other index, other weekdays, other days, one before the other."""
    next_day = {"slot": (DAY + 1, 2), "due_wall_s": DUE_S + DAY_S}
    apart = (
        (dose(), dose((DAY, 3))),
        (RULE, _with(dose(), slot=(DAY - 1, 2), due_wall_s=DUE_S - DAY_S)),
        (_with(RULE, until_day=DAY), _with(RULE, **next_day)),
        (_with(RULE, every_days=2), _with(RULE, every_days=2, **next_day)),
        (_with(RULE, every_days=4), _with(RULE, every_days=6, **next_day)),
        (_with(RULE, weekdays=0b0011111), _with(RULE, weekdays=0b1100000)),
        # every 7 days is always the same weekday (2026-03-05: a Thursday)
        (_with(RULE, every_days=7), _with(RULE, weekdays=0b1110111)),
    )
    for a, b in apart:
        assert _check(a, b) == _check(b, a) == OK, (a, b)


def test_a_full_schedule_is_believed_and_one_entry_more_is_not() -> None:
    """Sixty-four entries; the box's RAM holds no more."""
    full = [dose((DAY, i), i % LIDS, DUE_S + i) for i in range(64)]
    assert _check(*full) == OK
    assert _check(*full, dose((DAY, 64))) == REFUSED_RANGE
