"""PZEM-004T v3: a meter with a current transformer behind its maker's isolation, over Modbus RTU.

Knows: function 0x04, ten registers from 0 on, CRC16 (PZEM-004T V3.0 user manual; Modbus over serial
line V1.02). May not know: gains, zero bands, spikes.

The isolated side lives on the mains that it measures: without them it is silent.
"""

from micropython import const

from anbu_device.edge.meter import (
    CURRENT_KNOWN,
    CURRENT_MA,
    FLAGS,
    POWER_KNOWN,
    POWER_MW,
    VOLTAGE_KNOWN,
    VOLTAGE_MV,
    Meter,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.meter import Uart

_READ_INPUT = const(0x04)
_REGISTERS = const(10)
_SIZE = const(25)
_POLYNOMIAL = const(0xA001)
_UWH = const(1_000_000)  # it counts watt-hours
_COUNTER_MASK = const(0xFFFFFFFF)


def crc16(data: "bytes | bytearray", size: int) -> int:
    """Modbus' CRC of the first `size` bytes; sent low byte first."""
    crc = 0xFFFF
    for place in range(size):
        crc ^= data[place]
        for _ in range(8):
            crc = crc >> 1 ^ _POLYNOMIAL if crc & 1 else crc >> 1
    return crc


class Pzem004t(Meter):
    """One of them on a UART, at its Modbus `address` (1 as delivered)."""

    LINE = {"baudrate": 9600, "bits": 8, "parity": None, "stop": 1}
    ANSWER_MS = 300

    def __init__(self, uart: "Uart", address: int = 1) -> None:
        super().__init__(uart, _SIZE)
        asked = bytes((address, _READ_INPUT, 0, 0, 0, _REGISTERS))
        crc = crc16(asked, len(asked))
        self._asked = asked + bytes((crc & 0xFF, crc >> 8))
        self._head = bytes((address, _READ_INPUT, 2 * _REGISTERS))

    def _ask(self) -> None:
        self._uart.write(self._asked)

    def _fits(self, size: int) -> bool:
        frame = self._frame
        head = self._head
        for place in range(min(size, len(head))):
            if frame[place] != head[place]:
                return False
        if size < _SIZE:
            return True
        return crc16(frame, _SIZE - 2) == frame[_SIZE - 2] | frame[_SIZE - 1] << 8

    def _decode(self, now_ms: int) -> bool:
        reading = self._reading
        reading[VOLTAGE_MV] = self._word(0) * 100
        reading[CURRENT_MA] = self._word(2) << 16 | self._word(1)
        reading[POWER_MW] = (self._word(4) << 16 | self._word(3)) * 100
        reading[FLAGS] = VOLTAGE_KNOWN | CURRENT_KNOWN | POWER_KNOWN
        self._count(now_ms, self._word(6) << 16 | self._word(5), _COUNTER_MASK, _UWH)
        return True

    def _word(self, register: int) -> int:
        place = 3 + 2 * register
        return self._frame[place] << 8 | self._frame[place + 1]
