"""Which rows a page of the coverage list shows, in which order, and what each dong comes to.

Knows: rows, filters. May not know: words, a page's address, where rows are from.

Whom nothing holds comes first, then whose refusal asks for a neighbour, then who is to be asked
again; within these by dong and name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gateway.coverage.register import plain
from gateway.coverage.rows import Figures, Row, Tally

PAGE, PAPER = 50, 1000  # rows of a page, of a print


def asks_again(row: Row, today: str) -> bool:
    """Whether the day has come to ask her again."""
    return row.ask_again_day is not None and row.ask_again_day <= today


FILTERS: dict[str, Callable[[Row, str], bool]] = {
    "all": lambda _row, _today: True,
    "uncovered": lambda row, _today: not row.covered,
    "neighbour": lambda row, _today: row.asks_neighbour,
    "again": asks_again,
    "refused": lambda row, _today: bool(row.refused),
    "unknown": lambda row, _today: not row.person,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; "" = of everything."""

    show: str = "all"
    dong: str = ""
    net: str = ""
    text: str = ""
    page: int = 1
    paper: bool = False  # all that fits on paper, not a page of it


@dataclass(frozen=True, slots=True)
class Chosen:
    """A page of the list, and what the whole comes to."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int
    counts: dict[str, int]  # by filter, within dong, net and text
    dongs: tuple[tuple[str, Figures], ...]  # of everybody, whom fewest nets hold first
    figures: Figures


def chosen(everybody: Iterable[Row], wanted: Wanted, today: str) -> Chosen:
    """The page that is wanted. `today`: ISO."""
    every = list(everybody)
    rows = matching(every, wanted)
    counts = {name: sum(holds(row, today) for row in rows) for name, holds in FILTERS.items()}
    shown = sorted((r for r in rows if FILTERS[wanted.show](r, today)), key=_order(today))
    size = PAPER if wanted.paper else PAGE
    pages = max(1, -(-len(shown) // size))
    page = min(max(1, wanted.page), pages)
    return Chosen(
        tuple(shown[(page - 1) * size : page * size]), len(shown), page, pages, counts,
        *_dongs(every),
    )  # fmt: skip


def listed(everybody: Iterable[Row], wanted: Wanted, today: str) -> list[Row]:
    """All rows that are wanted, in their order: for a file."""
    rows = matching(everybody, wanted)
    return sorted((r for r in rows if FILTERS[wanted.show](r, today)), key=_order(today))


def matching(everybody: Iterable[Row], wanted: Wanted) -> list[Row]:
    """The rows of that dong, net and text; a net matches who has or refused it."""
    looked, dong = plain(wanted.text), plain(wanted.dong)
    found = []
    for row in everybody:
        hers = not wanted.net or any(net.name == wanted.net for net in row.nets)
        if hers and (not dong or plain(row.dong) == dong):
            if looked and looked not in plain(row.name + row.address):
                continue
            found.append(row)
    return found


def _order(today: str) -> Callable[[Row], tuple[int, str, str, str]]:
    def order(row: Row) -> tuple[int, str, str, str]:
        if not row.covered:
            urgency = 0
        elif row.asks_neighbour:
            urgency = 1
        else:
            urgency = 2 if asks_again(row, today) else 3
        return urgency, row.dong, row.name, row.id

    return order


def _dongs(rows: Iterable[Row]) -> tuple[tuple[tuple[str, Figures], ...], Figures]:
    """By dong, whom fewest nets hold first; and all together."""
    tallies: dict[str, Tally] = {}
    for row in rows:
        tally = tallies.get(row.dong)
        if tally is None:
            tally = tallies[row.dong] = Tally()
        tally.count(row, 1)
    every = Tally()
    for tally in tallies.values():
        every.add(tally)
    found = [(dong, tally.figures()) for dong, tally in tallies.items()]
    return tuple(sorted(found, key=lambda of: (-of[1].uncovered, of[0]))), every.figures()
