"""A lid, a kettle and a telephone, each too rarely for its own net: together they keep all quiet.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.pocket import Pocket
from tools.home.stories import watched
from tools.home.story import Score, Story

HOURS = 2  # of her telephone: a short net, so that a story can see it


async def _script(house: House, score: Score) -> None:
    await watched.moved_in(house, score, by="18:05")
    pocket = Pocket(house)
    refused = await pocket.connect(HOURS, "18:25")
    score.expect("her telephone is watched for two hours", not refused, refused)
    await house.until("18:10")  # however quick everything was: two hours reach beyond the lid
    score.expect("OwnTracks says that it is carried", await pocket.is_carried())
    used = await house.heard("phone_used", "18:28", how="moved")
    score.expect("that is a use of it", used, used)
    await house.until("19:40")  # 24 hours after the last tea: the level is over, for the plug alone
    await house.opens(5)
    lid = await house.heard("device_record", "20:00", record_kind=m.LID_OPENED)
    score.expect("she opens a lid", lid, lid)
    await house.until("20:40")  # the telephone alone was quiet for more than two hours
    await house.plug(watched.KITCHEN).boils()
    tea = await house.heard("device_record", "21:00", record_kind=m.LOAD_ON)
    score.expect("she makes tea", tea, tea)
    await house.until("21:50")
    score.expect("her telephone is unlocked", await pocket.tells("unlock"))
    await house.until("23:00")
    score.expect("no net worries", not watched.worries(house), watched.worries(house))
    texts = [watched.told(house, who) for who in house.phones]
    score.expect("nobody is told", not any(texts), texts)
    watched.nothing_lost(house, score)


THREE_NETS_QUIET = Story(
    name="three-nets-quiet",
    about="lid, kettle and telephone, each too rare alone: one clock, nobody is told",
    starts="2026-03-03 17:14",
    script=_script,
    household=watched.household(watched.KETTLE),
    past=watched.tea("-1 19:30"),
    speed_most=100,
)
