"""A delivery rider worries about a household that nobody knows: the office looks, and enrols her.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import watched
from tools.home.story import Household, Score, Story
from tools.home.visitor import STRANGER, Visitor

_DONG, _WHERE, _WHY = "율하동", "12-3번지 지하 1호", "사흘째 음식이 문 앞에 그대로입니다"
_FOUND = "박외로"  # who lives there
_ENROLLED = {
    "name": _FOUND, "level": "attention", "dong": _DONG, "address": _WHERE,
    "contact": "박조카", "number": "010-2222-3333", "language": "ko",
}  # fmt: skip


async def _script(house: House, score: Score) -> None:
    office = await watched.office_opens(house, score, by="19:40")
    rider = house.visitor.beside(STRANGER)
    said = {"dong": _DONG, "address": _WHERE, "text": _WHY}
    refused = await rider.fills("/report", "/report", **said)
    score.expect("a stranger reports without an account", not refused, refused)
    await watched.gets(house, score, "officer", "household_reported", "19:55")
    score.expect("the family of somebody else is not told", not watched.told(house, "daughter"))
    bodies = [text.body for text in house.phones["officer"].inbox]
    quiet = not any(word in body for body in bodies for word in (_DONG, _WHERE, _FOUND))
    score.expect("no address in the text", quiet, bodies)
    again = {**said, "address": "12-3, 지하1호", "text": "불이 계속 꺼져 있어요"}
    refused = await rider.fills("/report", "/report", **again)
    listed = await office.reads("/people/intake")
    score.expect("a second report of the place is kept, and known for one", not refused
                 and "#report-1" in listed and "#report-2" in listed, refused)  # fmt: skip
    await _looked_at(house, score, office)


async def _looked_at(house: House, score: Score, office: Visitor) -> None:
    there = "/people/intake"
    refused = await office.fills(
        there, f"{there}/1", state="visited", person="", text="문 열어 주심. 혼자 사심"
    )
    score.expect("an officer was there", not refused, refused)
    refused = await office.fills("/enrol", "/enrol/begin", **_ENROLLED)
    score.expect("she is enrolled", not refused, refused)
    for number in ("1", "2"):
        refused = await office.fills(
            there, f"{there}/{number}", state="enrolled", person=_FOUND, text=""
        )
        score.expect(f"report {number} says who she is", not refused, refused)
    changed = [e for e in house.events if e["kind"] == "intake_changed"]
    states = [(e["intake_id"], e["state"]) for e in changed]
    score.expect("every step is a fact", states == [(1, "visited"), (1, "enrolled"),
                 (2, "enrolled")], states)  # fmt: skip
    ended = await house.heard("incident_resolved", "20:10")
    score.expect("with that the incident is over", ended, ended)
    everything = await office.reads(f"{there}?show=all")
    kept = all(word in everything for word in (_WHY, "불이 계속 꺼져 있어요", _FOUND))
    score.expect("nothing is lost from the list", kept)


RIDER_FINDS_SOMEBODY = Story(
    name="rider-finds-somebody",
    about="a rider reports a household nobody knew: the officer is told, looks, and enrols her",
    starts="2026-03-03 19:00",
    script=_script,
    household=Household(doses=(), box=False, others=(watched.OFFICER,), policy=watched.NO_NEWS),
    speed_most=60,
)
