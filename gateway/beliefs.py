"""What is believed about a dose slot and about a device: the parts of a household.

Knows: their shape, and how what was told is kept in its order.
May not know: which fact changes what (household.py), the time, what an outcome is.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.events import PlannedSlot
from gateway.timelines import Stamp

UNSEEN_MS = 15 * 60_000  # a device later than the wake it announced by so much is missed

RecordId = tuple[str, int, int]  # device id, epoch, seq


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One verdict of a box about a slot, and what the box's clock said."""

    at_ms: int
    record_kind: int
    value: int
    stamp: Stamp = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class HelpCall:
    """The red button of somebody's box was pressed, as its box or its learning dated it first."""

    when_ms: int
    person_id: str
    stamp: Stamp = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Warned:
    """A lid was opened that the box warned of (WARNED_OF); the slot's parts in order."""

    when_ms: int
    value: int
    person_id: str
    day: str
    index: int


@dataclass(slots=True)
class Kept:
    """What records warned of, each once, found without looking through the years before."""

    by_id: dict[RecordId, Warned] = field(default_factory=dict)
    in_order: list[tuple[Warned, RecordId]] = field(default_factory=list)

    def note(self, identity: RecordId, told: Warned) -> None:
        """Take it in; of one record told twice the smaller is kept."""
        before = self.by_id.get(identity)
        if before is not None:
            if not told < before:
                return
            del self.in_order[bisect.bisect_left(self.in_order, (before, identity))]
        self.by_id[identity] = told
        bisect.insort(self.in_order, (told, identity))

    def after(self, ms: int) -> int:
        """The place in `in_order` of the first that happened after an instant."""
        return bisect.bisect_right(self.in_order, ms, key=lambda entry: entry[0].when_ms)


@dataclass(slots=True)
class SlotBelief:
    """What is known about one dose slot."""

    planned: PlannedSlot | None = None  # as it stands: postponed where the box says so
    made: PlannedSlot | None = None  # as it was planned
    postponed_ms: int = 0
    unwatched: int | None = None  # why the box cannot say "missed": SLOT_UNWATCHED's value
    ruled_by: int | None = None  # planned by a rule of this schedule, not by name
    device_id: str | None = None
    versions: set[int] = field(default_factory=set)  # of the schedules it stands in
    on_box_ms: int | None = None  # since when the box is known to have it
    covered: bool = False  # all the box's records up to the window's end are here
    evidence: dict[RecordId, Evidence] = field(default_factory=dict)


@dataclass(slots=True)
class DeviceBelief:
    """What is known about one device, and how fresh that is."""

    link_up: bool = False
    link_ms: int | None = None
    link_why: str = ""
    rests_until_ms: int | None = None  # it switched its radio off until then, and said so
    syncing: bool = False  # linked, and older records may still be on their way
    heard_ms: int | None = None
    caught_up_ms: int | None = None  # all its records up to this instant are here
    state_ms: int = 0  # when the newest of the following three was told
    quality: int = wire.UNKNOWN
    battery_percent: int | None = None
    box_version: int | None = None  # the schedule it says it runs
    version_made: int = 0
    crc_made: int = 0
    confirmed: tuple[int, int] | None = None  # version and checksum it read back
    newest: dict[int, int] = field(default_factory=dict)  # epoch → newest seq seen

    def rests(self, now_ms: int) -> bool:
        """Whether its silence is the one it announced."""
        until_ms = self.rests_until_ms
        return not self.link_up and until_ms is not None and now_ms < until_ms + UNSEEN_MS
