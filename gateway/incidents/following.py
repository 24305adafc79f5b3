"""What follows where somebody says something of an incident, by text or by the page.

Knows: the table's actions as facts. May not know: how it was said, how she is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.events import DoseCorrected, Event, IncidentAcknowledged, IncidentResolved
from gateway.incidents import ladder
from gateway.incidents.acks import until_ms
from gateway.incidents.ledger import Ledger
from gateway.incidents.purposes import STEPS
from gateway.incidents.reasons import Reason
from gateway.incidents.says import Say, texts
from gateway.incidents.shapes import Incident
from gateway.incidents.sitting import RESOLVED_BY, withdrawn
from gateway.incidents.table import TABLE, Action, Signal, State
from gateway.incidents.view import View
from gateway.incidents.words import Meaning

SIGNALS = {
    Meaning.ACK: Signal.ACK,
    Meaning.THERE: Signal.ACK,
    Meaning.DONE: Signal.DONE,
    Meaning.FALSE: Signal.FALSE,
    Meaning.WORD: Signal.WORD,
}
ANSWERS = {
    Action.THANK: "thanks",
    Action.SAY_ALREADY: "already",
    Action.SAY_DONE: "done",
    Action.SAY_NOTED: "noted",
    Action.SAY_OVER: "over",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """Who says it. `id`: a guardian's, else what she is called; `number` "": none is known."""

    id: str
    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What is said, by whom, and where: it came by text, or by the page."""

    teller: Teller
    meaning: Meaning
    why: str  # of a DoseCorrected


Answer = Callable[[Incident, str], list[Event]]
"""(incident, purpose of an answer) → how she is answered."""


def signal_of(incident: Incident, word: Word) -> Signal:
    """What a word is to an incident: whoever is there has it, whoever had it before."""
    signal = SIGNALS[word.meaning]
    taken = incident.state is State.ACKED and incident.acked_by != word.teller.id
    return Signal.SECOND_ACK if word.meaning is Meaning.ACK and taken else signal


def together(ledger: Ledger, incident: Incident, number: str) -> list[Incident]:
    """The incident, then those that are live and that the last text about it spoke of too."""
    texts_of = (ledger.texts[i] for i in reversed(incident.texts))
    last = next((t for t in texts_of if t.number == number and t.purpose in STEPS), None)
    also = last.incidents if last is not None else ()
    return [incident, *(ledger.incidents[i] for i in also if i in ledger.live and i != incident.id)]


def follow(view: View, incident: Incident, word: Word, answer: Answer) -> list[Event]:
    """The facts of one incident; texts among them have no number yet."""
    signal = signal_of(incident, word)
    _state, actions = TABLE[incident.state, signal]
    events: list[Event] = []
    for action in actions:
        if action in ANSWERS:
            events += answer(incident, ANSWERS[action])
        else:
            events += _do(view, incident, word, action, signal)
    return events


def _do(view: View, incident: Incident, word: Word, action: Action, signal: Signal) -> list[Event]:
    now_ms, teller = view.now_ms, word.teller
    if action is Action.ACKNOWLEDGE:
        until, there = until_ms(view, incident), word.meaning is Meaning.THERE
        return [IncidentAcknowledged(now_ms, incident.id, teller.id, until, there)]
    if action is Action.RESOLVE:
        return [IncidentResolved(now_ms, incident.id, str(RESOLVED_BY[signal]), teller.id)]
    if action is Action.WITHDRAW:
        return [*withdrawn(view, incident, {incident.id})]
    if action is Action.CORRECT and incident.slot is not None:
        return [DoseCorrected(now_ms, incident.slot, 1, teller.name, word.why)]
    others = (g for g in ladder.told(view, incident) if g.number != teller.number)
    reason, step = Reason.TOLD_BEFORE, incident.step
    return [*texts(view, (Say(g, "by_word", incident, reason, step, now_ms) for g in others))]
