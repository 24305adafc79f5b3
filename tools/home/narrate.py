"""What happened in the house, one line an event, for somebody who watches.

Knows: the gateway's events as JSON and the words for them. May not know: a process, a clock.
Events that would only repeat themselves (a box caught up again) have no line. Of devices only the
box is called by its name, a plug by its id.
"""

from __future__ import annotations

from typing import Any

from anbu_wire import messages as m
from tools.home.provision import DEVICE_ID
from tools.home.story import hour_minute

# By kind, or by kind and value where one kind tells different things.
_RECORD_WORDS: dict[int | tuple[int, int], str] = {
    m.BOOT: "box: started",
    m.CLOCK_SET: "box: clock set",
    m.CLOCK_LOST: "box: its clock cannot be trusted",
    m.SCHEDULE_STORED: "box: schedule version {value} stored",
    (m.SCHEDULE_LOST, 0): "box: the schedule broke, the one before runs",
    (m.SCHEDULE_LOST, 1): "box: the schedule is lost, nothing is prompted",
    m.SLOT_PROMPTED: "box: {where} is due: light and sound",
    m.SLOT_POSTPONED: "box: {where} is put off by {value} min, the dose before was late",
    m.SLOT_SNOOZED: "box: sound off for ten minutes",
    m.SLOT_TAKEN: "box: {where} opened in its time",
    (m.SLOT_TAKEN, 0): "box: {where} opened early",
    (m.SLOT_TAKEN, 2): "box: {where} opened late",
    (m.SLOT_TAKEN, 3): "box: {where} closed by word: taken",
    m.SLOT_LATE: "box: window of {where} closed, a late dose is still offered",
    m.SLOT_MISSED: "box: window of {where} closed, nobody opened it",
    m.SLOT_SKIPPED: "box: {where} is skipped, too near the next dose",
    (m.SLOT_SKIPPED, m.SKIPPED_SPACING): "box: {where} is skipped, the dose before was so late",
    (m.SLOT_SKIPPED, m.SKIPPED_BY_WORD): "box: {where} closed by word: not taken",
    m.SLOT_DOUBTFUL: "box: {where} is doubtful, a person has to ask",
    (m.SLOT_DOUBTFUL, m.DOUBT_WRONG_LID): "box: wrong lid stood open, {where} is doubtful",
    (m.SLOT_DOUBTFUL, m.DOUBT_BRIEF): "box: {where} opened for a moment only: doubtful",
    (m.SLOT_DOUBTFUL, m.DOUBT_SHAKEN): "box: shaken, {where} is doubtful",
    (m.SLOT_DOUBTFUL, m.DOUBT_BLIND): "box: {where} was opened unseen: doubtful",
    (m.SLOT_DOUBTFUL, m.DOUBT_TOO_SOON): "box: {where} opened too soon: doubtful",
    (m.SLOT_DOUBTFUL, m.DOUBT_REFILL): "box: {where} opened while filling: doubtful",
    m.SLOT_UNKNOWN: "box: nobody watched when the window of {where} ended: unknown",
    m.SLOT_UNWATCHED: "box: {where} will not be called missed, it was not watched throughout",
    m.SLOT_PAUSED: "box: {where} is paused, the resident is away",
    m.LID_OPENED: "box: lid {compartment} opened",
    (m.LID_OPENED, m.OPENED_WRONG): "box: lid {compartment} opened: the wrong one, warned",
    (m.LID_OPENED, m.OPENED_AGAIN): "box: lid {compartment} opened again, warned",
    (m.LID_OPENED, m.OPENED_NO_SLOT): "box: lid {compartment} opened, nothing is due",
    (m.LID_OPENED, m.OPENED_REFILL): "box: lid {compartment} opened to fill or empty it",
    (m.LID_OPENED, m.OPENED_TOO_SOON): "box: lid {compartment} opened too soon, warned",
    (m.LID_OPENED, m.OPENED_AFTER): "box: lid {compartment} opened, its time is over",
    (m.LID_OPENED, m.OPENED_PRN): "box: lid {compartment} opened, as needed",
    (m.LID_OPENED, m.OPENED_PRN_TOO_SOON): "box: lid {compartment}: too soon, warned",
    (m.LID_OPENED, m.OPENED_PRN_TOO_MANY): "box: lid {compartment}: too many today, warned",
    m.LID_CLOSED: "box: lid {compartment} shut",
    m.LID_LEFT_OPEN: "box: lid {compartment} is open for {value} min",
    m.SHAKEN: "box: shaken, {value} lids at once",
    m.TILTED: "box: tilted",
    m.REFILL_BEGUN: "box: refill begun",
    (m.REFILL_BEGUN, m.REFILL_TAKE_OUT): "box: taking out begun",
    m.REFILL_ENDED: "box: refill ended",
    m.COMPARTMENT_FILLED: "box: compartment {compartment} filled",
    m.COMPARTMENT_UNFILLED: "box: compartment {compartment} was not done",
    m.COMPARTMENT_EMPTIED: "box: compartment {compartment} emptied",
    m.AWAY_SET: "box: away for {value} h",
    (m.AWAY_SET, 0): "box: at home",
    m.OK_PRESSED: "box: OK pressed",
    m.HELP_PRESSED: "box: HELP pressed",
    m.HELP_NOT_SENT: "box: HELP not sent, shown and sounded",
    (m.HELP_ANSWERED, m.HELP_COMING): "box: shows that help is on the way",
    (m.HELP_ANSWERED, m.HELP_OVER): "box: shows that the call is over",
    m.ASKED: "box: asks whether all is well",
    m.ANSWERED: "box: OK pressed as the answer",
    m.UNANSWERED: "box: nobody answered the question",
    m.MAINS_LOST: "box: mains lost, running on battery",
    m.MAINS_BACK: "box: mains back",
    m.SENSOR_FAULT: "box: part {value} failed",
    m.SENSOR_BACK: "box: part {value} works again",
    m.LOG_NEARLY_FULL: "box: log is {value} % full",
    m.RECORDS_LOST: "box: {value} records could not be written",
    (m.RECORDS_LOST, 0): "box: too little power left to write records",
    m.UPDATE_RESULT: "box: update, version {value}",
    m.LOAD_ON: "box: somebody switched on {value} W",
    m.LOAD_OFF: "box: switched off after {value} min",
    m.LIGHT_STEP: "box: a lamp, now {value} lux",
    m.LOAD_PERIODIC: "box: looks like a refrigerator",
    (m.LOAD_PERIODIC, 0): "box: no longer looks like a refrigerator",
}

