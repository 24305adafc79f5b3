"""Nobody makes tea any more: she is asked, does not answer, and at the level's hour people know.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen, watched
from tools.home.story import Score, Story

_HOUR_MS = 3_600_000
_BOUT_MS = 4 * 60_000  # of making tea


async def _script(house: House, score: Score) -> None:
    await watched.moved_in(house, score, by="20:05")
    await house.until("20:06")
    score.expect("nobody is told before", not watched.worries(house), watched.worries(house))
    asked = await house.heard("device_record", "20:14", record_kind=m.ASKED)
    score.expect("an hour before the level her box asks her", asked, asked)
    score.expect("it shows on every lid", await seen.looks(house, 27) != "dark")
    score.expect("and is heard", await seen.sounded(house, 60) > 0)
    await house.until("21:05")
    texts = watched.told(house, "daughter") + watched.told(house, "officer")
    score.expect("nobody else is told while she may answer", not texts, texts)
    for who in ("daughter", "officer"):
        await watched.gets(house, score, who, "no_sign_of_life", "21:16")
    last_ms = house.clock_ms("-1 21:07")
    after = [e["due_ms"] - last_ms for e in house.events if e["kind"] == "text_decided"]
    at_the_cap = all(0 <= ms - watched.CAP_H * _HOUR_MS <= _BOUT_MS for ms in after)
    score.expect("24 hours after she last made tea", at_the_cap, after)
    opened = house.event("incident_opened", worry="no_sign_of_life")
    score.expect("because the level is reached", opened and opened["reason"] == "level_reached",
                 opened)  # fmt: skip
    watched.nothing_lost(house, score)


SILENT_HOME = Story(
    name="silent-home",
    about="no sign of life: asked, she does not press; daughter and officer at the 24th hour",
    starts="2026-03-03 19:24",
    script=_script,
    household=watched.household(watched.KETTLE),
    past=watched.tea("-1 18:02") + watched.tea("-1 21:07"),
    speed_most=100,
)
