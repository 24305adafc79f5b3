"""Medicine as needed: the lid is the request; too soon and too often are warned of.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import AsNeeded, Dose, Household, Score, Story

_LID = 25  # Sunday noon: nothing else uses it
_SPACING_MIN = 12


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="18:29:00")
    await house.opens(_LID)
    asked = await seen.written(
        house, score, "the first is what was asked for", "18:31:00",
        record_kind=m.LID_OPENED, value=m.OPENED_PRN, compartment=_LID,
    )  # fmt: skip
    score.expect("no light warns", await seen.looks(house, _LID) == "dark")
    await house.pause(60)
    # The lid stays open for a minute: the refused dose counts, it may have been taken.
    await seen.warned(house, score, "two minutes later", _LID, m.OPENED_PRN_TOO_SOON, "18:36:00")
    told = await house.texts(1, "18:40:00")
    score.expect("her guardian is told", told, seen.bodies(house))
    await house.pause(_SPACING_MIN * 60)
    await seen.warned(house, score, "the third of two", _LID, m.OPENED_PRN_TOO_MANY, "18:57:00")
    score.expect("a day is on each record", asked and asked["slot_day"] == "2026-03-02", asked)
    score.expect("never prompted", seen.records(house, m.SLOT_PROMPTED) == 0)
    score.expect("never missed", seen.records(house, m.SLOT_MISSED) == 0)
    seen.nothing_lost(house, score)


AS_NEEDED = Story(
    name="as-needed",
    about="medicine as needed: accepted, then too soon, then too many of a day",
    starts="2026-03-02 18:15",
    script=_script,
    household=Household(
        doses=(Dose("bedtime", "22:00"),),
        as_needed=(AsNeeded(_LID, spacing_min=_SPACING_MIN, daily_max=2),),
    ),
)
