"""Up to now she was always up by then: her box asks, she presses OK, and nobody else is told.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen, watched
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await watched.moved_in(house, score, by="08:06")
    asked = await house.heard("device_record", "13:00", record_kind=m.ASKED)
    score.expect("hours before the level her box asks her", asked, asked)
    opened = house.event("incident_opened", worry="no_sign_of_life") or {}
    usual = opened.get("reason") == "usual_passed"
    score.expect("because her usual hour has passed", usual, opened)
    score.expect("it shows on every lid", await seen.looks(house, 27) != "dark")
    await house.pause(120)
    await house.presses("ok")
    fine = await house.heard("device_record", "13:10", record_kind=m.ANSWERED)
    score.expect("she presses OK: she is fine", fine, fine)
    over = await house.heard("incident_resolved", "13:15", incident_id=opened.get("incident_id", 0))
    score.expect("with that it is over", over, over)
    await house.plug(watched.KITCHEN).boils()
    on = await house.heard("device_record", "13:25", record_kind=m.LOAD_ON)
    score.expect("and she makes tea", on and on["value"] > watched.HALF_A_KETTLE_W, on)
    await house.pause(60 * 60)  # others would be told by now
    texts = [watched.told(house, who) for who in house.phones]
    score.expect("nobody else is told", not any(texts), texts)
    score.expect("asked once", seen.records(house, m.ASKED) == 1)
    watched.nothing_lost(house, score)


RESIDENT_PRESSES_FINE = Story(
    name="resident-presses-fine",
    about="later than usual after weeks of tea at seven: asked, pressed, nobody else is told",
    starts="2026-03-03 07:24",
    script=_script,
    household=watched.household(watched.KETTLE),
    past=watched.usual_days("07:20", "12:10", "18:02", "21:07"),
    speed_most=100,
)
