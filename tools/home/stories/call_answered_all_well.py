"""She answers the call and says by keys that all is well: a sign of life, and nobody is told.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import called, watched
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await house.telephone.presses(called.ALL_WELL)
    await called.planned(house, score)
    await called.ended(house, score, "answered")
    said = called.answers(house)
    keys = "".join(key for _question, _answer, key in said)
    score.expect("every key is heard exactly once", keys == called.ALL_WELL, keys)
    asked = tuple(question for question, _answer, _key in said)
    score.expect("each question has its answer", asked == called.QUESTIONS, said)
    page = await house.visitor.reads("/person/soonja/calls?lang=en")
    score.expect("the page shows what she said", "slept well" in page)
    life = await house.visitor.reads("/?lang=en")
    score.expect("the call is her last sign of life", "call answered" in life.lower())
    await house.pause(called.A_WHILE_S)
    called.rang(house, score, 1)
    score.expect("nobody is told", not watched.worries(house), watched.worries(house))


CALL_ANSWERED_ALL_WELL = Story(
    name="call-answered-all-well",
    about="the machine calls, she presses that all is well: a sign of life, nobody is told",
    starts="2026-03-04 10:00",
    script=_script,
    household=called.HOME,
    speed_most=called.SPEED_MOST,
)
