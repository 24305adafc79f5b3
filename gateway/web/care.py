"""What a box may be asked to do, for reading and from the forms: each form is one wish.

Knows: the picture's `orders` and slots, the forms' fields, the page's words. May not know: HTML,
Flask, what may be ordered at which moment (gateway.orders), how it is carried out.

Fields: `device`, `order` (gateway.orders.Kind), and `days`, or `from` and `until` (local), or
`slot` ("p/2026-03-02/2") where the order needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.entries import label_of
from gateway.events import SlotId
from gateway.orders import Kind, Wish, WishRefused
from gateway.prescription.refill_plan import REFILL_DAYS
from gateway.roster import PILLBOX
from gateway.units import DAY_MS
from gateway.web import pauses, slots
from gateway.web.words import Words

Picture = dict[str, Any]
View = dict[str, Any]

ORDERS_SHOWN = 5


def wish(form: Mapping[str, str], zone: ZoneInfo) -> Wish:
    """The wish of a form. Raises WishRefused where a field cannot be read."""
    arguments: dict[str, int] = {}
    if "days" in form:
        days = form["days"]
        if not (days.isascii() and days.isdigit() and len(days) <= len(str(REFILL_DAYS))):
            raise WishRefused("days")
        arguments["days"] = int(days)
    for name in ("from", "until"):
        if name in form:
            arguments[f"{name}_ms"] = _local_ms(form[name], zone)
    slot = _slot_id(form["slot"]) if "slot" in form else None
    return Wish(form.get("device", ""), form.get("order", ""), arguments, slot)


def _local_ms(text: str, zone: ZoneInfo) -> int:
    try:
        moment = datetime.fromisoformat(text)
        return round(moment.replace(tzinfo=zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise WishRefused("time") from None


def _slot_id(text: str) -> SlotId:
    try:
        person_id, day, index = text.rsplit("/", 2)
        return SlotId(person_id, datetime.fromisoformat(day).date().isoformat(), int(index))
    except ValueError:
        raise WishRefused("slot") from None


def boxes(picture: Picture, words: Words) -> list[View]:
    """Each box: what it may be asked, and what became of what it was asked last."""
    several = len(picture["persons"]) > 1
    return [
        {
            **_box(picture, person, device, words, several=several),
            "pause": None if n else pauses.form(person, picture["now_ms"], words),
        }
        for person in picture["persons"]
        for n, device in enumerate(d for d in person["devices"] if d["kind"] == PILLBOX)
    ]


def _box(picture: Picture, person: View, device: View, words: Words, *, several: bool) -> View:
    now_ms = picture["now_ms"]
    orders = [o for o in picture["orders"] if o["device_id"] == device["id"]]
    title = words.say("care.of", person=person["name"]) if several else words.say("care.title")
    return {
        "device": device["id"],
        "title": title,
        "slots": _to_confirm(person, now_ms, words),
        "days": list(range(1, REFILL_DAYS + 1)),
        "earliest": f"{words.local(now_ms):%Y-%m-%dT00:00}",
        "orders": [order(o, now_ms, words) for o in orders[:ORDERS_SHOWN]],
    }


def _to_confirm(person: View, now_ms: int, words: Words) -> list[View]:
    """The slots of today, and what is open of yesterday, that a word may close."""
    found = []
    for slot in person["slots"]:
        recent = slot["opens_ms"] <= now_ms < slot["due_ms"] + DAY_MS
        if not (recent and slot.get("words")):
            continue
        label = words.code("label", slot["label"])
        clock = words.moment(slot["due_ms"], now_ms)
        said = [
            {
                "order": word,
                "say": words.say(f"care.word.{word}"),
                "label": words.say(
                    "care.word.of", label=label, clock=clock, word=words.say(f"care.word.{word}")
                ),
            }
            for word in slot["words"]
        ]
        state = words.code("state", slots.state_code(slot))
        found.append(
            {"id": slot["id"], "label": label, "clock": clock, "state": state, "words": said}
        )
    return found


def order(entry: View, now_ms: int, words: Words) -> View:
    """One order and what became of it."""
    why = entry["why"] if words.has(f"refused.{entry['why']}") else "other"
    answer = words.code("answer", entry["answer"], why=words.say(f"refused.{why}"))
    reply = entry.get("reply")
    if entry["order"] == Kind.ASK and entry["answer"] == "done":
        reply = reply or "none"
    failed = reply == "unanswered" or entry["answer"] in ("refused", "expired")
    open_yet = reply == "none" or entry["answer"] == "waiting"
    return {
        "id": entry["id"],
        "what": _what(entry, now_ms, words),
        "by_itself": entry["by"] == "itself",
        "answer_word": words.code("reply", reply) if reply else answer,
        "failed": failed,
        "icon": "missed" if failed else "waiting" if open_yet else "taken",
        "at": words.moment(entry["at_ms"], now_ms),
        "at_iso": words.iso(entry["at_ms"]),
        "ago": words.ago(entry["at_ms"], now_ms),
    }


def _what(entry: View, now_ms: int, words: Words) -> str:
    arguments = entry["arguments"]
    values: dict[str, object] = {"days": arguments.get("days")}
    for name in ("from", "until"):
        if f"{name}_ms" in arguments:
            values[f"{name}_at"] = words.moment(arguments[f"{name}_ms"], now_ms)
        if f"{name}_min" in arguments:
            hours, minutes = divmod(arguments[f"{name}_min"], 60)
            values[f"{name}_clock"] = f"{hours:02d}:{minutes:02d}"
    if "index" in arguments:
        values["label"] = words.code("label", label_of(arguments["index"]))
    return words.code("order", entry["order"], **values)
