"""The clock chip lost its time: no prompt by guesswork, no "missed", the fault shows.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:00")
    house.air.out_of_range(True)
    house.board.rtc_lose_power()
    await house.power_cut(off_s=30)
    await house.until("18:33:00")
    light = await seen.looks(house, lid, 20)
    score.expect("at half past six no lid says take", light != "blue", light)
    score.expect("every lid shows that the clock is lost", light != "dark", light)
    score.expect("the box is silent", await seen.sounded(house) == 0)
    house.air.out_of_range(False)
    lost = await house.heard("device_record", "18:48:00", record_kind=m.CLOCK_LOST)
    score.expect("that the clock was lost is on record", lost, lost)
    lit = await seen.turns(house, lid, "blue", "18:50:00")
    score.expect("with the gateway's time it reminds", lit)
    score.expect("prompted once", seen.records(house, m.SLOT_PROMPTED) == 1)
    await house.until("19:03:00")
    score.expect("what was not watched is not called missed", _missed(house) == 0)
    unknown = await house.heard("device_record", "19:04:00", record_kind=m.SLOT_UNKNOWN)
    score.expect("it is unknown", unknown, unknown)
    seen.nothing_lost(house, score)


def _missed(house: House) -> int:
    worries = house.count("incident_opened", worry="dose_missed")
    return worries + seen.records(house, m.SLOT_MISSED)


CLOCK_LOST = Story(
    name="clock-lost",
    about="the clock's cell is empty: the fault shows; no guessed prompt, nothing called missed",
    starts="2026-03-02 18:15",
    script=_script,
)
