"""What main knows after a restart, and which clock it believes.

Knows: the real main on a NOR model, a board of stand-ins. Runs under MicroPython.
"""

from anbu_device.core.journal import SEGMENT_RECORDS
from anbu_wire.messages import (
    BOOT,
    CLOCK_LOST,
    OK,
    OK_PRESSED,
    RECORDS_LOST,
    SLOT_PAUSED,
    SLOT_UNKNOWN,
)
from anbu_wire.schedule import UTC, Schedule, encode_schedule, once
from tests.firmware.power import box
from tests.firmware.power.chips import Faulty, formatted
from tests.firmware.power.micro_main import (
    DARK,
    DAY,
    LID,
    WALL_S,
    falls_due,
    kinds_of,
    last_of,
    passes,
    pill_of,
    set_time,
)
from tests.firmware.power.nor import blank

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Any


def _full_of_a_dose_taken(pill: "Any") -> None:  # noqa: ANN401 - main's
    """The store fills up while a dose is prompted, then its lid is opened."""
    while pill.log.append(OK_PRESSED):
        pass
    pill.board.open_lids = 1 << LID
    passes(pill, 3000)
    pill.board.open_lids = 0
    passes(pill, 3000)
    assert not pill.board.light(LID)[2]


def test_a_dose_taken_beside_a_full_log_is_not_prompted_again_after_a_restart() -> None:
    """The opening could not be written: nobody knows, so "take" is not said again."""
    nor = formatted(64)
    pill = pill_of(nor)
    falls_due(pill)
    passes(pill, 2000)
    assert pill.board.light(LID) != DARK
    _full_of_a_dose_taken(pill)
    pill.board.moved_while_off = lambda: None  # the chips lost their power too
    again = pill_of(nor, pill.board)
    lit = set()
    for _ in range(40):
        passes(again, 250)
        lit.add(again.board.light(LID)[2])  # of all that could show, "take" alone is blue
    assert lit == {0}


def test_a_dose_taken_while_the_cell_ran_out_is_not_prompted_again_after_a_restart() -> None:
    """Too weak to write: the log's last word says so, also where the dose began after it."""
    for early_min in (0, 30):
        nor = formatted(64)
        pill = pill_of(nor)
        board = pill.board
        falls_due(pill, early_min)
        board.plugged_in, board.gauge.cell_mv = False, 3150
        passes(pill, 61_000)
        assert last_of(pill, RECORDS_LOST) == 0
        newest = pill.log.journal.newest_seq
        board.open_lids = 1 << LID
        passes(pill, 3000)
        board.open_lids = 0
        passes(pill, 3000)
        assert pill.log.journal.newest_seq == newest
        board.plugged_in, board.gauge.cell_mv = True, 4100
        board.moved_while_off = lambda: None
        again = pill_of(nor, board)
        lit = set()
        for _ in range(40):
            passes(again, 250)
            lit.add(again.board.light(LID)[2])
        assert lit == {0}


def test_a_dose_taken_before_a_storm_of_records_is_not_prompted_again_after_a_restart() -> None:
    """A contact rattled: what a start reads begins after the dose, so nobody knows of it."""
    from anbu_device.edge import logbook  # noqa: PLC0415 - after main's neighbours were replaced

    nor = formatted(64)
    pill = pill_of(nor)
    falls_due(pill)
    pill.board.open_lids = 1 << LID
    passes(pill, 3000)
    pill.board.open_lids = 0
    passes(pill, 3000)
    for _ in range(2 * SEGMENT_RECORDS):
        pill.log.append(OK_PRESSED)
    pill.board.moved_while_off = lambda: None  # the chips lost their power too
    read, logbook._READ_SEGMENTS = logbook._READ_SEGMENTS, 2
    again = pill_of(nor, pill.board)
    logbook._READ_SEGMENTS = read
    lit = set()
    for _ in range(40):
        passes(again, 250)
        lit.add(again.board.light(LID)[2])
    assert lit == {0}
    assert SLOT_UNKNOWN in kinds_of(again)


