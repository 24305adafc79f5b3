"""One frozen dataclass per fact: all that the gateway knows is a sequence of these.

Knows: the shape of facts and how they are written as JSON and read back. What people say is in
gateway.said, what facts are made of in gateway.fact; both are had from here.
May not know: a database, a radio, a clock, what follows from a fact.

Times are UTC milliseconds since 1970 (`_ms`).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from gateway.access.facts import AccountChanged, AccountClosed, AccountOpened
from gateway.calling import (
    CallAnswered,
    CallBegun,
    CallEnded,
    CallsConsent,
    CallsPlanned,
    LineSeen,
    RecordingDeleted,
    RecordingKept,
)
from gateway.caring import CareEnded, CaseClosed, CaseNoted, VisitPlanned
from gateway.fact import Content, Event, PlannedRule, PlannedSlot, SlotId
from gateway.looking_in import (
    DeliveryMade,
    HouseholdReported,
    IntakeChanged,
    PlateEnded,
    PlateMade,
    VisitMade,
    VisitsPlanned,
)
from gateway.netting import (
    HospitalLeft,
    HouseholdSettled,
    HouseholdSurveyed,
    NetSaid,
    WatchEnded,
)
from gateway.phoning import PhoneHeard, PhoneUsed, PhoneWatched
from gateway.said import (
    DoseCorrected,
    InstallationSigned,
    MealClockSet,
    MedicationStopped,
    NotMonitored,
    PlanConfirmed,
    PrescriptionEntered,
    RosterChanged,
    SaidFine,
    StockReckoned,
)
from gateway.telling import (
    NotTold,
    NumberStarted,
    NumberStopped,
    ResidentAsked,
    TellingPaused,
)
from gateway.texting import (
    TextClaimed,
    TextDecided,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextSubmitted,
    TextUnreported,
    TextWithdrawn,
)
from gateway.worrying import (
    IncidentAcknowledged,
    IncidentChanged,
    IncidentOpened,
    IncidentResolved,
)

__all__ = [
    "KINDS",
    "AccountChanged",
    "AccountClosed",
    "AccountOpened",
    "BroadcastsHeard",
    "CallAnswered",
    "CallBegun",
    "CallEnded",
    "CallsConsent",
    "CallsPlanned",
    "CareEnded",
    "CaseClosed",
    "CaseNoted",
    "ClockSet",
    "Content",
    "DeliveryMade",
    "DeviceCaughtUp",
    "DeviceOrdered",
    "DeviceRecord",
    "DeviceRests",
    "DoseCorrected",
    "Event",
    "GatewayStarted",
    "HabitLearnt",
    "HospitalLeft",
    "HouseholdReported",
    "HouseholdSettled",
    "HouseholdSurveyed",
    "IncidentAcknowledged",
    "IncidentChanged",
    "IncidentOpened",
    "IncidentResolved",
    "InstallationSigned",
    "IntakeChanged",
    "LineSeen",
    "LinkDown",
    "LinkUp",
    "MealClockSet",
    "MedicationStopped",
    "ModemSeen",
    "NetSaid",
    "NotMonitored",
    "NotTold",
    "NumberStarted",
    "NumberStopped",
    "OrderAnswered",
    "PartFailed",
    "PhoneHeard",
    "PhoneUsed",
    "PhoneWatched",
    "PlanConfirmed",
    "PlannedRule",
    "PlannedSlot",
    "PlateEnded",
    "PlateMade",
    "PrescriptionEntered",
    "RecordingDeleted",
    "RecordingKept",
    "ResidentAsked",
    "RosterChanged",
    "RosterSet",
    "SaidFine",
    "ScheduleMade",
    "ScheduleOnBox",
    "SlotId",
    "StockReckoned",
    "TellingPaused",
    "TextClaimed",
    "TextDecided",
    "TextDelivered",
    "TextFailed",
    "TextReceived",
    "TextSubmitted",
    "TextUnreported",
    "TextWithdrawn",
    "VisitMade",
    "VisitPlanned",
    "VisitsPlanned",
    "WatchEnded",
    "from_json",
    "to_json",
]


@dataclass(frozen=True, slots=True)
class RosterSet(Event):
    """Who lives here, with which devices, regimens and people to tell (see household.Roster)."""

    kind: ClassVar[str] = "roster_set"
    roster: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ScheduleMade(Event):
    """A schedule was computed for a device; the version only ever rises.

    `zone`: minutes east of UTC, device seconds of the next change (0 = none), minutes after it.
    """

    kind: ClassVar[str] = "schedule_made"
    device_id: str
    version: int
    crc: int
    slots: tuple[PlannedSlot, ...]
    rules: tuple[PlannedRule, ...] = ()
    zone: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class ScheduleOnBox(Event):
    """The device read back this version with this checksum: it is what runs there."""

    kind: ClassVar[str] = "schedule_on_box"
    device_id: str
    version: int
    crc: int


@dataclass(frozen=True, slots=True)
class DeviceRecord(Event):
    """A record of the device's own log. Identity: (device_id, epoch, seq)."""

    kind: ClassVar[str] = "device_record"
    device_id: str
    epoch: int
    seq: int
    boot: int
    uptime_ms: int
    wall_ms: int | None  # UTC ms by the device's clock; None where it knew no time
    timeline: int
    quality: int  # anbu_wire.messages UNKNOWN | DRIFTING | SYNCED
    record_kind: int  # anbu_wire.messages, e.g. SLOT_TAKEN
    compartment: int | None
    slot_day: str | None
    slot_index: int | None
    schedule_version: int
    value: int


