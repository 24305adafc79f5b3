"""The evening dose that was forgotten: prompt, silence, text, answer.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story

_OLD_EARS_HZ = 520
_IN_TIME_REAL_S = 2.0  # promise P6 with everything else running on the same machine


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    await seen.moved_in(house, score, by="18:29:30")
    score.expect("no light before the dose is due", await seen.lit(house, lid) == (0, 0, 0))
    await house.until("18:30:05")
    light = await seen.lit(house, lid)
    score.expect("the evening lid lights up blue at 18:30", light[2] > light[0], light)
    await house.until("18:31:00")
    hertz = await seen.sounded(house)
    score.expect("it sounds, at a pitch old ears hear", hertz == _OLD_EARS_HZ, f"{hertz} Hz")
    score.expect("nobody is told while the window is open", not seen.bodies(house))
    await _told(house, score)
    await _answered(house, score)
    light = await seen.lit(house, lid, 5)
    score.expect("the lid's light has turned red", light[0] > light[2], light)
    score.expect("the box is silent after the window", await seen.sounded(house) == 0)
    score.expect("prompted once", seen.records(house, m.SLOT_PROMPTED) == 1)
    score.expect("missed once", seen.records(house, m.SLOT_MISSED) == 1)
    await house.until("19:20:00")
    seen.only_texts(house, score, "dose_missed", "thanks")
    seen.nothing_lost(house, score)


async def _told(house: House, score: Score) -> None:
    handed = await house.heard("text_submitted", "19:06:00")
    late_ms = handed["first_pdu_ms"] - house.clock_ms("19:00:00") if handed else None
    in_time = late_ms is not None and 0 <= late_ms <= _IN_TIME_REAL_S * 1000 * house.speed
    score.expect("the text is with the modem when the window closes", in_time, f"{late_ms} ms")
    arrived = await house.texts(1, "19:08:00")
    score.expect("the guardian's phone has the text", arrived, seen.bodies(house))
    worry = house.event("incident_opened")
    score.expect("it says missed", worry and worry["worry"] == "dose_missed", worry)


async def _answered(house: House, score: Score) -> None:
    house.guardian.send("1")
    taken = await house.heard("incident_acknowledged", "19:15:00")
    by = taken and taken["by"]
    score.expect("she answers 1 and the incident is hers", by == house.household.guardian_id, by)
    thanks = await house.texts(2, "19:16:00")
    score.expect("her answer is confirmed by text", thanks, seen.bodies(house))


FORGOTTEN_EVENING_DOSE = Story(
    name="forgotten-evening-dose",
    about="nobody opens the lid; the guardian is told, answers 1, the incident is hers",
    starts="2026-03-02 18:15",
    script=_script,
)
