"""The gateway is down when a window closes: told once when it is back, with the real time.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_ABOUT_A_DOSE = ("dose_missed", "dose_unconfirmed", "missed_after_all", "doses_missed")


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="18:29:30")
    await house.until("18:50:00")
    await house.gateway.stop()  # in order: for minutes
    await house.until("19:03:00")
    await house.gateway.start()
    await _told(house, score, "after minutes", 1, "19:00", "19:30:00")
    number = (house.event("incident_opened", worry="dose_missed") or {}).get("incident_id")
    house.guardian.send(f"{number} 완료")
    over = await house.heard("incident_resolved", "19:50:00", incident_id=number)
    score.expect("she has been there: it is over", over, over)
    await house.until("20:10:00")
    await house.gateway.kill()  # without a word: for hours
    await house.until("22:30:00")
    await house.gateway.start()
    await _told(house, score, "after hours", 2, "20:30", "23:10:00")
    await house.until("23:15:00")
    score.expect("and nothing more of it", len(_doses(house)) == 2, _doses(house))  # noqa: PLR2004
    seen.nothing_lost(house, score)


async def _told(house: House, score: Score, what: str, count: int, clock: str, until: str) -> None:
    while len(_arrived(house)) < count and house.left_s(until) > 0:
        await house.pause(1)
    bodies = _arrived(house)
    score.expect(f"{what}: told once", len(bodies) == count, seen.bodies(house))
    last = bodies[-1] if bodies else ""
    score.expect(f"{what}: with the real time, {clock}", clock in last, last)


def _doses(house: House) -> list[str]:
    """The texts about a dose that were decided, not those that answer or close."""
    decided = [e for e in house.events if e["kind"] == "text_decided"]
    return [e["body"] for e in decided if e["purpose"] in _ABOUT_A_DOSE]


def _arrived(house: House) -> list[str]:
    """Those that are on the guardian's phone, in the order they came."""
    decided = _doses(house)
    return [body for body in seen.bodies(house) if body in decided]


GATEWAY_DOWN_ACROSS_THE_DEADLINE = Story(
    name="gateway-down-across-the-deadline",
    about="the gateway is down when two windows close, minutes and hours: each told once",
    starts="2026-03-02 17:50",
    script=_script,
    household=Household(doses=(Dose("evening", "18:30"), Dose("bedtime", "20:00"))),
)
