"""Cutting frames into pieces that fit one notification or write, and putting them together.

Knows: the one-byte header of a piece: FIRST and LAST flags and a 6-bit counter.
May not know: what a frame means, a session, a radio.

The counter of a frame's first piece is taken from the frame's own CRC, so that after lost pieces
the rest of another frame is noticed in 63 of 64 cases here, and always by the seal above.
"""

from binascii import crc32

from anbu_wire.errors import LocalProtocolError, RemoteProtocolError

FRAME_LIMIT_BYTES = 256  # no frame is longer: the largest message and its seal fit

_FIRST = 0x80
_LAST = 0x40
_COUNTER = 0x3F


def fragment(frame: bytes, mtu_payload: int) -> "list[bytes]":
    """The pieces of `frame`, each at most `mtu_payload` bytes (MTU - 3) with its header byte.

    Raises LocalProtocolError for an empty or too long frame or a payload under 2 bytes.
    """
    if not 0 < len(frame) <= FRAME_LIMIT_BYTES or mtu_payload < 2:
        raise LocalProtocolError("frame of %d in pieces of %d bytes" % (len(frame), mtu_payload))
    step = mtu_payload - 1
    counter = crc32(frame) & _COUNTER
    pieces = []
    for start in range(0, len(frame), step):
        head = counter & _COUNTER
        if start == 0:
            head |= _FIRST
        if start + step >= len(frame):
            head |= _LAST
        pieces.append(bytes((head,)) + frame[start : start + step])
        counter += 1
    return pieces


class Reassembler:
    """Puts pieces together. One per direction and connection.

    `lossy=False` (writes with response): a piece out of order is a RemoteProtocolError.
    `lossy=True` (notifications, which get lost in both stacks): a broken frame is dropped and
    counted in `dropped`; the session notices the gap.
    """

    def __init__(self, limit_bytes: int = FRAME_LIMIT_BYTES, lossy: bool = False) -> None:
        self._limit_bytes = limit_bytes
        self._lossy = lossy
        self._buffer = bytearray()
        self._next = -1  # counter of the piece that must come now; -1 = a first piece
        self.dropped = 0

    def feed(self, piece: bytes) -> "bytes | None":
        """The whole frame when `piece` was its last, else None.

        Raises RemoteProtocolError on an empty piece, a frame over the limit and, where nothing
        can get lost, on a piece out of order. After an error it waits for a first piece.
        """
        if len(piece) < 2:
            self._broken("piece of %d bytes" % len(piece), False)
        head = piece[0]
        if head & _FIRST:
            if self._next >= 0:
                self._broken("frame cut by a new one", self._lossy)
        elif self._next != head & _COUNTER:
            self._broken("piece out of order", self._lossy)
            return None
        if len(self._buffer) + len(piece) - 1 > self._limit_bytes:
            self._broken("frame over %d bytes" % self._limit_bytes, False)
        self._buffer.extend(memoryview(piece)[1:])
        self._next = (head + 1) & _COUNTER
        if not head & _LAST:
            return None
        frame = bytes(self._buffer)
        self._reset()
        return frame

    def _reset(self) -> None:
        self._buffer = bytearray()
        self._next = -1

    def _broken(self, why: str, forgiven: bool) -> None:
        self._reset()
        if not forgiven:
            raise RemoteProtocolError(why)
        self.dropped += 1
