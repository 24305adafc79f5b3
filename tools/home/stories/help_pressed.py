"""The red button: the guardian is told at once, whatever the hour.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Dose, Household, Score, Story

_AT_ONCE_REAL_S = 2.0


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="18:27:00")
    await house.until("18:27:00")
    house.board.button("help", True)
    await house.pause(2)
    house.board.button("help", False)
    pressed = await house.heard("device_record", "18:28:00", record_kind=m.HELP_PRESSED)
    score.expect("the box writes the press down", pressed, pressed)
    handed = await house.heard("text_submitted", "18:30:00")
    late_ms = handed["first_pdu_ms"] - house.clock_ms("18:27:00") if handed else None
    in_time = late_ms is not None and late_ms <= _AT_ONCE_REAL_S * 1000 * house.speed
    score.expect("the text is with the modem at once", in_time, f"{late_ms} ms")
    told = await house.texts(1, "18:29:30")
    score.expect("the guardian's phone has it", told, seen.bodies(house))
    house.guardian.send("1")
    taken = await house.heard("incident_acknowledged", "18:34:00")
    score.expect("she answers 1 and the call is hers", taken, taken)
    coming = await house.heard("device_record", "18:38:00", record_kind=m.HELP_ANSWERED)
    score.expect("the box shows that help is on the way", coming, coming)
    score.expect("one call, one incident", house.count("incident_opened") == 1)
    seen.nothing_lost(house, score)


HELP_PRESSED = Story(
    name="help-pressed",
    about="the red button reaches the guardian at once",
    starts="2026-03-02 18:15",
    script=_script,
    household=Household(doses=(Dose("evening", "22:30"),)),
)
