"""A pause of telling about a person, for reading: whether it holds, and what its forms need.

Knows: the picture's `paused_…`, the page's words. May not know: HTML, Flask, what a pause holds
back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from gateway.entering import WHY_MOST
from gateway.incidents.pauses import MOST_DAYS
from gateway.web.words import Words

View = dict[str, Any]


def anchor(person_id: str) -> str:
    """Where on the first page the forms stand."""
    return f"pause-{person_id}"


def form(person: View, now_ms: int, words: Words) -> View:
    """How it stands and what its forms need; the days are whole ones, so that they rest."""
    today, says = words.local(now_ms), holds(person, now_ms, words)
    who = {"by": person.get("paused_by"), "why": person.get("paused_why")}
    return {
        "anchor": anchor(person["id"]),
        "to": f"/person/{quote(str(person['id']), safe='')}",
        "holds": says,
        "who": words.say("pause.who", **who) if says else None,
        "earliest": f"{today:%Y-%m-%dT00:00}",
        "latest": f"{today + timedelta(days=MOST_DAYS):%Y-%m-%dT00:00}",
        "why_most": WHY_MOST,
        "hint": words.say("pause.hint", days=MOST_DAYS),
    }


def holds(person: View, now_ms: int, words: Words) -> str | None:
    """That nobody is told about her just now, until when, and what is told all the same."""
    until_ms = person.get("paused_until_ms")
    if not until_ms:
        return None
    return words.say("pause.holds", person=person["name"], until=words.moment(until_ms, now_ms))


def notice(person: View, now_ms: int, words: Words) -> list[tuple[str, str]]:
    """(address, sentence) for her card, while it holds."""
    says = holds(person, now_ms, words)
    return [(f"#{anchor(person['id'])}", says)] if says else []
