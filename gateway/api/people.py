"""Persons, their devices, doses and signs of life as the API says them: each belief with its age.

Knows: the picture of the persons asked for (gateway/picture.py). May not know: how it is drawn.
"""

from __future__ import annotations

from typing import Any

from gateway.api.look import Look, NotThere
from gateway.freshness import MAY_CHANGE, is_fresh, known_ms, person_is_fresh

Json = dict[str, Any]


def people(look: Look) -> Json:
    """The persons of this page of the list."""
    lines = [_line(p, look) for p in look.picture["persons"]]
    return {"as_of_ms": look.now_ms, "people": lines, "next": look.asked["next"]}


def devices(look: Look) -> Json:
    """The devices of the persons of this page of the list."""
    found = [_device(d, p, look) for p in look.picture["persons"] for d in p["devices"]]
    return {"as_of_ms": look.now_ms, "devices": found, "next": look.asked["next"]}


def person(look: Look) -> Json:
    """One person now."""
    drawn = _drawn(look)
    paused_ms = drawn["paused_until_ms"]
    return {
        "as_of_ms": look.now_ms,
        "person": {
            **look.line,
            "fresh": person_is_fresh(drawn, look.now_ms),
            "known_ms": known_ms(drawn) or None,
            "doses": [_dose(slot, drawn, look.now_ms) for slot in drawn["slots"]],
            "devices": [_device(d, drawn, look) for d in drawn["devices"]],
            "life": drawn["life"],
            "pause": {
                "until_ms": paused_ms,
                "by": drawn["paused_by"],
                "why": drawn["paused_why"],
            }
            if paused_ms
            else None,
            "plan": {
                "source": drawn["planned_from"],
                "confirmed_ms": drawn["confirmed_ms"],
                "confirmed_by": drawn["confirmed_by"],
                "changes_waiting": drawn["changes_waiting"],
            },
        },
    }


def orders(look: Look) -> Json:
    """What her devices were to do, the newest first."""
    _drawn(look)
    return {"as_of_ms": look.now_ms, "orders": look.picture["orders"]}


def happenings(look: Look) -> Json:
    """What her devices told besides doses, the newest first."""
    _drawn(look)
    return {"as_of_ms": look.now_ms, "happenings": look.picture["happenings"]}


def _drawn(look: Look) -> Json:
    """Her part of the picture. Raises NotThere."""
    mine = (p for p in look.picture["persons"] if p["id"] == look.person.id)
    found: Json | None = next(mine, None)
    if found is None:
        raise NotThere
    return found


def _line(drawn: Json, look: Look) -> Json:
    incidents = [
        i["id"]
        for i in look.picture["incidents"]
        if i["person_id"] == drawn["id"] and i["state"] != "resolved"
    ]
    last = drawn["life"]["last"]
    return {
        "person_id": drawn["id"],
        "name": drawn["name"],
        "fresh": person_is_fresh(drawn, look.now_ms),
        "known_ms": known_ms(drawn) or None,
        "last_sign_ms": last["at_ms"] if last else None,
        "incidents": incidents,
        "unknown": sum(s["state"] == "unknown" for s in drawn["slots"]),
        "paused_until_ms": drawn["paused_until_ms"],
        "changes_waiting": drawn["changes_waiting"],
    }


def _dose(slot: Json, drawn: Json, now_ms: int) -> Json:
    """What stands for good is fresh however long ago it was heard; what may change ages."""
    plain = ("id", "label", "compartment", "due_ms", "opens_ms", "closes_ms", "ends_ms", "from_ms")
    return {
        **{name: slot[name] for name in plain},
        "how": slot["how"],
        "state": {
            "value": slot["state"],
            "reason": slot["reason"],
            "since_ms": slot["since_ms"],
            "known_ms": known_ms(drawn) or None,
            "fresh": slot["state"] not in MAY_CHANGE or person_is_fresh(drawn, now_ms),
        },
    }


def _device(device: Json, drawn: Json, look: Look) -> Json:
    placed = look.roster.device(device["id"])
    seen = {"known_ms": device["heard_ms"], "fresh": is_fresh(device, look.now_ms)}
    link = {"value": device["link"], "reason": device["link_why"] or ""}
    cell = {"value": device["battery_percent"], "reason": "", "since_ms": device["caught_up_ms"]}
    return {
        "id": device["id"],
        "person_id": drawn["id"],
        "kind": device["kind"],
        "room": placed.room if placed else "",
        "link": {**link, "since_ms": device["link_since_ms"], **seen},
        "unseen": device["unseen"],
        "late_ms": device["late_ms"],
        "rests_until_ms": device["rests_until_ms"],
        "clock": device["quality"],
        "battery": {**cell, **seen},
        "schedule": {
            "made_version": device["schedule_version_made"],
            "made_ms": device["schedule_made_ms"],
            "box_version": device["schedule_version_box"],
            "read_ms": device["schedule_read_ms"],
            "stale": device["schedule_stale"],
        },
    }
