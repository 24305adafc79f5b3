"""What an officer enters becomes facts, or is refused with the reason.

Knows: notes, closings with their reasons, planned visits, tables of people.
May not know: forms, languages, the database; the time is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.events import CaseClosed, CaseNoted, Event, VisitMade, VisitPlanned
from gateway.home import Home
from gateway.incidents.by_page import AnswerIncident, answered
from gateway.incidents.kinds import KINDS, Group
from gateway.officer import importing
from gateway.refused import EntryRefused, day_entered
from gateway.rules.worry import HOME, WorryKind
from gateway.visiting.visits import WELL

NOTE_MOST = 1000
# Why an officer closes something, and which word of incidents.by_page that is.
WHYS = {
    "visited": "well",
    "called": "well",
    "family": "well",
    "hospital": "well",
    "repaired": "well",
    "false_alarm": "false",
    "other": "well",
}
VISITED = "visited"  # she was there: that keeps the day's appointment, too
OTHER = "other"  # says nothing without words of its own
UNSEEN = frozenset({"repaired"})  # nobody saw or heard her: that ends no silence of hers


@dataclass(frozen=True, slots=True)
class NoteCase:
    """A note about a person."""

    person_id: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class CloseCase:
    """An incident is over, because of `why` (of WHYS). `guardian_id`: who she is on a ladder."""

    incident_id: int
    why: str
    text: str
    by: str
    guardian_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlanVisit:
    """She is to be visited on a day, or not any more."""

    person_id: str
    day: str
    wanted: bool
    by: str


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """All that is new in a table. `digest`: of the plan that was shown."""

    text: str
    digest: str
    by: str


Casework = NoteCase | CloseCase | PlanVisit | ImportPeople


def taken(home: Home, entry: Casework, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    if isinstance(entry, NoteCase):
        text = _text(entry.text)
        if not text:
            raise EntryRefused("note", most=NOTE_MOST)
        return [CaseNoted(now_ms, _person(home, entry.person_id), text, by)]
    if isinstance(entry, CloseCase):
        return _close(home, entry, by, now_ms)
    if isinstance(entry, PlanVisit):
        return [_visit(home, entry, by, now_ms)]
    plan = importing.read(entry.text, home)
    if not plan.new:
        raise EntryRefused("nothing_new")
    if plan.digest != entry.digest:
        raise EntryRefused("changed")
    return importing.imported(home, plan, by, now_ms)


def _close(home: Home, entry: CloseCase, by: str, now_ms: int) -> list[Event]:
    incident = home.ledger.incidents.get(entry.incident_id)
    if incident is None or not incident.live:
        raise EntryRefused("incident_over", n=entry.incident_id)
    if entry.why not in WHYS:
        raise EntryRefused("closing", why=entry.why)
    if entry.why in UNSEEN and KINDS[WorryKind(incident.worry)].group is Group.LIFE:
        raise EntryRefused("closing_unseen")
    text = _text(entry.text)
    if entry.why == OTHER and not text:
        raise EntryRefused("closing_text", most=NOTE_MOST)
    closed = CaseClosed(now_ms, incident.person_id, incident.id, entry.why, text, by)
    word = AnswerIncident(incident.id, WHYS[entry.why], by, entry.guardian_id)
    events = [closed, *answered(home.household, home.ledger, word, by, now_ms)]
    if entry.why == VISITED and incident.person_id != HOME:
        # Her words stay in the book: what a visit says is read by guardians too.
        events.append(VisitMade(now_ms, incident.person_id, by, WELL, "", by))
    return events


def _visit(home: Home, entry: PlanVisit, by: str, now_ms: int) -> Event:
    day = day_entered(entry.day).isoformat()
    return VisitPlanned(now_ms, _person(home, entry.person_id), day, entry.wanted, by)


def _person(home: Home, person_id: str) -> str:
    roster = home.household.roster
    if roster is None or roster.person(person_id) is None:
        raise EntryRefused("person", person=person_id)
    return person_id


def _text(text: str) -> str:
    """What was written, each line without the space around it. Raises EntryRefused: too long."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    written = "\n".join(lines)
    if len(written) > NOTE_MOST or not written.replace("\n", "").isprintable():
        raise EntryRefused("note", most=NOTE_MOST)
    return written
