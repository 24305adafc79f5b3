"""Three days in hospital: nothing is prompted, nothing is missed, and it has an end.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:00")
    refused = await house.orders(
        "away", **{"from": "2026-03-02T18:00", "until": "2026-03-05T09:00"}
    )
    score.expect("the page takes the absence", not refused, refused)
    away = await house.heard("device_record", "18:29:30", record_kind=m.AWAY_SET)
    score.expect("the box knows until when", away and away["value"] > 0, away)
    await house.until("18:31:00")
    score.expect("the lid stays dark", await seen.looks(house, lid) == "dark")
    score.expect("the box is silent", await seen.sounded(house) == 0)
    paused = await house.heard("device_record", "18:34:00", record_kind=m.SLOT_PAUSED)
    score.expect("the dose is paused", paused, paused)
    await house.until("19:07:00")
    score.expect("nobody is told", not seen.bodies(house), seen.bodies(house))
    score.expect("never prompted", seen.records(house, m.SLOT_PROMPTED) == 0)
    seen.nothing_lost(house, score)


HOSPITAL = Story(
    name="hospital",
    about="an absence with an end: no prompt, no missed dose, no text",
    starts="2026-03-02 18:15",
    script=_script,
)
