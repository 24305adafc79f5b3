"""The flat has no power: the box and two plugs fall silent at once, and that is one event.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import watched
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await watched.moved_in(house, score, by="20:04")
    await house.until("20:10")
    await house.mains(False)
    cut = await house.heard("incident_opened", "20:25", worry="power_cut")
    score.expect("the cut is one incident", cut, cut)
    await watched.gets(house, score, "officer", "power_cut", "20:30")
    await house.until("20:48")  # a silent plug alone is told after half an hour
    told = {who: watched.told(house, who) for who in house.phones}
    once = all(purposes in ([], ["power_cut"]) for purposes in told.values())
    score.expect("and the only thing that is told, once", once, told)
    silent = "no_sign_of_life" in watched.worries(house)
    score.expect("it is no silence of hers", not silent, watched.worries(house))
    before = {device.device_id: _backs(house, device.device_id) for device in house.devices}
    await house.mains(True)
    for device_id, backs in before.items():
        while _backs(house, device_id) == backs and house.left_s("20:58") > 0:
            await house.pause(1)
        score.expect(f"{device_id}: mains are back", _backs(house, device_id) == backs + 1)
    number = cut["incident_id"] if cut else 0
    over = await house.heard("incident_resolved", "21:02", incident_id=number)
    score.expect("it is over", over, over)
    await house.until("21:04")
    told = {who: watched.told(house, who) for who in house.phones}
    ended = all(purposes in ([], ["power_cut", "gone"]) for purposes in told.values())
    score.expect("which is told, and nothing else came of it", ended, told)
    watched.nothing_lost(house, score)


def _backs(house: House, device_id: str) -> int:
    return house.count("device_record", record_kind=m.MAINS_BACK, device_id=device_id)


BLACKOUT = Story(
    name="blackout",
    about="box and plugs lose the mains together: one incident, no silence of hers, over with them",
    starts="2026-03-03 19:24",
    script=_script,
    household=watched.household(watched.KETTLE, watched.LIGHT),
    past=watched.tea("18:02"),
    speed_most=100,
)
