"""What facts are made of: slots and their plans, and the fact itself.

Knows: the shapes. May not know: which facts there are (events.py), how they are written.

Times are UTC milliseconds since 1970 (`_ms`). A slot id is `(person_id, day, index)` with `day` an
ISO date in the person's own zone and `index` the slot's number within that day's plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


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
class Content:
    """What of one medicine lies in a pouch: its id "7/0", the amount as a fraction, "1/2"."""

    medication_id: str
    amount: str


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
    contents: tuple[Content, ...] = ()  # never sent to a box


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