def test_a_dose_is_not_prompted_again_after_a_restart_without_a_log() -> None:
    """No store at all: the schedule comes by radio again, and what had begun is not known."""
    pill = pill_of(formatted(64))
    falls_due(pill)
    entry = once((DAY, 1), LID, WALL_S + 60, (30, 60, 60))
    wrecked = pill_of(Faulty(blank(64)), pill.board)
    passes(wrecked, 5000)
    assert wrecked.service.store_schedule(1, encode_schedule(Schedule(UTC, [entry]))) == OK
    lit = set()
    for _ in range(40):
        passes(wrecked, 250)
        lit.add(wrecked.board.light(LID)[2])
    assert lit == {0}


def test_a_clock_chip_that_disagrees_is_told_and_set() -> None:
    """More than five seconds from the ticks: CLOCK_LOST, a doubt; the ticks are believed."""
    pill = pill_of()
    set_time(pill)
    passes(pill, 61_000)
    timeline = pill.clock.timeline
    assert CLOCK_LOST not in kinds_of(pill)[2:]
    pill.board.rtc.wall_s += 3600
    passes(pill, 61_000)
    assert last_of(pill, CLOCK_LOST) == 1
    assert pill.clock.timeline == timeline + 1
    assert WALL_S + 120 <= pill.clock.wall_s() <= WALL_S + 123
    assert abs(pill.board.rtc.wall_s - pill.clock.wall_s()) <= 1
    passes(pill, 120_000)
    assert kinds_of(pill).count(CLOCK_LOST) == 2  # the start's, and this one


def test_slow_drift_follows_the_clock_chip() -> None:
    """Three seconds are drift: taken over, nothing is doubted."""
    pill = pill_of()
    set_time(pill)
    pill.board.rtc.wall_s += 3
    timeline = pill.clock.timeline
    passes(pill, 61_000)
    assert WALL_S + 63 <= pill.clock.wall_s() <= WALL_S + 65
    assert pill.clock.timeline == timeline


def test_a_start_says_what_its_clock_is() -> None:
    """Without power or never set: 0; dead: 2; well: nothing, and the time is taken."""
    for wall_s, dead, said in ((None, 0, 0), (None, 4, 2), (WALL_S, 0, -1)):
        board = box.Board()
        board.rtc.wall_s = wall_s
        board.dead_chips = dead
        pill = pill_of(None, board)
        assert kinds_of(pill)[0] == BOOT
        assert last_of(pill, CLOCK_LOST) == said
        assert pill.clock.wall_s() == (wall_s or 0)


def test_a_compartment_taken_out_is_empty_after_a_long_journey_and_a_restart() -> None:
    """Its slot is not prompted, however many acknowledged records of later days came after it."""
    nor = formatted(64)
    pill = pill_of(nor)
    set_time(pill)
    assert pill.service.refill(2, 1 << LID) == OK
    pill.board.open_lids = 1 << LID
    passes(pill, 3000)
    pill.board.open_lids = 0
    passes(pill, 3000)
    for n in range(300):
        assert pill.log.append(SLOT_PAUSED, (DAY + n // 30, 0), 1, 0)
    journal = pill.log.journal
    assert pill.service.acknowledge(journal.epoch, journal.newest_seq) == OK
    again = pill_of(nor, pill.board)
    assert again.box._hands.refill.emptied == 1 << LID


def test_a_clock_chip_that_jumped_while_the_box_slept_is_not_believed() -> None:
    """After a nap as at any minute: small drift is the ticks', an hour is a fault and a jump."""
    from pillbox.wants import Wants  # noqa: PLC0415 - after main's neighbours were replaced

    pill = pill_of()
    set_time(pill)
    wants = Wants(pill, pill.updating)
    ours_s = pill.clock.wall_s()
    pill.board.rtc.wall_s = ours_s + 3
    wants.woken()
    assert pill.clock.wall_s() == ours_s + 3
    timeline = pill.clock.timeline
    for jump_s in (3600, -365 * 86_400):
        pill.board.rtc.wall_s = ours_s + jump_s
        wants.woken()
        assert pill.clock.wall_s() == ours_s + 3
        assert last_of(pill, CLOCK_LOST) == 1
    assert pill.clock.timeline == timeline + 2
