"""Any bytes at the device's end, under both interpreters: refused, and nothing else is raised.

Knows: the layers of the device's end. What hypothesis and atheris throw under CPython is thrown
here in small: numbers, strings and struct of the chip's interpreter have their own corners.
"""

import struct

from anbu_device.core.link import DeviceLink
from anbu_wire import gatt
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.frame import Reassembler
from anbu_wire.schedule import decode_schedule
from anbu_wire.session import DEVICE, GATEWAY, Session

KEY = bytes(range(16))


class Chance:
    """The same numbers under every interpreter."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 8) % limit

    def data(self, size: int) -> bytes:
        return bytes([self.below(256) for _ in range(size)])


class Device:
    """Says yes to everything."""

    def state(self) -> "tuple[int, ...]":
        return (7, 1, 3, 0, 0, 0, 0, 90, 5, 0)

    def records(self, first: int, last: int) -> "list[bytes]":
        return [bytes(m.RECORD_BYTES) for _ in range(first, last + 1)]

    def schedule_blob(self) -> "tuple[int, bytes]":
        return 0, b""

    def parameters(self) -> "list[tuple[int, int]]":
        return []

    def vitals(self) -> "tuple[int, ...]":
        return (1, 2, 3, 4, 5, 6, 7, 8)

    def meter(self) -> "tuple[int, ...]":
        return (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)

    def update(self, *_step: object) -> None:
        return None

    def __getattr__(self, name: str) -> object:
        return lambda *_values: m.OK


def _sealed() -> "tuple[Session, Session]":
    gateway = Session(GATEWAY, KEY, "box-1", 1)
    device = Session(DEVICE, KEY, "box-1", 1)
    (proof,) = device.receive(gateway.start(bytes(16)), bytes(16))
    confirm = gateway.receive(proof[1])[0]  # type: ignore[misc]  # ("send", frame)
    device.receive(confirm[1])  # type: ignore[misc]
    return gateway, device


def test_decoders_refuse_garbage() -> None:
    """Every decoder raises RemoteProtocolError or decodes."""
    chance = Chance(1)
    refused = 0
    for _ in range(400):
        data = chance.data(chance.below(70))
        for decode in (m.decode, m.decode_record, decode_schedule, gatt.decode_hello):
            try:
                decode(data)
            except RemoteProtocolError:
                refused += 1
    assert refused > 1000


def test_pieces_and_frames_of_garbage_establish_nothing() -> None:
    """Garbage pieces give frames or errors; garbage frames never a session or a message."""
    chance = Chance(2)
    reassembler = Reassembler()
    frames = 0
    for _ in range(600):
        device = Session(DEVICE, KEY, "box-1", 1)
        if chance.below(2):
            device = _sealed()[1]
        piece = bytes((chance.below(256),)) + chance.data(chance.below(60))
        try:
            frame = reassembler.feed(piece)
            if frame is not None:
                frames += 1
                kinds = bytes((1 + chance.below(5),))
                steps = device.receive(kinds + frame[1:], bytes(16))
                assert all(step[0] == "send" for step in steps)
        except RemoteProtocolError:
            continue
    assert frames > 50


def test_any_sealed_message_is_answered_or_refused() -> None:
    """Commands with any values: an answer that can be encoded, or RemoteProtocolError."""
    chance = Chance(3)
    gateway, device = _sealed()
    link = DeviceLink(Device())
    kinds = sorted(m.TABLE)
    answered = 0
    for _ in range(600):
        kind = kinds[chance.below(len(kinds))]
        size = struct.calcsize(m.TABLE[kind][1])
        body = chance.data(size) if chance.below(3) else b"\xff" * size
        tail = chance.data(chance.below(100)) if m.TABLE[kind][3] else b""
        frame = gateway.seal(struct.pack("<BH", kind, chance.below(65536)) + body + tail)
        (step,) = device.receive(frame)
        try:
            answers = link.receive(step[1])  # type: ignore[misc]  # ("message", bytes)
        except RemoteProtocolError:
            continue
        for answer in answers:
            gateway.receive(device.seal(answer))
            answered += 1
    assert answered > 200
