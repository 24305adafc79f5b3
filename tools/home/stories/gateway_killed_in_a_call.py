"""The gateway is killed while she answers: she is called again, and not asked again what she said.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import called, watched
from tools.home.story import Score, Story

_SAID = ("here", "meals")


async def _script(house: House, score: Score) -> None:
    await house.telephone.presses("11")
    await called.planned(house, score)
    meals = await house.heard("call_answered", called.UNTIL, question="meals")
    score.expect("she answers two questions", meals, called.answers(house))
    await house.gateway.kill()
    await house.telephone.presses("111311")  # she is there, and what is left
    await house.gateway.start()
    await called.ended(house, score, "answered")
    asked = [question for question, _answer, _key in called.answers(house)]
    rest = ["here", *(q for q in called.QUESTIONS if q not in _SAID)]
    score.expect("what she said is kept and not asked again", asked == [*_SAID, *rest], asked)
    attempts = [e["attempt"] for e in house.events if e["kind"] == "call_begun"]
    score.expect("no attempt is used up by it", attempts == [1, 1], attempts)
    await house.pause(called.A_WHILE_S)
    called.rang(house, score, 2)
    score.expect("nobody is told", not watched.worries(house), watched.worries(house))


GATEWAY_KILLED_IN_A_CALL = Story(
    name="gateway-killed-in-a-call",
    about="killed while she answers: called again, only asked what she has not said yet",
    starts="2026-03-04 10:00",
    script=_script,
    household=called.HOME,
    speed_most=called.SPEED_MOST,
)
