"""What is believed about the calls: plans, and what became of each person's call of each day.

Knows: what each of these facts changes. May not know: the time, whom any of it worries, windows.

A call that was begun and not ended before the gateway began anew was interrupted: that needs no
fact of its own. An attempt is used up by what happened at her end alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from gateway.calling import ANSWERED, INTERRUPTED, LINE_DOWN, NOT_HERS, PARTLY
from gateway.calls.conversation import FELL_SILENT, WRONG_DIGITS
from gateway.calls.known import Looked, Today
from gateway.calls.questions import SAID, SPOKE, WANTED, ends
from gateway.events import (
    CallAnswered,
    CallBegun,
    CallEnded,
    CallsConsent,
    CallsPlanned,
    Event,
    GatewayStarted,
    HospitalLeft,
    IncidentOpened,
    IncidentResolved,
    LineSeen,
    NotMonitored,
    OrderAnswered,
    RecordingDeleted,
    RecordingKept,
    TellingPaused,
)

KEY = "call/"  # of an incident that she did not answer: person, call, day
WORRY_KEY = "call_worry/"  # of one of what she said: call id
# Ends of a call that she had begun to answer after which a person should look.
CONCERNS = frozenset({SPOKE, FELL_SILENT, WRONG_DIGITS, SAID})
TaskId = tuple[str, str, str]  # person, call, day


def key_of(task_id: TaskId) -> str:
    """The key of the incident that she did not answer."""
    return KEY + "/".join(task_id)


def task_of(key: str) -> TaskId:
    """The call of a day that a key of `key_of` names; a person's id may hold any character."""
    person_id, call, day = key.removeprefix(KEY).rsplit("/", 2)
    return person_id, call, day


@dataclass(slots=True)
class Made:
    """One call as it stands; `outcome` "": it is under way."""

    begun: CallBegun
    number: str  # "": it is not known any more
    ended_ms: int | None = None
    outcome: str = ""
    why: str = ""
    answers: list[CallAnswered] = field(default_factory=list)

    @property
    def used_up(self) -> bool:
        """Whether it was an attempt that she did not answer."""
        return bool(self.outcome) and self.outcome not in (ANSWERED, PARTLY, *NOT_HERS)

    def over_ms(self, now_ms: int) -> int | None:
        """When it was over; when it began, where a clock that was ahead has dated its end."""
        if self.ended_ms is None or self.ended_ms <= now_ms:
            return self.ended_ms
        return min(self.begun.at_ms, now_ms)


@dataclass(slots=True)
class Task:
    """One person's call of one day, with all that was tried for it, in order."""

    id: TaskId
    calls: list[Made] = field(default_factory=list)

    @property
    def attempts(self) -> int:
        """How often she did not answer."""
        return sum(made.used_up for made in self.calls)

    @property
    def interrupted(self) -> int:
        """How often a call was broken off by ourselves when it may have rung."""
        return sum(made.outcome == INTERRUPTED for made in self.calls)

    @property
    def answers(self) -> dict[str, CallAnswered]:
        """What she answered by a key, by question."""
        given = (a for made in self.calls for a in made.answers if a.digit)
        return {answer.question: answer for answer in given}

    @property
    def done(self) -> bool:
        """Whether nothing is left to be asked: she was there, whether or not she went on."""
        if any(made.outcome in (ANSWERED, PARTLY) for made in self.calls):
            return True
        return any(ends(a.question, a.answer) for a in self.answers.values())

    @property
    def last(self) -> Made | None:
        """The newest call."""
        return self.calls[-1] if self.calls else None


@dataclass(slots=True)
class Unfit:
    """A line that failed: since when, when it did last, and how often since it worked."""

    since_ms: int
    at_ms: int
    times: int
    dead: bool  # its driver said so


@dataclass(slots=True)
class Calls:
    """Of a home. Owned by one thread, as all beliefs."""

    plans: dict[str, dict[str, CallsPlanned]] = field(default_factory=dict)  # by person, call
    tasks: dict[TaskId, Task] = field(default_factory=dict)
    by_person: dict[str, list[Task]] = field(default_factory=dict)  # the newest last
    made: dict[int, Made] = field(default_factory=dict)
    running: dict[int, Made] = field(default_factory=dict)
    worrying: dict[int, Made] = field(default_factory=dict)  # calls whose answers want a person
    unanswered: dict[TaskId, Task] = field(default_factory=dict)  # tried, and not done
    told: dict[int, str] = field(default_factory=dict)  # live incidents of them: their keys
    ever_told: set[TaskId] = field(default_factory=set)  # tasks that an incident was opened for
    rung: dict[str, int] = field(default_factory=dict)  # number → when a call to it was over
    lines: dict[str, Unfit] = field(default_factory=dict)  # those that failed last
    consent: dict[str, CallsConsent] = field(default_factory=dict)
    recordings: dict[int, RecordingKept] = field(default_factory=dict)  # not deleted yet
    paused: dict[str, int] = field(default_factory=dict)  # person → until when
    last_call_id: int = 0
    changes: int = field(default=0, compare=False, repr=False)  # of who is to be called when
    looked: Looked | None = field(default=None, compare=False, repr=False)
    today: Today | None = field(default=None, compare=False, repr=False)

    def note(self, event: Event) -> None:
        """A fact became known."""
        step = _STEPS.get(type(event))
        if step is not None:
            step(self, event)
        self.changes += isinstance(event, _CHANGE)

    def task(self, task_id: TaskId) -> Task:
        """That call of that day, empty where nothing was tried."""
        return self.tasks.get(task_id) or Task(task_id)

    def of(self, person_id: str) -> list[Task]:
        """Hers, the newest first."""
        return self.by_person.get(person_id, [])[::-1]

    def may_be_heard(self, call_id: int, person_id: str, today: date) -> bool:
        """Whether a recording of this call of hers stands through today, and she consents."""
        kept, consent = self.recordings.get(call_id), self.consent.get(person_id)
        if kept is None or kept.person_id != person_id or consent is None:
            return False
        return consent.given and today.isoformat() <= kept.until_day


