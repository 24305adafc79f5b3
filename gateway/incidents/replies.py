"""What follows from an answer by text.

Knows: which incident it means, whether she may answer it, how often a machine may answer back.
May not know: how texts arrive or leave; the time is an argument.

An acknowledgement never marks a dose as taken; "taken" closes its slot by that person's word. An
answer counts from registered numbers only, once a message.
"""

from __future__ import annotations

from dataclasses import replace

from gateway import catalogue
from gateway.events import (
    Event,
    NumberStarted,
    NumberStopped,
    TextDecided,
    TextReceived,
)
from gateway.household import Household
from gateway.incidents import news
from gateway.incidents.following import SIGNALS, Teller, Word, follow, together
from gateway.incidents.ledger import Ledger
from gateway.incidents.purposes import NOBODY_LEFT, STEPS
from gateway.incidents.reasons import Reason
from gateway.incidents.says import facts_of
from gateway.incidents.shapes import Incident
from gateway.incidents.table import Signal, State
from gateway.incidents.view import View
from gateway.incidents.words import Meaning, Reply, parse
from gateway.roster import Guardian
from gateway.rules.worry import ABOUT_A_DOSE, HOME
from gateway.units import DAY_MS

MAX_ANSWERS = 5  # automatic answers per number and incident (without one: per number and day)
BY_TEXT = "reply"  # why of a DoseCorrected
ANSWER = 1  # what every text asks for: "1 on my way" names no incident, unless that one lives


def decide_reply(
    household: Household, ledger: Ledger, received: TextReceived, now_ms: int
) -> list[Event]:
    """The facts that follow from a text; they are stored in one transaction with it."""
    roster = household.roster
    guardians = roster.by_number(received.sender) if roster else ()
    if roster is None or not guardians or received.message_key in ledger.seen:
        return []
    view = View(roster, household, ledger, now_ms)
    reply = parse(received.body)
    if reply.meaning in (Meaning.STOP, Meaning.START):
        return _choice(view, guardians, stop=reply.meaning is Meaning.STOP)
    if reply == Reply(Meaning.ACK, None) and _of_the_test(view, guardians):
        return _answer(view, None, guardians[0], "test_thanks")
    incident = _meant(view, guardians, reply)
    signal = SIGNALS.get(reply.meaning)
    if signal is Signal.WORD and (incident is None or not _of_a_slot(incident)):
        signal = None
    if incident is None or signal is None:
        test = incident is None and not news.answered(view, guardians[0])
        return _answer(view, incident, guardians[0], "test_thanks" if test else "help")
    guardian = _one_of(guardians, incident)
    word = Word(Teller(guardian.id, guardian.name, guardian.number), reply.meaning, BY_TEXT)

    def answer(of: Incident, purpose: str) -> list[Event]:
        """Of several incidents that go together one is answered for all."""
        return _answer(view, of, guardian, purpose) if of is incident else []

    events: list[Event] = []
    for one in together(ledger, incident, guardian.number):
        if signal is not Signal.WORD or _of_a_slot(one):
            events += follow(view, one, word, answer)
    return _numbered(view, events)


# --- which incident -----------------------------------------------------------------------------


def _of_a_slot(incident: Incident) -> bool:
    """Whether "taken" can be said of it: a link that is dead for a day is about no dose."""
    return incident.slot is not None and incident.worry in ABOUT_A_DOSE


def _may(guardians: tuple[Guardian, ...], incident: Incident) -> bool:
    """Whether one of those behind a number was told about it, and is still registered for it."""
    mine = (g for g in guardians if incident.person_id in (g.person_id, HOME))
    return any(incident.told.get(g.id) == g.number for g in mine)


def _of_the_test(view: View, guardians: tuple[Guardian, ...]) -> bool:
    """Whether the last text that waits for a "1" from there is the monthly one."""
    ledger, number = view.ledger, guardians[0].number
    tests = [text.id for g in guardians if (text := news.asked(view, g)) is not None]
    live = (ledger.incidents[i] for i in ledger.shelves.told.get(number, ()) if i in ledger.live)
    of = (ledger.texts[i] for incident in live for i in incident.texts)
    steps = [t.id for t in of if t.number == number and t.purpose in STEPS]
    return max(tests, default=0) > max(steps, default=0)


