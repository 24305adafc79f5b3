"""The pill box and doubt: unwatched times, jumping and unknown clocks; both interpreters."""

from anbu_wire.messages import (
    LID_OPENED,
    NO_COMPARTMENT,
    NO_SLOT,
    OPENED_NO_SLOT,
    RECORDS_LOST,
    SLOT_DOUBTFUL,
    SLOT_MISSED,
    SLOT_PROMPTED,
    SLOT_UNKNOWN,
    SLOT_UNWATCHED,
)
from anbu_wire.schedule import UTC, Schedule
from pillbox import signals
from pillbox.box import Box
from tests.firmware.one_box import DAY, DUE_S, HOUR, LID, LIDS, MIN, SLOT, Bench, dose, kinds, short


def _due(
    windows: "tuple[int, int, int]" = (30, 30, 0), skip_min: int = 0, criticality: int = 0
) -> Bench:
    """A box whose slot fell due a minute ago."""
    bench = Bench([dose(windows=windows, skip_min=skip_min, criticality=criticality)])
    bench.look()
    bench.walk(DUE_S + MIN)
    return bench


def test_a_window_that_ended_while_the_box_was_off_is_unknown() -> None:
    """UNKNOWN, never MISSED, prompted before or not, lids watched or not; and no prompt."""
    for since_s in (-HOUR, MIN):
        for moved in (None, 0):
            bench = Bench([dose()])
            bench.look()
            bench.walk(DUE_S + since_s)
            bench.restart(2 * HOUR, moved)
            assert kinds(bench.look()) == [SLOT_UNKNOWN]
            assert bench.light() == signals.DARK


def test_a_window_that_was_watched_in_part_never_ends_in_missed() -> None:
    """Unwatched before its due time, in its window, or across into its late time."""
    for late_min, from_s, off_s, prompted in (
        (0, -HOUR, 50 * MIN, True),
        (0, MIN, 25 * MIN, False),
        (60, MIN, 25 * MIN, False),
        (60, MIN, 40 * MIN, False),
    ):
        bench = Bench([dose(windows=(30, 30, late_min))])
        bench.look()
        bench.walk(DUE_S + from_s)
        bench.restart(off_s)
        said = kinds(bench.look() + bench.walk(DUE_S + 5 * HOUR))
        said = [kind for kind in said if kind != SLOT_UNWATCHED]
        assert said == ([SLOT_PROMPTED, SLOT_UNKNOWN] if prompted else [SLOT_UNKNOWN])


def test_a_doubt_outlives_a_restart_that_was_watched() -> None:
    """Nobody looked, then a restart with watched lids: still UNKNOWN in place of MISSED."""
    bench = _due((30, 30, 60))
    bench.restart(30)
    bench.look()
    bench.restart(1, 0)
    assert kinds(bench.look() + bench.walk(DUE_S + 5 * HOUR)) == [SLOT_UNKNOWN]


def test_a_doubtful_window_that_ended_unseen_is_not_prompted_after_it() -> None:
    """Nobody looked before it was due, off with watched lids until its late time: UNKNOWN alone."""
    bench = Bench([dose(windows=(30, 30, 60))])
    bench.look()
    bench.walk(DUE_S - 20 * MIN)
    bench.wait(5 * MIN * 1000)
    assert kinds(bench.look()) == [SLOT_UNWATCHED]
    bench.restart(50 * MIN, 0)
    assert kinds(bench.look()) == [SLOT_UNKNOWN]


def test_a_restart_with_watched_lids_is_no_doubt() -> None:
    """The expanders kept power and latched nothing: MISSED may be said."""
    bench = _due()
    bench.restart(90, 0)
    assert kinds(bench.look() + bench.walk(DUE_S + 5 * HOUR)) == [SLOT_MISSED]


def test_what_had_begun_before_a_lost_log_is_unknown_and_not_prompted() -> None:
    """Its dose may be taken: no prompt. What begins later is prompted, whatever the clock does."""
    later = dose((9560, 3), 3, DUE_S + 2 * HOUR)
    for since_s in (-10 * MIN, MIN):
        bench = Bench([dose(), later])
        bench.wall_s = DUE_S + since_s
        bench.box.log_lost()
        assert bench.look() == [(SLOT_UNKNOWN, SLOT, LID, 0)]
        assert bench.light() == signals.DARK
        said = bench.walk(DUE_S + 2 * HOUR)
        assert [effect for effect in said if effect[1] == SLOT] == []
        assert (SLOT_PROMPTED, (9560, 3), 3, 0) in said


