"""One person's day for reading: her dose slots, the line of the day, how fresh all this is.

Knows: the picture's `persons` (gateway/picture.py), the page's words. May not know: HTML, Flask,
the time (it stands in the picture), why a slot has its state.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from gateway.freshness import MAY_CHANGE, UNFINISHED, is_fresh, known_ms, person_is_fresh
from gateway.roster import PILLBOX
from gateway.units import HOUR_MS, MIN_MS
from gateway.web import pauses
from gateway.web.standings import case_of
from gateway.web.words import Words

Picture = dict[str, Any]
View = dict[str, Any]

BATTERY_LOW_PERCENT = 20
STOCK_SOON_DAYS = 7  # so long before the day to fetch more it is shown
PAGES = (
    "prescriptions",
    "plan",
    "refill",
    "adherence",
    "contacts",
    "calls",
    "visits",
    "phone",
    "texts",
    "access-log",
)
EXPLAINED = ("unknown", "doubtful", "missed", "skipped")
_HALF_HOUR_MS = 30 * MIN_MS


def state_code(slot: View) -> str:
    """State and how ("taken.on_time") where the picture says how, else the state alone."""
    how = slot.get("how")
    return f"{slot['state']}.{how}" if slot["state"] == "taken" and how else str(slot["state"])


def todays(person: View, now_ms: int, words: Words) -> list[View]:
    """Today's slots in order, with any of yesterday's that is not over yet."""
    today = words.local(now_ms).date()
    return [
        slot
        for slot in sorted(person["slots"], key=lambda s: int(s["due_ms"]))
        if _day(slot) == today.isoformat()
        or (slot["state"] in UNFINISHED and words.local(slot["due_ms"]).date() <= today)
    ]


def _day(slot: View) -> str:
    return str(slot["id"]).rsplit("/", 2)[1]


def person(entry: View, now_ms: int, words: Words) -> View:
    """Everything the page shows about one person."""
    fresh = person_is_fresh(entry, now_ms)
    slots = todays(entry, now_ms, words)
    return {
        "id": entry["id"],
        "name": entry["name"],
        "title": words.say("people.day", person=entry["name"]),
        "fresh": fresh,
        "slots": [_slot(s, now_ms, words, None if fresh else known_ms(entry)) for s in slots],
        "line": day_line(slots, now_ms, words),
        "notices": [*pauses.notice(entry, now_ms, words), *notices(entry, now_ms, words)],
        "pages": pages(str(entry["id"]), words),
        "case": case_of(str(entry["id"]), words),
        "devices": [device(d, now_ms, words) for d in entry["devices"]],
    }


def pages(person_id: str, words: Words) -> list[tuple[str, str]]:
    """(address, name) of the other pages about a person."""
    base = f"/person/{quote(person_id, safe='')}"
    return [(f"{base}/{name}?lang={words.language}", words.say(f"nav.{name}")) for name in PAGES]


def notices(entry: View, now_ms: int, words: Words) -> list[tuple[str, str]]:
    """What about her plan wants somebody's eye: (address, sentence), with the page to do it."""
    at = {
        name: address for name, (address, _) in zip(PAGES, pages(entry["id"], words), strict=True)
    }
    found: list[tuple[str, str]] = []
    name, changes = entry["name"], entry.get("changes_waiting", 0)
    if changes:
        says = words.say("notice.changes", person=name, n=changes)
        found.append((at["plan"], says))
    if any(device.get("schedule_stale") for device in entry["devices"]):
        found.append((at["plan"], words.say("notice.stale", person=name)))
    soon = (words.local(now_ms).date() + timedelta(days=STOCK_SOON_DAYS)).isoformat()
    days = [s["fetch_by"] for s in entry.get("stocks", ()) if s.get("fetch_by")]
    if days and min(days) <= soon:
        says = words.say("notice.stock", person=name, day=words.day_of(min(days)))
        found.append((at["refill"], says))
    return found


