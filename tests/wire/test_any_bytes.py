"""Any bytes at any layer, on both ends: an error that names whose fault it was, nothing else.

Knows: the targets that tests/fuzz throws bytes at for minutes; here each gets some hundred.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.session import DEVICE, GATEWAY, Session
from tests.fuzz.host_box import DEVICE_ID, KEY, KIND, HostBox
from tests.fuzz.source import START_S
from tests.fuzz.targets import TARGETS

_MANY = {"decoders": 300, "pieces": 200, "sessions": 150, "gateway_messages": 300}


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_at(name: str) -> None:
    """Whatever comes: refused with RemoteProtocolError or the link's end, never anything else."""
    target = TARGETS[name]
    thrown = 0

    @settings(max_examples=_MANY.get(name, 60))
    @given(st.binary(max_size=600))
    def throw(data: bytes) -> None:
        nonlocal thrown
        target(data)
        thrown += 1

    throw()
    assert thrown >= 50


def _handshake(flip: int) -> tuple[Session, Session, list[bytes]]:
    """Two ends and the frames of their handshake, the `flip`-th with no bit changed yet."""
    gateway = Session(GATEWAY, KEY, DEVICE_ID, KIND)
    device = Session(DEVICE, KEY, DEVICE_ID, KIND)
    frames = [gateway.start(bytes(16))]
    if flip > 0:
        frames.append(device.receive(frames[0], bytes(range(16)))[0][1])  # type: ignore[misc]
    if flip > 1:
        frames.append(gateway.receive(frames[1])[0][1])  # type: ignore[misc]
    if flip > 2:
        device.receive(frames[2])
        frames.append(gateway.seal(m.encode(m.ACKNOWLEDGE, 1, 7, 9)))
    return gateway, device, frames


def _next_frame(stage: int, gateway: Session, receiver: Session, bad: bytes) -> None:
    proof = receiver.receive(bad, bytes(range(16)))
    assert stage == 0, "it was accepted"
    gateway.receive(proof[0][1])  # type: ignore[misc]


@pytest.mark.parametrize("stage", [0, 1, 2, 3])
def test_every_single_bit_of_every_frame(stage: int) -> None:
    """Flip any one bit of challenge, proof, confirmation or a sealed frame: never accepted.

    A flipped nonce of the gateway is noticed one frame later, by the proof that does not fit.
    """
    bits = len(_handshake(stage)[2][stage]) * 8
    for bit in range(bits):
        gateway, device, frames = _handshake(stage)
        bad = bytearray(frames[stage])
        bad[bit // 8] ^= 1 << bit % 8
        receiver = gateway if stage == 1 else device
        with pytest.raises(RemoteProtocolError):
            _next_frame(stage, gateway, receiver, bytes(bad))
        assert not receiver.established


class _Asker:
    """A gateway in session with a HostBox."""

    def __init__(self) -> None:
        self.box = HostBox()
        self._session = self.box.handshake()

    def ask(self, kind: int, request_id: int, *values: int) -> list[m.Message]:
        """The messages that answer one question."""
        answers = self.box.write(b"\xc0" + self._session.seal(m.encode(kind, request_id, *values)))
        steps = [step for answer in answers for step in self._session.receive(answer[1:])]
        return [m.decode(step[1]) for step in steps if len(step) == 2]


def test_the_whole_box_works_here() -> None:
    """The box the bytes are thrown at is a working one: it answers, sets its clock, goes on."""
    asker = _Asker()
    (state,) = asker.ask(m.READ_STATE, 1)
    assert state.fields["newest_seq"] == 1
    status = asker.ask(m.SET_TIME, 2, START_S + 60, 0, 540, 0, 0)[0]
    assert status.fields == {"command": m.SET_TIME, "code": m.OK}
    records, end = asker.ask(m.REPORT, 3, 1, 16)
    assert end.fields["count"] == len(m.decode_records(records.tail)) == 2
    asker.box.passes(1000)
    assert asker.box.listening


@pytest.mark.parametrize(
    ("wall_s", "offset_min", "next_offset_min"),
    [(0xFFFFFFFF, 540, 0), (3_155_760_000, 540, 0), (START_S, 901, 0), (START_S, 0, -0x8000)],
)
def test_a_time_that_no_record_could_hold_is_refused(
    wall_s: int, offset_min: int, next_offset_min: int
) -> None:
    """Found by throwing bytes: a time near the end of u32 left the box unable to write records."""
    asker = _Asker()
    status = asker.ask(m.SET_TIME, 1, wall_s, 0, offset_min, 0, next_offset_min)[0]
    assert status.fields == {"command": m.SET_TIME, "code": m.REFUSED_RANGE}
    asker.box.passes(60_000)
    (state,) = asker.ask(m.READ_STATE, 2)
    assert state.fields["wall_s"] < START_S + 3600


def test_a_full_heap_ends_the_session_and_nothing_else() -> None:
    """Found on a care plug: a REPORT that the heap had no room for was the end of the firmware."""
    asker = _Asker()

    def full(_first_seq: int, _last_seq: int) -> list[bytes]:
        raise MemoryError

    asker.box.box.log.records = full
    assert asker.ask(m.REPORT, 1, 1, 16) == []
    assert not asker.box.listening
    asker.box.passes(60_000)
