"""What the picture holds of somebody's signs of life: the last one, its evidence, what is next.

Knows: the shapes of gateway/picture.py. May not know: who looks at them; it decides nothing.
"""

from __future__ import annotations

from typing import Any

from gateway.beliefs import DeviceBelief
from gateway.household import Household
from gateway.life.silence import away_until, eyes, light_on_ms, silence, since
from gateway.roster import Device, Person

Json = dict[str, Any]


def life_of(household: Household, person: Person, now_ms: int) -> Json:
    """Her clock of life: all instants UTC ms; None where there is none.

    {"level", "last": {"source", "device_id", "kind", "room", "at_ms", "time"} | None, "since_ms",
     "cap_ms", "asked_ms", "told_ms", "why", "usual_ms", "light_ms", "away_until_ms", "frozen",
     "sources": [{"device_id", "kind", "room", "state", "seen_ms"}], "drift": {}}
    """
    last = household.signs.last(person.id, household.timelines, now_ms)
    silent = silence(household, person, now_ms)
    habit = household.habits.get(person.id)
    device = household.roster.device(last.device_id) if last and household.roster else None
    return {
        "level": person.level,
        "last": {
            "source": str(last.source),
            "device_id": last.device_id,
            "kind": device.kind if device else None,
            "room": device.room if device else "",
            "at_ms": last.at_ms,
            "time": str(last.trust),
        }
        if last
        else None,
        "since_ms": since(household, person, now_ms),
        "cap_ms": silent.cap_ms if silent else None,
        "asked_ms": silent.asked_ms if silent else None,
        "told_ms": silent.told_ms if silent else None,
        "why": str(silent.due.why) if silent else None,
        "usual_ms": silent.due.usual_ms if silent else None,
        "light_ms": light_on_ms(household, person, now_ms),
        "away_until_ms": away_until(household, person, now_ms),
        "frozen": bool(silent and silent.frozen),
        "sources": _sources(household, person, now_ms),
        "drift": dict(habit.drift) if habit else {},
    }


def _sources(household: Household, person: Person, now_ms: int) -> list[Json]:
    devices = household.roster.devices_of(person.id) if household.roster else ()
    return [_source(household, d, now_ms) for d in devices]


def _source(household: Household, device: Device, now_ms: int) -> Json:
    belief = household.devices.get(device.id, DeviceBelief())
    state = _state(household, device, belief, now_ms)
    return {
        "device_id": device.id,
        "kind": device.kind,
        "room": device.room,
        "state": state,
        "seen_ms": belief.known_ms() or None if state == "stale" else None,
    }


def _state(household: Household, device: Device, belief: DeviceBelief, now_ms: int) -> str:
    """How far it can be taken for seen now; what cannot never looks as if it could."""
    if belief.heard_ms is None:
        return "never"
    if not belief.link_up and not belief.rests(now_ms):
        return "stale"
    dead = eyes(household, device.id)[0]
    if any(begin <= now_ms < end for begin, end in dead):
        return "faulty"
    spans = household.signs.periodic(device.id)
    if spans and spans[-1][1] is None:
        return "periodic"
    if belief.syncing:
        return "syncing"
    return "fresh" if belief.link_up else "resting"
