"""Properties of the radio language: round trips, and garbage never does more than be refused."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import frame, gatt, messages, schedule, seal, session
from anbu_wire.errors import RemoteProtocolError

LIMITS = {
    "B": (0, 0xFF),
    "H": (0, 0xFFFF),
    "h": (-0x8000, 0x7FFF),
    "i": (-0x80000000, 0x7FFFFFFF),
    "I": (0, 0xFFFFFFFF),
}


@st.composite
def message_rows(draw: st.DrawFn) -> tuple[int, int, list[int], bytes]:
    """(kind, request id, values, tail) of any row of the table."""
    kind = draw(st.sampled_from(sorted(messages.TABLE)))
    _name, fmt, _names, has_tail = messages.TABLE[kind]
    values = [draw(st.integers(*LIMITS[c])) for c in fmt[1:]]
    tail = draw(st.binary(max_size=128)) if has_tail else b""
    return kind, draw(st.integers(0, 0xFFFF)), values, tail


records = st.builds(
    messages.Record,
    seq=st.integers(0, 0xFFFFFFFF),
    boot=st.integers(0, 0xFFFF),
    uptime_ms=st.integers(0, (1 << 48) - 1),
    wall_s=st.integers(0, 0xFFFFFFFF),
    timeline=st.integers(0, 0xFFFF),
    quality=st.integers(0, 2),
    kind=st.integers(0, 0xFF),
    compartment=st.integers(0, 0xFF),
    slot=st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFF)),
    schedule_version=st.integers(0, 0xFFFF),
    value=st.integers(-0x8000, 0x7FFF),
)


@given(message_rows())
def test_every_message_comes_back(row: tuple[int, int, list[int], bytes]) -> None:
    """Encoding and decoding any row of the table gives the same fields and tail."""
    kind, request_id, values, tail = row
    message = messages.decode(messages.encode(kind, request_id, *values, tail=tail))
    assert (message.kind, message.request_id, message.tail) == (kind, request_id, tail)
    assert list(message.fields.values()) == values


@given(records)
def test_every_record_comes_back(record: Any) -> None:  # noqa: ANN401 - a namedtuple
    """32 bytes carry all of a record."""
    blob = messages.encode_record(record)
    assert len(blob) == messages.RECORD_BYTES
    assert messages.decode_record(blob) == record


@given(records, st.integers(0, 255))
def test_a_flipped_bit_in_a_record_is_noticed(record: Any, bit: int) -> None:  # noqa: ANN401
    """CRC32 sees every single flipped bit."""
    blob = bytearray(messages.encode_record(record))
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises(RemoteProtocolError):
        messages.decode_record(bytes(blob))


@given(st.binary(max_size=300), st.integers(2, 244))
def test_pieces_come_together(data: bytes, mtu_payload: int) -> None:
    """Any frame, cut for any payload size, comes back whole."""
    if not 0 < len(data) <= frame.FRAME_LIMIT_BYTES:
        return
    reassembler = frame.Reassembler()
    got = [reassembler.feed(piece) for piece in frame.fragment(data, mtu_payload)]
    assert got == [None] * (len(got) - 1) + [data]


@given(st.lists(st.binary(max_size=40), max_size=20), st.booleans())
def test_garbage_pieces_are_refused_or_frames(pieces: list[bytes], lossy: bool) -> None:
    """Garbage raises nothing but RemoteProtocolError and never grows past the limit."""
    reassembler = frame.Reassembler(limit_bytes=64, lossy=lossy)
    for piece in pieces:
        try:
            got = reassembler.feed(piece)
        except RemoteProtocolError:
            continue
        assert got is None or 0 < len(got) <= 64


@given(st.binary(max_size=80))
def test_garbage_is_only_ever_a_remote_protocol_error(data: bytes) -> None:
    """Every decoder refuses garbage in the same one way."""
    decoders = (
        messages.decode,
        messages.decode_record,
        messages.decode_records,
        schedule.decode_schedule,
        gatt.decode_hello,
    )
    for decode in decoders:
        try:
            decode(data)
        except RemoteProtocolError:
            continue


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=4), st.integers(0, 2))
def test_garbage_never_establishes_a_session(frames: list[bytes], begun: int) -> None:
    """At any point of the handshake garbage only ends the session."""
    gateway = session.Session(session.GATEWAY, bytes(16), "box-1", 1)
    device = session.Session(session.DEVICE, bytes(16), "box-1", 1)
    if begun:
        hello = gateway.start(bytes(16))
        if begun > 1:
            device.receive(hello, bytes(16))
    for end in (gateway, device):
        for data in frames:
            try:
                end.receive(data, bytes(16))
            except RemoteProtocolError:
                continue
        assert not end.established


@given(
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=13, max_size=13),
    st.binary(max_size=40),
    st.binary(max_size=260),
)
def test_the_chips_seal_is_the_librarys(key: bytes, nonce: bytes, aad: bytes, plain: bytes) -> None:
    """The tag and key stream the chip computes from CBC and ECB are those of `cryptography`."""
    sealed = AESCCM(key, seal.TAG_BYTES).encrypt(nonce, plain, aad)
    assert seal.ccm_seal(key, nonce, aad, plain) == sealed
    assert _chip_seal(key, nonce, aad, plain) == sealed


class _ChipAes:
    """MicroPython's `cryptolib.aes` (ECB 1, CBC 2; encrypt keeps the chain)."""

    def __init__(self, key: bytes, mode: int, iv: bytes = b"") -> None:
        chosen = modes.ECB() if mode == 1 else modes.CBC(iv)  # noqa: S305 - the chip's, judged here
        self._context = Cipher(algorithms.AES(key), chosen).encryptor()

    def encrypt(self, data: bytes) -> bytes:
        return self._context.update(bytes(data))


def _chip_seal(key: bytes, nonce: bytes, aad: bytes, plain: bytes) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal, "_ON_CHIP", True)
        patch.setattr(seal, "aes", _ChipAes, raising=False)
        sealed = seal.ccm_seal(key, nonce, aad, plain)
        assert seal.ccm_open(key, nonce, aad, sealed) == plain
        return sealed


def test_the_table_is_sound() -> None:
    """Names are unique, fields match formats, and who sends a message is told by its top bit."""
    names = [row[0] for _kind, row in messages.TABLE.items()]
    assert len(set(names)) == len(names)
    for kind, (name, fmt, fields, _tail) in messages.TABLE.items():
        assert len(struct.unpack(fmt, bytes(struct.calcsize(fmt)))) == len(fields), name
        assert (kind >= messages.STATUS) == (kind & 0x80 != 0), name
