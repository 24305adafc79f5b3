"""What the boxes told besides doses, for reading; and by which words people and worries go.

Knows: the picture's `happenings` and names, the page's words. May not know: HTML, Flask, why
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

SAID_SHOWN = 6
SLOT_ID_PARTS = 3  # person, day, index
# The order of the question tells this better.
_TOLD_ELSEWHERE = ("asked",)


def names(picture: Picture) -> dict[str, str]:
    """Person id → name."""
    return {str(p["id"]): str(p["name"]) for p in picture["persons"]}


def whose(incident: View, picture: Picture, words: Words) -> str:
    """Whom an incident is about: a person's name, or the home."""
    person_id = str(incident["person_id"])
    return names(picture).get(person_id, person_id) or words.say("home")


def guardian_names(picture: Picture) -> dict[str, str]:
    """Guardian id → name, as far as texts and rolls tell."""
    told = {
        str(t["guardian"]): str(t.get("guardian_name") or t["guardian"])
        for t in picture["texts"]
        if t.get("guardian")
    }
    lines = (line for incident in picture["incidents"] for line in incident["roll"])
    return {**told, **{str(line["guardian_id"]): str(line["name"]) for line in lines}}


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
