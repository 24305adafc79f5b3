"""The technician's list drawn: the parts of it that live, by id, for the page and for its stream.

Knows: the desk, the workshop, the page's words. May not know: Flask, what a check means.

Of everybody one page is drawn: the checks of those who are shown, and no others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment

from gateway.home import Home
from gateway.installation import State, checks
from gateway.officer.choosing import plain
from gateway.roster import Person, Roster
from gateway.web import installs
from gateway.web.listing import clock, drawn
from gateway.web.sse import Desk, Drawn
from gateway.web.words import Words
from gateway.workshop import Workshop

View = dict[str, Any]
SECTIONS = ("clock", "everybody", "gateway", "waiting")
PAGE_ROWS = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """Part of a name, "" = everybody; which page of them, from 1."""

    text: str = ""
    page: int = 1


class Workplace:
    """One page of the list for one technician; `ids`: for whom she installs, None = everybody."""

    def __init__(
        self,
        desk: Desk,
        jinja: Environment,
        workshop: Workshop,
        wanted: Wanted,
        words: Words,
        *,
        ids: Collection[str] | None,
        token: str,
    ) -> None:
        self._desk, self._jinja, self._workshop = desk, jinja, workshop
        self._wanted, self._words, self._ids, self._token = wanted, words, ids, token

    def __call__(self) -> Drawn:
        """The parts as of now."""
        health, kept = self._workshop.health(), self._workshop.kept()
        how = installs.measured(self._workshop)
        words = self._words

        def view(home: Home, now_ms: int) -> tuple[int, View]:
            roster = home.household.roster
            persons, context = self._page(roster)
            rows = []
            for person in persons:
                left = sum(c.state is not State.OK for c in checks(home, person.id, how, now_ms))
                signed = home.installations.signed.get(person.id, [])
                at = words.moment(signed[-1].at_ms, now_ms) if signed else None
                rows.append({"id": person.id, "name": person.name, "left": left, "signed": at})
            return now_ms, {
                **context,
                "token": self._token,
                "persons": rows,
                "health": installs.health(home, health, now_ms, words),
                "waiting": installs.waiting(roster, kept, words) if roster else [],
            }

        now_ms, context = self._desk.ask(view)
        context = {**context, **clock(now_ms, words)}
        return now_ms, drawn(self._jinja, "_install", SECTIONS, context, words)

    def _page(self, roster: Roster | None) -> tuple[list[Person], View]:
        """The persons of the page, and the way to the pages around it."""
        ids, wanted, sought = self._ids, self._wanted, plain(self._wanted.text)
        mine = [
            person
            for person in (roster.persons if roster is not None else ())
            if (ids is None or person.id in ids) and sought in plain(person.name)
        ]
        pages = max(1, -(-len(mine) // PAGE_ROWS))
        page = min(wanted.page, pages)
        return mine[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], {
            "wanted": wanted,
            "counted": self._words.say("officer.found", n=len(mine)),
            "before": self._address(page - 1) if page > 1 else None,
            "after": self._address(page + 1) if page < pages else None,
            "paged": self._words.say("officer.page", n=page, of=pages),
        }

    def _address(self, page: int) -> str:
        asked = {"q": self._wanted.text, "page": page, "lang": self._words.language}
        return f"/install?{urlencode(asked)}"


def about(wanted: Wanted) -> str:
    """What the page asks its stream for."""
    return f"&list=install&{urlencode({'q': wanted.text, 'page': wanted.page})}"
