"""The prescription changes in the middle of a dose: what has begun stays as it is.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from dataclasses import replace

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_BEFORE = Household(doses=(Dose("evening", "18:30"), Dose("bedtime", "19:30", early_min=5)))
_AFTER = replace(_BEFORE, doses=(Dose("evening", "18:50"), Dose("bedtime", "18:55", early_min=0)))


async def _script(house: House, score: Score) -> None:
    evening, bedtime = seen.compartment(house, "evening"), seen.compartment(house, "bedtime")
    await seen.moved_in(house, score, by="18:29:30")
    score.expect("the evening lid is lit", await seen.turns(house, evening, "blue", "18:32:00"))
    await house.opens(evening)
    await seen.written(house, score, "taken", "18:35:00", record_kind=m.SLOT_TAKEN)
    await house.prescribed(_AFTER)
    stored = await house.heard("schedule_on_box", "18:49:00", version=2)
    score.expect("the box runs the new schedule", stored, stored)
    lit = await seen.turns(house, bedtime, "blue", "18:58:00")
    score.expect("what had not begun has its new time", lit)
    score.expect("what was taken stays taken", await seen.looks(house, evening) == "green")
    await house.opens(bedtime)
    await seen.written(
        house, score, "taken at its new time", "19:01:00",
        record_kind=m.SLOT_TAKEN, compartment=bedtime,
    )  # fmt: skip
    score.expect("two series, none twice", seen.records(house, m.SLOT_PROMPTED) == 2)  # noqa: PLR2004
    await house.until("19:26:00")
    score.expect("two doses, each taken once", seen.records(house, m.SLOT_TAKEN) == 2)  # noqa: PLR2004
    score.expect("nobody is told", not seen.bodies(house), seen.bodies(house))
    seen.nothing_lost(house, score)


SCHEDULE_CHANGE = Story(
    name="schedule-change-mid-day",
    about="the prescription changes after a dose has begun: it is not asked for again",
    starts="2026-03-02 18:15",
    script=_script,
    household=_BEFORE,
)
