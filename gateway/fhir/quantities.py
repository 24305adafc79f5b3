"""Amounts and lengths of time, written as FHIR quantities and read back.

Knows: Quantity, Duration, Ratio; that a third of a tablet is no decimal.
May not know: dosing, resources.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from gateway.fhir.codes import EXACT, UCUM
from gateway.fhir.nodes import Node, extension, leave_extensions
from gateway.fhir.wanted import Wanted

DAYS = {"d": 1, "wk": 7}
CLOSE = Fraction(1, 1000)  # so near must the decimal be to the exact amount beside it
MOST_DAYS = 10_000
MOST = 1_000_000  # of any amount, and of a fraction's denominator


def number(value: Fraction) -> int | float:
    """As JSON; what has no decimal is given to six places."""
    if value.denominator == 1:
        return int(value)
    near = float(value)
    return near if Fraction(str(near)) == value else round(near, 6)


def quantity(value: Fraction, unit: str) -> dict[str, Any]:
    """A Quantity; where its decimal is not exact, the exact amount stands beside it."""
    said = number(value)
    exact = {"extension": [{"url": EXACT, "valueString": str(value)}]}
    return {**({} if Fraction(str(said)) == value else exact), "value": said, "unit": unit}


def duration(days: int) -> dict[str, Any]:
    """A Duration of so many days."""
    return {"value": days, "unit": "d", "system": UCUM, "code": "d"}


def read_quantity(node: Node) -> tuple[Fraction, str] | None:
    """Amount and unit; None where refused."""
    if not node.is_object(Wanted.QUANTITY):
        return None
    node.only({"id", "extension", "value", "unit", "system", "code"}, Wanted.NONE_SUCH)
    leave_extensions(node, {EXACT})
    value = _exact(node)
    if value is not None and not 0 < value <= MOST:
        node.at("value").refuse(Wanted.POSITIVE)
        value = None
    if node.at("value").value is None:
        node.at("value").refuse(Wanted.POSITIVE)
    code = node.at("code")
    unit = node.at("unit").text(Wanted.UNIT) or code.text(Wanted.UNIT)
    if unit is None:
        node.at("unit").refuse(Wanted.UNIT)
    if code and code.value != unit:
        code.leave()
    return None if value is None or unit is None else (value, unit)


def _exact(node: Node) -> Fraction | None:
    value = node.at("value").number(Wanted.POSITIVE)
    beside = extension(node, EXACT, "valueString")
    text = beside.text(Wanted.FRACTION)
    if text is None or value is None:
        return value
    parts = re.fullmatch(r"(\d{1,12})/([1-9]\d{0,6})", text, re.ASCII)
    exact = Fraction(int(parts[1]), int(parts[2])) if parts else None
    if exact is None or abs(exact - value) > CLOSE:
        beside.refuse(Wanted.SAME_FRACTION, what=told_number(value))
        return None
    return exact


def told_number(value: Fraction) -> str:
    """A number as people read it."""
    return str(number(value))


def read_days(node: Node) -> int | None:
    """A Duration in days, weeks taken as seven; None where refused or missing."""
    if not node or not node.is_object(Wanted.DURATION):
        return None
    node.only({"id", "value", "unit", "system", "code"}, Wanted.DAYS_ONLY)
    value = node.at("value").whole(Wanted.WHOLE_DAYS, most=MOST_DAYS)
    if node.at("value").value is None:
        node.at("value").refuse(Wanted.WHOLE_DAYS)
    code = node.at("code").value
    days = DAYS.get(code) if isinstance(code, str) else None
    if days is None:
        node.at("code").refuse(Wanted.IN_DAYS)
    if node.at("system").value not in (None, UCUM):
        node.at("system").refuse(Wanted.EXACTLY, what=UCUM)
    return value * days if value and days else None


def per_day(amount: Fraction, unit: str) -> dict[str, Any]:
    """A Ratio: at most so much a day."""
    return {"numerator": quantity(amount, unit), "denominator": duration(1)}


def read_daily_max(node: Node, amount: Fraction, unit: str) -> int | None:
    """How many doses of `amount` a day a Ratio allows; None where refused or missing."""
    if not node or not node.is_object(Wanted.RATIO):
        return None
    node.only({"id", "numerator", "denominator"}, Wanted.NONE_SUCH)
    most, per = read_quantity(node.at("numerator")), read_days(node.at("denominator"))
    if not node.at("denominator"):
        node.at("denominator").refuse(Wanted.EXACTLY, what="1 d")
    if most is None or per is None:
        return None
    if per != 1:
        node.at("denominator").refuse(Wanted.EXACTLY, what="1 d")
        return None
    if most[1] != unit:
        node.at("numerator").at("unit").refuse(Wanted.DOSE_UNIT, what=unit)
        return None
    doses = most[0] / amount
    if doses.denominator != 1:
        node.at("numerator").refuse(Wanted.WHOLE_DOSES, what=f"{told_number(amount)} {unit}")
        return None
    return int(doses)
