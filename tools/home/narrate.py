"""What happened in the house, one line an event, for somebody who watches.

Knows: the gateway's events as JSON and the words for them. May not know: a process, a clock.
Events that would only repeat themselves (a box caught up again) have no line.
"""

from __future__ import annotations

from typing import Any

from anbu_wire import messages as m
from tools.home.story import hour_minute

_RECORD_WORDS = {
    m.BOOT: "box: started",
    m.CLOCK_SET: "box: clock set",
    m.SCHEDULE_STORED: "box: schedule version {value} stored",
    m.SLOT_PROMPTED: "box: {where} is due: light and sound",
    m.SLOT_SNOOZED: "box: sound off for ten minutes",
    m.SLOT_TAKEN: "box: {where} opened in its time",
    m.SLOT_LATE: "box: window of {where} closed, a late dose is still offered",
    m.SLOT_MISSED: "box: window of {where} closed, nobody opened it",
    m.SLOT_DOUBTFUL: "box: wrong lid stood open, {where} is doubtful",
    m.SLOT_UNKNOWN: "box: nobody watched when the window of {where} ended: unknown",
    m.LID_OPENED: "box: lid {compartment} opened",
    m.LID_CLOSED: "box: lid {compartment} shut",
    m.REFILL_BEGUN: "box: refill begun",
    m.REFILL_ENDED: "box: refill ended",
    m.SLOT_PAUSED: "box: {where} is paused, the resident is away",
    m.AWAY_SET: "box: away for {value} h",
    m.OK_PRESSED: "box: OK pressed",
    m.HELP_PRESSED: "box: HELP pressed",
    m.MAINS_LOST: "box: mains lost, running on battery",
    m.MAINS_BACK: "box: mains back",
}

_WORDS = {
    "gateway_started": "gateway: started",
    "link_up": "gateway: talks to {device_id}",
    "link_down": "gateway: lost {device_id} ({why})",
    "schedule_on_box": "gateway: box reads back schedule version {version}",
    "incident_opened": "incident {incident_id}: {worry} ({reason})",
    "incident_changed": "incident {incident_id}: now {worry} ({reason})",
    "incident_acknowledged": "incident {incident_id}: taken by {by}",
    "incident_resolved": "incident {incident_id}: over ({reason})",
    "text_decided": "text to {to}: {body}",
    "text_submitted": "text {text_id}: handed to the modem",
    "text_delivered": "text {text_id}: delivered",
    "text_failed": "text {text_id}: failed ({why})",
    "text_received": "text from {sender}: {body}",
    "part_failed": "gateway: {part}: {why}",
}


def line(event: dict[str, Any]) -> str | None:
    """One line for an event (a JSON object with `kind` and `at_ms`), None where silence is best."""
    if event.get("kind") == "device_record":
        words = _RECORD_WORDS.get(event["record_kind"])
        index = event.get("slot_index")
        labels = ("morning", "noon", "evening", "bedtime")
        where = labels[index] if index is not None and index < len(labels) else "no slot"
        event = {**event, "where": where}
    else:
        words = _WORDS.get(str(event.get("kind")))
    if words is None:
        return None
    return f"{hour_minute(event['at_ms'])}  {words.format(**event)}"
