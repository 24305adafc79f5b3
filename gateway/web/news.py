"""Incidents and texts for reading: what happened, who was told, what came back.

Knows: the picture's `incidents` and `texts`, the page's words. May not know: HTML, Flask, why
anything was decided (the reasons stand in the picture).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from gateway.entries import label_of
from gateway.roster import COMPARTMENTS, LABELS
from gateway.web.words import Words

Picture = dict[str, Any]
View = dict[str, Any]

INCIDENTS_SHOWN = 6
TEXTS_SHOWN = 20
SAID_SHOWN = 6
SLOT_ID_PARTS = 3  # person, day, index
_MASKED_FROM = 9  # digits; shorter ones are services, not people
FAILED = ("undelivered",)
_LAST = {"acked": 1, "resolved": 2}
# The order of the question tells this better.
_TOLD_ELSEWHERE = ("asked",)


def names(picture: Picture) -> dict[str, str]:
    """Person id → name."""
    return {str(p["id"]): str(p["name"]) for p in picture["persons"]}


def guardian_names(picture: Picture) -> dict[str, str]:
    """Guardian id → name, as far as the texts tell."""
    return {
        str(t["guardian"]): str(t.get("guardian_name") or t["guardian"])
        for t in picture["texts"]
        if t.get("guardian")
    }


def worry(incident: View, picture: Picture, words: Words) -> str:
    """What an incident is about, in one sentence: "저녁 칸이 열리지 않았습니다"."""
    slot_id = incident.get("slot_id")
    label = words.say("worry.somewhat")
    if slot_id and str(slot_id).count("/") == SLOT_ID_PARTS - 1:
        label = words.code("label", label_of(int(str(slot_id).rsplit("/", 1)[1])))
    for person in picture["persons"]:
        for slot in person["slots"]:
            if slot["id"] == slot_id:
                label = words.code("label", slot["label"])
    return words.code("worry", incident["worry"], label=label)


def incidents(picture: Picture, words: Words) -> View:
    """The incidents, those for which somebody is sought first; how many are not shown."""
    ordered = sorted(
        picture["incidents"], key=lambda i: (_LAST.get(i["state"], 0), -int(i["opened_ms"]))
    )
    shown = ordered[:INCIDENTS_SHOWN]
    left = len(ordered) - len(shown)
    return {
        "shown": [_incident(i, picture, words) for i in shown],
        "older": words.say("incident.older", n=left) if left else None,
    }


def _incident(incident: View, picture: Picture, words: Words) -> View:
    now_ms, by = picture["now_ms"], incident.get("acked_by")
    by_name = guardian_names(picture).get(str(by), str(by))
    state = incident["state"]
    return {
        "id": incident["id"],
        "number": words.say("incident.number", n=incident["id"]),
        "title": worry(incident, picture, words),
        "person": names(picture).get(str(incident["person_id"]), incident["person_id"]),
        "state": state,
        "state_word": words.say(f"incident.{state}", by=by_name),
        "opened": words.moment(incident["opened_ms"], now_ms),
        "opened_iso": words.iso(incident["opened_ms"]),
        "opened_ago": words.ago(incident["opened_ms"], now_ms),
        "history": [_happened(h, picture, words) for h in incident["history"]],
    }


def _happened(entry: View, picture: Picture, words: Words) -> View:
    """A line of the history; `detail` is a guardian, a worry, or "guardian: purpose"."""
    what, detail = entry["what"], str(entry.get("detail") or "")
    who, _, purpose = detail.rpartition(": ")
    by = who if what == "told" else detail
    by = guardian_names(picture).get(by, by)
    happened = words.code("happened", what, by=by, what=words.code("purpose", purpose))
    # That an answer came is what "acknowledged" means: said once.
    reason = entry.get("reason") if what != "acknowledged" else None
    return {
        "at": words.moment(entry["at_ms"], picture["now_ms"]),
        "at_iso": words.iso(entry["at_ms"]),
        "what": happened,
        "reason": words.code("reason", reason) if reason else None,
    }


def said(picture: Picture, words: Words) -> View:
    """What the boxes told besides doses, newest first; how many are not shown."""
    told = [h for h in picture["happenings"] if h["code"] not in _TOLD_ELSEWHERE]
    runs = [list(run) for _, run in groupby(told, _alike(words))]
    shown, left = runs[:SAID_SHOWN], sum(len(run) for run in runs[SAID_SHOWN:])
    return {
        "shown": [_said(run, picture, words) for run in shown],
        "older": words.say("said.older", n=left) if left > 0 else None,
    }


def _alike(words: Words) -> Callable[[View], tuple[str, ...]]:
    """What joins happenings in a row to one line: the same code of one box, said in the plural."""

    def key(happening: View) -> tuple[str, ...]:
        if words.has(f"said.{happening['code']}.many"):
            return happening["device_id"], happening["code"]
        return (happening["id"],)

    return key


def _said(run: list[View], picture: Picture, words: Words) -> View:
    """One line; a row of alike ones has the time of its newest and the id of its oldest."""
    line = _said_once(run[0], picture, words)
    if len(run) == 1:
        return line
    return {
        **line,
        "id": run[-1]["id"],
        "what": words.say(f"said.{run[0]['code']}.many", n=len(run)),
    }


def _said_once(happening: View, picture: Picture, words: Words) -> View:
    at_ms, now_ms, value = happening["at_ms"], picture["now_ms"], abs(int(happening["value"]))
    chip = f"chip.{value}" if words.has(f"chip.{value}") else "chip.other"
    several = len(picture["persons"]) > 1
    return {
        "id": happening["id"],
        "what": words.code(
            "said",
            happening["code"],
            n=value,
            where=where(happening["compartment"], words),
            chip=words.say(chip, n=value),
        ),
        "person": names(picture).get(str(happening["person_id"])) if several else None,
        "at": words.moment(at_ms, now_ms),
        "at_iso": words.iso(at_ms),
        "ago": words.ago(at_ms, now_ms),
    }


def where(compartment: int | None, words: Words) -> str:
    """A compartment in words: "수요일 저녁 칸"."""
    if compartment is None or compartment >= COMPARTMENTS:
        return words.say("said.nowhere")
    day, place = divmod(compartment, len(LABELS))
    return words.say(
        "said.where", day=words.say(f"day.{day}"), label=words.inside("label", LABELS[place])
    )


def texts(picture: Picture, words: Words) -> View:
    """The texts as a conversation, newest first; how many are not shown."""
    ordered = sorted(picture["texts"], key=lambda t: -int(t.get("decided_ms") or 0))
    shown = ordered[:TEXTS_SHOWN]
    left = len(ordered) - len(shown)
    known = guardian_names(picture)
    return {
        "shown": [_text(t, picture["now_ms"], known, words) for t in shown],
        "older": words.say("texts.older", n=left) if left else None,
    }


def _text(text: View, now_ms: int, known: dict[str, str], words: Words) -> View:
    out = text["direction"] == "out"
    name = known.get(str(text.get("guardian"))) or masked(str(text.get("number") or ""))
    at_ms = text.get("delivered_ms") or text.get("submitted_ms") or text["decided_ms"]
    why = text.get("why")
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
        "why": words.say("text.why", why=words.code("reason", why)) if why else None,
    }


def masked(number: str) -> str:
    """A number that its owner knows and a stranger cannot call: the middle is left out."""
    if len(number) < _MASKED_FROM:
        return number
    return f"{number[:-8]}····{number[-4:]}"
