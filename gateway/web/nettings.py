"""Nets for reading: who somebody is, what holds her, what she refused, what is to be done.

Knows: rows of gateway.coverage, the page's words. May not know: HTML, which rows are shown.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from gateway.coverage.choosing import asks_again
from gateway.coverage.rows import Net, Row
from gateway.home import Home
from gateway.netting import HOLDS
from gateway.web.room import room, words_for
from gateway.web.words import Words

View = dict[str, Any]


def home_words() -> Words:
    """The words of a page about the whole home."""

    def view(home: Home, _now_ms: int) -> dict[str, Any] | None:
        roster = home.household.roster
        return {"language": roster.language, "time_zone": roster.time_zone} if roster else None

    return words_for(room().desk.ask(view))


def address_of(row: Row, words: Words) -> str:
    """Where the page about her nets is."""
    name = quote(row.id, safe="@")
    place = f"/person/{name}/nets" if row.person else f"/people/household/{name}"
    return f"{place}?lang={words.language}"


def row(of: Row, today: str, words: Words) -> View:
    """One line of the list. `today`: ISO."""
    again = of.ask_again_day
    return {
        "id": of.id,
        "name": of.name,
        "address": address_of(of, words),
        "place": place(of),
        "who": words.say("coverage.person" if of.person else "coverage.household"),
        "covered": of.covered,
        "sign": "taken" if of.covered else "missed",
        "word": words.say("coverage.covered" if of.covered else "coverage.uncovered"),
        "held": [words.say(f"net.{name}") for name in of.held],
        "refused": [words.say(f"net.{net.name}") for net in of.refused],
        "asks": words.say("coverage.asks_neighbour") if of.asks_neighbour else None,
        "again": words.say(
            "coverage.again" if asks_again(of, today) else "coverage.again_on",
            day=words.short_day(again),
        )
        if again
        else None,
    }


def place(of: Row) -> str:
    """Dong and address; the dong once."""
    return of.address if of.dong in of.address else f"{of.dong} {of.address}".strip()


def net(of: Net, words: Words) -> View:
    """One net of one person."""
    holds = of.state == HOLDS
    return {
        "name": words.say(f"net.{of.name}"),
        "holds": holds,
        "sign": "taken" if holds else "doubtful",
        "word": words.say("coverage.holds" if holds else "coverage.was_refused"),
        "since": words.say(
            "coverage.since" if holds else "coverage.refused_on", day=words.day_of(of.since_day)
        ),
        "again": words.say("coverage.again_on", day=words.short_day(of.ask_again_day))
        if of.ask_again_day
        else None,
        "text": of.text,
        "by": words.say("coverage.by", by=of.by) if of.by else None,
    }
