"""Filling the box, taking days out of it, and absences; under both interpreters."""

from anbu_wire.messages import (
    COMPARTMENT_EMPTIED,
    COMPARTMENT_FILLED,
    COMPARTMENT_UNFILLED,
    LID_CLOSED,
    LID_LEFT_OPEN,
    LID_OPENED,
    NO_COMPARTMENT,
    NO_SLOT,
    OPENED_REFILL,
    REFILL_BEGUN,
    REFILL_END,
    REFILL_ENDED,
    REFILL_FILL,
    REFILL_PART,
    REFILL_TAKE_OUT,
    SLOT_DOUBTFUL,
    SLOT_PAUSED,
    SLOT_PROMPTED,
    SLOT_UNKNOWN,
)
from pillbox import signals
from tests.firmware.one_box import DAY, DUE_S, HOUR, LID, LIDS, MIN, SLOT, Bench, dose, kinds, short

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

HALF_HOUR = 30 * MIN
WEEK = (1 << LIDS) - 1


def _refill(bench: Bench, mode: int, mask: int = 0) -> "Effects":
    return bench.write(bench.box.refill(mode, mask, bench.wall_s, bench.uptime_ms))


def _filling(mask: int, mode: int = REFILL_FILL) -> Bench:
    """An hour before a dose, a refill just begun."""
    bench = Bench([dose()])
    bench.look()
    _refill(bench, mode, mask)
    return bench


def _done(effects: "Effects") -> "list[int]":
    """The compartments that were filled or emptied."""
    return [e[2] for e in effects if e[0] in (COMPARTMENT_FILLED, COMPARTMENT_EMPTIED)]


def test_a_whole_week_is_filled_in_order() -> None:
    """Each lid lights in turn, shows what is done, and the refill ends with the last one."""
    bench = _filling(WEEK)
    for lid in range(LIDS):
        assert (bench.light(lid), bench.box.filling) == (signals.FILL, WEEK >> lid << lid)
        assert bench.lid(lid, True) == [(LID_OPENED, NO_SLOT, lid, OPENED_REFILL)]
        bench.wait(1000)
        assert _done(bench.lid(lid, False)) == [lid]
        if lid < LIDS - 1:
            assert (bench.light(lid), bench.sound()) == (signals.FILLED, signals.REFILL_OK)
    assert bench.box.refilling == REFILL_END
    assert bench.log[-1][6:] == (REFILL_ENDED, NO_COMPARTMENT, NO_SLOT, 1, 1)
    assert kinds(bench.walk(DUE_S)) == [SLOT_PROMPTED]


def test_a_wrong_order_is_corrected() -> None:
    """A lid out of its turn is warned of until it is shut, and must be opened again."""
    bench = _filling(0b110)
    bench.lid(2, True)
    assert (bench.light(2), bench.sound()) == (signals.WRONG_LID, signals.REFILL_WRONG)
    assert bench.light(1) == signals.FILL
    bench.wait(5000)
    assert kinds(bench.lid(2, False)) == [LID_CLOSED]
    assert bench.light(2) == signals.DARK
    bench.lid(1, True)
    bench.lid(2, True)  # before the first is shut: not its turn either
    bench.wait(2000)
    assert _done(bench.lid(1, False)) == [1]
    assert _done(bench.lid(2, False)) == []
    assert (bench.light(2), bench.box.filling) == (signals.FILL, 0b100)
    assert kinds(bench.open_for(2, 1000))[-2:] == [COMPARTMENT_FILLED, REFILL_ENDED]


def test_a_lid_open_for_less_than_a_second_is_not_done() -> None:
    """999 ms are a touch."""
    bench = _filling(0b10)
    assert _done(bench.open_for(1, 999)) == []
    assert _done(bench.open_for(1, 1000)) == [1]


def test_what_was_not_filled_is_named_at_the_end() -> None:
    """By command, or forgotten for half an hour after the last movement."""
    for by_command in (True, False):
        bench = _filling(0b1110)
        bench.walk(bench.wall_s + 20 * MIN)
        bench.open_for(1, 1000)
        if by_command:
            effects = _refill(bench, REFILL_END)
        else:
            assert bench.walk(bench.wall_s + HALF_HOUR - 1) == []
            effects = bench.walk(bench.wall_s + 1)
        assert effects == [
            (COMPARTMENT_UNFILLED, NO_SLOT, 2, 0),
            (COMPARTMENT_UNFILLED, NO_SLOT, 3, 0),
            (REFILL_ENDED, NO_SLOT, NO_COMPARTMENT, 0 if by_command else 1),
        ]
        assert bench.box.refilling == REFILL_END
        assert _refill(bench, REFILL_END) == []


