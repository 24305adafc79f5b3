"""Spacing: a dose that may not come so soon after another; under both interpreters."""

from anbu_wire.messages import (
    LID_OPENED,
    OPENED_AS_DUE,
    OPENED_TOO_SOON,
    SLOT_DOUBTFUL,
    SLOT_LATE,
    SLOT_MISSED,
    SLOT_POSTPONED,
    SLOT_PROMPTED,
    SLOT_SKIPPED,
    SLOT_TAKEN,
    WORD_TAKEN,
)
from anbu_wire.schedule import UTC, Schedule
from pillbox import signals
from tests.firmware.one_box import DAY, DUE_S, HOUR, LID, MIN, SLOT, Bench, dose, kinds, short

NEXT = (9560, 3)
NEXT_S = DUE_S + 4 * HOUR
NEXT_LID = 7


def _bench(spacing_min: int = 180, skip_min: int = 0, opened_s: int = DUE_S + 90 * MIN) -> Bench:
    """A dose opened late (at `opened_s`), and one four hours after it that needs its distance."""
    first = dose(windows=(30, 30, 600))
    spacing = (spacing_min, 0, SLOT[1])
    bench = Bench([first, dose(NEXT, NEXT_LID, NEXT_S, (30, 30, 30), 0, skip_min, spacing)])
    bench.look()
    bench.walk(opened_s)
    bench.open_for(LID, 2000)
    return bench


def test_a_late_opening_postpones_the_next_prompt_and_its_windows() -> None:
    """POSTPONED once at the due time, rounded up; prompt, LATE and MISSED all so much later."""
    bench = _bench(opened_s=DUE_S + 90 * MIN + 1)
    assert bench.walk(NEXT_S - 1) == []
    assert bench.walk(NEXT_S) == [(SLOT_POSTPONED, NEXT, NEXT_LID, 31)]
    base_s = NEXT_S + 30 * MIN + 1
    assert bench.walk(base_s - 1) == []
    assert bench.light(NEXT_LID) == signals.DARK
    assert kinds(bench.walk(base_s)) == [SLOT_PROMPTED]
    assert bench.walk(base_s + 30 * MIN - 1) == []
    assert kinds(bench.walk(base_s + 30 * MIN)) == [SLOT_LATE]
    assert bench.walk(base_s + HOUR - 1) == []
    assert kinds(bench.walk(base_s + HOUR)) == [SLOT_MISSED]


def test_a_dose_in_time_postpones_nothing() -> None:
    """The spacing is over when the next dose falls due: to the second."""
    bench = _bench(opened_s=DUE_S + HOUR)
    assert kinds(bench.walk(NEXT_S)) == [SLOT_PROMPTED]


def test_opening_inside_the_spacing_is_a_double_dose_warning_and_a_doubt() -> None:
    """From its early window to the spacing's end: TOO_SOON, warned, DOUBTFUL; then: as due."""
    for at_s in (NEXT_S - 30 * MIN, NEXT_S, NEXT_S + 30 * MIN - 1):
        bench = _bench()
        bench.walk(at_s)
        assert bench.lid(NEXT_LID, True) == [
            (LID_OPENED, NEXT, NEXT_LID, OPENED_TOO_SOON), (SLOT_DOUBTFUL, NEXT, NEXT_LID, 4),
        ]  # fmt: skip
        assert (bench.light(NEXT_LID), bench.sound()) == (signals.WRONG_LID, signals.WARN)
        assert SLOT_PROMPTED not in kinds(bench.walk(NEXT_S + 5 * HOUR))
    bench = _bench()
    bench.walk(NEXT_S + 30 * MIN - 1)
    bench.wait(1000)
    assert short(bench.open_for(NEXT_LID, 1000))[:2] == [
        (LID_OPENED, OPENED_AS_DUE), (SLOT_TAKEN, 1),
    ]  # fmt: skip


def test_an_opening_after_the_spacing_and_before_its_due_time_is_early() -> None:
    """The early window holds where the spacing does."""
    bench = _bench(opened_s=DUE_S)
    bench.walk(NEXT_S - 10 * MIN)
    assert (SLOT_TAKEN, 0) in short(bench.open_for(NEXT_LID, 1000))


def test_too_late_for_both_is_skipped_at_its_due_time() -> None:
    """Its spacing reaches its skip time: SKIPPED by spacing, no prompt, no postponement."""
    for skip_min, expected in ((30, (SLOT_SKIPPED, 1)), (31, (SLOT_POSTPONED, 30))):
        bench = _bench(skip_min=skip_min)
        assert bench.walk(NEXT_S - 1) == []
        assert short(bench.walk(NEXT_S)) == [expected]


def test_a_skip_time_is_counted_from_due_not_from_the_postponed_prompt() -> None:
    """Postponed by 30 minutes, skipped 50 minutes after its own due time."""
    bench = _bench(skip_min=50)
    said = short(bench.walk(NEXT_S + 50 * MIN - 1))
    assert said == [(SLOT_POSTPONED, 30), (SLOT_PROMPTED, 0)]
    assert short(bench.walk(NEXT_S + 50 * MIN)) == [(SLOT_SKIPPED, 0)]


