"""A late dose puts off the next, which is opened too soon; the third is skipped for the fourth.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_LATEST_MIN = 18  # its window, and the time after it


async def _script(house: House, score: Score) -> None:
    first, second, third = (seen.compartment(house, x) for x in ("morning", "noon", "evening"))
    await seen.moved_in(house, score, by="18:29:30")
    late = await seen.turns(house, first, "amber", "18:41:00")
    score.expect("after its window the first lid says late", late)
    await house.until("18:42:00")
    await house.opens(first)
    await seen.written(
        house, score, "it is taken late", "18:45:00",
        record_kind=m.SLOT_TAKEN, compartment=first, value=2,
    )  # fmt: skip
    await _too_soon(house, score, second)
    lit = await seen.turns(house, third, "blue", "19:19:00")
    score.expect("that puts off the third: it is prompted later", lit)
    await seen.written(
        house, score, "as nobody takes it, it is skipped", "19:32:00",
        record_kind=m.SLOT_SKIPPED, value=m.SKIPPED_LATE, compartment=third,
    )  # fmt: skip
    score.expect("its light says not this one", await seen.turns(house, third, "red", "19:34:00"))
    score.expect("nothing is called missed", seen.records(house, m.SLOT_MISSED) == 0)
    prompted = house.event("device_record", record_kind=m.SLOT_PROMPTED, compartment=second)
    score.expect("the second was never prompted", prompted is None, prompted)
    seen.nothing_lost(house, score)


async def _too_soon(house: House, score: Score, lid: int) -> None:
    off = await house.heard("device_record", "18:53:00", record_kind=m.SLOT_POSTPONED)
    score.expect("the second is put off", off and off["compartment"] == lid, off)
    score.expect("for as long as the first was late", off and 0 < off["value"] <= _LATEST_MIN)
    score.expect("its lid does not say take", await seen.looks(house, lid) == "dark")
    await house.until("18:55:00")
    await seen.warned(house, score, "opened now", lid, m.OPENED_TOO_SOON, "18:58:00")
    await seen.written(
        house, score, "whether it was taken is doubtful", "18:59:00",
        record_kind=m.SLOT_DOUBTFUL, value=m.DOUBT_TOO_SOON, compartment=lid,
    )  # fmt: skip


LATE_DOSE = Story(
    name="late-dose",
    about="a late dose puts off the next; opened too soon it warns; the third is skipped",
    starts="2026-03-02 18:15",
    script=_script,
    household=Household(
        doses=(
            Dose(
                "morning",
                None,
                early_min=5,
                window_min=8,
                late_min=10,
                spacing_min=18,
                more=("noon", "evening", "bedtime"),
            ),
        ),
        meal_clock={"breakfast": "18:30", "lunch": "18:50", "dinner": "19:10", "bed": "19:45"},
    ),
)
