"""The modem is gone when a window closes: the text waits, and goes once when it is back.

Knows: what must be seen, and when. May not know: how any of it is done.
"""

from tools.home.house import House
from tools.home.stories import seen
from tools.home.story import Score, Story


async def _script(house: House, score: Score) -> None:
    await seen.moved_in(house, score, by="18:29:30")
    await house.until("18:50:00")
    house.modem.vanish()
    failed = await house.heard("part_failed", "18:56:00", part="modem")
    score.expect("that the modem is gone is said", failed, failed)
    decided = await house.heard("text_decided", "19:06:00", purpose="dose_missed")
    score.expect("the text is decided at its time", decided, decided)
    await house.until("19:20:00")
    score.expect("nobody can be told yet", not seen.bodies(house), seen.bodies(house))
    house.modem.come_back()
    body = decided["body"] if decided else ""
    while body not in seen.bodies(house) and house.left_s("19:28:00") > 0:
        await house.pause(1)
    await house.until("19:33:00")
    bodies = seen.bodies(house)
    score.expect("the modem is back, the text goes, unmarked", body in bodies, bodies)
    score.expect("no text twice", len(bodies) == len(set(bodies)), bodies)
    score.expect("with the real time: the window's end", "19:00" in body, body)
    text_id = decided["text_id"] if decided else None
    delivered = await house.heard("text_delivered", "19:40:00", text_id=text_id)
    score.expect("its delivery is reported", delivered, delivered)
    seen.nothing_lost(house, score)


MODEM_DOWN_ACROSS_THE_DEADLINE = Story(
    name="modem-down-across-the-deadline",
    about="the modem is gone when the window closes; the text goes once when it is back",
    starts="2026-03-02 18:15",
    script=_script,
)
