"""Box, plug and telephone are all there, and nobody uses any of them: one incident, not three.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

import asyncio

from tools.home.house import House
from tools.home.pocket import Pocket
from tools.home.stories import watched
from tools.home.story import Score, Story

HOURS = 2
_PING_S = 20 * 60


async def _pinging(house: House, pocket: Pocket) -> None:
    while True:
        await pocket.pings()
        await house.pause(_PING_S)


async def _script(house: House, score: Score) -> None:
    await watched.moved_in(house, score, by="20:00")
    pocket = Pocket(house)
    refused = await pocket.connect(HOURS, "20:05")
    score.expect("her telephone is watched for two hours", not refused, refused)
    score.expect("it says that it is there", await pocket.pings())
    heard = await house.heard("phone_heard", "20:06")
    score.expect("that is no use of it", heard and not house.event("phone_used"), heard)
    pinging = asyncio.create_task(_pinging(house, pocket))
    for who in ("daughter", "officer"):
        await watched.gets(house, score, who, "no_sign_of_life", "21:16")
    await house.until("22:20")  # the telephone's hours are over, too
    pinging.cancel()
    opened = [e["worry"] for e in house.events if e["kind"] == "incident_opened"]
    score.expect("exactly one incident", opened == ["no_sign_of_life"], opened)
    purposes = {p for who in house.phones for p in watched.told(house, who)}
    score.expect("all texts are of it", purposes == {"no_sign_of_life"}, purposes)
    watched.nothing_lost(house, score)


ALL_FALL_SILENT = Story(
    name="all-fall-silent",
    about="lid, plug and telephone are heard and unused: asked, then one incident at the 24th hour",
    starts="2026-03-03 19:24",
    script=_script,
    household=watched.household(watched.KETTLE),
    past=watched.tea("-1 18:02") + watched.tea("-1 21:07"),
    speed_most=100,
)
