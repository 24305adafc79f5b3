"""Nobody picks up, three times in her half hour: the officer knows, once.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import called, watched
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await house.telephone.only_rings()
    await called.planned(house, score)
    for attempt in (1, 2, 3):
        await called.ended(house, score, "no_answer", attempt)
        if attempt < 3:  # noqa: PLR2004 - all of them
            score.expect("nobody is told yet", not watched.worries(house), watched.worries(house))
    await watched.gets(house, score, "officer", "call_unanswered", "10:50")
    opened = house.event("incident_opened", worry="call_unanswered")
    why = opened["reason"] if opened else None
    score.expect("because of three attempts", why == "three_attempts", opened)
    await house.pause(called.A_WHILE_S)
    called.rang(house, score, 3)
    told = watched.told(house, "officer")
    score.expect("the officer is told once", told == ["call_unanswered"], told)


CALL_UNANSWERED_THREE_TIMES = Story(
    name="call-unanswered-three-times",
    about="nobody picks up, three times: the officer is told, once",
    starts="2026-03-04 10:00",
    script=_script,
    household=called.HOME,
    speed_most=called.SPEED_MOST,
)
