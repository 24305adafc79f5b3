"""Both ends of a session, joined by a fake link: a list for each direction."""

from anbu_wire import session as s
from anbu_wire.errors import LocalProtocolError, RemoteProtocolError
from anbu_wire.frame import FRAME_LIMIT_BYTES

KEY = bytes(range(16))
STATES = (s.IDLE, s.CHALLENGED, s.PROVED, s.ESTABLISHED, s.ENDED)
KINDS = (s.START, s.CHALLENGE, s.PROOF, s.CONFIRM, s.SEALED, 0x77)


def ends(gateway_key: bytes = KEY, device_id: str = "box-1", kind: int = 1) -> tuple:  # type: ignore[type-arg]
    return s.Session(s.GATEWAY, gateway_key, device_id, kind), s.Session(s.DEVICE, KEY, "box-1", 1)


def established() -> tuple:  # type: ignore[type-arg]
    gateway, device = ends()
    ((_, proof),) = device.receive(gateway.start(b"g" * 16), b"d" * 16)
    (_, confirm), last = gateway.receive(proof)
    assert last == ("established",)
    assert device.receive(confirm) == [("established",)]
    return gateway, device


def error_of(error: "type[Exception]", call: object, *args: object) -> str:
    """What `call` says with an error of this kind; a failed test when it says nothing."""
    try:
        call(*args)  # type: ignore[operator]
    except error as raised:
        return str(raised)
    raise AssertionError("no error")


def test_both_ends_establish_and_talk() -> None:
    """After three frames messages pass both ways, and nobody reads them on the air."""
    gateway, device = established()
    assert gateway.established
    assert device.established
    for i in range(5):
        message = b"message %d" % i
        for sender, receiver in ((gateway, device), (device, gateway)):
            frame = sender.seal(message)
            assert message not in frame
            assert len(frame) == len(message) + s.OVERHEAD_BYTES
            assert receiver.receive(frame) == [("message", message)]


def test_the_longest_message_fits_a_frame() -> None:
    """Four records and the largest schedule chunk fit, sealed, into one frame."""
    gateway, _device = established()
    assert len(gateway.seal(bytes(7 + 128))) <= FRAME_LIMIT_BYTES


def test_only_the_right_device_and_gateway_establish() -> None:
    """Another key, device id or kind is noticed by the gateway at the proof."""
    for gateway, device in (ends(b"x" * 16), ends(device_id="box-2"), ends(kind=2)):
        ((_, proof),) = device.receive(gateway.start(b"g" * 16), b"d" * 16)
        assert "wrong proof" in error_of(RemoteProtocolError, gateway.receive, proof)
        assert not gateway.established


def test_the_device_checks_the_gateway() -> None:
    """A confirmation without the key is refused, and so is the device's own proof sent back."""
    for forged in (bytes(32), None):
        gateway, device = ends()
        ((_, proof),) = device.receive(gateway.start(b"g" * 16), b"d" * 16)
        mac = proof[-32:] if forged is None else forged
        assert "wrong conf" in error_of(RemoteProtocolError, device.receive, b"\x03" + mac)
        assert not device.established


def test_every_flipped_bit_ends_the_session() -> None:
    """In every frame of the handshake and in a sealed one, both ways."""
    for which in range(5):
        for bit in range(8 * 18):
            assert flipped_is_refused(which, bit), (which, bit)


