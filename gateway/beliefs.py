"""What is believed about a home: its dose slots, its devices, what was prescribed and said.

Knows: the shapes, and how what was told is kept in its order.
May not know: which fact changes what (household.py), the time, what an outcome is.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field

from anbu_wire import messages as wire
from gateway.calls.believed import Calls
from gateway.coverage.nets import Nets
from gateway.events import (
    DeviceRecord,
    DoseCorrected,
    HabitLearnt,
    ModemSeen,
    NotMonitored,
    PlannedSlot,
    ScheduleMade,
    SlotId,
    StockReckoned,
)
from gateway.happenings import Happenings
from gateway.life.lives import Lives
from gateway.life.sensors import Sensors
from gateway.life.signs import Signs
from gateway.life.stays import Stays
from gateway.phones.phones import Phones
from gateway.prescription.book import Books
from gateway.roster import Roster
from gateway.roster_changes import Layers
from gateway.sight import Sight
from gateway.timelines import Stamp, Timelines
from gateway.units import MIN_MS
from gateway.visiting.visits import Visits

UNSEEN_MS = 15 * MIN_MS  # a device later than the wake it announced by so much is missed

RecordId = tuple[str, int, int]  # device id, epoch, seq
CloseKey = tuple[int, str, str, int]  # when its window ends, then the slot's own id


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One verdict of a box about a slot, what its clock said, and which schedule it ran."""

    at_ms: int
    record_kind: int
    value: int
    stamp: Stamp = field(compare=False)
    version: int = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Opened:
    """A lid was opened: `value` is the box's word of it (OPENED_*), `slot` what it is about."""

    learnt_ms: int
    person_id: str
    compartment: int
    value: int
    slot: tuple[str, int] | None  # (day, index)
    stamp: Stamp = field(compare=False)


def lid_opened(person_id: str, event: DeviceRecord, told: Stamp) -> Opened:
    """The opening that a record of kind LID_OPENED tells."""
    day, index = event.slot_day, event.slot_index
    slot = (day, index) if day is not None and index is not None else None
    return Opened(event.at_ms, person_id, event.compartment or 0, event.value, slot, told)


