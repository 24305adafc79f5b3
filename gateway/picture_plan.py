"""The part of the picture that is about the plan: what was confirmed, what is left, what runs.

Knows: how books, stocks and schedules are laid out for reading (shape: gateway.picture).
May not know: a browser, a clock, a database; it plans nothing: this is drawn at every look.
"""

from __future__ import annotations

from typing import Any

from gateway.beliefs import DeviceBelief
from gateway.events import StockReckoned
from gateway.household import Household
from gateway.prescription.proposal import waiting
from gateway.rules.schedule_stale import is_stale

Json = dict[str, Any]


def plan_of_person(household: Household, person_id: str, now_ms: int) -> Json:
    """From what her box is planned, and what waits for a person to confirm it."""
    book = household.books.get(person_id)
    confirmed = book.confirmed if book else None
    return {
        "planned_from": "confirmed" if confirmed else "file",
        "confirmed_ms": confirmed.at_ms if confirmed else None,
        "confirmed_by": confirmed.by if confirmed else None,
        "changes_waiting": waiting(household, person_id, now_ms),
        "stocks": stocks_of(household, person_id),
    }


def schedule_of_device(
    household: Household, device_id: str, belief: DeviceBelief, now_ms: int
) -> Json:
    """Which schedule was made, which one the box runs, since when it is known to."""
    made, newest = household.made.get(device_id), (belief.version_made, belief.crc_made)
    return {
        "schedule_version_box": belief.confirmed[0] if belief.confirmed else belief.box_version,
        "schedule_version_made": belief.version_made or None,
        "schedule_made_ms": made.at_ms if made else None,
        "schedule_read_ms": belief.confirmed_ms if belief.confirmed == newest else None,
        "schedule_stale": is_stale(household, device_id, now_ms),
    }


def stocks_of(household: Household, person_id: str) -> list[Json]:
    """Of every drug that is still taken, what runs out first at first."""
    book = household.books.get(person_id)
    known = book.confirmed.medications if book and book.confirmed else {}
    told = (
        stock
        for key, stock in household.stocks.get(person_id, {}).items()
        if key in known and (stock.runs_out_on or stock.left != "0")
    )
    return [
        {
            "medication_id": stock.medication_id,
            "name": known[stock.medication_id].name,
            "days_left": stock.days_left,
            "runs_out_on": stock.runs_out_on,
            "fetch_by": stock.fetch_by,
        }
        for stock in sorted(told, key=_soonest)
    ]


def _soonest(stock: StockReckoned) -> tuple[str, str]:
    return (stock.runs_out_on or "9999", stock.medication_id)
