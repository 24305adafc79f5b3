"""Her telephone says that it is nearly flat, and then nothing: first a matter of its charger.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.pocket import Pocket
from tools.home.stories import watched
from tools.home.stories.phone_lies_still import ALONE, SPEED_MOST
from tools.home.story import Score, Story

_WORRIES = 2  # that it is flat; that nobody can see her


async def _script(house: House, score: Score) -> None:
    pocket = Pocket(house)
    refused = await pocket.connect(24, "10:20")
    score.expect("her daughter connects it by the page", not refused, refused)
    score.expect("it is unlocked", await pocket.tells("unlock", 40))
    await house.until("11:00")
    score.expect("and once more, nearly flat", await pocket.tells("unlock", 6))
    await watched.gets(house, score, "officer", "phone_unreachable_flat", "17:30")
    _not_before(house, score, "nobody is told before", "phone_unreachable", "17:00")
    await watched.gets(house, score, "daughter", "cannot_see_life", "1 11:45")
    what = "a technical matter: her daughter sleeps"
    _not_before(house, score, what, "cannot_see_life", "1 11:00")
    still = "phone_still" in watched.worries(house)
    score.expect("nobody said that it lies still", not still, watched.worries(house))
    score.expect("she finds it and charges it", await pocket.tells("charge", 30))
    await house.heard("phone_used", "1 12:30", how="charge")
    await house.pause(10 * 60)
    opened = house.count("incident_opened")
    score.expect("both are over", house.count("incident_resolved") == opened, opened)
    score.expect("there were two", opened == _WORRIES, watched.worries(house))


def _not_before(house: House, score: Score, what: str, worry: str, clock: str) -> None:
    opened = house.event("incident_opened", worry=worry) or {"at_ms": 0}
    score.expect(what, opened["at_ms"] >= house.clock_ms(clock), opened)


PHONE_IS_FLAT = Story(
    name="phone-is-flat",
    about="a flat telephone: the officer first, at 24 hours nobody can see her, then it is charged",
    starts="2026-03-03 07:25",
    script=_script,
    household=ALONE,
    speed_most=SPEED_MOST,
)
