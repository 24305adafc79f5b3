"""A whole day of an ordinary life: four doses, a visitor, a bad night for the radio.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_HABIT = {"morning": "07:41", "noon": "12:38", "evening": "18:52", "bedtime": "22:03"}
_FIRST_READINGS = 12  # of two hours, with a dose: the box tells its heap each ten minutes
_GROWTH_PERCENT = 2


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="07:29:00")
    for label, clock in _HABIT.items():
        await house.until(clock)
        if label == "evening":
            house.air.out_of_range(True)
        await house.opens(seen.compartment(house, label), 25)
        if label == "evening":
            await house.until("19:20:00")
            house.air.out_of_range(False)
    await house.until("1 06:50")
    score.expect("four doses taken", seen.records(house, m.SLOT_TAKEN) == len(_HABIT))
    score.expect("four series, none twice", seen.records(house, m.SLOT_PROMPTED) == len(_HABIT))
    # The radio is dead for half an hour in the evening's window, and that alone is told.
    told = [e["purpose"] for e in house.events if e["kind"] == "text_decided"]
    score.expect("told of the silence and its end only", told == ["device_unseen", "gone"], told)
    _flat_heap(house, score)
    seen.nothing_lost(house, score)


def _flat_heap(house: House, score: Score) -> None:
    heaps = house.box_heaps_bytes
    first, last = max(heaps[:_FIRST_READINGS], default=0), heaps[-1] if heaps else 0
    flat = 0 < last <= first * (100 + _GROWTH_PERCENT) // 100
    score.expect("the box's heap is as in the first hours", flat, f"{first} → {last} bytes")


DAY_IN_THE_LIFE = Story(
    name="day-in-the-life",
    about="twenty-four hours with four doses; the box's heap stays as in the first hours",
    starts="2026-03-02 06:05",
    script=_script,
    household=Household(
        doses=(
            Dose("morning", "07:30"),
            Dose("noon", "12:30"),
            Dose("evening", "18:30", window_min=90),  # longer than the radio is dead
            Dose("bedtime", "22:00"),
        )
    ),
)
