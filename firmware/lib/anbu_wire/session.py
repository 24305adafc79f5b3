"""One authenticated, sealed conversation between a gateway and a device.

Knows: who may say what when (the table TRANSITIONS), nonces, counters, keys of this conversation.
May not know: messages' meaning, pieces, a radio, a clock, a source of random numbers.

    gateway → device   CHALLENGE  version, nonce of the gateway
    device → gateway   PROOF      version, nonce of the device, HMAC
    gateway → device   CONFIRM    HMAC
    both               SEALED     counter u32, AES-128-CCM of a message

Both HMAC-SHA256 run over role, protocol version, device kind, both nonces and the device id with
the device key; HKDF gives one key a direction. Every error ends the session: make a new one with
the next connection.
"""

import struct

from anbu_wire import seal
from anbu_wire.errors import LocalProtocolError, RemoteProtocolError
from anbu_wire.messages import PROTOCOL_VERSION

GATEWAY = "gateway"
DEVICE = "device"

# kinds of frames (first byte)
CHALLENGE = 0x01
PROOF = 0x02
CONFIRM = 0x03
SEALED = 0x04
START = 0x00  # not a frame: our own side begins

# states
IDLE = "idle"
CHALLENGED = "challenged"  # gateway: waits for the proof
PROVED = "proved"  # device: waits for the confirmation
ESTABLISHED = "established"
ENDED = "ended"

# (role, state, what comes): (what is done, state after it). Whatever is not here ends the session.
TRANSITIONS = {
    (GATEWAY, IDLE, START): ("_begin", CHALLENGED),
    (GATEWAY, CHALLENGED, PROOF): ("_check_proof", ESTABLISHED),
    (GATEWAY, ESTABLISHED, SEALED): ("_open", ESTABLISHED),
    (DEVICE, IDLE, CHALLENGE): ("_prove", PROVED),
    (DEVICE, PROVED, CONFIRM): ("_check_confirm", ESTABLISHED),
    (DEVICE, ESTABLISHED, SEALED): ("_open", ESTABLISHED),
}

NONCE_BYTES = 16
_MAC_BYTES = 32
_COUNTER_END = 0xFFFFFFFF
OVERHEAD_BYTES = 1 + 4 + seal.TAG_BYTES  # a sealed frame is this much longer than its message