@dataclass(frozen=True, slots=True)
class DeviceCaughtUp(Event):
    """Every record the device had when its clock said `device_wall_ms` is in this log."""

    kind: ClassVar[str] = "device_caught_up"
    device_id: str
    epoch: int
    up_to_seq: int
    device_wall_ms: int | None
    quality: int
    battery_percent: int | None  # None: it has no battery
    schedule_version: int


@dataclass(frozen=True, slots=True)
class LinkUp(Event):
    """An authenticated session with a device began."""

    kind: ClassVar[str] = "link_up"
    device_id: str


@dataclass(frozen=True, slots=True)
class LinkDown(Event):
    """The session with a device ended; `why` in plain English for the technician."""

    kind: ClassVar[str] = "link_down"
    device_id: str
    why: str


@dataclass(frozen=True, slots=True)
class DeviceRests(Event):
    """A device on battery switched its radio off, and is heard again at `until_ms` at the latest.

    That ends the link; no LinkDown follows.
    """

    kind: ClassVar[str] = "device_rests"
    device_id: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class BroadcastsHeard(Event):
    """A plug's broadcasts were heard; after a restart none with a counter up to `up_to` counts.

    It is further than what was heard, so that it need not be written at each. `key_id`: which
    BTHome key it is about (sources.radio.broadcasts).
    """

    kind: ClassVar[str] = "broadcasts_heard"
    device_id: str
    key_id: str
    up_to: int


@dataclass(frozen=True, slots=True)
class ClockSet(Event):
    """The device took the gateway's time."""

    kind: ClassVar[str] = "clock_set"
    device_id: str


@dataclass(frozen=True, slots=True)
class DeviceOrdered(Event):
    """A device is to do something. `key`: why it was ordered by itself; "" = by the page."""

    kind: ClassVar[str] = "device_ordered"
    order_id: int
    device_id: str
    order: str  # gateway.orders.Kind
    arguments: dict[str, int]
    key: str = ""


@dataclass(frozen=True, slots=True)
class OrderAnswered(Event):
    """What became of an order: "done" | "refused" | "expired"; `why` in plain English."""

    kind: ClassVar[str] = "order_answered"
    order_id: int
    answer: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class GatewayStarted(Event):
    """The gateway process began (so that its own absence is in the log)."""

    kind: ClassVar[str] = "gateway_started"
    version: str
    last_alive_ms: int | None = None  # when the process before was last seen at work


@dataclass(frozen=True, slots=True)
class PartFailed(Event):
    """A part of the gateway noticed a fault it recovers from (modem hung, adapter lost)."""

    kind: ClassVar[str] = "part_failed"
    part: str
    why: str


@dataclass(frozen=True, slots=True)
class ModemSeen(Event):
    """The modem works: said when it is back, and when its network or signal changed."""

    kind: ClassVar[str] = "modem_seen"
    registered: bool
    operator: str | None
    signal_dbm: int | None


@dataclass(frozen=True, slots=True)
class HabitLearnt(Event):
    """What is usual for somebody, learnt once a day: plain data, so that a look costs nothing.

    `line`: gateway.life.detector.Line by its fields; `drift`: gateway.life.drift.Drift, or {}.
    """

    kind: ClassVar[str] = "habit_learnt"
    person_id: str
    line: dict[str, Any]
    drift: dict[str, Any]


# Fields of any fact that are a tuple here and a list in JSON.
_LISTS = (
    *("references", "medications", "also", "grants", "visits", "calls", "weekdays"),
    *("guardians", "devices"),
)
KINDS: dict[str, type[Event]] = {c.kind: c for c in Event.__subclasses__()}


def to_json(event: Event) -> dict[str, Any]:
    """The event's fields as JSON-able values, without its kind."""
    if isinstance(event, DeviceRecord):  # nothing nested in it, and they come by the thousand
        return {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    return dataclasses.asdict(event)


def from_json(kind: str, body: dict[str, Any]) -> Event:
    """The event written by `to_json`. Raises KeyError for a kind this version does not know."""
    cls = KINDS[kind]
    values = dict(body)
    if cls is ScheduleMade:
        values["slots"] = tuple(_planned(s) for s in values["slots"])
        rules = values.get("rules", ())
        values["rules"] = tuple(PlannedRule(**{**r, "first": _planned(r["first"])}) for r in rules)
        values["zone"] = tuple(values.get("zone", (0, 0, 0)))
    if values.get("slot") is not None:  # of IncidentOpened, DoseCorrected
        values["slot"] = SlotId(**values["slot"])
    for name in _LISTS:
        if isinstance(values.get(name), list):
            values[name] = tuple(values[name])
    return cls(**values)


def _planned(body: dict[str, Any]) -> PlannedSlot:
    contents = tuple(Content(**c) for c in body.get("contents", ()))
    return PlannedSlot(**{**body, "slot": SlotId(**body["slot"]), "contents": contents})
