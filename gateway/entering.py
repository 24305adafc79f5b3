"""What a person enters by the page becomes facts, or is refused with the reason.

Knows: the entries there are, what each may say, and which facts follow.
May not know: forms, languages, the database; the time is an argument.

What is said of the roster, of incidents and so on is taken in rooms of their own (ELSEWHERE).

Nothing entered is planned before somebody confirmed what it changes (`Confirm`): its digest is that
of the proposal she saw, and if anything is different by now she is shown it anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast, get_args

from gateway import enrolling, orders
from gateway.admitting import Admission, admitted
from gateway.calls.planning import Calling, planned
from gateway.coverage.taking import Coverage, covered
from gateway.enrolling import Enrolment
from gateway.events import (
    DoseCorrected,
    Event,
    MealClockSet,
    MedicationStopped,
    NotMonitored,
    PlanConfirmed,
    PrescriptionEntered,
    SlotId,
)
from gateway.home import Home
from gateway.household import Household
from gateway.incidents import pauses
from gateway.incidents.by_page import AnswerIncident, answered
from gateway.installing import Installing, installed
from gateway.officer.casework import Casework, taken
from gateway.officer.ending import EndCare, ended
from gateway.officer.rounds import Rounds, rounded
from gateway.phones.saying import Saying, said
from gateway.prescription import stored
from gateway.prescription.book import next_prescription_id
from gateway.prescription.medication import Medication
from gateway.prescription.proposal import propose
from gateway.prescription.sound import unsound
from gateway.refused import EntryRefused, day_entered
from gateway.roster import MEALS

SOURCES = ("form", "csv", "fhir", "shorthand")
AWAY = ("hospital", "travel", "other")
NAME_MOST = 40
WHY_MOST = 200
MEDICATIONS_MOST = 40  # more than any bag holds
TAKEN_MOST = 9
AWAY_DAYS_MOST = 366
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Prescribe:
    """These medications were dispensed."""

    person_id: str
    medications: tuple[Medication, ...]
    source: str
    by: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A medication is not taken any more after `last_day`; before its first day: never."""

    person_id: str
    medication_id: str
    last_day: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class SetMealClock:
    """When she eats: all four of roster.MEALS, ascending."""

    person_id: str
    meal_clock: dict[str, str]
    by: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """What was shown with this digest is to be planned."""

    person_id: str
    digest: str
    by: str


