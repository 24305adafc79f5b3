"""No box, no plug, only her telephone: it is there and nobody uses it, and her daughter knows.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.pocket import Pocket
from tools.home.stories import watched
from tools.home.story import Household, Score, Story

ALONE = Household(doses=(), box=False, others=(watched.OFFICER,), policy=watched.NO_NEWS)
_HOURS = 24
SPEED_MOST = 400  # no device: next to nothing is reckoned in such a house


async def hourly(house: House, pocket: Pocket, until: str, battery: int = 70) -> bool:
    """Its automation says each hour that it is switched on; whether all of that was taken."""
    taken = True
    while house.left_s(until) > 0:
        taken = await pocket.tells("alive", battery) and taken
        await house.pause(min(3600, house.left_s(until)))
    return taken


async def _script(house: House, score: Score) -> None:
    pocket = Pocket(house)
    refused = await pocket.connect(_HOURS, "09:20", house.household.guardian_id)
    score.expect("her daughter connects it by the page", not refused, refused)
    await house.until("09:25")  # however slowly the house began
    score.expect("it tells that it was unlocked", await pocket.tells("unlock"))
    used = await house.heard("phone_used", "10:00", how="unlock")
    score.expect("that is a fact", used, used)
    score.expect("each hour it is there", await hourly(house, pocket, "1 08:50"))
    score.expect("nobody is told before", not watched.worries(house), watched.worries(house))
    await watched.gets(house, score, "daughter", "phone_still", "1 10:00")
    opened = house.event("incident_opened", worry="phone_still") or {}
    after_h = (opened.get("at_ms", 0) - (used or {}).get("at_ms", 0)) / 3_600_000
    score.expect("24 hours after it was used", _HOURS <= after_h < _HOURS + 0.5, after_h)
    house.guardian.send("1")
    taken = await house.heard("incident_acknowledged", "1 10:30")
    score.expect("she goes", taken and taken["by"] == "daughter", taken)
    score.expect("she presses her button", await pocket.presses_fine())
    over = await house.heard("incident_resolved", "1 11:30")
    score.expect("with that it is over", over, over)
    score.expect("one incident", house.count("incident_opened") == 1, watched.worries(house))


PHONE_LIES_STILL = Story(
    name="phone-lies-still",
    about="nobody used her telephone for 24 hours: her daughter is told first, goes, it is over",
    starts="2026-03-03 06:25",
    script=_script,
    household=ALONE,
    speed_most=SPEED_MOST,
)
