"""Homes that are called: a telephone and no device; what several stories plan and look for.

Knows: the page's form, the gateway's events, who is told. May not know: which story asks.
"""

from __future__ import annotations

from tools.home.house import House
from tools.home.stories import watched
from tools.home.story import Household, Score

NUMBER = "010-5555-0123"
WELLBEING, VOICE_MESSAGE = "wellbeing", "voice_message"
ALL_WELL = "1111311"  # she is there; meals, sleep, outing; no medicine; body and mind
QUESTIONS = ("here", "meals", "sleep", "outing", "medication", "pain", "worry")
UNTIL = "10:22"  # of her hours: three attempts fit in, though the house takes a minute to begin
AFTER = "10:27"
A_WHILE_S = 150.0  # in which one call too many would have been made
SPEED_MOST = 10  # the stack of the line keeps time with its sound up to here on a busy machine

HOME = Household(
    doses=(),
    box=False,
    others=(watched.OFFICER,),
    policy={"weekly_day": "never", "test_day": "never"},
    telephone=True,
)


async def planned(house: House, score: Score, call: str = WELLBEING) -> None:
    """Her daughter says at the page when she is called: every day, in hours that have begun."""
    refused = await house.signs_in(house.visitor, UNTIL)
    form = {"from": "09:30", "until": UNTIL, "number": NUMBER, "language": "ko"}
    days = {"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
    refused = refused or await house.visitor.plans_calls(HOME.person_id, call, **form, **days)
    score.expect("the calls are planned at the page", not refused, refused)


async def ended(house: House, score: Score, outcome: str, attempt: int = 1) -> None:
    """Expects that as many calls ended like this, before her hours are over."""
    while house.left_s(AFTER) > 0 and house.count("call_ended", outcome=outcome) < attempt:
        await house.pause(1)
    seen = [(e["outcome"], e["why"]) for e in house.events if e["kind"] == "call_ended"]
    held = house.count("call_ended", outcome=outcome) == attempt
    score.expect(f"attempt {attempt} ends: {outcome}", held, seen)


def answers(house: House) -> list[tuple[str, str, str]]:
    """(question, answer, key) of all that was answered, in order."""
    said = (e for e in house.events if e["kind"] == "call_answered")
    return [(e["question"], e["answer"], e["digit"]) for e in said]


def rang(house: House, score: Score, times: int) -> None:
    """Expects that her telephone itself counts as many calls as the gateway says it made."""
    begun = house.count("call_begun")
    held = house.telephone.rang == begun == times
    score.expect(f"her telephone rang {times} times", held, (house.telephone.rang, begun))
