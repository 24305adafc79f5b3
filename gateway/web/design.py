"""The page of the look: every token and every piece pages are built of, as they are drawn today.

Knows: the style sheet's tokens, the pieces of _parts.html by name. May not know: any person.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint
from flask.typing import ResponseReturnValue

from gateway.web import tokens
from gateway.web.framing import render
from gateway.web.room import words_for

design = Blueprint("design", __name__)

SHEET = Path(__file__).parent / "static" / "page.css"
STATES = (
    "waiting", "open", "due", "late", "taken", "missed", "skipped", "doubtful", "unknown", "paused",
)  # fmt: skip
LEVELS = ("fine", "help", "handled", "noted", "unsure")
ICONS = (*STATES, *LEVELS, "linked", "unlinked", "sent", "sound")
NOTES = ("done", "heed", "wrong", "told")
BUTTONS = ("plain", "main", "danger", "big")
COLOURS = (
    "ink", "soft", "paper", "card", "line", "edge", "focus",
    "celadon", "vermilion", "indigo", "gardenia", "slate", "moon",
)  # fmt: skip


@design.get("/design")
def show() -> ResponseReturnValue:
    """The tokens and the pieces."""
    css = SHEET.read_text(encoding="utf-8")
    known = tokens.colours(css)
    return render(
        "design.html",
        words_for(None),
        colours=[(name, known[name], known.get(f"{name}-wash")) for name in COLOURS],
        pairs=tokens.pairs(css),
        text_least=tokens.TEXT_LEAST,
        states=STATES,
        levels=LEVELS,
        icons=ICONS,
        notes=NOTES,
        buttons=BUTTONS,
    )
