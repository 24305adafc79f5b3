"""The bundle's parser: what it reads, and every bound it keeps, on both interpreters."""

import struct

from anbu_wire import bundle as b
from anbu_wire.errors import RemoteProtocolError


def row(name: bytes, size: int = 5) -> bytes:
    return bytes((len(name),)) + name + struct.pack("<I", size) + bytes(32)


ROWS = (row(b"a.mpy"), row(b"b/c.mpy", 7))


def head(
    rows: "tuple[bytes, ...]" = ROWS,
    payload: int = 12,
    count: int = -1,
    version: int = 3,
    flag: int = 0,
    size: int = -1,
    more: bytes = b"",
) -> bytes:
    """A head whose facts may be wrong one by one."""
    body = b"".join(rows) + more
    whole = 42 + len(body) if size < 0 else size
    number = len(rows) if count < 0 else count
    fixed = struct.pack(
        b.HEAD, b"AnbU", 1, 6, whole, version, 2, b"box", b"abcd", payload, number, flag
    )
    return fixed + body


def refused(data: bytes) -> bool:
    try:
        b.Manifest(data)
    except RemoteProtocolError:
        return True
    return False


def test_a_manifest_says_what_was_written() -> None:
    """Every field, the files in order, and how long the whole bundle is."""
    data = head()
    manifest = b.Manifest(data)
    facts = (manifest.mpy, manifest.version, manifest.minimum, manifest.board, manifest.key_id)
    assert facts == (6, 3, 2, b"box", b"abcd")
    assert list(manifest.files()) == [("a.mpy", 5, bytes(32)), ("b/c.mpy", 7, bytes(32))]
    assert manifest.new_key == b""
    assert manifest.size_bytes == len(data) + 64 + 12
    assert b.head_bytes(data[:8]) == len(data)


def test_a_new_key_is_the_heads_end() -> None:
    """64 bytes behind the rows, where the flag says so and nowhere else."""
    key = bytes(range(64))
    assert b.Manifest(head(flag=1, more=key)).new_key == key
    assert refused(head(flag=1))
    assert refused(head(more=key))
    assert refused(head(flag=2, more=key))


def test_bounds_of_the_head() -> None:
    """Magic, format, sizes, counts and versions out of range are refused."""
    good = head()
    assert not refused(good)
    for wrong in (
        b"",
        good[:41],
        b"anbU" + good[4:],
        good[:4] + b"\x02" + good[5:],
        head(size=41),
        head(size=b.HEAD_MAX_BYTES + 1),
        good + b"\0",
        good[:-1],
        head(payload=11),
        head(count=0),
        head(count=1),
        head(count=3),
        head(count=97),
        head(version=0),
        head(version=1 << 31),
    ):
        assert refused(wrong), wrong


def test_bounds_of_the_rows() -> None:
    """Names are relative, plain, short, ascending and end in .mpy; no file is empty."""
    for name in (
        b"",
        b"a.py",
        b"whole",
        b"/a.mpy",
        b"../a.mpy",
        b"a/../b.mpy",
        b"a//b.mpy",
        b".a.mpy",
        b"A.mpy",
        b"a b.mpy",
        b"a\0.mpy",
        b"\xed\x95\x9c.mpy",
        b"a" * 61 + b".mpy",
    ):
        assert refused(head((row(name),), 5)), name
    assert not refused(head((row(b"a" * 60 + b".mpy"),), 5))
    assert refused(head((row(b"a.mpy", 0), row(b"b.mpy", 12))))
    assert refused(head((row(b"a.mpy"), row(b"a.mpy", 7))))
    assert refused(head((row(b"b.mpy"), row(b"a.mpy", 7))))
    assert refused(head((row(b"a.mpy", b.PAYLOAD_MAX_BYTES + 1),), b.PAYLOAD_MAX_BYTES + 1))


def test_every_cut_and_every_byte_is_an_error_of_the_sender() -> None:
    """Garbage raises RemoteProtocolError or is a manifest that keeps the bounds; nothing else."""
    good = head()
    for size in range(len(good)):
        assert refused(good[:size])
    for at in range(len(good)):
        for value in (0, 1, 0x7F, 0x80, 0xFF):
            data = good[:at] + bytes((value,)) + good[at + 1 :]
            if not refused(data):
                assert b.Manifest(data).count == len(list(b.Manifest(data).files()))
