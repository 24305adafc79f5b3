"""The lamp she switches off every night still burns in the morning, and there is no tea.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

import dataclasses

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import seen, watched
from tools.home.story import Score, Story, Was

_LAMP_ON, _LAMP_OFF = 180, -1
_DAYS = watched.HISTORY_DAYS
_NODE = 1  # the second plug


def _lamps() -> tuple[Was, ...]:
    """Each evening on, each night off; the last night not."""
    on = Was("-1 18:20", m.LIGHT_STEP, _LAMP_ON, plug=_NODE, days=_DAYS)
    off = Was("-2 22:05", m.LIGHT_STEP, _LAMP_OFF, plug=_NODE, days=_DAYS - 1)
    return on, off


async def _script(house: House, score: Score) -> None:
    await watched.moved_in(house, score, by="08:06")
    asked = await house.heard("device_record", "13:00", record_kind=m.ASKED)
    score.expect("her box asks her", asked, asked)
    nobody = await house.heard("device_record", "13:40", record_kind=m.UNANSWERED)
    score.expect("she does not answer", nobody, nobody)
    await watched.gets(house, score, "daughter", "no_sign_of_life_light", "14:15")
    opened = house.event("incident_opened", worry="no_sign_of_life") or {}
    light_ms = opened.get("detail", {}).get("light_ms")
    since = light_ms == house.clock_ms("-1 18:20")
    score.expect("the incident says since when the lamp burns", since, opened)
    page = await house.visitor.reads()
    score.expect("and the page shows the silence", house.household.person_name in page)
    by_sun = seen.records(house, m.LIGHT_STEP)
    score.expect("the sun in the room was no sign of life", by_sun == 0, by_sun)
    watched.nothing_lost(house, score)


LIGHT_ON_ALL_NIGHT = Story(
    name="light-on-all-night",
    about="no tea at her usual hour and the lamp burning since the evening: both are in the text",
    starts="2026-03-03 07:24",
    script=_script,
    household=watched.household(watched.KETTLE, dataclasses.replace(watched.LIGHT, lit=True)),
    past=watched.usual_days("07:20", "12:10", "18:02", "21:07") + _lamps(),
    speed_most=80,
)
