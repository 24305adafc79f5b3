"""pillbox.looks: which light a lid has, under CPython and MicroPython."""

from anbu_wire.messages import NO_COMPARTMENT, REFILL_END, REFILL_FILL, REFILL_TAKE_OUT
from anbu_wire.schedule import once
from pillbox import looks, signals, slot
from pillbox.slot import Slot

DUE_S = 826_000_200
LID = 3
LIDS = 6
HOURS = 3600

# By hand: what a lid shows in each state.
WANT = {
    slot.WAITING: signals.DARK,
    slot.OPEN: signals.DARK,
    slot.DUE: signals.TAKE,
    slot.LATE: signals.LATE,
    slot.OPENED: signals.DARK,
    slot.TOUCHED: signals.ASK,
    slot.TAKEN: signals.TAKEN,
    slot.MISSED: signals.NOT_TAKEN,
    slot.SKIPPED: signals.SKIP,
    slot.DOUBTFUL: signals.ASK,
    slot.UNKNOWN: signals.DARK,
    slot.PAUSED: signals.DARK,
}


def _slot(state: int, lid: int = LID, due_s: int = DUE_S) -> Slot:
    a_slot = Slot(once((9560, 2), lid, due_s, (30, 30, 0)))
    a_slot.state = state
    a_slot.armed = True
    return a_slot


def _show(
    slots: "list[Slot]",
    wall_s: int = DUE_S + 60,
    fault: bool = False,
    warned: int = 0,
    left_open: int = 0,
    filling: int = REFILL_END,
    next_fill: int = NO_COMPARTMENT,
    filled: int = 0,
) -> "list[int]":
    meanings = bytearray(b"\x01" * LIDS)  # what was shown before does not matter
    return list(
        looks.show(meanings, slots, wall_s, fault, warned, left_open, filling, next_fill, filled)
    )


def test_each_state_has_its_light_on_its_own_lid() -> None:
    """The lid shows the state, every other lid is dark."""
    for state, meaning in WANT.items():
        shown = _show([_slot(state)])
        assert shown[LID] == meaning, state
        assert shown.count(signals.DARK) >= LIDS - 1


def test_no_take_before_its_prompt_is_flushed() -> None:
    """Due but not yet durable: dark."""
    due = _slot(slot.DUE)
    due.armed = False
    assert _show([due])[LID] == signals.DARK


def test_what_is_due_now_is_said_before_what_is_late() -> None:
    """Two slots of one lid, in whichever order they fell due: TAKE."""
    for due_s, late_s in ((DUE_S, DUE_S - HOURS), (DUE_S, DUE_S + 9000 * HOURS)):
        slots = [_slot(slot.DUE, due_s=due_s), _slot(slot.LATE, due_s=late_s)]
        for order in (slots, slots[::-1]):
            assert _show(order)[LID] == signals.TAKE


def test_what_became_of_a_dose_is_seen_for_sixteen_hours() -> None:
    """Then its lid is dark; what may still be taken stays lit however long."""
    for state in (slot.TAKEN, slot.MISSED, slot.SKIPPED, slot.DOUBTFUL):
        assert _show([_slot(state)], DUE_S + 16 * HOURS)[LID] == WANT[state]
        assert _show([_slot(state)], DUE_S + 16 * HOURS + 1)[LID] == signals.DARK
    for state in (slot.DUE, slot.LATE):
        assert _show([_slot(state)], DUE_S + 40 * HOURS)[LID] == WANT[state]


def test_a_dose_to_take_is_never_hidden_by_an_old_one() -> None:
    """Two slots of one lid: the one to take shows, in either order; of two done, the later."""
    taken, due = _slot(slot.TAKEN), _slot(slot.DUE, LID, DUE_S - 60)
    assert _show([taken, due])[LID] == _show([due, taken])[LID] == signals.TAKE
    assert _show([_slot(slot.MISSED), _slot(slot.TAKEN)])[LID] == signals.TAKEN


def test_an_unknown_time_shows_the_clock_and_no_dose() -> None:
    """Every lid says so, whatever the slots; a lid that is warned of or left open still does."""
    shown = _show([_slot(slot.DUE)], 0)
    assert set(shown) == {signals.CLOCK_FAULT}
    shown = _show([], 0, warned=1, left_open=2)
    assert shown[:3] == [signals.WRONG_LID, signals.LEFT_OPEN, signals.CLOCK_FAULT]


def test_a_fault_hides_nothing() -> None:
    """Lids without anything to say show it, the others what they have to say."""
    shown = _show([_slot(slot.DUE), _slot(slot.TAKEN, 0)], fault=True)
    assert shown[LID] == signals.TAKE
    assert shown[0] == signals.TAKEN
    assert shown.count(signals.FAULT) == LIDS - 2


def test_a_warning_goes_before_all_else_on_its_lid() -> None:
    """Wrong lid, then refilling, then left open, then the dose."""
    everything = [_slot(slot.DUE)]
    bit = 1 << LID
    assert _show(everything, warned=bit, left_open=bit)[LID] == signals.WRONG_LID
    assert _show(everything, left_open=bit)[LID] == signals.LEFT_OPEN
    shown = _show(everything, warned=1, left_open=bit, filling=REFILL_FILL, next_fill=LID)
    assert (shown[0], shown[LID]) == (signals.WRONG_LID, signals.FILL)


def test_refilling_shows_what_it_asks_for() -> None:
    """The next compartment alone; old doses are hidden, one to take is not."""
    slots = [_slot(slot.TAKEN, 0), _slot(slot.DUE, 1), _slot(slot.LATE, 2)]
    for mode, meaning in ((REFILL_FILL, signals.FILL), (REFILL_TAKE_OUT, signals.EMPTY)):
        shown = _show(slots, filling=mode, next_fill=4, filled=0b101010)
        assert shown == [
            signals.DARK,
            signals.TAKE,
            signals.LATE,
            signals.FILLED,
            meaning,
            signals.FILLED,
        ]
    assert _show([], filling=REFILL_FILL).count(signals.DARK) == LIDS


def test_the_whole_box_speaks_around_a_lid_that_asks_for_a_hand() -> None:
    """The whole box ("not sent") takes every lid but those; a fault only the dark ones."""
    for meaning in signals.LIGHTS:
        for whole in (signals.HELP_NOT_SENT, signals.QUESTION, signals.FAULT):
            meanings = bytearray((meaning, signals.DARK))
            looks.over_all(meanings, whole)
            hand = meaning in looks.HANDS
            below = meaning in (signals.DARK, signals.FAULT, signals.CLOCK_FAULT, signals.LOCATE)
            covered = below if whole == signals.FAULT else not hand
            assert list(meanings) == [whole if covered else meaning, whole]
        meanings = bytearray((meaning, signals.DARK))
        looks.over_all(meanings, signals.DARK)
        assert list(meanings) == [meaning, signals.DARK]
