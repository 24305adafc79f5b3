"""Changes of the roster by the page, layered over the roster of the configuration file.

Knows: how a row is found by its key, and that the page's rows stay on top when the file changes.
May not know: who may change what, whether a change makes sense (gateway.enrolling), the time.

A key is the row's id; a regimen's is "PERSON/SLOT+SLOT", a PRN compartment's "PERSON/NUMBER".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from gateway.roster import Roster, entry_from_json
from gateway.said import RosterChanged

Row = dict[str, Any]
Place = tuple[str, str]  # table, key

PERSONS = "persons"
DEVICES = "devices"
GUARDIANS = "guardians"
REGIMENS = "regimens"
AS_NEEDED = "as_needed"
TABLES = (PERSONS, DEVICES, GUARDIANS, REGIMENS, AS_NEEDED)

_KEYS: dict[str, Callable[[Any], str]] = {
    PERSONS: lambda person: person.id,
    DEVICES: lambda device: device.id,
    GUARDIANS: lambda guardian: guardian.id,
    REGIMENS: lambda regimen: f"{regimen.person_id}/{'+'.join(regimen.slots)}",
    AS_NEEDED: lambda as_needed: f"{as_needed.person_id}/{as_needed.compartment}",
}


def key_of(table: str, entry: object) -> str:
    """The key of a person, device, guardian, regimen or PRN compartment in its table."""
    return _KEYS[table](entry)


def changed(roster: Roster, fact: RosterChanged) -> Roster:
    """The roster after one change: a known row keeps its place, a new one comes last."""
    layers = Layers()
    layers.set_base(roster)
    return cast("Roster", layers.change(fact))


@dataclass(slots=True)
class Layers:
    """The file's roster and the page's rows over it; to change one row costs no look at the rest.

    A row of somebody who is not in `persons` counts only once she is.
    """

    base: Roster | None = None
    rows: dict[Place, Row | None] = field(default_factory=dict)  # the page's; None = removed
    version: int = 0  # how often the file or the page said something
    given: dict[str, set[str]] = field(default_factory=dict)  # every key there ever was, by table
    _top: Roster | None = None
    _places: dict[str, dict[str, int]] = field(default_factory=dict)
    _orphans: bool = False  # some row waits for its person

    def set_base(self, base: Roster) -> Roster:
        """The file says this now; the roster as it counts."""
        self.version += 1
        return self._over(base)

    def _over(self, base: Roster) -> Roster:
        self.base = base
        tables = {table: self._merged(table, getattr(base, table)) for table in TABLES}
        for table, entries in tables.items():
            self.given.setdefault(table, set()).update(entries)
        known = tables[PERSONS].keys()
        self._orphans = False
        for table in TABLES[1:]:
            hers = {key: e for key, e in tables[table].items() if e.person_id in known}
            self._orphans = self._orphans or len(hers) < len(tables[table])
            tables[table] = hers
        for table, entries in tables.items():
            self._places[table] = {key: place for place, key in enumerate(entries)}
        rows: dict[str, Any] = {table: tuple(of.values()) for table, of in tables.items()}
        self._top = replace(base, **rows)
        return self._top

    def change(self, fact: RosterChanged) -> Roster | None:
        """The page says this now; None while the file has said nothing yet."""
        self.version += 1
        place = (fact.table, fact.key)
        self.rows.pop(place, None)  # what was removed and comes again comes last
        self.rows[place] = fact.row
        self.given.setdefault(fact.table, set()).add(fact.key)
        if self.base is None or self._top is None:
            return None
        entry = entry_from_json(fact.table, fact.row) if fact.row is not None else None
        if entry is None or (self._orphans and fact.table == PERSONS) or self._waits(entry):
            return self._over(self.base)
        self._put(fact.table, fact.key, entry)
        return self._top

    def _waits(self, entry: object) -> bool:
        """Whether it is a row of somebody who is not there."""
        person_id = getattr(entry, "person_id", None)
        return person_id is not None and person_id not in self._places[PERSONS]

    def _put(self, table: str, key: str, entry: object) -> None:
        assert self._top is not None  # noqa: S101 — asked by `change`
        entries, places = getattr(self._top, table), self._places[table]
        at = places.setdefault(key, len(entries))
        if at == len(entries):
            changed_to = entries + (entry,)  # noqa: RUF005 — one copy of thousands, not two
        else:
            changed_to = (*entries[:at], entry, *entries[at + 1 :])
        rows: dict[str, Any] = {table: changed_to}
        self._top = replace(self._top, **rows)

    def _merged(self, table: str, entries: tuple[object, ...]) -> dict[str, Any]:
        """The file's rows with the page's over them, by key, in their order."""
        merged: dict[str, Any] = {key_of(table, entry): entry for entry in entries}
        for (of, key), row in self.rows.items():
            if of != table:
                continue
            if row is None:
                merged.pop(key, None)
            else:
                merged[key] = entry_from_json(table, row)
        return merged
