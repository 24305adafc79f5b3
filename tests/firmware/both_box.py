"""The pill box and its slots: prompts, restarts, words, the next look; under both interpreters."""

from anbu_wire.messages import (
    LID_CLOSED,
    LID_LEFT_OPEN,
    LID_OPENED,
    OK_PRESSED,
    OPENED_AS_DUE,
    SLOT_DOUBTFUL,
    SLOT_LATE,
    SLOT_MISSED,
    SLOT_PROMPTED,
    SLOT_SKIPPED,
    SLOT_SNOOZED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
    SLOT_UNWATCHED,
    WORD_NOT_TAKEN,
    WORD_TAKEN,
)
from anbu_wire.schedule import LOW, Schedule, Zone
from pillbox import signals
from tests.firmware.one_box import DUE_S, HOUR, LID, MIN, SLOT, Bench, dose, kinds, short


def _due(
    windows: "tuple[int, int, int]" = (30, 30, 0), skip_min: int = 0, criticality: int = 0
) -> Bench:
    """A box whose slot fell due a minute ago."""
    bench = Bench([dose(windows=windows, skip_min=skip_min, criticality=criticality)])
    bench.look()
    bench.walk(DUE_S + MIN)
    return bench


def test_a_forgotten_dose_is_prompted_once_and_missed_once() -> None:
    """One prompt series, one MISSED, each at its second."""
    bench = Bench([dose()])
    bench.look()
    assert bench.walk(DUE_S - 1) == []
    assert bench.walk(DUE_S) == [(SLOT_PROMPTED, SLOT, LID, 0)]
    assert bench.walk(DUE_S + 30 * MIN - 1) == []
    assert bench.walk(DUE_S + 3 * HOUR) == [(SLOT_MISSED, SLOT, LID, 0)]
    assert bench.light() == signals.NOT_TAKEN


def test_a_late_dose_is_offered_where_the_regimen_allows_it() -> None:
    """LATE at the window's end, MISSED at the end of the late time, TAKEN late between."""
    bench = _due((30, 30, 60))
    assert kinds(bench.walk(DUE_S + 31 * MIN)) == [SLOT_LATE]
    assert bench.light() == signals.LATE
    assert short(bench.open_for(LID, 2000)) == [
        (LID_OPENED, OPENED_AS_DUE), (SLOT_TAKEN, 2), (LID_CLOSED, 2),
    ]  # fmt: skip
    late = _due((30, 30, 60))
    assert kinds(late.walk(DUE_S + 3 * HOUR)) == [SLOT_LATE, SLOT_MISSED]


def test_take_turns_into_skip_by_the_regimens_rule() -> None:
    """Nearer to the next dose than to its own: SKIPPED, from DUE or from LATE, never MISSED."""
    for windows, expected in (
        ((30, 60, 0), [(SLOT_SKIPPED, 0)]),
        ((30, 30, 90), [(SLOT_LATE, 0), (SLOT_SKIPPED, 0)]),
        ((30, 40, 0), [(SLOT_MISSED, 0)]),  # both at once: the window ends first
    ):
        bench = _due(windows, skip_min=40)
        assert short(bench.walk(DUE_S + 40 * MIN)) == expected
        assert bench.walk(DUE_S + 5 * HOUR) == []


def test_no_light_and_no_sound_before_the_prompt_is_flushed() -> None:
    """A prompt series is durable before its first signal."""
    bench = Bench([dose()])
    bench.look()
    bench.walk(DUE_S - 10)
    bench.wait(10_000)
    assert kinds(bench.box.look(DUE_S, bench.uptime_ms)) == [SLOT_PROMPTED]
    assert bench.light() == signals.DARK
    assert bench.box.sound(DUE_S + MIN, bench.uptime_ms) == signals.SILENT
    bench.box.flushed()
    assert bench.light() == signals.TAKE
    assert bench.box.sound(DUE_S + MIN, bench.uptime_ms) == signals.SOFT


def test_opening_ends_every_signal_at_once_and_the_verdict_comes_after_a_second() -> None:
    """Dark and silent with the opening itself, without any flush; TAKEN early or on time."""
    for at_s, value in ((DUE_S - MIN, 0), (DUE_S + MIN, 1)):
        bench = Bench([dose()])
        bench.look()
        bench.walk(at_s)
        effects = bench.box.lid(LID, True, at_s, bench.uptime_ms)
        assert effects == [(LID_OPENED, SLOT, LID, OPENED_AS_DUE)]
        assert (bench.light(), bench.sound()) == (signals.DARK, signals.SILENT)
        bench.write(effects)
        bench.wait(999)
        assert bench.look() == []
        bench.wait(1)
        assert bench.look() == [(SLOT_TAKEN, SLOT, LID, value)]
        assert bench.light() == signals.TAKEN
        bench.lid(LID, False)
        assert bench.walk(DUE_S + 5 * HOUR) == []


def test_an_opening_in_the_log_is_never_prompted_again_wherever_the_power_goes() -> None:
    """Cut after any record of an intake, with or without watched lids: no prompt, no MISSED."""
    for cut_at in range(3):
        for moved in (None, 0):
            bench = _due((30, 30, 60))
            if cut_at >= 1:
                bench.lid(LID, True)
            if cut_at >= 2:
                bench.wait(1500)
                bench.look()
            bench.restart(1, moved)
            effects = bench.look() + bench.walk(DUE_S + 5 * HOUR)
            said = [k for k in kinds(effects) if k not in (SLOT_UNWATCHED, LID_LEFT_OPEN)]
            # watched lids: the restart took nothing away from what is known
            forgotten = [SLOT_LATE, SLOT_MISSED] if moved == 0 else [SLOT_UNKNOWN]
            assert said == (forgotten, [SLOT_DOUBTFUL], [])[cut_at], (cut_at, moved, effects)


