"""HELP while no gateway hears it: the box says so, keeps trying, and says when it got through.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_BUTTON_S = 3  # firmly: it wants to be held for a second


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="18:29:30")
    house.air.out_of_range(True)
    await house.until("18:31:00")
    await house.presses("help", _BUTTON_S)
    await house.pause(12)
    red = [await seen.turns(house, lid, "red", "18:33:00") for lid in (0, 13, 27)]
    score.expect("after ten seconds every lid says not sent", all(red), red)
    sounded = await seen.sounded(house, 30)
    score.expect("and the box says it aloud", sounded > 0, f"{sounded} Hz")
    score.expect("nobody was told", not seen.bodies(house))
    house.air.out_of_range(False)
    told = await house.texts(1, "18:42:00")
    score.expect("when the gateway is back the guardian is told", told, seen.bodies(house))
    await seen.written(
        house,
        score,
        "that it was not sent is on record",
        "18:43:00",
        record_kind=m.HELP_NOT_SENT,
    )
    calm = not await seen.turns(house, 13, "red", "18:44:00")
    score.expect("the box no longer says not sent", calm)
    house.guardian.send("1")
    coming = await house.heard("device_record", "18:52:00", record_kind=m.HELP_ANSWERED)
    score.expect("her answer lights 'help is on the way'", coming, coming)
    score.expect("one call, one incident", house.count("incident_opened") == 1)
    seen.nothing_lost(house, score)


HELP_WITHOUT_GATEWAY = Story(
    name="help-without-gateway",
    about="HELP without a gateway: 'not sent' within ten seconds, then it gets through",
    starts="2026-03-02 18:15",
    script=_script,
    household=Household(doses=(Dose("evening", "22:30"),)),
)