@dataclass(frozen=True, slots=True)
class Correct:
    """So many doses were taken at a slot that has begun."""

    slot: SlotId
    taken: int
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class NotSeen:
    """Days on which nobody could see what was taken; `to_day` before `from_day` withdraws them."""

    person_id: str
    from_day: str
    to_day: str
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody is told about her until `until_ms`, but of a call for help."""

    person_id: str
    until_ms: int
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Unpause:
    """That ends now."""

    person_id: str
    by: str


OfPerson = Prescribe | Stop | SetMealClock | Confirm | Correct | NotSeen | Pause | Unpause
OfOthers = Admission | Enrolment | AnswerIncident | Casework | Installing
Entry = OfPerson | OfOthers | Coverage | Saying | Rounds | Calling | EndCare


def entered(home: Home, entry: Entry, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    by = _text(entry.by, NAME_MOST)
    if by is None:
        raise EntryRefused("by", most=NAME_MOST)
    follows = ELSEWHERE.get(type(entry))
    if follows is not None:
        return follows(home, entry, by, now_ms)
    return _of_person(home, cast("OfPerson", entry), by, now_ms)


def _of_person(home: Home, entry: OfPerson, by: str, now_ms: int) -> list[Event]:
    household = home.household
    person_id = entry.slot.person_id if isinstance(entry, Correct) else entry.person_id
    if household.roster is None or household.roster.person(person_id) is None:
        raise EntryRefused("person", person=person_id)
    facts = [_TAKEN[type(entry)](household, entry, by, now_ms)]
    return [*facts, *orders.closing(household, home.book, facts, now_ms)]


def _prescribe(household: Household, entry: Prescribe, by: str, now_ms: int) -> Event:
    if entry.source not in SOURCES:
        raise EntryRefused("source", source=entry.source)
    if not 0 < len(entry.medications) <= MEDICATIONS_MOST:
        raise EntryRefused("medications", most=MEDICATIONS_MOST)
    for place, medication in enumerate(entry.medications, 1):
        field = unsound(medication)
        if field:
            raise EntryRefused("medication", place=place, name=medication.name, field=field)
    return PrescriptionEntered(
        now_ms,
        entry.person_id,
        next_prescription_id(household.books),
        tuple(stored.to_json(m) for m in entry.medications),
        entry.source,
        by,
    )


def _stop(household: Household, entry: Stop, by: str, now_ms: int) -> Event:
    book = household.books.get(entry.person_id)
    known = book.entered.get(entry.medication_id) if book else None
    if known is None:
        raise EntryRefused("medication_unknown", medication=entry.medication_id)
    last = day_entered(entry.last_day)
    begins = known.begins or known.medication.dispensed_on
    days = (last - begins).days + 1 if begins else 0
    if days > known.medication.days_supply:
        raise EntryRefused("over_already", medication=known.medication.name)
    return MedicationStopped(
        now_ms, entry.person_id, entry.medication_id, last.isoformat(), by, _why(entry.why)
    )


def _set_meal_clock(_household: Household, entry: SetMealClock, by: str, now_ms: int) -> Event:
    clock = entry.meal_clock
    for meal in (*MEALS, *clock):
        if meal not in MEALS or not _CLOCK.fullmatch(clock.get(meal, "")):
            raise EntryRefused("meal_clock", meal=meal)
    for meal, following in pairwise(MEALS):
        if clock[meal] >= clock[following]:
            raise EntryRefused("meal_order", meal=meal, following=following)
    return MealClockSet(now_ms, entry.person_id, {meal: clock[meal] for meal in MEALS}, by)


def _confirm(household: Household, entry: Confirm, by: str, now_ms: int) -> Event:
    proposal = propose(household, entry.person_id, now_ms)
    if not proposal.waiting:
        raise EntryRefused("nothing")
    if proposal.digest != entry.digest:
        raise EntryRefused("changed")
    if proposal.blocked:
        raise EntryRefused("blocked")
    medications = {key: stored.to_json(m) for key, m in proposal.medications.items()}
    return PlanConfirmed(
        now_ms, entry.person_id, medications, proposal.meal_clock, proposal.digest, by
    )


def _correct(household: Household, entry: Correct, by: str, now_ms: int) -> Event:
    belief = household.slots.get(entry.slot)
    if belief is None or belief.planned is None:
        raise EntryRefused("slot", slot=str(entry.slot))
    if belief.planned.opens_ms > now_ms:
        raise EntryRefused("ahead", slot=str(entry.slot))
    if not 0 <= entry.taken <= TAKEN_MOST:
        raise EntryRefused("taken", most=TAKEN_MOST)
    return DoseCorrected(now_ms, entry.slot, entry.taken, by, _why(entry.why))


def _not_seen(household: Household, entry: NotSeen, by: str, now_ms: int) -> Event:
    if entry.why not in AWAY:
        raise EntryRefused("away", why=entry.why)
    first, last = day_entered(entry.from_day), day_entered(entry.to_day)
    days = household.not_monitored.get(entry.person_id, {})
    if last < first and first.isoformat() not in days:
        raise EntryRefused("no_period", day=entry.from_day)
    if (last - first).days >= AWAY_DAYS_MOST:
        raise EntryRefused("period", most=AWAY_DAYS_MOST)
    return NotMonitored(now_ms, entry.person_id, first.isoformat(), last.isoformat(), entry.why, by)


def _pause(_household: Household, entry: Pause, by: str, now_ms: int) -> Event:
    try:
        return pauses.paused(entry.person_id, entry.until_ms, by, _why(entry.why), now_ms)
    except pauses.PauseRefused as refused:
        if refused.code == "long":
            raise EntryRefused("pause_long", days=pauses.MOST_DAYS) from None
        raise EntryRefused("pause_end") from None


def _unpause(_household: Household, entry: Unpause, by: str, now_ms: int) -> Event:
    return pauses.unpaused(entry.person_id, by, now_ms)


def _text(text: str, most: int) -> str | None:
    """What was written, without the space around it; None where it cannot be kept."""
    written = text.strip()
    return written if 0 < len(written) <= most and written.isprintable() else None


def _why(text: str) -> str:
    why = _text(text, WHY_MOST)
    if why is None:
        raise EntryRefused("why", most=WHY_MOST)
    return why


_TAKEN = cast(
    "dict[type[OfPerson], Callable[[Household, Any, str, int], Event]]",
    {
        Prescribe: _prescribe,
        Stop: _stop,
        SetMealClock: _set_meal_clock,
        Confirm: _confirm,
        Correct: _correct,
        NotSeen: _not_seen,
        Pause: _pause,
        Unpause: _unpause,
    },
)

# Entries of other rooms, and which of their functions makes facts of them.
ELSEWHERE: dict[type[object], Callable[[Home, Any, str, int], list[Event]]] = {
    **dict.fromkeys(get_args(Admission), admitted),
    **dict.fromkeys(get_args(Enrolment), enrolling.enrolled),
    **dict.fromkeys(get_args(Casework), taken),
    **dict.fromkeys(get_args(Calling), planned),
    **dict.fromkeys(get_args(Coverage), covered),
    **dict.fromkeys(get_args(Rounds), rounded),
    **dict.fromkeys(get_args(Installing), installed),
    **dict.fromkeys(get_args(Saying), said),
    EndCare: ended,
    AnswerIncident: lambda home, entry, by, now_ms: answered(
        home.household, home.ledger, entry, by, now_ms
    ),
}