def test_what_had_begun_before_records_were_refused_is_not_prompted_after_a_restart() -> None:
    """Its opening may be among them: UNKNOWN, no second "take". What began after them is known."""
    later = dose((9560, 3), 3, DUE_S + 2 * HOUR)
    bench = Bench([dose(windows=(30, 30, 300)), later])
    bench.look()
    bench.walk(DUE_S + MIN)
    bench.box.lid(LID, True, bench.wall_s, bench.uptime_ms)  # refused by a broken log, all of it
    bench.wait(2000)
    bench.box.look(bench.wall_s, bench.uptime_ms)
    bench.box.lid(LID, False, bench.wall_s, bench.uptime_ms)
    bench.write([(RECORDS_LOST, NO_SLOT, NO_COMPARTMENT, 3)])
    bench.walk(DUE_S + 2 * HOUR + MIN)
    bench.restart(1)
    assert (SLOT_UNKNOWN, SLOT, LID, 0) in bench.look()
    assert bench.light() == signals.DARK
    assert bench.light(3) == signals.TAKE
    bench.restart(1)
    assert (SLOT_UNKNOWN, SLOT, LID, 0) not in bench.look()


def test_a_lost_log_and_a_clock_that_was_a_year_ahead_mute_nothing() -> None:
    """Only what had begun by the earliest time since that start is not known."""
    bench = Bench([dose()])
    bench.wall_s = DUE_S + 365 * DAY
    bench.box.log_lost()
    bench.look()
    bench.wall_s = DUE_S - HOUR
    bench.box.clock_jumped()
    bench.look()
    assert SLOT_PROMPTED in kinds(bench.walk(DUE_S + MIN))


def test_a_lid_that_moved_while_nobody_looked_is_doubt() -> None:
    """Latched while the box was off: its slot is asked about, another slot is unwatched."""
    other = dose((9560, 3), 3, DUE_S + 60)
    bench = Bench([dose(), other])
    bench.look()
    bench.walk(DUE_S + 2 * MIN)
    bench.restart(5, 1 << LID)
    assert bench.look() == [(SLOT_DOUBTFUL, SLOT, LID, 3), (SLOT_UNWATCHED, (9560, 3), 3, 0)]


def test_a_gap_between_looks_is_doubt_and_a_sleep_with_watched_lids_is_none() -> None:
    """Sixty seconds are watched; more is not, unless the box slept and its lids were watched."""
    for gap_s, slept, end in (
        (60, False, SLOT_MISSED),
        (61, False, SLOT_UNKNOWN),
        (900, True, SLOT_MISSED),
    ):
        bench = _due()
        bench.wait(gap_s * 1000)
        if slept:
            bench.box.resumed(0, 0)
        effects = bench.look() + bench.walk(DUE_S + 5 * HOUR)
        assert kinds(effects)[-1] == end, gap_s


def test_a_clock_jump_never_ends_in_missed_and_prompts_no_second_series() -> None:
    """Into the window, within it, out of it and back: UNKNOWN, one PROMPTED."""
    into = Bench([dose()])
    into.look()
    into.box.clock_jumped()
    into.wall_s = DUE_S + MIN
    assert short(into.look()) == [(SLOT_PROMPTED, 0), (SLOT_UNWATCHED, 1)]
    assert kinds(into.walk(DUE_S + 5 * HOUR)) == [SLOT_UNKNOWN]
    back = _due()
    back.box.clock_jumped()
    back.wall_s = DUE_S - HOUR
    assert kinds(back.look() + back.walk(DUE_S + 5 * HOUR)) == [SLOT_UNWATCHED, SLOT_UNKNOWN]


