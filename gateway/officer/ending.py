"""Somebody's care ends: what is there of her, what follows, and the facts of it.

Knows: all that could still call, text, ask or show her. May not know: forms, languages, secrets
(the page forgets those, the gateway deletes recordings as soon as she is nobody here); the time is
an argument.

    following(home, "p12") -> what is there, to be shown before
    ended(home, EndCare("p12", "moved", "2026-03-02", …), by, now_ms) -> facts, all at once

It cannot be taken back: accounts are closed and recordings deleted. She may be enrolled anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.access import Account
from gateway.admitting import parted
from gateway.enrolling import gone
from gateway.events import (
    AccountClosed,
    CallsPlanned,
    CareEnded,
    Event,
    IncidentResolved,
    OrderAnswered,
    PlateEnded,
    TextWithdrawn,
    VisitsPlanned,
)
from gateway.home import Home
from gateway.incidents import Incident, Ledger, Text
from gateway.incidents.reasons import Reason
from gateway.orders import Answer
from gateway.refused import EntryRefused, day_entered
from gateway.roster import Device, Guardian, Person, Roster
from gateway.rules.worry import HOME
from gateway.zones import local

# Why: she lives elsewhere, is dead, wants it no more, is in a hospital or a home for good, or was
# enrolled by mistake.
WHYS = ("moved", "died", "unwanted", "institution", "mistake")
BACK_DAYS = 366  # nobody learns of it later than that


@dataclass(frozen=True, slots=True)
class EndCare:
    """She is looked after no more, since `day` (ISO), for a reason of WHYS."""

    person_id: str
    why: str
    day: str
    by: str


@dataclass(frozen=True, slots=True)
class Following:
    """What is there of her, and goes."""

    devices: tuple[Device, ...]
    incidents: tuple[Incident, ...]
    texts: int  # decided, and not on their way yet
    guardians: tuple[Guardian, ...]
    accounts: tuple[Account, ...]  # those that nothing is left to
    calls: int  # planned kinds
    recordings: int
    plates: int


def following(home: Home, person_id: str) -> Following:
    """Of a person of the roster."""
    household, roster = home.household, _roster(home)
    closed = (
        home.accounts.open[fact.account_id]
        for fact in parted(home.accounts, person_id, "", 0)
        if isinstance(fact, AccountClosed)
    )
    return Following(
        roster.devices_of(person_id),
        tuple(_live(home.ledger, person_id)),
        len(list(_waiting(home, person_id))),
        roster.guardians_of(person_id),
        tuple(closed),
        len(household.calls.plans.get(person_id, {})),
        sum(kept.person_id == person_id for kept in household.calls.recordings.values()),
        len(household.visits.plates_of(person_id)),
    )


def ended(home: Home, entry: EndCare, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    roster = _roster(home)
    person = roster.person(entry.person_id)
    if person is None:
        raise EntryRefused("person", person=entry.person_id)
    if entry.why not in WHYS:
        raise EntryRefused("ending_why", why=entry.why)
    day = _day(entry.day, local(now_ms, roster.zone).date())
    return [
        _fact(roster, person, (entry.why, day), by, now_ms),
        *_silenced(home, person.id, by, now_ms),
        *_unplanned(home, person.id, by, now_ms),
        *parted(home.accounts, person.id, by, now_ms),
        *gone(roster, person.id, by, now_ms),
    ]


def about_her(ledger: Ledger, text: Text, guardians: Collection[str]) -> bool:
    """Whether a text goes to one of these about whom they were told, not about the whole home."""
    of = (ledger.incidents[i] for i in text.incidents if i in ledger.incidents)
    return text.guardian_id in guardians and not any(one.person_id == HOME for one in of)


def _fact(roster: Roster, person: Person, why: tuple[str, str], by: str, now_ms: int) -> Event:
    guardians = tuple(g.id for g in roster.guardians_of(person.id))
    devices = tuple(d.id for d in roster.devices_of(person.id))
    return CareEnded(now_ms, person.id, person.name, person.dong, *why, guardians, devices, by)


def _silenced(home: Home, person_id: str, by: str, now_ms: int) -> Iterator[Event]:
    """What is open is closed, what waits to be sent or to be asked of her devices is not."""
    over = "her care ended before the text was sent"
    for incident in _live(home.ledger, person_id):
        yield IncidentResolved(now_ms, incident.id, str(Reason.CARE_ENDED), by)
    for text in _waiting(home, person_id):
        yield TextWithdrawn(now_ms, text.id, over)
    hers = {device.id for device in _roster(home).devices_of(person_id)}
    for order_id in home.book.waiting:
        if home.book.orders[order_id].device_id in hers:
            yield OrderAnswered(now_ms, order_id, str(Answer.REFUSED), "her care ended")


def _unplanned(home: Home, person_id: str, by: str, now_ms: int) -> Iterator[Event]:
    """Nobody is to call or to visit, and no address at her door opens anything."""
    calls, visits = home.household.calls, home.household.visits
    for call in calls.plans.get(person_id, {}):
        yield CallsPlanned(now_ms, person_id, call, None, by)
    for line in visits.rota.get(person_id, {}).values():
        yield VisitsPlanned(now_ms, person_id, line.who, line.role, (), 1, line.from_day, by)
    for plate in visits.plates_of(person_id):
        yield PlateEnded(now_ms, plate.plate, by)


def _live(ledger: Ledger, person_id: str) -> Iterator[Incident]:
    live = (ledger.incidents[i] for i in ledger.live)
    return (incident for incident in live if incident.person_id == person_id)


def _waiting(home: Home, person_id: str) -> Iterator[Text]:
    guardians = {g.id for g in _roster(home).guardians_of(person_id)}
    ledger = home.ledger
    pending = (text for text in ledger.texts.values() if text.state == "pending")
    return (text for text in pending if about_her(ledger, text, guardians))


def _day(text: str, today: date) -> str:
    day = day_entered(text)
    if not today - timedelta(days=BACK_DAYS) <= day <= today:
        raise EntryRefused("ending_day", most=BACK_DAYS)
    return day.isoformat()


def _roster(home: Home) -> Roster:
    roster = home.household.roster
    if roster is None:
        raise EntryRefused("no_desk")
    return roster
