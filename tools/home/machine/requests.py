"""What the box's process may ask of the board, one row a request (table in the package's header).

Knows: the bytes of requests and answers. May not know: how a chip does it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from tools.home.machine.uart import Format

if TYPE_CHECKING:
    from tools.home.machine.bare_board import BareBoard
    from tools.home.machine.chips import Chips


class ResetCause(IntEnum):
    """As machine.reset_cause() of the ESP32 port counts them."""

    POWER_ON = 1
    HARD = 2
    WATCHDOG = 3


def answer(board: BareBoard[Any], kind: int, payload: bytes) -> bytes:
    """The answer to one request. Raises ValueError, LookupError or struct.error on nonsense."""
    return _ROWS[kind](board, payload)


def _pin_setup(board: BareBoard[Any], payload: bytes) -> bytes:
    board.circuit.pin_setup(*struct.unpack("<BBB", payload))
    return b""


def _pin_write(board: BareBoard[Any], payload: bytes) -> bytes:
    board.circuit.lines.write(*struct.unpack("<BB", payload))
    board.circuit.outputs_moved()
    return b""


def _pin_read(board: BareBoard[Any], payload: bytes) -> bytes:
    return bytes((board.circuit.lines.level(payload[0]),))


def _pin_irq(board: BareBoard[Any], payload: bytes) -> bytes:
    board.circuit.lines.irq(*struct.unpack("<BB", payload))
    return b""


def _i2c(board: BareBoard[Any], payload: bytes) -> bytes:
    bus, address, count = struct.unpack_from("<BBH", payload)
    circuit: Chips = board.circuit
    ended, data = circuit.transfer(bus, address, payload[4:], count)
    return bytes((ended,)) + data


def _i2c_setup(board: BareBoard[Any], payload: bytes) -> bytes:
    board.circuit.i2c_setup(*struct.unpack("<BBB", payload))
    return b""


def _pwm(board: BareBoard[Any], payload: bytes) -> bytes:
    board.circuit.pwm(*struct.unpack("<BIH", payload))
    return b""


def _stream(board: BareBoard[Any], payload: bytes) -> bytes:
    board.circuit.stream(payload[0], payload[1:])
    return b""


def _watchdog(board: BareBoard[Any], payload: bytes) -> bytes:
    board.feed_watchdog(struct.unpack("<I", payload)[0])
    return b""


def _reset(board: BareBoard[Any], _payload: bytes) -> bytes:
    board.will_reset(ResetCause.HARD)
    return b""


def _reset_cause(board: BareBoard[Any], _payload: bytes) -> bytes:
    return bytes((board.take_reset_cause(),))


def _i2s_setup(board: BareBoard[Any], payload: bytes) -> bytes:
    bus, clock, word, data, bits, stereo, rate_hz, ibuf = struct.unpack("<BBBBBBII", payload)
    board.circuit.i2s_setup(bus, (clock, word, data), (bits, bool(stereo), rate_hz, ibuf))
    return b""


def _i2s_write(board: BareBoard[Any], payload: bytes) -> bytes:
    return struct.pack("<I", board.circuit.i2s_write(payload[0], payload[1:]))


def _uart_setup(board: BareBoard[Any], payload: bytes) -> bytes:
    number, tx, rx, baud, bits, parity, stop, rxbuf = struct.unpack("<BBBIBBBH", payload)
    board.circuit.uarts.setup(number, tx, rx, Format(baud, bits, parity, stop), rxbuf)
    return b""


def _uart_any(board: BareBoard[Any], payload: bytes) -> bytes:
    return struct.pack("<H", board.circuit.uarts.waiting(payload[0]))


def _uart_read(board: BareBoard[Any], payload: bytes) -> bytes:
    circuit: Chips = board.circuit
    return circuit.uarts.read(*struct.unpack("<BH", payload))


def _uart_write(board: BareBoard[Any], payload: bytes) -> bytes:
    return struct.pack("<I", board.circuit.uarts.write(payload[0], payload[1:]))


_ROWS: dict[int, Callable[[BareBoard[Any], bytes], bytes]] = {
    0x20: _pin_setup,
    0x21: _pin_write,
    0x22: _pin_read,
    0x23: _pin_irq,
    0x24: _i2c,
    0x25: _i2c_setup,
    0x26: _pwm,
    0x27: _stream,
    0x28: _watchdog,
    0x29: _reset,
    0x2A: _reset_cause,
    0x2D: _i2s_setup,
    0x2E: _i2s_write,
    0x2F: _uart_setup,
    0x30: _uart_any,
    0x31: _uart_read,
    0x32: _uart_write,
}
