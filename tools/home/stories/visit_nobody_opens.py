"""A neighbour scans the plate at the door: nobody opens. Then the drinks; then she is back.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import watched
from tools.home.story import Household, Score, Story
from tools.home.visitor import STRANGER, Visitor

_DELIVERER = "한국음료 이배달"


async def _script(house: House, score: Score) -> None:
    office = await watched.office_opens(house, score, by="14:40")
    passer = house.visitor.beside(STRANGER)
    plate = await watched.plate(house, score, office)
    page = await passer.reads(plate)
    nameless = 'name="outcome"' in page and house.household.person_name not in page
    score.expect("whoever scans it sees three buttons and no name", nameless, page[:200])
    refused = await passer.fills(plate, plate, outcome="nobody", text="신문이 쌓여 있음")
    score.expect("nobody opened: the page takes it without signing in", not refused, refused)
    for who in ("daughter", "officer"):
        await watched.gets(house, score, who, "visit_nobody", "16:20")
    score.expect("one incident", watched.worries(house) == ["visit_nobody"], watched.worries(house))
    link = await watched.plate(house, score, office, _DELIVERER, "deliverer")
    refused = await passer.fills(link, link, outcome="still_there", text="")
    score.expect("yesterday's drink is still there", not refused, refused)
    await watched.gets(house, score, "daughter", "delivery_left", "16:40")
    refused = await passer.fills(plate, plate, outcome="well", text="병원 다녀오심")
    score.expect("she is back, and all is well", not refused, refused)
    await _over(house, score, office)


async def _over(house: House, score: Score, office: Visitor) -> None:
    for worry in ("visit_nobody", "delivery_left"):
        opened = house.event("incident_opened", worry=worry) or {}
        ended = await house.heard("incident_resolved", "16:50",
                                  incident_id=opened.get("incident_id", 0))  # fmt: skip
        score.expect(f"{worry} is over by itself", ended and ended["reason"] == "gone", ended)
    await watched.gets(house, score, "daughter", "gone", "16:55")
    seen = await office.reads(f"/person/{house.household.person_id}/visits")
    score.expect("the office reads all three", "병원 다녀오심" in seen and _DELIVERER in seen)


VISIT_NOBODY_OPENS = Story(
    name="visit-nobody-opens",
    about="a plate at the door: nobody opens, the ladder is told; a delivery; well ends both",
    starts="2026-03-03 14:00",
    script=_script,
    household=Household(doses=(), box=False, others=(watched.OFFICER,), policy=watched.NO_NEWS),
    speed_most=60,
)
