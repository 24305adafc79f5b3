"""One look: is everyone all right? The first sentence of the page and the lines under it.

Knows: the picture and the page's words. May not know: HTML, Flask.

The order of LEVELS is the order of urgency. "fine" is only said where every box is heard now:
silence is never taken for health.
"""

from __future__ import annotations

from typing import Any

from gateway.freshness import UNFINISHED, is_fresh
from gateway.orders import Kind
from gateway.rules.worry import FIRST
from gateway.units import DAY_MS
from gateway.web import news, pauses, slots, texts
from gateway.web.words import Words

Picture = dict[str, Any]
View = dict[str, Any]
Line = tuple[str, str, str | None]  # level, sentence, how long from now (apart: it ages)

_ENDS = ("from", "until")
# What only a hand at the box can bring about.
_HANDS = ("answered", "lid_opened", "help_pressed", "compartment_filled", "compartment_emptied")
LEVELS = ("help", "unsure", "handled", "noted", "fine")


def status(picture: Picture, words: Words) -> View:
    """{"level", "title", "lines"}: the most urgent level of all lines, the urgent lines first."""
    lines = [*_incident_lines(picture, words), *_text_lines(picture, words)]
    for person in picture["persons"]:
        lines += _person_lines(person, picture, words)
    heard = any(d.get("heard_ms") for p in picture["persons"] for d in p["devices"])
    if not heard and not picture["incidents"]:
        return {
            "level": "unsure",
            "title": words.say("status.empty"),
            "lines": [("unsure", words.say("status.why.empty"), None)],
        }
    lines.sort(key=lambda line: LEVELS.index(line[0]))
    level = _level(lines)
    return {"level": level, "title": words.say(f"status.{level}"), "lines": lines}


def _level(lines: list[Line]) -> str:
    return lines[0][0] if lines else "fine"


def _incident_lines(picture: Picture, words: Words) -> list[Line]:
    lines: list[Line] = []
    for incident in sorted(picture["incidents"], key=lambda i: i["worry"] not in FIRST):
        if incident["state"] == "resolved":
            continue
        person = news.whose(incident, picture, words)
        what = news.worry(incident, picture, words)
        ago = words.ago(incident["opened_ms"], picture["now_ms"])
        if incident["state"] == "acked":
            by = str(incident.get("acked_by"))
            herself = by == str(incident["person_id"])
            by = news.guardian_names(picture).get(by, by)
            key = "status.why.herself" if herself else "status.why.handled"
            lines.append(("handled", words.say(key, by=by, person=person, what=what), ago))
        else:
            lines.append(("help", words.say("status.why.incidents", person=person, what=what), ago))
    return lines


def _text_lines(picture: Picture, words: Words) -> list[Line]:
    """Texts of incidents that are not over, and that nobody got."""
    current = {
        text for i in picture["incidents"] if i["state"] != "resolved" for text in i["texts"]
    }
    failed = sum(t["id"] in current and t["state"] in texts.FAILED for t in picture["texts"])
    return [("help", words.say("status.why.texts", n=failed), None)] if failed else []


def _person_lines(person: View, picture: Picture, words: Words) -> list[Line]:
    now_ms = picture["now_ms"]
    # What an incident already says is not said twice.
    told = {i.get("slot_id") for i in picture["incidents"] if i["state"] != "resolved"}
    lines = [line for d in person["devices"] if (line := _device_line(person, d, now_ms, words))]
    paused = pauses.holds(person, now_ms, words)
    lines += [("fine", paused, None)] if paused else []
    lines += _unanswered_lines(person, picture, words)
    lines += _away_lines(person, picture, words)
    coming: Line | None = None
    for slot in sorted(person["slots"], key=lambda s: int(s["due_ms"])):
        if slot["state"] == "waiting" and coming is None and slot["due_ms"] > now_ms:
            coming = _next_line(person, slot, now_ms, words)
    for slot in slots.todays(person, now_ms, words):
        level = {"unknown": "unsure", "doubtful": "unsure", "missed": "noted"}.get(
            slot["state"], "fine" if slot["state"] in UNFINISHED else None
        )
        if level and slot["id"] not in told:
            lines.append((level, _slot_line(person, slot, words), None))
    done = ("fine", words.say("status.why.done", person=person["name"]), None)
    return [*lines, coming or done]


def _unanswered_lines(person: View, picture: Picture, words: Words) -> list[Line]:
    """The last question of the day, where nobody pressed OK."""
    asked = [o for o in picture["orders"] if o["order"] == "ask" and o["person_id"] == person["id"]]
    if not asked or asked[0]["reply"] != "unanswered":
        return []
    at_ms, now_ms = int(asked[0]["at_ms"]), picture["now_ms"]
    if at_ms < now_ms - DAY_MS or _hand_since(person, picture, at_ms):
        return []
    clock = words.moment(at_ms, now_ms)
    sentence = words.say("status.why.unanswered", person=person["name"], clock=clock)
    return [("unsure", sentence, None)]


def _away_lines(person: View, picture: Picture, words: Words) -> list[Line]:
    """The absence that the box knows of, now or to come."""
    now_ms = picture["now_ms"]
    ordered = next(
        (
            order
            for order in picture["orders"]
            if order["order"] in (Kind.AWAY, Kind.AT_HOME)
            and order["person_id"] == person["id"]
            and order["answer"] == "done"
        ),
        None,
    )
    if not ordered or ordered["arguments"].get("until_ms", 0) <= now_ms:
        return []
    ends = {f"{at}_at": words.moment(ordered["arguments"][f"{at}_ms"], now_ms) for at in _ENDS}
    return [("fine", words.say("status.why.away", person=person["name"], **ends), None)]


def _hand_since(person: View, picture: Picture, at_ms: int) -> bool:
    """Whether somebody's hand was at this person's box after that: it answers a question, too."""
    opened = any(
        slot["state"] == "taken"
        and slot.get("how") != "by_word"
        and (slot["since_ms"] or 0) > at_ms
        for slot in person["slots"]
    )
    return opened or any(
        h["person_id"] == person["id"] and h["at_ms"] > at_ms and h["code"].startswith(_HANDS)
        for h in picture["happenings"]
    )


def _device_line(person: View, device: View, now_ms: int, words: Words) -> Line | None:
    if is_fresh(device, now_ms):
        return None
    heard_ms = device.get("heard_ms")
    of = {"person": person["name"], "device": words.code("life.device", device["kind"])}
    if device.get("unseen") and device.get("late_ms"):
        late = words.moment(device["late_ms"], now_ms)
        return ("unsure", words.say("status.why.unseen", **of, clock=late), None)
    if not heard_ms:
        return ("unsure", words.say("status.why.silent", **of), None)
    key = "status.why.old" if device.get("link") == "up" else "status.why.link"
    return ("unsure", words.say(key, **of, clock=words.moment(heard_ms, now_ms)), None)


def _slot_line(person: View, slot: View, words: Words) -> str:
    label, what = words.code("label", slot["label"]), words.code("state", slots.state_code(slot))
    return words.say("status.why.slot", person=person["name"], label=label, what=what)


def _next_line(person: View, slot: View, now_ms: int, words: Words) -> Line:
    sentence = words.say(
        "status.why.next",
        person=person["name"],
        label=words.code("label", slot["label"]),
        clock=words.moment(slot["due_ms"], now_ms),
    )
    return ("fine", sentence, words.ago(slot["due_ms"], now_ms))
