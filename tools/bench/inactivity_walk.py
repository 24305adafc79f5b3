"""Day by day through a recording: what each detector would have said, and how late.

Knows: the gateway's detectors, false alarms, simulated ends. May not know: files, columns, charts.

Every day at 00:00 a line is fitted from what was known by then. A silence is judged by the line of
the day it began on. False alarm: a sign came after the line was reached, and the silence was under
48 h by the wall clock; longer ones are absences and counted apart (so are those that an outage made
that long). Delay: of an end of all activity at any minute that was seen, each as likely, inside the
silences that count: the seen time from there until the line; 0 where it was reached already.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from itertools import pairwise

from gateway.life.detector import WARM_DAYS, Choice, Detector, Line, due, fitted
from gateway.life.history import (
    ABSENCE_MS,
    HISTORY_DAYS,
    Clock,
    History,
    Seen,
    half_hours,
    watched_days,
)
from gateway.life.spans import Span, within
from gateway.units import DAY_MS, MIN_MS
from gateway.zones import instant_ms, local

NO_CAP_H = 168
ZONE = UTC  # recordings carry local time as it stands


@dataclass(frozen=True, slots=True)
class Candidate:
    """A detector as it is measured."""

    name: str
    choice: Choice
    cap_h: int


@dataclass(slots=True)
class Score:
    """What came of one detector in one home."""

    alarms: int = 0
    seen_ms: int = 0
    absences: int = 0
    absences_told: int = 0
    absences_with_outage: int = 0
    delays: dict[int, int] = field(default_factory=dict)  # minute of delay → change of the count
    told: list[int] = field(default_factory=list)  # ms at which a false alarm was given

    @property
    def days(self) -> float:
        """Days judged: those of absences and outages are not in it."""
        return self.seen_ms / DAY_MS

    def add_delays(self, due_min: int, silent_min: int) -> None:
        """An end at each minute of a silence: due − 0, due − 1, …, never under 0."""
        low = max(0, due_min - silent_min)
        self._put(low + 1, due_min + 1, 1)
        if silent_min > due_min:
            self._put(0, 1, silent_min - due_min)

    def _put(self, low: int, high: int, count: int) -> None:
        if high > low:
            self.delays[low] = self.delays.get(low, 0) + count
            self.delays[high] = self.delays.get(high, 0) - count

    def spread(self) -> tuple[float, float] | None:
        """Mean and 95th percentile of the delay in hours; None where nothing was judged."""
        counts: list[tuple[int, int, int]] = []  # from, until, ends a minute
        height = 0
        edges = sorted(self.delays)
        for low, high in pairwise(edges):
            height += self.delays[low]
            counts.append((low, high, height))
        total = sum((high - low) * n for low, high, n in counts)
        if not total:
            return None
        sums = sum((low + high - 1) / 2 * (high - low) * n for low, high, n in counts)
        return sums / total / 60, _quantile(counts, 0.95 * total) / 60


def _quantile(counts: list[tuple[int, int, int]], wanted: float) -> float:
    for low, high, height in counts:
        held = (high - low) * height
        if held >= wanted:
            return low + wanted / height
        wanted -= held
    return counts[-1][1]


class Walk:
    """One source of one home, cut into half hours once; `score` walks it with each candidate."""

    def __init__(
        self, signs_ms: list[int], unseen: list[Span], since_ms: int, until_ms: int
    ) -> None:
        clock = Clock(unseen)
        self.unseen, self.clock = unseen, clock
        self.seen = Seen(tuple(ms for ms in signs_ms if clock.sees(ms)), tuple(unseen), since_ms)
        first = local(since_ms, ZONE).date()
        last = local(until_ms, ZONE).date()
        self._known = half_hours(self.seen.signs_ms, clock, first, last, ZONE)
        self._at = [half_hour.at_ms for half_hour in self._known]
        self._silences = list(pairwise(self.seen.signs_ms))
        self._pasts: dict[date, History] = {}
        self.days = clock.seen_ms(since_ms, until_ms) / DAY_MS

    def past(self, day: date) -> History:
        """`gateway.life.history.history` at 00:00 of a local day; the test holds them together."""
        if day not in self._pasts:
            now_ms = instant_ms(day, "00:00", ZONE)
            first_ms = instant_ms(day - timedelta(days=HISTORY_DAYS), "00:00", ZONE)
            low, high = bisect_left(self._at, first_ms), bisect_left(self._at, now_ms)
            kept = [h for h in self._known[low:high] if h.sign_ms < now_ms]
            self._pasts[day] = History(tuple(kept), watched_days(self.seen, now_ms))
        return self._pasts[day]

    def score(self, candidate: Candidate, from_ms: int = 0, until_ms: int = 1 << 62) -> Score:
        """Judges every silence that began after the warm-up and between two instants."""
        score = Score()
        lines: dict[date, Line] = {}
        begins_ms = max(from_ms, self.seen.since_ms + WARM_DAYS * DAY_MS)
        for last, then in self._silences:
            if not begins_ms <= last < until_ms:
                continue
            day = local(last, ZONE).date()
            if day not in lines:
                lines[day] = self._line(day, candidate)
            self._judge(score, lines[day], candidate.cap_h, last, then)
        return score

    def _line(self, day: date, candidate: Candidate) -> Line:
        now_ms = instant_ms(day, "00:00", ZONE)
        if candidate.choice.detector is Detector.CAPS:  # it learns nothing
            return Line(Detector.CAPS, now_ms, WARM_DAYS, warm=True)
        return fitted(self.past(day), now_ms, candidate.choice)

    def _judge(self, score: Score, line: Line, cap_h: int, last: int, then: int) -> None:
        hidden = within(self._around(last, then), last, then)
        told = due(line, last, hidden, cap_h, ZONE)
        if then - last >= ABSENCE_MS:
            score.absences += 1
            score.absences_told += told.at_ms < then
            score.absences_with_outage += bool(hidden)
            return
        silent_ms = self.clock.seen_ms(last, then)
        score.seen_ms += silent_ms
        due_ms = (
            told.at_ms - last - sum(min(e, told.at_ms) - b for b, e in hidden if b < told.at_ms)
        )
        score.add_delays(due_ms // MIN_MS, silent_ms // MIN_MS)
        if told.at_ms < then:
            score.alarms += 1
            score.told.append(told.at_ms)

    def _around(self, last: int, then: int) -> list[Span]:
        """The unseen spans that may lie between two instants."""
        low = bisect_right(self.unseen, (last, 0)) - 1
        high = bisect_left(self.unseen, (then, 0))
        return self.unseen[max(0, low) : high]


def candidates() -> list[Candidate]:
    """What the table compares; the last one is what is shipped."""
    return [
        Candidate("fixed 24 h", Choice(Detector.CAPS), 24),
        Candidate("fixed 50 h", Choice(Detector.CAPS), 50),
        Candidate("Cuddihy ×1.0, no cap", Choice(Detector.CUDDIHY, cuddihy_factor=1.0), NO_CAP_H),
        Candidate("Cuddihy ×1.5, cap 24 h", Choice(Detector.CUDDIHY), 24),
        Candidate("hazard, cap 24 h", Choice(Detector.HAZARD), 24),
        Candidate("usual, cap 50 h", Choice(Detector.USUAL), 50),
        Candidate("usual, cap 36 h", Choice(Detector.USUAL), 36),
        Candidate("usual, cap 24 h", Choice(Detector.USUAL), 24),
    ]


def sweep() -> dict[str, list[Candidate]]:
    """The trade-off: each detector by its one parameter, cap 24 h."""
    shapes: dict[str, tuple[Callable[[float], Choice], tuple[float, ...]]] = {
        "usual, by its margin (h)": (
            lambda margin_h: Choice(Detector.USUAL, usual_margin_min=round(margin_h * 60)),
            (2, 3, 4, 5, 6, 7, 8, 10, 12),
        ),
        "Cuddihy, by its factor": (
            lambda factor: Choice(Detector.CUDDIHY, cuddihy_factor=factor),
            (0.7, 0.85, 1.0, 1.25, 1.5, 1.75, 2.0, 3.0),
        ),
        "hazard, by alarms a month": (
            lambda alarms: Choice(Detector.HAZARD, hazard_alarms_a_month=alarms),
            (3.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02),
        ),
    }
    return {
        name: [Candidate(f"{value:g}", make(value), 24) for value in values]
        for name, (make, values) in shapes.items()
    }
