"""From the pharmacist's line to the lid: entered, confirmed, sent, read back, lit, opened, counted.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_DRUG = "암로디핀"
_LINE = f"2026-03-02 {_DRUG} 5mg 1T 1일 1회 저녁 식후 30분 30일분"


async def _script(house: House, score: Score) -> None:
    lid, person_id = seen.compartment(house, "evening"), house.household.person_id
    await seen.moved_in(house, score, by="18:20:00")
    refused = await house.visitor.prescribes(person_id, f"{_DRUG} 5mg 1T 30일분")
    missing = "(1일 3회, 아침 식후" in refused  # what was expected there
    score.expect(
        "a line that says too little is refused, with what is missing", missing, refused[:200]
    )
    refused = await house.visitor.prescribes(person_id, _LINE)
    score.expect("the pharmacist's line is taken", not refused, refused[:200])
    await house.heard("prescription_entered", "18:30:00")
    score.expect("entered is not confirmed", house.count("schedule_made") == 1)
    proposed = await house.visitor.reads(f"/person/{person_id}/plan")
    score.expect("the plan is shown before it is sent", _DRUG in proposed)
    refused = await house.visitor.confirms(person_id)
    score.expect("the plan is confirmed", not refused, refused[:200])
    stored = await house.heard("schedule_on_box", "18:50:00", version=2)
    score.expect("the box reads back the new schedule", stored, stored)
    full = await house.heard("stock_reckoned", "18:51:00", left="30")
    score.expect("thirty are in the bag", full, full)
    lit = await seen.turns(house, lid, "blue", "19:03:00")
    score.expect("the new dose's lid is lit at its time", lit, lid)
    await house.opens(lid)
    await seen.written(
        house, score, "the box says taken, on time", "19:08:00",
        record_kind=m.SLOT_TAKEN, value=1, compartment=lid,
    )  # fmt: skip
    less = await house.heard("stock_reckoned", "19:10:00", left="29")
    score.expect("one less is in the bag", less and less["runs_out_on"] == "2026-03-31", less)
    score.expect("no text to anyone", not seen.bodies(house), seen.bodies(house))
    seen.nothing_lost(house, score)


BAG_TO_BOX = Story(
    name="bag-to-box",
    about="a bag's line is entered and confirmed; the box runs it, the lid is lit, stock falls",
    starts="2026-03-02 18:10",
    script=_script,
    household=Household(doses=(Dose("morning", "07:30"),)),
)
