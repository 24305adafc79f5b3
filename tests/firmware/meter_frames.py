"""Frames of the three meters, put together and read by the test itself, not by driver or model.

Knows: the frames as the data sheets print them. May not know: drivers, models.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from anbu_device.edge.bl0942 import Bl0942
from anbu_device.edge.cse7766 import Cse7766
from anbu_device.edge.pzem004t import Pzem004t


class Value(NamedTuple):
    """What a good frame says, rounded as nobody needs to agree on: within one unit."""

    millivolts: float
    milliamperes: float
    milliwatts: float


class Kind(NamedTuple):
    """A meter's driver, its frames, and what a window of bytes says if it is a good frame."""

    driver: Callable[..., Any]
    frames: st.SearchStrategy[bytes]
    size: int
    read: Callable[[bytes], Value | None]
    ready: bytes  # what the line must say before frames are expected


def cse_sum(body: bytes) -> bytes:
    return body + bytes((sum(body[2:]) % 256,))


def cse_frame(state: int, numbers: list[tuple[int, int]], measured: int, pulses: int) -> bytes:
    """Numbers are (coefficient, cycle) of voltage, current, power."""
    body = bytes((state, 0x5A))
    for coefficient, cycle in numbers:
        body += struct.pack(">I", coefficient)[1:] + struct.pack(">I", cycle)[1:]
    return cse_sum(body + bytes((measured,)) + struct.pack(">H", pulses))


def read_cse(data: bytes) -> Value | None:
    """None: no frame, or one that says nothing."""
    if data[1] != 0x5A or cse_sum(data[:23]) != data:
        return None
    state = data[0]
    if state < 0xF0 and state not in {0x55, 0xAA}:
        return None
    if state == 0xAA or (state >= 0xF0 and state & 1):
        return None
    over = state & 0x0F if state >= 0xF0 else 0
    values = []
    for place, flag, stops in ((2, 0x40, 8), (8, 0x20, 4), (14, 0x10, 2)):
        coefficient = int.from_bytes(data[place : place + 3], "big")
        cycle = int.from_bytes(data[place + 3 : place + 6], "big")
        measured = data[20] & flag and not over & stops and cycle
        sane = measured and coefficient // cycle <= 100_000
        values.append(1000 * coefficient / cycle if sane else 0.0)
    return Value(*values)


def bl_sum(body: bytes) -> bytes:
    return body + bytes((255 - (0x58 + sum(body)) % 256,))


def bl_frame(current: int, voltage: int, watt: int, pulses: int) -> bytes:
    """Counts of a BL0942 at address 0."""
    numbers = (current, voltage, current, watt, pulses, 16667)
    body = b"\x55" + b"".join(struct.pack("<I", n & 0xFFFFFF)[:3] for n in numbers)
    return bl_sum(body + bytes(3))


def read_bl(data: bytes) -> Value | None:
    """None: no packet."""
    if data[0] != 0x55 or bl_sum(data[:22]) != data:
        return None
    current, voltage, _fast, watt = (
        int.from_bytes(data[n : n + 3], "little") for n in (1, 4, 7, 10)
    )
    watt -= (1 << 24) if watt >> 23 else 0
    return Value(voltage / 15.88334, current / 251.06568, watt / 0.6230270705)


def modbus(body: bytes) -> bytes:
    """Body and its CRC, reckoned by polynomial division from the top instead of from the bottom."""
    remainder = 0xFFFF
    for value in body:
        remainder ^= int(f"{value:08b}"[::-1], 2) << 8
        for _ in range(8):
            remainder = (remainder << 1) ^ (0x18005 if remainder & 0x8000 else 0)
    return body + int(f"{remainder:016b}"[::-1], 2).to_bytes(2, "little")


def pzem_frame(words: list[int]) -> bytes:
    """Ten registers of a PZEM at address 1."""
    return modbus(b"\x01\x04\x14" + struct.pack(">10H", *words))


def read_pzem(data: bytes) -> Value | None:
    """None: no answer."""
    if data[:3] != b"\x01\x04\x14" or modbus(data[:23]) != data:
        return None
    words = struct.unpack(">10H", data[3:23])
    return Value(words[0] * 100, words[1] + 65536 * words[2], 100 * (words[3] + 65536 * words[4]))


_u24 = st.integers(0, 0xFFFFFF)
KINDS = {
    "cse7766": Kind(
        Cse7766,
        st.builds(
            cse_frame,
            st.just(0x55),
            st.lists(st.tuples(_u24, st.integers(500, 0xFFFFFF)), min_size=3, max_size=3),
            st.sampled_from((0x71, 0x61, 0x40, 0xF1)),
            st.integers(0, 0xFFFF),
        ),
        24,
        read_cse,
        b"",
    ),
    "bl0942": Kind(
        Bl0942,
        st.builds(bl_frame, _u24, _u24, st.integers(-(1 << 23), (1 << 23) - 1), _u24),
        23,
        read_bl,
        bytes((0xA7, 0, 0, 255 - (0x58 + 0x19 + 0xA7) % 256)),
    ),
    "pzem004t": Kind(
        Pzem004t,
        st.lists(st.integers(0, 0xFFFF), min_size=10, max_size=10).map(pzem_frame),
        25,
        read_pzem,
        b"",
    ),
}