def test_a_refill_goes_on_after_a_restart_with_its_order() -> None:
    """Mode, what was asked for, what is done, and the half hour since the last movement."""
    mask = 1 << 3 | 1 << 14 | 1 << 15 | 1 << 27
    bench = _filling(mask)
    assert [e.value for e in bench.log if e.kind == REFILL_PART] == [1 << 3 | 1 << 14, 1 | 1 << 12]
    bench.open_for(3, 2000)
    moved_s = bench.wall_s
    bench.restart(10 * MIN)
    bench.look()
    assert (bench.box.refilling, bench.box.filling) == (REFILL_FILL, mask & ~(1 << 3))
    assert (bench.light(14), bench.light(3)) == (signals.FILL, signals.FILLED)
    said = kinds(bench.walk(moved_s + HALF_HOUR))
    assert said[-4:] == [COMPARTMENT_UNFILLED] * 3 + [REFILL_ENDED]
    bench.restart()
    assert bench.box.refilling == REFILL_END


def test_a_refill_cut_before_its_last_word_ends_after_the_restart() -> None:
    """The last compartment's record is the log's last: all is done, so it ends."""
    bench = _filling(0b10)
    bench.open_for(1, 1000)
    assert bench.log.pop().kind == REFILL_ENDED
    bench.restart()
    assert bench.box.refilling == REFILL_FILL
    assert REFILL_ENDED in kinds(bench.look())


def test_the_same_command_again_changes_nothing_and_another_begins_anew() -> None:
    """A command repeated by the radio has no second effect; another order ends the first."""
    bench = _filling(0b110)
    bench.open_for(1, 1000)
    assert _refill(bench, REFILL_FILL, 0b110) == []
    assert bench.box.filling == 0b100
    assert kinds(_refill(bench, REFILL_FILL, 0b101))[-1] == REFILL_PART
    assert bench.box.filling == 0b101
    _refill(bench, REFILL_FILL, 0b1)
    assert kinds(_refill(bench, REFILL_TAKE_OUT, 0b1)) == [
        COMPARTMENT_UNFILLED, REFILL_ENDED, REFILL_BEGUN, REFILL_PART,
    ]  # fmt: skip
    assert bench.light(0) == signals.EMPTY
    assert bench.box.calls()


def test_a_refill_without_guidance() -> None:
    """Any lid in any order, each done by itself, none undone; it ends by command."""
    bench = _filling(0)
    assert [e.value for e in bench.log if e.kind == REFILL_BEGUN] == [REFILL_FILL]
    for lid in (5, 0, 27):
        assert _done(bench.open_for(lid, 1500)) == [lid]
        assert bench.light(lid) == signals.DARK
    assert _refill(bench, REFILL_END) == [(REFILL_ENDED, NO_SLOT, NO_COMPARTMENT, 0)]


def test_it_needs_no_known_time() -> None:
    """Half an hour of uptime, lids that are refill; what was due then is asked about afterwards."""
    bench = Bench([dose()], 0)
    bench.look()
    _refill(bench, REFILL_FILL)
    assert bench.lid(LID, True)[0][3] == OPENED_REFILL
    bench.wait(HALF_HOUR * 1000)
    assert REFILL_ENDED in kinds(bench.look())
    bench.wall_s = DUE_S + MIN
    assert (SLOT_DOUBTFUL, SLOT, LID, 3) in bench.look()


def test_a_lid_opened_in_refill_mode_is_never_intake() -> None:
    """Before its early window: nothing. Open, due or late: a person is asked, at once."""
    for at_s, doubtful in (
        (DUE_S - 40 * MIN, False),
        (DUE_S - MIN, True),
        (DUE_S + MIN, True),
        (DUE_S + 40 * MIN, True),
    ):
        bench = Bench([dose(windows=(30, 30, 60))])
        bench.look()
        bench.walk(at_s)
        _refill(bench, REFILL_FILL)
        expected = [(LID_OPENED, OPENED_REFILL)] + [(SLOT_DOUBTFUL, 5)] * doubtful
        assert short(bench.lid(LID, True)) == expected


