"""Quiet hours: what can wait has light and no sound; what cannot is heard all the same.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_BURST_S = 300  # a prompt is heard at least so often


async def _script(house: House, score: Score) -> None:
    low, normal = seen.compartment(house, "evening"), seen.compartment(house, "bedtime")
    await seen.moved_in(house, score, by="22:59:00")
    quiet = await house.heard("device_ordered", "22:58:00", order="quiet")
    done = quiet and await house.heard("order_answered", "22:59:30", order_id=quiet["order_id"])
    score.expect("the box knows her quiet hours", done and done["answer"] == "done", done)
    score.expect("the low one is lit", await seen.turns(house, low, "blue", "23:01:00"))
    score.expect("and silent", await seen.sounded(house, _BURST_S) == 0)
    await house.opens(low)
    await seen.written(house, score, "it is taken", "23:09:00", record_kind=m.SLOT_TAKEN)
    score.expect("the other is lit", await seen.turns(house, normal, "blue", "23:14:00"))
    heard = await seen.sounded(house, _BURST_S)
    score.expect("and heard, for it cannot wait", heard > 0, f"{heard} Hz")
    await house.opens(normal)
    await seen.written(
        house, score, "it is taken, too", "23:22:00", record_kind=m.SLOT_TAKEN, compartment=normal
    )
    score.expect("nobody is told", not seen.bodies(house), seen.bodies(house))
    seen.nothing_lost(house, score)


QUIET_NIGHT = Story(
    name="quiet-night",
    about="in quiet hours a dose that can wait has light and no sound; another one is heard",
    starts="2026-03-02 22:42",
    script=_script,
    household=Household(
        doses=(
            Dose("evening", "23:00", early_min=0, window_min=15, criticality="low"),
            Dose("bedtime", "23:10", early_min=0, window_min=20),
        ),
        quiet=("22:30", "07:00"),
    ),
)
