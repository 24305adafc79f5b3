"""Somebody asks her whether she is fine, and a doubtful dose is closed by word.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:27:00")
    refused = await house.orders("ask")
    score.expect("the page takes the question", not refused, refused)
    asked = await house.heard("device_record", "18:28:00", record_kind=m.ASKED)
    score.expect("the box asks", asked, asked)
    score.expect("it shows on every lid", await seen.looks(house, 27) != "dark")
    score.expect("and is heard", await seen.sounded(house, 30) > 0)
    await house.presses("ok", 2)
    fine = await house.heard("device_record", "18:30:00", record_kind=m.ANSWERED)
    score.expect("she presses OK: she is fine", fine, fine)
    score.expect("the question is over", await seen.looks(house, 27) == "dark")
    await house.until("18:31:00")
    wrong = seen.compartment(house, "evening", days=2)
    await house.opens(wrong, 20)
    doubtful = await house.heard("device_record", "18:33:00", record_kind=m.SLOT_DOUBTFUL)
    score.expect("the wrong lid makes the dose doubtful", doubtful, doubtful)
    refused = await house.orders("taken", slot=f"{house.household.person_id}/2026-03-02/2")
    score.expect("her daughter knows that it was taken", not refused, refused)
    word = await house.heard("device_record", "18:36:00", record_kind=m.SLOT_TAKEN)
    score.expect("closed by word, and told as such", word and word["value"] == 3, word)  # noqa: PLR2004
    green = await seen.turns(house, lid, "green", "18:38:00")
    score.expect("the lid is green", green)
    seen.nothing_lost(house, score)


ASKED = Story(
    name="asked",
    about='"press OK if you are fine", and a doubtful dose closed by a person\'s word',
    starts="2026-03-02 18:15",
    script=_script,
)