class Session:
    """One end of a conversation.

    `role` GATEWAY or DEVICE; `device_key` 16 bytes; `device_id` and `kind` (gatt.PILL_BOX, …) of
    the device, the same on both ends.
    """

    def __init__(self, role: str, device_key: bytes, device_id: str, kind: int) -> None:
        if len(device_key) != seal.KEY_BYTES:
            raise LocalProtocolError("device key of %d bytes: 16 are needed" % len(device_key))
        self._role = role
        self._device_key = device_key
        self._identity = bytes((PROTOCOL_VERSION, kind)) + device_id.encode()
        self._state = IDLE
        self._nonce = b""  # the gateway's
        self._nonces = b""  # both, the gateway's first
        self._send_key = b""
        self._receive_key = b""
        self._sent = 0  # counter of the next frame we send
        self._expected = 0  # counter of the next frame we should get

    @property
    def established(self) -> bool:
        """Whether both ends have proved themselves and messages may pass."""
        return self._state == ESTABLISHED

    @property
    def needs_nonce(self) -> bool:
        """Whether the next `receive` wants 16 fresh random bytes (a device's first)."""
        return self._role == DEVICE and self._state == IDLE

    def start(self, nonce16: bytes) -> bytes:
        """The gateway's first frame. `nonce16`: 16 fresh random bytes."""
        if (self._role, self._state, START) not in TRANSITIONS:
            raise LocalProtocolError("a %s cannot start when %s" % (self._role, self._state))
        self._step(START, b"", nonce16)
        return bytes((CHALLENGE, PROTOCOL_VERSION)) + self._nonce

    def receive(
        self, frame: bytes, nonce16: "bytes | None" = None
    ) -> "list[tuple[str] | tuple[str, bytes]]":
        """What follows from a frame of the other end, in order.

        ("send", frame) | ("established",) | ("gap",) | ("message", bytes). "gap" comes before the
        message that showed it: frames device → gateway were lost, the records must be asked for.
        `nonce16` is needed when `needs_nonce`, else ignored. Raises RemoteProtocolError: the
        session is over, disconnect.
        """
        if not frame:
            raise self._end("empty frame")
        if (self._role, self._state, frame[0]) not in TRANSITIONS or frame[0] == START:
            raise self._end("frame 0x%02x when %s" % (frame[0], self._state))
        return self._step(frame[0], frame, nonce16)

    def seal(self, message: bytes) -> bytes:
        """The frame that carries `message`. Raises LocalProtocolError when not established."""
        if self._state != ESTABLISHED or self._sent == _COUNTER_END:
            raise LocalProtocolError("cannot seal when %s" % self._state)
        head = struct.pack("<BI", SEALED, self._sent)
        self._sent += 1
        return head + seal.ccm_seal(self._send_key, _ccm_nonce(head), head, message)

    def _step(
        self, what: int, frame: bytes, nonce16: "bytes | None"
    ) -> "list[tuple[str] | tuple[str, bytes]]":
        action, after = TRANSITIONS[(self._role, self._state, what)]
        try:
            result: "list[tuple[str] | tuple[str, bytes]]" = getattr(self, action)(frame, nonce16)
        except RemoteProtocolError as error:
            raise self._end(str(error)) from None
        self._state = after
        return result

    def _end(self, why: str) -> RemoteProtocolError:
        self._state = ENDED
        self._send_key = self._receive_key = b""
        return RemoteProtocolError(why)

    def _begin(
        self, _frame: bytes, nonce16: "bytes | None"
    ) -> "list[tuple[str] | tuple[str, bytes]]":
        self._nonce = _fresh(nonce16)
        return []

    def _prove(
        self, frame: bytes, nonce16: "bytes | None"
    ) -> "list[tuple[str] | tuple[str, bytes]]":
        _check_head(frame, NONCE_BYTES)
        nonce = _fresh(nonce16)
        self._nonces = bytes(frame[2:]) + nonce
        head = bytes((PROOF, PROTOCOL_VERSION)) + nonce
        return [("send", head + self._mac(DEVICE))]

    def _check_proof(
        self, frame: bytes, _nonce16: "bytes | None"
    ) -> "list[tuple[str] | tuple[str, bytes]]":
        _check_head(frame, NONCE_BYTES + _MAC_BYTES)
        self._nonces = self._nonce + bytes(frame[2 : 2 + NONCE_BYTES])
        if not seal.equal(self._mac(DEVICE), frame[2 + NONCE_BYTES :]):
            raise RemoteProtocolError("wrong proof: the device has another key, id or kind")
        self._make_keys()
        return [("send", bytes((CONFIRM,)) + self._mac(GATEWAY)), ("established",)]

    def _check_confirm(
        self, frame: bytes, _nonce16: "bytes | None"
    ) -> "list[tuple[str] | tuple[str, bytes]]":
        if not seal.equal(self._mac(GATEWAY), frame[1:]):
            raise RemoteProtocolError("wrong confirmation: the gateway has another key")
        self._make_keys()
        return [("established",)]

    def _open(
        self, frame: bytes, _nonce16: "bytes | None"
    ) -> "list[tuple[str] | tuple[str, bytes]]":
        if len(frame) < OVERHEAD_BYTES:
            raise RemoteProtocolError("sealed frame of %d bytes" % len(frame))
        head = bytes(frame[:5])
        counter = struct.unpack("<BI", head)[1]
        message = seal.ccm_open(self._receive_key, _ccm_nonce(head), head, bytes(frame[5:]))
        if counter < self._expected:
            raise RemoteProtocolError("counter %d again" % counter)
        jumped = counter > self._expected
        if jumped and self._role == DEVICE:  # writes with response do not get lost
            raise RemoteProtocolError("counter jumped to %d" % counter)
        self._expected = counter + 1
        return [("gap",), ("message", message)] if jumped else [("message", message)]

    def _mac(self, role: str) -> bytes:
        transcript = b"anbu " + role.encode() + self._nonces + self._identity
        return seal.hmac_sha256(self._device_key, transcript)

    def _make_keys(self) -> None:
        info = b"anbu keys" + self._identity
        keys = seal.hkdf_sha256(self._device_key, self._nonces, info, 2 * seal.KEY_BYTES)
        to_device, to_gateway = keys[: seal.KEY_BYTES], keys[seal.KEY_BYTES :]
        ours_first = self._role == GATEWAY
        self._send_key = to_device if ours_first else to_gateway
        self._receive_key = to_gateway if ours_first else to_device


def _check_head(frame: bytes, body_bytes: int) -> None:
    if len(frame) < 2 or frame[1] != PROTOCOL_VERSION:
        raise RemoteProtocolError("other protocol version: update the older end")
    if len(frame) != 2 + body_bytes:
        raise RemoteProtocolError("handshake frame of %d bytes" % len(frame))


def _fresh(nonce16: "bytes | None") -> bytes:
    if nonce16 is None or len(nonce16) != NONCE_BYTES:
        raise LocalProtocolError("16 fresh random bytes are needed")
    return bytes(nonce16)


def _ccm_nonce(head: bytes) -> bytes:
    """13 bytes that never repeat with one key: kind and counter; each direction has its own key."""
    return head + bytes(seal.NONCE_BYTES - len(head))
