"""The house one can visit: a prepared resident and her daughter, on a day with its mishaps.

Knows: the resident's habits and the guardian's. May not know: how any of it is done.
Whoever looks at the page may open lids and press buttons before she does.

Each day she opens the morning's lid late, answers when her daughter asks after her, takes another
day's lid for the noon's (the daughter asks, and closes that dose by word), forgets the evening and
takes what is for bedtime.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story, local

_STARTS = "2026-03-02 07:20"
_DUE = {"morning": "07:30", "noon": "12:30", "evening": "18:30", "bedtime": "22:00"}
_LATE_MIN = 30
_HAND_S = 25
_OK_AFTER_S = 120
_PRESS_S = 2
_GLANCE_S = 5
_ANSWER_MIN = 3
_VISIT_MIN = 40
_TOLD_AND_THANKED = 2


async def _script(house: House, score: Score) -> None:
    guardian = asyncio.ensure_future(_answers(house))
    try:
        await _lives(house)
    finally:
        guardian.cancel()
    score.expect("somebody lives here", held=True)


async def _lives(house: House) -> None:
    for day in range(365):
        for clock, does in _DAY:
            if house.clock_ms(f"{day} {clock}:00") >= house.now_ms():
                await house.until(f"{day} {clock}:00")
                await does(house, day)


async def _morning(house: House, day: int) -> None:
    await _takes(house, seen.compartment(house, "morning", day))


async def _asked(house: House, _day: int) -> None:
    await _orders(house, "ask")
    await house.pause(_OK_AFTER_S)
    await house.presses("ok", _PRESS_S)


async def _orders(house: House, order: str, **fields: str) -> None:
    """As the daughter at her page; a refusal, or a page that is too busy, is no end of the day."""
    with contextlib.suppress(OSError):
        await house.orders(order, **fields)


async def _wrong_lid(house: House, day: int) -> None:
    if await _lit(house, seen.compartment(house, "noon", day)):
        await house.opens(seen.compartment(house, "noon", day + 1), _HAND_S)


async def _by_word(house: House, day: int) -> None:
    date = local(_STARTS).date() + timedelta(days=day)
    noon = list(_DUE).index("noon")
    await _orders(house, "taken", slot=f"{house.household.person_id}/{date}/{noon}")


async def _bedtime(house: House, day: int) -> None:
    await _takes(house, seen.compartment(house, "bedtime", day))


async def _takes(house: House, lid: int) -> None:
    if await _lit(house, lid):
        await house.opens(lid, _HAND_S)


async def _lit(house: House, lid: int) -> bool:
    """Whether the lid asks for her; else a visitor of the page was there before her."""
    return await seen.looks(house, lid) in {"blue", "amber"}


_DAY: tuple[tuple[str, Callable[[House, int], Awaitable[None]]], ...] = (
    ("08:12", _morning),
    ("09:30", _asked),
    ("12:34", _wrong_lid),
    ("12:55", _by_word),
    ("22:04", _bedtime),
)


async def _answers(house: House) -> None:
    """She answers the first text of each incident some minutes later, and then sees to it."""
    answered: set[str] = set()
    visits: list[asyncio.Task[None]] = []
    heard = 0
    try:
        while True:
            await house.pause(_GLANCE_S)
            for text in house.guardian.inbox[heard:]:
                heard += 1
                incident = text.body.partition("]")[0]
                if incident not in answered:
                    answered.add(incident)
                    visits.append(asyncio.ensure_future(_visits(house, incident)))
    finally:
        for visit in visits:
            visit.cancel()


async def _visits(house: House, incident: str) -> None:
    """`incident`: how its texts begin, "[안부 2"."""
    number = incident.rpartition(" ")[2]
    await house.pause(_ANSWER_MIN * 60)
    house.guardian.send("1")
    await house.pause(_VISIT_MIN * 60)
    if sum(t.body.startswith(f"{incident}]") for t in house.guardian.inbox) == _TOLD_AND_THANKED:
        house.guardian.send(f"{number} 완료")


DEMO = Story(
    name="demo",
    about="live with 김순자 until Ctrl-C, with the page (`anbu home demo`)",
    starts=_STARTS,
    script=_script,
    household=Household(
        doses=tuple(Dose(label, due, late_min=_LATE_MIN) for label, due in _DUE.items())
    ),
)
