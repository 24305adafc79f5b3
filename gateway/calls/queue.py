"""Who is called next, and when: plans, attempts and lines become calls that are begun.

Knows: windows, attempts and their distances, stays and pauses, lines that rest.
May not know: telephones, what is said in a call; the time is an argument.

Three attempts in the hours of a day, as far apart as these allow. What our own line or gateway
broke off used none up: she is called again, and asked only what she has not answered. The call is
written down before it rings, so that whoever is restarted knows whom it may have rung.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from gateway.calling import INTERRUPTED, NOT_HERS, CallBegun, CallsPlanned
from gateway.calls.conversation import Asked
from gateway.calls.medicine import question_of
from gateway.calls.questions import ASKED, MEDICATION, name_of
from gateway.calls.today import today
from gateway.calls.windows import coming, window
from gateway.household import Household
from gateway.life.silence import away_until, stays
from gateway.roster import Person
from gateway.units import MIN_MS
from gateway.zones import local

ATTEMPTS = 3
INTERRUPTED_MOST = 3  # a gateway that starts in a circle must not ring her in a circle
GAP_MOST_MS = 60 * MIN_MS
REST_MS = 5 * MIN_MS  # between two calls to one number, whoever of them is called
SOON_MS = 2 * MIN_MS  # after we broke it off
LINE_RESTS_MS = tuple(n * MIN_MS for n in (1, 2, 4, 8, 15))  # by how often it failed
RING_MS = 45_000  # to get up and walk to it


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that may begin from `ready_ms` on, and before `until_ms`."""

    planned: CallsPlanned
    day: str
    attempts: int
    ready_ms: int
    until_ms: int

    @property
    def number(self) -> str:
        """Where it rings."""
        return str((self.planned.plan or {})["number"])


@dataclass(frozen=True, slots=True)
class What:
    """How a call that was begun is made."""

    number: str
    language: str
    name: str
    asked: Asked
    record: bool


def due(household: Household, line: str, lines: int, now_ms: int) -> list[CallBegun]:
    """The calls to begin now: no more than a line has room for, whoever waits longest first."""
    calls = household.calls
    free = lines - sum(made.begun.line == line for made in calls.running.values())
    if free <= 0 or now_ms < _line_rests_until_ms(household, line, now_ms):
        return []
    ringing = {made.number for made in calls.running.values()}
    begun: list[CallBegun] = []
    waiting = (r for r in _ready(household, now_ms) if r.ready_ms <= now_ms < r.until_ms)
    for ready in sorted(waiting, key=_order):
        if len(begun) < free and ready.number not in ringing:
            ringing.add(ready.number)
            of = ready.planned
            call_id, attempt = calls.last_call_id + len(begun) + 1, ready.attempts + 1
            begun.append(
                CallBegun(now_ms, call_id, of.person_id, of.call, ready.day, attempt, line)
            )
    return begun


def _order(ready: Ready) -> tuple[int, int, str, str]:
    """Whoever was never rung comes before whoever did not answer."""
    return ready.attempts, ready.ready_ms, ready.planned.person_id, ready.planned.call


def _line_rests_until_ms(household: Household, line: str, now_ms: int) -> int:
    unfit = household.calls.lines.get(line)
    if unfit is None or unfit.at_ms > now_ms:
        return 0  # what a clock that was ahead has dated holds nobody back
    return unfit.at_ms + LINE_RESTS_MS[min(unfit.times, len(LINE_RESTS_MS)) - 1]


def _ready(household: Household, now_ms: int) -> Iterator[Ready]:
    """Every call of today that may still be made, of everybody who is there to be called."""
    for planned, day in _open(household, now_ms):
        person = household.roster.person(planned.person_id) if household.roster else None
        if person is not None and _kept_from(household, person, now_ms) is None:
            ready = ready_of(household, planned, day, now_ms)
            if ready is not None:
                yield ready


def _open(household: Household, now_ms: int) -> list[tuple[CallsPlanned, date]]:
    """Whose hours of today have begun, and who has calls left in them."""
    of, roster = today(household, now_ms), household.roster
    if of is None or roster is None:
        return []
    day = local(now_ms, roster.zone).date()
    begun = bisect_right(of.waiting, now_ms, key=itemgetter(0))
    left = [hours for hours in of.waiting[:begun] if not _over(household, hours[2], day)]
    of.waiting[:begun] = left
    return [(planned, day) for _begins_ms, until_ms, planned in left if now_ms < until_ms]


def _over(household: Household, planned: CallsPlanned, day: date) -> bool:
    """Whether nothing is left of that day's call: she answered, all was tried, or it was told."""
    calls = household.calls
    task = calls.task((planned.person_id, planned.call, day.isoformat()))
    tried_out = task.attempts >= ATTEMPTS or task.interrupted >= INTERRUPTED_MOST
    return task.done or tried_out or task.id in calls.ever_told


