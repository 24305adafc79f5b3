"""She wants no plug. The page asks for a neighbour; one is found, and steps in when it matters.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import watched
from tools.home.story import Household, Score, Story
from tools.home.visitor import STRANGER, Visitor

_NEIGHBOUR, _NAME, _NUMBER = "neighbour", "박영희", "+821033334444"
_STEP_MIN = 5


async def _script(house: House, score: Score) -> None:
    office = await watched.office_opens(house, score, by="14:10")
    await _refuses(house, score, office)
    await _neighbour_comes(house, score, office)
    await _steps_in(house, score, office)


async def _refuses(house: House, score: Score, office: Visitor) -> None:
    base, name = f"/person/{house.household.person_id}/nets", house.household.person_name
    refused = await office.fills(
        base, f"{base}/say", net="plug", state="refused", from_day="2026-03-03",
        ask_again_day="2026-06-01", text="전선이 늘어나는 것이 싫다고 하심",
    )  # fmt: skip
    score.expect("the office writes down that she wants no plug", not refused, refused)
    page = await office.reads("/people/coverage?show=uncovered")
    score.expect("she is on the page as covered by nothing", name in page)
    page = await office.reads("/people/coverage?show=neighbour")
    score.expect("and as somebody who needs a neighbour", name in page)


async def _neighbour_comes(house: House, score: Score, office: Visitor) -> None:
    house.phones[_NEIGHBOUR] = house.carrier.handset(_NUMBER)
    base = f"/person/{house.household.person_id}/contacts"
    refused = await office.fills(
        base, f"{base}/set", guardian="", name=_NAME, number=_NUMBER, language="ko",
        role="neighbour", after_min=str(_STEP_MIN),
    )  # fmt: skip
    score.expect("a neighbour is on her list", not refused, refused)
    page, name = await office.reads("/people/coverage?net=neighbour"), house.household.person_name
    score.expect("that is her net now", name in page)
    page = await office.reads("/people/coverage?show=neighbour")
    score.expect("nobody is asked for any more", name not in page)
    page = await office.reads("/people/coverage?show=uncovered")
    score.expect("and she is not without one", name not in page)
    file = await office.reads("/people/coverage.csv")
    score.expect("the file says both", "refused" in file and "holds" in file, file)


async def _steps_in(house: House, score: Score, office: Visitor) -> None:
    passer = house.visitor.beside(STRANGER)
    door = await watched.plate(house, score, office)
    refused = await passer.fills(door, door, outcome="nobody", text="")
    score.expect("somebody is at her door, and nobody opens", not refused, refused)
    await watched.gets(house, score, "daughter", "visit_nobody", "15:00")
    await watched.gets(house, score, _NEIGHBOUR, "visit_nobody", "15:20")
    daughter, neighbour = (house.event("text_decided", to=house.phones[who].number,
                                       purpose="visit_nobody") or {"at_ms": 0}
                           for who in ("daughter", _NEIGHBOUR))  # fmt: skip
    waited_min = (neighbour["at_ms"] - daughter["at_ms"]) / 60_000
    score.expect("the neighbour after her daughter", waited_min >= _STEP_MIN - 0.1, waited_min)
    house.phones[_NEIGHBOUR].send("1")
    taken = await house.heard("incident_acknowledged", "15:40")
    score.expect("she goes", taken, taken)
    link = await watched.plate(house, score, office, _NAME, "neighbour")
    refused = await passer.fills(link, link, outcome="well", text="마당에 계셨음")
    score.expect("and finds her well", not refused, refused)
    over = await house.heard("incident_resolved", "15:50")
    score.expect("with that it is over", over and over["reason"] == "gone", over)
    score.expect("one incident", house.count("incident_opened") == 1, watched.worries(house))


DEVICE_REFUSED_NEIGHBOUR_STEPS_IN = Story(
    name="device-refused-neighbour-steps-in",
    about="she wants no plug: the page asks for a neighbour, who is told, goes and finds her well",
    starts="2026-03-03 14:00",
    script=_script,
    household=Household(doses=(), box=False, others=(watched.OFFICER,), policy=watched.NO_NEWS),
    speed_most=60,
)
