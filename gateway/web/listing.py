"""The officer's list drawn: the parts of it that live, by id, for the page and for its stream.

Knows: the desk, the board's rows, the page's words. May not know: Flask, why a row is urgent.

A stream draws the page of the list that is looked at, and only when the board changed or a minute
went by (until then every "2 minutes ago" stands): a list of ten thousand costs what one page does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment

from gateway.home import Home
from gateway.incidents import Incident
from gateway.officer import choosing
from gateway.officer.standing import Level, Standing
from gateway.roster import NOBODY, Roster
from gateway.units import MIN_MS
from gateway.web import standings
from gateway.web.sse import Desk, Drawn
from gateway.web.words import Words

View = dict[str, Any]
SECTIONS = ("clock", "levels", "list")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from the home under its lock; `version`: of the board."""

    rows: Sequence[Standing]
    roster: Roster
    home: Sequence[Incident]
    version: int
    now_ms: int


class Listing:
    """One page of the list for one officer; `ids`: whom she looks after, None = everybody."""

    def __init__(
        self,
        desk: Desk,
        jinja: Environment,
        wanted: choosing.Wanted,
        words: Words,
        ids: Collection[str] | None,
    ) -> None:
        self._desk, self._jinja, self._wanted = desk, jinja, wanted
        self._words, self._ids = words, ids
        self._drawn: dict[str, str] = {}
        self._key: tuple[int, int] | None = None

    def __call__(self) -> Drawn:
        """The parts as of now."""
        taken = self._desk.ask(_take)
        key = taken.version, taken.now_ms // MIN_MS
        if key != self._key:
            self._key, self._drawn = key, self._draw(taken)
        return taken.now_ms, self._drawn

    def _draw(self, taken: Taken) -> dict[str, str]:
        ids, now_ms, words, wanted = self._ids, taken.now_ms, self._words, self._wanted
        rows = taken.rows if ids is None else [row for row in taken.rows if row.person_id in ids]
        chosen = choosing.chosen(rows, wanted, now_ms)
        page, pages = chosen.page, chosen.pages
        context = {
            **clock(now_ms, words),
            "home": [standings.of_home(i, now_ms, words) for i in taken.home],
            "levels": [_level(level, chosen.levels[level], words) for level in Level],
            "filters": [_filter(n, wanted, chosen.counts[n], words) for n in choosing.FILTERS],
            "hours": [_hour(h, wanted, words) for h in choosing.HOURS] if by_hours(wanted) else [],
            "groups": standings.groups(chosen.rows, taken.roster, now_ms, words),
            "wanted": wanted,
            "counted": words.say("officer.found", n=chosen.found),
            "before": _address(wanted, words, page=page - 1) if page > 1 else None,
            "after": _address(wanted, words, page=page + 1) if page < pages else None,
            "paged": words.say("officer.page", n=page, of=pages),
        }
        return drawn(self._jinja, "_people", SECTIONS, context, words)


def drawn(
    jinja: Environment, page: str, names: Sequence[str], context: View, words: Words
) -> dict[str, str]:
    """The HTML of each part of a page, by its id; a clock is everywhere the same."""
    shown = {"say": words.say, "words": words, **context}
    files = {name: "_clock.html" if name == "clock" else f"{page}_{name}.html" for name in names}
    return {name: jinja.get_template(file).render(shown) for name, file in files.items()}


def clock(now_ms: int, words: Words) -> View:
    """What a page says of the instant it shows."""
    return {
        "today": words.today(now_ms),
        "clock": words.clock(now_ms),
        "clock_iso": words.iso(now_ms),
    }


def about(wanted: choosing.Wanted) -> str:
    """What a page of the list asks its stream for."""
    return f"&list=people&{urlencode(_asked(wanted))}"


def by_hours(wanted: choosing.Wanted) -> bool:
    """Whether the hours without a sign of life make a difference."""
    return wanted.name == "silent"


def _take(home: Home, now_ms: int) -> Taken:
    rows: Sequence[Standing] = home.board.rows(home.household, home.ledger, now_ms)
    roster = home.household.roster or NOBODY
    return Taken(rows, roster, home.board.home(home.ledger), home.board.version, now_ms)


def _asked(wanted: choosing.Wanted) -> dict[str, object]:
    asked: dict[str, object] = {"show": wanted.name, "q": wanted.text, "page": wanted.page}
    return {**asked, "h": wanted.hours} if by_hours(wanted) else asked


def _address(wanted: choosing.Wanted, words: Words, **other: object) -> str:
    asked = {**_asked(wanted), "page": 1, **other}
    left = {name: value for name, value in asked.items() if value not in ("", "all", 1)}
    return f"/people?{urlencode({**left, 'lang': words.language})}"


def _filter(name: str, wanted: choosing.Wanted, count: int, words: Words) -> View:
    hours = wanted.hours if by_hours(wanted) else choosing.HOURS_DEFAULT
    return {
        "name": words.say(f"officer.filter.{name}", h=hours),
        "address": _address(choosing.Wanted(text=wanted.text), words, show=name),
        "here": name == wanted.name,
        "count": count,
    }


def _hour(hours: int, wanted: choosing.Wanted, words: Words) -> View:
    return {
        "name": words.say("officer.hours", h=hours),
        "address": _address(wanted, words, h=hours),
        "here": hours == wanted.hours,
    }


def _level(level: Level, count: int, words: Words) -> View:
    return {
        "level": str(level),
        "sign": standings.SIGNS[level],
        "word": words.say(f"officer.level.{level}"),
        "count": count,
    }
