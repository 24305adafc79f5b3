"""The gateway is killed while a dose is due: the box goes on, one text, at its time.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="18:29:30")
    prompted = await house.heard("device_record", "18:33:00", record_kind=m.SLOT_PROMPTED)
    score.expect("the dose is due and prompted", prompted, prompted)
    await house.until("18:40:00")
    await house.gateway.kill()
    await house.until("18:41:00")  # away for less than ten minutes, with its start: no absence
    await house.gateway.start()
    await house.until("18:52:00")
    await house.gateway.kill()
    await house.gateway.start()
    score.expect("nobody is told while the window is open", not seen.bodies(house))
    told = await house.texts(1, "19:08:00")
    score.expect("the guardian is told when the window closes", told, seen.bodies(house))
    await house.until("19:12:00")
    bodies = seen.bodies(house)
    score.expect("exactly one text", len(bodies) == 1, bodies)
    score.expect("which says when, and is no repeat", "19:00" in str(bodies), bodies)
    score.expect("prompted once", seen.records(house, m.SLOT_PROMPTED) == 1)
    verdicts = seen.records(house, m.SLOT_MISSED) + seen.records(house, m.SLOT_UNKNOWN)
    score.expect("one verdict of the box", verdicts == 1, verdicts)
    seen.nothing_lost(house, score)


GATEWAY_KILLED_IN_THE_WINDOW = Story(
    name="gateway-killed-in-the-window",
    about="the gateway is killed twice while a dose is due: the guardian gets exactly one text",
    starts="2026-03-02 18:15",
    script=_script,
)
