"""The update bundle, and how a device speaks of one: layout, bounds, states, reasons.

Knows: the bytes of a bundle. May not know: keys' owners, flash, who sends it, when it may come.

    0   4   "AnbU"                           16  16  board, ASCII, filled up with zeros
    4   1   format, 1                        32  4   key id: SHA-256 of the signing key begins so
    5   1   .mpy version of the files        36  4   payload bytes
    6   2   head bytes (all up to signature) 40  1   number of files
    8   4   version, counts upwards only     41  1   1: a new key stands behind the files' rows
    12  4   oldest version it may replace    42      rows: name length u8, name, size u32, SHA-256

Then 64 bytes of new key where there is one, 64 bytes ECDSA P-256 signature over the SHA-256 of the
head, and the files one after the other in the order of their rows: ascending by name, none twice.
"""

import struct
from hashlib import sha256

from anbu_wire.errors import RemoteProtocolError
from anbu_wire.p256 import verify

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Iterator

# states of an update
IDLE = 0
RECEIVING = 1
VERIFYING = 2
STAGED = 3
TRYING = 4
CONFIRMED = 5
ROLLED_BACK = 6

# why a device refuses
NO_REASON = 0
MALFORMED = 1
CUT = 2
TOO_BIG = 3
UNSIGNED = 4
WRONG_KEY = 5
WRONG_SIGNATURE = 6
WRONG_BOARD = 7
WRONG_ABI = 8
OLDER = 9
NEEDS_STEP = 10  # what runs here is older than the bundle's minimum
FAILED_BEFORE = 11  # this version was rolled back here
CORRUPT = 12  # a file is not what its row says
NEAR_DOSE = 13
ALARM = 14
BATTERY_LOW = 15
NO_TIME = 16  # doses are planned, but how near one is cannot be said
BUSY = 17  # this device is still trying the version before
NOT_BEGUN = 18
WRONG_OFFSET = 19
NO_STORAGE = 20
STARTS_ANEW = 21  # into a life in which it takes updates: ask again

FORMAT = 1
MAGIC = b"AnbU"
HEAD = "<4sBBHII16s4sIBB"
FIXED_BYTES = 42
MAGIC_BYTES = 4
KEY_ID_AT = 32
KEY_ID_BYTES = 4
NEW_KEY_AT = 41
KEY_BYTES = 64
SIGNATURE_BYTES = 64
DIGEST_BYTES = 32
HEAD_MAX_BYTES = 6144
FILES_MAX = 96
NAME_MAX_BYTES = 64
PAYLOAD_MAX_BYTES = 393216  # of an app slot of 512 KiB: littlefs needs room to turn around
SUFFIX = ".mpy"  # of every file: the slot's own notes have none, so no bundle can touch them
_NAME_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789_/."


def head_bytes(start: "bytes | bytearray") -> int:
    """The length of the head, from the bundle's first 8 bytes. Raises RemoteProtocolError."""
    magic, version, _mpy, size = struct.unpack("<4sBBH", start[:8])
    if magic != MAGIC or version != FORMAT:
        raise RemoteProtocolError("not a bundle of format %d" % FORMAT)
    if not FIXED_BYTES < size <= HEAD_MAX_BYTES:
        raise RemoteProtocolError("bundle head of %d bytes" % size)
    return int(size)


class Manifest:
    """What a bundle says of itself. `head` is everything that is signed.

    Raises RemoteProtocolError for anything out of bounds, so that whoever holds a Manifest may
    rely on it; whether it is genuine is another question.
    """

    def __init__(self, head: bytes) -> None:
        if len(head) < FIXED_BYTES or head_bytes(head) != len(head):
            raise RemoteProtocolError("bundle head of %d bytes" % len(head))
        row = struct.unpack(HEAD, head[:FIXED_BYTES])
        self.head = head
        self.mpy: int = row[2]
        self.version: int = row[4]
        self.minimum: int = row[5]
        self.board = row[6].rstrip(b"\0")
        self.key_id: bytes = row[7]
        self.payload_bytes: int = row[8]
        self.count: int = row[9]
        if row[10] > 1 or not 0 < self.count <= FILES_MAX or not 0 < self.version < 1 << 31:
            raise RemoteProtocolError("bundle head out of range")
        self.new_key = head[len(head) - KEY_BYTES :] if row[10] else b""
        if sum(size for _name, size, _digest in self.files()) != self.payload_bytes:
            raise RemoteProtocolError("bundle payload of %d bytes" % self.payload_bytes)

    @property
    def size_bytes(self) -> int:
        """How long the whole bundle is."""
        return len(self.head) + SIGNATURE_BYTES + self.payload_bytes

    def files(self) -> "Iterator[tuple[str, int, bytes]]":
        """(name, size in bytes, SHA-256) of each file. Raises RemoteProtocolError on the way."""
        at = FIXED_BYTES
        end = len(self.head) - len(self.new_key)
        before = b""
        for _ in range(self.count):
            name_end = at + 1 + (self.head[at] if at < end else 0)
            row_end = name_end + 4 + DIGEST_BYTES
            if row_end > end:
                raise RemoteProtocolError("bundle rows cut")
            name = bytes(self.head[at + 1 : name_end])
            size = struct.unpack("<I", self.head[name_end : name_end + 4])[0]
            if name <= before or not _good_name(name) or not 0 < size <= PAYLOAD_MAX_BYTES:
                raise RemoteProtocolError("bundle row out of range")
            yield name.decode(), size, bytes(self.head[name_end + 4 : row_end])
            before = name
            at = row_end
        if at != end:
            raise RemoteProtocolError("bundle rows end too early")


def key_id(key: bytes) -> bytes:
    """The four bytes by which a head names the public key (64 bytes) that signs it."""
    digest: bytes = sha256(key).digest()
    return digest[:KEY_ID_BYTES]


def judge_signature(manifest: Manifest, signature: bytes, keys: "list[bytes]") -> int:
    """NO_REASON when one of these public keys signed the head; else what is wrong."""
    if not any(signature):
        return UNSIGNED
    named = [key for key in keys if key_id(key) == manifest.key_id]
    if not named:
        return WRONG_KEY
    digest = sha256(manifest.head).digest()
    signed = any(verify(key, digest, signature) for key in named)
    return NO_REASON if signed else WRONG_SIGNATURE


def _good_name(name: bytes) -> bool:
    """Whether it is a relative path of plain letters to an .mpy file."""
    if not 0 < len(name) <= NAME_MAX_BYTES or any(c not in _NAME_LETTERS for c in name):
        return False
    parts = name.split(b"/")
    return name.endswith(SUFFIX.encode()) and all(part[:1] not in (b"", b".") for part in parts)