_WORDS = {
    "gateway_started": "gateway: started",
    "link_up": "gateway: talks to {device_id}",
    "link_down": "gateway: lost {device_id} ({why})",
    "device_rests": "gateway: {device_id} saves its battery and says when it is heard again",
    "schedule_on_box": "gateway: box reads back schedule version {version}",
    "incident_opened": "incident {incident_id}: {worry} ({reason})",
    "incident_changed": "incident {incident_id}: now {worry} ({reason})",
    "incident_acknowledged": "incident {incident_id}: taken by {by}",
    "incident_resolved": "incident {incident_id}: over ({reason})",
    "text_decided": "text to {to}: {body}",
    "text_claimed": "text {text_id}: taken out of the outbox, by {route}",
    "text_submitted": "text {text_id}: taken by the {route}",
    "text_withdrawn": "text {text_id}: withdrawn ({why})",
    "text_unreported": "text {text_id}: no delivery report for {after_min} min",
    "text_delivered": "text {text_id}: delivered",
    "text_failed": "text {text_id}: failed ({why})",
    "text_received": "text from {sender}: {body}",
    "part_failed": "gateway: {part}: {why}",
    "call_begun": "call {call_id}: {person_id} is rung, attempt {attempt}",
    "call_answered": "call {call_id}: {question}: {answer} (key {digit})",
    "call_ended": "call {call_id}: {outcome} {why}",
    "line_seen": "gateway: line {line}: works {works} {why}",
    "device_ordered": "gateway: {device_id} is to {order}",
    "order_answered": "gateway: order {order_id}: {answer} {why}",
}


def line(event: dict[str, Any]) -> str | None:
    """One line for an event (a JSON object with `kind` and `at_ms`), None where silence is best."""
    if event.get("kind") == "device_record":
        kind, index = event["record_kind"], event.get("slot_index")
        words = _RECORD_WORDS.get((kind, event.get("value", 0)), _RECORD_WORDS.get(kind))
        if words and event.get("device_id", DEVICE_ID) != DEVICE_ID:
            words = words.replace("box:", "{device_id}:", 1)
        labels = ("morning", "noon", "evening", "bedtime")
        where = labels[index] if index is not None and index < len(labels) else "no slot"
        event = {**event, "where": where}
    else:
        words = _WORDS.get(str(event.get("kind")))
    if words is None:
        return None
    return f"{hour_minute(event['at_ms'])}  {words.format(**event)}".rstrip()
