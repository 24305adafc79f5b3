"""All texts about a person, sent and received, the newest first.

Knows: Flask, whose a text is. May not know: why a text was decided, what a route is.

    GET /person/ID/texts?page      50 a page, the first is 1
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway.picture_incidents import text_of
from gateway.picture_seen import Eyes
from gateway.web import section, texts

written = Blueprint("written", __name__)

HERE = "texts"
A_PAGE = 50


@written.get("/person/<person_id>/texts")
def show(person_id: str) -> ResponseReturnValue:
    """The page."""
    page = max(1, request.args.get("page", 1, type=int))

    def draw(scene: section.Scene) -> dict[str, Any]:
        ledger, eyes = scene.home.ledger, Eyes(scene.roster, {person_id})
        hers = [text for text in ledger.texts.values() if eyes.text(ledger, text)]
        hers.sort(key=lambda t: (t.decided_ms, t.id), reverse=True)
        shown = [text_of(scene.roster, t) for t in hers[(page - 1) * A_PAGE : page * A_PAGE]]
        picture = {"now_ms": scene.now_ms, "texts": shown, "incidents": []}
        return {"texts": texts.every(picture, scene.words), "more": len(hers) > page * A_PAGE}

    scene, shown = section.look(person_id, draw)
    address = f"{section.base(person_id)}/{HERE}?page="
    return section.page(
        "texts.html",
        scene,
        here=HERE,
        n=page,
        before=f"{address}{page - 1}" if page > 1 else None,
        after=f"{address}{page + 1}" if shown.pop("more") else None,
        **shown,
    )