def test_a_series_goes_on_after_a_restart() -> None:
    """Prompted before: light and sound at once, no second PROMPTED; the doubt is told once."""
    bench = _due()
    bench.restart(5)
    assert bench.look() == [(SLOT_UNWATCHED, SLOT, LID, 0)]
    assert bench.light() == signals.TAKE
    bench.restart(5)
    assert bench.look() == []
    assert bench.sound() == signals.SOFT


def test_a_word_closes_a_slot() -> None:
    """Taken by word where it can be; not taken; what is settled stays; no such slot: None."""
    bench = _due()
    assert bench.box.close((1, 1), WORD_TAKEN) is None
    assert bench.write(bench.box.close(SLOT, WORD_TAKEN) or []) == [(SLOT_TAKEN, SLOT, LID, 3)]
    assert bench.box.close(SLOT, WORD_NOT_TAKEN) == []
    assert (bench.light(), bench.sound()) == (signals.TAKEN, signals.SILENT)
    bench.restart()
    assert bench.look() + bench.walk(DUE_S + 5 * HOUR) == []
    missed = _due()
    missed.walk(DUE_S + HOUR)
    assert missed.box.close(SLOT, WORD_NOT_TAKEN) == []
    assert short(missed.box.close(SLOT, WORD_TAKEN) or []) == [(SLOT_TAKEN, 3)]
    said = _due()
    assert short(said.box.close(SLOT, WORD_NOT_TAKEN) or []) == [(SLOT_SKIPPED, 2)]
    waiting = Bench([dose()])
    waiting.look()
    assert waiting.box.close(SLOT, WORD_TAKEN) == []


def test_ok_hushes_then_snoozes_three_times_at_most() -> None:
    """Every press is OK_PRESSED; hushed 5 min, snoozed 10 min, three snoozes; the light stays."""
    bench = _due((30, 120, 0))
    snoozed = []
    for _ in range(8):
        bench.walk(bench.wall_s + MIN)
        effects = bench.write(bench.box.ok(bench.wall_s, bench.uptime_ms))
        assert effects[0][0] == OK_PRESSED
        snoozed += [effect[3] for effect in effects if effect[0] == SLOT_SNOOZED]
        assert (bench.light(), bench.sound()) == (signals.TAKE, signals.SILENT)
        bench.restart(0, 0)
        bench.look()
        bench.box.ok(bench.wall_s, bench.uptime_ms)  # hushed anew: the next press snoozes
    assert snoozed == [1, 2, 3]


def test_the_next_slot_is_heard_whatever_was_pressed_before() -> None:
    """A new series ends the silence of the one before."""
    bench = Bench([dose(), dose((9560, 3), 3, DUE_S + 5 * MIN)])
    bench.look()
    bench.walk(DUE_S + 4 * MIN)
    bench.box.ok(bench.wall_s, bench.uptime_ms)
    assert bench.sound() == signals.SILENT
    bench.walk(DUE_S + 6 * MIN)
    assert bench.sound() == signals.SOFT


def test_low_criticality_is_silent_in_quiet_hours_by_the_local_clock() -> None:
    """04:30 UTC is 13:30 in Korea: quiet 13:00–14:00 there holds, quiet 04:00–05:00 does not."""
    for quiet, heard in (((13 * 60, 14 * 60), False), ((4 * 60, 5 * 60), True)):
        bench = _due(criticality=LOW)
        korea = Schedule(Zone(540, 0, 540), bench.schedule.entries)
        bench.box.adopt(korea, bench.wall_s)
        bench.box.quiet(*quiet)
        bench.look()
        assert bench.light() == signals.TAKE
        assert (bench.sound() != signals.SILENT) == heard


def test_the_next_look_is_when_time_brings_something() -> None:
    """Each moment of the slot, a second while a lid may become wrong, the next day for a rule."""
    bench = Bench([dose(windows=(30, 30, 60), skip_min=50)])
    bench.look()
    for minute in (-30, 0, 30, 50):
        assert bench.box.next_look_s(bench.wall_s) == DUE_S + minute * MIN
        bench.walk(DUE_S + minute * MIN)
    assert bench.box.next_look_s(bench.wall_s) > bench.wall_s + HOUR
    assert Bench([]).box.next_look_s(DUE_S) == 0


def test_a_box_that_sleeps_from_one_look_to_the_next_misses_nothing() -> None:
    """Looking only when next_look_s says so gives the same records as looking all the time."""
    entries = [dose(windows=(30, 30, 60), skip_min=75), dose((9560, 3), 3, DUE_S + HOUR)]
    awake, asleep = Bench(entries), Bench(entries)
    awake.look()
    everything = awake.walk(DUE_S + 4 * HOUR, 1)
    asleep.look()
    effects = []
    while asleep.wall_s < DUE_S + 4 * HOUR:
        next_s = asleep.box.next_look_s(asleep.wall_s)
        asleep.wait(max(1, next_s - asleep.wall_s) * 1000)
        asleep.box.resumed(0, 0)
        effects += asleep.look()
    assert effects == everything
    assert len(effects) == 5
