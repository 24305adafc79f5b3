"""What to do now: worries and beliefs become facts about incidents and texts.

Knows: how signals are noticed and how the table's actions become events.
May not know: how a text is sent; the time is an argument.

`decide` is called again with its own facts folded in until it gives none: then it is quiet until
the next fact or the next deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gateway import catalogue
from gateway.adherence.outcomes import IN_TIME, How, Outcome, outcome
from gateway.adherence.outcomes import Reason as SlotReason
from gateway.adherence.outcomes import State as SlotState
from gateway.entries import label_of
from gateway.events import (
    Event,
    IncidentChanged,
    IncidentOpened,
    IncidentResolved,
    PlannedSlot,
    TextDecided,
)
from gateway.household import Household
from gateway.incidents import ladder
from gateway.incidents.ledger import Incident, Ledger, opened
from gateway.incidents.reasons import Reason
from gateway.incidents.table import TABLE, Action, Signal, State
from gateway.roster import HOUR_MS, Guardian, Roster
from gateway.rules.worry import ABOUT_A_DOSE, Worry, WorryKind


def decide(
    household: Household, ledger: Ledger, worries: Iterable[Worry], now_ms: int
) -> list[Event]:
    """The facts that follow from what is believed now; an empty list when all is done."""
    roster = household.roster
    if roster is None:
        return []
    desk = _Desk(roster, household, ledger, now_ms)
    by_key = {worry.key: worry for worry in worries}
    new = [w for w in by_key.values() if w.key not in ledger.by_key]
    new += [again for w in by_key.values() for again in _again(ledger, w)]
    events: list[Event] = []
    for incident_id in list(ledger.live):
        incident = ledger.incidents[incident_id]
        events += desk.advance(incident, by_key.get(incident.key))
    for incident_id in sorted(ledger.shelves.owed):
        events += desk.correct(ledger.incidents[incident_id])
    for number, worry in enumerate(new, start=ledger.last_incident_id + 1):
        events += desk.open(number, worry)
    return events


def _again(ledger: Ledger, worry: Worry) -> Iterator[Worry]:
    """What happened once more after its incident was over is a new one, and is told."""
    if worry.key not in ledger.by_key:
        return
    incident = ledger.incidents[ledger.by_key[worry.key]]
    for key, when_ms in worry.again:
        if key in ledger.by_key:
            incident = ledger.incidents[ledger.by_key[key]]
        elif not incident.live and incident.history[-1].at_ms < when_ms:
            yield replace(worry, key=key, due_ms=when_ms, again=())
            return


def next_deadline(household: Household, ledger: Ledger, now_ms: int) -> int | None:
    """The next instant after `now_ms` at which an incident changes by time alone."""
    roster = household.roster
    if roster is None:
        return None
    deadlines: list[int] = []
    for incident_id in ledger.live:
        incident = ledger.incidents[incident_id]
        deadlines.append(_closes_ms(roster, incident))
        turn = ladder.turn(roster, ledger, incident)
        if turn is not None:
            deadlines.append(turn.due_ms)
    return min((d for d in deadlines if d > now_ms), default=None)


def _closes_ms(roster: Roster, incident: Incident) -> int:
    return incident.opened_ms + roster.policy.close_after_h * HOUR_MS


class _Desk:
    """One sitting: what is believed, the instant, and the next text's number."""

    def __init__(self, roster: Roster, household: Household, ledger: Ledger, now_ms: int) -> None:
        self._roster = roster
        self._household = household
        self._ledger = ledger
        self._now_ms = now_ms
        self._text_id = ledger.last_text_id

    def open(self, incident_id: int, worry: Worry) -> list[Event]:
        """A new incident, and its first step or the reason why nobody is told."""
        begun = IncidentOpened(
            at_ms=self._now_ms,
            incident_id=incident_id,
            person_id=worry.person_id,
            worry=str(worry.kind),
            key=worry.key,
            slot=worry.slot,
            reason=worry.reason,
            due_ms=worry.due_ms,
        )
        incident = opened(begun)
        if worry.due_ms < self._now_ms - self._roster.policy.catch_up_h * HOUR_MS:
            return [begun, *self._act(incident, Signal.TOO_OLD, worry)]
        return [begun, *self.advance(incident, worry)]

    def correct(self, incident: Incident) -> list[Event]:
        """It ended by itself; a record that came later than that is still owed to the told."""
        signal = self._evidence(incident)
        _state, actions = TABLE[State.NOTIFYING, signal] if signal else (None, ())
        return [event for a in actions if signal for event in self._do(a, incident, signal, None)]

    def advance(self, incident: Incident, worry: Worry | None) -> list[Event]:
        """The facts of the first signal that the incident has not answered yet."""
        signal = next(self._signals(incident, worry), None)
        return [] if signal is None else self._act(incident, signal, worry)

    def _signals(self, incident: Incident, worry: Worry | None) -> Iterator[Signal]:
        evidence = self._evidence(incident)
        if evidence is not None:
            yield evidence
        if worry is not None and _worse(incident, worry):
            yield Signal.WORSE
        if self._now_ms >= _closes_ms(self._roster, incident):
            yield Signal.EXPIRED
        turn = ladder.turn(self._roster, self._ledger, incident)
        if turn is not None and self._now_ms >= turn.due_ms:
            acked = incident.state is State.ACKED
            yield Signal.ACK_EXPIRED if acked else Signal.STEP_DUE

    def _evidence(self, incident: Incident) -> Signal | None:
        """Whether the slot was opened after all, or was not to be opened."""
        seen = self._outcome(incident) if incident.worry in ABOUT_A_DOSE else None
        if seen is None or seen.state is not SlotState.TAKEN:
            return _NOT_OPENED_BUT.get(seen.reason) if seen else None
        if seen.how is How.BY_WORD:
            return Signal.BY_WORD
        return Signal.TAKEN_IN_TIME if seen.how in IN_TIME else Signal.OPENED_LATE

    def _outcome(self, incident: Incident) -> Outcome | None:
        if incident.slot is None:
            return None
        return outcome(self._household, incident.slot, self._now_ms)

    def _act(self, incident: Incident, signal: Signal, worry: Worry | None) -> list[Event]:
        _state, actions = TABLE[incident.state, signal]
        return [event for a in actions for event in self._do(a, incident, signal, worry)]

    def _do(
        self, action: Action, incident: Incident, signal: Signal, worry: Worry | None
    ) -> list[Event]:
        if action is Action.RESOLVE:
            return [IncidentResolved(self._now_ms, incident.id, _RESOLVED_BY[signal])]
        if action is Action.CHANGE and worry is not None:
            return [IncidentChanged(self._now_ms, incident.id, str(worry.kind), worry.reason)]
        if action is Action.TELL_STEP:
            return self._tell_step(incident)
        if action is Action.TELL_CHANGE:
            return self._tell_told(incident, _CHANGED[worry.kind] if worry else incident.worry)
        return self._tell_told(incident, _PURPOSES[action])

    def _tell_step(self, incident: Incident) -> list[Event]:
        turn = ladder.turn(self._roster, self._ledger, incident)
        if turn is None:
            return []
        due_ms = incident.due_ms if turn.reason is Reason.FIRST_STEP else turn.due_ms
        return [
            self._text(incident, guardian, incident.worry, turn.reason, turn.step, due_ms)
            for guardian in turn.guardians
        ]

    def _tell_told(self, incident: Incident, purpose: str) -> list[Event]:
        """To those only who were told something else before."""
        return [
            self._text(incident, guardian, purpose, Reason.TOLD_BEFORE, incident.step, self._now_ms)
            for guardian in ladder.told(self._roster, self._ledger, incident)
        ]

    def _text(
        self,
        incident: Incident,
        guardian: Guardian,
        purpose: str,
        reason: Reason,
        step: int,
        due_ms: int,
    ) -> TextDecided:
        self._text_id += 1
        return TextDecided(
            at_ms=self._now_ms,
            text_id=self._text_id,
            incident_id=incident.id,
            guardian_id=guardian.id,
            to=guardian.number,
            purpose=purpose,
            body=catalogue.say(guardian.language, purpose, self._facts(incident)),
            reason=str(reason),
            step=step,
            due_ms=due_ms,
        )

    def _facts(self, incident: Incident) -> catalogue.Facts:
        person = self._roster.person(incident.person_id)
        belief = self._household.slots.get(incident.slot) if incident.slot else None
        planned = belief.planned if belief else None
        return catalogue.Facts(
            incident_id=incident.id,
            person_name=person.name if person else incident.person_id,
            label=label_of(incident.slot.index) if incident.slot else "evening",
            when_ms=self._when_ms(incident, planned),
            now_ms=self._now_ms,
            zone=self._roster.zone,
        )

    def _when_ms(self, incident: Incident, planned: PlannedSlot | None) -> int:
        """The instant that a text about an incident names."""
        if incident.worry not in ABOUT_A_DOSE or planned is None:
            return incident.due_ms
        seen = self._outcome(incident)
        told = seen is not None and seen.state in (SlotState.TAKEN, SlotState.DOUBTFUL)
        if told and seen is not None and seen.since_ms is not None:
            return seen.since_ms
        return min(planned.closes_ms, self._now_ms)


