"""What the gateway may ask of this box: each command's effect on clock, schedule, log.

Knows: the callbacks `anbu_device.core.link.DeviceLink` calls. May not know: frames, sessions, BLE.
A command is refused with a code; nothing here raises past the link.
"""

import struct
from binascii import crc32

from anbu_device.core.clock import JUMP_S, DeviceClock
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.messages import (
    AWAY_SET,
    CLOCK_SET,
    OK,
    REFUSED_OLDER_VERSION,
    REFUSED_RANGE,
    REFUSED_STATE,
    REFUSED_STORAGE,
    SCHEDULE_STORED,
    ScheduleEntry,
    decode_schedule,
)
from anbu_wire.settings import REFILLING
from pillbox.schedule import check

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    from anbu_device.core.journal import Journal
    from pillbox.box import Box
    from pillbox.preferences import Preferences

    class Store(Protocol):
        """Where the schedule is kept."""

        def read_or_empty(self, name: str) -> bytes:
            """The whole of a small file, b"" where there is none."""

        def replace(self, name: str, blob: bytes) -> None:
            """Writes a file whole or not at all. Raises OSError."""

    class Log(Protocol):
        """The device's log."""

        schedule_version: int

        @property
        def journal(self) -> Journal:
            """The index of the log store."""

        def records(self, first_seq: int, last_seq: int) -> "list[bytes]":
            """The records of that range that are held."""

        def acknowledge(self, epoch: int, up_to_seq: int) -> bool:
            """Notes an acknowledgement; False where it cannot be true."""

    class House(Protocol):
        """What main offers: parts, and the way effects become durable and visible."""

        clock: DeviceClock
        box: Box

        @property
        def log(self) -> Log:
            """The device's log."""

        def write(self, effects: "list[tuple[int, tuple[int, int], int, int]]") -> None:
            """Makes effects durable and visible."""

        def write_rtc(self, wall_s: int) -> None:
            """Sets the clock chip."""

        def battery_percent(self) -> int:
            """Percent, 255 = not known."""

        def test_light(self, compartment: int) -> None:
            """Lights one lid for a few seconds."""

        def locate(self, seconds: int) -> None:
            """Blinks and beeps so long; 0 ends it."""

        @property
        def preferences(self) -> Preferences:
            """What somebody chose for this box."""

        def vitals(self) -> "tuple[int, ...]":
            """VITALS' fields, in the table's order."""

        def updates(self) -> "Updates | None":
            """Whoever takes updates, None where no loader could start one."""

    class Updates(Protocol):
        """An update as it happens."""

        def answer(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...]":
            """The fields of UPDATE_STATE after one of UPDATE_*."""


_FILE = "schedule"
_HEAD = "<HHI"  # version, size, CRC32 of the entries
_HEAD_BYTES = 8
_END_S = 3_155_760_000  # 2100: beyond it records and STATE could not hold the time for long
_AWAY_END_S = 0x7FFFFFFF  # what the store of preferences can hold: 2068
_ZONE_MIN = 900  # no zone is further from UTC


