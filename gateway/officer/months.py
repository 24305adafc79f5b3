"""What happened in each month, counted fact by fact: signs of life, calls, visits, reports.

Knows: which fact counts as what. May not know: figures over them (month.py), words, the time.

A fact counts in the month, by the home's calendar, in which it became known: what a device kept for
a day and told on the first is the new month's. So a month that is over does not change any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from gateway.calling import ANSWERED, PARTLY
from gateway.events import (
    CallBegun,
    CallEnded,
    DeliveryMade,
    DeviceRecord,
    Event,
    HouseholdReported,
    PhoneUsed,
    SaidFine,
    VisitMade,
)
from gateway.life.signs import Source, source_of
from gateway.roster import Roster
from gateway.visiting.visits import HANDED, WELL
from gateway.zones import instant_ms, local

SIGN, CALL, CALLS_BEGUN, VISIT, DELIVERY, REPORT = (
    "sign",
    "call",
    "calls_begun",
    "visit",
    "delivery",
    "report",
)
NEW = "new"  # a household that was reported
HEARD = frozenset({ANSWERED, PARTLY})  # calls in which she pressed a digit
_SEOUL = ZoneInfo("Asia/Seoul")
Counted = tuple[str, str]  # what it is, and of which kind


@dataclass(slots=True)
class Tally:
    """One month: how often each thing happened, and of whom there was a sign of life."""

    counts: Counter[Counted] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)  # person ids


@dataclass(slots=True)
class Months:
    """All months of a home; folded by gateway.home."""

    of: dict[str, Tally] = field(default_factory=dict)  # "2026-10" → what happened
    _month: str = ""  # of the newest fact,
    _from_ms: int = 0  # which lies in it
    _to_ms: int = 0

    def note(self, event: Event, roster: Roster | None) -> None:
        """A fact became known; `roster` as it counts after it."""
        if isinstance(event, DeviceRecord):
            source = source_of(event)
            device = roster.device(event.device_id) if roster and source else None
            if device is not None:
                self._count(event.at_ms, roster, (SIGN, str(source)), device.person_id)
            return
        count = _COUNTS.get(type(event))
        for what in count(event) if count else ():
            self._count(event.at_ms, roster, what, getattr(event, "person_id", ""))

    def _count(self, at_ms: int, roster: Roster | None, what: Counted, person_id: str) -> None:
        month = self._of(at_ms, roster)
        tally = self.of.get(month)
        if tally is None:
            tally = self.of[month] = Tally()
        tally.counts[what] += 1
        if what[0] == SIGN:
            tally.seen.add(person_id)

    def _of(self, at_ms: int, roster: Roster | None) -> str:
        """The month of an instant; of the same as the fact before without a calendar."""
        if not self._from_ms <= at_ms < self._to_ms:
            zone = roster.zone if roster else _SEOUL
            self._month = f"{local(at_ms, zone):%Y-%m}"
            first, after = days_of(self._month)
            self._from_ms = instant_ms(first, "00:00", zone)
            self._to_ms = instant_ms(after, "00:00", zone)
        return self._month


def days_of(month: str) -> tuple[date, date]:
    """The first day of a month ("2026-10") and that of the next. ValueError for anything else."""
    first = date.fromisoformat(f"{month}-01")
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _of_call(event: CallEnded) -> Iterator[Counted]:
    yield CALL, event.outcome
    if event.outcome in HEARD:
        yield SIGN, Source.CALL


def _of_visit(event: VisitMade) -> Iterator[Counted]:
    yield VISIT, event.outcome
    if event.outcome == WELL:
        yield SIGN, Source.VISIT


def _of_delivery(event: DeliveryMade) -> Iterator[Counted]:
    yield DELIVERY, event.outcome
    if event.outcome == HANDED:
        yield SIGN, Source.DELIVERY


_COUNTS = cast(
    "dict[type[Event], Callable[[Any], Iterable[Counted]]]",
    {
        SaidFine: lambda _event: [(SIGN, Source.PHONE)],
        PhoneUsed: lambda _event: [(SIGN, Source.HANDSET)],
        CallBegun: lambda event: [(CALLS_BEGUN, event.call)],
        CallEnded: _of_call,
        VisitMade: _of_visit,
        DeliveryMade: _of_delivery,
        HouseholdReported: lambda _event: [(REPORT, NEW)],
    },
)
