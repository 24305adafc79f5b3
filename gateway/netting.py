"""What people say of the nets that hold somebody: surveys, refusals, the way home from hospital.

Knows: the shape of these facts, which nets there are; that gateway.events lists them among others.
May not know: what follows from them, who may write them.

A net is one way by which somebody would notice that a person is not well. What devices, plans and
ladders say stands in the roster and in other facts; here stands what only a person can say. `by` is
the name of the account that says so. Days are ISO dates in the home's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from gateway.fact import Event

BOX, PLUG, PHONE, CALL, VOICE_MESSAGE, VISIT, DELIVERER, NEIGHBOUR = NETS = (
    "box",
    "plug",
    "phone",
    "call",
    "voice_message",
    "visit",
    "deliverer",
    "neighbour",
)
HOLDS, REFUSED, ENDED = STATES = ("holds", "refused", "ended")
ENROLLED, GONE = OUTCOMES = ("enrolled", "gone")


@dataclass(frozen=True, slots=True)
class NetSaid(Event):
    """A net holds somebody, was refused, or holds no more. The newest of a person and net counts.

    `person_id`: of the roster, or a household of the register. `ask_again_day`: of a refused one.
    """

    kind: ClassVar[str] = "net_said"
    person_id: str
    net: str  # of NETS
    state: str  # of STATES
    from_day: str
    ask_again_day: str | None
    text: str  # "" = nothing to add
    by: str


@dataclass(frozen=True, slots=True)
class HouseholdSurveyed(Event):
    """A household that is not looked after here, as a survey found it. The newest of an id counts.

    `nets`: net → {"state": "holds" | "refused", "from_day", "ask_again_day": ISO | None}.
    """

    kind: ClassVar[str] = "household_surveyed"
    household_id: str
    name: str
    dong: str
    address: str
    birth_year: int | None
    number: str  # as it was written; "" = not said
    by: str
    nets: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HouseholdSettled(Event):
    """A household is in the register no more: `outcome` of OUTCOMES, enrolled as `person_id`."""

    kind: ClassVar[str] = "household_settled"
    household_id: str
    outcome: str
    person_id: str  # "" unless enrolled
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class HospitalLeft(Event):
    """She came home, and what was agreed for the weeks after. The newest of a person counts.

    `level`: hers until the end of `until_day`; `before`: what it was, and will be again.
    `visits`, `calls`: ISO days. `prescription`: whether the new one is to be fetched.
    """

    kind: ClassVar[str] = "hospital_left"
    person_id: str
    day: str
    until_day: str
    level: str
    before: str | None
    visits: tuple[str, ...]
    calls: tuple[str, ...]
    prescription: bool
    by: str


@dataclass(frozen=True, slots=True)
class WatchEnded(Event):
    """The weeks after a hospital are over: her level is what it was before."""

    kind: ClassVar[str] = "watch_ended"
    person_id: str
