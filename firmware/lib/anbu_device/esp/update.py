"""An update as it happens: chunks into the slot that does not run, the switch, the trial.

Knows: the slots' record in the NVS, the keys trusted, the slot. May not know: the radio, a dose,
a chip's health; it asks `house`, and is loaded only when an update is spoken of or on trial.

`house` is main's object with
    update_facts() -> tuple     core.update_rules.Facts in order
    health() -> (gateway proved itself, log read back, schedule read back)
    faults() -> int             bits of dead chips
    update_told(value)          writes an UPDATE_RESULT record
    restart()                   starts the chip anew
"""

import sys

from micropython import const

import anbu_slots as slots
from anbu_device.core import update as life
from anbu_device.core.update_rules import About, Facts, Health, healthy, not_now
from anbu_device.edge.appslot import AppSlot
from anbu_wire import bundle as b
from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from esp32 import NVS, Partition

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    class House(Protocol):
        """What main offers."""

        def update_facts(self) -> "tuple[int, list[int], bool, int, bool]":
            """Time, doses, alarm, battery, mains."""

        def health(self) -> "tuple[bool, bool, bool]":
            """Whether the device works."""

        def faults(self) -> int:
            """Bits of dead chips."""

        def update_told(self, value: int) -> None:
            """Writes the outcome into the log."""

        def restart(self) -> None:
            """Starts the chip anew."""


KEYS_NAMESPACE = "anbu_update"
KEYS = ("key_0", "key_1")  # 64-byte public keys; provisioning writes them
HEAD = "head"  # a slot's own note: identity, head and signature of the bundle it holds or will
_IDENTITY_BYTES = const(12)
_TRIAL_MS = const(1_800_000)  # a trial that nobody confirms ends with a start, which is counted
_ANSWER_MS = const(3000)  # the answer to FINISH leaves before the start
_LOOK_MS = const(1000)
_VALUE_MAX = const(0x7FFF)


class Updater:
    """The device's end of an update. Make it where the loader left `anbu_slots.started`."""

    def __init__(self, board: bytes, house: "House") -> None:
        self._house = house
        self._nvs = NVS(slots.NAMESPACE)
        record = slots.load(self._nvs) or slots.started
        if record is None:
            raise OSError("no loader started this firmware")
        self._record: slots.Record = record
        running = slots.started.active if slots.started else record.active
        found = Partition.find(Partition.TYPE_DATA, label=slots.LABELS[1 - running])
        self._slot = AppSlot(found[0], slots.PATHS[1 - running])
        self._running_path = slots.PATHS[running]
        mpy = getattr(sys.implementation, "_mpy", 0) & 0xFF
        version = slots.started.version if slots.started else record.version
        keys = [key for key in self._keys() if key]
        about = About(board, mpy, version, record.failed_version, keys)
        self.update = life.Update(about, record.state)
        self._staged_ms = 0
        self._looked_ms = 0

    def _keys(self) -> "list[bytes]":
        nvs = NVS(KEYS_NAMESPACE)
        keys = []
        for name in KEYS:
            buffer = bytearray(b.KEY_BYTES)
            try:
                size = nvs.get_blob(name, buffer)
            except OSError:
                size = 0
            keys.append(bytes(buffer) if size == b.KEY_BYTES else b"")
        return keys

    # --- what the gateway says ---

    def answer(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...]":
        """The fields of UPDATE_STATE after one of UPDATE_*."""
        update = self.update
        facts = self._facts()
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
        if note[:_IDENTITY_BYTES] == identity:
            update.resume(note[_IDENTITY_BYTES:], self._slot.sizes())
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

    def _store(self, record: "slots.Record") -> None:
        self._record = slots.store(self._nvs, record)

    # --- what time brings ---

    def busy(self) -> bool:
        """Whether a bundle is on its way, or the firmware that runs is on trial."""
        return self.update.state in (b.RECEIVING, b.VERIFYING, b.STAGED, b.TRYING)

    def look(self, uptime_ms: int) -> None:
        """Call it often: starts what is staged, confirms or ends a trial, tells what became."""
        if uptime_ms - self._looked_ms < _LOOK_MS:
            return
        self._looked_ms = uptime_ms
        try:
            self._settle(uptime_ms)
        except OSError:
            return  # the NVS did not take it: tried again at the next look
        if self.update.state == b.STAGED and uptime_ms - self._staged_ms > _ANSWER_MS:
            self._restart_when_quiet()

    def _settle(self, uptime_ms: int) -> None:
        """A trial, a roll-back not yet told, crashes not yet outlived."""
        state = self._record.state
        if state == slots.TRYING:
            if self._healthy():
                self._rotate_keys()
                self._store(slots.settled(self._record))
                self.update.apply(life.CONFIRM)
                self._tell(self._record.version)
            elif uptime_ms > _TRIAL_MS:
                self._restart_when_quiet()
        elif state == slots.ROLLED_BACK:
            self._store(slots.settled(self._record))
            self._tell(-self._record.failed_version)
        elif self._record.boots and (uptime_ms > _TRIAL_MS or self._healthy()):
            self._store(slots.settled(self._record))

    def _facts(self) -> "Facts":
        return Facts(*self._house.update_facts())

    def _healthy(self) -> bool:
        new_faults = self._house.faults() & ~self._record.faults
        return healthy(Health(new_faults == 0, *self._house.health()))

    def _tell(self, value: int) -> None:
        self._house.update_told(max(-_VALUE_MAX, min(_VALUE_MAX, value)))

    def _restart_when_quiet(self) -> None:
        if not not_now(self._facts()):
            self._house.restart()

    def _rotate_keys(self) -> None:
        """A new key that came with this firmware takes the place of the one that did not sign."""
        try:
            with open(self._running_path + "/" + HEAD, "rb") as file:
                note = file.read()
            manifest = b.Manifest(note[_IDENTITY_BYTES : -b.SIGNATURE_BYTES])
        except (OSError, RemoteProtocolError):
            return  # flashed by cable: no bundle, no new key
        keys = self._keys()
        if not manifest.new_key or manifest.new_key in keys:
            return
        signer = [b.key_id(key) == manifest.key_id for key in keys]
        nvs = NVS(KEYS_NAMESPACE)
        nvs.set_blob(KEYS[0 if signer[1] else 1], manifest.new_key)
        nvs.commit()
