"""pillbox.box and its slot table, under CPython and MicroPython."""

from anbu_wire.messages import (
    LID_CLOSED,
    LID_OPENED,
    OK_PRESSED,
    SLOT_DOUBTFUL,
    SLOT_LATE,
    SLOT_MISSED,
    SLOT_PROMPTED,
    SLOT_SNOOZED,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
    Record,
    ScheduleEntry,
)
from pillbox import signals
from pillbox.box import AGAIN, AS_DUE, NO_SLOT_NOW, WRONG, Box

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effect = tuple[int, tuple[int, int], int, int]

DUE_S = 826_000_200
SLOT = (9560, 2)
LID = 10
MIN = 60


def _entry(
    late_min: int = 0, slot: "tuple[int, int]" = SLOT, due_s: int = DUE_S, lid: int = LID
) -> ScheduleEntry:
    return ScheduleEntry(slot, lid, due_s, 30, 30, late_min, 1)


def _box(*entries: ScheduleEntry) -> Box:
    box = Box(28)
    box.adopt(list(entries or (_entry(),)), DUE_S - 3600)
    box.look(DUE_S - 3600)
    return box


def _walk(box: Box, from_s: int, to_s: int) -> "list[Effect]":
    """Every effect of looking each ten seconds, flushed at once."""
    effects: list[Effect] = []
    for wall_s in range(from_s, to_s + 1, 10):
        effects += box.look(wall_s)
        box.flushed()
    return effects


def _kinds(effects: "list[Effect]") -> "list[int]":
    return [effect[0] for effect in effects]


def test_a_forgotten_dose_is_prompted_once_and_missed_once() -> None:
    """One prompt series, one MISSED, at the window's end."""
    box = _box()
    effects = _walk(box, DUE_S - 3600, DUE_S + 60 * MIN)
    assert _kinds(effects) == [SLOT_PROMPTED, SLOT_MISSED]
    assert effects[0][1:] == (SLOT, LID, 0)
    assert box.show(DUE_S + 60 * MIN, False)[LID] == signals.NOT_TAKEN


def test_a_late_dose_is_offered_where_the_regimen_allows_it() -> None:
    """LATE at the window's end, MISSED at the end of the late time, TAKEN late between."""
    box = _box(_entry(late_min=60))
    assert _kinds(_walk(box, DUE_S - 60, DUE_S + 31 * MIN)) == [SLOT_PROMPTED, SLOT_LATE]
    assert box.show(DUE_S + 31 * MIN, False)[LID] == signals.LATE
    effects = box.lid(LID, True, DUE_S + 40 * MIN)
    assert effects[1] == (SLOT_TAKEN, SLOT, LID, 2)


