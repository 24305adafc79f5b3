"""Which of all rows are looked at: a filter, words to look for, one page of them.

Knows: the filters there are, as one table. May not know: how a row came about, a page's words;
the time is an argument.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.officer.standing import TO_VISIT, Level, Standing
from gateway.units import HOUR_MS

HOURS = (12, 24, 36, 48)  # without a sign of life: half a day, and the hours of the levels
HOURS_DEFAULT = 24
PAGE_ROWS = 40

Test = Callable[[Standing, int], bool]  # (row, the instant before which a sign is too old)
# A filter, and by what its rows go ("" = by urgency); what is looked at first stands first.
FILTERS: dict[str, tuple[Test, str]] = {
    "all": (lambda _row, _ms: True, ""),
    "visit": (lambda row, _ms: row.level in TO_VISIT, ""),
    "silent": (
        lambda row, ms: (
            row.since_ms is not None
            and row.since_ms <= ms
            and row.away_until_ms is None
            and (row.sees or row.sign is not None)  # where nothing is installed, none can come
        ),
        "since_ms",
    ),
    "unknown": (lambda row, _ms: row.unknown, ""),
    "open": (lambda row, _ms: row.opened_ms is not None, "opened_ms"),
    "stale": (lambda row, _ms: row.stale_ms is not None, "stale_ms"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. An unknown filter or a page there is not is the nearest there is."""

    name: str = "all"
    hours: int = HOURS_DEFAULT
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """One page: its rows, how many there are in all, and how many each filter would show."""

    rows: tuple[Standing, ...]
    found: int
    page: int
    pages: int
    counts: dict[str, int]  # by filter, of everybody
    levels: dict[Level, int]  # of everybody


def chosen(everybody: Sequence[Standing], wanted: Wanted, now_ms: int) -> Chosen:
    """The page that is asked for, of rows in the order of their urgency."""
    before_ms = now_ms - wanted.hours * HOUR_MS
    passes, by = FILTERS.get(wanted.name, FILTERS["all"])
    rows = [row for row in everybody if passes(row, before_ms)]
    if wanted.text.strip():
        looked = plain(wanted.text)
        rows = [row for row in rows if looked in plain(row.name) or looked == plain(row.person_id)]
    if by:
        rows.sort(key=lambda row: (getattr(row, by), row.name, row.person_id))
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, wanted.page), pages)
    levels = Counter(row.level for row in everybody)
    return Chosen(
        rows=tuple(rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]),
        found=len(rows),
        page=page,
        pages=pages,
        counts={
            name: sum(test(row, before_ms) for row in everybody)
            for name, (test, _by) in FILTERS.items()
        },
        levels={level: levels[level] for level in Level},
    )


def plain(text: str) -> str:
    """As it is looked for: without spaces, capitals and the two ways of writing 가."""
    return "".join(unicodedata.normalize("NFC", text).casefold().split())
