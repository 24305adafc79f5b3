"""Pictures filled by hand: what the page is tested against, on the desk of fake_desk.py.

Knows: the picture's format (gateway/picture.py). May not know: the real gateway.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.web.fake_desk import FakeDesk, client_of
from tests.web_access import token_of

__all__ = ["FakeDesk", "client_of", "token_of"]

SEOUL = ZoneInfo("Asia/Seoul")
MINUTE_MS = 60_000
Picture = dict[str, Any]


def seoul_ms(clock: str, day: str = "2026-03-04") -> int:
    """UTC ms of a clock time in Seoul, on Wednesday 2026-03-04 unless told."""
    local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SEOUL)
    return int(local.timestamp() * 1000)


def slot(label: str, index: int, due: str, state: str, **more: object) -> Picture:
    """A slot of Wednesday, window ±2 h."""
    due_ms = seoul_ms(due)
    return {
        "id": f"p1/2026-03-04/{index}",
        "label": label,
        "label_text": label,
        "compartment": 8 + index,
        "due_ms": due_ms,
        "opens_ms": due_ms - 60 * MINUTE_MS,
        "closes_ms": due_ms + 60 * MINUTE_MS,
        "ends_ms": due_ms + 120 * MINUTE_MS,
        "state": state,
        "how": None,
        "reason": "window_open",
        "state_text": state,
        "since_ms": None,
        "from_ms": None,
        "words": [],
        **more,
    }


def device(now_ms: int, **more: object) -> Picture:
    """A box that was heard a moment ago."""
    return {
        "id": "box-7f3a",
        "kind": "pillbox",
        "link": "up",
        "link_why": None,
        "link_since_ms": now_ms - 3_600_000,
        "heard_ms": now_ms - 12_000,
        "caught_up_ms": now_ms - 12_000,
        "quality": "synced",
        "battery_percent": 83,
        "unseen": False,
        "late_ms": None,
        "rests_until_ms": None,
        "schedule_version_box": 4,
        "schedule_version_made": 4,
        **more,
    }


def calm(clock: str = "17:52") -> Picture:
    """A day on which all is well, the evening still to come."""
    now_ms = seoul_ms(clock)
    taken = {"how": "on_time", "reason": "box_says_taken"}
    return {
        "now_ms": now_ms,
        "home_id": "home-1",
        "time_zone": "Asia/Seoul",
        "language": "ko",
        "persons": [
            {
                "id": "p1",
                "name": "박순자",
                "slots": [
                    slot("morning", 0, "07:30", "taken", since_ms=seoul_ms("07:41"), **taken),
                    slot("noon", 1, "12:30", "taken", since_ms=seoul_ms("12:36"), **taken),
                    slot("evening", 2, "18:30", "waiting"),
                    slot("bedtime", 3, "22:00", "waiting"),
                ],
                "devices": [device(now_ms)],
                "paused_until_ms": None,
                "paused_by": None,
                "paused_why": None,
            }
        ],
        "incidents": [],
        "texts": [],
        "orders": [],
        "happenings": [],
        "alarms": alarms(),
    }


def alarms(**more: object) -> Picture:
    """A month with one alarm, which was needed."""
    counted = {"days": 30, "told": 1, "false": 0, "needed": 1, "live": 0}
    return {**counted, "needed_share": 1.0, "within_budget": True, **more}


def line(who: str, name: str, reason: str, told_at: str | None = None, **more: object) -> Picture:
    """Somebody of an incident's roll: told at a clock, the text arrived; or not told."""
    return {
        "guardian_id": who,
        "name": name,
        "role": "guardian",
        "told": told_at is not None,
        "reason": reason,
        "at_ms": seoul_ms(told_at) if told_at else None,
        "next_ms": None,
        "delivery": "delivered" if told_at else None,
        "delivered_ms": seoul_ms(told_at) + 5_000 if told_at else None,
        **more,
    }


def text(number: int, direction: str, body: str, at: str, state: str, **more: object) -> Picture:
    """A text to or from the daughter."""
    return {
        "id": number,
        "direction": direction,
        "incident_id": 12,
        "guardian": "yh",
        "guardian_name": "김영희",
        "number": "+821012345678",
        "purpose": "dose_missed",
        "body": body,
        "state": state,
        "decided_ms": seoul_ms(at),
        "due_ms": seoul_ms(at),
        "submitted_ms": seoul_ms(at) + 2_000,
        "delivered_ms": seoul_ms(at) + 5_000 if state == "delivered" else None,
        "reason": "first_step" if direction == "out" else "",
        "why": "first_step" if direction == "out" else "",
        "route": "modem" if direction == "out" else "",
        "passed": "",
        **more,
    }


