"""The slots that rules make, over days, zones and new schedules; under both interpreters."""

from anbu_wire.messages import (
    LID_OPENED,
    OPENED_AGAIN,
    SLOT_MISSED,
    SLOT_PROMPTED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
)
from anbu_wire.schedule import DAY_S, UTC, Entry, Schedule, Zone
from pillbox.box import Box
from tests.firmware.one_box import DUE_S, HOUR, LID, LIDS, MIN, SLOT, Bench, dose, kinds

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

NEW_YEAR_DAY = 9862  # 2027-01-01
KOREA = Zone(540, 0, 540)


def rule(
    day: int,
    minute: int,
    every_days: int = 1,
    weekdays: int = 0,
    until_day: int = 0,
    step: int = 0,
    lid: int = 0,
    index: int = 0,
    zone_min: int = 0,
    windows: "tuple[int, int, int]" = (30, 30, 0),
) -> Entry:
    """A rule from that local day on, at that local minute of the day."""
    due_s = day * DAY_S + (minute - zone_min) * 60
    days = (every_days, weekdays, until_day, step, 0)
    return Entry((day, index), lid, due_s, *windows, 0, 0, 0, 0, 0, *days)


def _days(bench: Bench, count: int, step_s: int = 60) -> "Effects":
    """Walks so many days."""
    return bench.look() + bench.walk(bench.wall_s + count * DAY_S, step_s)


def _prompted(effects: "Effects") -> "list[tuple[tuple[int, int], int]]":
    """Slot id and compartment of each prompt."""
    return [effect[1:3] for effect in effects if effect[0] == SLOT_PROMPTED]


def test_a_daily_rule_goes_on_over_months_and_a_year_without_a_gateway() -> None:
    """Bedtime each day from 27 December 2026 into January, one prompt a local day, one end each."""
    first = NEW_YEAR_DAY - 5
    bedtime = rule(first, 22 * 60, zone_min=540)
    bench = Bench([bedtime], first * DAY_S, KOREA)
    effects = _days(bench, 12)
    assert [slot for slot, _lid in _prompted(effects)] == [(first + n, 0) for n in range(12)]
    assert kinds(effects) == [SLOT_PROMPTED, SLOT_MISSED] * 12


def test_a_window_that_crosses_midnight_month_and_year_belongs_to_its_own_day() -> None:
    """Due at 23:45 on 31 December, opened at 00:20 on 1 January: the old year's slot, once."""
    first = NEW_YEAR_DAY - 1
    late = rule(first, 23 * 60 + 45, zone_min=540, windows=(60, 60, 60))
    bench = Bench([late], first * DAY_S + 12 * HOUR - 9 * HOUR, KOREA)
    bench.look()
    local_midnight_s = NEW_YEAR_DAY * DAY_S - 9 * HOUR
    assert kinds(bench.walk(local_midnight_s + 20 * MIN, 60)) == [SLOT_PROMPTED]
    assert (SLOT_TAKEN, (first, 0), 0, 1) in bench.open_for(0, 2000)
    following = bench.walk(local_midnight_s + DAY_S, 60)
    assert _prompted(following) == [((NEW_YEAR_DAY, 0), 0)]


def test_every_other_day_and_every_third_count_from_their_first_day() -> None:
    """Over a month's end, whichever day the box starts."""
    first = NEW_YEAR_DAY - 4
    for every in (2, 3):
        bench = Bench([rule(first, 600, every)], (first - 1) * DAY_S)
        prompted = _prompted(_days(bench, 11))
        assert [slot[0] for slot, _lid in prompted] == list(range(first, first + 10, every))


def test_weekdays_choose_their_compartment() -> None:
    """A week's box: Monday's lid on Mondays. 1 January 2027 is a Friday."""
    week = rule(NEW_YEAR_DAY - 7, 480, weekdays=0b0010101, step=4, lid=1)
    bench = Bench([week], NEW_YEAR_DAY * DAY_S)
    prompted = _prompted(_days(bench, 7))
    assert prompted == [
        ((NEW_YEAR_DAY, 0), 17), ((NEW_YEAR_DAY + 3, 0), 1), ((NEW_YEAR_DAY + 5, 0), 9),
    ]  # fmt: skip


