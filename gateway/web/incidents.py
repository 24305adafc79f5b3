"""Incidents for reading: what happened, who was told, who was not, why, and whose turn it is.

Knows: the picture's `incidents`, the page's words. May not know: HTML, Flask, why anything was
decided (the reasons stand in the picture).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gateway.incidents.reasons import Reason
from gateway.rules.worry import FIRST, HOME
from gateway.web import news, texts
from gateway.web.words import Words

Picture = dict[str, Any]
View = dict[str, Any]

INCIDENTS_SHOWN = 6
_LAST = {"acked": 1, "resolved": 2}
# Somebody was told, and at a later turn she was not.
_NOT_AGAIN = frozenset({Reason.QUIET, Reason.CAP, Reason.OFF_DUTY, Reason.PAUSED, Reason.STOPPED})
_NO_TEXT = (None, "withdrawn")
_SIGNS = {"delivered": "taken", "undelivered": "missed", "pending": "waiting"}
_WORDS = {"undelivered": "roll.failed", "pending": "roll.telling", "sending": "roll.telling"}
# Said by what happened itself: that an answer came, that a question is the first step.
_NO_REASON = ("acknowledged", "arrived", "asked")


def incidents(picture: Picture, words: Words, hands: Collection[str] | None = ()) -> View:
    """The incidents, those for which somebody is sought first; how many are not shown.

    `hands`: the persons about whose incidents she who looks may say something; None = all.
    """
    ordered = sorted(
        picture["incidents"],
        key=lambda i: (_LAST.get(i["state"], 0), i["worry"] not in FIRST, -int(i["opened_ms"])),
    )
    left = len(ordered) - INCIDENTS_SHOWN
    return {
        "news": _news(ordered[:INCIDENTS_SHOWN], picture["now_ms"], words),
        "shown": [incident(i, picture, words, hands) for i in ordered[:INCIDENTS_SHOWN]],
        "older": words.say("incident.older", n=left) if left > 0 else None,
    }


def _news(ordered: list[View], now_ms: int, words: Words) -> list[str]:
    """Whom we told, in a sentence for each incident that is open; else of the last one."""
    live = [entry for entry in ordered if entry["state"] != "resolved"]
    said = []
    for entry in live or ordered[:1]:
        lines = [_line(line, entry, now_ms, words) for line in entry["roll"]]
        names = ", ".join(
            words.say(
                "hero.told.one",
                name=one["name"],
                what=one["delivery"],
                at=one["delivered"] or one["at"],
            )
            for one in lines
            if one["told"]
        )
        key = ("hero.told" if live else "hero.told.last") if names else "hero.told.nobody"
        said.append(words.say(key, n=entry["id"], names=names))
    return said or [words.say("hero.told.never")]


def alone(picture: Picture, words: Words, hands: Collection[str] | None = ()) -> View:
    """The one incident of a picture (picture_incidents.incident_alone) with all its texts."""
    (one,) = picture["incidents"]
    held_ms = one["acked_until_ms"] if one["state"] == "acked" else None
    until = words.moment(held_ms, picture["now_ms"]) if held_ms else None
    return {
        **incident(one, picture, words, hands),
        "reason": words.code("reason", one["reason"]),
        "detail": _detail(one.get("detail", {}), picture["now_ms"], words),
        "until": words.say("incident.until", clock=until) if until else None,
        "texts": texts.every(picture, words),
    }


def incident(
    entry: View, picture: Picture, words: Words, hands: Collection[str] | None = ()
) -> View:
    """One incident as the list shows it."""
    now_ms, state = picture["now_ms"], entry["state"]
    return {
        "id": entry["id"],
        "number": words.say("incident.number", n=entry["id"]),
        "title": news.worry(entry, picture, words),
        "person": news.whose(entry, picture, words),
        "state": state,
        "state_word": _state_word(entry, picture, words),
        "opened": words.moment(entry["opened_ms"], now_ms),
        "opened_iso": words.iso(entry["opened_ms"]),
        "opened_ago": words.ago(entry["opened_ms"], now_ms),
        "roll": [_line(line, entry, now_ms, words) for line in entry["roll"]],
        "history": [_happened(h, entry, picture, words) for h in entry["history"]],
        "more": words.say("incident.more", n=entry["id"]),
        "says": _says(entry, words, hands),
        "address": f"/incident/{entry['id']}?lang={words.language}",
    }


def _says(entry: View, words: Words, hands: Collection[str] | None) -> list[View]:
    """The buttons by which it is answered, as by text: who goes already need not be said again."""
    person_id = str(entry["person_id"])
    may = hands is None or person_id in hands or (person_id == HOME and bool(hands))
    if not may or entry["state"] == "resolved":
        return []
    said = ("there", "well") if entry["state"] == "acked" else ("going", "there", "well")
    return [
        {
            "word": word,
            "say": words.say(f"answer.{word}"),
            "label": words.say(f"answer.{word}.of", n=entry["id"]),
            "kind": "main" if word == said[0] else "plain",
        }
        for word in said
    ]


def _detail(detail: View, now_ms: int, words: Words) -> list[str]:
    """What its reason speaks of: "nothing since 21:10", "usually active by 09:30"."""
    said = (("since", "since_ms"), ("usual", "usual_ms"), ("light", "light_ms"))
    found = [
        words.say(f"silence.{name}", clock=words.moment(detail[key], now_ms))
        for name, key in said
        if key in detail
    ]
    return [*found, words.say("said.text", text=detail["text"])] if "text" in detail else found


def _state_word(entry: View, picture: Picture, words: Words) -> str:
    by = str(entry.get("acked_by"))
    if entry["state"] == "acked" and by == str(entry["person_id"]):
        return words.say("incident.herself")
    return words.say(f"incident.{entry['state']}", by=news.guardian_names(picture).get(by, by))


def _line(line: View, entry: View, now_ms: int, words: Words) -> View:
    """One person of the roll."""
    delivery, at_ms, delivered_ms = line["delivery"], line["at_ms"], line["delivered_ms"]
    told = line["told"] and delivery not in _NO_TEXT
    again = told and line["reason"] in _NOT_AGAIN
    word = "roll.not_again" if again else _WORDS.get(delivery, "roll.told")
    return {
        "name": line["name"],
        "role": words.code("role", line["role"]),
        "told": told,
        "sign": _SIGNS.get(delivery, "sent") if told else "noted",
        "word": words.say(word if told else "roll.not_told"),
        "why": words.code("reason", line["reason"]),
        "at": words.moment(at_ms, now_ms) if at_ms else None,
        "at_iso": words.iso(at_ms) if at_ms else None,
        "delivery": words.code("text", delivery) if delivery else None,
        "delivered": words.moment(delivered_ms, now_ms) if delivered_ms else None,
        "delivered_iso": words.iso(delivered_ms) if delivered_ms else None,
        "next": _next(line, entry, now_ms, words),
    }


def _next(line: View, entry: View, now_ms: int, words: Words) -> str | None:
    """When it is her turn (again); nothing once it is over.

    While somebody has it: only where she is the next after that.
    """
    next_ms, state = line["next_ms"], entry["state"]
    if next_ms is None or state == "resolved":
        return None
    clock = words.moment(next_ms, now_ms)
    if state == "acked":
        ends = next_ms == entry["acked_until_ms"]
        return words.say("roll.unless_over", clock=clock) if ends else None
    if next_ms <= now_ms:
        return words.say("roll.now")
    return words.say("roll.again" if line["told"] else "roll.next", clock=clock)


def _happened(happened: View, entry: View, picture: Picture, words: Words) -> View:
    """A line of the history; `detail` is a guardian, a worry, or "guardian: purpose"."""
    what, detail = happened["what"], str(happened.get("detail") or "")
    who, _, purpose = detail.rpartition(": ")
    by = who if what == "told" else detail
    by = news.guardian_names(picture).get(by, by)
    if what == "acknowledged" and detail == str(entry["person_id"]):
        what = "herself"
    if what == "resolved" and detail:
        what = "ended"
    if what == "not_told" and not detail:
        what = "nobody_told"
    reason = happened.get("reason") if what not in (*_NO_REASON, "herself") else None
    return {
        "at": words.moment(happened["at_ms"], picture["now_ms"]),
        "at_iso": words.iso(happened["at_ms"]),
        "what": words.code("happened", what, by=by, what=words.code("purpose", purpose)),
        "reason": words.code("reason", reason) if reason else None,
    }