def test_no_light_before_the_prompt_is_flushed() -> None:
    """A prompt series is durable before its first signal."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S - 10)
    assert _kinds(box.look(DUE_S)) == [SLOT_PROMPTED]
    assert box.show(DUE_S, False)[LID] == signals.DARK
    assert box.sound(DUE_S + 60) == signals.SILENT
    box.flushed()
    assert box.show(DUE_S, False)[LID] == signals.TAKE
    assert box.sound(DUE_S + 60) == signals.SOFT


def test_opening_in_the_window_is_taken_and_ends_every_signal() -> None:
    """Early, on time: TAKEN with its value; nothing sounds afterwards; never MISSED."""
    for at_s, value in ((DUE_S - 60, 0), (DUE_S + 60, 1)):
        box = _box()
        _walk(box, DUE_S - 3600, at_s)
        effects = box.lid(LID, True, at_s)
        assert effects == [(LID_OPENED, SLOT, LID, AS_DUE), (SLOT_TAKEN, SLOT, LID, value)]
        assert box.sound(at_s) == signals.SILENT
        assert box.show(at_s, False)[LID] == signals.TAKEN
        assert _walk(box, at_s, DUE_S + 60 * MIN) == []


def test_a_taken_slot_is_not_prompted_after_a_restart() -> None:
    """The log says taken: no second dose."""
    box = Box(28)
    box.recall(Record(1, 1, 0, DUE_S, 0, 2, SLOT_PROMPTED, LID, SLOT, 1, 0))
    box.recall(Record(2, 1, 0, DUE_S, 0, 2, SLOT_TAKEN, LID, SLOT, 1, 1))
    box.adopt([_entry()], 0)
    assert _walk(box, DUE_S + 120, DUE_S + 60 * MIN) == []


def test_a_series_goes_on_after_a_restart() -> None:
    """Prompted before the restart: light and sound at once, no second PROMPTED."""
    box = Box(28)
    box.recall(Record(1, 1, 0, DUE_S, 0, 2, SLOT_PROMPTED, LID, SLOT, 1, 0))
    box.adopt([_entry()], 0)
    assert box.look(DUE_S + 60) == []
    assert box.show(DUE_S + 60, False)[LID] == signals.TAKE


def test_a_window_that_ended_unwatched_is_unknown() -> None:
    """The box was off when the window ended: UNKNOWN, never MISSED, in every open state."""
    for prompted in (False, True):
        box = Box(28)
        if prompted:
            box.recall(Record(1, 1, 0, DUE_S, 0, 2, SLOT_PROMPTED, LID, SLOT, 1, 0))
        box.adopt([_entry()], 0)
        assert _kinds(box.look(DUE_S + 40 * MIN)) == [SLOT_UNKNOWN]


def test_a_window_that_was_watched_in_part_never_ends_in_missed() -> None:
    """Off from one minute after the prompt to two before the end, or across it with a late time."""
    for late_min, back_s in ((0, 28 * MIN), (60, 28 * MIN), (60, 40 * MIN)):
        box = Box(28)
        box.recall(Record(1, 1, 0, DUE_S, 0, 2, SLOT_PROMPTED, LID, SLOT, 1, 0))
        box.adopt([_entry(late_min)], 0)
        assert _kinds(_walk(box, DUE_S + back_s, DUE_S + 120 * MIN)) == [SLOT_UNKNOWN]
        assert box.show(DUE_S + 120 * MIN, False)[LID] == signals.DARK


def test_a_clock_jump_over_the_due_time_never_ends_in_missed() -> None:
    """The slot had not begun when the clock jumped into its window."""
    box = _box()
    box.clock_jumped()
    assert _kinds(_walk(box, DUE_S + 60, DUE_S + 40 * MIN)) == [SLOT_PROMPTED, SLOT_UNKNOWN]


def test_an_unknown_clock_prompts_nothing_and_shows_the_fault() -> None:
    """Wall time 0: no effect, every light says fault."""
    box = Box(28)
    box.adopt([_entry()], 0)
    assert box.look(0) == []
    assert set(box.show(0, False)) == {signals.FAULT}
    assert box.sound(0) == signals.SILENT


def test_a_dose_opened_while_the_time_was_unknown_is_not_prompted_again() -> None:
    """Before or after its prompt, or found open at the start: DOUBTFUL, no light says take."""
    for prompted in (False, True):
        for found in (False, True):
            box = Box(28)
            if prompted:
                box.recall(Record(1, 1, 0, DUE_S, 0, 2, SLOT_PROMPTED, LID, SLOT, 1, 0))
            box.adopt([_entry()], 0)
            box.look(0)
            if found:
                box.found_open(1 << LID)
            else:
                assert box.lid(LID, True, 0) == [(LID_OPENED, (0, 0), LID, NO_SLOT_NOW)]
                assert box.sound(0) == signals.SILENT
                box.lid(LID, False, 0)
            box.clock_jumped()
            assert _kinds(box.look(DUE_S + 60))[-1] == SLOT_DOUBTFUL
            box.flushed()
            assert box.show(DUE_S + 60, False)[LID] == signals.ASK


def test_a_lid_opened_at_an_unknown_time_days_before_its_slot_means_nothing() -> None:
    """Only the slot that has begun is doubted."""
    box = Box(28)
    box.adopt([_entry()], 0)
    box.found_open(1 << LID)
    box.look(DUE_S - 3600)
    assert _kinds(_walk(box, DUE_S - 3600, DUE_S + 60)) == [SLOT_PROMPTED]


def test_a_clock_jump_in_the_window_never_ends_in_missed() -> None:
    """A doubtful clock gives UNKNOWN."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S + 60)
    box.clock_jumped()
    assert _kinds(_walk(box, DUE_S + 60, DUE_S + 40 * MIN)) == [SLOT_UNKNOWN]


def test_a_clock_set_back_prompts_no_second_series() -> None:
    """The slot stays due; PROMPTED is not written again."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S + 60)
    box.clock_jumped()
    assert _walk(box, DUE_S - 3600, DUE_S + 120) == []


def test_a_wrong_lid_is_warned_and_after_ten_seconds_doubtful() -> None:
    """Wrong lid: red, warning sound; longer than 10 s: no more prompt, a person is asked."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S)
    assert box.lid(3, True, DUE_S + 5) == [(LID_OPENED, SLOT, 3, WRONG)]
    assert box.show(DUE_S + 5, False)[3] == signals.WRONG_LID
    assert box.sound(DUE_S + 5) == signals.WARN
    assert box.look(DUE_S + 15) == []
    assert _kinds(box.look(DUE_S + 16)) == [SLOT_DOUBTFUL]
    assert box.show(DUE_S + 16, False)[LID] == signals.ASK
    assert _kinds(box.lid(3, False, DUE_S + 20)) == [LID_CLOSED]
    assert box.sound(DUE_S + 60) == signals.SILENT