def _kept_from(household: Household, person: Person, now_ms: int) -> int | None:
    """Until when she is not called, being away or paused; None: she is."""
    ends = (
        away_until(household, person, now_ms),
        household.calls.paused.get(person.id),
    )
    return max((ms for ms in ends if ms is not None and ms > now_ms), default=None)


def kept_from_within(household: Household, person: Person, begin_ms: int, end_ms: int) -> bool:
    """Whether she was away or paused at any time between two instants."""
    away = any(a < end_ms and begin_ms < b for a, b in stays(household, person))
    return away or household.calls.paused.get(person.id, 0) > begin_ms


def ready_of(household: Household, planned: CallsPlanned, day: date, now_ms: int) -> Ready | None:
    """When the next attempt of a day may begin; None: none will."""
    roster, calls = household.roster, household.calls
    if roster is None:
        return None
    begins_ms, until_ms = window(planned, day, roster.zone)
    task = calls.task((planned.person_id, planned.call, day.isoformat()))
    if _over(household, planned, day):
        return None
    last, planned_ms = task.last, planned.at_ms
    ready_ms = max(begins_ms, planned_ms) if planned_ms <= now_ms else begins_ms
    over_ms = last.over_ms(now_ms) if last is not None else None
    if last is not None and over_ms is None:
        return None  # it is under way
    if last is not None and over_ms is not None:
        apart_ms = (until_ms - over_ms) // (ATTEMPTS - task.attempts + 1)
        gap_ms = max(REST_MS, min(GAP_MOST_MS, apart_ms))
        if last.outcome in NOT_HERS:
            gap_ms = SOON_MS if last.outcome == INTERRUPTED else 0
        ready_ms = max(ready_ms, over_ms + gap_ms)
    if last is None or last.outcome not in NOT_HERS:
        rung_ms = calls.rung.get(str((planned.plan or {})["number"]))
        if rung_ms is not None and rung_ms <= now_ms:
            ready_ms = max(ready_ms, rung_ms + REST_MS)
    if ready_ms >= until_ms:
        return None
    return Ready(planned, day.isoformat(), task.attempts, ready_ms, until_ms)


def what(household: Household, begun: CallBegun, now_ms: int) -> What:
    """How this call is made. KeyError where it was not begun."""
    calls, roster = household.calls, household.roster
    made = calls.made[begun.call_id]
    planned = calls.plans.get(begun.person_id, {}).get(begun.call)
    plan = (planned.plan if planned else None) or {}
    person = roster.person(begun.person_id) if roster else None
    kept = calls.task((begun.person_id, begun.call, begun.day)).answers
    consent = calls.consent.get(begun.person_id)
    return What(
        number=made.number,
        language=str(plan.get("language", roster.language if roster else "ko")),
        name=person.name if person else "",
        asked=Asked(_questions(household, begun, frozenset(kept), now_ms), again=bool(kept)),
        record=consent is not None and consent.given,
    )


def _questions(
    household: Household, begun: CallBegun, kept: frozenset[str], now_ms: int
) -> tuple[str, ...]:
    """What is asked: the first one always, for who picks up now may be a voicemail."""
    first, *others = ASKED[begun.call]
    left = []
    for question in others:
        asked = question
        if question == MEDICATION:
            asked = question_of(household, begun.person_id, begun.day, now_ms)
        if asked and name_of(asked) not in kept:
            left.append(asked)
    return (first, *left)


def next_call_ms(household: Household, person_id: str, now_ms: int) -> int | None:
    """When she is called next, as far as that is known; None: she is not."""
    roster = household.roster
    person = roster.person(person_id) if roster else None
    if roster is None or person is None:
        return None
    from_ms = _kept_from(household, person, now_ms) or now_ms
    found = []
    for planned in household.calls.plans.get(person_id, {}).values():
        for day in coming(household, planned, local(from_ms, roster.zone).date()):
            ready = ready_of(household, planned, day, now_ms)
            if ready is not None and ready.until_ms > from_ms:
                found.append(max(ready.ready_ms, from_ms))
                break
    return min(found, default=None)


def next_ms(household: Household, now_ms: int) -> int | None:
    """When to look again though nothing happened: a call comes due, a line has rested."""
    of = today(household, now_ms)
    if of is None:
        return None
    found = [of.after_ms]
    for planned, day in _open(household, now_ms):
        person = household.roster.person(planned.person_id) if household.roster else None
        ready = ready_of(household, planned, day, now_ms)
        if person is not None and ready is not None:
            found.append(max(ready.ready_ms, _kept_from(household, person, now_ms) or 0))
    begun = bisect_right(of.waiting, now_ms, key=itemgetter(0))
    found += [begins_ms for begins_ms, _until_ms, _planned in of.waiting[begun : begun + 1]]
    lines = household.calls.lines
    found += [_line_rests_until_ms(household, line, now_ms) for line in lines]
    return min((ms for ms in found if ms is not None and ms > now_ms), default=None)