def _planned(calls: Calls, event: CallsPlanned) -> None:
    hers = calls.plans.setdefault(event.person_id, {})
    hers[event.call] = event
    if event.plan is None:
        del hers[event.call]
    if not hers:
        del calls.plans[event.person_id]


def _begun(calls: Calls, event: CallBegun) -> None:
    task_id = (event.person_id, event.call, event.day)
    if task_id not in calls.tasks:
        calls.tasks[task_id] = Task(task_id)
        calls.by_person.setdefault(event.person_id, []).append(calls.tasks[task_id])
    task = calls.tasks[task_id]
    plan = calls.plans.get(event.person_id, {}).get(event.call)
    made = Made(event, plan.plan["number"] if plan is not None and plan.plan else "")
    task.calls.append(made)
    calls.made[event.call_id] = calls.running[event.call_id] = made
    calls.last_call_id = max(calls.last_call_id, event.call_id)


def _answered(calls: Calls, event: CallAnswered) -> None:
    made = calls.made.get(event.call_id)
    if made is not None:
        made.answers.append(event)
        if event.answer in WANTED:
            calls.worrying[event.call_id] = made


def _ended(calls: Calls, event: CallEnded) -> None:
    made = calls.running.pop(event.call_id, None)
    if made is None:
        return  # the gateway began anew meanwhile: it is over already
    _over(calls, made, event.at_ms, event.outcome, event.why)
    line = made.begun.line
    if event.outcome == LINE_DOWN:
        _failed(calls, line, event.at_ms, dead=False)
    elif event.outcome != INTERRUPTED:
        calls.lines.pop(line, None)


def _over(calls: Calls, made: Made, at_ms: int, outcome: str, why: str) -> None:
    made.ended_ms, made.outcome, made.why = at_ms, outcome, why
    begun = made.begun
    task = calls.tasks[begun.person_id, begun.call, begun.day]
    if made.number and outcome != LINE_DOWN:
        calls.rung[made.number] = at_ms
    wanted = any(answer.answer in WANTED for answer in made.answers)  # told of already
    if outcome == PARTLY and why in CONCERNS and not wanted:
        calls.worrying[begun.call_id] = made
    if task.done:
        calls.unanswered.pop(task.id, None)
    elif task.attempts:
        calls.unanswered[task.id] = task


def _failed(calls: Calls, line: str, at_ms: int, *, dead: bool) -> None:
    before = calls.lines.get(line, Unfit(at_ms, at_ms, 0, dead=False))
    calls.lines[line] = Unfit(before.since_ms, at_ms, before.times + 1, dead or before.dead)


def _line(calls: Calls, event: LineSeen) -> None:
    if event.works:
        calls.lines.pop(event.line, None)
    else:
        _failed(calls, event.line, event.at_ms, dead=True)


def _started(calls: Calls, event: GatewayStarted) -> None:
    for made in list(calls.running.values()):
        _over(calls, made, event.at_ms, INTERRUPTED, "the gateway was restarted")
    calls.running.clear()


def _told(calls: Calls, event: IncidentOpened) -> None:
    if event.key.startswith((KEY, WORRY_KEY)):
        calls.told[event.incident_id] = event.key
    if event.key.startswith(KEY):
        calls.ever_told.add(task_of(event.key))


def _resolved(calls: Calls, event: IncidentResolved) -> None:
    """What was looked after is not looked at again."""
    key = calls.told.pop(event.incident_id, "")
    if key.startswith(WORRY_KEY):
        calls.worrying.pop(int(key.removeprefix(WORRY_KEY)), None)
    elif key:
        calls.unanswered.pop(task_of(key), None)


def _kept(calls: Calls, event: RecordingKept) -> None:
    calls.recordings[event.call_id] = event


def _paused(calls: Calls, event: TellingPaused) -> None:
    calls.paused[event.person_id] = event.until_ms


# What changes on which days, in which hours and whether somebody is to be called.
_CHANGE = (CallsPlanned, HospitalLeft, NotMonitored, OrderAnswered, TellingPaused)

_STEPS = cast(
    "dict[type[Event], Callable[[Calls, Any], None]]",
    {
        CallsPlanned: _planned,
        CallBegun: _begun,
        CallAnswered: _answered,
        CallEnded: _ended,
        LineSeen: _line,
        GatewayStarted: _started,
        IncidentOpened: _told,
        IncidentResolved: _resolved,
        TellingPaused: _paused,
        CallsConsent: lambda calls, event: calls.consent.update({event.person_id: event}),
        RecordingKept: _kept,
        RecordingDeleted: lambda calls, event: calls.recordings.pop(event.call_id, None),
    },
)
