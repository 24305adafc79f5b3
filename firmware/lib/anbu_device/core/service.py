"""What the gateway may ask of any device: its state, its log, its clock, its health.

Knows: the callbacks `anbu_device.core.link.DeviceLink` calls. May not know: frames, sessions, BLE,
what the device is for: a target derives from it. Nothing here raises past the link.
"""

from anbu_device.core.clock import JUMP_S
from anbu_wire.messages import (
    CLOCK_SET,
    NO_COMPARTMENT,
    NO_SLOT,
    OK,
    REFUSED_RANGE,
    REFUSED_STATE,
)

_END_S = 3_155_760_000  # 2100: beyond it records and STATE could not hold the time for long
_ZONE_MIN = 900  # no zone is further from UTC
_VALUE_MAX = 32767


class Service:
    """The duck-typed device behind the link."""

    # `house` is a target's main: MicroPython has no Protocol to say so.
    def __init__(self, house) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        self._house = house

    def _tell(self, kind: int, value: int) -> None:
        self._house.write([(kind, NO_SLOT, NO_COMPARTMENT, value)])

    def schedule_told(self) -> "tuple[int, int]":
        """(version, CRC32) of the schedule that runs; a device without one says 0, 0."""
        return 0, 0

    def readable(self) -> bool:
        """Whether what is stored can be read; a new firmware must read the old."""
        return True

    def clock_jumped(self) -> None:
        """The wall time is another one from now on; CLOCK_SET is written after this."""

    # --- what DeviceLink calls ---

    def state(self) -> "tuple[int, ...]":
        """The fields of STATE, in the table's order."""
        house = self._house
        journal = house.log.journal
        version, crc = self.schedule_told()
        return (
            journal.epoch,
            journal.oldest_seq,
            journal.newest_seq,
            house.clock.wall_s(),
            version,
            crc,
            house.clock.quality(),
            house.battery_percent(),
            house.clock.uptime_ms // 1000,
            house.clock.timeline,
        )

    def records(self, first_seq: int, last_seq: int) -> "list[bytes]":
        """The records of that range that are still held."""
        held: "list[bytes]" = self._house.log.records(first_seq, last_seq)
        return held

    def acknowledge(self, epoch: int, up_to_seq: int) -> int:
        """The gateway committed up to here."""
        return OK if self._house.log.acknowledge(epoch, up_to_seq) else REFUSED_STATE

    def set_time(self, fields: "dict[str, int]") -> int:
        """Takes the gateway's time and zone."""
        wall_s = fields["wall_s"]
        offsets = (fields["offset_min"], fields["next_offset_min"])
        if not 0 < wall_s < _END_S or max(offsets) > _ZONE_MIN or min(offsets) < -_ZONE_MIN:
            return REFUSED_RANGE
        clock = self._house.clock
        unknown = clock.wall_s() == 0
        correction_s = clock.set_from_gateway(wall_s, fields["wall_ms"])
        clock.set_zone(fields["offset_min"], fields["change_wall_s"], fields["next_offset_min"])
        if unknown or not -JUMP_S <= correction_s <= JUMP_S:
            self.clock_jumped()
        self._tell(CLOCK_SET, max(-_VALUE_MAX - 1, min(_VALUE_MAX, correction_s)))
        return OK

    def vitals(self) -> "tuple[int, ...]":
        """How the device is."""
        told: "tuple[int, ...]" = self._house.vitals()
        return told

    def update(self, kind: int, fields: "dict[str, int]", tail: bytes) -> "tuple[int, ...] | None":
        """The fields of UPDATE_STATE after one of UPDATE_*; None where no update is possible."""
        told: "tuple[int, ...] | None" = self._house.update_answer(kind, fields, tail)
        return told
