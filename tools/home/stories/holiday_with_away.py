"""She goes away and says so, with an end: no silence of these hours is one; then it begins anew.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen, watched
from tools.home.story import Score, Story

_AWAY_WORDS = "까지 외출"
_AWAY = {"from": "2026-03-03T19:30", "until": "2026-03-03T21:30"}


async def _script(house: House, score: Score) -> None:
    await watched.moved_in(house, score, by="19:58")
    refused = await house.orders("away", **_AWAY)
    score.expect("the page takes the absence, with its end", not refused, refused)
    away = await house.heard("device_record", "20:05", record_kind=m.AWAY_SET)
    score.expect("her box knows", away and away["value"] > 0, away)
    done = await house.heard("order_answered", "20:06", answer="done")
    score.expect("and its answer is here", done, done)
    await house.until("19:31")  # her absence begins at half past
    page = await house.visitor.reads()
    score.expect("the page says so", _AWAY_WORDS in page)
    # Her last sign was yesterday at 21:10: at home she would be asked now, and others told then.
    await house.until("21:27")
    score.expect("nobody is worried while she is away", not watched.worries(house),
                 watched.worries(house))  # fmt: skip
    await house.until("21:42")
    score.expect("after its end her clock has begun anew", not watched.worries(house),
                 watched.worries(house))  # fmt: skip
    asked = seen.records(house, m.ASKED)
    score.expect("nobody asked an empty flat", asked == 0, asked)
    texts = [watched.told(house, who) for who in house.phones]
    score.expect("nobody is told", not any(texts), texts)
    watched.nothing_lost(house, score)


HOLIDAY_WITH_AWAY = Story(
    name="holiday-with-away",
    about="away with an end across the 24th hour: nobody is told, then the clock begins anew",
    starts="2026-03-03 19:14",
    script=_script,
    household=watched.household(watched.KETTLE),
    past=watched.tea("-1 18:02") + watched.tea("-1 21:07"),
    speed_most=100,
)
