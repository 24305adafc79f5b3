"""Pieces: what goes in comes out, whole, or not at all."""

from anbu_wire.errors import LocalProtocolError, RemoteProtocolError
from anbu_wire.frame import FRAME_LIMIT_BYTES, Reassembler, fragment


def frame_of(length: int) -> bytes:
    return bytes((i * 7 + length) & 0xFF for i in range(length))


def refuses(reassembler: Reassembler, piece: bytes) -> bool:
    try:
        reassembler.feed(piece)
    except RemoteProtocolError:
        return True
    return False


def test_every_length_comes_back_at_small_and_large_mtu() -> None:
    """Payloads of 20 (MTU 23) and 244 bytes (MTU 247), and 2, the smallest there is."""
    for mtu_payload in (2, 20, 244):
        reassembler = Reassembler()
        for length in range(1, FRAME_LIMIT_BYTES + 1):
            frame = frame_of(length)
            pieces = fragment(frame, mtu_payload)
            assert max(len(p) for p in pieces) <= mtu_payload
            for piece in pieces[:-1]:
                assert reassembler.feed(piece) is None
            assert reassembler.feed(pieces[-1]) == frame


def test_a_lost_piece_is_noticed() -> None:
    """Where nothing may get lost, a missing piece is the other side's fault."""
    pieces = fragment(frame_of(100), 20)
    for lost in range(len(pieces) - 1):
        reassembler = Reassembler()
        noticed = False
        for i, piece in enumerate(pieces):
            if i != lost and not noticed:
                noticed = refuses(reassembler, piece)
        assert noticed, lost


def test_a_lossy_stream_goes_on_with_the_next_frame() -> None:
    """Notifications get lost: the broken frame is dropped, the next one comes through."""
    pieces = fragment(frame_of(100), 20)
    for lost in range(len(pieces)):
        reassembler = Reassembler(lossy=True)
        kept = pieces[:lost] + pieces[lost + 1 :]
        assert [reassembler.feed(p) for p in kept] == [None] * len(kept)
        after = fragment(frame_of(50), 20)
        assert [reassembler.feed(p) for p in after][-1] == frame_of(50)
        assert reassembler.dropped >= 1


def test_a_frame_over_the_limit_is_refused() -> None:
    """Memory stays bounded, however long the other side goes on."""
    for lossy in (False, True):
        reassembler = Reassembler(limit_bytes=40, lossy=lossy)
        assert reassembler.feed(b"\x80" + bytes(19)) is None
        assert reassembler.feed(b"\x01" + bytes(19)) is None
        assert refuses(reassembler, b"\x02" + bytes(19))
        assert reassembler.feed(b"\xc0again") == b"again"


def test_nonsense_is_refused() -> None:
    """An empty piece, a bare header, a piece that continues nothing."""
    for piece in (b"", b"\xc0", b"\x00x", b"\x41x"):
        assert refuses(Reassembler(), piece), piece


def test_our_own_mistakes_are_ours() -> None:
    """An empty frame, a frame over the limit and a payload without room are LocalProtocolErrors."""
    for frame, mtu_payload in ((b"", 20), (bytes(FRAME_LIMIT_BYTES + 1), 20), (b"x", 1)):
        try:
            fragment(frame, mtu_payload)
        except LocalProtocolError:
            continue
        raise AssertionError((len(frame), mtu_payload))
