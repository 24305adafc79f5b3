"""An update as it happens: chunks into the slot that does not run, then the switch.

Knows: the slots' record in the NVS, the keys trusted, the slot. May not know: the radio, a dose,
a chip's health; it asks `house` (esp/trial). It is loaded only when an update is spoken of.
"""

import sys

from micropython import const

import anbu_slots as slots
from anbu_device.core import update as life
from anbu_device.core.update_rules import About, Facts
from anbu_device.edge.appslot import AppSlot
from anbu_device.esp.trial import HEAD, IDENTITY_BYTES, Trial, trusted
from anbu_wire import bundle as b
from anbu_wire import messages as m
from esp32 import Partition

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.esp.trial import House

_ANSWER_MS = const(3000)  # the answer to FINISH leaves before the start


class Updater(Trial):
    """The device's end of an update. Make it where the loader left `anbu_slots.started`."""

    def __init__(self, board: bytes, house: "House") -> None:
        super().__init__(house)
        record = self._record
        other = 1 - self._running
        found = Partition.find(Partition.TYPE_DATA, label=slots.LABELS[other])
        self._slot = AppSlot(found[0], slots.PATHS[other])
        mpy = getattr(sys.implementation, "_mpy", 0) & 0xFF
        version = slots.started.version if slots.started else record.version
        keys = [key for key in trusted() if key]
        about = About(board, mpy, version, record.failed_version, keys)
        self.update = life.Update(about, record.state)
        self._staged_ms = 0

    # --- what the gateway says ---

    def answer(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...]":
        """The fields of UPDATE_STATE after one of UPDATE_*."""
        update = self.update
        facts = Facts(*self._house.update_facts())
        try:
            if kind == m.UPDATE_BEGIN:
                self._begin(fields["version"], fields["size_bytes"], fields["crc"], facts)
            elif kind == m.UPDATE_CHUNK:
                for name, data, whole in update.take(fields["offset_bytes"], tail, facts):
                    if not name:
                        self._slot.write(HEAD, self._identity(), False)
                    self._slot.write(name or HEAD, data, whole)
            elif update.finish(facts):
                self._verify()
        except (OSError, MemoryError):
            update.apply(life.BAD, b.NO_STORAGE)
        return update.next_offset, update.state, update.reason, update.about.version

    def _begin(self, version: int, size_bytes: int, crc: int, facts: "Facts") -> None:
        update = self.update
        if not update.begin(version, size_bytes, crc, facts):
            return
        if self._record.state == slots.STAGED:
            self._store(slots.unstaged(self._record, update.about.version))
        self._slot.close()
        identity = self._identity()
        note = self._slot.read(HEAD)
        if note[:IDENTITY_BYTES] == identity:
            note = note[IDENTITY_BYTES:]  # the longer one is let go: there is no room for many
            update.resume(note, self._slot.sizes())
        if not update.next_offset:
            self._slot.erase()

    def _identity(self) -> bytes:
        return b"".join([value.to_bytes(4, "little") for value in self.update.wanted])

    def _verify(self) -> None:
        """Reads everything back from flash; then the slot is marked whole and staged."""
        update, manifest = self.update, self.update.manifest
        if manifest is None:
            return
        for name, size, digest in manifest.files():
            if self._slot.digest(name) != (size, digest):
                update.apply(life.BAD, b.CORRUPT)
                self._slot.erase()
                return
        self._slot.write(slots.MARK, slots.encode_mark(manifest.version), True)
        self._store(slots.staged(self._record, manifest.version, self._house.faults()))
        update.apply(life.GOOD)
        self._staged_ms = self._looked_ms

    # --- what time brings ---

    def busy(self) -> bool:
        """Whether a bundle is on its way, or the firmware that runs is on trial."""
        return self.update.state in (b.RECEIVING, b.VERIFYING, b.STAGED, b.TRYING)

    def _looked(self, uptime_ms: int) -> None:
        """Starts what is staged."""
        if self.update.state == b.STAGED and uptime_ms - self._staged_ms > _ANSWER_MS:
            self._restart_when_quiet()

    def _confirmed(self) -> None:
        self.update.apply(life.CONFIRM)
