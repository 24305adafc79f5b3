"""What is over: ended incidents, the newest first, a page at a time; who took each, how soon.

Knows: the ledger, the shelves by day and by person. May not know: who looks, words, months of a
calendar; the time.

A page looks at so many incidents at most, however few of them are wanted: where that was not
enough it says from where to go on.

    page(ledger, Wanted(seen, group="help"), None) -> Page(past=(Past, …), onward=(day, id))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gateway.incidents.kinds import KINDS
from gateway.incidents.ledger import Ledger
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Entry, Incident
from gateway.rules.worry import WorryKind
from gateway.units import DAY_MS

PAGE = 30
LOOKED_MOST = 20_000
_TOOK = frozenset({"acknowledged", "arrived"})

Place = tuple[int, int]  # day (of UTC, since 1970), incident: what comes after it is older


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them. `seen(person_id)`: whether whoever looks may see hers ("": of the home).

    `person_id`: hers alone; `group`: of kinds.Group; `from_ms`, `until_ms`: opened then.
    """

    seen: Callable[[str], bool]
    person_id: str | None = None
    group: str = ""
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One that is over. `taken_by`: who said first that she goes, is there, or that all is well."""

    incident: Incident
    ended: Entry
    taken_by: str
    taken_ms: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """`onward`: from where to go on; None: there is nothing older."""

    past: tuple[Past, ...]
    onward: Place | None


def page(ledger: Ledger, wanted: Wanted, after: Place | None) -> Page:
    """The next page, after a place of the page before (None: the newest)."""
    found: list[Past] = []
    last: Place | None = None
    for looked, place in enumerate(_places(ledger, wanted, after)):
        if len(found) == PAGE or looked == LOOKED_MOST:
            return Page(tuple(found), last)
        last = place
        incident = ledger.incidents[place[1]]
        if not incident.live and _fits(incident, wanted):
            found.append(_past(incident))
    return Page(tuple(found), None)


def _places(ledger: Ledger, wanted: Wanted, after: Place | None) -> Iterator[Place]:
    """Where to look, the newest first."""
    shelves = ledger.shelves
    if wanted.person_id is not None:
        ids = shelves.of_person.get(wanted.person_id, ())
        hers = ((ledger.incidents[i].opened_ms // DAY_MS, i) for i in ids)
        yield from sorted((p for p in hers if after is None or p < after), reverse=True)
        return
    first = None if wanted.from_ms is None else wanted.from_ms // DAY_MS
    until = None if wanted.until_ms is None else wanted.until_ms // DAY_MS
    for day in sorted(shelves.opened_on, reverse=True):
        if (first is not None and day < first) or (until is not None and day > until):
            continue
        if after is not None and day > after[0]:
            continue
        for i in reversed(shelves.opened_on[day]):
            if after is None or (day, i) < after:
                yield day, i


def _fits(incident: Incident, wanted: Wanted) -> bool:
    if wanted.group and KINDS[WorryKind(incident.worry)].group != wanted.group:
        return False
    early = wanted.from_ms is not None and incident.opened_ms < wanted.from_ms
    late = wanted.until_ms is not None and incident.opened_ms >= wanted.until_ms
    return not (early or late) and wanted.seen(incident.person_id)


def _past(incident: Incident) -> Past:
    ended = next(e for e in reversed(incident.history) if e.what == "resolved")
    took = (e for e in incident.history if e.what in _TOOK or _said(e))
    first = next(took, None)
    if first is None:
        return Past(incident, ended, "", None)
    return Past(incident, ended, first.detail, first.at_ms)


def _said(entry: Entry) -> bool:
    """Whether somebody ended it by a word about it; who ended her care said nothing of it."""
    return entry.what == "resolved" and bool(entry.detail) and entry.reason != Reason.CARE_ENDED
