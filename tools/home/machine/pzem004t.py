"""PZEM-004T v3 over Modbus RTU: PZEM-004T V3.0 user manual; Modbus over serial line V1.02.

Knows: function 0x04 and its ten registers, exceptions, that it lives on the mains it measures.
May not know: who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from tools.home.machine.load import MeterChip
from tools.home.machine.uart import Format

_GENERAL = 0xF8
_READ_INPUT, _ERROR = 0x04, 0x80
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS = 1, 2
_REGISTERS = 10
_REQUEST_SIZE = 8
_ANSWERS_AFTER_S = 0.03
_FRAME_ENDS_AFTER_S = 0.01  # 3.5 characters, generously
_KOREAN_HZ = 60.0
_J_PER_WH = 3600


class Pzem004t(MeterChip):
    """One of them at a Modbus address."""

    FORMAT: ClassVar = Format(9600)

    def __init__(self, now_s: Callable[[], float], address: int = 1) -> None:
        """As delivered, with no energy counted."""
        super().__init__(now_s)
        self.frequency_hz = _KOREAN_HZ
        self._address = address
        self._request = bytearray()
        self._heard_s = 0.0

    def power_on(self) -> None:
        """Its energy is kept."""
        self.silence()
        self._request.clear()

    def hear(self, data: bytes) -> None:
        """A request ends with a pause or its eighth byte."""
        now_s = self.now_s()
        if now_s - self._heard_s > _FRAME_ENDS_AFTER_S:
            self._request.clear()
        self._request += data
        self._heard_s = now_s + len(data) * self.FORMAT.byte_s
        if len(self._request) >= _REQUEST_SIZE:
            request = bytes(self._request[:_REQUEST_SIZE])
            self._request.clear()
            self._obey(request)

    def _obey(self, request: bytes) -> None:
        address, function = request[0], request[1]
        if _crc(request) or address not in (self._address, _GENERAL) or not self.load.voltage_v:
            return
        first, count = int.from_bytes(request[2:4], "big"), int.from_bytes(request[4:6], "big")
        if function != _READ_INPUT:
            body = bytes((address, function | _ERROR, _ILLEGAL_FUNCTION))
        elif not 0 < count <= _REGISTERS - first:
            body = bytes((address, function | _ERROR, _ILLEGAL_ADDRESS))
        else:
            words = self._words()[first : first + count]
            body = bytes((address, function, 2 * count))
            body += b"".join(word.to_bytes(2, "big") for word in words)
        self.send(body + _crc(body).to_bytes(2, "little"), self._heard_s + _ANSWERS_AFTER_S)

    def _words(self) -> list[int]:
        load = self.load
        watts = self.shown_w()
        current, power = round(load.current_a * 1000), round(abs(watts) * 10)
        energy = int(self.joules(self.now_s()) / _J_PER_WH)
        volts, factor = round(load.voltage_v * 10), round(load.power_factor * 100)
        numbers = [volts, current, power, energy]
        low_first = [half for n in numbers[1:] for half in (n & 0xFFFF, n >> 16)]
        return [volts, *low_first, round(self.frequency_hz * 10), factor if power else 0, 0]


def _crc(data: bytes) -> int:
    """Modbus' CRC16; 0 over a frame that carries its own."""
    crc = 0xFFFF
    for value in data:
        crc ^= value
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
