"""A journey: doses are taken out by the box's lights, paused, and one is put back in time.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_HAND_S = 10
_EMPTIED = 2


async def _script(house: House, score: Score) -> None:
    evening, bedtime = seen.compartment(house, "evening"), seen.compartment(house, "bedtime")
    await seen.moved_in(house, score, by="18:04:00")
    refused = await house.orders("take_out", days="1")
    score.expect("the page takes the order", not refused, refused)
    for lid in (evening, bedtime):
        score.expect(
            f"lid {lid} asks in its turn", await seen.turns(house, lid, "teal", "18:09:00")
        )
        await house.opens(lid, _HAND_S)
    ended = await house.heard("device_record", "18:11:00", record_kind=m.REFILL_ENDED)
    score.expect("it is over by itself", ended and ended["value"] == 1, ended)
    emptied = seen.records(house, m.COMPARTMENT_EMPTIED)
    score.expect("two compartments are empty", emptied == _EMPTIED, emptied)
    await house.until("18:13:00")  # now this evening's is too near to be filled
    await _stays_after_all(house, score, bedtime)
    paused = await house.heard("device_record", "18:48:00", record_kind=m.SLOT_PAUSED)
    score.expect("what was taken out is paused", paused and paused["compartment"] == evening)
    score.expect("its lid stays dark", await seen.looks(house, evening) == "dark")
    lit = await seen.turns(house, bedtime, "blue", "18:58:00")
    score.expect("what was put back is prompted", lit)
    await house.opens(bedtime)
    await seen.written(house, score, "and taken", "19:01:00", record_kind=m.SLOT_TAKEN)
    score.expect("one series, one pause", _series(house) == (1, 1), _series(house))
    score.expect("nobody is told", not seen.bodies(house), seen.bodies(house))
    seen.nothing_lost(house, score)


async def _stays_after_all(house: House, score: Score, lid: int) -> None:
    refused = await house.orders("refill")
    score.expect("the page takes the filling", not refused, refused)
    score.expect("it begins with tonight's", await seen.turns(house, lid, "white", "18:19:00"))
    await house.opens(lid, _HAND_S)
    await seen.written(
        house, score, "it is filled again", "18:22:00", record_kind=m.COMPARTMENT_FILLED,
        compartment=lid,
    )  # fmt: skip
    refused = await house.orders("refill_end")
    score.expect("the page takes the end", not refused, refused)
    ended = await house.heard("device_record", "18:26:00", record_kind=m.REFILL_ENDED, value=0)
    score.expect("the filling is over", ended, ended)


def _series(house: House) -> tuple[int, int]:
    return seen.records(house, m.SLOT_PROMPTED), seen.records(house, m.SLOT_PAUSED)


JOURNEY = Story(
    name="journey",
    about="doses taken out for a journey are paused; what is put back in time is prompted",
    starts="2026-03-02 17:50",
    script=_script,
    household=Household(
        doses=(
            Dose("evening", "18:45", early_min=5),
            Dose("bedtime", "18:55", early_min=5),
        )
    ),
)
