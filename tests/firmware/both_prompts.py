"""pillbox.prompts: ever louder, quieted by OK, never all night, under CPython and MicroPython."""

from anbu_wire.schedule import LOW, NORMAL, TIME_CRITICAL, once
from pillbox.prompts import HUSHED, NOTHING, SNOOZED, Prompts
from pillbox.signals import LOUD, LOUDER, SILENT, SOFT
from pillbox.slot import DUE, LATE, MISSED, OPEN, TAKEN, WAITING, Slot

BASE_S = 826_000_200
NOON = 720
MIN = 60


def _slot(state: int = DUE, base_s: int = BASE_S, criticality: int = NORMAL) -> Slot:
    slot = Slot(once((9560, 2), 10, base_s, (30, 720, 0), criticality))
    slot.state = state
    slot.armed = True
    return slot


def _heard(slots: "list[Slot]", from_s: int, until_s: int) -> "list[int]":
    """Second by second since the base."""
    prompts = Prompts()
    return [prompts.sound(slots, BASE_S + s, NOON) for s in range(from_s, until_s)]


def test_light_soft_louder_every_few_minutes_then_silence() -> None:
    """As in the contract: 30 s light, soft to 2 min, then bursts that rise; two hours at most."""
    heard = _heard([_slot()], 0, 12 * 3600)
    assert set(heard[:30]) == {SILENT}
    assert set(heard[30:120]) == {SOFT}
    assert heard[120:150] == [SOFT] * 10 + [LOUD] * 20
    assert set(heard[150:420]) == {SILENT}
    assert heard[720:750] == [SOFT] * 10 + [LOUD] * 10 + [LOUDER] * 10
    for at_s in range(720, 7200, 300):
        assert heard[at_s : at_s + 300].count(SILENT) == 270
    assert set(heard[7200:]) == {SILENT}
    assert LOUDER not in heard[:720]


def test_only_a_slot_that_asks_to_be_taken_sounds() -> None:
    """Before its base, after its window and once it is done: silence; not before it is flushed."""
    for state in (WAITING, OPEN, LATE, TAKEN, MISSED):
        assert set(_heard([_slot(state)], 0, 600)) == {SILENT}
    slot = _slot()
    slot.armed = False
    assert set(_heard([slot], 0, 600)) == {SILENT}
    assert Prompts().sound([_slot()], 0, NOON) == SILENT


def test_of_two_slots_the_louder_is_heard() -> None:
    """A second slot begins softly and does not mute the first."""
    both = [_slot(), _slot(DUE, BASE_S + 720)]
    heard = _heard(both, 720, 780)
    assert heard[20:30] == [LOUDER] * 10
    assert heard[30:60] == [SOFT] * 30


def test_ok_hushes_then_snoozes() -> None:
    """First press five minutes, pressed again ten from then; the light is not its matter."""
    prompts = Prompts()
    slots = [_slot()]
    at_s = BASE_S + 720
    assert prompts.sound(slots, at_s, NOON) == SOFT
    assert prompts.ok(at_s) == HUSHED
    assert prompts.sound(slots, at_s + 1, NOON) == SILENT
    assert prompts.sound(slots, at_s + 300, NOON) == SOFT
    assert prompts.ok(at_s + 300) == HUSHED
    assert prompts.ok(at_s + 310) == SNOOZED
    assert prompts.snoozes == 1
    heard = [prompts.sound(slots, at_s + 310 + s, NOON) for s in range(700)]
    assert set(heard[:600]) == {SILENT}
    assert LOUDER in heard[600:]


def test_a_snoozing_box_needs_no_second_snooze() -> None:
    """Pressed again and again in one moment: hushed, snoozed once, no more is used up."""
    prompts = Prompts()
    assert [prompts.ok(BASE_S) for _ in range(6)] == [HUSHED, SNOOZED] + [NOTHING] * 4
    assert prompts.snoozes == 1


def test_three_snoozes_a_series_and_no_more() -> None:
    """The fourth is refused: she is hushed, and hears it again. A new series counts anew."""
    prompts = Prompts()
    at_s = BASE_S
    for n in (1, 2, 3):
        assert (prompts.ok(at_s), prompts.ok(at_s + 1)) == (HUSHED, SNOOZED)
        assert prompts.snoozes == n
        at_s += 601
    assert (prompts.ok(at_s), prompts.ok(at_s + 1)) == (HUSHED, NOTHING)
    assert prompts.snoozes == 3
    assert prompts.sound([_slot(DUE, at_s - 720)], at_s + 300, NOON) != SILENT
    prompts.begin()
    assert (prompts.ok(at_s), prompts.ok(at_s + 1)) == (HUSHED, SNOOZED)
    assert prompts.snoozes == 1


def test_the_next_slot_is_heard_whatever_was_pressed() -> None:
    """A hush and a snooze end when a series begins."""
    for presses in (1, 2):
        prompts = Prompts()
        for _ in range(presses):
            prompts.ok(BASE_S)
        assert prompts.sound([_slot(DUE, BASE_S - 60)], BASE_S + 1, NOON) == SILENT
        prompts.begin()
        assert prompts.sound([_slot(DUE, BASE_S - 60)], BASE_S + 1, NOON) == SOFT


def test_a_clock_set_back_silences_nothing_for_long() -> None:
    """A year back in the middle of a hush: the prompt is heard, not muted for that year."""
    prompts = Prompts()
    prompts.ok(BASE_S)
    before_s = BASE_S - 365 * 86_400
    assert prompts.sound([_slot(DUE, before_s - 60)], before_s, NOON) == SOFT
    assert prompts.ok(before_s) == HUSHED


def test_quiet_hours_mute_low_criticality_only() -> None:
    """Between the two local minutes, over midnight too; equal minutes are never."""
    cases = (
        ((1320, 420), 1319, False),
        ((1320, 420), 1320, True),
        ((1320, 420), 0, True),
        ((1320, 420), 419, True),
        ((1320, 420), 420, False),
        ((60, 120), 60, True),
        ((60, 120), 120, False),
        ((0, 0), 0, False),
        ((420, 420), 420, False),
    )
    for (from_min, until_min), minute, quiet in cases:
        prompts = Prompts()
        prompts.set_quiet(from_min, until_min)
        for criticality in (LOW, NORMAL, TIME_CRITICAL):
            heard = prompts.sound([_slot(DUE, BASE_S, criticality)], BASE_S + 60, minute)
            mute = quiet and criticality == LOW
            assert (heard == SILENT) == mute, (from_min, until_min, minute, criticality)


def test_a_clock_set_back_before_the_series_begin_mutes_nothing() -> None:
    """A day back while it is due: light, soft, louder from that moment, and an end as ever."""
    slot = _slot()
    prompts = Prompts()
    prompts.sound([slot], BASE_S + 60, NOON)
    back_s = BASE_S - 86_400
    heard = [prompts.sound([slot], back_s + s, NOON) for s in range(3 * 3600)]
    assert heard == _heard([slot], 0, 3 * 3600)
