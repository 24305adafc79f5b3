"""How main joins box, log and board: the order of a reaction, hands during a blocking call, faults.

Knows: the real main on a NOR model, a board of stand-ins. Runs under MicroPython.
"""

import sys

import micropython

from anbu_wire.gatt import FAULT
from anbu_wire.messages import (
    HELP_NOT_SENT,
    HELP_PRESSED,
    LID_CLOSED,
    LID_OPENED,
    MAINS_BACK,
    MAINS_LOST,
    OK,
    OK_PRESSED,
    RECORDS_LOST,
    SCHEDULE_LOST,
    SENSOR_BACK,
    SENSOR_FAULT,
    SLOT_PROMPTED,
    decode_record,
)
from anbu_wire.schedule import UTC, Schedule, encode_schedule, once
from tests.firmware.power import box
from tests.firmware.power.chips import Faulty, flip, formatted
from tests.firmware.power.nor import blank
from tests.firmware.power.store import unmount

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

WALL_S = 830_000_000
DAY = WALL_S // 86_400
LID = 5
DARK = bytes(3)


def pill_of(nor: "Faulty | None" = None, board: "box.Board | None" = None) -> "Any":  # noqa: ANN401 - main's
    """A box that has just started, on empty flash unless told otherwise."""
    unmount()
    return box.pillbox(nor or formatted(64), board)


def kinds_of(pill: "Any", first_seq: int = 1) -> "list[int]":  # noqa: ANN401 - main's
    """The kinds of the records from there on."""
    newest = pill.log.journal.newest_seq
    return [decode_record(blob).kind for blob in pill.log.records(first_seq, newest)]


def last_of(pill: "Any", kind: int) -> int:  # noqa: ANN401 - main's
    """The value of the last record of that kind, -1 where there is none."""
    records = [decode_record(blob) for blob in pill.log.records(1, pill.log.journal.newest_seq)]
    values = [record.value for record in records if record.kind == kind]
    return values[-1] if values else -1