class Service:
    """The duck-typed device behind the link. `house` is main's Pillbox."""

    def __init__(self, house: "House", disk: "Store") -> None:
        self._house = house
        self._disk = disk
        self._version = 0
        self._blob = b""

    def load_schedule(self) -> "list[ScheduleEntry]":
        """The stored schedule's entries at start; [] (version 0) where none is readable."""
        data = self._disk.read_or_empty(_FILE)
        if len(data) < _HEAD_BYTES:
            return []
        version, size, crc = struct.unpack(_HEAD, data[:_HEAD_BYTES])
        blob = data[_HEAD_BYTES : _HEAD_BYTES + size]
        if len(blob) != size or crc32(blob) != crc:
            return []
        try:
            entries = decode_schedule(blob)
        except RemoteProtocolError:
            return []
        self._version, self._blob = version, blob
        return entries

    @property
    def version(self) -> int:
        """The version of the schedule that runs, 0 for none."""
        return self._version

    # --- what DeviceLink calls ---

    def state(self) -> "tuple[int, ...]":
        """The fields of STATE, in the table's order."""
        house = self._house
        journal = house.log.journal
        return (
            journal.epoch,
            journal.oldest_seq,
            journal.newest_seq,
            house.clock.wall_s(),
            self._version,
            crc32(self._blob) if self._version else 0,
            house.clock.quality(),
            house.battery_percent(),
            house.clock.uptime_ms // 1000,
            house.clock.timeline,
        )

    def records(self, first_seq: int, last_seq: int) -> "list[bytes]":
        """The records of that range that are still held."""
        return self._house.log.records(first_seq, last_seq)

    def acknowledge(self, epoch: int, up_to_seq: int) -> int:
        """The gateway committed up to here."""
        return OK if self._house.log.acknowledge(epoch, up_to_seq) else REFUSED_STATE

    def set_time(self, fields: "dict[str, int]") -> int:
        """Takes the gateway's time and zone; the clock chip too."""
        wall_s = fields["wall_s"]
        offsets = (fields["offset_min"], fields["next_offset_min"])
        if not 0 < wall_s < _END_S or max(offsets) > _ZONE_MIN or min(offsets) < -_ZONE_MIN:
            return REFUSED_RANGE
        house = self._house
        jumped = house.clock.wall_s() == 0
        correction_s = house.clock.set_from_gateway(wall_s, fields["wall_ms"])
        house.clock.set_zone(
            fields["offset_min"], fields["change_wall_s"], fields["next_offset_min"]
        )
        if jumped or not -JUMP_S <= correction_s <= JUMP_S:
            house.box.clock_jumped()
        house.write([(CLOCK_SET, (0, 0), 0xFF, max(-32768, min(32767, correction_s)))])
        # Only now: a power cut before it leaves CLOCK_SET as the log's last word, which the journal
        # knows; a chip set before its record would jump inside a timeline unseen.
        house.write_rtc(house.clock.wall_s())
        return OK

    def store_schedule(self, version: int, blob: bytes) -> int:
        """Checks, stores whole or not at all, then runs the new schedule."""
        if version < self._version or (version == self._version and blob != self._blob):
            return REFUSED_OLDER_VERSION
        if version == self._version:
            return OK
        try:
            entries = decode_schedule(blob)
        except RemoteProtocolError:
            return REFUSED_RANGE
        house = self._house
        refused = check(entries, house.box.compartments)
        if refused:
            return refused
        try:
            head = struct.pack(_HEAD, version, len(blob), crc32(blob))
            self._disk.replace(_FILE, head + blob)
        except OSError:
            return REFUSED_STORAGE
        self._version, self._blob = version, bytes(blob)
        house.log.schedule_version = version
        house.box.adopt(entries, house.clock.wall_s())
        house.write([(SCHEDULE_STORED, (0, 0), 0xFF, version & 0x7FFF)])
        return OK

    def schedule_blob(self) -> "tuple[int, bytes]":
        """(version, entries' bytes) of the schedule that runs."""
        return self._version, self._blob

    def prompt_test(self, compartment: int) -> int:
        """Lights one lid for a few seconds, so that an installer sees which it is."""
        if compartment >= self._house.box.compartments:
            return REFUSED_RANGE
        self._house.test_light(compartment)
        return OK

    def locate(self, seconds: int) -> int:
        """Makes itself found."""
        self._house.locate(seconds)
        return OK

    def refill(self, begin: int) -> int:
        """Begins or ends a refill."""
        house = self._house
        wall_s = house.clock.wall_s()
        if begin > 1 or not wall_s:
            return REFUSED_STATE if begin <= 1 else REFUSED_RANGE
        house.write(house.box.refill(bool(begin), wall_s))
        return OK

    def away(self, from_wall_s: int, until_wall_s: int) -> int:
        """Keeps when the resident is away; 0, 0 = at home."""
        if not from_wall_s <= until_wall_s <= _AWAY_END_S:
            return REFUSED_RANGE
        house = self._house
        if house.preferences.away == (from_wall_s, until_wall_s):
            return OK
        code = house.preferences.set_away(from_wall_s, until_wall_s)
        house.box.away(*house.preferences.away)
        if code == OK:
            hours = max(0, until_wall_s - max(from_wall_s, house.clock.wall_s())) // 3600
            house.write([(AWAY_SET, (0, 0), 0xFF, min(32767, hours))])
        return code

    def set_parameter(self, parameter: int, value: int) -> int:
        """Keeps a choice; the value is in its range."""
        return self._house.preferences.set(parameter, value)

    def parameters(self) -> "list[tuple[int, int]]":
        """The choices that hold."""
        house = self._house
        rows = house.preferences.rows()
        rows.append((REFILLING, int(house.box.refilling)))
        return sorted(rows)

    def vitals(self) -> "tuple[int, ...]":
        """How the box is."""
        return self._house.vitals()

    def update(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...] | None":
        """The fields of UPDATE_STATE after one of UPDATE_*; None where no update is possible."""
        updates = self._house.updates()
        return updates.answer(kind, fields, tail) if updates else None

    def readable(self) -> bool:
        """Whether the stored schedule is the one that runs; a new firmware must read the old."""
        return self._version > 0 or not self._disk.read_or_empty(_FILE)
