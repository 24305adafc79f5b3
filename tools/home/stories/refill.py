"""The week is filled: each compartment in its turn, wrong order corrected, the rest named.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_WEEK = 28
_FILLED = 3
_HAND_S = 6


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="14:14:00")
    refused = await house.orders("refill")
    score.expect("the page takes the order", not refused, refused)
    begun = await house.heard("device_record", "14:17:00", record_kind=m.REFILL_BEGUN)
    score.expect("the box begins the refill", begun, begun)
    first, second, third = 0, 1, 2  # in the order of the box: it begins with Monday's
    score.expect("the first to fill is lit", await _steady(house, first), first)
    await house.opens(second, _HAND_S)
    await house.pause(_HAND_S)
    early = house.event("device_record", record_kind=m.COMPARTMENT_FILLED)
    score.expect("the wrong order does not count", early is None, early)
    for lid in (first, second, third):
        score.expect(f"lid {lid} is lit in its turn", await _steady(house, lid), lid)
        await house.opens(lid, _HAND_S)
        await house.pause(_HAND_S)
    await house.heard(
        "device_record", "14:25:00", record_kind=m.COMPARTMENT_FILLED, compartment=third
    )
    filled = seen.records(house, m.COMPARTMENT_FILLED)
    score.expect("three are filled", filled == _FILLED, filled)
    refused = await house.orders("refill_end")
    score.expect("the page takes the end", not refused, refused)
    ended = await house.heard("device_record", "14:29:00", record_kind=m.REFILL_ENDED)
    score.expect("the refill is over", ended, ended)
    unfilled = seen.records(house, m.COMPARTMENT_UNFILLED)
    score.expect("each that was left empty is named", unfilled > 0, unfilled)
    taken = seen.records(house, m.SLOT_TAKEN)
    score.expect("nothing was counted as taken", taken == 0, taken)
    score.expect("nobody was troubled", not seen.bodies(house), seen.bodies(house))
    seen.nothing_lost(house, score)


async def _steady(house: House, lid: int) -> bool:
    """Whether this lid's light is on, and asks for something else than the others'."""
    light = await seen.looks(house, lid)
    others = {await seen.looks(house, other, 1) for other in (lid + 1, _WEEK - 1)}
    return light != "dark" and light not in others


REFILL = Story(
    name="refill",
    about="the week is filled by the box's lights; wrong order corrected, what is left named",
    starts="2026-03-02 14:00",
    script=_script,
    household=Household(
        doses=(
            Dose("morning", "07:30"),
            Dose("noon", "12:30"),
            Dose("evening", "18:30"),
            Dose("bedtime", "22:00"),
        )
    ),
)