def passes(pill: "Any", ms: int, step_ms: int = 250) -> None:  # noqa: ANN401 - main's
    """Time goes by, with main's looks."""
    for _ in range(ms // step_ms):
        box.Ticks.now_ms += step_ms
        if pill.board.rtc.wall_s is not None:
            pill.rtc_ms = getattr(pill, "rtc_ms", 0) + step_ms
            pill.board.rtc.wall_s += pill.rtc_ms // 1000
            pill.rtc_ms %= 1000
        pill.look_now()
        pill.inputs.take()


def set_time(pill: "Any", wall_s: int = WALL_S) -> None:  # noqa: ANN401 - main's
    names = ("wall_s", "wall_ms", "offset_min", "change_wall_s", "next_offset_min")
    assert pill.service.set_time({name: wall_s if name == "wall_s" else 0 for name in names}) == OK


def falls_due(pill: "Any", early_min: int = 30) -> None:  # noqa: ANN401 - main's
    """A dose that falls due in a minute, and the minute."""
    set_time(pill)
    entry = once((DAY, 1), LID, WALL_S + 60, (early_min, 60, 60))
    assert pill.service.store_schedule(1, encode_schedule(Schedule(UTC, [entry]))) == OK
    passes(pill, 59_000)


class _Spy:
    """Stands before the log's append: `sees(kind)` is called before each record."""

    def __init__(self, pill: "Any", sees: "Callable[[int], None]") -> None:  # noqa: ANN401 - main's
        self._append = pill.log.append
        self._sees = sees
        pill.log.append = self

    def __call__(self, kind: int, *row: object) -> bytes:
        self._sees(kind)
        blob: bytes = self._append(kind, *row)
        return blob


def test_a_prompt_is_flushed_before_it_shows() -> None:
    """Nothing is lit at the moment its record is written; at once afterwards it is."""
    pill = pill_of()
    falls_due(pill)
    lit = []
    _Spy(pill, lambda kind: lit.append((kind, bytes(pill.board.light(LID)))))
    passes(pill, 2000)
    assert (SLOT_PROMPTED, DARK) in lit
    assert pill.board.light(LID) != DARK


def test_what_goes_dark_does_not_wait_for_the_flash() -> None:
    """Light and sound of the dose are off before the opening's record is written."""
    pill = pill_of()
    falls_due(pill)
    passes(pill, 40_000)
    heard = pill.board.sound.played
    while not heard[-1][1]:
        passes(pill, 250)
    seen = []
    _Spy(pill, lambda kind: seen.append((kind, bytes(pill.board.light(LID)), heard[-1][1])))
    pill.board.open_lids = 1 << LID
    for _ in range(5):
        box.Ticks.now_ms += 20
        pill.inputs.take()
    assert seen[0] == (LID_OPENED, DARK, 0)


def _busy(pill: "Any", during: "Callable[[], None]") -> None:  # noqa: ANN401 - main's
    """One record whose flash takes 300 ms; `during()` happens in the middle of it."""

    def sees(_kind: int) -> None:
        box.Ticks.now_ms += 150
        during()
        box.Ticks.now_ms += 150

    spy = _Spy(pill, sees)
    pill.write([(LID_CLOSED, (0, 0), 3, 0)])
    pill.log.append = spy._append
    pill.inputs.take()


def test_a_tap_of_ok_during_a_flash_erase_is_not_lost() -> None:
    """Down and up again while nobody could look: it counts, once."""
    pill = pill_of()

    def tap() -> None:
        pill.inputs.woken("ok")
        pill.inputs.woken("ok")

    _busy(pill, tap)
    pill.inputs.take()
    assert kinds_of(pill).count(OK_PRESSED) == 1


def test_a_disturbance_on_the_wire_is_no_press() -> None:
    """An edge without a level, while the box was looking, is not "I am fine"."""
    pill = pill_of()
    for _ in range(3):
        pill.inputs.woken("ok")
        box.Ticks.now_ms += 5
        pill.inputs.take()
    assert OK_PRESSED not in kinds_of(pill)


def test_a_lid_opened_and_shut_during_a_flash_erase_is_known() -> None:
    """Its chip has latched it: an opening and a closing."""
    pill = pill_of()

    def touch() -> None:
        pill.board.lid_chips.touches = 1 << LID

    _busy(pill, touch)
    assert kinds_of(pill)[-2:] == [LID_OPENED, LID_CLOSED]


def test_help_is_held_from_the_earliest_moment_it_can_have_been_down() -> None:
    """Pressed while nobody could look, held a second in all: it is a call."""
    pill = pill_of()

    def press() -> None:
        pill.board.pressed = (False, True)
        pill.inputs.woken("help")

    _busy(pill, press)
    passes(pill, 900, 50)
    assert HELP_PRESSED in kinds_of(pill)


def test_a_call_has_its_receipt_by_its_number_and_keeps_it() -> None:
    """Without one it says so after ten seconds; with one it is over, after a restart too."""
    nor = formatted(64)
    pill = pill_of(nor)
    pill.board.pressed = (False, True)
    passes(pill, 12_000)
    pill.board.pressed = (False, False)
    assert pill.help.calling
    assert HELP_NOT_SENT in kinds_of(pill)
    journal = pill.log.journal
    restarted = pill_of(nor, pill.board)
    assert restarted.help.calling
    assert restarted.service.acknowledge(journal.epoch, journal.newest_seq) == OK
    passes(restarted, 500)
    assert not restarted.help.calling
    again = pill_of(nor, restarted.board)
    passes(again, 500)
    assert not again.help.calling


def test_a_call_in_a_full_log_can_have_a_receipt() -> None:
    """The reserve gives it a number."""
    pill = pill_of(formatted(16))
    while pill.log.append(OK_PRESSED):
        pass
    before = pill.log.journal.newest_seq
    pill.board.pressed = (False, True)
    passes(pill, 2000)
    assert kinds_of(pill, before + 1) == [HELP_PRESSED]
    assert pill.help.calling
    assert pill.service.acknowledge(pill.log.journal.epoch, before + 1) == OK
    passes(pill, 500)
    assert not pill.help.calling
    assert RECORDS_LOST in kinds_of(pill, before + 2)


def test_a_log_that_failed_for_a_moment_says_so_within_a_minute() -> None:
    """What was refused is counted; the fault shows as long as it is not told."""
    pill = pill_of()
    set_time(pill)
    append = pill.log._disk.append

    def refuses(*_: object) -> None:
        raise OSError(5)

    pill.log._disk.append = refuses
    pill.write([(OK_PRESSED, (0, 0), 0xFF, 0), (OK_PRESSED, (0, 0), 0xFF, 0)])
    assert pill.faulty()
    pill.log._disk.append = append
    passes(pill, 61_000)
    assert last_of(pill, RECORDS_LOST) == 2
    assert not pill.faulty()


def test_a_loose_plug_does_not_fill_the_log() -> None:
    """Told at once, twenty times an hour at the most; how it stands at last is told too."""
    pill = pill_of()
    set_time(pill)
    pill.board.plugged_in = False
    passes(pill, 250)
    assert last_of(pill, MAINS_LOST) == 0
    for _ in range(100):
        pill.board.plugged_in = not pill.board.plugged_in
        passes(pill, 250)
    told = [MAINS_LOST, MAINS_BACK] * 10
    assert [kind for kind in kinds_of(pill) if kind in told] == told
    passes(pill, 3_600_000, 5000)
    assert [kind for kind in kinds_of(pill) if kind in told] == told + told[:1]


def test_a_dead_chip_is_told_once_and_shown() -> None:
    """SENSOR_FAULT once a fault, FAULT on the air, SENSOR_BACK when it answers; bounded an hour."""
    pill = pill_of()
    set_time(pill)
    pill.board.dead_chips = 1 << 3
    passes(pill, 5000)
    assert kinds_of(pill).count(SENSOR_FAULT) == 1
    assert last_of(pill, SENSOR_FAULT) == 3
    assert pill.radio.advertised & FAULT
    pill.board.dead_chips = 0
    passes(pill, 1000)
    assert last_of(pill, SENSOR_BACK) == 3
    assert not pill.radio.advertised & FAULT
    for _ in range(40):
        pill.board.dead_chips ^= 1 << 3
        passes(pill, 1000)
    kinds = kinds_of(pill)
    assert kinds.count(SENSOR_FAULT) + kinds.count(SENSOR_BACK) <= 6


def test_a_damaged_schedule_is_said_at_the_start() -> None:
    """With the copy before it: value 0, no fault. With none: value 1, FAULT until a new one."""
    nor = formatted(64)
    pill = pill_of(nor)
    set_time(pill)
    blobs = []
    for version in (1, 2):
        entries = [
            once((DAY + i, 1), i, WALL_S + 86_400 * i, (30, 60, version)) for i in range(1, 28)
        ]
        blobs.append(encode_schedule(Schedule(UTC, entries)))
        assert pill.service.store_schedule(version, blobs[-1]) == OK
    for blob, value, version in ((blobs[1], 0, 1), (blobs[0], 1, 0)):
        flip(nor, blob[40:80], 3)
        board = box.Board()
        pill = pill_of(nor, board)
        assert last_of(pill, SCHEDULE_LOST) == value
        assert pill.service.version == version
        assert pill.faulty() == (value == 1)
    assert pill.service.store_schedule(3, blobs[0]) == OK
    assert not pill.faulty()


def test_a_log_partition_that_does_not_mount_is_a_fault_and_no_end() -> None:
    """Nothing is formatted; a schedule that is received reminds all the same."""
    nor = formatted(64)
    nor.image[:] = blank(64)
    before = bytes(nor.image)
    pill = pill_of(nor)
    falls_due(pill, 0)  # begun after this start
    assert pill.radio.advertised & FAULT
    passes(pill, 3000)
    assert pill.board.light(LID) != DARK
    assert bytes(nor.image) == before


def test_interrupt_handlers_allocate_nothing() -> None:
    """Each handler runs with the heap locked: where it allocated, MicroPython would raise."""
    pill = pill_of()
    server = _server()
    calls: list[Callable[[], object]] = [
        lambda: pill.inputs.woken("ok"),
        lambda: pill.inputs.woken("lids"),
        lambda: server._irq(1, CONN),
        lambda: server._irq(21, MTU),
        lambda: server._irq(3, WRITTEN),
        lambda: server._irq(3, OTHER),
        lambda: server._irq(2, CONN),
    ]
    for _ in range(20):  # the ring is full in between: nor does that allocate
        for call in calls:
            micropython.heap_lock()
            try:
                call()
            finally:
                micropython.heap_unlock()
    assert server.events.overflow


CONN = (1, 0, b"address")
MTU = (1, 247)
WRITTEN = (1, 7)
OTHER = (1, 9)
PIECE = b"p" * 244


class _Ble:
    """The chip's stack: what it hands over is its own."""

    def gatts_read(self, _handle: int) -> bytes:
        return PIECE


def _server() -> "Any":  # noqa: ANN401 - the real one needs the chip's types
    sys.modules["bluetooth"] = box._Module  # type: ignore[assignment]
    from anbu_device.edge.gatt_server import GattServer  # noqa: PLC0415 - after its neighbour

    server = GattServer(_Ble(), b"", ())
    server._control = 7
    return server