def test_a_supply_of_days_ends_with_its_last_day() -> None:
    """Three days' supply is three prompts; a one-off is one."""
    supply = rule(NEW_YEAR_DAY, 480, until_day=NEW_YEAR_DAY + 2)
    one_off = dose((NEW_YEAR_DAY + 1, 7), 7, (NEW_YEAR_DAY + 1) * DAY_S + 600)
    bench = Bench([supply, one_off], NEW_YEAR_DAY * DAY_S)
    days = [slot for slot, _lid in _prompted(_days(bench, 6))]
    assert days == [(NEW_YEAR_DAY, 0), (NEW_YEAR_DAY + 1, 7)] + [
        (NEW_YEAR_DAY + n, 0) for n in (1, 2)
    ]


def test_a_zone_change_keeps_the_local_time() -> None:
    """08:00 stays 08:00 by the wall when summer time begins and ends, the slot ids go on."""
    for offset, following in ((60, 120), (120, 60)):
        change_s = (NEW_YEAR_DAY + 2) * DAY_S + HOUR
        zone = Zone(offset, change_s, following)
        breakfast = rule(NEW_YEAR_DAY, 480, zone_min=offset)
        bench = Bench([breakfast], NEW_YEAR_DAY * DAY_S, zone)
        bench.look()
        at: list[tuple[int, int]] = []
        while len(at) < 4:
            for effect in bench.walk(bench.wall_s + 60, 60):
                if effect[0] == SLOT_PROMPTED:
                    offset_min = following if bench.wall_s >= change_s else offset
                    at.append((effect[1][0], (bench.wall_s + offset_min * 60) % DAY_S))
        assert at == [(NEW_YEAR_DAY + n, 8 * HOUR) for n in range(4)]


def test_slots_over_before_the_schedule_came_are_not_this_boxs() -> None:
    """No state and no record for them, live and after a restart; those after it are."""
    rules = [rule(NEW_YEAR_DAY - 3, 480), rule(NEW_YEAR_DAY - 3, 720, index=1, lid=1)]
    noon_s = NEW_YEAR_DAY * DAY_S + 12 * HOUR - 10 * MIN
    bench = Bench([], noon_s)
    bench.look()
    bench.schedule = Schedule(UTC, rules)
    bench.box.adopt(bench.schedule, noon_s)
    bench._record(3, (0, 0), 255, 2, noon_s)
    assert bench.look() == []
    bench.restart(60)
    assert SLOT_UNKNOWN not in kinds(bench.look())
    bench.restart(2 * HOUR)
    assert [(e[0], e[1]) for e in bench.look()] == [(SLOT_UNKNOWN, (NEW_YEAR_DAY, 1))]


def test_after_a_long_pause_the_slots_of_a_week_are_unknown() -> None:
    """Off for three days: each slot since then once; off for a month: a week of them."""
    for off_days, unknown in ((3, 3), (30, 7)):
        bench = Bench([rule(NEW_YEAR_DAY - 2, 480)], NEW_YEAR_DAY * DAY_S, stored_s=DUE_S)
        bench.look()
        bench.restart(off_days * DAY_S)
        effects = bench.look()
        assert kinds(effects) == [SLOT_UNKNOWN] * unknown
        last = NEW_YEAR_DAY + off_days - 1
        assert [e[1][0] for e in effects] == list(range(last - unknown + 1, last + 1))
        bench.restart(60)
        assert bench.look() == []


def test_a_new_schedule_never_changes_a_slot_that_has_begun() -> None:
    """Open, due: own times, own lid; one that waits gets the new time; one left out is gone."""
    for at_s in (DUE_S - 10 * MIN, DUE_S + MIN):
        bench = Bench([dose()])
        bench.look()
        bench.walk(at_s)
        bench.box.adopt(Schedule(UTC, [dose(lid=3, due_s=DUE_S + 5 * HOUR)]), bench.wall_s)
        effects = bench.look() + bench.walk(DUE_S + 31 * MIN)
        assert effects[-1] == (SLOT_MISSED, SLOT, LID, 0)
        assert bench.walk(DUE_S + 6 * HOUR) == []
    waits = Bench([dose(), dose((9560, 3), 3, DUE_S)])
    waits.look()
    waits.box.adopt(Schedule(UTC, [dose(due_s=DUE_S + HOUR)]), waits.wall_s)
    assert waits.walk(DUE_S + 59 * MIN) == []
    assert kinds(waits.walk(DUE_S + HOUR)) == [SLOT_PROMPTED]