def _worse(incident: Incident, worry: Worry) -> bool:
    return worry.kind in _WORSE_THAN.get(incident.worry, ())


_WORSE_THAN: dict[str, tuple[WorryKind, ...]] = {
    WorryKind.DOSE_UNCONFIRMED: (WorryKind.DOSE_MISSED, WorryKind.DOSE_DOUBTFUL),
    WorryKind.DOSE_MISSED: (WorryKind.DOSE_DOUBTFUL,),
}
_CHANGED = {
    WorryKind.DOSE_MISSED: "missed_after_all",
    WorryKind.DOSE_DOUBTFUL: "doubtful_after_all",
}
_NOT_OPENED_BUT = {
    SlotReason.SKIPPED_BY_WORD: Signal.NOT_BY_WORD,
    SlotReason.SKIPPED_SPACING: Signal.NOT_DUE,
    SlotReason.BOX_SAYS_PAUSED: Signal.NOT_DUE,
}
_PURPOSES = {
    Action.TELL_CORRECTION: "correction",
    Action.TELL_LATE: "opened_late",
    Action.TELL_BY_WORD: "by_word",
    Action.TELL_NOT_BY_WORD: "not_by_word",
    Action.TELL_NOT_DUE: "not_due",
}

_RESOLVED_BY = {
    Signal.TAKEN_IN_TIME: str(Reason.TAKEN_IN_TIME),
    Signal.OPENED_LATE: str(Reason.OPENED_LATE),
    Signal.BY_WORD: str(Reason.BY_WORD),
    Signal.NOT_BY_WORD: str(Reason.NOT_BY_WORD),
    Signal.NOT_DUE: str(Reason.NOT_DUE),
    Signal.TOO_OLD: str(Reason.TOO_OLD_TO_TELL),
    Signal.EXPIRED: str(Reason.EXPIRED),
}
