"""What happened in each month, counted fact by fact: signs of life, calls, visits, reports.

Knows: which fact counts as what. May not know: figures over them (month.py), words, the time.

A fact counts in the month, by the home's calendar, in which it became known: what a device kept for
a day and told on the first is the new month's. So a month that is over does not change any more.

A load that its plug calls automatic is no sign, from that record of its log on to the one that
takes it back. Who ends a silence by hand has looked after her: a sign, as it is for the silence.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from anbu_wire import messages as wire
from gateway.calling import ANSWERED, INTERRUPTED, PARTLY
from gateway.events import (
    CallAnswered,
    CallBegun,
    CallEnded,
    DeliveryMade,
    DeviceRecord,
    Event,
    GatewayStarted,
    HouseholdReported,
    IncidentOpened,
    IncidentResolved,
    PhoneUsed,
    SaidFine,
    VisitMade,
)
from gateway.life.signs import Source, source_of
from gateway.roster import SEOUL_ZONE, Roster
from gateway.sight import Sight
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
Counted = tuple[str, str]  # what it is, and of which kind
Counts = Iterable[tuple[Counted, str]]  # and of whom; "": of nobody who is looked after


@dataclass(slots=True)
class Tally:
    """One month: how often each thing happened, and of whom there was a sign of life."""

    counts: Counter[Counted] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)  # person ids


@dataclass(slots=True)
class Months:
    """All months of a home; folded by gateway.home."""

    of: dict[str, Tally] = field(default_factory=dict)  # "2026-10" → what happened
    facts: int = 0  # how many there are of any kind
    _calls: dict[int, bool] = field(default_factory=dict)  # under way → a digit was pressed
    _loads: dict[tuple[str, int], list[tuple[int, bool]]] = field(default_factory=dict)
    _sight: Sight = field(default_factory=Sight)  # for its silences
    _after: tuple[str, int] = ("", 0)  # whose silence a person ended last, and when
    _zone: str = ""  # in which the newest fact's
    _month: str = ""  # month was found,
    _from_ms: int = 0  # from when to when it goes there
    _to_ms: int = 0

    def note(self, event: Event, roster: Roster | None) -> None:
        """A fact became known; `roster` as it counts after it."""
        self.facts += 1
        step = _STEPS.get(type(event))
        for what, person_id in step(self, event, roster) if step else ():
            tally = self.of.setdefault(self._of(event.at_ms, roster), Tally())
            tally.counts[what] += 1
            if what[0] == SIGN:
                tally.seen.add(person_id)

    def _of(self, at_ms: int, roster: Roster | None) -> str:
        """The month of an instant; of the same as the fact before without a calendar."""
        name = roster.time_zone if roster else SEOUL_ZONE
        if name != self._zone or not self._from_ms <= at_ms < self._to_ms:
            zone = ZoneInfo(name)
            self._zone, self._month = name, f"{local(at_ms, zone):%Y-%m}"
            first, after = days_of(self._month)
            self._from_ms = instant_ms(first, "00:00", zone)
            self._to_ms = instant_ms(after, "00:00", zone)
        return self._month

    # --- facts: each says what it counts as ---

    def _record(self, event: DeviceRecord, roster: Roster | None) -> Counts:
        said = self._loads.setdefault((event.device_id, event.epoch), [])
        if event.record_kind == wire.LOAD_PERIODIC:
            bisect.insort(said, (event.seq, bool(event.value)))
        source = source_of(event)
        device = roster.device(event.device_id) if roster and source else None
        before = bisect.bisect_left(said, (event.seq, False)) - 1
        automatic = source is Source.LOAD and before >= 0 and said[before][1]
        if device is not None and not automatic:
            yield (SIGN, str(source)), device.person_id

    def _begun(self, event: CallBegun, _roster: object) -> Counts:
        self._calls[event.call_id] = False
        yield (CALLS_BEGUN, event.call), ""

    def _answered(self, event: CallAnswered, _roster: object) -> Counts:
        """A voice alone may be a machine's; who presses twice is there once."""
        if event.digit and self._calls.get(event.call_id) is False:
            self._calls[event.call_id] = True
            yield (SIGN, Source.CALL), event.person_id

    def _ended(self, event: CallEnded, _roster: object) -> Counts:
        yield (CALL, event.outcome), ""
        if not self._calls.pop(event.call_id, False) and event.outcome in HEARD:
            yield (SIGN, Source.CALL), event.person_id

    def _started(self, _event: GatewayStarted, _roster: object) -> Counts:
        """Calls under way were cut off: no other fact says so."""
        yield from [((CALL, INTERRUPTED), "")] * len(self._calls)
        self._calls.clear()

    def _opened(self, event: IncidentOpened, _roster: object) -> Counts:
        self._sight.silence(event)
        return ()

    def _resolved(self, event: IncidentResolved, _roster: object) -> Counts:
        person_id = self._sight.looked_after(event)
        if person_id is None:
            return
        self._after = (person_id, event.at_ms)
        yield (SIGN, Source.VISIT), person_id

    def _visited(self, event: VisitMade, _roster: object) -> Counts:
        """A visit by which a silence was closed has given its sign with that."""
        yield (VISIT, event.outcome), ""
        if event.outcome == WELL and self._after != (event.person_id, event.at_ms):
            yield (SIGN, Source.VISIT), event.person_id


def days_of(month: str) -> tuple[date, date]:
    """The first day of a month ("2026-10") and that of the next. ValueError for anything else."""
    first = date.fromisoformat(f"{month}-01")
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _of_delivery(_months: Months, event: DeliveryMade, _roster: object) -> Counts:
    yield (DELIVERY, event.outcome), ""
    if event.outcome == HANDED:
        yield (SIGN, Source.DELIVERY), event.person_id


_STEPS = cast(
    "dict[type[Event], Callable[[Months, Any, Roster | None], Counts]]",
    {
        DeviceRecord: Months._record,  # noqa: SLF001 - its own
        SaidFine: lambda _months, event, _roster: [((SIGN, Source.PHONE), event.person_id)],
        PhoneUsed: lambda _months, event, _roster: [((SIGN, Source.HANDSET), event.person_id)],
        GatewayStarted: Months._started,  # noqa: SLF001
        CallBegun: Months._begun,  # noqa: SLF001
        CallAnswered: Months._answered,  # noqa: SLF001
        CallEnded: Months._ended,  # noqa: SLF001
        IncidentOpened: Months._opened,  # noqa: SLF001
        IncidentResolved: Months._resolved,  # noqa: SLF001
        VisitMade: Months._visited,  # noqa: SLF001
        DeliveryMade: _of_delivery,
        HouseholdReported: lambda _months, _event, _roster: [((REPORT, NEW), "")],
    },
)
