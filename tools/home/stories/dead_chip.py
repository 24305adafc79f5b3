"""Half of the box goes blind in the window: the other half goes on, nothing is called missed.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_CHIP = 1  # sees the lids from Thursday evening on


async def _script(house: House, score: Score) -> None:
    well, blind = seen.compartment(house, "noon"), seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:30")
    for lid in (well, blind):
        score.expect(f"lid {lid} is lit", await seen.turns(house, lid, "blue", "18:32:00"))
    house.board.chip_broken("expander1", True)
    await seen.written(
        house, score, "the fault is on record", "18:36:00", record_kind=m.SENSOR_FAULT, value=_CHIP
    )
    score.expect("the box shows it", await seen.turns(house, 0, "amber", "18:36:30"))
    score.expect("the other half goes on", await seen.turns(house, well, "blue", "18:37:30"))
    await house.opens(well)
    await seen.written(
        house, score, "its lid is seen", "18:40:00", record_kind=m.SLOT_TAKEN, compartment=well
    )
    unwatched = house.event("device_record", record_kind=m.SLOT_UNWATCHED, compartment=well)
    score.expect("and was watched throughout", unwatched is None, unwatched)
    await house.until("18:45:00")
    house.board.chip_broken("expander1", False)
    await seen.written(
        house, score, "the chip is back", "18:49:00", record_kind=m.SENSOR_BACK, value=_CHIP
    )
    await house.until("18:53:00")
    ended = _ends(house, blind)
    score.expect("it ended, in doubt", ended in ([m.SLOT_DOUBTFUL], [m.SLOT_UNKNOWN]), ended)
    score.expect("a person is asked", len(seen.bodies(house)) == 1, seen.bodies(house))
    worries = house.count("incident_opened", worry="dose_missed")
    score.expect("nothing is called missed", worries == 0)
    seen.nothing_lost(house, score)


def _ends(house: House, lid: int) -> list[int]:
    ends = (m.SLOT_TAKEN, m.SLOT_MISSED, m.SLOT_UNKNOWN, m.SLOT_DOUBTFUL, m.SLOT_SKIPPED)
    told = [e for e in house.events if e["kind"] == "device_record" and e["compartment"] == lid]
    return [e["record_kind"] for e in told if e["record_kind"] in ends]


DEAD_CHIP = Story(
    name="dead-chip",
    about="half of the lids cannot be seen: the rest goes on, the fault is told, nothing is missed",
    starts="2026-03-05 18:15",
    script=_script,
    household=Household(
        doses=(
            Dose("noon", "18:30", window_min=20),
            Dose("evening", "18:30", window_min=20),
        )
    ),
)
