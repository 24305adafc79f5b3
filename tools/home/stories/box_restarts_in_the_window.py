"""The power goes between the prompt and the lid: one series, it continues, nothing is lost.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story

_STARTS = 3


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:30")
    await house.until("18:30:30")
    score.expect("the evening lid is lit blue", await seen.looks(house, lid) == "blue")
    await house.power_cut(off_s=60)
    lit = await seen.turns(house, lid, "blue", "18:34:00")
    score.expect("after the power cut the series goes on", lit)
    await house.until("18:35:30")
    await house.box_resets()
    lit = await seen.turns(house, lid, "blue", "18:38:00")
    score.expect("after a reset it goes on again", lit)
    await house.until("18:39:00")
    await house.opens(lid)
    taken = await house.heard("device_record", "18:45:00", record_kind=m.SLOT_TAKEN)
    score.expect("the box says taken, on time", taken and taken["value"] == 1, taken)
    score.expect("prompted once", seen.records(house, m.SLOT_PROMPTED) == 1)
    score.expect("three starts are on record", seen.records(house, m.BOOT) == _STARTS)
    await house.until("19:01:00")
    score.expect("never missed, never unknown", _verdicts(house) == [m.SLOT_TAKEN])
    score.expect("no text to anyone", not seen.bodies(house), seen.bodies(house))
    seen.nothing_lost(house, score)


def _verdicts(house: House) -> list[int]:
    ends = (m.SLOT_TAKEN, m.SLOT_MISSED, m.SLOT_UNKNOWN, m.SLOT_DOUBTFUL, m.SLOT_SKIPPED)
    kinds = [e["record_kind"] for e in house.events if e["kind"] == "device_record"]
    return [kind for kind in kinds if kind in ends]


BOX_RESTARTS_IN_THE_WINDOW = Story(
    name="box-restarts-in-the-window",
    about="power cut and reset between prompt and lid: the series continues, no second one",
    starts="2026-03-02 18:15",
    script=_script,
)
