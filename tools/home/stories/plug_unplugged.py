"""Her only plug is pulled out: that is a fault of ours, not a silence of hers, and is told as such.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from anbu_wire import messages as m
from tools.home.house import House
from tools.home.stories import watched
from tools.home.story import Score, Story

_POWER_ON = 1


async def _script(house: House, score: Score) -> None:
    plug = house.plug(watched.KITCHEN)
    await watched.moved_in(house, score, by="09:05")
    await house.until("09:15")
    await plug.unplugged()
    lost = await house.heard("link_down", "09:25", device_id=plug.device_id)
    score.expect("its silence is noticed", lost, lost)
    await house.until("09:40")
    score.expect("half an hour is borne", not watched.worries(house), watched.worries(house))
    await watched.gets(house, score, "officer", "device_unseen_plug", "09:55")
    score.expect("her daughter is not frightened", not watched.told(house, "daughter"),
                 watched.told(house, "daughter"))  # fmt: skip
    await house.until("10:55")
    calm = set(watched.worries(house)) == {"device_unseen"}
    score.expect("nothing else is worried about", calm, watched.worries(house))
    # Her last sign was yesterday at 11:00. At the level's hour (a quarter later: a device that is
    # not heard may still tell of a hand) somebody looks, in these words.
    await watched.gets(house, score, "daughter", "cannot_see_life", "11:19")
    silent = "no_sign_of_life" in watched.worries(house)
    score.expect("that she gave no sign is never said", not silent, watched.worries(house))
    await _looked_after(house, score)


async def _looked_after(house: House, score: Score) -> None:
    plug = house.plug(watched.KITCHEN)
    await house.until("11:24")
    await plug.plugged_in()
    await plug.runs()
    await house.pause(60)
    await plug.presses()
    back = await house.heard("device_record", "11:33", record_kind=m.MAINS_BACK)
    score.expect("plugged in again: mains are back", back, back)
    boots = [e for e in house.events if e["kind"] == "device_record" and e["record_kind"] == m.BOOT]
    causes = [boot["value"] for boot in boots]
    score.expect("told apart from a restart", causes[-1:] == [_POWER_ON], causes)
    pressed = await house.heard("device_record", "11:35", record_kind=m.OK_PRESSED)
    score.expect("whoever looked pressed its button", pressed, pressed)
    for worry in ("device_unseen", "cannot_see_life"):
        opened = house.event("incident_opened", worry=worry) or {}
        over = await house.heard(
            "incident_resolved", "11:38", incident_id=opened.get("incident_id", 0)
        )
        score.expect(f"{worry} is over", over, over)
    watched.nothing_lost(house, score)


PLUG_UNPLUGGED = Story(
    name="plug-unplugged",
    about="her only plug is pulled out: a technical text, then 'we cannot see', no death scare",
    starts="2026-03-03 08:24",
    script=_script,
    household=watched.household(watched.KETTLE, box=False),
    past=watched.tea("-1 07:30") + watched.tea("-1 10:57"),
    speed_most=100,
)
