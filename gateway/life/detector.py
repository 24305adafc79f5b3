"""From when on a silence is too long for this person: learnt once a day, asked at each sign.

Knows: the detectors there are, their measured defaults, floor and cap. May not know: what a sign
was, whom to tell, the log; the time is an argument.

A detector is a pure function of signs and of spans in which none could be seen. `anbu bench
inactivity` measures all of them; its figures made USUAL the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from gateway.life import cuddihy, hazard
from gateway.life.history import SLOT_MS, SLOTS, Clock, History, Seen, history, quantile
from gateway.life.spans import Span, united
from gateway.units import HOUR_MS, MIN_MS
from gateway.zones import local

__all__ = [
    "DEFAULT", "Choice", "Detector", "Due", "Line", "Seen", "Why", "due", "fit", "fitted",
    "seen_silence_ms",
]  # fmt: skip

FLOOR_MS = 6 * HOUR_MS
WARM_DAYS = 28
USUAL_SHARE = 0.9  # nine days of ten a sign came by then
USUAL_DAYS = 14  # so many days say what is usual


class Detector(StrEnum):
    """What sets a personal line inside the cap."""

    CAPS = "caps"  # nothing: the cap alone
    CUDDIHY = "cuddihy"  # Cuddihy's line of 2007, raised by one half
    USUAL = "usual"  # the usual silence of the hour, half as much again, and five hours
    HAZARD = "hazard"  # as many signs as should have come


class Why(StrEnum):
    """What set the instant."""

    LINE = "line"
    FLOOR = "floor"  # the line would have been under six hours
    CAP = "cap"  # the line is beyond the cap, or none is wanted
    NEW = "new"  # too few days are known: the cap alone


@dataclass(frozen=True, slots=True)
class Choice:
    """A detector and its parameters; those of another detector do not count."""

    detector: Detector = Detector.USUAL
    cuddihy_factor: float = 1.5
    usual_factor: float = 1.5
    usual_margin_min: int = 300
    hazard_alarms_a_month: float = 0.1


DEFAULT = Choice()


@dataclass(frozen=True, slots=True)
class Line:
    """What was learnt of one person, as plain data.

    `limits_min`: the silence that is too long at each half hour of the local day (() = only the
    cap). `weights` and `threshold`: of the hazard, in millionths (() and 0 = none). `usual_min`:
    how long after the beginning of a half hour the next sign usually comes, −1 unknown.
    """

    detector: Detector
    fitted_ms: int
    days: int
    warm: bool
    limits_min: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    threshold: int = 0
    usual_min: tuple[int, ...] = ()

    @classmethod
    def cold(cls, now_ms: int) -> Line:
        """Of somebody of whom nothing is known yet."""
        return cls(Detector.CAPS, now_ms, days=0, warm=False)


@dataclass(frozen=True, slots=True)
class Due:
    """When a silence becomes too long, why then, when the cap is reached, what would be usual."""

    at_ms: int
    why: Why
    cap_ms: int
    usual_ms: int | None


def fit(seen: Seen, zone: tzinfo, now_ms: int, choice: Choice = DEFAULT) -> Line:
    """What is usual for somebody, from the sixty local days before today; once a day will do."""
    return fitted(history(seen, zone, now_ms), now_ms, choice)


def fitted(past: History, now_ms: int, choice: Choice) -> Line:
    """The line of a history; one history may be asked for several detectors."""
    detector, days = choice.detector, past.watched_days
    warm = days >= WARM_DAYS and bool(past.half_hours)
    if not warm:
        return Line(detector, now_ms, days, warm=False)
    usual = _usual(past)
    if detector is Detector.HAZARD:
        found = hazard.hazard(past, choice.hazard_alarms_a_month)
        if found is not None:
            return Line(detector, now_ms, days, True, (), found.weights, found.threshold, usual)
    limits: tuple[int, ...] = ()
    if detector is Detector.CUDDIHY:
        limits = cuddihy.limits_min(past, cuddihy.RAISED * choice.cuddihy_factor, 0)
    elif detector is Detector.USUAL:
        limits = cuddihy.limits_min(past, choice.usual_factor, choice.usual_margin_min)
    return Line(detector, now_ms, days, warm, limits, usual_min=usual)


def _usual(past: History) -> tuple[int, ...]:
    waits: list[list[int]] = [[] for _slot in range(SLOTS)]
    for half_hour in past.half_hours:
        if half_hour.wait_min is not None:
            waits[half_hour.slot].append(half_hour.wait_min)
    return tuple(
        round(quantile(sorted(found), USUAL_SHARE)) if len(found) >= USUAL_DAYS else -1
        for found in waits
    )


def seen_silence_ms(last_ms: int, now_ms: int, unseen: Iterable[Span]) -> int:
    """How long nothing came while something could have been seen."""
    return Clock(unseen).seen_ms(last_ms, max(last_ms, now_ms))


def due(line: Line, last_ms: int, unseen: Iterable[Span], cap_h: int, zone: tzinfo) -> Due:
    """When the silence since `last_ms` becomes too long, if no sign comes and all is seen.

    The clock stands still in unseen spans; one that is still open is given until now. Never before
    six seen hours (or the cap, if that is less), never after the cap.
    """
    cap_ms = cap_h * HOUR_MS
    pieces = _pieces(last_ms, unseen)
    reached = None
    if line.limits_min:
        reached = _over_limits(line, pieces, cap_ms, zone)
    elif line.weights:
        reached = _over_hazard(line, pieces, cap_ms, zone)
    end_ms = _after(pieces, cap_ms)
    usual_ms = _usual_ms(line, last_ms, zone)
    if reached is None or reached >= cap_ms:
        return Due(end_ms, Why.CAP if line.warm else Why.NEW, end_ms, usual_ms)
    silent_ms = min(cap_ms, max(FLOOR_MS, reached))
    why = Why.LINE if reached >= FLOOR_MS else Why.FLOOR
    return Due(_after(pieces, silent_ms), why, end_ms, usual_ms)


def _pieces(last_ms: int, unseen: Iterable[Span]) -> tuple[Span, ...]:
    """The seen pieces of the time since then; the last one has no end that matters."""
    hidden = [(max(begin, last_ms), end) for begin, end in united(unseen) if end > last_ms]
    edges = [last_ms, *(edge for span in hidden for edge in span)]
    begins, ends = edges[::2], edges[1::2]
    return (*zip(begins, ends, strict=False), (begins[-1], begins[-1] + (1 << 62)))


def _after(pieces: tuple[Span, ...], silent_ms: int) -> int:
    """The instant at which so much silence was seen."""
    for begin, end in pieces:
        if silent_ms <= end - begin:
            return begin + silent_ms
        silent_ms -= end - begin
    raise AssertionError("the last piece has no end")


def _steps(pieces: tuple[Span, ...], cap_ms: int, zone: tzinfo) -> Iterator[tuple[int, int, int]]:
    """Silence from … until (seen ms) that lies in one local half hour, and its number."""
    silent = 0
    for begin, end in pieces:
        at = begin
        while at < end and silent < cap_ms:
            slot, inside_ms = _slot(at, zone)
            step = min(end - at, SLOT_MS - inside_ms)
            yield silent, silent + step, slot
            silent, at = silent + step, at + step


def _slot(at_ms: int, zone: tzinfo) -> tuple[int, int]:
    """The local half hour an instant lies in, and how far."""
    there = local(at_ms, zone)
    of_day_ms = ((there.hour * 60 + there.minute) * 60 + there.second) * 1000 + at_ms % 1000
    return of_day_ms // SLOT_MS, of_day_ms % SLOT_MS


def _over_limits(line: Line, pieces: tuple[Span, ...], cap_ms: int, zone: tzinfo) -> int | None:
    for silent, then, slot in _steps(pieces, cap_ms, zone):
        limit = line.limits_min[slot] * MIN_MS
        if limit < then:
            return max(limit, silent)
    return None


def _over_hazard(line: Line, pieces: tuple[Span, ...], cap_ms: int, zone: tzinfo) -> int | None:
    left = line.threshold
    for silent, then, slot in _steps(pieces, cap_ms, zone):
        if then <= hazard.BEGINS_MIN * MIN_MS:
            continue
        weighs = line.weights[slot] * (then - silent) // SLOT_MS
        if weighs >= left:
            return silent + (then - silent) * left // max(1, weighs)
        left -= weighs
    return None


def _usual_ms(line: Line, last_ms: int, zone: tzinfo) -> int | None:
    if not line.usual_min:
        return None
    slot, inside_ms = _slot(last_ms, zone)
    wait_min = line.usual_min[(slot + 1) % SLOTS]
    return None if wait_min < 0 else last_ms - inside_ms + SLOT_MS + wait_min * MIN_MS
