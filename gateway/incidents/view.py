"""What is looked at to decide about an incident: the home's people, beliefs and ledger, and now.

Knows: whose incident it is, its row in the table, who could be told, what says it already.
May not know: whose turn it is (ladder.py), words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from gateway.events import PlannedSlot
from gateway.household import Household
from gateway.incidents.kinds import (
    ABSORBED_BY,
    ABSORBING,
    BORNE_ANEW_MIN,
    KINDS,
    ROLES,
    Asks,
    Kind,
    Ladder,
    kind_of,
)
from gateway.incidents.ledger import Ledger
from gateway.incidents.shapes import Incident
from gateway.roster import Guardian, Roster
from gateway.rules import no_sign_of_life
from gateway.rules.worry import HOME, WorryKind
from gateway.units import MIN_MS

FIRST_ROLE = ROLES[Ladder.CARE][0]
Steps = tuple[tuple[Guardian, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """`new`: incidents that are opened now, and are not in the ledger yet."""

    roster: Roster
    household: Household
    ledger: Ledger
    now_ms: int
    new: dict[int, Incident] = field(default_factory=dict)
    # Looked up once a view: a thousand incidents of one instant ask for them again and again.
    _people: dict[str, tuple[Guardian, ...]] = field(default_factory=dict, init=False)
    _absorbing: dict[str, list[Incident]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Who is registered for whom, and which incidents may say what another one would."""
        for guardian in self.roster.guardians:
            hers = self._people.get(guardian.person_id, ())
            self._people[guardian.person_id] = (*hers, guardian)
        numbers = {g.number: g for g in reversed(self.roster.guardians)}
        once = (g for g in self.roster.guardians if numbers[g.number] is g)
        self._people[HOME] = tuple(once)
        every = (*(self.ledger.incidents[i] for i in self.ledger.live), *self.new.values())
        for incident in every:
            if incident.live and incident.worry in ABSORBING and not self._only_asked(incident):
                self._absorbing.setdefault(incident.person_id, []).append(incident)

    def _only_asked(self, incident: Incident) -> bool:
        """Whether nobody but her own box is to say it yet."""
        asks = KINDS[WorryKind(incident.worry)].asks
        return asks is Asks.UNTIL_DUE and self.now_ms < incident.due_ms

    def planned(self, incident: Incident) -> PlannedSlot | None:
        """The slot it is about, as it is planned."""
        belief = self.household.slots.get(incident.slot) if incident.slot else None
        return belief.planned if belief else None

    def kind(self, incident: Incident) -> Kind:
        """Its row in the table."""
        planned = self.planned(incident)
        return kind_of(incident.worry, planned.criticality if planned else None)

    def people(self, incident: Incident) -> tuple[Guardian, ...]:
        """Everybody who is registered for it; of the whole home each number once."""
        return self._people.get(incident.person_id, ())

    def latest_ms(self, incident: Incident) -> int | None:
        """When the officer is told of it at the latest; None: after her own delay."""
        if incident.worry not in (WorryKind.NO_SIGN_OF_LIFE, WorryKind.PHONE_STILL):
            return None
        return no_sign_of_life.cap_ms(self.household, incident.person_id, incident.key)

    def stopped(self, guardian: Guardian) -> bool:
        """Whether she wants no texts."""
        return guardian.number in self.ledger.stopped

    def steps(self, incident: Incident) -> Steps:
        """Its ladder: those told together form a step. Empty only where nobody is registered.

        Who wants no texts stands on none, unless nobody else is left and there is no officer.
        """
        people, row = self.people(incident), self.kind(incident)
        meant = [g for g in people if self._meant(g, row)] or list(people)
        ladder = [g for g in meant if not self.stopped(g)]
        ladder = ladder or [g for g in people if g.role == "officer" and not self.stopped(g)]
        ladder = ladder or [g for g in people if not self.stopped(g)] or meant
        ladder = self._first_asked(incident, ladder)
        ranks = sorted({rank(g, row.ladder) for g in ladder})
        return tuple(tuple(g for g in ladder if rank(g, row.ladder) == r) for r in ranks)

    def _first_asked(self, incident: Incident, ladder: list[Guardian]) -> list[Guardian]:
        """Where somebody was named for her telephone, that one stands before all others."""
        if incident.worry != WorryKind.PHONE_STILL:
            return ladder
        phone = self.household.phones.of.get(incident.person_id)
        named = phone.guardian_id if phone is not None else ""
        if named not in {g.id for g in ladder}:
            return ladder
        soonest = min(g.after_min for g in ladder)
        return [
            replace(g, after_min=soonest, role=FIRST_ROLE)
            if g.id == named
            else replace(g, after_min=max(g.after_min, soonest + 1))
            for g in ladder
        ]

    def _meant(self, guardian: Guardian, row: Kind) -> bool:
        if guardian.kinds:
            return str(row.group) in guardian.kinds
        return guardian.role in ROLES[row.ladder]

    def absorber(self, incident: Incident) -> Incident | None:
        """A live incident that says already what this one would."""
        kinds = ABSORBED_BY.get(WorryKind(incident.worry), frozenset())
        for person_id in (incident.person_id, HOME) if kinds else ():
            for other in self._absorbing.get(person_id, ()):
                if other.id != incident.id and other.worry in kinds:
                    return other
        return None

    def borne_until_ms(self, incident: Incident) -> int:
        """Until when it may still end by itself, since what absorbed it is over; 0: nothing did."""
        kinds = ABSORBED_BY.get(WorryKind(incident.worry), frozenset())
        over = self.ledger.shelves.over
        return max(
            (
                over[person_id, kind] + borne_min * MIN_MS
                for kind, borne_min in BORNE_ANEW_MIN.items()
                for person_id in (incident.person_id, HOME)
                if kind in kinds and (person_id, kind) in over
            ),
            default=0,
        )


def rank(guardian: Guardian, ladder: Ladder) -> tuple[int, int]:
    """Where she stands: the officer last where care is sought, first where a technician is."""
    roles = ROLES[ladder]
    if ladder is Ladder.CARE:
        return int(guardian.role == "officer"), guardian.after_min
    place = roles.index(guardian.role) if guardian.role in roles else len(roles)
    return place, guardian.after_min
