"""The log takes no record: no reminder is muted by it, the fault shows, HELP is not given up.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story

_BUTTON_S = 3


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:30")
    house.flash_breaks(True)
    score.expect("the dose is prompted", await seen.turns(house, lid, "blue", "18:33:00"))
    score.expect("and heard", await seen.sounded(house, 90) > 0)
    score.expect("the fault shows on the others", await seen.turns(house, 27, "amber", "18:36:00"))
    await house.opens(lid)
    score.expect("the lid is answered", await seen.turns(house, lid, "green", "18:38:00"))
    await house.presses("help", _BUTTON_S)
    red = await seen.turns(house, 27, "red", "18:41:00")
    score.expect("a call that no record carries is shown as not sent", red)
    score.expect("nobody was told of it", not seen.bodies(house))
    house.flash_breaks(False)
    told = await house.texts(1, "18:46:00")
    score.expect("once the flash works again the guardian is told", told, seen.bodies(house))
    house.guardian.send("1")  # or she would be told of the call again and again
    lost = await house.heard("device_record", "18:47:00", record_kind=m.RECORDS_LOST)
    score.expect("how many records were lost is told", lost and lost["value"] > 0, lost)
    await house.until("19:07:00")
    worries = house.count("incident_opened", worry="dose_missed")
    score.expect("what has no record is not called missed", worries == 0)
    score.expect("never missed", seen.records(house, m.SLOT_MISSED) == 0)
    seen.nothing_lost(house, score)


BROKEN_FLASH = Story(
    name="broken-flash",
    about="the log takes no record: reminded all the same, the fault shows, HELP keeps trying",
    starts="2026-03-02 18:15",
    script=_script,
)
