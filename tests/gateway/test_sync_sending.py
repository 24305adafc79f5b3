"""The gateway's end of an update: what it asks, what it makes of every answer."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from anbu_wire import bundle as b
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from gateway.sync import sending as s
from gateway.sync.commands import Answer, Command
from gateway.sync.conversation import Sync
from gateway.sync.sending import CHUNK_BYTES, Outcome, Sending
from tools.technician.bundle import About, bundle
from tools.technician.signing import public_bytes, sign

VERSION = 5


@pytest.fixture(scope="module")
def data() -> bytes:
    """A bundle of about a kilobyte."""
    key = ec.generate_private_key(ec.SECP256R1())
    about = About(VERSION, 0, "box", 6, public_bytes(key))
    return bundle(about, {"a.mpy": bytes(range(256)) * 4}, lambda head: sign(key, head))


class Device:
    """A device as the messages describe it; `moods` are answers it gives instead, in order."""

    def __init__(self, size: int, running: int = 4) -> None:
        self.size = size
        self.running = running
        self.got = bytearray()
        self.state = b.IDLE
        self.moods: list[tuple[int, int]] = []  # (after so many answers, reason)
        self.answers = 0

    def answer(self, command: Command) -> Answer:
        self.answers += 1
        reason = b.NO_REASON
        if self.moods and self.answers > self.moods[0][0]:
            reason = self.moods.pop(0)[1]
        elif command.kind == m.UPDATE_BEGIN:
            if command.values[0] != self.running:
                self.state = b.RECEIVING
        elif command.kind == m.UPDATE_CHUNK:
            assert command.values[0] == len(self.got)
            assert 0 < len(command.tail) <= CHUNK_BYTES
            self.got += command.tail
        elif len(self.got) == self.size:
            self.state = b.STAGED
        fields = {"next_offset": len(self.got), "state": self.state}
        return Answer(m.OK, fields | {"reason": reason, "version": self.running})


def send(sending: Sending, device: Device, steps: int = 1000) -> Sending:
    for _ in range(steps):
        command = sending.next()
        if command is None:
            break
        sending.take(device.answer(command))
    return sending


def test_every_byte_arrives_in_order(data: bytes) -> None:
    """Begin, chunks without a hole, finish; then it waits for the device's start."""
    device = Device(len(data))
    sending = send(Sending(data), device)
    assert (sending.outcome, bytes(device.got)) == (Outcome.STAGED, data)
    assert device.answers == 2 + -(-len(data) // CHUNK_BYTES)


def test_a_broken_link_goes_on_where_it_was(data: bytes) -> None:
    """With a new link the device says what comes next; no byte it has is sent again."""
    device = Device(len(data))
    sending = send(Sending(data), device, steps=4)
    assert sending.outcome is None
    sending.again()
    assert send(sending, device).outcome == Outcome.STAGED
    assert bytes(device.got) == data


def test_a_new_process_goes_on_too(data: bytes) -> None:
    """Nothing needs to be remembered here."""
    device = Device(len(data))
    send(Sending(data), device, steps=4)
    assert send(Sending(data), device).outcome == Outcome.STAGED
    assert bytes(device.got) == data


@pytest.mark.parametrize("reason", sorted(s.LATER))
def test_a_bad_moment_passes(reason: int, data: bytes) -> None:
    """The device says what is in the way; later it goes on."""
    device = Device(len(data))
    device.moods = [(3, reason)]
    sending = send(Sending(data), device)
    assert (sending.outcome, sending.why) == (Outcome.LATER, s.LATER[reason])
    sending.again()
    assert send(sending, device).outcome == Outcome.STAGED


@pytest.mark.parametrize("reason", sorted(s.REFUSED))
def test_a_refusal_is_final(reason: int, data: bytes) -> None:
    """It ends with a sentence, and nothing more is sent."""
    device = Device(len(data))
    device.moods = [(2, reason)]
    sending = send(Sending(data), device)
    assert (sending.outcome, sending.why) == (Outcome.REFUSED, s.REFUSED[reason])
    assert sending.next() is None


@pytest.mark.parametrize("reason", [b.NOT_BEGUN, b.WRONG_OFFSET])
def test_a_device_that_restarted_is_begun_again(reason: int, data: bytes) -> None:
    """It forgot, or an answer was lost: begin tells where it stands."""
    device = Device(len(data))
    device.moods = [(4, reason)]
    assert send(Sending(data), device).outcome == Outcome.STAGED
    assert bytes(device.got) == data


def test_every_reason_has_a_sentence() -> None:
    """No reason of the radio language is without its meaning here."""
    first, last = b.MALFORMED, b.STARTS_ANEW
    known = {*s.LATER, *s.REFUSED, b.NOT_BEGUN, b.WRONG_OFFSET}
    assert known == set(range(first, last + 1))


def test_a_device_that_gets_nowhere_is_left_alone(data: bytes) -> None:
    """Chunks that change nothing end it after a few."""
    sending = Sending(data)
    for _ in range(20):
        if sending.next() is None:
            break
        fields = {"next_offset": 0, "state": b.RECEIVING, "reason": 0, "version": 4}
        sending.take(Answer(m.OK, fields))
    assert sending.outcome == Outcome.LATER
    sending = Sending(data)
    for _ in range(20):
        if sending.next() is None:
            break
        fields = {"next_offset": 0, "state": b.IDLE, "reason": b.NOT_BEGUN, "version": 4}
        sending.take(Answer(m.OK, fields))
    assert sending.outcome == Outcome.LATER


@pytest.mark.parametrize(
    ("state", "outcome"), [(b.TRYING, Outcome.TRYING), (b.CONFIRMED, Outcome.CONFIRMED)]
)
def test_what_runs_there_already(state: int, outcome: Outcome, data: bytes) -> None:
    """After the start: on trial, then for good."""
    device = Device(len(data), running=VERSION)
    device.state = state
    assert send(Sending(data), device).outcome == outcome


def test_a_device_without_updates(data: bytes) -> None:
    """REFUSED_UNKNOWN is the answer of one that was not started by the loader."""
    sending = Sending(data)
    sending.take(Answer(m.REFUSED_UNKNOWN))
    assert sending.outcome == Outcome.REFUSED


def test_no_bundle_is_no_sending() -> None:
    """Other bytes are refused before anything is sent."""
    with pytest.raises(RemoteProtocolError):
        Sending(b"something else altogether, long enough to be looked at")


def test_its_commands_pass_through_sync(data: bytes) -> None:
    """Sync sends them with their tail, and gives the device's UPDATE_STATE back as the answer."""
    sync = Sync(lambda _epoch: 0, lambda: (0, 0, 0, 0, 0))
    sending = Sending(data)
    for kind in (m.UPDATE_BEGIN, m.UPDATE_CHUNK):
        command = sending.next()
        assert command is not None
        sent = [action[1] for action in sync.command(7, command) if action[0] == "send"]
        message = m.decode(sent[0])
        assert (message.kind, message.tail) == (kind, command.tail)
        fields = (0, b.RECEIVING, 0, 4)
        actions = sync.receive(m.encode(m.UPDATE_STATE, message.request_id, *fields))
        answers = [action for action in actions if action[0] == "answered"]
        assert len(answers) == 1
        answer = answers[0][2]
        assert isinstance(answer, Answer)
        sending.take(answer)
    assert sending.outcome is None