def test_spacing_is_known_after_a_restart() -> None:
    """At any moment: postponed once, prompted once, too soon where it is."""
    for at_s in (NEXT_S - HOUR, NEXT_S + 10 * MIN, NEXT_S + 40 * MIN):
        bench = _bench()
        effects = bench.walk(at_s)
        bench.restart(1, 0)
        effects = effects + bench.look() + bench.walk(NEXT_S + 5 * HOUR)
        assert short(effects) == [
            (SLOT_POSTPONED, 30), (SLOT_PROMPTED, 0), (SLOT_LATE, 0), (SLOT_MISSED, 0),
        ]  # fmt: skip
    bench = _bench()
    bench.restart(1, 0)
    bench.look()
    bench.walk(NEXT_S)
    assert short(bench.lid(NEXT_LID, True))[0] == (LID_OPENED, OPENED_TOO_SOON)


def test_the_slot_before_opened_while_the_next_is_due_takes_its_prompt_back() -> None:
    """Both offered, the earlier opened: the later is postponed, its one series goes on later."""
    first = dose(windows=(30, 30, 600))
    second = dose(NEXT, NEXT_LID, NEXT_S, (30, 30, 0), spacing=(60, 0, SLOT[1]))
    bench = Bench([first, second])
    bench.look()
    bench.walk(NEXT_S + 5 * MIN)
    assert bench.light(NEXT_LID) == signals.TAKE
    bench.open_for(LID, 2000)
    opened_s = bench.wall_s - 2
    assert short(bench.look()) == [(SLOT_POSTPONED, 65)]
    assert bench.light(NEXT_LID) == signals.DARK
    assert bench.walk(opened_s + HOUR - 1) == []
    assert bench.walk(opened_s + HOUR) == []  # no second PROMPTED
    assert bench.light(NEXT_LID) == signals.TAKE
    assert short(bench.walk(opened_s + 2 * HOUR)) == [(SLOT_MISSED, 0)]


def test_spacing_reaches_over_midnight_and_days() -> None:
    """After the slot of two days before, by its day and index."""
    late = dose((9558, 2), 3, DUE_S - 2 * DAY, (30, 30, 600))
    second = dose(spacing=(48 * 60, 2, 2))
    bench = Bench([late, second], DUE_S - 2 * DAY - HOUR)
    bench.look()
    bench.walk(DUE_S - 2 * DAY + 20 * MIN)
    bench.open_for(3, 2000)
    said = short(bench.walk(DUE_S + 10 * MIN, 60))
    assert said == [(SLOT_POSTPONED, 20)]


def test_a_word_or_a_wrong_lid_is_no_opening() -> None:
    """Taken by word, doubtful by another lid: nobody knows when, nothing is postponed."""
    for by_word in (True, False):
        spaced = dose(NEXT, NEXT_LID, NEXT_S, (30, 30, 30), spacing=(600, 0, SLOT[1]))
        bench = Bench([dose(), spaced])
        bench.look()
        bench.walk(DUE_S + MIN)
        if by_word:
            bench.write(bench.box.close(SLOT, WORD_TAKEN) or [])
        else:
            bench.open_for(3, 11_000)
        assert kinds(bench.walk(NEXT_S)) == [SLOT_PROMPTED]


def test_a_brief_opening_keeps_the_distance_too() -> None:
    """Touched, or opened too soon: its dose may be out, so the next one waits."""
    bench = Bench([dose(), dose(NEXT, NEXT_LID, NEXT_S, (30, 30, 30), spacing=(240, 0, 2))])
    bench.look()
    bench.walk(DUE_S + 10 * MIN)
    bench.open_for(LID, 300)
    assert short(bench.walk(NEXT_S)) == [(SLOT_DOUBTFUL, 1), (SLOT_POSTPONED, 10)]


def test_a_postponement_of_half_a_minute_is_told_though_one_look_finds_both_gone_by() -> None:
    """Steps come in the order of their moments: POSTPONED by a minute, then the prompt."""
    bench = _bench(opened_s=DUE_S + HOUR + 30)
    bench.walk(NEXT_S - 10, 50)
    bench.wait(50_000)
    assert short(bench.look()) == [(SLOT_POSTPONED, 1), (SLOT_PROMPTED, 0)]


def test_a_dose_opened_too_soon_keeps_the_third_at_its_distance() -> None:
    """Its lid was opened for it, doubtful as it is: the one after it waits."""
    third = dose((9560, 4), 9, NEXT_S + HOUR, spacing=(120, 0, NEXT[1]))
    second = dose(NEXT, NEXT_LID, NEXT_S, (30, 30, 30), spacing=(600, 0, SLOT[1]))
    for restarts in (False, True):
        bench = Bench([dose(), second, third])
        bench.look()
        bench.walk(DUE_S)
        bench.open_for(LID, 2000)
        bench.walk(NEXT_S - 10 * MIN)
        assert short(bench.open_for(NEXT_LID, 2000))[0] == (LID_OPENED, OPENED_TOO_SOON)
        if restarts:
            bench.restart(1, 0)
        assert short(bench.look() + bench.walk(NEXT_S + HOUR)) == [(SLOT_POSTPONED, 50)]


def test_a_new_schedule_without_the_spacing_ends_the_waiting() -> None:
    """What the old schedule said of a slot that has not begun counts no more."""
    bench = _bench()
    later = [dose(), dose(NEXT, NEXT_LID, NEXT_S)]
    bench.box.adopt(Schedule(UTC, later), bench.wall_s)
    assert short(bench.walk(NEXT_S)) == [(SLOT_PROMPTED, 0)]
