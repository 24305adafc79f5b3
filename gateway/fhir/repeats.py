"""`Timing.repeat`, read strictly: at which labels, every how many hours, on which days.

Knows: frequency, period, when, offset, dayOfWeek. May not know: the dose, other Dosages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.fhir.codes import BEDTIME, FIRST, MEANING
from gateway.fhir.nodes import Node, extension, leave_extensions
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
A_MEAL = "a meal's code: " + ", ".join(MEANING)
MEAL_OR_HOURS = "`when` of a meal, or frequency 1 and a period in h"
NOT_TAKEN = "none: " + MEAL_OR_HOURS


EVERY_DAY = Days()


@dataclass(frozen=True, slots=True)
class Times:
    """At which times, on which days."""

    dosing: Dosing
    days: Days = EVERY_DAY


def read_repeat(node: Node, prn: bool) -> Times | None:
    """The times; None where refused."""
    before = len(node.findings.problems)
    node.only((*TAKEN, *AT_TIMES), NOT_TAKEN)
    leave_extensions(node, {FIRST})
    frequency = node.at("frequency").whole("a whole number, at least 1")
    period = node.at("period").whole("a whole number, at least 1")
    unit = node.at("periodUnit").text("min, h, d or wk")
    if unit is not None and unit not in {*IN_DAYS, *IN_MINUTES}:
        node.at("periodUnit").refuse("min, h, d or wk")
    if unit is not None and not node.at("period"):
        node.at("period").refuse(f"a number of {unit}")
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
            node.at(key).refuse("none: as needed has no times of its own")
            return None
    if period is None or unit is None:
        if frequency is not None:
            node.at("frequency").refuse("a period beside it")
        return Times(AsNeeded()) if frequency is None else None
    often = frequency or 1
    if unit in IN_MINUTES and often == 1:
        return Times(AsNeeded(min_interval_min=period * IN_MINUTES[unit]))
    if unit == "d" and period == 1:
        return Times(AsNeeded(daily_max=often))
    node.refuse("frequency 1 and a period in h (its least interval), or so often in 1 d (its most)")
    return None


def _every_hours(
    node: Node, frequency: int | None, period: int | None, unit: str | None
) -> Times | None:
    found = node.at("when"), node.at("offset"), node.at("dayOfWeek")
    if any(found):
        for one in filter(None, found):
            one.refuse(f"{MEAL_OR_HOURS}, on every day")
        return None
    minutes = period * IN_MINUTES[unit] if period and unit in IN_MINUTES else 0
    hours, rest = divmod(minutes, 60)
    if frequency not in {None, 1} or not 1 <= hours <= DAY_MIN // 60 or rest:
        times = {k: node.at(k).value for k in ("frequency", "period", "periodUnit") if node.at(k)}
        said = " ".join(f"{k} {v}" for k, v in times.items()) or "no times"
        node.refuse(f"{MEAL_OR_HOURS} (whole hours, 1 to 24)", said)
        return None
    first = _first(node)
    return Times(EveryHours(hours, first)) if first else Times(EveryHours(hours))


def _first(node: Node) -> str:
    beside = extension(node, FIRST, "valueTime")
    text = beside.text("a time HH:MM:SS")
    if text is None:
        return ""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:00", text, re.ASCII):
        beside.refuse("a time HH:MM:00")
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
        node.at("periodUnit").refuse("d or wk beside `when`")
        return None
    if weekdays and (period, unit) != (1, "d"):
        node.at("dayOfWeek").refuse("period 1 d beside weekdays")
        return None
    if said != often:
        node.at("frequency").refuse(f"{often}: once at each of `when`")
        return None
    return Times(meals, Days(period * IN_DAYS[unit], weekdays))


def _meals(node: Node) -> AtMeals | None:
    codes = node.at("when")
    found = []
    for row in codes.rows():
        known = MEANING.get(row.value) if isinstance(row.value, str) else None
        if known is None:
            row.refuse(A_MEAL)
        else:
            found.append(known)
    if not found or len(found) < len(codes.rows()):
        if codes.value == []:
            codes.refuse(A_MEAL)
        return None
    labels = {label for label, _ in found}
    relations = {relation for label, relation in found if label != BEDTIME} or {Relation.AT}
    if len(labels) < len(found) or len(relations) > 1:
        codes.refuse("each meal once, all in one relation to it: else another bag line")
        return None
    ordered = tuple(label for label in LABELS if label in labels)
    return _with_offset(node.at("offset"), ordered, relations.pop())


def _with_offset(node: Node, labels: tuple[str, ...], relation: Relation) -> AtMeals | None:
    offset = node.whole("whole minutes", least=0, most=DAY_MIN)
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
    node.refuse("no offset to a time of day")
    return None


def _weekdays(node: Node) -> tuple[int, ...] | None:
    rows = node.at("dayOfWeek").rows()
    days = []
    for row in rows:
        if row.value in WEEKDAYS:
            days.append(WEEKDAYS.index(row.value))
        else:
            row.refuse(", ".join(WEEKDAYS))
    if len(days) < len(rows):
        return None
    if len(set(days)) < len(days):
        node.at("dayOfWeek").refuse("each weekday once")
        return None
    return tuple(sorted(days))