def test_a_clock_a_year_ahead_and_back_forgets_nothing() -> None:
    """What was taken stays taken, what was due ends once, by restarts too; tomorrow is prompted."""
    tomorrow = dose((9561, 2), 11, DUE_S + DAY)
    for restarts in (False, True):
        bench = _due()
        bench.schedule = Schedule(UTC, [dose(), dose((9560, 3), 3, DUE_S + MIN), tomorrow])
        bench.box.adopt(bench.schedule, bench.wall_s)
        bench.look()
        bench.open_for(LID, 2000)
        for years in (1, -1):
            bench.box.clock_jumped()
            bench.wall_s += years * 365 * DAY
            if restarts:
                bench.restart()
            assert kinds(bench.look()) == ([SLOT_UNKNOWN] if years > 0 else [])
        assert kinds(bench.walk(DUE_S + HOUR)) == []
        assert bench.light() == signals.TAKEN
        assert kinds(bench.walk(DUE_S + DAY, 60)) == [SLOT_PROMPTED]


def test_a_begun_slot_is_found_again_by_a_clock_that_stands_elsewhere() -> None:
    """Restart with the clock a month back: the series waits; the clock right again: it goes on."""
    bench = _due()
    bench.restart(-30 * DAY)
    bench.look()
    bench.box.clock_jumped()
    bench.wall_s = DUE_S + 2 * MIN
    assert SLOT_PROMPTED not in kinds(bench.look())
    assert bench.light() == signals.TAKE


def test_a_begun_slot_that_no_schedule_names_ends_at_a_restart() -> None:
    """Nobody knows its windows: UNKNOWN; touched: DOUBTFUL; once, whatever restarts."""
    for touched, end in ((False, SLOT_UNKNOWN), (True, SLOT_DOUBTFUL)):
        bench = _due()
        if touched:
            bench.open_for(LID, 300)
        bench.schedule = Schedule(UTC, [])
        bench.restart()
        assert [(e[0], e[1]) for e in bench.look()] == [(end, SLOT)]
        bench.restart()
        assert bench.look() == []


def test_an_unknown_clock_prompts_nothing_and_shows_the_fault() -> None:
    """Wall time 0: no effect, every light says so, no sound, nothing to wait for."""
    bench = Bench([dose()], 0)
    assert bench.look() == []
    assert set(bench.box.show(0, False)) == {signals.CLOCK_FAULT}
    assert bench.sound() == signals.SILENT
    assert bench.box.next_look_s(0) == 0
    bench.wall_s = DUE_S + 2 * MIN
    assert kinds(bench.look()) == [SLOT_PROMPTED, SLOT_UNWATCHED]


def test_a_dose_opened_while_the_time_was_unknown_is_asked_about() -> None:
    """Prompted before or not, opened or found open: DOUBTFUL, no light says take; no new prompt."""
    for prompted in (False, True):
        for found in (False, True):
            bench = Bench([dose()])
            if prompted:
                bench.look()
                bench.walk(DUE_S + MIN)
            bench.wall_s = 0
            if found:
                bench.open = 1 << LID
                bench.restart()
            else:
                bench.look()
                assert short(bench.lid(LID, True)) == [(LID_OPENED, OPENED_NO_SLOT)]
                assert bench.sound() == signals.SILENT
                bench.lid(LID, False)
                bench.restart()
            bench.look()
            bench.wall_s = DUE_S + 2 * MIN
            effects = bench.look()
            assert (SLOT_DOUBTFUL, SLOT, LID, 3) in effects
            assert SLOT_PROMPTED not in kinds(effects)
            assert bench.light() == signals.ASK


def test_a_lid_opened_blind_in_the_early_window_takes_the_prompts_place() -> None:
    """OPEN when the time comes back: at its due time DOUBTFUL, no prompt; after a restart too."""
    for restarts in (False, True):
        bench = Bench([dose()], 0)
        bench.look()
        bench.open_for(LID, 3000)
        bench.wall_s = DUE_S - 10 * MIN
        assert short(bench.look()) == [(SLOT_UNWATCHED, 2)]
        if restarts:
            bench.restart(10, 0)
        assert short(bench.look() + bench.walk(DUE_S + MIN)) == [(SLOT_DOUBTFUL, 3)]


def test_a_lid_opened_at_an_unknown_time_days_before_its_slot_means_nothing() -> None:
    """Only a slot that had begun when the time was known again is doubted."""
    bench = Bench([dose()], 0)
    bench.look()
    bench.open_for(LID, 3000)
    bench.wall_s = DUE_S - HOUR
    bench.look()
    bench.restart()
    assert kinds(bench.look() + bench.walk(DUE_S + MIN)) == [SLOT_PROMPTED]


