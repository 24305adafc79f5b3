"""A relay that keeps a session of the box for itself: run by test_adversary.py under faketime.

Knows: the home of radio_home.py, the adversary between the ends. May not know: how fast its clock
runs.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from anbu_wire.session import SEALED
from gateway.sources.conversation import RadioTimes
from tests.home import radio_home
from tests.home.radio_home import home
from tools.home.adversary import Middle

HELD_S = 300  # the box hears the gateway each half minute; after three of silence it hangs up


async def main() -> None:
    """The gateway's frames are kept back and its leaving too; the box must not wait for ever."""
    radio_home.TIMES = RadioTimes()
    kept: list[bytes] = []

    def keep(from_gateway: bool, piece: bytes) -> list[bytes]:
        if not from_gateway or piece[1] != SEALED:
            return [piece]
        kept.append(piece)
        return []

    async with home(Path(sys.argv[1]), records=9) as h:
        async with h.gateway():
            await h.until_synced(9)
            middle = Middle(h.air.link, keep)
            middle.keeps_links = True
            h.box.push(3)
            await h.until(lambda: len(kept) > 1, "nothing was kept back")
        assert h.radio.controller.le_connections, "the relay lost the box"
        links = h.radio.controller.le_connections
        loop = asyncio.get_running_loop()
        since_s = loop.time()
        await h.until(lambda: not links, "the relay keeps the box")
        assert loop.time() - since_s < HELD_S
        for piece in kept:
            middle.say_to_box(piece)
        await asyncio.sleep(30)
        assert "acknowledged 12" not in h.box.lines, "a frame kept for minutes had its effect"
        middle.leave()
        async with h.gateway():
            await h.until_synced(12)
    assert h.sink.seqs == list(range(1, 13))
    print("well")


if __name__ == "__main__":
    asyncio.run(main())
