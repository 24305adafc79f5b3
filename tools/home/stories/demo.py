"""The house one can visit: a prepared resident who takes most doses and forgets the evening's.

Knows: the resident's habits and the guardian's. May not know: how any of it is done.
Whoever looks at the page may open lids and press buttons before she does.
"""

from __future__ import annotations

import asyncio

from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_HABIT_MIN = {"morning": 6, "noon": 12, "bedtime": 4}  # how long after the light she takes it
_ANSWER_MIN = 3
_GLANCE_S = 5
_DUE = {"morning": "07:30", "noon": "12:30", "evening": "18:30", "bedtime": "22:00"}


async def _script(house: House, score: Score) -> None:
    guardian = asyncio.ensure_future(_answers(house))
    try:
        await _lives(house)
    finally:
        guardian.cancel()
    score.expect("somebody lives here", held=True)


async def _lives(house: House) -> None:
    for day in range(365):
        for label, due in _DUE.items():
            clock = f"{day} {due}:00"
            if house.clock_ms(clock) < house.now_ms() or label not in _HABIT_MIN:
                continue
            await house.until(clock)
            await house.pause(_HABIT_MIN[label] * 60)
            await _takes(house, seen.compartment(house, label, day))


async def _takes(house: House, lid: int) -> None:
    picture = house.board.picture()
    if picture["lights"][lid][1] > picture["lights"][lid][2]:
        return  # green: a visitor of the page has opened it already
    house.board.lid(lid, True)
    await house.pause(25)
    house.board.lid(lid, False)


async def _answers(house: House) -> None:
    """She answers the first text of each incident, some minutes later."""
    answered: set[str] = set()
    heard = 0
    while True:
        await house.pause(_GLANCE_S)
        for text in house.guardian.inbox[heard:]:
            heard += 1
            incident = text.body.partition("]")[0]
            if incident not in answered:
                answered.add(incident)
                await house.pause(_ANSWER_MIN * 60)
                house.guardian.send("1")


DEMO = Story(
    name="demo",
    about="live with 김순자 until Ctrl-C, with the page (`anbu home demo`)",
    starts="2026-03-02 18:20",
    script=_script,
    household=Household(doses=tuple(Dose(label, due) for label, due in _DUE.items())),
)
