"""Whose turn it is: the steps of an incident's ladder over time, and who was told.

Knows: delays, failed texts, what was held, the repeated last step.
May not know: why somebody is held (manners.py), what a text says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.incidents.hours import next_ms
from gateway.incidents.kinds import Asks, Kind, Ladder
from gateway.incidents.ledger import Ledger
from gateway.incidents.purposes import STEPS
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Incident, Text
from gateway.incidents.table import State
from gateway.incidents.view import Steps, View
from gateway.roster import Guardian
from gateway.units import HOUR_MS, MIN_MS

TECHNICAL_STEP_MS = 30 * MIN_MS  # between the steps of a ladder that nobody gave delays
LEFT_OUT = frozenset({Reason.STOPPED, Reason.NOT_HER_KIND})
PASS_AT_ONCE = frozenset({Reason.OFF_DUTY, *LEFT_OUT})
FAILED = frozenset({"undelivered", "unreported", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn is next, at which instant that is due, and why."""

    step: int
    guardians: tuple[Guardian, ...]
    due_ms: int
    reason: Reason


def turn(view: View, incident: Incident) -> Turn | None:
    """The next turn of an incident; None where there is none before something happens.

    While somebody has it the turn is due when that ends.
    """
    steps = view.steps(incident)
    if not steps or (view.absorber(incident) and "" in incident.tellings):
        return None
    if incident.state is State.ACKED and incident.acked_until_ms is not None:
        following = _following(incident, steps)
        at = following[0] if following else len(steps) - 1
        people = following[1] if following else steps[at]
        return Turn(at, people, incident.acked_until_ms, Reason.ACK_EXPIRED)
    turns = [*_held(incident, steps), *_on(view, incident, steps)]
    turns += _latest(view, incident, steps)
    borne_ms = view.borne_until_ms(incident)
    borne = [replace(t, due_ms=max(t.due_ms, borne_ms)) for t in turns]
    return min(borne, key=lambda t: t.due_ms, default=None)


def _held(incident: Incident, steps: Steps) -> list[Turn]:
    """Those who were not told at their turn, each when that is looked at again."""
    found = []
    for at, step in enumerate(steps):
        for guardian in step:
            telling = incident.tellings.get(guardian.id)
            if telling is not None and telling.until_ms is not None:
                found.append(Turn(at, (guardian,), telling.until_ms, Reason.HELD))
    return found


def _on(view: View, incident: Incident, steps: Steps) -> list[Turn]:
    """The step after the last one, or the last one once more."""
    following = _following(incident, steps)
    if following is None:
        return _again(view, incident, steps)
    at, people = following
    due_ms, reason = _due(view, incident, steps, at)
    row = view.kind(incident)
    return [Turn(at, people, _by_day(view, row, due_ms), reason)]


def _latest(view: View, incident: Incident, steps: Steps) -> list[Turn]:
    """The officers, where they are to be told by a certain time, whoever was told before them."""
    due_ms = view.latest_ms(incident)
    if due_ms is None:
        return []
    for at, step in enumerate(steps):
        people = tuple(g for g in step if g.role == "officer" and _new(incident.tellings.get(g.id)))
        if people:
            due_ms = max(due_ms, incident.opened_ms)
            return [Turn(at, people, due_ms, Reason.LEVEL_REACHED)]
    return []


def _following(incident: Incident, steps: Steps) -> tuple[int, tuple[Guardian, ...]] | None:
    """The first step with somebody whose turn it never was."""
    for at, step in enumerate(steps):
        people = tuple(g for g in step if _new(incident.tellings.get(g.id)))
        if people:
            return at, people
    return None


def _new(telling: object) -> bool:
    return telling is None or getattr(telling, "reason", "") in LEFT_OUT


def _due(view: View, incident: Incident, steps: Steps, at: int) -> tuple[int, Reason]:
    asked = view.kind(incident).asks is Asks.UNTIL_DUE
    begun_ms = max(incident.opened_ms, incident.due_ms) if asked else incident.opened_ms
    due_ms = (incident.asked_until_ms or begun_ms) + _delay_ms(view, incident, steps, at)
    if not any(key for key, t in incident.tellings.items() if t.reason not in LEFT_OUT and key):
        return due_ms, Reason.FIRST_STEP
    if _step_failed(view.ledger, incident):
        return incident.step_ms, Reason.STEP_FAILED
    # Where the step before came late (somebody had it, the gateway was away) this one does too.
    gap_ms = _delay_ms(view, incident, steps, at) - _delay_ms(view, incident, steps, max(0, at - 1))
    return max(due_ms, incident.step_ms + gap_ms), Reason.NEXT_STEP


def _delay_ms(view: View, incident: Incident, steps: Steps, at: int) -> int:
    """After how long a step is told. Where the first person is not asked, the others are sooner."""
    if view.kind(incident).ladder is not Ladder.CARE:
        return at * TECHNICAL_STEP_MS
    usual = min(g.after_min for g in view.people(incident))
    first = min(g.after_min for step in steps for g in step)
    delays = [max(g.after_min for g in step) for step in steps[: at + 1]]
    return (max(delays) - (first - usual)) * MIN_MS


def _by_day(view: View, row: Kind, due_ms: int) -> int:
    """What has time is told at the hour for it."""
    at = view.roster.policy.news_at
    return next_ms(at, due_ms, view.roster.zone) if row.by_day else due_ms


def _again(view: View, incident: Incident, steps: Steps) -> list[Turn]:
    """The last step once more; where all of it is held, the last one that is not."""
    row, policy = view.kind(incident), view.roster.policy
    times = policy.repeat_limit if row.repeat.times is None else row.repeat.times
    each_min = policy.repeat_min if row.repeat.each_min is None else row.repeat.each_min
    wait_ms = (each_min if incident.repeats < times else row.repeat.later_min) * MIN_MS
    due_ms = incident.step_ms + wait_ms
    if row.by_day:
        due_ms = _by_day(view, row, incident.step_ms + HOUR_MS)
    for at in range(len(steps) - 1, -1, -1):
        free = [g for g in steps[at] if incident.tellings[g.id].until_ms is None]
        if free:
            return [Turn(at, tuple(free), due_ms, Reason.REPEAT)]
    return []


def _step_failed(ledger: Ledger, incident: Incident) -> bool:
    """Whether no text of the last step can arrive any more, or nobody of it was to be told."""
    last = [
        text
        for text in (ledger.texts[i] for i in incident.texts)
        if text.decided_ms == incident.step_ms and text.purpose in STEPS
    ]
    if last:
        return all(text.state in FAILED for text in last)
    at_step = [t for t in incident.tellings.values() if t.at_ms == incident.step_ms]
    return bool(at_step) and all(t.reason in PASS_AT_ONCE for t in at_step)


def told(view: View, incident: Incident, *, withdrawing: bool = False) -> tuple[Guardian, ...]:
    """Everybody who was told about an incident by a text that may have arrived.

    `withdrawing`: what nobody took out of the outbox yet will not arrive.
    """
    texts = [view.ledger.texts[i] for i in incident.texts]
    reached = {text.guardian_id for text in texts if _may_arrive(text, withdrawing)}
    people = view.people(incident)
    return tuple(g for g in people if g.id in incident.told and g.id in reached)


def _may_arrive(text: Text, withdrawing: bool) -> bool:
    if text.purpose not in STEPS or text.state == "withdrawn":
        return False
    if text.state == "undelivered":
        return text.lost
    return not (withdrawing and text.state == "pending")
