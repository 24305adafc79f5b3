"""The weekly voice message asks one thing: busy first, then she presses one.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import called, watched
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await house.telephone.is_busy()
    await called.planned(house, score, called.VOICE_MESSAGE)
    await called.ended(house, score, "busy")
    await house.telephone.presses("1")
    await called.ended(house, score, "answered")
    said = called.answers(house)
    score.expect("one question, one key", said == [("well", "well", "1")], said)
    await house.pause(called.A_WHILE_S)
    called.rang(house, score, 2)
    score.expect("nobody is told", not watched.worries(house), watched.worries(house))


WEEKLY_VOICE_MESSAGE = Story(
    name="weekly-voice-message",
    about="the weekly voice message: busy, called again, she presses 1; nobody is told",
    starts="2026-03-04 10:00",
    script=_script,
    household=called.HOME,
    speed_most=called.SPEED_MOST,
)
