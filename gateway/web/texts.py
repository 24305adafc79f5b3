"""Texts for reading: to whom, how far they came, by which way, and what went wrong.

Knows: the picture's `texts`, the page's words. May not know: HTML, Flask, why a text was decided,
what a route is.

What a modem or a provider said of a failure is for the technician, in his English: it stands beside
a sentence of the page's own.
"""

from __future__ import annotations

from typing import Any

from gateway.web import news
from gateway.web.words import Words

Picture = dict[str, Any]
View = dict[str, Any]

TEXTS_SHOWN = 20
FAILED = ("undelivered",)
# How `why` begins where that says more than a technician's line (gateway.log, incidents.ledger).
TROUBLES = {
    "answer lost": "lost",
    "expired": "expired",
    "sent once more": "repeated",
}
_TRIES_ON = ("pending", "undelivered")  # what failed is the last that is known
_NOT_CARRIED = ("pending", "withdrawn")
_MASKED_FROM = 9  # digits; shorter ones are services, not people


def texts(picture: Picture, words: Words) -> View:
    """The texts as a conversation, newest first; how many are not shown."""
    ordered = sorted(picture["texts"], key=lambda t: -int(t.get("decided_ms") or 0))
    left = len(ordered) - TEXTS_SHOWN
    return {
        "shown": every({**picture, "texts": ordered[:TEXTS_SHOWN]}, words),
        "older": words.say("texts.older", n=left) if left > 0 else None,
    }


def every(picture: Picture, words: Words) -> list[View]:
    """All texts of a picture, in its order."""
    known = news.guardian_names(picture)
    return [_text(t, picture["now_ms"], known, words) for t in picture["texts"]]


def _text(text: View, now_ms: int, known: dict[str, str], words: Words) -> View:
    out = text["direction"] == "out"
    name = known.get(str(text.get("guardian"))) or masked(str(text.get("number") or ""))
    at_ms = text.get("delivered_ms") or text.get("submitted_ms") or text["decided_ms"]
    return {
        "id": text["id"],
        "out": out,
        "who": words.say("text.to" if out else "text.from", name=name),
        "body": text["body"],
        "state": text["state"],
        "failed": text["state"] in FAILED,
        "state_word": words.code("text", text["state"]),
        "at": words.moment(at_ms, now_ms),
        "at_iso": words.iso(at_ms),
        "ago": words.ago(at_ms, now_ms),
        "reason": words.code("reason", text["reason"]) if text["reason"] else None,
        "route": _route(text, words),
        "before": _before(text, words),
        "trouble": _trouble(text, words),
        "times": _times(text, now_ms, words) if out else [],
    }


def _route(text: View, words: Words) -> str | None:
    """The way that carries it, or carried it."""
    if not text["route"] or text["state"] in _NOT_CARRIED:
        return None
    return words.code("route", text["route"])


def _before(text: View, words: Words) -> tuple[str, str] | None:
    """The way that was tried before, and why it did not take the text."""
    passed = str(text["passed"])
    if not passed and text["state"] == "pending" and text["route"]:
        passed = f"{text['route']}: {text['why']}"
    name, _, why = passed.partition(": ")
    return (words.say("text.before", way=words.code("route", name)), why) if name else None


def _trouble(text: View, words: Words) -> tuple[str, str] | None:
    """What went wrong, and the technician's line about it."""
    why, state = str(text["why"] or ""), text["state"]
    if (
        why in ("", text["reason"])
        or state == "withdrawn"
        or (state == "pending" and text["route"])
    ):
        return None
    head, _, rest = why.partition(": ")
    known = next((word for begin, word in TROUBLES.items() if head.startswith(begin)), None)
    if known is None:
        return words.say("text.trouble.now" if state in _TRIES_ON else "text.trouble.once"), why
    return words.say(f"text.trouble.{known}"), rest if known == "lost" else ""


def _times(text: View, now_ms: int, words: Words) -> list[tuple[str, str, str]]:
    """When it was decided, handed over, delivered: (what, moment, ISO)."""
    return [
        (words.say(f"text.at.{name}"), words.moment(at_ms, now_ms), words.iso(at_ms))
        for name in ("decided", "submitted", "delivered")
        if (at_ms := text.get(f"{name}_ms"))
    ]


def masked(number: str) -> str:
    """A number that its owner knows and a stranger cannot call: the middle is left out."""
    if len(number) < _MASKED_FROM:
        return number
    return f"{number[:-8]}····{number[-4:]}"