def test_a_lid_may_stay_open_while_the_box_is_filled() -> None:
    """Not told as left open before the refill is over; then with the minutes it really was."""
    bench = _filling(0)
    bench.lid(5, True)
    assert bench.walk(bench.wall_s + 10 * MIN) == []
    _refill(bench, REFILL_END)
    assert bench.look() == [(LID_LEFT_OPEN, NO_SLOT, 5, 10)]


def test_days_taken_out_for_a_journey_are_paused_until_filled_again() -> None:
    """Emptied: PAUSED when it falls due, after a restart too; filled again: prompted."""
    for restarts in (False, True):
        bench = Bench([dose(), dose((9561, 2), LID, DUE_S + DAY)])
        bench.look()
        _refill(bench, REFILL_TAKE_OUT, 1 << LID)
        assert _done(bench.open_for(LID, 3000)) == [LID]
        if restarts:
            bench.restart(1, 0)
        assert kinds(bench.walk(DUE_S - 1)) == []
        assert kinds(bench.walk(DUE_S + HOUR)) == [SLOT_PAUSED]
        assert bench.light() == signals.DARK
        _refill(bench, REFILL_FILL)
        assert _done(bench.open_for(LID, 3000)) == [LID]
        _refill(bench, REFILL_END)
        if restarts:
            bench.restart(1, 0)
        assert kinds(bench.walk(DUE_S + DAY)) == [SLOT_PROMPTED]


def test_away_pauses_what_falls_due_and_nothing_else() -> None:
    """From is in, until is out: no light, no sound, no MISSED; the dose after it is prompted."""
    for from_s, until_s, kind in (
        (DUE_S, DUE_S + 1, SLOT_PAUSED),
        (DUE_S - HOUR, DUE_S, SLOT_PROMPTED),
        (DUE_S + 1, DUE_S + DAY, SLOT_PROMPTED),
    ):
        bench = Bench([dose()])
        bench.box.away(from_s, until_s)
        bench.look()
        assert kinds(bench.walk(DUE_S)) == [kind]
        paused = kind == SLOT_PAUSED
        assert bench.light() == (signals.DARK if paused else signals.TAKE)


def test_leaving_while_a_dose_is_due_late_or_touched_ends_its_prompt() -> None:
    """The absence covers the due time: paused at the next look, never missed."""
    for at_s, brief in ((DUE_S + MIN, False), (DUE_S + 40 * MIN, False), (DUE_S + MIN, True)):
        bench = Bench([dose(windows=(30, 30, 60))])
        bench.look()
        bench.walk(at_s)
        if brief:
            bench.open_for(LID, 100)
        bench.box.away(DUE_S, DUE_S + DAY)
        assert kinds(bench.look()) == [SLOT_PAUSED]
        assert (bench.light(), bench.sound()) == (signals.DARK, signals.SILENT)
        assert bench.walk(DUE_S + 5 * HOUR) == []


def test_an_absence_over_a_power_cut_is_paused_not_unknown() -> None:
    """Nobody is at home to take it, watched or not; coming home early brings the next one back."""
    for away, kind in (((DUE_S, DUE_S + DAY), SLOT_PAUSED), ((0, 0), SLOT_UNKNOWN)):
        bench = Bench([dose()])
        bench.look()
        bench.restart(2 * HOUR)
        bench.box.away(*away)
        assert kinds(bench.look()) == [kind]
    home = Bench([dose(), dose((9560, 3), 3, DUE_S + 4 * HOUR)])
    home.box.away(DUE_S, DUE_S + DAY)
    home.look()
    assert kinds(home.walk(DUE_S + HOUR)) == [SLOT_PAUSED]
    home.box.away(0, 0)
    assert kinds(home.walk(DUE_S + 4 * HOUR)) == [SLOT_PROMPTED]


def test_the_next_look_is_when_a_refill_is_forgotten() -> None:
    """So that a sleeping box ends it in time."""
    bench = _filling(0b1)
    bench.walk(DUE_S - 50 * MIN)
    assert bench.box.next_look_s(bench.wall_s) == DUE_S - HALF_HOUR
    bench.lid(0, True)
    bench.look()
    assert bench.box.next_look_s(bench.wall_s) == bench.wall_s + 5 * MIN
