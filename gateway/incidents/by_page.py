"""What a person says of an incident by the page: she goes, she is there, all is well.

Knows: that it follows the same table as an answer by text. May not know: forms, accounts' rights.

Nobody is answered by text: the page says it. Where an answer would be "somebody has it already" or
"it is over", the word is refused with that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gateway.events import Event, TextDecided
from gateway.household import Household
from gateway.incidents.following import Teller, Word, follow, signal_of, together
from gateway.incidents.ledger import Ledger
from gateway.incidents.shapes import Incident
from gateway.incidents.table import TABLE, Action
from gateway.incidents.view import View
from gateway.incidents.words import Meaning
from gateway.refused import EntryRefused
from gateway.roster import Roster
from gateway.rules.worry import HOME

BY_PAGE = "page"  # why of a DoseCorrected
MEANINGS = {
    "going": Meaning.ACK,
    "there": Meaning.THERE,
    "well": Meaning.DONE,
    "false": Meaning.FALSE,
}
_REFUSING = {Action.SAY_ALREADY: "incident_taken", Action.SAY_OVER: "incident_over"}


@dataclass(frozen=True, slots=True)
class AnswerIncident:
    """A word of MEANINGS. `guardian_id`: the ladder's row of who says it, if she has one."""

    incident_id: int
    word: str
    by: str
    guardian_id: str | None = None


def answered(
    household: Household, ledger: Ledger, entry: AnswerIncident, by: str, now_ms: int
) -> list[Event]:
    """The facts that follow. Raises EntryRefused."""
    meaning, roster = MEANINGS.get(entry.word), household.roster
    incident = ledger.incidents.get(entry.incident_id)
    if meaning is None or incident is None or roster is None:
        raise EntryRefused("incident_unknown", n=entry.incident_id)
    view = View(roster, household, ledger, now_ms)
    word = Word(_teller(roster, incident, entry.guardian_id, by), meaning, BY_PAGE)
    _refuse(roster, incident, word)
    events: list[Event] = []
    for one in together(ledger, incident, word.teller.number):
        events += follow(view, one, word, lambda _incident, _purpose: [])
    return list(_numbered(ledger, events))


def who(roster: Roster, person_id: str, acked_by: str) -> str:
    """What she is called who has an incident: a guardian, the resident, or whoever said so."""
    names = {p.id: p.name for p in roster.guardians_of(person_id)}
    person = roster.person(person_id)
    herself = person.name if person is not None and acked_by == person_id else acked_by
    return names.get(acked_by, herself)


def _teller(roster: Roster, incident: Incident, guardian_id: str | None, by: str) -> Teller:
    """Her row on this incident's ladder, else whoever is signed in."""
    mine = (g for g in roster.guardians if g.id == guardian_id)
    guardian = next((g for g in mine if incident.person_id in (g.person_id, HOME)), None)
    return Teller(guardian.id, guardian.name, guardian.number) if guardian else Teller(by, by)


def _refuse(roster: Roster, incident: Incident, word: Word) -> None:
    _state, actions = TABLE[incident.state, signal_of(incident, word)]
    for action in actions:
        if action in _REFUSING:
            by = who(roster, incident.person_id, incident.acked_by or "")
            raise EntryRefused(_REFUSING[action], n=incident.id, by=by)


def _numbered(ledger: Ledger, events: Iterable[Event]) -> Iterable[Event]:
    text_id = ledger.last_text_id
    for event in events:
        if isinstance(event, TextDecided):
            text_id += 1
            yield replace(event, text_id=text_id)
        else:
            yield event
