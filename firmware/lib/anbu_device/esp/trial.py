"""What follows a start: an update on trial is confirmed or given up, a roll-back told.

Knows: the slots' record in the NVS, the keys trusted, how a new key takes its place. May not know:
bundles on their way, the radio, a dose, a chip's health; it asks `house`. It is small: a device
that takes updates in a life of their own (the care plug) is on trial in its ordinary one.

`house` is main's object with
    quiet() -> bool             whether it may start anew at this moment
    health() -> (gateway proved itself, log read back, schedule read back)
    faults() -> int             bits of dead chips
    update_told(value)          writes an UPDATE_RESULT record
    restart()                   starts the chip anew
"""

from hashlib import sha256

from micropython import const

import anbu_slots as slots
from anbu_wire.bundle import (
    FIXED_BYTES,
    FORMAT,
    KEY_BYTES,
    KEY_ID_AT,
    KEY_ID_BYTES,
    MAGIC_BYTES,
    NEW_KEY_AT,
)
from esp32 import NVS

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    class House(Protocol):
        """What main offers."""

        def update_facts(self) -> "tuple[int, list[int], bool, int, bool]":
            """core.update_rules.Facts in order, for whoever takes an update."""

        def quiet(self) -> bool:
            """Whether it may start anew at this moment."""

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
IDENTITY_BYTES = const(12)
_TRIAL_MS = const(1_800_000)  # a trial that nobody confirms ends with a start, which is counted
_LOOK_MS = const(1000)
_VALUE_MAX = const(0x7FFF)


def trusted() -> "list[bytes]":
    """The public keys in the NVS, b"" where one is not there."""
    nvs = NVS(KEYS_NAMESPACE)
    keys = []
    for name in KEYS:
        buffer = bytearray(KEY_BYTES)
        try:
            size = nvs.get_blob(name, buffer)
        except OSError:
            size = 0
        keys.append(bytes(buffer) if size == KEY_BYTES else b"")
    return keys


def introduced(path: str) -> "tuple[bytes, bytes] | None":
    """(id of the key that signed, new key) of the bundle in a slot; None: it brought none.

    The note was checked when the slot was staged; of its kilobytes only these bytes are read.
    """
    try:
        with open(path + "/" + HEAD, "rb") as file:
            file.seek(IDENTITY_BYTES)
            start = file.read(FIXED_BYTES)
            if len(start) != FIXED_BYTES or start[MAGIC_BYTES] != FORMAT or not start[NEW_KEY_AT]:
                return None
            head_bytes = int.from_bytes(start[6:8], "little")
            file.seek(IDENTITY_BYTES + head_bytes - KEY_BYTES)
            key = file.read(KEY_BYTES)
    except OSError:
        return None  # flashed by cable: no bundle, no new key
    return (start[KEY_ID_AT : KEY_ID_AT + KEY_ID_BYTES], key) if len(key) == KEY_BYTES else None


class Trial:
    """Make it where the loader left `anbu_slots.started`. Raises OSError where it did not."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._nvs = NVS(slots.NAMESPACE)
        record = slots.load(self._nvs) or slots.started
        if record is None:
            raise OSError("no loader started this firmware")
        self._record: slots.Record = record
        self._running = slots.started.active if slots.started else record.active
        self._running_path = slots.PATHS[self._running]
        self._looked_ms = 0

    def busy(self) -> bool:
        """Whether the firmware that runs is on trial."""
        return int(self._record.state) == slots.TRYING

    def unsettled(self) -> bool:
        """Whether something is still to be proved or told."""
        return int(self._record.state) != slots.CONFIRMED or self._record.boots > 0

    def look(self, uptime_ms: int) -> None:
        """Call it often: confirms or ends a trial, tells what became."""
        if uptime_ms - self._looked_ms < _LOOK_MS:
            return
        self._looked_ms = uptime_ms
        try:
            self._settle(uptime_ms)
        except OSError:
            return  # the NVS did not take it: tried again at the next look
        self._looked(uptime_ms)

    def _looked(self, uptime_ms: int) -> None:
        """For whoever has more to do at a look."""

    def _confirmed(self) -> None:
        """For whoever tells how far an update is."""

    def _settle(self, uptime_ms: int) -> None:
        """A trial, a roll-back not yet told, crashes not yet outlived."""
        state = self._record.state
        if state == slots.TRYING:
            if self._healthy():
                self._rotate_keys()
                self._store(slots.settled(self._record))
                self._confirmed()
                self._tell(self._record.version)
            elif uptime_ms > _TRIAL_MS:
                self._restart_when_quiet()
        elif state == slots.ROLLED_BACK:
            self._store(slots.settled(self._record))
            self._tell(-self._record.failed_version)
        elif self._record.boots and (uptime_ms > _TRIAL_MS or self._healthy()):
            self._store(slots.settled(self._record))

    def _store(self, record: "slots.Record") -> None:
        self._record = slots.store(self._nvs, record)

    def _healthy(self) -> bool:
        new_faults = self._house.faults() & ~self._record.faults
        return new_faults == 0 and all(self._house.health())

    def _tell(self, value: int) -> None:
        self._house.update_told(max(-_VALUE_MAX, min(_VALUE_MAX, value)))

    def _restart_when_quiet(self) -> None:
        if self._house.quiet():
            self._house.restart()

    def _rotate_keys(self) -> None:
        """A new key that came with this firmware takes the place of the one that did not sign."""
        brought = introduced(self._running_path)
        keys = trusted()
        if brought is None or brought[1] in keys:
            return
        signed = [sha256(key).digest()[:KEY_ID_BYTES] == brought[0] for key in keys]
        from anbu_device.esp.spare import keep  # noqa: PLC0415 - heap

        name = KEYS[0 if signed[1] else 1]
        try:
            keep(KEYS_NAMESPACE, name, brought[1])  # first: a cut here is begun anew
        except OSError:
            pass  # a worn copy ends no update
        nvs = NVS(KEYS_NAMESPACE)
        nvs.set_blob(name, brought[1])
        nvs.commit()
