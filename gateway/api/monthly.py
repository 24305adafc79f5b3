"""The month's report as the API says it: the figures with their codes, no names.

Knows: of what they are reckoned. May not know: any formula, words.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from gateway.api.look import Look
from gateway.officer.month import Seen, sections
from gateway.officer.months import Tally, days_of
from gateway.zones import local

Json = dict[str, Any]


def month(look: Look) -> Json:
    """Every figure of a month; of the present one: up to now."""
    name, home = look.asked["month"], look.home
    tally = home.months.of.get(name, Tally())
    nets, doses = home.household.nets, Counter(look.doses)
    return {
        "as_of_ms": look.now_ms,
        "month": name,
        "over": local(look.now_ms, look.roster.zone).date() >= days_of(name)[1],
        "sections": [
            {
                "key": section.key,
                "columns": list(section.columns),
                "lines": [
                    {"code": line.code, "values": list(line.values)} for line in section.lines
                ],
            }
            for section in sections(Seen(name, look.roster, nets, home.ledger, tally, doses))
        ],
    }
