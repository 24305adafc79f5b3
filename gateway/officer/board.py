"""The board: how everybody stands, each row kept until something makes another one of it.

Knows: which person a fact is about, when a row changes by time alone.
May not know: how a row comes about (standing.py), which rows are looked at (choosing.py).

A look costs what changed since the last one, not how many persons there are. Folded as the last of
a home's beliefs: it reads what the others believe of the fact already.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from operator import attrgetter

from gateway.events import (
    DeviceOrdered,
    Event,
    GatewayStarted,
    IncidentOpened,
    IncidentResolved,
    OrderAnswered,
    RosterChanged,
    RosterSet,
)
from gateway.household import Household
from gateway.incidents import Incident, Ledger
from gateway.officer.standing import Standing, standing
from gateway.rules.worry import HOME

_EVERYBODY = (RosterSet, GatewayStarted)


@dataclass(slots=True)
class Board:
    """Rows by person. The clock may be set back: then everybody is looked at anew."""

    live: dict[str, dict[int, None]] = field(default_factory=dict)  # incidents, by person
    version: int = 0  # another one: `rows` or `home` is
    _rows: dict[str, Standing] = field(default_factory=dict)
    _stale: set[str] = field(default_factory=set)
    _all_stale: bool = True
    _changes: list[tuple[int, str]] = field(default_factory=list)  # a heap; some out of date
    _looked_ms: int = 0
    _order: list[Standing] | None = None
    _asked: dict[int, str] = field(default_factory=dict)  # orders that wait: whose device it is
    # Device → whose it was when it told something: a record may date anew what it told before.
    _hers: dict[str, set[str]] = field(default_factory=dict)

    def note(self, household: Household, ledger: Ledger, event: Event) -> None:
        """A fact became known, and is believed by the others already."""
        if isinstance(event, IncidentOpened):
            self.live.setdefault(event.person_id, {})[event.incident_id] = None
            self.version += event.person_id == HOME
        elif isinstance(event, IncidentResolved):
            person_id = ledger.incidents[event.incident_id].person_id
            self.live.get(person_id, {}).pop(event.incident_id, None)
            self.version += person_id == HOME
        if isinstance(event, _EVERYBODY) or _of_everybody(event):
            self._all_stale = True
        elif device_id := self._device(event):
            self._stale |= self._of_device(household, device_id)
        else:
            whose = _whose(ledger, event)
            if whose is not None:
                self._stale.add(whose)

    def _device(self, event: Event) -> str | None:
        """The device a fact is about; an answer to an order names the order alone."""
        if isinstance(event, DeviceOrdered):
            self._asked[event.order_id] = event.device_id
        if isinstance(event, OrderAnswered):
            return self._asked.pop(event.order_id, None)
        return getattr(event, "device_id", None)

    def _of_device(self, household: Household, device_id: str) -> set[str]:
        """Everybody whose row it may change: whose it is, and whose it was."""
        device = household.roster.device(device_id) if household.roster else None
        hers = self._hers.setdefault(device_id, set())
        if device is not None:
            hers.add(device.person_id)
        return hers

    def home(self, ledger: Ledger) -> list[Incident]:
        """The live incidents of the home as a whole."""
        return [ledger.incidents[i] for i in self.live.get(HOME, ())]

    def rows(self, household: Household, ledger: Ledger, now_ms: int) -> list[Standing]:
        """Everybody, the most urgent first. Not to be changed by who reads it."""
        roster = household.roster
        if roster is None:
            return []
        if self._all_stale or now_ms < self._looked_ms:
            self._rows, self._changes, self._order = {}, [], None
            self._stale = {person.id for person in roster.persons}
        while self._changes and self._changes[0][0] <= now_ms:
            self._stale.add(heapq.heappop(self._changes)[1])
        for person_id in self._stale:
            self._draw(household, ledger, person_id, now_ms)
        self._stale, self._all_stale, self._looked_ms = set(), False, now_ms
        if self._order is None:
            self._order = sorted(self._rows.values(), key=attrgetter("order"))
            self.version += 1
        return self._order

    def row(
        self, household: Household, ledger: Ledger, person_id: str, now_ms: int
    ) -> Standing | None:
        """One person's; None: nobody of that id lives here."""
        person = household.roster.person(person_id) if household.roster else None
        live = self.live.get(person_id, ())
        return standing(household, ledger, person, live, now_ms) if person else None

    def _draw(self, household: Household, ledger: Ledger, person_id: str, now_ms: int) -> None:
        row, before = self.row(household, ledger, person_id, now_ms), self._rows.get(person_id)
        if row is None:
            self._rows.pop(person_id, None)
        else:
            self._rows[person_id] = row
            again = before is not None and before.changes_ms == row.changes_ms
            if row.changes_ms is not None and not (again and row.changes_ms > self._looked_ms):
                heapq.heappush(self._changes, (row.changes_ms, person_id))
        if row != before:
            self._order = None


def _of_everybody(event: Event) -> bool:
    """A row of the roster that was taken away, or that may have been another person's before."""
    if not isinstance(event, RosterChanged):
        return False
    return event.table != "persons" and (event.row is None or event.table == "devices")


def _whose(ledger: Ledger, event: Event) -> str | None:
    """The person a fact is about that is about no device; None: no one alone."""
    if isinstance(event, RosterChanged):
        return event.key if event.table == "persons" else (event.row or {}).get("person_id")
    person_id = getattr(event, "person_id", None)
    if isinstance(person_id, str):
        return person_id
    slot = getattr(event, "slot", None)
    if slot is not None:
        return str(slot.person_id)
    incident_id = getattr(event, "incident_id", None)
    incident = ledger.incidents.get(incident_id) if incident_id is not None else None
    return incident.person_id if incident else None
