"""Homes with plugs: who is told of a silence, what a usual day was, what several stories look for.

Knows: plugs, their records, the gateway's events. May not know: which story asks.
"""

from __future__ import annotations

import re

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.story import Household, Plug, Score, Told, Was
from tools.home.visitor import OFFICE, Visitor

KITCHEN, BEDROOM = "주방", "침실"
OFFICER = Told("officer", "박복지", "+821087654321", role="officer")
KETTLE = Plug("AP-000001", "metering-plug", KITCHEN)
LIGHT = Plug("AP-000002", "care-node", BEDROOM)
SEVERE = {"level": "severe"}  # 24 h
CAP_H = 24
NO_NEWS = {"weekly_day": "never", "test_day": "never"}  # of other things than silences
_DOOR = re.compile(r"https?://[^/<]+(/door/[a-z0-9]+)")
HISTORY_DAYS = 35  # after 28 the personal line holds

HALF_A_KETTLE_W = 900
_KETTLE_W, _BOUT_MIN, _TOLD_AFTER_MIN = 1800, 3, 30


def household(*plugs: Plug, box: bool = True) -> Household:
    """The resident with these plugs, no doses, her daughter and the officer."""
    return Household(
        doses=(), box=box, plugs=plugs, others=(OFFICER,), watch=SEVERE, policy=NO_NEWS
    )


def tea(clock: str, days: int = 1) -> tuple[Was, ...]:
    """She made tea from that time on ("-1 21:07"), on so many days up to then.

    As the plug tells it: its end is written half an hour after the load was last on.
    """
    head, _, hour = clock.rpartition(" ")
    minutes = int(hour[:2]) * 60 + int(hour[3:]) + _BOUT_MIN + _TOLD_AFTER_MIN
    over = f"{head} {minutes // 60:02d}:{minutes % 60:02d}".strip()
    return (
        Was(clock, m.LOAD_ON, _KETTLE_W, days=days),
        Was(over, m.LOAD_OFF, _BOUT_MIN, days=days),
    )


def usual_days(*hours: str) -> tuple[Was, ...]:
    """Weeks in which she made tea at these times, up to yesterday."""
    return tuple(was for hour in hours for was in tea(f"-1 {hour}", HISTORY_DAYS))


async def moved_in(house: House, score: Score, by: str) -> None:
    """Every device of the home talks to the gateway."""
    for device in house.devices:
        up = await house.heard("device_caught_up", by, device_id=device.device_id)
        score.expect(f"{device.device_id} is heard", up, up)


def told(house: House, who: str) -> list[str]:
    """The purposes of all texts that were decided for this person's number, in order."""
    number = house.phones[who].number
    texts = (e for e in house.events if e["kind"] == "text_decided" and e["to"] == number)
    return [e["purpose"] for e in texts]


async def gets(house: House, score: Score, who: str, purpose: str, until: str) -> None:
    """Expects that this person's phone has a text of this purpose before that clock."""
    number = house.phones[who].number
    decided = await house.heard("text_decided", until, to=number, purpose=purpose)
    body = decided["body"] if decided else None
    while house.left_s(until) > 0 and not _has(house, who, body):
        await house.pause(1)
    score.expect(f"{who} is told: {purpose}", _has(house, who, body), body or told(house, who))


def _has(house: House, who: str, body: str | None) -> bool:
    return body is not None and any(text.body == body for text in house.phones[who].inbox)


def worries(house: House) -> list[str]:
    """What incidents were opened or became, in order."""
    kinds = ("incident_opened", "incident_changed")
    return [e["worry"] for e in house.events if e["kind"] in kinds]


def nothing_lost(house: House, score: Score) -> None:
    """Every record told by each device has its own number; none is missing between them."""
    for device in house.devices:
        seqs = sorted(
            e["seq"]
            for e in house.events
            if e["kind"] == "device_record" and e["device_id"] == device.device_id
        )
        whole = seqs == list(range(seqs[0], seqs[0] + len(seqs))) if seqs else False
        score.expect(f"{device.device_id}: every event exactly once", whole, f"{len(seqs)} records")


async def office_opens(house: House, score: Score, by: str) -> Visitor:
    """Who set up the gateway, signed in at its page; before that there is no page to see."""
    office = house.visitor.beside(OFFICE)
    refused = await house.signs_in(office, by)
    score.expect("the office is at the page", not refused, refused)
    return office


async def plate(house: House, score: Score, office: Visitor, who: str = "", role: str = "") -> str:
    """The path of a new plate, or of somebody's link, as the office's page shows it."""
    base = f"/person/{house.household.person_id}/visits"
    refused = await office.fills(base, f"{base}/plate", who=who, role=role)
    found = _DOOR.findall(await office.reads(base))
    made = "a link" if who else "a plate for the door"
    score.expect(f"the office makes {made}", not refused and found, refused)
    return str(found[-1]) if found else "/door/none"