def _slot(slot: View, now_ms: int, words: Words, stale_since_ms: int | None) -> View:
    code = state_code(slot)
    doubted = bool(stale_since_ms) and slot["state"] in MAY_CHANGE
    as_of = words.moment(stale_since_ms, now_ms) if doubted and stale_since_ms else None
    from_ms = slot.get("from_ms")
    opens, closes = words.clock(from_ms or slot["opens_ms"]), words.clock(slot["closes_ms"])
    explained = slot["state"] in EXPLAINED or slot["reason"] == "postponed"
    since_ms = slot.get("since_ms") if slot["state"] != "waiting" else None
    return {
        "id": slot["id"],
        "state": slot["state"],
        "label": words.code("label", slot["label"]),
        "code": code,
        "word": words.code("state", code),
        "due": words.clock(slot["due_ms"]),
        "due_iso": words.iso(slot["due_ms"]),
        "due_ago": words.ago(slot["due_ms"], now_ms),
        "window": words.say("slot.window", opens=opens, closes=closes),
        "since": words.moment(since_ms, now_ms) if since_ms else None,
        "since_iso": words.iso(since_ms) if since_ms else None,
        "since_ago": words.ago(since_ms, now_ms) if since_ms else None,
        "why": words.code("reason", slot["reason"], clock=opens) if explained else None,
        "as_of": words.say("slot.asof", clock=as_of) if as_of else None,
    }


def day_line(slots: list[View], now_ms: int, words: Words) -> View | None:
    """The day as a line: bands for windows and a mark a slot, in per cent of its length."""
    if not slots:
        return None
    begin_ms = min(now_ms, *(int(s["opens_ms"]) - _HALF_HOUR_MS for s in slots))
    end_ms = max(now_ms, *(int(s["closes_ms"]) + _HALF_HOUR_MS for s in slots))
    length_ms = max(end_ms - begin_ms, HOUR_MS)

    def at(moment_ms: int) -> float:
        return round(4 + 92 * (moment_ms - begin_ms) / length_ms, 2)

    marks = [
        {
            "state": slot["state"],
            "x": at(slot["due_ms"]),
            "from": at(slot["opens_ms"]),
            "width": round(at(slot["closes_ms"]) - at(slot["opens_ms"]), 2),
            "label": words.code("label.short", slot["label"]),
        }
        for slot in slots
    ]
    return {"marks": marks, "now": at(now_ms)}


def device(entry: View, now_ms: int, words: Words) -> View:
    """One box: connected or not, last heard, and what a technician asks next."""
    heard_ms, link = entry.get("heard_ms"), entry.get("link")
    up, rests_ms = link in ("up", "resting"), entry.get("rests_until_ms")
    word = words.say("device.up" if up else "device.down")
    late_ms = entry.get("late_ms") if entry.get("unseen") else None
    if late_ms:
        up, word = False, words.say("device.unseen", clock=words.moment(late_ms, now_ms))
    elif link == "resting" and rests_ms:
        word = words.say("device.resting", clock=words.moment(rests_ms, now_ms))
    if heard_ms:
        heard = words.say("device.heard", clock=words.moment(heard_ms, now_ms))
    else:
        heard = words.say("device.never")
    return {
        "id": entry["id"],
        "kind": words.code("device", entry.get("kind", "pillbox")),
        "up": up,
        "sign": "linked" if up else "late" if late_ms else "unlinked",
        "fresh": up and is_fresh(entry, now_ms),
        "link": word,
        "heard": heard,
        "heard_ago": words.ago(heard_ms, now_ms) if heard_ms else None,
        "facts": _facts(entry, now_ms, words),
    }


def _facts(entry: View, now_ms: int, words: Words) -> list[tuple[str, str]]:
    unknown = words.say("device.unknown")
    caught_ms, percent = entry.get("caught_up_ms"), entry.get("battery_percent")
    battery = unknown
    if percent is not None:
        low = ".low" if percent < BATTERY_LOW_PERCENT else ".value"
        battery = words.say(f"device.battery{low}", n=percent)
    quality = entry.get("quality")
    box = entry.get("kind", PILLBOX) == PILLBOX  # a plug has neither a battery nor a schedule
    return [
        *([(words.say("device.battery"), battery)] if box else []),
        (words.say("device.clock"), words.code("quality", quality) if quality else unknown),
        *([(words.say("device.schedule"), _schedule(entry, now_ms, words))] if box else []),
        (words.say("device.caught"), words.moment(caught_ms, now_ms) if caught_ms else unknown),
        (words.say("device.id"), str(entry["id"])),
    ]


def _schedule(entry: View, now_ms: int, words: Words) -> str:
    made, box = entry.get("schedule_version_made"), entry.get("schedule_version_box")
    if not made:
        return words.say("device.schedule.none")
    if made == box:
        read_ms = entry.get("schedule_read_ms")
        if not read_ms:
            return words.say("device.schedule.same", n=made)
        return words.say("device.schedule.read", n=made, at=words.moment(read_ms, now_ms))
    return words.say("device.schedule.differs", made=made, box=box or 0)
