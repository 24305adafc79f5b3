"""What to do now: worries and beliefs become facts about incidents and texts.

Knows: how signals are noticed and how the table's actions become events.
May not know: how a text is sent; the time is an argument.

`decide` is called again with its own facts folded in until it gives none: then it is quiet until
the next fact or the next deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gateway.adherence.outcomes import IN_TIME, How, outcome
from gateway.adherence.outcomes import Reason as SlotReason
from gateway.adherence.outcomes import State as SlotState
from gateway.events import Event, IncidentOpened
from gateway.household import Household
from gateway.incidents import ladder, news
from gateway.incidents.kinds import KINDS, Ends, Group
from gateway.incidents.ledger import Ledger, opened
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Incident
from gateway.incidents.sitting import WORSE_THAN, Sitting, ask_until_ms
from gateway.incidents.table import Signal, State
from gateway.incidents.view import View
from gateway.rules.worry import ABOUT_A_DOSE, HOME, Worry, WorryKind
from gateway.sight import BY_PERSON
from gateway.units import HOUR_MS


def decide(
    household: Household, ledger: Ledger, worries: Iterable[Worry], now_ms: int
) -> list[Event]:
    """The facts that follow from what is believed now; an empty list when all is done."""
    if household.roster is None:
        return []
    view = View(household.roster, household, ledger, now_ms)
    by_key = {w.key: w for w in [*worries, *news.worries(view)] if _somebody(view, w)}
    fresh = [w for w in by_key.values() if not w.keeps and _is_new(ledger, w)]
    fresh += [again for w in by_key.values() for again in _again(ledger, w)]
    standing = {key: w for w in by_key.values() for key, _when_ms in w.again} | by_key
    begun = [_begun(n, w, now_ms) for n, w in enumerate(fresh, ledger.last_incident_id + 1)]
    view = replace(view, new={event.incident_id: opened(event) for event in begun})
    sitting = Sitting(view)
    for incident_id in (*ledger.live, *view.new):
        incident = view.new.get(incident_id) or ledger.incidents[incident_id]
        worry = standing.get(incident.key)
        signal = next(_signals(view, incident, worry), None)
        if signal is not None:
            sitting.act(incident, signal, worry)
    for incident_id in sorted(ledger.shelves.owed):
        _correct(view, sitting, ledger.incidents[incident_id])
    return [*begun, *sitting.close()] or news.due(view)


def _somebody(view: View, worry: Worry) -> bool:
    """Whether she is looked after here, or it is about the home; a call is heard, whoever calls."""
    if worry.kind is WorryKind.HELP_PRESSED or worry.person_id == HOME:
        return True
    return view.roster.person(worry.person_id) is not None


def _begun(incident_id: int, worry: Worry, now_ms: int) -> IncidentOpened:
    return IncidentOpened(
        at_ms=now_ms,
        incident_id=incident_id,
        person_id=worry.person_id,
        worry=str(worry.kind),
        key=worry.key,
        slot=worry.slot,
        reason=worry.reason,
        due_ms=worry.due_ms,
        words=worry.words,
        detail=worry.detail,
    )


def _is_new(ledger: Ledger, worry: Worry) -> bool:
    """Whether it has no incident yet. What is about her life and is back begins anew."""
    incident = ledger.incidents.get(ledger.by_key.get(worry.key, 0))
    if incident is None and _said_over(ledger, worry) is not None:
        return False
    if incident is None or KINDS[worry.kind].group not in (Group.LIFE, Group.VISIT):
        return incident is None
    return not incident.live and incident.reason == Reason.GONE


def _again(ledger: Ledger, worry: Worry) -> Iterator[Worry]:
    """What happened once more after its incident was over is a new one, and is told."""
    first = ledger.incidents.get(ledger.by_key.get(worry.key, 0))
    incident = first or _said_over(ledger, worry)
    if incident is None:
        return
    for key, when_ms in worry.again:
        if key in ledger.by_key:
            incident = ledger.incidents[ledger.by_key[key]]
        elif not incident.live and _ended_ms(incident) < when_ms:
            yield replace(worry, key=key, due_ms=when_ms, again=())
            return


def _said_over(ledger: Ledger, worry: Worry) -> Incident | None:
    """Of a visit that nobody made: what somebody said, after that day, is over.

    The days of a week slide: what was the first one then is not looked at any more, and the days
    that were told with it are no news.
    """
    if worry.kind is not WorryKind.VISIT_MISSED:
        return None
    ids = ledger.shelves.of_person.get(worry.person_id, ())
    hers = (ledger.incidents[i] for i in reversed(ids))
    said = (i for i in hers if i.worry == worry.kind and i.reason in BY_PERSON and not i.live)
    return next((i for i in said if _ended_ms(i) >= worry.due_ms), None)


def _ended_ms(incident: Incident) -> int:
    """When it was over; what was answered to late texts stands after that in its history."""
    ended = (e.at_ms for e in reversed(incident.history) if e.what == "resolved")
    return next(ended, incident.opened_ms)


def next_deadline(household: Household, ledger: Ledger, now_ms: int) -> int | None:
    """The next instant after `now_ms` at which an incident changes by time alone."""
    if household.roster is None:
        return None
    view = View(household.roster, household, ledger, now_ms)
    deadlines: list[int | None] = [news.next_deadline(view)]
    for incident_id in ledger.live:
        incident = ledger.incidents[incident_id]
        if view.kind(incident).expires:
            deadlines.append(_closes_ms(view, incident))
        turn = ladder.turn(view, incident)
        deadlines.append(turn.due_ms if turn is not None else None)
    return min((d for d in deadlines if d is not None and d > now_ms), default=None)


def _closes_ms(view: View, incident: Incident) -> int:
    """When it ends by itself: so long after the first was told, or after the last one held can be.

    A pause holds all of it: what ended meanwhile is not told afterwards.
    """
    held = [t.until_ms for t in incident.tellings.values() if t.reason != Reason.PAUSED]
    last_ms = max((ms for ms in held if ms is not None), default=incident.opened_ms)
    told_ms = next((e.at_ms for e in incident.history if e.what == "told"), last_ms)
    return told_ms + view.roster.policy.close_after_h * HOUR_MS


def _correct(view: View, sitting: Sitting, incident: Incident) -> None:
    """It ended by itself; a record that came later than that is still owed to the told."""
    signal = _evidence(view, incident)
    if signal is not None:
        sitting.act(incident, signal, None, State.NOTIFYING)


def _signals(view: View, incident: Incident, worry: Worry | None) -> Iterator[Signal]:
    """What happened to it that it has not answered yet, the most telling first."""
    if incident.person_id != HOME and view.roster.person(incident.person_id) is None:
        yield Signal.LEFT
        return
    row, now_ms = view.kind(incident), view.now_ms
    too_old_ms = now_ms - view.roster.policy.catch_up_h * HOUR_MS
    standing = row.ends is Ends.STANDING or (row.ends is Ends.EVIDENCE and incident.slot is None)
    # Who called, or said so in a call or at a door, is looked after, however late.
    told_late = standing or row.group in (Group.HELP, Group.CALL, Group.VISIT)
    if incident.id in view.new and not told_late and incident.due_ms < too_old_ms:
        yield Signal.TOO_OLD
        return
    evidence = _evidence(view, incident)
    if evidence is not None:
        yield evidence
    if worry is not None and worry.kind in WORSE_THAN.get(incident.worry, ()):
        yield Signal.WORSE
    if standing and worry is None:
        yield Signal.GONE
    if row.ends is Ends.TELLING and incident.told:
        yield Signal.TOLD
    if row.expires and now_ms >= _closes_ms(view, incident):
        yield Signal.EXPIRED
    yield from _turns(view, incident)


def _turns(view: View, incident: Incident) -> Iterator[Signal]:
    if incident.state is State.OPEN and not incident.tellings:
        if incident.asked_until_ms is None and ask_until_ms(view, incident) is not None:
            yield Signal.ASK_DUE
        if incident.her_answer_ms is not None:
            yield Signal.HER_ANSWER
    turn = ladder.turn(view, incident)
    if turn is not None and view.now_ms >= turn.due_ms:
        yield Signal.ACK_EXPIRED if incident.state is State.ACKED else Signal.STEP_DUE


def _evidence(view: View, incident: Incident) -> Signal | None:
    """Whether the slot was opened after all, or was not to be opened."""
    if incident.slot is None or incident.worry not in ABOUT_A_DOSE:
        return None
    seen = outcome(view.household, incident.slot, view.now_ms)
    if seen.state is not SlotState.TAKEN:
        return _NOT_OPENED_BUT.get(seen.reason)
    if seen.how is How.BY_WORD:
        return Signal.BY_WORD
    return Signal.TAKEN_IN_TIME if seen.how in IN_TIME else Signal.OPENED_LATE


_NOT_OPENED_BUT = {
    SlotReason.SKIPPED_BY_WORD: Signal.NOT_BY_WORD,
    SlotReason.CORRECTED: Signal.NOT_BY_WORD,
    SlotReason.SKIPPED_SPACING: Signal.NOT_DUE,
    SlotReason.BOX_SAYS_PAUSED: Signal.NOT_DUE,
    SlotReason.NOT_MONITORED: Signal.NOT_DUE,
}
