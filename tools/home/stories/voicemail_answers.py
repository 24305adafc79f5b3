"""A voicemail picks up and speaks: that is no answer, three times, and the officer knows.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import called, watched
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await house.telephone.has_voicemail()
    await called.planned(house, score)
    for attempt in (1, 2, 3):
        await called.ended(house, score, "voicemail", attempt)
    await watched.gets(house, score, "officer", "call_unanswered", "10:50")
    score.expect("nothing counts as an answer", not called.answers(house), called.answers(house))
    page = await house.visitor.reads("/?lang=en")
    score.expect("it is no sign of life", "call answered" not in page.lower())
    score.expect("it was picked up each time", house.telephone.picked_up == 3,  # noqa: PLR2004
                 house.telephone.picked_up)  # fmt: skip
    called.rang(house, score, 3)


VOICEMAIL_ANSWERS = Story(
    name="voicemail-answers",
    about="a voicemail picks up three times: no answer, no sign of life, the officer is told",
    starts="2026-03-04 10:00",
    script=_script,
    household=called.HOME,
    speed_most=called.SPEED_MOST,
)
