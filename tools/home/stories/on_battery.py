"""A power cut in the house: the box rests between its windows, and is there when it matters.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story

_RESTS = "배터리 절약 중"


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:19:00")
    house.board.mains(False)
    lost = await house.heard("device_record", "18:22:00", record_kind=m.MAINS_LOST)
    score.expect("that mains are lost is told at once", lost, lost)
    rests = await house.heard("device_rests", "18:27:00")
    score.expect("the box rests, and says until when", rests, rests)
    page = await house.visitor.reads()
    score.expect("the page says so", _RESTS in page)
    score.expect("nobody calls that a lost link", house.count("link_down") == 0)
    score.expect("the dose is prompted", await seen.turns(house, lid, "blue", "18:33:00"))
    await house.opens(lid)
    score.expect("the lid is answered", await seen.turns(house, lid, "green", "18:36:00"))
    taken = await house.heard("device_record", "18:40:00", record_kind=m.SLOT_TAKEN)
    score.expect("and told while it still rests", taken and taken["value"] == 1, taken)
    score.expect("it rests again", await _rests_again(house, "18:46:00"))
    house.board.mains(True)
    back = await house.heard("device_record", "18:52:00", record_kind=m.MAINS_BACK)
    score.expect("mains are back, and told", back, back)
    score.expect("the page no longer says so", _RESTS not in await house.visitor.reads())
    score.expect("nobody is told", not seen.bodies(house), seen.bodies(house))
    seen.nothing_lost(house, score)


async def _rests_again(house: House, until: str) -> bool:
    seen_before = house.count("device_rests")
    while house.count("device_rests") == seen_before and house.left_s(until) > 0:
        await house.pause(5)
    return house.count("device_rests") > seen_before


ON_BATTERY = Story(
    name="on-battery",
    about="mains lost: the box rests between announced windows, prompts and answers all the same",
    starts="2026-03-02 18:05",
    script=_script,
)
