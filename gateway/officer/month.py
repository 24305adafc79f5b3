"""The month's report as figures: people per net, signs, incidents, answers, visits, calls, doses.

Knows: what each figure counts. May not know: words, a page, the time (an argument).

    sections(Seen(…))  →  Section(key, columns, lines); a line is a code and its values, None where
    there is nothing to count. What a section counts stands in the catalogue ("month.<key>.what")
    and is printed beside it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.adherence import State
from gateway.calling import OUTCOMES
from gateway.coverage.nets import Nets
from gateway.incidents import Incident, Ledger
from gateway.incidents.budget import NEWS, Alarms, counted
from gateway.incidents.reasons import Reason
from gateway.life.signs import Source
from gateway.netting import NETS
from gateway.officer.doses import NOT_OVER
from gateway.officer.months import (
    CALL,
    CALLS_BEGUN,
    DELIVERY,
    HEARD,
    REPORT,
    SIGN,
    VISIT,
    Tally,
    days_of,
)
from gateway.roster import Roster
from gateway.units import MIN_MS
from gateway.visiting.visits import DELIVERIES, VISITS
from gateway.zones import instant_ms

N, SHARE, MINUTES = "n", "share", "minutes"
TOLD, NEEDED, FALSE, LIVE = "told", "needed", "false", "live"
ALL = "all"
OF_TEN = 0.9
DOSES = (
    "taken_on_time",
    "taken_early",
    "taken_late",
    "taken_by_word",
    "missed",
    "skipped",
    "doubtful",
    "unknown",
    "paused",
    NOT_OVER,
)
# Not over, or nobody can say how it went.
OF_NO_SHARE = frozenset({State.UNKNOWN, State.PAUSED, NOT_OVER})
TEXTS = ("delivered", "submitted", "unreported", "undelivered", "withdrawn", "pending")
BY_A_PERSON = frozenset({Reason.BY_PERSON, Reason.FALSE_ALARM, Reason.BY_WORD})
Value = int | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about (a code of its section) and a value for each column."""

    code: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under the same heads; `columns`: of N, SHARE (percent), MINUTES and the alarms'."""

    key: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a month's figures are reckoned of."""

    month: str
    roster: Roster
    nets: Nets
    ledger: Ledger
    tally: Tally
    doses: Counter[str]


def sections(seen: Seen) -> tuple[Section, ...]:
    """The whole report; raises ValueError for what is no month."""
    told = _told(seen)
    return (
        _people(seen),
        _by_code("signs", seen.tally, SIGN, (*Source,)),
        Section("seen", (N,), (Line("persons", (len(seen.tally.seen),)),)),
        _incidents(told),
        _answers(told),
        _by_code("visits", seen.tally, VISIT, VISITS),
        _by_code("deliveries", seen.tally, DELIVERY, DELIVERIES),
        Section("reports", (N,), (Line("new", (seen.tally.counts[REPORT, "new"],)),)),
        _calls(seen.tally),
        _doses(seen.doses),
        _texts(seen),
    )


def _people(seen: Seen) -> Section:
    known = seen.nets.at_month(seen.month)
    if known is None:
        return Section("people", (N, SHARE), ())
    lines = {
        "known": known.people,
        "looked_after": known.persons,
        "covered": known.covered,
        "uncovered": known.uncovered,
        "refused": known.refused,
        **{net: known.by_net.get(net, 0) for net in NETS},
    }
    return Section("people", (N, SHARE), _shared(lines, known.people))


def _incidents(told: Sequence[Incident]) -> Section:
    by_worry: dict[str, list[Incident]] = {}
    for incident in told:
        by_worry.setdefault(incident.worry, []).append(incident)
    alarms = {ALL: counted(told, 1), **{of: counted(some, 1) for of, some in by_worry.items()}}
    order = sorted(alarms, key=lambda of: (of != ALL, -alarms[of].told, of))
    return Section(
        "incidents",
        (TOLD, NEEDED, FALSE, LIVE),
        tuple(Line(of, _of_alarms(alarms[of])) for of in order),
    )


