"""What an answer by text means and what follows from it.

Knows: the words people answer with, which incident they mean, how often a machine may answer back.
May not know: how texts arrive or leave; the time is an argument.

An answer never marks a dose as taken. It counts from registered numbers only, once a message.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from gateway import catalogue
from gateway.events import (
    Event,
    IncidentAcknowledged,
    IncidentResolved,
    TextDecided,
    TextReceived,
)
from gateway.household import Household
from gateway.incidents.ledger import Incident, Ledger
from gateway.incidents.reasons import Reason
from gateway.incidents.table import TABLE, Action, Signal, State
from gateway.roster import HOUR_MS, MIN_MS, Guardian, Roster

MAX_ANSWERS = 5  # automatic answers per number and incident (without one: per number and day)
DAY_MS = 24 * HOUR_MS


class Meaning(StrEnum):
    """What an answer can mean."""

    ACK = "ack"
    DONE = "done"
    OTHER = "other"


WORDS: dict[Meaning, frozenset[str]] = {
    Meaning.ACK: frozenset({"1", "확인", "방문", "담당자", "네", "예", "ok", "yes"}),
    Meaning.DONE: frozenset({"완료", "끝", "종료", "done"}),
}

_SIGNALS = {Meaning.ACK: Signal.ACK, Meaning.DONE: Signal.DONE}
_NUMBERED = re.compile(r"^\[?(\d{1,9})\]?[\s,.:;/-]+(\S.*)$")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer understood; `incident_id` where it names one."""

    meaning: Meaning
    incident_id: int | None


def parse(body: str) -> Reply:
    """What an answer means: "1", "12 1", "확인", "12 완료", anything else."""
    plain = unicodedata.normalize("NFKC", body).strip().casefold()
    numbered = _NUMBERED.match(plain)
    incident_id = int(numbered.group(1)) if numbered else None
    word = (numbered.group(2) if numbered else plain).strip(" .!~'\"")
    for meaning, words in WORDS.items():
        if word in words:
            return Reply(meaning, incident_id)
    return Reply(Meaning.OTHER, None)


def decide_reply(
    household: Household, ledger: Ledger, received: TextReceived, now_ms: int
) -> list[Event]:
    """The facts that follow from a text; they are stored in one transaction with it."""
    roster = household.roster
    guardians = roster.by_number(received.sender) if roster else ()
    if roster is None or not guardians or received.message_key in ledger.seen:
        return []
    reply = parse(received.body)
    incident = _meant(ledger, received.sender, reply)
    signal = _SIGNALS.get(reply.meaning)
    if incident is None or signal is None:
        return _answer(roster, ledger, incident, guardians[0], "help", now_ms)
    guardian = _one_of(guardians, incident)
    _state, actions = TABLE[incident.state, signal]
    events: list[Event] = []
    for action in actions:
        events += _do(roster, ledger, action, incident, guardian, now_ms)
    return events


def _meant(ledger: Ledger, number: str, reply: Reply) -> Incident | None:
    """The incident an answer is about: the named one, else the newest live one told there.

    "I am going" is first of all about one that nobody has yet.
    """
    shelf = (ledger.incidents[i] for i in sorted(ledger.shelves.told.get(number, ())))
    told = [i for i in shelf if number in i.told.values()]
    if reply.incident_id is not None:
        return next((i for i in told if i.id == reply.incident_id), None)
    live = [i for i in told if i.live]
    free = [i for i in live if i.state is not State.ACKED and reply.meaning is Meaning.ACK]
    return max(free or live or told, key=lambda i: (i.step_ms, i.id), default=None)


def _one_of(guardians: tuple[Guardian, ...], incident: Incident) -> Guardian:
    return next((g for g in guardians if g.id in incident.told), guardians[0])


def _do(
    roster: Roster,
    ledger: Ledger,
    action: Action,
    incident: Incident,
    guardian: Guardian,
    now_ms: int,
) -> list[Event]:
    if action is Action.ACKNOWLEDGE:
        until_ms = now_ms + roster.policy.ack_min * MIN_MS
        return [IncidentAcknowledged(now_ms, incident.id, guardian.id, until_ms)]
    if action is Action.RESOLVE:
        return [IncidentResolved(now_ms, incident.id, str(Reason.BY_PERSON))]
    return _answer(roster, ledger, incident, guardian, _ANSWERS[action], now_ms)


_ANSWERS = {Action.THANK: "thanks", Action.SAY_DONE: "done", Action.SAY_OVER: "over"}


def _answer(
    roster: Roster,
    ledger: Ledger,
    incident: Incident | None,
    guardian: Guardian,
    purpose: str,
    now_ms: int,
) -> list[Event]:
    """One automatic text back, as long as there were not too many."""
    incident_id = incident.id if incident else None
    if _answered(ledger, guardian.number, incident_id, now_ms) >= MAX_ANSWERS:
        return []
    facts = None
    if incident is not None:
        facts = catalogue.Facts(
            incident_id=incident.id,
            person_name="",
            label="evening",
            when_ms=now_ms,
            now_ms=now_ms,
            zone=roster.zone,
        )
    text = TextDecided(
        at_ms=now_ms,
        text_id=ledger.last_text_id + 1,
        incident_id=incident_id,
        guardian_id=guardian.id,
        to=guardian.number,
        purpose=purpose,
        body=catalogue.say(guardian.language, purpose, facts),
        reason=str(Reason.ANSWER),
        step=-1,
        due_ms=now_ms,
    )
    return [text]


def _answered(ledger: Ledger, number: str, incident_id: int | None, now_ms: int) -> int:
    shelf = ledger.shelves.answers.get((number, incident_id), ())
    since_ms = now_ms - DAY_MS
    return sum(incident_id is not None or ledger.texts[i].decided_ms > since_ms for i in shelf)