def test_a_small_jump_into_a_window_is_doubt_too() -> None:
    """Thirty seconds ahead over the due time: it began in the gap, so it is never MISSED."""
    bench = Bench([dose(windows=(0, 30, 0))])
    bench.look()
    bench.walk(DUE_S - 10)
    bench.box.clock_jumped()
    bench.wall_s += 30
    assert short(bench.look()) == [(SLOT_PROMPTED, 0), (SLOT_UNWATCHED, 1)]
    assert kinds(bench.walk(DUE_S + HOUR)) == [SLOT_UNKNOWN]


def test_no_prompt_is_written_that_nobody_could_have_seen() -> None:
    """A gap or an unwatched restart over the window, its late time still on: UNKNOWN alone."""
    for restarts in (False, True):
        bench = Bench([dose(windows=(30, 30, 180))])
        bench.look()
        if restarts:
            bench.restart(2 * HOUR)
        else:
            bench.wait(2 * HOUR * 1000)
        assert kinds(bench.look()) == [SLOT_UNKNOWN]
        assert bench.walk(DUE_S + 5 * HOUR) == []


def test_a_blind_opening_of_another_day_is_forgotten_after_a_restart_too() -> None:
    """The time was known again before this slot began: it is prompted."""
    bench = Bench([dose()], 0)
    bench.look()
    bench.open_for(LID, 3000)
    bench.wall_s = DUE_S - HOUR
    bench.look()
    bench.open_for(3, 1000)
    bench.walk(DUE_S - 10 * MIN)
    bench.restart(1, 0)
    assert kinds(bench.look() + bench.walk(DUE_S)) == [SLOT_PROMPTED]


def test_a_series_shows_at_once_after_a_restart() -> None:
    """Its record is durable since long: the light waits for no flush."""
    bench = _due()
    bench.restart(1, 0)
    bench.box.look(bench.wall_s, bench.uptime_ms)
    assert bench.light() == signals.TAKE


def test_no_later_record_undoes_a_final_one() -> None:
    """Whatever a log says after TAKEN: the slot is not prompted again."""
    bench = _due()
    bench.open_for(LID, 2000)
    for kind, value in ((SLOT_PROMPTED, 0), (LID_OPENED, 0), (SLOT_UNWATCHED, 0)):
        bench.write([(kind, SLOT, LID, value)])
        bench.restart(1, 0)
        assert bench.look() + bench.walk(bench.wall_s + MIN) == []
        assert bench.light() == signals.TAKEN


def test_watched_lids_do_not_make_a_jump_good() -> None:
    """The clock jumped while the box slept or started: UNKNOWN, though no lid moved."""
    for restarts in (False, True):
        bench = _due()
        if restarts:
            bench.uptime_ms = 0
            box = Box(LIDS)
            for record in bench.log:
                box.recall(record)
            bench.box = box
            box.clock_jumped()
            box.adopt(bench.schedule, 0)
        else:
            bench.box.clock_jumped()
        bench.box.resumed(0, 0)
        bench.wall_s += 30
        assert kinds(bench.look() + bench.walk(DUE_S + HOUR)) == [SLOT_UNWATCHED, SLOT_UNKNOWN]


def test_a_lid_opened_while_the_time_was_lost_is_asked_about_whenever_it_is_known_again() -> None:
    """In the window, after it, after "skip this one": DOUBTFUL, never a verdict as if shut."""
    for hours in (0, 1, 3):
        bench = _due((30, 30, 60), skip_min=120)
        bench.wall_s = 0
        bench.look()
        bench.open_for(LID, 5000)
        bench.wall_s = DUE_S + 2 * MIN + hours * HOUR
        said = [kind for kind in kinds(bench.look()) if kind != SLOT_UNWATCHED]
        assert said == [SLOT_DOUBTFUL]


def test_lids_that_nobody_could_see_are_no_doubt_about_the_others() -> None:
    """Half of the lids unseen for the whole window: a dose behind another lid is MISSED as ever."""
    said = []
    for unseen in (1 << LID + 1, 1 << LID):
        bench = _due()
        for _ in range(4):
            bench.box.unseen(unseen)
            said += kinds(bench.walk(bench.wall_s + 10 * MIN))
    assert said == [SLOT_MISSED, SLOT_DOUBTFUL]
