"""The forms that begin and end a pause of telling about a person.

Knows: Flask, the entries. May not know: how long a pause may be, what it holds back.

    POST /person/ID/pause       until (local), why; where it was given: here (on
                                "contacts"), or person (of the first page of her alone)
    POST /person/ID/unpause
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask.typing import ResponseReturnValue

from gateway.entering import Entry, Pause, Unpause
from gateway.web import first, pauses, section
from gateway.web.seat import who

pausing = Blueprint("pausing", __name__)

_NEVER_MS = 0  # no end that could be read: the entry is refused for it


@pausing.post("/person/<person_id>/pause")
def pause(person_id: str) -> ResponseReturnValue:
    """Nobody is told about her until then, but of what always is."""
    scene, _ = section.look(person_id, lambda _scene: None)
    until_ms = _local_ms(section.field("until"), scene.words.zone)
    entry = Pause(person_id, until_ms, who().name, section.field("why"))
    return _enter(scene, entry)


@pausing.post("/person/<person_id>/unpause")
def unpause(person_id: str) -> ResponseReturnValue:
    """The pause ends now."""
    scene, _ = section.look(person_id, lambda _scene: None)
    return _enter(scene, Unpause(person_id, who().name))


def _enter(scene: section.Scene, entry: Entry) -> ResponseReturnValue:
    person_id, language = scene.person.id, scene.words.language
    anchor, asked = pauses.anchor(person_id), section.field("person")
    back, onward = first.address(asked), first.address(asked, language, anchor)
    if section.field("here"):
        back = f"{section.base(person_id)}/contacts"
        onward = f"{back}?lang={language}#{anchor}"
    return section.commit(scene.words, entry, back=back, onward=onward)


def _local_ms(text: str, zone: ZoneInfo) -> int:
    try:
        return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        return _NEVER_MS