def _of_alarms(of: Alarms) -> tuple[Value, ...]:
    return of.told, of.needed, of.false, of.live


def _answers(told: Sequence[Incident]) -> Section:
    """How long it took until somebody took it on, from the first text about it."""
    waited = sorted(ms for ms in map(answered_after_ms, told) if ms is not None)
    lines = (
        Line("answered", (len(waited), None)),
        Line("unanswered", (len(told) - len(waited), None)),
        Line("half", (None, _minutes(_ranked(waited, 0.5)))),
        Line("nine_of_ten", (None, _minutes(_ranked(waited, OF_TEN)))),
        Line("longest", (None, _minutes(_ranked(waited, 1)))),
    )
    return Section("answers", (N, MINUTES), lines)


def answered_after_ms(incident: Incident) -> int | None:
    """From the first text about it to somebody who takes or ends it; None: nobody did."""
    told_ms = next((e.at_ms for e in incident.history if e.what == "told"), None)
    if told_ms is None:
        return None
    for entry in incident.history:
        taken = entry.what in ("acknowledged", "arrived")
        ended = entry.what == "resolved" and entry.reason in BY_A_PERSON
        others = entry.detail not in ("", incident.person_id)
        if entry.at_ms >= told_ms and others and (taken or ended):
            return entry.at_ms - told_ms
    return None


def _calls(tally: Tally) -> Section:
    """Every dialling that ended, by how; those in which she pressed a digit at the top."""
    ended = {of: tally.counts[CALL, of] for of in OUTCOMES}
    heard = sum(n for of, n in ended.items() if of in HEARD)
    begun = sum(n for (what, _of), n in tally.counts.items() if what == CALLS_BEGUN)
    lines = {"begun": begun, "heard": heard, **ended}
    return Section("calls", (N, SHARE), _shared(lines, begun))


def _doses(found: Counter[str]) -> Section:
    over = sum(n for state, n in found.items() if state not in OF_NO_SHARE)
    lines = (
        Line(state, (found[state], None if state in OF_NO_SHARE else _share(found[state], over)))
        for state in DOSES
    )
    return Section("doses", (N, SHARE), (Line(ALL, (sum(found.values()), None)), *lines))


def _texts(seen: Seen) -> Section:
    from_ms, to_ms = span_ms(seen)
    out = [
        text
        for text in seen.ledger.texts.values()
        if text.direction == "out" and from_ms <= text.decided_ms < to_ms
    ]
    states = Counter("pending" if text.state == "sending" else text.state for text in out)
    lines = {ALL: len(out), **{state: states[state] for state in TEXTS}}
    return Section("texts", (N, SHARE), _shared(lines, len(out)))


def _told(seen: Seen) -> list[Incident]:
    """The alarms of the month: begun in it, told to somebody, and more than news."""
    from_ms, to_ms = span_ms(seen)
    return [
        incident
        for incident in seen.ledger.incidents.values()
        if from_ms <= incident.opened_ms < to_ms and incident.told and incident.worry not in NEWS
    ]


def span_ms(seen: Seen) -> tuple[int, int]:
    """When the month begins and ends there."""
    first, after = days_of(seen.month)
    zone = seen.roster.zone
    return instant_ms(first, "00:00", zone), instant_ms(after, "00:00", zone)


def _by_code(key: str, tally: Tally, what: str, codes: Iterable[str]) -> Section:
    lines = (Line(str(code), (tally.counts[what, str(code)],)) for code in codes)
    return Section(key, (N,), tuple(lines))


def _shared(lines: dict[str, int], whole: int) -> tuple[Line, ...]:
    return tuple(Line(code, (n, _share(n, whole))) for code, n in lines.items())


def _share(n: int, whole: int) -> float | None:
    return 100 * n / whole if whole else None


def _ranked(sorted_ms: Sequence[int], share: float) -> int | None:
    """The nearest-rank percentile: so many of them did not take longer."""
    return sorted_ms[math.ceil(share * len(sorted_ms)) - 1] if sorted_ms else None


def _minutes(ms: int | None) -> float | None:
    return None if ms is None else ms / MIN_MS
