"""One frozen dataclass per fact: all that the gateway knows is a sequence of these.

Knows: the shape of facts and how they are written as JSON and read back.
May not know: a database, a radio, a clock, what follows from a fact.

Times are UTC milliseconds since 1970 (`_ms`). A slot id is `(person_id, day, index)` with `day` an
ISO date in the person's own zone and `index` the slot's number within that day's plan.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class SlotId:
    """A dose slot: one person, one local date, one place in that day's plan."""

    person_id: str
    day: str
    index: int

    def __str__(self) -> str:
        return f"{self.person_id}/{self.day}/{self.index}"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact and when the gateway learnt it."""

    kind: ClassVar[str]
    at_ms: int


@dataclass(frozen=True, slots=True)
class RosterSet(Event):
    """Who lives here, with which devices, regimens and people to tell (see household.Roster)."""

    kind: ClassVar[str] = "roster_set"
    roster: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """One dose slot of a computed schedule, all times absolute."""

    slot: SlotId
    label: str  # "morning" | "noon" | "evening" | "bedtime": a key of the catalogue
    compartment: int
    due_ms: int
    opens_ms: int  # early window begins
    closes_ms: int  # window closes: the deadline
    ends_ms: int  # last moment a late dose is offered; == closes_ms where none is
    criticality: str  # "normal" | "time_critical" | "low"
    skip_after_min: int = 0  # so long after due it is skipped, not taken; 0 = never
    spacing_min: int = 0  # not before so long after the slot `after` was opened; 0 = no spacing
    after_days: int = 0  # that slot: so many days earlier,
    after_index: int = 0  # of this index


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """Slots that the box makes by itself after the explicit ones, or a PRN compartment.

    `first` is the rule's first slot; of a PRN compartment, which has `daily_max`, only its
    compartment, its spacing and the instant it is valid from mean anything.
    """

    first: PlannedSlot
    every_days: int
    weekdays: int = 0  # bit 0 Monday; 0 = all
    until_day: str | None = None  # ISO date of the last one
    step: int = 0  # compartments from one weekday to the next
    daily_max: int = 0


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
    battery_percent: int
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
class ClockSet(Event):
    """The device took the gateway's time."""

    kind: ClassVar[str] = "clock_set"
    device_id: str


@dataclass(frozen=True, slots=True)
class IncidentOpened(Event):
    """A worry became an incident. `worry` and `reason` are enum values of rules/incidents."""

    kind: ClassVar[str] = "incident_opened"
    incident_id: int
    person_id: str
    worry: str
    key: str
    slot: SlotId | None
    reason: str
    due_ms: int  # when this had to be said: the deadline


@dataclass(frozen=True, slots=True)
class IncidentChanged(Event):
    """What the incident is about changed (not confirmed → missed), with the reason."""

    kind: ClassVar[str] = "incident_changed"
    incident_id: int
    worry: str
    reason: str


@dataclass(frozen=True, slots=True)
class TextDecided(Event):
    """A text to a person was decided; its outbox row is written in the same transaction."""

    kind: ClassVar[str] = "text_decided"
    text_id: int
    incident_id: int | None
    guardian_id: str
    to: str  # E.164
    purpose: str  # catalogue key, e.g. "dose_missed"
    body: str
    reason: str
    step: int
    due_ms: int


@dataclass(frozen=True, slots=True)
class TextSubmitted(Event):
    """The modem (or provider) took every part; `references` are the network's."""

    kind: ClassVar[str] = "text_submitted"
    text_id: int
    references: tuple[int, ...]
    first_pdu_ms: int  # when the first PDU was handed to the modem
    marked_repeat: bool


@dataclass(frozen=True, slots=True)
class TextFailed(Event):
    """A try failed. `final` = refused for good; otherwise it is tried again."""

    kind: ClassVar[str] = "text_failed"
    text_id: int
    why: str
    final: bool


@dataclass(frozen=True, slots=True)
class TextDelivered(Event):
    """The network's delivery report for the whole text."""

    kind: ClassVar[str] = "text_delivered"
    text_id: int


@dataclass(frozen=True, slots=True)
class TextReceived(Event):
    """A text came in. `message_key` identifies it (modem's time stamp, sender, hash)."""

    kind: ClassVar[str] = "text_received"
    sender: str
    body: str
    message_key: str


@dataclass(frozen=True, slots=True)
class IncidentAcknowledged(Event):
    """Somebody took it: no further step before `until_ms`."""

    kind: ClassVar[str] = "incident_acknowledged"
    incident_id: int
    by: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class IncidentResolved(Event):
    """It is over, and why ("opened_late", "taken_in_time", "by_person", …)."""

    kind: ClassVar[str] = "incident_resolved"
    incident_id: int
    reason: str


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


@dataclass(frozen=True, slots=True)
class PartFailed(Event):
    """A part of the gateway noticed a fault it recovers from (modem hung, adapter lost)."""

    kind: ClassVar[str] = "part_failed"
    part: str
    why: str


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
    if values.get("slot") is not None and cls is IncidentOpened:
        values["slot"] = SlotId(**values["slot"])
    if "references" in values:
        values["references"] = tuple(values["references"])
    return cls(**values)


def _planned(body: dict[str, Any]) -> PlannedSlot:
    return PlannedSlot(**{**body, "slot": SlotId(**body["slot"])})
