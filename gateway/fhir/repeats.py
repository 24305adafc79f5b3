"""`Timing.repeat`, read strictly: at which labels, every how many hours, on which days.

Knows: frequency, period, when, offset, dayOfWeek. May not know: the dose, other Dosages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.fhir.codes import BEDTIME, FIRST, MEANING
from gateway.fhir.nodes import Node, extension, leave_extensions
from gateway.fhir.wanted import Wanted
from gateway.prescription.medication import (
    AsNeeded,
    AtMeals,
    Days,
    Dosing,
    EveryHours,
    Relation,
)
from gateway.roster import LABELS, WEEKDAYS

WEEK = 7
DAY_MIN = 24 * 60
IN_DAYS = {"d": 1, "wk": WEEK}
IN_MINUTES = {"min": 1, "h": 60}
TAKEN = ("id", "extension", "boundsDuration", "frequency", "period", "periodUnit")
AT_TIMES = ("dayOfWeek", "when", "offset")
MEAL_CODES = ", ".join(MEANING)


EVERY_DAY = Days()


@dataclass(frozen=True, slots=True)
class Times:
    """At which times, on which days."""

    dosing: Dosing
    days: Days = EVERY_DAY


def read_repeat(node: Node, prn: bool) -> Times | None:
    """The times; None where refused."""
    before = len(node.findings.problems)
    node.only((*TAKEN, *AT_TIMES), Wanted.MEAL_OR_HOURS)
    leave_extensions(node, {FIRST})
    frequency = node.at("frequency").whole(Wanted.WHOLE_FROM_ONE)
    period = node.at("period").whole(Wanted.WHOLE_FROM_ONE)
    unit = node.at("periodUnit").text(Wanted.PERIOD_UNIT)
    if unit is not None and unit not in {*IN_DAYS, *IN_MINUTES}:
        node.at("periodUnit").refuse(Wanted.PERIOD_UNIT)
    if unit is not None and not node.at("period"):
        node.at("period").refuse(Wanted.PERIOD_OF, what=unit)
    if len(node.findings.problems) > before:
        return None
    if prn:
        return _as_needed(node, frequency, period, unit)
    if node.at("when"):
        return _at_meals(node, frequency, period, unit)
    return _every_hours(node, frequency, period, unit)


def _as_needed(
    node: Node, frequency: int | None, period: int | None, unit: str | None
) -> Times | None:
    for key in AT_TIMES:
        if node.at(key):
            node.at(key).refuse(Wanted.NO_TIMES)
            return None
    if period is None or unit is None:
        if frequency is not None:
            node.at("frequency").refuse(Wanted.PERIOD_BESIDE)
        return Times(AsNeeded()) if frequency is None else None
    often = frequency or 1
    if unit in IN_MINUTES and often == 1:
        return Times(AsNeeded(min_interval_min=period * IN_MINUTES[unit]))
    if unit == "d" and period == 1:
        return Times(AsNeeded(daily_max=often))
    node.refuse(Wanted.LIMITS)
    return None


def _every_hours(
    node: Node, frequency: int | None, period: int | None, unit: str | None
) -> Times | None:
    found = node.at("when"), node.at("offset"), node.at("dayOfWeek")
    if any(found):
        for one in filter(None, found):
            one.refuse(Wanted.EVERY_DAY)
        return None
    minutes = period * IN_MINUTES[unit] if period and unit in IN_MINUTES else 0
    hours, rest = divmod(minutes, 60)
    if frequency not in {None, 1} or not 1 <= hours <= DAY_MIN // 60 or rest:
        times = {k: node.at(k).value for k in ("frequency", "period", "periodUnit") if node.at(k)}
        said = " ".join(f"{k} {v}" for k, v in times.items())
        node.refuse(Wanted.WHOLE_HOURS, said)
        return None
    first = _first(node)
    return Times(EveryHours(hours, first)) if first else Times(EveryHours(hours))


def _first(node: Node) -> str:
    beside = extension(node, FIRST, "valueTime")
    text = beside.text(Wanted.CLOCK)
    if text is None:
        return ""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:00", text, re.ASCII):
        beside.refuse(Wanted.CLOCK)
        return ""
    return text[:5]


def _at_meals(
    node: Node, frequency: int | None, period: int | None, unit: str | None
) -> Times | None:
    meals = _meals(node)
    weekdays = _weekdays(node)
    if meals is None or weekdays is None:
        return None
    often = len(meals.labels)
    if unit is None or period is None:
        period, unit = 1, "d"
    said = often if frequency is None else frequency
    if unit == "wk" and period == 1 and weekdays:
        unit, often, said = "d", often * len(weekdays), frequency or 1
    if unit not in IN_DAYS:
        node.at("periodUnit").refuse(Wanted.WHEN_IN_DAYS)
        return None
    if weekdays and (period, unit) != (1, "d"):
        node.at("dayOfWeek").refuse(Wanted.WEEKDAYS_DAILY)
        return None
    if said != often:
        node.at("frequency").refuse(Wanted.ONCE_EACH, count=often)
        return None
    return Times(meals, Days(period * IN_DAYS[unit], weekdays))


def _meals(node: Node) -> AtMeals | None:
    codes = node.at("when")
    found = []
    for row in codes.rows():
        known = MEANING.get(row.value) if isinstance(row.value, str) else None
        if known is None:
            row.refuse(Wanted.MEAL, what=MEAL_CODES)
        else:
            found.append(known)
    if not found or len(found) < len(codes.rows()):
        if codes.value == []:
            codes.refuse(Wanted.MEAL, what=MEAL_CODES)
        return None
    labels = {label for label, _ in found}
    relations = {relation for label, relation in found if label != BEDTIME} or {Relation.AT}
    if len(labels) < len(found) or len(relations) > 1:
        codes.refuse(Wanted.ONE_RELATION)
        return None
    ordered = tuple(label for label in LABELS if label in labels)
    return _with_offset(node.at("offset"), ordered, relations.pop())


def _with_offset(node: Node, labels: tuple[str, ...], relation: Relation) -> AtMeals | None:
    offset = node.whole(Wanted.MINUTES, least=0, most=DAY_MIN)
    if node and offset is None:
        return None
    if not offset:
        return AtMeals(labels, relation)
    if labels == (BEDTIME,):
        return AtMeals(labels, Relation.BEFORE, offset)
    if relation is Relation.RIGHT_AFTER:
        return AtMeals(labels, Relation.AFTER, offset)
    if relation is Relation.BEFORE:
        return AtMeals(labels, relation, offset)
    node.refuse(Wanted.NO_OFFSET)
    return None


def _weekdays(node: Node) -> tuple[int, ...] | None:
    rows = node.at("dayOfWeek").rows()
    days = []
    for row in rows:
        if row.value in WEEKDAYS:
            days.append(WEEKDAYS.index(row.value))
        else:
            row.refuse(Wanted.ONE_OF, what=", ".join(WEEKDAYS))
    if len(days) < len(rows):
        return None
    if len(set(days)) < len(days):
        node.at("dayOfWeek").refuse(Wanted.WEEKDAY_ONCE)
        return None
    return tuple(sorted(days))
