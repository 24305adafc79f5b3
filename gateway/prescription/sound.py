"""Whether a medication can be one: every field within what a bag can say and a box can do.

Knows: the limits of each field. May not know: how it was written, other medications, the time.
The parsers refuse what cannot be read; this refuses what no form, file or parser may let through.
"""

from __future__ import annotations

import re
from datetime import date

from gateway.prescription.medication import AsNeeded, AtMeals, EveryHours, Medication
from gateway.roster import LABELS

NAME_MOST = 80
TEXT_MOST = 200
DAYS_MOST = 365
AMOUNT_MOST = 200  # mL; of tablets a parser allows fewer
OFFSET_MOST_MIN = 240
HOURS_MOST = 72
EVERY_MOST = 28  # days; as far as the box's rules reach back
SPACING_MOST_MIN = 7 * 24 * 60
DAILY_MOST = 24
# A day outside is a typo, and beyond what a calendar or a box can count on from.
DATES = (date(2000, 1, 1), date(2099, 12, 31))
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def unsound(medication: Medication) -> str:
    """The first field that cannot be so; "" where all can."""
    checks = {
        "name": _is_line(medication.name, NAME_MOST),
        "date": medication.dispensed_on is None or DATES[0] <= medication.dispensed_on <= DATES[1],
        "days_supply": 1 <= medication.days_supply <= DAYS_MOST,
        "amount": 0 < medication.amount <= AMOUNT_MOST,
        "unit": _is_line(medication.unit, NAME_MOST) and medication.unit != "",
        "strength": _is_line(medication.strength, NAME_MOST),
        "dosing": _dosing(medication),
        "days": _days(medication),
        "taper": _taper(medication),
        "storage": _is_line(medication.storage, TEXT_MOST),
        "pharmacy_phone": _is_line(medication.pharmacy_phone, NAME_MOST),
        "drug_class": _is_line(medication.drug_class, NAME_MOST) and medication.drug_class != "",
    }
    return next((field for field, good in checks.items() if not good), "")


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and (text == "" or text.isprintable())


def _dosing(medication: Medication) -> bool:
    match medication.dosing:
        case AtMeals(labels, _, offset_min):
            in_order = tuple(label for label in LABELS if label in labels)
            return len(labels) > 0 and labels == in_order and 0 <= offset_min <= OFFSET_MOST_MIN
        case EveryHours(hours, first):
            return 1 <= hours <= HOURS_MOST and _CLOCK.fullmatch(first) is not None
        case AsNeeded(min_interval_min, daily_max):
            interval = min_interval_min is None or 0 < min_interval_min <= SPACING_MOST_MIN
            return interval and (daily_max is None or 0 < daily_max <= DAILY_MOST)


def _days(medication: Medication) -> bool:
    days = medication.days
    weekdays = all(0 <= d <= 6 for d in days.weekdays)  # noqa: PLR2004 - Monday to Sunday
    return 1 <= days.every <= EVERY_MOST and weekdays and not (days.weekdays and days.every > 1)


def _taper(medication: Medication) -> bool:
    steps = medication.taper
    good = all(step.days >= 1 and 0 < step.amount <= AMOUNT_MOST for step in steps)
    return good and (not steps or sum(s.days for s in steps) <= DAYS_MOST)
