"""The radio's story in a sped-up house: run by test_air.py under faketime, asserts by itself.

Knows: the home of radio_home.py. May not know: how fast its clock runs.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from gateway.sources.conversation import RadioTimes
from tests.home import radio_home
from tests.home.radio_home import Home, home, stranger
from tools.home import bleak_backend


async def silent_stranger(h: Home) -> None:
    """Somebody connects and says nothing: after a minute the box makes room."""
    client = await stranger(h.hci)
    loop = asyncio.get_running_loop()
    since_s = loop.time()
    await h.until(lambda: not client.is_connected, "the silent stranger keeps the box")
    assert loop.time() - since_s >= 30, "the box gave less than a minute"
    await bleak_backend.close()


async def main() -> None:
    """Production time-outs, no patience added."""
    radio_home.TIMES = RadioTimes()
    async with home(Path(sys.argv[1]), records=60) as h:
        async with h.gateway():
            await h.until_synced(60)
            h.radio.out_of_range(True)
            await h.until(lambda: h.sink.count("down") == 1, "the break was not told")
            h.box.push(10)
            h.radio.out_of_range(False)
            await h.until_synced(70)
        await silent_stranger(h)
    assert h.sink.seqs == list(range(1, 71))
    print("well")


if __name__ == "__main__":
    asyncio.run(main())
