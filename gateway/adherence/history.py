"""What happened to one person's doses over some days: all that figures, charts and reports read.

Knows: the household, and which part of it is about that person and those days.
May not know: any formula, how it is told, the time (an argument).

Everything comes from the household, and that from the log alone: the same log gives the same
history. The doses are the box's own record; what persons said stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from gateway.adherence.fills import drug_names, in_force, supplies_of
from gateway.adherence.metrics_cleaned import cleaned
from gateway.adherence.metrics_facts import doses_seen, planned_slots, said, standing
from gateway.adherence.metrics_input import Away, Correction, DoseFact, Doses, Supply
from gateway.adherence.openings import AS_NEEDED, Opening, openings
from gateway.adherence.outcomes import Reason
from gateway.events import SlotId
from gateway.household import Household
from gateway.prescription.book import PersonBook
from gateway.prescription.medication import Medication
from gateway.zones import local

NOWHERE = ZoneInfo("UTC")  # before anybody said where the home is


@dataclass(frozen=True, slots=True)
class History:
    """One person's days from `from_day` to `to_day`, both included, as of `as_of_ms`.

    `doses`: by the box alone. `corrections`: what persons said that holds, one a slot; `words`: all
    that was said, at the box and beside it. `reasons`: why the box's state is believed. Keys of
    `medications` are those of DoseFact.drugs; `drugs`: the same → the drug's name, one for all its
    fills. `versions`: since which schedule a slot stands as it does.
    """

    person_id: str
    name: str  # "" where the roster has none
    zone: ZoneInfo
    device_id: str  # "" where the person has no box
    as_of_ms: int
    from_day: str
    to_day: str
    doses: Doses
    corrections: tuple[Correction, ...] = ()
    words: tuple[Correction, ...] = ()
    supplies: tuple[Supply, ...] = ()
    medications: Mapping[str, Medication] = field(default_factory=dict)
    drugs: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[SlotId, Reason] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
    versions: Mapping[SlotId, int] = field(default_factory=dict)

    @property
    def away(self) -> tuple[Away, ...]:
        """The days nobody could see, as persons said."""
        return self.doses.away

    @property
    def cleaned(self) -> Doses:
        """The doses as they stand after the corrections."""
        return cleaned(self.doses, self.corrections)

    @property
    def as_needed(self) -> tuple[Opening, ...]:
        """The openings of PRN compartments: in no figure, and never hidden."""
        return tuple(o for o in self.openings if o.meaning in AS_NEEDED)


def history(
    household: Household, person_id: str, from_day: str, to_day: str, now_ms: int
) -> History:
    """The history of a person over days (ISO, both included). ValueError for what is no day."""
    roster = household.roster
    zone = roster.zone if roster else NOWHERE
    person, box = (roster.person(person_id), roster.box_of(person_id)) if roster else (None, None)
    which = (person_id, from_day, to_day)
    seen = doses_seen(household, *which, now_ms)
    facts = tuple(fact for fact, _ in seen)
    away, book = _away(household, person_id), household.books.get(person_id, PersonBook())
    until = min(to_day, local(now_ms, zone).date().isoformat())  # nobody has supply of days to come
    return History(
        person_id=person_id,
        name=person.name if person else "",
        zone=zone,
        device_id=box.id if box else "",
        as_of_ms=now_ms,
        from_day=from_day,
        to_day=to_day,
        doses=Doses(facts, from_day, to_day, away),
        corrections=standing(household, *which, now_ms),
        words=said(household, *which),
        supplies=supplies_of(book, from_day, until, away),
        medications=_medications(book, facts, from_day, to_day),
        drugs=drug_names(book),
        reasons={why.slot: why.reason for _, why in seen},
        openings=openings(household, *which, zone),
        versions={
            p.slot: min(b.versions) for p, b in planned_slots(household, *which) if b.versions
        },
    )


def _away(household: Household, person_id: str) -> tuple[Away, ...]:
    stays = household.not_monitored.get(person_id, {}).values()
    found = (Away(stay.from_day, stay.to_day, stay.why) for stay in stays)
    return tuple(sorted(found, key=lambda a: (a.from_day, a.to_day)))


def _medications(
    book: PersonBook, facts: tuple[DoseFact, ...], from_day: str, to_day: str
) -> dict[str, Medication]:
    """Those in force in the period, and those that lay in its slots."""
    found = in_force(book, from_day, to_day)
    for medication_id in sorted({drug for fact in facts for drug in fact.drugs} - found.keys()):
        if medication_id in book.entered:
            entered = book.entered[medication_id]
            found[medication_id] = entered.effective or entered.medication
    return found
