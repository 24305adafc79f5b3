"""She presses that something hurts: nothing more is asked, and the officer knows at once.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import called, watched
from tools.home.story import Score, Story

_UNTIL_PAIN = "111132"


async def _script(house: House, score: Score) -> None:
    await house.telephone.presses(_UNTIL_PAIN)
    await called.planned(house, score)
    answered = await house.heard("call_answered", called.UNTIL, question="pain")
    pain = answered and (answered["answer"], answered["digit"]) == ("pain", "2")
    score.expect("she says that something hurts", pain, answered)
    await watched.gets(house, score, "officer", "call_worry_pain", called.AFTER)
    await called.ended(house, score, "answered")
    asked = [question for question, _answer, _key in called.answers(house)]
    score.expect("nothing more is asked", asked[-1:] == ["pain"], asked)
    opened = house.event("incident_opened", worry="call_worry")
    score.expect("because of the pain", opened and opened["reason"] == "pain", opened)
    called.rang(house, score, 1)


CALL_SAYS_PAIN = Story(
    name="call-says-pain",
    about="she presses that something hurts: nothing more is asked, the officer is told at once",
    starts="2026-03-04 10:00",
    script=_script,
    household=called.HOME,
    speed_most=called.SPEED_MOST,
)
