"""The evening dose taken in its time: light, lid, and no text to anyone.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:30")
    await house.until("18:31:00")
    light = await seen.lit(house, lid)
    score.expect("the evening lid is lit blue", light[2] > light[0], light)
    house.board.lid(lid, True)
    await house.pause(20)
    house.board.lid(lid, False)
    taken = await house.heard("device_record", "18:40:00", record_kind=m.SLOT_TAKEN)
    score.expect("the box says taken, on time", taken and taken["value"] == 1, taken)
    light = await seen.lit(house, lid)
    score.expect("the lid's light is green", light[1] > light[2], light)
    score.expect("the box is silent", await seen.sounded(house) == 0)
    await house.until("19:07:00")
    score.expect("no text to anyone", not seen.bodies(house), seen.bodies(house))
    score.expect("no incident", house.count("incident_opened") == 0)
    score.expect("never missed", seen.records(house, m.SLOT_MISSED) == 0)
    seen.nothing_lost(house, score)


TAKEN_ON_TIME = Story(
    name="taken-on-time",
    about="the lid is opened in the window; no text to anyone",
    starts="2026-03-02 18:15",
    script=_script,
)
