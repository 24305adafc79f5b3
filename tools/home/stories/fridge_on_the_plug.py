"""A refrigerator hangs on her plug: after a week it knows, and that is no sign of life any more.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

import dataclasses

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import watched
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    plug = house.plug(watched.KITCHEN)
    plug.feeds_a_fridge()
    await watched.moved_in(house, score, by="1 00:25")
    periodic = await house.heard("device_record", "1 00:40", record_kind=m.LOAD_PERIODIC)
    score.expect("when the sun's day ends the plug knows", periodic and periodic["value"] == 1,
                 periodic)  # fmt: skip
    opened = await house.heard("incident_opened", "1 00:45", worry="periodic_load")
    score.expect("somebody has to move it", opened, opened)
    ons = house.count("device_record", record_kind=m.LOAD_ON)
    await house.until("1 05:55")
    texts = {who: watched.told(house, who) for who in house.phones}
    score.expect("nobody is woken for that", not any(texts.values()), texts)
    more = house.count("device_record", record_kind=m.LOAD_ON) - ons
    score.expect("never again a sign of life, all night long", more == 0, more)
    energy = house.count("device_record", record_kind=m.ENERGY, device_id=plug.device_id)
    score.expect("its hourly summary goes on", energy >= _HOURS, energy)
    await watched.gets(house, score, "officer", "periodic_load", "1 06:15")
    watched.nothing_lost(house, score)


_HOURS = 5

_HOME = watched.household(watched.KETTLE)
FRIDGE_ON_THE_PLUG = Story(
    name="fridge-on-the-plug",
    about="a load that nobody switches: known after a week, told by day, never a sign of life",
    starts="2026-03-09 23:44",
    script=_script,
    household=dataclasses.replace(
        _HOME,
        policy={**_HOME.policy, "news_at": "06:00"},  # an early riser's
    ),
    speed_most=100,
    fridge_since="-6 22:00",
)
