"""Who looked at a person, and who changed something: her access log.

Knows: Flask, the vault's question. May not know: how long the log is kept.

    GET  /person/ID/access-log
"""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from gateway.web import section
from gateway.web.permissions import TABLE
from gateway.web.room import room

looks = Blueprint("looks", __name__)

# Pages about a person, by the first half of their endpoint: each has a word.
PLACES = frozenset(name.partition(".")[0] for name in TABLE) - {"static"}


@looks.get("/person/<person_id>/access-log")
def show(person_id: str) -> ResponseReturnValue:
    """The page: the newest first."""
    scene, _ = section.look(person_id, lambda _scene: None)
    words = scene.words
    rows = [
        (
            words.moment(look.last_ms, scene.now_ms),
            look.name,
            words.code("look", look.page.partition(".")[0]),
            words.say("look.changed" if look.changed else "look.read"),
        )
        for look in room().vault.looks.about(person_id)
    ]
    heads = [words.say(f"look.head.{name}") for name in ("when", "who", "where", "what")]
    return section.page("looks.html", scene, here="access-log", rows=rows, heads=heads)
