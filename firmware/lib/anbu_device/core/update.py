"""The life of a firmware update as a table, and what each chunk of a bundle is.

Knows: states, offsets, what a bundle says of itself. Why one is refused stands in update_rules.
May not know: flash, the radio, a clock. It plans; esp/update does, then says how it went.

    IDLE, CONFIRMED, ROLLED_BACK → RECEIVING → VERIFYING → STAGED → TRYING → CONFIRMED
                                                                    TRYING → ROLLED_BACK
"""

from micropython import const

from anbu_device.core.update_rules import About, Facts, not_begun, not_now, refusal
from anbu_wire import bundle as b
from anbu_wire.errors import RemoteProtocolError

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Iterator

# stimuli
BEGIN = const(1)
CHUNK = const(2)
FINISH = const(3)
GOOD = const(4)
BAD = const(5)
START = const(6)
CONFIRM = const(7)
GIVE_UP = const(8)

# (state, stimulus) → next state; absent = refused
TABLE = {
    (b.IDLE, BEGIN): b.RECEIVING,
    (b.CONFIRMED, BEGIN): b.RECEIVING,
    (b.ROLLED_BACK, BEGIN): b.RECEIVING,
    (b.RECEIVING, BEGIN): b.RECEIVING,
    (b.STAGED, BEGIN): b.RECEIVING,
    (b.RECEIVING, CHUNK): b.RECEIVING,
    (b.RECEIVING, BAD): b.IDLE,
    (b.RECEIVING, FINISH): b.VERIFYING,
    (b.VERIFYING, BAD): b.IDLE,
    (b.VERIFYING, GOOD): b.STAGED,
    (b.STAGED, START): b.TRYING,
    (b.TRYING, START): b.TRYING,
    (b.TRYING, CONFIRM): b.CONFIRMED,
    (b.TRYING, GIVE_UP): b.ROLLED_BACK,
}

_HEAD_START_BYTES = const(8)


