"""Somebody in the stairwell with a good radio: listens, flips bits, sits on a link.

Knows: everything public: Bluetooth, Anbu's UUIDs, pieces and kinds of frames.
May not know: a device key, what the house means by its records.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bumble.controller import Connection

from anbu_wire.frame import Reassembler
from anbu_wire.session import CHALLENGE
from tools.home.airfaults import is_notification
from tools.home.ether import AirController, AirLink

_ATTRIBUTE_PROTOCOL = 4
_WRITE_REQUEST, _WRITE_RESPONSE, _WRITE_COMMAND = 0x12, 0x13, 0x52
_SUBSCRIPTIONS = (b"\x01\x00", b"\x02\x00", b"\x00\x00")
_WINDOW_BYTES = 6  # so long a match of cipher text and plain text is no coincidence
_DIFFERENT_BYTES = 3


# --- listening -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overheard:
    """One whole frame; `session` counts the handshakes begun so far."""

    session: int
    from_gateway: bool
    frame: bytes


class Sniffer:
    """Hears every packet of every link and every advertisement."""

    def __init__(self, link: AirLink) -> None:
        self.packets: list[bytes] = []
        self.frames: list[Overheard] = []
        self.advertisements: list[tuple[float, str, bytes]] = []  # loop time, address, payload
        self._sessions = 0
        self._reassemblers: dict[tuple[AirController, AirController], Reassembler] = {}
        link.ears.append(self._hear)
        link.advertising_ears.append(self._hear_advertisement)

    def _hear(self, sender: AirController, receiver: AirController, data: bytes) -> None:
        self.packets.append(data)
        piece = piece_of(data)
        if not piece:
            return
        reassembler = self._reassemblers.setdefault((sender, receiver), Reassembler(lossy=True))
        frame = reassembler.feed(piece) if len(piece) > 1 else None
        if frame:
            from_gateway = not is_notification(data)
            self._sessions += from_gateway and frame[0] == CHALLENGE
            self.frames.append(Overheard(self._sessions, from_gateway, frame))

    def _hear_advertisement(self, sender: AirController, data: bytes) -> None:
        at_s = asyncio.get_running_loop().time()
        self.advertisements.append((at_s, str(sender.public_address), data))

    def everything(self) -> bytes:
        """All bytes heard, one after the other."""
        told = [payload for _, _, payload in self.advertisements]
        return b"".join([*self.packets, *told])


def leaks(heard: bytes, secrets: Iterable[bytes]) -> list[bytes]:
    """Every part of a secret that was heard; parts of six bytes that are not mere filling."""
    grams = {heard[i : i + _WINDOW_BYTES] for i in range(len(heard) - _WINDOW_BYTES + 1)}
    return sorted({part for secret in secrets for part in _parts(secret) if part in grams})


def _parts(secret: bytes) -> Iterator[bytes]:
    for i in range(len(secret) - _WINDOW_BYTES + 1):
        part = secret[i : i + _WINDOW_BYTES]
        if len(set(part)) >= _DIFFERENT_BYTES:
            yield part


def piece_of(packet: bytes) -> bytes | None:
    """The piece of a frame in an L2CAP packet: written to Control or notified; None = no piece."""
    if packet[2:4] != _ATTRIBUTE_PROTOCOL.to_bytes(2, "little"):
        return None
    writes = packet[4] in (_WRITE_REQUEST, _WRITE_COMMAND) and packet[7:] not in _SUBSCRIPTIONS
    return packet[7:] if writes or is_notification(packet) else None


def packet_of(opcode: int, handle: bytes, value: bytes) -> bytes:
    """The L2CAP packet of one attribute operation; `handle` as on the air."""
    body = bytes((opcode,)) + handle + value
    return len(body).to_bytes(2, "little") + b"\x04\x00" + body


# --- flipping ------------------------------------------------------------------------------

# first byte and length of every field, by kind of frame; the last field goes to the end
_FIELDS: dict[int, dict[str, tuple[int, int]]] = {
    0x01: {"kind": (0, 1), "version": (1, 1), "nonce": (2, 16)},
    0x02: {"kind": (0, 1), "version": (1, 1), "nonce": (2, 16), "mac": (18, 32)},
    0x03: {"kind": (0, 1), "mac": (1, 32)},
    0x04: {"kind": (0, 1), "counter": (1, 4), "text": (5, -8), "tag": (-8, 8)},
}


def bit_classes(frame: bytes) -> dict[str, list[int]]:
    """The bits of a frame (numbers from its first bit) by what they belong to."""
    classes = {}
    for name, (start, length) in _FIELDS[frame[0]].items():
        first = start % len(frame)
        end = first + length if length > 0 else len(frame) + length
        classes[name] = list(range(first * 8, end * 8))
    return classes


def flipped(frame: bytes, bit: int) -> bytes:
    """The frame with that bit the other way round."""
    out = bytearray(frame)
    out[bit // 8] ^= 1 << bit % 8
    return bytes(out)


# --- sitting in between --------------------------------------------------------------------

Alter = Callable[[bool, bytes], list[bytes]]  # (from the gateway, piece) → what goes on instead


class Middle:
    """Sits on the link: every piece passes through `alter`. Swallowed writes are answered."""

    def __init__(self, link: AirLink, alter: Alter) -> None:
        self._link = link
        self.alter = alter
        self.keeps_links = False  # the box does not learn that the gateway hung up
        self._ends: tuple[AirController, AirController, Connection, bytes] | None = None
        link.middle = self._pass
        link.lets_end = lambda _sender: not self.keeps_links

    def leave(self) -> None:
        """Let everything through again."""
        self._link.middle = None
        self._link.lets_end = None

    def _pass(self, sender: AirController, receiver: AirController, data: bytes) -> list[bytes]:
        piece = piece_of(data)
        if piece is None:
            return [data]
        from_gateway = not is_notification(data)
        handle = data[5:7]
        if from_gateway:
            address = receiver.public_address
            self._ends = (sender, receiver, sender.le_connections[address], handle)
        out = self.alter(from_gateway, piece)
        if not from_gateway:
            return [packet_of(data[4], handle, altered) for altered in out]
        if not out:
            self._answer(sender, receiver)
        opcodes = [data[4], *[_WRITE_COMMAND] * len(out)]
        return [packet_of(*both) for both in zip(opcodes, [handle] * len(out), out, strict=False)]

    def _answer(self, gateway: AirController, box: AirController) -> None:
        """The write was swallowed: the gateway shall believe that it arrived."""
        for connection in box.le_connections.values():
            if connection.peer_address in (gateway.public_address, gateway.random_address):
                self._link.carry(box, gateway, connection, packet_of(_WRITE_RESPONSE, b"", b""))

    def say_to_box(self, piece: bytes) -> None:
        """One piece to the box in the gateway's name, on the link last seen."""
        if self._ends is not None:
            gateway, box, connection, handle = self._ends
            self._link.carry(gateway, box, connection, packet_of(_WRITE_COMMAND, handle, piece))
