"""R4's own rules for Timing.repeat, which models of its shape do not check.

Knows: tim-1 ... tim-10, word for word from hl7.org/fhir/R4/datatypes.html#Timing (Constraints), and
drt-1 of Duration. May not know: what we understand, dosing, resources.

There is no tim-3 in R4: DSTU2's "Either frequency or when can exist, not both" was given up. tim-9
reads `when in (...)`, and `in` takes one value on its left (hl7.org/fhirpath): a validator stops
with an error at several `when` beside an offset, so that is broken here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gateway.fhir.codes import NO_OFFSET, UCUM

TIME_CODES = frozenset({"ms", "s", "min", "h", "d", "wk", "mo", "a"})
Repeat = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Invariant:
    """One rule: its key, R4's sentence, R4's expression, and whether an element keeps it."""

    key: str
    human: str
    expression: str
    holds: Callable[[Repeat], bool]


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold at a place."""

    place: str
    key: str
    human: str


def _needs(key: str, other: str) -> Callable[[Repeat], bool]:
    return lambda r: r.get(key) is None or r.get(other) is not None


def _not_negative(key: str) -> Callable[[Repeat], bool]:
    return lambda r: r.get(key) is None or r[key] >= 0


def _offset_with_when(r: Repeat) -> bool:
    when = r.get("when")
    if r.get("offset") is None:
        return True
    return isinstance(when, list) and len(when) == 1 and when[0] not in NO_OFFSET


def _time_or_when(r: Repeat) -> bool:
    return not r.get("timeOfDay") or not r.get("when")


def _is_duration(d: Repeat) -> bool:
    if d.get("code") is None:
        return d.get("value") is None and d.get("system") in {None, UCUM}
    return d["code"] in TIME_CODES and d.get("system") == UCUM and d.get("value") is not None


TIMING = (
    Invariant(
        "tim-1",
        "if there's a duration, there needs to be duration units",
        "duration.empty() or durationUnit.exists()",
        _needs("duration", "durationUnit"),
    ),
    Invariant(
        "tim-2",
        "if there's a period, there needs to be period units",
        "period.empty() or periodUnit.exists()",
        _needs("period", "periodUnit"),
    ),
    Invariant(
        "tim-4",
        "duration SHALL be a non-negative value",
        "duration.exists() implies duration >= 0",
        _not_negative("duration"),
    ),
    Invariant(
        "tim-5",
        "period SHALL be a non-negative value",
        "period.exists() implies period >= 0",
        _not_negative("period"),
    ),
    Invariant(
        "tim-6",
        "If there's a periodMax, there must be a period",
        "periodMax.empty() or period.exists()",
        _needs("periodMax", "period"),
    ),
    Invariant(
        "tim-7",
        "If there's a durationMax, there must be a duration",
        "durationMax.empty() or duration.exists()",
        _needs("durationMax", "duration"),
    ),
    Invariant(
        "tim-8",
        "If there's a countMax, there must be a count",
        "countMax.empty() or count.exists()",
        _needs("countMax", "count"),
    ),
    Invariant(
        "tim-9",
        "If there's an offset, there must be a when (and not C, CM, CD, CV)",
        "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))",
        _offset_with_when,
    ),
    Invariant(
        "tim-10",
        "If there's a timeOfDay, there cannot be a when, or vice versa",
        "timeOfDay.empty() or when.empty()",
        _time_or_when,
    ),
)
DURATION = Invariant(
    "drt-1",
    "There SHALL be a code if there is a value and it SHALL be an expression of time.  If system"
    " is present, it SHALL be UCUM.",
    "code.exists() implies ((system = %ucum) and value.exists())",
    _is_duration,
)
DURATIONS = frozenset({"boundsDuration", "expectedSupplyDuration"})


def broken(resource: object, place: str) -> list[Broken]:
    """Every rule that is broken anywhere in a resource, a bundle, a list or a Dosage.

    The shape is taken for granted: a value of another type than R4's breaks no rule here.
    """
    return list(_walk(resource, place))


def _walk(value: object, place: str) -> Iterator[Broken]:
    if isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _walk(inner, f"{place}[{n}]")
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        there = f"{place}.{key}"
        if isinstance(inner, dict):
            yield from _judge(key, inner, there)
        yield from _walk(inner, there)


def _judge(key: str, element: Repeat, place: str) -> Iterator[Broken]:
    rules = TIMING if key == "repeat" else (DURATION,) if key in DURATIONS else ()
    for rule in rules:
        try:
            kept = rule.holds(element)
        except TypeError:
            continue  # another type than R4's: for whoever judges the shape
        if not kept:
            yield Broken(place, rule.key, rule.human)