def _meant(view: View, guardians: tuple[Guardian, ...], reply: Reply) -> Incident | None:
    """The incident an answer is about: the named one, else the newest live one told there.

    "I am going" is first of all about one that nobody has yet, "taken" about a dose.
    """
    ledger, number = view.ledger, guardians[0].number
    shelf = (ledger.incidents[i] for i in sorted(ledger.shelves.told.get(number, ())))
    told = [i for i in shelf if _may(guardians, i)]
    named = next((i for i in told if i.id == reply.incident_id), None)
    if named is not None and (named.live or named.id != ANSWER or reply.surely):
        return named
    if reply.incident_id not in (None, ANSWER):
        return None
    if reply.meaning is Meaning.WORD:
        told = [i for i in told if _of_a_slot(i)] or told
    live = [i for i in told if i.live]
    free = [i for i in live if i.state is not State.ACKED and reply.meaning is Meaning.ACK]
    return max(free or live or told, key=lambda i: (i.step_ms, i.id), default=None)


def _one_of(guardians: tuple[Guardian, ...], incident: Incident) -> Guardian:
    mine = (g for g in guardians if incident.told.get(g.id) == g.number)
    return next(mine, guardians[0])


def _numbered(view: View, events: list[Event]) -> list[Event]:
    """The texts among the events, each with a number of its own."""
    text_id = view.ledger.last_text_id
    numbered: list[Event] = []
    for event in events:
        if isinstance(event, TextDecided):
            text_id += 1
            numbered.append(replace(event, text_id=text_id))
        else:
            numbered.append(event)
    return numbered


# --- stop and start -----------------------------------------------------------------------------


def _choice(view: View, guardians: tuple[Guardian, ...], *, stop: bool) -> list[Event]:
    """She wants no texts any more, or wants them again."""
    number, now_ms = guardians[0].number, view.now_ms
    if not stop:
        return [NumberStarted(now_ms, number), *_answer(view, None, guardians[0], "started")]
    alone = [g for g in guardians if _last(view, g)]
    officers = [(g, officer) for g in alone for officer in _officers(view, g)]
    purpose = "stopped" if not alone else "stop_last" if officers else "stop_refused"
    events: list[Event] = [
        NumberStopped(now_ms, number),
        *_answer(view, None, guardians[0], purpose),
    ]
    events += [_nobody_left(view, guardian, officer) for guardian, officer in officers]
    return _numbered(view, events)


def _last(view: View, guardian: Guardian) -> bool:
    """Whether nobody but officers would be left on that person's ladder."""
    others = (g for g in view.roster.guardians if g.person_id == guardian.person_id)
    left = (g for g in others if g.number != guardian.number and not view.stopped(g))
    return all(g.role == "officer" for g in left)


def _officers(view: View, guardian: Guardian) -> list[Guardian]:
    every = (g for g in view.roster.guardians if g.person_id == guardian.person_id)
    free = (g for g in every if g.number != guardian.number and not view.stopped(g))
    return [g for g in free if g.role == "officer"]


def _nobody_left(view: View, guardian: Guardian, officer: Guardian) -> TextDecided:
    person = view.roster.person(guardian.person_id)
    facts = _facts(view, person.name if person else "", who=guardian.name)
    body = catalogue.say(officer.language, NOBODY_LEFT, facts)
    return _out(view, officer, NOBODY_LEFT, body, None, Reason.NOBODY_LEFT)


# --- answering back -----------------------------------------------------------------------------


def _answer(view: View, incident: Incident | None, guardian: Guardian, purpose: str) -> list[Event]:
    """One automatic text back, as long as there were not too many."""
    incident_id = incident.id if incident else None
    if _answered(view, guardian.number, incident_id) >= MAX_ANSWERS:
        return []
    facts = _facts(view, "", who="")
    if incident is not None:
        by = next((g for g in view.roster.guardians if g.id == incident.acked_by), None)
        facts = facts_of(view, incident, guardian, who=by.name if by else incident.acked_by or "")
    body = catalogue.say(guardian.language, purpose, facts)
    return [_out(view, guardian, purpose, body, incident_id, Reason.ANSWER)]


def _facts(view: View, name: str, *, who: str) -> catalogue.Facts:
    now_ms, zone = view.now_ms, view.roster.zone
    return catalogue.Facts(0, name, "evening", now_ms, now_ms, zone, who=who)


def _out(
    view: View,
    guardian: Guardian,
    purpose: str,
    body: str,
    incident_id: int | None,
    reason: Reason,
) -> TextDecided:
    return TextDecided(
        at_ms=view.now_ms,
        text_id=view.ledger.last_text_id + 1,
        incident_id=incident_id,
        guardian_id=guardian.id,
        to=guardian.number,
        purpose=purpose,
        body=body,
        reason=str(reason),
        step=-1,
        due_ms=view.now_ms,
    )


def _answered(view: View, number: str, incident_id: int | None) -> int:
    shelf = view.ledger.shelves.answers.get((number, incident_id), ())
    since_ms, texts_of = view.now_ms - DAY_MS, view.ledger.texts
    return sum(incident_id is not None or texts_of[i].decided_ms > since_ms for i in shelf)
