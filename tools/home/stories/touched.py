"""Lids opened and shut in under a second: no prompt any more; a proper opening still counts.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_TOUCH_S = 0.4
_TOUCHES = 5  # a host that is busy for so long may not have looked at one


async def _script(house: House, score: Score) -> None:
    first, second = seen.compartment(house, "noon"), seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:50")
    await _touched(house, score, first, by="18:31:30")
    await house.opens(first, 5)
    await seen.written(
        house, score, "a proper opening still counts", "18:32:30",
        record_kind=m.SLOT_TAKEN, compartment=first,
    )  # fmt: skip
    await _touched(house, score, second, by="18:33:30")
    await seen.written(
        house, score, "nobody opens it properly: doubtful", "18:35:30",
        record_kind=m.SLOT_DOUBTFUL, value=m.DOUBT_BRIEF, compartment=second,
    )  # fmt: skip
    score.expect("each was prompted once", seen.records(house, m.SLOT_PROMPTED) == 2)  # noqa: PLR2004
    score.expect("never missed", seen.records(house, m.SLOT_MISSED) == 0)
    told = await house.texts(1, "18:37:00")
    score.expect("a person is asked to look, once", told, seen.bodies(house))
    seen.nothing_lost(house, score)


async def _touched(house: House, score: Score, lid: int, by: str) -> None:
    score.expect(f"lid {lid} is lit blue", await seen.turns(house, lid, "blue", by))
    for _ in range(_TOUCHES):
        await house.opens(lid, _TOUCH_S)
        if await seen.looks(house, lid) == "purple":
            break
    asks = await seen.turns(house, lid, "purple", by)
    score.expect("touched: its light asks, it no longer says take", asks)
    score.expect("the box is silent", await seen.sounded(house, 10) == 0)
    taken = house.event("device_record", record_kind=m.SLOT_TAKEN, compartment=lid)
    score.expect("a touch is no taking", taken is None, taken)


TOUCHED = Story(
    name="touched",
    about="a lid opened and shut in under a second: no prompt any more, and no taking either",
    starts="2026-03-02 18:28",
    script=_script,
    household=Household(
        doses=(
            Dose("noon", "18:30", early_min=0, window_min=3),
            Dose("evening", "18:32", early_min=0, window_min=2),
        )
    ),
    speed_most=6,
)
