"""Three doses of one regimen: one late, the next put off and taken too soon, the last skipped.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story


_WINDOWS_MIN = 18


async def _script(house: House, score: Score) -> None:
    first, second, third = (seen.compartment(house, x) for x in ("noon", "evening", "bedtime"))
    await seen.moved_in(house, score, by="18:29:30")
    late = await seen.turns(house, first, "amber", "18:41:00")
    score.expect("after its window the first lid says late", late)
    await house.until("18:42:00")
    await house.opens(first)
    await seen.written(
        house, score, "it is taken late", "18:45:00",
        record_kind=m.SLOT_TAKEN, compartment=first, value=2,
    )  # fmt: skip
    put_off = await house.heard("device_record", "18:53:00", record_kind=m.SLOT_POSTPONED)
    score.expect("the second is put off", put_off and put_off["compartment"] == second, put_off)
    score.expect(
        "by no more than the first was late", put_off and 0 < put_off["value"] <= _WINDOWS_MIN
    )
    score.expect("its lid does not say take", await seen.looks(house, second) == "dark")
    await house.until("18:55:00")
    await seen.warned(house, score, "opened now", second, m.OPENED_TOO_SOON, "18:58:00")
    await seen.written(
        house, score, "whether it was taken is doubtful", "18:59:00",
        record_kind=m.SLOT_DOUBTFUL, value=m.DOUBT_TOO_SOON, compartment=second,
    )  # fmt: skip
    lit = await seen.turns(house, third, "blue", "19:19:00")
    score.expect("the third is put off, too, and prompted then", lit)
    await seen.written(
        house, score, "as nobody takes it, it is skipped", "19:31:00",
        record_kind=m.SLOT_SKIPPED, value=m.SKIPPED_LATE, compartment=third,
    )  # fmt: skip
    score.expect("its light says not this one", await seen.turns(house, third, "red", "19:32:00"))
    score.expect("nothing is called missed", seen.records(house, m.SLOT_MISSED) == 0)
    score.expect("the second was never prompted", seen.records(house, m.SLOT_PROMPTED) == 2)  # noqa: PLR2004
    seen.nothing_lost(house, score)


LATE_DOSE = Story(
    name="late-dose",
    about="a late dose puts off the next; opened too soon it warns; the last is skipped",
    starts="2026-03-02 18:15",
    script=_script,
    household=Household(
        doses=(
            Dose(
                "noon", None, early_min=5, window_min=8, late_min=10, spacing_min=18,
                more=("evening", "bedtime"),
            ),
        ),
        meal_clock={"lunch": "18:30", "dinner": "18:50", "bed": "19:10"},
    ),
)  # fmt: skip
