"""Taken while the radio was dead: never "missed", only "cannot see", then a correction.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:30")
    house.air.out_of_range(True)
    down = await house.heard("link_down", "18:35:00")
    score.expect("the gateway notices the dead link", down, down)
    silent = await house.heard("incident_opened", "18:38:00", worry="device_unseen")
    score.expect("a box silent in the window is told as that", silent, silent)
    await house.until("18:40:00")
    light = await seen.lit(house, lid)
    score.expect("the box reminds without the gateway", light[2] > light[0], light)
    house.board.lid(lid, True)
    await house.pause(20)
    house.board.lid(lid, False)
    await house.until("19:04:00")
    about_the_dose = house.count("incident_opened") - house.count(
        "incident_opened", worry="device_unseen"
    )
    score.expect("nothing is said of the dose before it can be known", about_the_dose == 0)
    await _not_seen(house, score)
    house.air.out_of_range(False)
    await _corrected(house, score)
    score.expect("never missed", house.count("incident_opened", worry="dose_missed") == 0)
    words = " / ".join(e["purpose"] for e in house.events if e["kind"] == "text_decided")
    score.expect("no text says missed", "missed" not in words, words)
    seen.only_texts(house, score, "device_unseen", "cannot_see", "correction")
    seen.nothing_lost(house, score)


async def _not_seen(house: House, score: Score) -> None:
    opened = await house.heard("incident_opened", "19:08:00", worry="cannot_see")
    score.expect("after the grace it *cannot be seen*", opened, opened)
    told = await house.texts(2, "19:10:00")
    score.expect("the guardian reads that the link is dead", told, seen.bodies(house))


async def _corrected(house: House, score: Score) -> None:
    taken = await house.heard("device_record", "19:25:00", record_kind=m.SLOT_TAKEN)
    score.expect("the record of the lid arrives when the link is back", taken, taken)
    over = await house.heard("incident_resolved", "19:25:30", reason="taken_in_time")
    score.expect("the incident is over by itself", over, over)
    told = await house.texts(3, "19:27:00")
    score.expect("whoever was told otherwise gets a correction", told, seen.bodies(house))
    gone = await house.heard("incident_resolved", "19:27:00", reason="gone")
    score.expect("and so is the silence, without a text of its own", gone, gone)


TAKEN_WHILE_THE_LINK_IS_DOWN = Story(
    name="taken-while-the-link-is-down",
    about="the radio is dead in the window: cannot see, then a correction, never missed",
    starts="2026-03-02 18:15",
    script=_script,
)
