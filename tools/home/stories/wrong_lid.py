"""The wrong lid, emptied: no "take" any more, a person is asked.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    wrong = seen.compartment(house, "evening", days=1)
    await seen.moved_in(house, score, by="18:29:30")
    await house.until("18:31:00")
    house.board.lid(wrong, True)
    warned = await seen.turns(house, wrong, "red", "18:31:30")
    score.expect("the wrong lid's light warns in red", warned)
    sounded = await seen.sounded(house)
    score.expect("and the box sounds", sounded > 0, f"{sounded} Hz")
    await seen.written(
        house,
        score,
        "the wrong lid is on record",
        "18:34:00",
        record_kind=m.LID_OPENED,
        value=m.OPENED_WRONG,
        compartment=wrong,
    )
    await seen.written(
        house,
        score,
        "after ten seconds the dose is doubtful",
        "18:34:00",
        record_kind=m.SLOT_DOUBTFUL,
        value=m.DOUBT_WRONG_LID,
        compartment=lid,
    )
    house.board.lid(wrong, False)
    purple = await seen.turns(house, lid, "purple", "18:36:00")
    score.expect("the due lid asks, it no longer says take", purple)
    score.expect("the box is silent", await seen.sounded(house) == 0)
    told = await house.texts(1, "18:38:00")
    score.expect("a person is asked to look", told, seen.bodies(house))
    await house.until("19:01:00")
    score.expect("never missed", seen.records(house, m.SLOT_MISSED) == 0)
    score.expect("prompted once", seen.records(house, m.SLOT_PROMPTED) == 1)
    seen.nothing_lost(house, score)


WRONG_LID = Story(
    name="wrong-lid",
    about="another lid is emptied than the due one: no prompt any more, a person is asked",
    starts="2026-03-02 18:15",
    script=_script,
)
