"""What was dispensed runs out soon: somebody is to fetch more, on a day when pharmacies are open.

Knows: when the reminder of a stock begins and ends. May not know: other rules, how a stock is
reckoned, drugs, texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from gateway.events import StockReckoned
from gateway.household import Household
from gateway.roster import Roster
from gateway.rules.worry import Worry, WorryKind
from gateway.zones import instant_ms

FROM = "10:00"  # local: pharmacies are open, and nobody is woken
STAYS_DAYS = 7  # after it ran out; the page goes on to show it
REASON = "supply_runs_out"


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One for each person and day on which something runs out, whatever number of drugs."""
    found: dict[str, Worry] = {}
    for stock, begin_ms, end_ms in _reminders(household):
        key = f"supply/{stock.person_id}/{stock.runs_out_on}"
        # What was learnt late, as of a bag of last month, is due when it is learnt.
        due_ms = max(begin_ms, stock.at_ms)
        before = found.get(key)
        if begin_ms <= now_ms < end_ms and (before is None or due_ms < before.due_ms):
            found[key] = Worry(
                WorryKind.SUPPLY_LOW, key, stock.person_id, None, min(due_ms, now_ms), REASON
            )
    return list(found.values())


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When the next reminder begins or ends."""
    borders = (ms for _stock, *both in _reminders(household) for ms in both)
    return min((ms for ms in borders if ms > now_ms), default=None)


def _reminders(household: Household) -> Iterator[tuple[StockReckoned, int, int]]:
    """The stocks of what is confirmed to be taken, and from when to when more is to be fetched."""
    roster = household.roster
    if roster is None:
        return
    for person in roster.persons:
        book = household.books.get(person.id)
        confirmed = book.confirmed if book else None
        for stock in household.stocks.get(person.id, {}).values():
            known = confirmed is not None and stock.medication_id in confirmed.medications
            if known and stock.fetch_by is not None and stock.runs_out_on is not None:
                yield stock, *_from_to_ms(roster, stock.fetch_by, stock.runs_out_on)


def _from_to_ms(roster: Roster, fetch_by: str, runs_out_on: str) -> tuple[int, int]:
    begin = date.fromisoformat(fetch_by) - timedelta(days=roster.policy.stock_days)
    end = date.fromisoformat(runs_out_on) + timedelta(days=STAYS_DAYS)
    return instant_ms(begin, FROM, roster.zone), instant_ms(end, FROM, roster.zone)
