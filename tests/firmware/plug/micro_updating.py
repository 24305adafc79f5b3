"""From one life of a care plug into the other and back; who takes updates stands in.

Runs under MicroPython.
"""

import sys

import anbu_slots as slots
from anbu_wire import bundle as b
from anbu_wire import messages as m
from tests.firmware.plug.parts import (
    Board,
    Ticks,
    careplug,
    passes,
    provisioned,
    records_of,
    updating,
)
from tests.firmware.power.chips import formatted

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Any

RESTART, WATCHDOG = 2, 3


class Updater:
    """Answers what a test says."""

    told = (0, b.RECEIVING, b.NO_REASON, 5)

    def __init__(self, board: bytes, house: "Any") -> None:  # noqa: ANN401 - main's
        self.house = house

    def answer(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...]":
        return Updater.told

    def look(self, uptime_ms: int) -> None:
        """Nothing is staged."""

    def busy(self) -> bool:
        return True


class _Module:
    Updater = Updater


def begin(plug: "Any", request_id: int = 1) -> int:  # noqa: ANN401 - main's
    """The reason with which UPDATE_BEGIN of a newer version is answered."""
    (answer,) = plug.link.receive(m.encode(m.UPDATE_BEGIN, request_id, 6, 9000, 0))
    return m.decode(answer).fields["reason"]


def wished(nor: "Any", values: "Any") -> "Any":  # noqa: ANN401 - of parts
    """A plug of version 5 that used 100 W for a while, was asked, and started anew."""
    slots.started = slots.Record(1, 0, slots.CONFIRMED, 0, 5, 0, 0)
    sys.modules["anbu_device.esp.update"] = _Module  # type: ignore[assignment]
    plug = careplug(nor, Board(values))
    plug.board.meter.watts = 100
    passes(plug, 1800)
    assert begin(plug) == b.STARTS_ANEW
    assert restarts_in(plug, 10) <= 3
    return plug


def restarts_in(plug: "Any", most_s: int) -> int:  # noqa: ANN401 - main's
    """After how many seconds it starts anew."""
    for second in range(most_s):
        try:
            passes(plug, 1)
        except SystemExit:
            return second + 1
    raise AssertionError("it goes on")


def test_nothing_is_lost_on_the_way() -> None:
    """The summary so far and what was learnt are written before; the energy goes on afterwards."""
    nor, values = formatted(64), provisioned()
    plug = wished(nor, values)
    assert [r.kind for r in records_of(plug)][-2:] != [m.BOOT, m.MAINS_BACK]
    energy_wh = plug.plug.energy_wh
    assert energy_wh >= 48
    other = updating(nor, Board(values, RESTART))
    kinds = [record.kind for record in records_of(other)]
    assert m.ENERGY in kinds
    assert m.ACTIVITY in kinds
    assert kinds[-1] == m.BOOT
    other.board.down = True
    for _ in range(6):
        other.clock.uptime_ms += 15
        other.write(other.hand.take(other.clock.uptime_ms))
    assert records_of(other)[-1].kind == m.OK_PRESSED
    again = careplug(nor, Board(values, WATCHDOG))  # it hung
    assert again.plug.energy_wh == energy_wh
    assert [record.kind for record in records_of(again)][-1] == m.BOOT
    assert begin(again) == b.BUSY


def test_asked_again_and_again_it_leaves_no_later() -> None:
    """A sender that asks each half second does not keep it."""
    slots.started = slots.Record(1, 0, slots.CONFIRMED, 0, 5, 0, 0)
    plug = careplug(formatted(64), Board(provisioned()))
    for request_id in range(1, 4):
        assert begin(plug, request_id) == b.STARTS_ANEW
        try:
            passes(plug, 1)
        except SystemExit:
            return
    raise AssertionError("it stays")


def test_whoever_brings_nothing_is_waited_for_ten_minutes() -> None:
    """Then ordinary life; each byte more gives ten minutes more, up to an hour."""
    nor, values = formatted(64), provisioned()
    wished(nor, values)
    plug = updating(nor, Board(values, RESTART))
    assert 595 <= restarts_in(plug, 700) <= 605
    assert begin(careplug(nor, Board(values, RESTART))) == b.STARTS_ANEW  # no crash: at once
    plug = updating(nor, Board(values, RESTART))
    for minute in range(1, 70):
        Updater.told = (minute, b.RECEIVING, b.NO_REASON, 5)
        begin(plug, minute)
        try:
            passes(plug, 60)
        except SystemExit:
            assert 58 <= minute <= 61
            return
    raise AssertionError("it never ends")


def test_a_refusal_is_told_and_is_the_end() -> None:
    """Seconds later it senses again; an answer that says where to begin is no refusal."""
    nor, values = formatted(64), provisioned()
    wished(nor, values)
    plug = updating(nor, Board(values, RESTART))
    for reason in (b.NOT_BEGUN, b.WRONG_OFFSET):
        Updater.told = (0, b.IDLE, reason, 5)
        begin(plug, reason)
        passes(plug, 20)
    Updater.told = (0, b.IDLE, b.WRONG_BOARD, 5)
    begin(plug)
    assert 4 <= restarts_in(plug, 20) <= 7
    assert Ticks.now_ms
