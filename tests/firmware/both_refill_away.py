"""pillbox.box while it is refilled and while the resident is away, under both interpreters."""

from anbu_wire.messages import (
    LID_OPENED,
    NO_COMPARTMENT,
    NO_SLOT,
    REFILL_BEGUN,
    REFILL_ENDED,
    SLOT_DOUBTFUL,
    SLOT_MISSED,
    SLOT_PAUSED,
    SLOT_PROMPTED,
    Record,
    ScheduleEntry,
)
from pillbox import signals
from pillbox.box import REFILL, REFILL_S, Box

DUE_S = 826_000_200
SLOT = (9560, 2)
LID = 10


def _box(due_s: int = DUE_S) -> Box:
    box = Box(28)
    box.adopt([ScheduleEntry(SLOT, LID, due_s, 30, 30, 0, 1)], due_s - 3600)
    box.look(due_s - 3600)
    return box


def _walk(box: Box, from_s: int, to_s: int) -> "list[int]":
    """The kinds of all records of looking each ten seconds."""
    kinds = []
    for wall_s in range(from_s, to_s + 1, 10):
        kinds += [effect[0] for effect in box.look(wall_s)]
        box.flushed()
    return kinds


def _record(kind: int, wall_s: int) -> Record:
    return Record(1, 1, 0, wall_s, 0, 2, kind, NO_COMPARTMENT, NO_SLOT, 1, 0)


def test_a_lid_opened_in_refill_mode_is_refill_never_intake() -> None:
    """No slot, no warning, whichever lid; the week is filled before it begins."""
    box = _box()
    assert box.refill(True, DUE_S - 3600) == [(REFILL_BEGUN, NO_SLOT, NO_COMPARTMENT, 0)]
    assert box.refill(True, DUE_S - 3590) == []
    for lid in range(28):
        assert box.lid(lid, True, DUE_S - 3500) == [(LID_OPENED, NO_SLOT, lid, REFILL)]
        box.lid(lid, False, DUE_S - 3490)
    assert box.refill(False, DUE_S - 3400) == [(REFILL_ENDED, NO_SLOT, NO_COMPARTMENT, 0)]
    assert _walk(box, DUE_S - 3400, DUE_S) == [SLOT_PROMPTED]
    assert box.show(DUE_S, False)[LID] == signals.TAKE


def test_a_due_lid_opened_in_refill_mode_is_asked_about() -> None:
    """Its pouch may have been taken out: no "take" any more, a person is asked."""
    box = _box()
    _walk(box, DUE_S - 3600, DUE_S)
    box.refill(True, DUE_S + 10)
    box.lid(LID, True, DUE_S + 20)
    assert _walk(box, DUE_S + 20, DUE_S + 30) == [SLOT_DOUBTFUL]
    assert box.show(DUE_S + 30, False)[LID] == signals.ASK


def test_a_forgotten_refill_ends_by_itself_and_survives_a_restart() -> None:
    """Half an hour after it began, whatever restarts in between; it needs a known time."""
    assert Box(28).refill(True, 0) == []
    box = Box(28)
    box.recall(_record(REFILL_BEGUN, DUE_S))
    said = [box.refilling]
    assert _walk(box, DUE_S + 10, DUE_S + REFILL_S - 10) == []
    assert [e[0] for e in box.look(DUE_S + REFILL_S)] == [REFILL_ENDED]
    said.append(box.refilling)
    box.recall(_record(REFILL_BEGUN, DUE_S))
    box.recall(_record(REFILL_ENDED, DUE_S + 5))
    said.append(box.refilling)
    assert said == [True, False, False]


def test_away_pauses_what_falls_due_and_nothing_else() -> None:
    """No light, no sound, no MISSED while away; the dose after it is prompted as ever."""
    box = _box()
    box.away(DUE_S - 7200, DUE_S + 1)
    assert _walk(box, DUE_S - 3590, DUE_S + 3600) == [SLOT_PAUSED]
    assert box.show(DUE_S, False)[LID] == signals.DARK
    home = _box()
    home.away(DUE_S - 7200, DUE_S)
    assert _walk(home, DUE_S - 3590, DUE_S) == [SLOT_PROMPTED]


def test_leaving_while_a_dose_is_due_ends_its_prompt() -> None:
    """The absence covers the due time: paused at once, never missed."""
    box = _box()
    _walk(box, DUE_S - 3590, DUE_S + 60)
    box.away(DUE_S, DUE_S + 86_400)
    assert _walk(box, DUE_S + 70, DUE_S + 3600) == [SLOT_PAUSED]
    assert box.sound(DUE_S + 80) == signals.SILENT


def test_coming_home_early_brings_the_reminders_back() -> None:
    """What has not begun yet is prompted; what was paused stays so, also after a restart."""
    box = _box()
    box.away(DUE_S - 7200, DUE_S + 86_400)
    assert _walk(box, DUE_S - 3590, DUE_S - 60) == []
    box.away(0, 0)
    assert _walk(box, DUE_S - 50, DUE_S + 1810) == [SLOT_PROMPTED, SLOT_MISSED]
    after = Box(28)
    after.recall(Record(1, 1, 0, DUE_S, 0, 2, SLOT_PAUSED, LID, SLOT, 1, 0))
    after.adopt([ScheduleEntry(SLOT, LID, DUE_S, 30, 30, 0, 1)], 0)
    assert _walk(after, DUE_S + 10, DUE_S + 3600) == []
