"""What the box runs, for reading: which schedule, read back when, or since when not.

Knows: what is believed about a device's schedules, the page's words. May not know: HTML, Flask,
what a schedule holds.
"""

from __future__ import annotations

from typing import Any

from gateway.beliefs import DeviceBelief
from gateway.picture_plan import schedule_of_device
from gateway.web.section import Scene

View = dict[str, Any]


def boxed(scene: Scene) -> View:
    """{"state": "none" | "same" | "sent" | "stale", "says", "more"}."""
    words, device = scene.words, scene.roster.box_of(scene.person.id)
    if device is None:
        return {"state": "none", "says": words.say("boxed.no_box"), "more": None}
    belief = scene.home.household.devices.get(device.id, DeviceBelief())
    now_ms = scene.now_ms
    told = schedule_of_device(scene.home.household, device.id, belief, now_ms)
    made, made_ms = told["schedule_version_made"], told["schedule_made_ms"]
    if not made:
        return {"state": "none", "says": words.say("boxed.none"), "more": None}
    more = words.say("boxed.never")
    if belief.confirmed and belief.confirmed_ms is not None:
        read_at = words.moment(belief.confirmed_ms, now_ms)
        more = words.say("boxed.runs", n=belief.confirmed[0], at=read_at)
    if told["schedule_read_ms"] is not None:
        return {"state": "same", "says": words.say("boxed.same", n=made), "more": more}
    state = "stale" if told["schedule_stale"] else "sent"
    ago = words.ago(made_ms, now_ms) if made_ms else ""
    return {"state": state, "says": words.say(f"boxed.{state}", n=made, ago=ago), "more": more}