def flipped_is_refused(which: int, bit: int) -> bool:
    gateway, device = ends()
    frames = [gateway.start(b"g" * 16)]

    def carried(number: int) -> bytes:
        frame = bytearray(frames[number])
        if number == which:
            frame[bit // 8 % len(frame)] ^= 1 << bit % 8
        return bytes(frame)

    try:
        frames.append(device.receive(carried(0), b"d" * 16)[0][1])
        frames.append(gateway.receive(carried(1))[0][1])
        device.receive(carried(2))
        frames.append(gateway.seal(b"hello, box"))
        device.receive(carried(3))
        frames.append(device.seal(b"hello, gateway"))
        gateway.receive(carried(4))
    except RemoteProtocolError:
        return True
    return False


def test_a_repeated_frame_ends_the_session() -> None:
    """A counter that repeats or goes back, either way: the last frame again, or one before it."""
    for turn in (0, 1):
        for which in (0, 1):
            pair = established()
            sender, receiver = pair[turn], pair[1 - turn]
            frames = [sender.seal(b"1"), sender.seal(b"2")]
            for frame in frames:
                receiver.receive(frame)
            assert "again" in error_of(RemoteProtocolError, receiver.receive, frames[which])
            assert not receiver.established
            assert "ended" in error_of(RemoteProtocolError, receiver.receive, sender.seal(b"3"))


def test_a_lost_notification_is_a_gap() -> None:
    """Device → gateway: the gap is told before the message that showed it, then all is well."""
    gateway, device = established()
    device.seal(b"lost")
    assert gateway.receive(device.seal(b"2")) == [("gap",), ("message", b"2")]
    assert gateway.receive(device.seal(b"3")) == [("message", b"3")]


def test_a_lost_write_ends_the_session() -> None:
    """Gateway → device nothing gets lost by itself: somebody took it away."""
    gateway, device = established()
    gateway.seal(b"taken away")
    assert "jumped" in error_of(RemoteProtocolError, device.receive, gateway.seal(b"2"))


def test_a_frame_cannot_be_sent_back_or_into_another_session() -> None:
    """Each direction and each session has its own key."""
    gateway, device = established()
    frame = gateway.seal(b"hello")
    assert "wrong seal" in error_of(RemoteProtocolError, gateway.receive, frame)
    other, fresh = ends()
    ((_, proof),) = fresh.receive(other.start(b"g" * 16), b"e" * 16)
    fresh.receive(other.receive(proof)[0][1])
    assert "wrong seal" in error_of(RemoteProtocolError, fresh.receive, frame)
    assert device.established


def test_another_protocol_version_says_so() -> None:
    """The technician reads that an end is too old, not that a key is wrong."""
    for turn in (0, 1):
        gateway, device = ends()
        frame = bytearray(gateway.start(b"g" * 16))
        if turn:
            frame = bytearray(device.receive(bytes(frame), b"d" * 16)[0][1])
        frame[1] += 1
        receive = gateway.receive if turn else device.receive
        assert "version" in error_of(RemoteProtocolError, receive, bytes(frame), b"d" * 16)


def test_the_table_is_walked_whole() -> None:
    """Each role, state and kind of frame: what is not in the table ends the session."""
    for role in (s.GATEWAY, s.DEVICE):
        for state in STATES:
            for kind in KINDS:
                if (role, state, kind) not in s.TRANSITIONS or kind == s.START:
                    end = s.Session(role, KEY, "box-1", 1)
                    end._state = state
                    error_of(RemoteProtocolError, end.receive, bytes((kind,)) + bytes(60))
                    assert end._state == s.ENDED, (role, state, kind)
            if (role, state, s.START) not in s.TRANSITIONS:
                end = s.Session(role, KEY, "box-1", 1)
                end._state = state
                error_of(LocalProtocolError, end.start, bytes(16))


def test_the_table_is_sound() -> None:
    """Every action exists, every state after is one, and both roles can get established."""
    for (role, state, _what), (action, after) in s.TRANSITIONS.items():
        assert role in (s.GATEWAY, s.DEVICE)
        assert state in STATES
        assert after in STATES
        assert hasattr(s.Session, action)
    reached = [key[0] for key, value in s.TRANSITIONS.items() if value[1] == s.ESTABLISHED]
    assert s.GATEWAY in reached
    assert s.DEVICE in reached


def test_our_own_mistakes_are_ours() -> None:
    """No key, no nonce, nothing established: LocalProtocolError, never a weak session."""
    gateway, device = ends()
    error_of(LocalProtocolError, s.Session, s.GATEWAY, b"short", "box-1", 1)
    error_of(LocalProtocolError, gateway.seal, b"too early")
    error_of(LocalProtocolError, gateway.start, b"short")
    error_of(LocalProtocolError, device.receive, gateway.start(b"g" * 16))
    assert device.needs_nonce
    assert not gateway.needs_nonce


def test_counters_end_before_they_repeat() -> None:
    """The last counter is never used: no nonce comes twice."""
    gateway, _device = established()
    gateway._sent = 0xFFFFFFFE
    gateway.seal(b"last")
    error_of(LocalProtocolError, gateway.seal, b"one too many")