def test_a_taken_slot_left_out_and_named_again_is_not_prompted_again() -> None:
    """A gateway whose clock fell back names yesterday's slot anew: it stays taken."""
    bench = Bench([dose()])
    bench.look()
    bench.walk(DUE_S)
    bench.open_for(LID, 2000)
    bench.walk(DUE_S + HOUR)
    bench.box.adopt(Schedule(UTC, []), bench.wall_s)
    bench.walk(DUE_S + 3 * DAY_S, 60)
    assert bench.box.slots == []
    bench.box.clock_jumped()
    bench.wall_s = DUE_S - HOUR
    bench.box.adopt(Schedule(UTC, [dose()]), bench.wall_s)
    assert kinds(bench.look() + bench.walk(DUE_S + 2 * HOUR)) == []


def test_a_schedule_that_comes_at_an_unknown_time_is_this_boxs_from_the_first_known_one() -> None:
    """No UNKNOWN for days before anybody knew the time; what comes is prompted."""
    bench = Bench([], 0)
    bench.look()
    bench.box.adopt(Schedule(UTC, [rule(NEW_YEAR_DAY - 3, 480)]), 0)
    bench.look()
    bench.wall_s = NEW_YEAR_DAY * DAY_S
    assert bench.look() == []
    assert _prompted(bench.walk(bench.wall_s + DAY_S, 60)) == [((NEW_YEAR_DAY, 0), 0)]


def test_the_live_slots_are_few_whatever_the_schedule() -> None:
    """Sixty-four daily rules: the RAM holds a bounded number, and each due one is prompted."""
    rules = [rule(NEW_YEAR_DAY - 3, 20 * i, index=i, lid=i % LIDS) for i in range(64)]
    bench = Bench(rules, NEW_YEAR_DAY * DAY_S, stored_s=NEW_YEAR_DAY * DAY_S)
    assert len(_prompted(_days(bench, 2))) == 2 * 64
    assert len(bench.box.slots) <= 128


def test_what_is_known_of_slots_is_bounded_and_kept_by_order() -> None:
    """A hundred days of a daily dose leave the last sixty-four in memory."""
    bench = Bench([rule(NEW_YEAR_DAY, 480)], NEW_YEAR_DAY * DAY_S)
    _days(bench, 100, 600)
    box = Box(LIDS)
    for record in bench.log:
        box.recall(record)
    for known in (bench.box._doses.live.memory, box._doses.live.memory):
        assert known.slots() == [(NEW_YEAR_DAY + n, 0) for n in range(36, 100)]
    assert len(bench.box.slots) < 8


def test_a_box_without_a_log_asks_about_the_last_two_days_only() -> None:
    """The log was lost, not the schedule: nobody knows what came before."""
    bench = Bench([rule(NEW_YEAR_DAY - 9, 480)], NEW_YEAR_DAY * DAY_S)
    bench.log.clear()
    bench.restart()
    assert [effect[1][0] for effect in bench.look()] == [NEW_YEAR_DAY - 2, NEW_YEAR_DAY - 1]


def test_a_schedule_stored_by_a_clock_far_ahead_is_run_all_the_same() -> None:
    """Its date in the log lies a year ahead: what falls due now is prompted."""
    bench = Bench([rule(NEW_YEAR_DAY, 480)], NEW_YEAR_DAY * DAY_S, stored_s=DUE_S + 800 * DAY_S)
    assert _prompted(_days(bench, 2)) == [((NEW_YEAR_DAY + n, 0), 0) for n in (0, 1)]


def test_a_slot_that_a_new_schedule_leaves_out_is_still_known_when_opened_again() -> None:
    """Taken an hour ago: opening it again is a double dose, whatever the gateway plans."""
    bench = Bench([dose()])
    bench.look()
    bench.walk(DUE_S)
    bench.open_for(LID, 2000)
    bench.box.adopt(Schedule(UTC, []), bench.wall_s)
    bench.walk(DUE_S + HOUR)
    assert bench.lid(LID, True) == [(LID_OPENED, SLOT, LID, OPENED_AGAIN)]


def test_a_slot_that_a_new_schedule_puts_into_the_past_is_dropped() -> None:
    """It was to come; the new schedule's windows for it are all over: no prompt, no verdict."""
    bench = Bench([dose(due_s=DUE_S + 3 * HOUR)])
    bench.look()
    bench.box.adopt(Schedule(UTC, [dose(due_s=DUE_S - 3 * HOUR)]), bench.wall_s)
    assert bench.look() == []
    assert bench.walk(DUE_S + 6 * HOUR, 50) == []