def missed() -> Picture:
    """The evening dose was forgotten; the daughter was told and has not answered."""
    picture = calm("19:34")
    picture["persons"][0]["slots"][2] = slot(
        "evening", 2, "18:30", "missed", reason="box_says_missed", since_ms=seoul_ms("19:30")
    )
    body = "[안부 12] 박순자 님 저녁 약 칸이 열리지 않았습니다. 가시면 1 답장"
    picture["texts"] = [text(1, "out", body, "19:30", "delivered")]
    picture["incidents"] = [
        {
            "id": 12,
            "person_id": "p1",
            "worry": "dose_missed",
            "key": "dose/p1/2026-03-04/2",
            "slot_id": "p1/2026-03-04/2",
            "state": "notifying",
            "acked_by": None,
            "acked_until_ms": None,
            "reason": "box_says_missed",
            "detail": {},
            "opened_ms": seoul_ms("19:30"),
            "due_ms": seoul_ms("19:30"),
            "step": 0,
            "texts": [1],
            "history": [
                {
                    "at_ms": seoul_ms("19:30"),
                    "what": "opened",
                    "reason": "box_says_missed",
                    "detail": "",
                },
                {
                    "at_ms": seoul_ms("19:30"),
                    "what": "told",
                    "reason": "first_step",
                    "detail": "yh: dose_missed",
                },
            ],
            "roll": [
                line("yh", "김영희", "first_step", "19:30", next_ms=seoul_ms("20:30")),
                line("cs", "이철수", "not_yet", role="neighbour", next_ms=seoul_ms("19:45")),
                line("mj", "최민정", "not_her_kind", role="officer"),
            ],
        }
    ]
    return picture


def acknowledged() -> Picture:
    """As missed(), and she answered 1."""
    picture = missed()
    picture["now_ms"] = seoul_ms("19:37")
    incident = picture["incidents"][0]
    incident.update(state="acked", acked_by="yh", acked_until_ms=seoul_ms("20:33"))
    said = {"at_ms": seoul_ms("19:33"), "what": "acknowledged", "reason": "answer", "detail": "yh"}
    incident["history"].append(said)
    picture["persons"][0]["devices"] = [device(picture["now_ms"])]
    picture["texts"] = [
        text(2, "out", "[안부 12] 김영희 님이 맡았습니다. 고맙습니다.", "19:33", "submitted"),
        text(-1, "in", "1", "19:33", "received", submitted_ms=None),
        *picture["texts"],
    ]
    return picture


def cut_off() -> Picture:
    """The link to the box is down since before the window: nobody may say missed."""
    picture = calm("19:41")
    down_ms = seoul_ms("18:12")
    picture["persons"][0]["slots"][2] = slot(
        "evening", 2, "18:30", "unknown", reason="no_records", since_ms=seoul_ms("19:30")
    )
    picture["persons"][0]["devices"] = [
        device(
            picture["now_ms"],
            link="down",
            link_why="out of range",
            heard_ms=down_ms,
            caught_up_ms=down_ms,
            battery_percent=14,
            schedule_version_made=5,
        )
    ]
    return picture


def order(number: int, kind: str, at: str, **more: object) -> Picture:
    """An order by the page that the box took."""
    return {
        "id": number,
        "device_id": "box-7f3a",
        "person_id": "p1",
        "order": kind,
        "arguments": {},
        "by": "page",
        "at_ms": seoul_ms(at),
        "answer": "done",
        "why": "",
        "answered_ms": seoul_ms(at) + 2_000,
        "reply": None,
        **more,
    }


def said(number: int, code: str, at: str, value: int = 0, lid: int | None = None) -> Picture:
    """Something the box told besides doses."""
    return {
        "id": f"box-7f3a-7-{number}",
        "device_id": "box-7f3a",
        "person_id": "p1",
        "at_ms": seoul_ms(at),
        "code": code,
        "value": value,
        "compartment": lid,
    }


def asked() -> Picture:
    """A doubtful noon, an evening put off, a question nobody answered, a journey set."""
    picture = calm("18:40")
    slots = picture["persons"][0]["slots"]
    slots[1] = slot(
        "noon",
        1,
        "12:30",
        "doubtful",
        reason="doubt_wrong_lid",
        since_ms=seoul_ms("12:36"),
        words=["taken", "not_taken"],
    )
    slots[2] = slot("evening", 2, "18:30", "waiting", reason="postponed")
    slots[2].update(from_ms=seoul_ms("19:10"), closes_ms=seoul_ms("20:10"))
    journey = {
        "from_ms": seoul_ms("09:00", "2026-03-06"),
        "until_ms": seoul_ms("20:00", "2026-03-08"),
    }
    picture["orders"] = [
        order(4, "away", "18:39", answer="waiting", answered_ms=None, arguments=journey),
        order(3, "refill", "18:38", answer="refused", why="state", arguments={"compartments": 255}),
        order(2, "ask", "12:40", reply="unanswered", arguments={"question": 2, "seconds": 300}),
        order(1, "quiet", "07:00", by="itself", arguments={"from_min": 1350, "until_min": 420}),
    ]
    picture["happenings"] = [
        said(5, "slot_postponed", "18:30", 40, 10),
        said(4, "unanswered", "12:45", 2),
        said(3, "lid_opened.wrong", "12:36", 1, 11),
        said(2, "sensor_fault", "09:00", 2),
        said(1, "update_result.rolled_back", "08:00", -3),
    ]
    return picture


STORIES = [calm, missed, acknowledged, cut_off, asked]