def test_a_second_wrong_lid_does_not_hide_the_first() -> None:
    """Two wrong lids, one shut at once: the other goes on warning, then the dose is doubtful."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S)
    box.lid(3, True, DUE_S + 5)
    box.lid(5, True, DUE_S + 8)
    assert _kinds(box.lid(5, False, DUE_S + 9)) == [LID_CLOSED]
    assert box.sound(DUE_S + 9) == signals.WARN
    assert _kinds(box.look(DUE_S + 16)) == [SLOT_DOUBTFUL]


def test_a_wrong_lid_shut_quickly_leaves_the_slot_due() -> None:
    """Within ten seconds: the prompt goes on."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S)
    box.lid(3, True, DUE_S + 5)
    assert box.lid(3, False, DUE_S + 9) == [(LID_CLOSED, (0, 0), 3, 4)]
    assert box.look(DUE_S + 60) == []
    assert box.show(DUE_S + 60, False)[LID] == signals.TAKE


def test_opening_again_and_opening_with_no_slot_are_told_apart() -> None:
    """A taken slot's lid is AGAIN; a lid outside every window has no slot."""
    box = _box()
    assert box.lid(3, True, DUE_S - 3600) == [(LID_OPENED, (0, 0), 3, NO_SLOT_NOW)]
    box.lid(3, False, DUE_S - 3590)
    _walk(box, DUE_S - 3590, DUE_S)
    box.lid(LID, True, DUE_S + 5)
    box.lid(LID, False, DUE_S + 8)
    assert box.lid(LID, True, DUE_S + 50) == [(LID_OPENED, SLOT, LID, AGAIN)]


def test_ok_stops_the_sound_three_times_at_most() -> None:
    """OK = ten quiet minutes, capped; the light stays."""
    box = _box(_entry())
    _walk(box, DUE_S - 3600, DUE_S + 60)
    assert _kinds(box.ok(DUE_S + 60)) == [OK_PRESSED, SLOT_SNOOZED]
    assert box.sound(DUE_S + 90) == signals.SILENT
    assert box.show(DUE_S + 90, False)[LID] == signals.TAKE
    assert _kinds(box.ok(DUE_S + 90)) == [OK_PRESSED]
    for n in (1, 2):
        assert _kinds(box.ok(DUE_S + 60 + n * 600)) == [OK_PRESSED, SLOT_SNOOZED]
    assert _kinds(box.ok(DUE_S + 60 + 3 * 600)) == [OK_PRESSED]


def test_a_new_schedule_never_reopens_a_begun_slot() -> None:
    """Taken stays taken, due keeps its own times; a slot already over is not this box's."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S)
    box.lid(LID, True, DUE_S + 5)
    later = _entry(due_s=DUE_S + 7200)
    over = _entry(slot=(9560, 1), due_s=DUE_S - 20_000, lid=9)
    box.adopt([over, later], DUE_S + 60)
    assert _walk(box, DUE_S + 60, DUE_S + 12_000) == []
    assert [s.entry.slot for s in box.slots] == [SLOT]


def test_a_taken_slot_left_out_and_named_again_is_not_prompted_again() -> None:
    """A gateway whose clock fell back a day sends yesterday's slot anew: it stays taken."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S)
    box.lid(LID, True, DUE_S + 5)
    box.lid(LID, False, DUE_S + 9)
    far = [_entry(slot=(9560 + n, 2), due_s=DUE_S + n * 86_400, lid=n) for n in range(1, 14)]
    box.adopt(far, DUE_S + 20_000)
    assert box.lid(LID, True, DUE_S + 20_000) == [(LID_OPENED, SLOT, LID, AGAIN)]
    box.lid(LID, False, DUE_S + 20_005)
    box.clock_jumped()
    box.adopt([_entry()] + far, DUE_S - 3600)  # noqa: RUF005 - MicroPython has no [*a]
    assert _walk(box, DUE_S - 3600, DUE_S + 60 * MIN) == []


def test_every_meaning_has_its_own_rhythm() -> None:
    """Colour is never the only sign: every light blinks differently."""
    rhythms = [row[4:] for meaning, row in signals.LIGHTS.items() if meaning != signals.DARK]
    assert len(set(rhythms)) == len(rhythms)
