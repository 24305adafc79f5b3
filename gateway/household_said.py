"""What people and telephones say, folded into the household: prescriptions, days away, visits.

Knows: which belief each of these facts changes, and which of them say that somebody lives.
May not know: devices, the time, whom to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from gateway.beliefs import Household
from gateway.events import (
    CallAnswered,
    DeliveryMade,
    DoseCorrected,
    Event,
    MealClockSet,
    MedicationStopped,
    NotMonitored,
    PhoneHeard,
    PhoneUsed,
    PhoneWatched,
    PlanConfirmed,
    PrescriptionEntered,
    SaidFine,
    StockReckoned,
    VisitMade,
)
from gateway.life.signs import PHONE, Source
from gateway.phones.phones import used_at_ms
from gateway.prescription import book
from gateway.visiting.visits import ALIVE, NOTED


def _prescribed(household: Household, event: Event) -> None:
    book.fold(household.books, event)


def _corrected(household: Household, event: DoseCorrected) -> None:
    household.corrections.setdefault(event.slot, []).append(event)


def _not_monitored(household: Household, event: NotMonitored) -> None:
    days = household.not_monitored.setdefault(event.person_id, {})
    days[event.from_day] = event
    if event.to_day < event.from_day:
        del days[event.from_day]


def _stock(household: Household, event: StockReckoned) -> None:
    household.stocks.setdefault(event.person_id, {})[event.medication_id] = event


def _fine(household: Household, event: SaidFine) -> None:
    household.signs.told(event.person_id, event.at_ms, PHONE)


def _of_phone(household: Household, event: Event) -> None:
    household.phones.note(event)


def _phone_used(household: Household, event: PhoneUsed) -> None:
    household.phones.note(event)
    household.signs.told(event.person_id, used_at_ms(event), Source.HANDSET)


def _answered(household: Household, event: CallAnswered) -> None:
    if event.digit:  # a voice alone may be a machine's
        household.signs.told(event.person_id, event.at_ms, Source.CALL)


def _looked_in(household: Household, event: VisitMade | DeliveryMade) -> None:
    household.visits.note(event)
    if event.outcome in ALIVE:
        source = Source.VISIT if isinstance(event, VisitMade) else Source.DELIVERY
        household.signs.told(event.person_id, event.at_ms, source)


def _of_visits(household: Household, event: Event) -> None:
    household.visits.note(event)


SAID = cast(
    "dict[type[Event], Callable[[Household, Any], None]]",
    {
        PrescriptionEntered: _prescribed,
        MedicationStopped: _prescribed,
        MealClockSet: _prescribed,
        PlanConfirmed: _prescribed,
        DoseCorrected: _corrected,
        NotMonitored: _not_monitored,
        StockReckoned: _stock,
        SaidFine: _fine,
        PhoneWatched: _of_phone,
        PhoneUsed: _phone_used,
        PhoneHeard: _of_phone,
        CallAnswered: _answered,
        VisitMade: _looked_in,
        DeliveryMade: _looked_in,
        **dict.fromkeys(NOTED, _of_visits),
    },
)