class Update:
    """What has come of a bundle. `state` at start is what the loader's record says."""

    def __init__(self, about: "About", state: int) -> None:
        self.about = about
        self.state = state
        self.reason = b.NO_REASON
        self.next_offset = 0
        self.manifest: "b.Manifest | None" = None
        self.wanted = (0, 0, 0)  # version, size and CRC32 of the bundle being received
        self._head = bytearray()
        self._signed_head = b""  # whole, once; kilobytes must not lie about twice
        self._rows: "Iterator[tuple[str, int, bytes]] | None" = None
        self._name = ""
        self._left = 0  # bytes of the current file still to come

    def apply(self, stimulus: int, reason: int = b.NO_REASON) -> bool:
        """Takes a step of the table; False where there is none. `reason` is told with the state."""
        state = TABLE.get((self.state, stimulus))
        if state is None:
            self.reason = reason or b.BUSY
            return False
        self.state = state
        self.reason = reason
        return True

    # --- begin ---

    def begin(self, version: int, size_bytes: int, crc: int, facts: "Facts") -> bool:
        """True when the slot must be prepared for this bundle from its first byte (or `resume`).

        False for all else: refused, on its way already, or running here already.
        """
        wanted = (version, size_bytes, crc)
        self.reason = not_begun(version, size_bytes, self.about, (self.state, BEGIN) in TABLE)
        if version == self.about.version:
            return False
        self.reason = self.reason or not_now(facts)
        if self.reason:
            return False
        if wanted == self.wanted and self.state in (b.RECEIVING, b.STAGED):
            return False
        self.apply(BEGIN)
        self.wanted = wanted
        self._forget()
        return True

    def _forget(self) -> None:
        self.next_offset = 0
        self.manifest = None
        self._head = bytearray()
        self._signed_head = b""
        self._rows = None
        self._left = 0

    def resume(self, signed_head: bytes, sizes: "dict[str, int]") -> None:
        """After a restart: the head and signature stored in the slot, and its files' sizes.

        Goes on behind the last file that is whole. A head that is not good any more: from 0 on.
        """
        size_bytes = len(signed_head)
        try:  # as it is: kilobytes must not lie about three times
            start = signed_head[:_HEAD_START_BYTES] if size_bytes > _HEAD_START_BYTES else bytes(8)
            if b.head_bytes(start) + b.SIGNATURE_BYTES == size_bytes:
                self._judge(signed_head)
        except RemoteProtocolError:
            self.manifest = None  # torn
        self._signed_head = b""  # it is in the slot
        self.next_offset = size_bytes
        if self.manifest is None or self.state != b.RECEIVING:
            self.state = b.RECEIVING
            self.reason = b.NO_REASON
            self._forget()
            return
        for name, size, _digest in self.manifest.files():
            if sizes.get(name) != size:
                return
            self._next_row()
            self._left = 0
            self.next_offset += size

    # --- chunks ---

    def take(
        self, offset: int, data: bytes, facts: "Facts"
    ) -> "list[tuple[str, bytes | memoryview, bool]]":
        """What to write: (file name, bytes, whether it is whole then); "" is the signed head.

        Bytes that are here already are passed over. [] with a `reason` where nothing was taken.
        """
        end = offset + len(data)
        self.reason = self._not_going_on(facts)
        if not self.reason and (offset > self.next_offset or end > self.wanted[1]):
            self.reason = b.WRONG_OFFSET
        if self.reason or end <= self.next_offset:
            return []
        fresh = memoryview(data)[self.next_offset - offset :]
        writes: "list[tuple[str, bytes | memoryview, bool]]" = []
        if self.manifest is None:
            used = self._take_head(fresh)
            fresh = fresh[used:]
            if self._rows is not None:
                writes.append(("", self._signed_head, True))
        if self.state == b.RECEIVING and len(fresh):
            self._take_files(fresh, writes)
        return writes

    def _not_going_on(self, facts: "Facts") -> int:
        """After a refusal its reason stays: the answer that told it may have been lost."""
        return not_now(facts) if self.state == b.RECEIVING else self.reason or b.NOT_BEGUN

    def _take_head(self, data: "bytes | memoryview") -> int:
        """Adds to the head; how many bytes were of it. Judges it as soon as it is whole."""
        head = self._head
        before = len(head)
        try:
            if before < _HEAD_START_BYTES:
                head.extend(data[: _HEAD_START_BYTES - before])
            if len(head) >= _HEAD_START_BYTES:
                whole = b.head_bytes(head) + b.SIGNATURE_BYTES
                used = len(head) - before
                head.extend(data[used : used + whole - len(head)])
                if len(head) == whole:
                    self._judge(bytes(head))
        except RemoteProtocolError:
            self.apply(BAD, b.MALFORMED)
        self.next_offset += len(head) - before
        return len(head) - before

    def _judge(self, signed_head: bytes) -> None:
        self._head = bytearray()
        self._signed_head = signed_head
        manifest = b.Manifest(signed_head[: -b.SIGNATURE_BYTES])
        reason = refusal(manifest, signed_head[-b.SIGNATURE_BYTES :], self.about)
        if not reason and (manifest.version, manifest.size_bytes) != self.wanted[:2]:
            reason = b.CUT
        if reason:
            self.apply(BAD, reason)
            return
        self.manifest = manifest
        self._rows = manifest.files()

    def _next_row(self) -> None:
        if self._rows is not None:
            self._name, self._left, _digest = next(self._rows)

    def _take_files(
        self, data: memoryview, writes: "list[tuple[str, bytes | memoryview, bool]]"
    ) -> None:
        while len(data):  # never more than the rows say: the sizes were compared with the whole
            if not self._left:
                self._next_row()
            piece = data[: self._left]
            data = data[len(piece) :]
            self._left -= len(piece)
            self.next_offset += len(piece)
            writes.append((self._name, piece, not self._left))

    # --- the end ---

    def finish(self, facts: "Facts") -> bool:
        """True when all is here and must be verified now: then call `apply` with GOOD or BAD."""
        if self.state == b.STAGED:
            self.reason = b.NO_REASON
            return False
        self.reason = self._not_going_on(facts)
        if not self.reason and (self.manifest is None or self.next_offset != self.wanted[1]):
            self.reason = b.CUT
        return not self.reason and self.apply(FINISH)
