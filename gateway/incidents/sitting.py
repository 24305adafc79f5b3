"""One sitting: the table's actions become events, and what is to be said becomes texts.

Knows: what each action does. May not know: how signals are noticed (decide.py), what people answer.
"""

from __future__ import annotations

from collections.abc import Collection

from gateway.events import (
    Event,
    IncidentAcknowledged,
    IncidentChanged,
    IncidentResolved,
    NotTold,
    ResidentAsked,
    TextWithdrawn,
)
from gateway.incidents import ladder
from gateway.incidents.acks import until_ms
from gateway.incidents.kinds import Asks
from gateway.incidents.ledger import Ledger
from gateway.incidents.manners import hold
from gateway.incidents.purposes import STEPS
from gateway.incidents.reasons import Reason
from gateway.incidents.says import Say, purpose_of, texts
from gateway.incidents.shapes import Incident, Text
from gateway.incidents.table import TABLE, Action, Signal, State
from gateway.incidents.view import View
from gateway.roster import Guardian
from gateway.rules.worry import Worry, WorryKind
from gateway.units import MIN_MS

GONE = "gone"  # the text that it is over


class Sitting:
    """What is believed, and the events so far; `close` gives them with the texts at their end."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._events: list[Event] = []
        self._says: list[Say] = []
        self._over: set[int] = set()  # incidents that end in this sitting

    def act(
        self, incident: Incident, signal: Signal, worry: Worry | None, state: State | None = None
    ) -> None:
        """Do what the table says; `state`: as if it stood there."""
        _state, actions = TABLE[state or incident.state, signal]
        for action in actions:
            self._do(action, actions, incident, signal, worry)

    def close(self) -> list[Event]:
        """Everything that follows, texts last."""
        return [*self._events, *texts(self._view, self._says)]

    def _do(
        self,
        action: Action,
        actions: tuple[Action, ...],
        incident: Incident,
        signal: Signal,
        worry: Worry | None,
    ) -> None:
        now_ms = self._view.now_ms
        if action is Action.RESOLVE:
            self._events.append(IncidentResolved(now_ms, incident.id, str(RESOLVED_BY[signal])))
        elif action is Action.WITHDRAW:
            self._withdraw(incident)
        elif action is Action.ASK:
            self._ask(incident)
        elif action is Action.ACKNOWLEDGE:
            by = incident.person_id
            until = until_ms(self._view, incident)
            self._events.append(IncidentAcknowledged(now_ms, incident.id, by, until))
        elif action is Action.CHANGE and worry is not None:
            changed = IncidentChanged(now_ms, incident.id, str(worry.kind), worry.reason)
            self._events.append(changed)
        elif action is Action.TELL_STEP:
            self._tell_step(incident)
        elif action is Action.TELL_CHANGE:
            self._tell_told(incident, _CHANGED[worry.kind] if worry else incident.worry)
        else:
            withdrawing = Action.WITHDRAW in actions
            self._tell_told(incident, _PURPOSES[action], withdrawing=withdrawing)

    def _ask(self, incident: Incident) -> None:
        box = self._view.roster.box_of(incident.person_id)
        until = ask_until_ms(self._view, incident)
        if box is not None and until is not None:
            asked = ResidentAsked(self._view.now_ms, incident.id, box.id, until)
            self._events.append(asked)

    def _withdraw(self, incident: Incident) -> None:
        self._over.add(incident.id)
        self._events += withdrawn(self._view, incident, self._over)

    def _tell_step(self, incident: Incident) -> None:
        view, turn = self._view, ladder.turn(self._view, incident)
        if turn is None:
            return
        if view.absorber(incident) is not None:
            self._not_told(incident, "", Reason.ABSORBED, turn.step)
            return
        self._left_out(incident, turn.step)
        due_ms = incident.due_ms if turn.reason is Reason.FIRST_STEP else turn.due_ms
        can_wait = view.kind(incident).can_wait
        for guardian in turn.guardians:
            held = hold(view, incident, guardian)
            if held is not None:
                self._not_told(incident, guardian.id, held.reason, turn.step, held.until_ms)
                continue
            purpose = purpose_of(incident)
            self._says.append(
                Say(guardian, purpose, incident, turn.reason, turn.step, due_ms, can_wait)
            )

    def _left_out(self, incident: Incident, step: int) -> None:
        """Whoever stands on no step of it: the page says why."""
        view = self._view
        on = {g.id for step_of in view.steps(incident) for g in step_of}
        for guardian in view.people(incident):
            if guardian.id not in on and guardian.id not in incident.tellings:
                stopped = view.stopped(guardian)
                reason = Reason.STOPPED if stopped else Reason.NOT_HER_KIND
                self._not_told(incident, guardian.id, reason, step)

    def _not_told(
        self,
        incident: Incident,
        guardian_id: str,
        reason: Reason,
        step: int,
        until: int | None = None,
    ) -> None:
        fact = NotTold(self._view.now_ms, incident.id, guardian_id, str(reason), step, until)
        self._events.append(fact)

    def _tell_told(self, incident: Incident, purpose: str, *, withdrawing: bool = False) -> None:
        """To those only who were told something else before.

        Who was told of what absorbs it is spared a "gone": she hears how that ended. Everybody is
        where the same begins again at once, under another date.
        """
        if purpose == GONE and self._goes_on(incident):
            return
        absorber = self._view.absorber(incident) if purpose == GONE else None
        spared = absorber.told if absorber is not None else {}
        for guardian in ladder.told(self._view, incident, withdrawing=withdrawing):
            if guardian.id not in spared:
                self._say(guardian, purpose, incident)

    def _goes_on(self, incident: Incident) -> bool:
        """Whether an incident of the same thing begins now: keys differ in the last part only."""
        thing, _, _when = incident.key.rpartition("/")
        return any(i.key.rpartition("/")[0] == thing for i in self._view.new.values())

    def _say(self, guardian: Guardian, purpose: str, incident: Incident) -> None:
        now_ms = self._view.now_ms
        reason = Reason.TOLD_BEFORE
        self._says.append(Say(guardian, purpose, incident, reason, incident.step, now_ms))


def ask_until_ms(view: View, incident: Incident) -> int | None:
    """Until when her own box asks her first; None: it does not, or cannot."""
    person = view.roster.person(incident.person_id)
    box = view.roster.box_of(incident.person_id)
    belief = view.household.devices.get(box.id) if box else None
    if person is None or belief is None or not belief.link_up or view.absorber(incident):
        return None
    asks = view.kind(incident).asks
    if asks is Asks.UNTIL_DUE:
        return incident.due_ms if incident.due_ms > view.now_ms else None
    asked = asks is Asks.HOUSE and person.ask_min is not None
    return view.now_ms + (person.ask_min or 0) * MIN_MS if asked else None


def withdrawn(view: View, incident: Incident, over: set[int]) -> list[TextWithdrawn]:
    """Its texts that speak of nothing that still lives, and that nobody took out of the outbox yet.

    `over`: incidents that end now.
    """
    ledger, why = view.ledger, "it was over before the text was sent"
    return [
        TextWithdrawn(view.now_ms, text.id, why)
        for text in (ledger.texts[i] for i in incident.texts)
        if text.state == "pending" and is_stale(ledger, text, over)
    ]


def is_stale(ledger: Ledger, text: Text, over: Collection[int] = ()) -> bool:
    """Whether it asks somebody to go, and speaks of nothing that still lives beside `over`."""
    lives = (ledger.incidents[i].live for i in text.incidents if i not in over)
    return text.purpose in STEPS and not any(lives)


WORSE_THAN: dict[str, tuple[WorryKind, ...]] = {
    WorryKind.DOSE_UNCONFIRMED: (WorryKind.DOSE_MISSED, WorryKind.DOSE_DOUBTFUL),
    WorryKind.CANNOT_SEE: (WorryKind.DOSE_MISSED, WorryKind.DOSE_DOUBTFUL),
    WorryKind.CANNOT_SEE_LIFE: (WorryKind.NO_SIGN_OF_LIFE, WorryKind.PHONE_STILL),
    WorryKind.DOSE_MISSED: (WorryKind.DOSE_DOUBTFUL,),
}
_CHANGED = {
    WorryKind.DOSE_MISSED: "missed_after_all",
    WorryKind.DOSE_DOUBTFUL: "doubtful_after_all",
    WorryKind.NO_SIGN_OF_LIFE: "no_sign_of_life",
    WorryKind.PHONE_STILL: "phone_still",
}
_PURPOSES = {
    Action.TELL_CORRECTION: "correction",
    Action.TELL_LATE: "opened_late",
    Action.TELL_BY_WORD: "by_word",
    Action.TELL_NOT_BY_WORD: "not_by_word",
    Action.TELL_NOT_DUE: "not_due",
    Action.TELL_GONE: GONE,
}
RESOLVED_BY = {
    Signal.TAKEN_IN_TIME: Reason.TAKEN_IN_TIME,
    Signal.OPENED_LATE: Reason.OPENED_LATE,
    Signal.BY_WORD: Reason.BY_WORD,
    Signal.WORD: Reason.BY_WORD,
    Signal.NOT_BY_WORD: Reason.NOT_BY_WORD,
    Signal.NOT_DUE: Reason.NOT_DUE,
    Signal.GONE: Reason.GONE,
    Signal.TOLD: Reason.TOLD,
    Signal.DONE: Reason.BY_PERSON,
    Signal.FALSE: Reason.FALSE_ALARM,
    Signal.TOO_OLD: Reason.TOO_OLD_TO_TELL,
    Signal.EXPIRED: Reason.EXPIRED,
    Signal.LEFT: Reason.CARE_ENDED,
}