@dataclass(frozen=True, slots=True, order=True)
class HelpCall:
    """The red button of somebody's box was pressed; who reads it dates it by its stamp."""

    learnt_ms: int
    person_id: str
    stamp: Stamp = field(compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Warned:
    """A lid was opened that the box warned of (WARNED_OF); the slot's parts in order."""

    learnt_ms: int
    value: int
    person_id: str
    day: str
    index: int
    stamp: Stamp = field(compare=False)


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
        """The place in `in_order` of the first that was learnt after an instant."""
        return bisect.bisect_right(self.in_order, ms, key=lambda entry: entry[0].learnt_ms)


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
    covered_to_ms: int = 0  # up to when all the box's records are here
    gone_ms: int | None = None  # when its box was taken away from her before it had ended
    evidence: dict[RecordId, Evidence] = field(default_factory=dict)

    @property
    def covered(self) -> bool:
        """Whether all the box's records up to the window's end, as it stands now, are here."""
        return self.planned is not None and self.covered_to_ms >= self.planned.closes_ms


@dataclass(slots=True)
class DeviceBelief:
    """What is known about one device, and how fresh that is."""

    link_up: bool = False
    link_ms: int | None = None
    link_why: str = ""
    rests_until_ms: int | None = None  # it switched its radio off until then, and said so
    lost_ms: int | None = None  # when its link ended without that, or the gateway began without it
    syncing: bool = False  # linked, and older records may still be on their way
    heard_ms: int | None = None
    first_ms: int | None = None  # when it was heard for the first time
    seen_ms: int | None = None  # its records came as they were written, the last time until then
    caught_up_ms: int | None = None  # all its records up to this instant are here
    state_ms: int = 0  # when the newest of the following three was told
    quality: int = wire.UNKNOWN
    battery_percent: int | None = None
    box_version: int | None = None  # the schedule it says it runs
    version_made: int = 0
    crc_made: int = 0
    confirmed: tuple[int, int] | None = None  # version and checksum it read back,
    confirmed_ms: int | None = None  # and when
    unread: list[tuple[int, int]] = field(default_factory=list)  # (version, made), not read back
    newest: dict[int, int] = field(default_factory=dict)  # epoch → newest seq seen
    broadcasts: tuple[str, int] = ("", -1)  # key id, highest counter that does not count any more

    def rests(self, now_ms: int) -> bool:
        """Whether its silence is the one it announced."""
        until_ms = self.rests_until_ms
        return not self.link_up and until_ms is not None and now_ms < until_ms + UNSEEN_MS

    def sees(self, now_ms: int) -> bool:
        """Whether what happens at it now is told at once, and nothing older is still to come."""
        return (self.link_up or self.rests(now_ms)) and not self.syncing

    def known_ms(self) -> int:
        """Up to when all that it wrote is here, though it is not heard now."""
        return max(self.caught_up_ms or 0, self.seen_ms or 0, self.first_ms or 0)

    def late_ms(self) -> int | None:
        """Since when it should be heard and is not; None: it is, or it never was."""
        since = [ms for ms in (self.rests_until_ms, self.lost_ms) if ms is not None]
        return None if self.link_up else max(since, default=None)


@dataclass(slots=True)
class Household:
    """All beliefs about one home."""

    roster: Roster | None = None  # as it counts: the file's, with the page's rows over it
    layers: Layers = field(default_factory=Layers)
    devices: dict[str, DeviceBelief] = field(default_factory=dict)
    slots: dict[SlotId, SlotBelief] = field(default_factory=dict)
    made: dict[str, ScheduleMade] = field(default_factory=dict)  # the newest, per device
    ruled: dict[str, dict[int, ScheduleMade]] = field(default_factory=dict)  # by device, version
    served: dict[str, dict[int, str]] = field(default_factory=dict)  # whose each version was
    help_calls: dict[RecordId, HelpCall] = field(default_factory=dict)
    warned: Kept = field(default_factory=Kept)
    opened: dict[RecordId, Opened] = field(default_factory=dict)  # every lid's every opening
    happenings: Happenings = field(default_factory=Happenings)
    timelines: Timelines = field(default_factory=Timelines)
    starts: list[int] = field(default_factory=list)  # when the gateway began, ascending
    by_close: list[CloseKey] = field(default_factory=list)  # all that are planned, in order
    untaken: list[CloseKey] = field(default_factory=list)  # of these, what no box says is taken
    hers: dict[str, list[CloseKey]] = field(default_factory=dict)  # of these, by person
    held: dict[str, set[str]] = field(default_factory=dict)  # whose doses a device ever had
    # About which the newest fact said something.
    touched: set[SlotId] = field(default_factory=set, compare=False)
    books: Books = field(default_factory=dict)  # prescriptions, by person
    corrections: dict[SlotId, list[DoseCorrected]] = field(default_factory=dict)  # newest last
    not_monitored: dict[str, dict[str, NotMonitored]] = field(default_factory=dict)  # by first day
    stocks: dict[str, dict[str, StockReckoned]] = field(default_factory=dict)  # by medication
    modem: ModemSeen | None = None  # the newest
    sight: Sight = field(default_factory=Sight)
    signs: Signs = field(default_factory=Signs)
    lives: Lives = field(default_factory=Lives)
    sensors: Sensors = field(default_factory=Sensors)
    stays: Stays = field(default_factory=Stays)
    calls: Calls = field(default_factory=Calls)
    phones: Phones = field(default_factory=Phones)
    habits: dict[str, HabitLearnt] = field(default_factory=dict)  # the newest, by person
    watched: dict[str, int] = field(default_factory=dict)  # person → since when she has a level
    nets: Nets = field(default_factory=Nets)
    visits: Visits = field(default_factory=Visits)

    def device(self, device_id: str) -> DeviceBelief:
        """The belief about a device, empty where nothing was heard."""
        return self.devices.setdefault(device_id, DeviceBelief())

    def slot(self, slot: SlotId) -> SlotBelief:
        """The belief about a slot, empty where nothing was heard."""
        return self.slots.setdefault(slot, SlotBelief())

    def when_ms(self, identity: RecordId, stamp: Stamp, learnt_ms: int) -> int:
        """When a record happened, as well as that is known now; else when it was learnt."""
        device_id, epoch, _seq = identity
        when_ms = self.timelines.wall_ms(device_id, epoch, stamp)
        return learnt_ms if when_ms is None else when_ms

    def closing(
        self, from_ms: int, to_ms: int | None = None, person_id: str | None = None
    ) -> Iterator[PlannedSlot]:
        """All planned slots (of one person) whose window ends at `from_ms` or later.

        And before `to_ms`.
        """
        keys = self.by_close if person_id is None else self.hers.get(person_id, [])
        return self._between(keys, from_ms, to_ms)

    def closing_by(
        self, device_id: str, from_ms: int, to_ms: int | None = None
    ) -> Iterator[tuple[PlannedSlot, SlotBelief]]:
        """Those of them that a device serves."""
        for person_id in self.held.get(device_id, ()):
            for planned in self.closing(from_ms, to_ms, person_id):
                slot = self.slots[planned.slot]
                if slot.device_id == device_id:
                    yield planned, slot

    def unsettled(
        self, from_ms: int, to_ms: int | None = None, person_id: str | None = None
    ) -> Iterator[PlannedSlot]:
        """Those of `closing` of which no box says that they were taken: time still changes them."""
        if person_id is None:
            return self._between(self.untaken, from_ms, to_ms)
        hers = self.closing(from_ms, to_ms, person_id)
        return (one for one in hers if not any(map(_taken, self.slots[one.slot].evidence.values())))

    def _between(
        self, keys: list[CloseKey], from_ms: int, to_ms: int | None
    ) -> Iterator[PlannedSlot]:
        begin = bisect.bisect_left(keys, (from_ms, "", "", -1))
        end = len(keys) if to_ms is None else bisect.bisect_left(keys, (to_ms, "", "", -1))
        for key in keys[begin:end]:
            planned = self.slots[SlotId(*key[1:])].planned
            if planned is not None:
                yield planned

    def next_unseen_ms(self, now_ms: int) -> int | None:
        """When the next of the resting devices will be missed if it is not heard before."""
        ends = [b.rests_until_ms + UNSEEN_MS for b in self.devices.values() if b.rests_until_ms]
        return min((ms for ms in ends if ms > now_ms), default=None)

    def first_start_after(self, ms: int) -> int | None:
        """When the gateway began for the first time after an instant; None: it did not."""
        at = bisect.bisect_right(self.starts, ms)
        return self.starts[at] if at < len(self.starts) else None


def _taken(told: Evidence) -> bool:
    """Whether the box says that it was taken."""
    return told.record_kind == wire.SLOT_TAKEN
