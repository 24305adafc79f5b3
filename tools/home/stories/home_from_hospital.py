"""Home from hospital: the pause ends with a plan, her box prompts again, the prescription is asked.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen, watched
from tools.home.story import Dose, Household, Score, Story
from tools.home.visitor import Visitor

_TODAY, _VISITS = "2026-03-02", ["2026-03-03", "2026-03-05"]
_LINE = "2026-03-02 암로디핀 5mg 1정 1일 1회 아침 식후 30분 7일분"


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="21:55")
    office = await watched.office_opens(house, score, by="21:55")
    await _away(house, score, office)
    await house.until("21:31")  # not before the stay itself has begun
    await _comes_home(house, score, office)
    lid = seen.compartment(house, "evening")
    await house.until("22:31")
    score.expect("her evening's lid is lit again", await seen.looks(house, lid) != "dark")
    await house.opens(lid)
    taken = await house.heard("device_record", "22:40", record_kind=m.SLOT_TAKEN)
    score.expect("and she takes it", taken, taken)
    await _prescribed(house, score, office)
    await _over(house, score)
    seen.nothing_lost(house, score)


async def _away(house: House, score: Score, office: Visitor) -> None:
    person_id = house.household.person_id
    refused = await office.fills(
        f"/?person={person_id}", "/order", device=house.device_id, order="away",
        **{"from": f"{_TODAY}T21:30", "until": "2026-03-06T09:00"},
    )  # fmt: skip
    score.expect("she is in hospital", not refused, refused)
    refused = await office.fills(
        f"/person/{person_id}/contacts", f"/person/{person_id}/pause",
        until="2026-03-06T09:00", why="입원",
    )  # fmt: skip
    score.expect("and nobody is told about her", not refused, refused)
    away = await house.heard("device_record", "22:10", record_kind=m.AWAY_SET)
    score.expect("her box knows until when", away and away["value"] > 0, away)


async def _comes_home(house: House, score: Score, office: Visitor) -> None:
    base, ms = f"/person/{house.household.person_id}/nets", house.now_ms()
    form = {"day": _TODAY, "until_day": _TODAY, "level": "severe", "prescription": "yes"}
    refused = await office.sends(base, f"{base}/home", {**form, "visits": _VISITS})
    score.expect("earlier than thought: the office agrees on the weeks after", not refused, refused)
    paused = [e for e in house.events if e["kind"] == "telling_paused" and e["at_ms"] >= ms]
    score.expect("the pause is over", paused and paused[-1]["until_ms"] <= house.now_ms(), paused)
    planned = [e["day"] for e in house.events if e["kind"] == "visit_planned"]
    score.expect("two visits are planned", planned == _VISITS, planned)
    page = await office.reads(f"/people/visits?day={_VISITS[0]}")
    score.expect("the list of that day has her", house.household.person_name in page)
    score.expect("she is watched more closely", _levels(house)[-1:] == ["severe"], _levels(house))
    home = await house.heard("device_record", "22:28", record_kind=m.AWAY_SET, value=0)
    score.expect("her box knows that she is at home", home, home)


async def _prescribed(house: House, score: Score, office: Visitor) -> None:
    await watched.gets(house, score, "daughter", "prescription_wanted", "22:55")
    refused = await office.prescribes(house.household.person_id, _LINE)
    score.expect("the new prescription is entered", not refused, refused)
    over = await house.heard("incident_resolved", "23:20")
    score.expect("nobody is asked for it any more", over and over["reason"] == "gone", over)


async def _over(house: House, score: Score) -> None:
    ended = await house.heard("watch_ended", "1 00:10")
    score.expect("the closer watch ends with its day", ended, ended)
    await house.pause(60)
    score.expect("her level is what it was", _levels(house)[-1:] == ["attention"], _levels(house))


def _levels(house: House) -> list[str]:
    """The levels that she was given by the page, in order."""
    rows = (e["row"] for e in house.events if e["kind"] == "roster_changed")
    return [row["level"] for row in rows if row and "level" in row]


HOME_FROM_HOSPITAL = Story(
    name="home-from-hospital",
    about="home again: visits, a closer watch until a day, the new prescription asked for and come",
    starts="2026-03-02 21:20",
    script=_script,
    household=Household(
        doses=(Dose("evening", "22:30"),),
        others=(watched.OFFICER,),
        watch={"level": "attention"},
        policy={**watched.NO_NEWS, "news_at": "22:45"},
    ),
)
