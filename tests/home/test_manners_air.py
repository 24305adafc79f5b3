"""The gateway's manners on the virtual air: several boxes, a lost adapter, revoked, wrong keys.

Knows: the production radio over Bumble, boxes in this process (light_box.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from gateway.sources.conversation import RadioTimes
from gateway.sources.radio import RadioSource
from gateway.sources.radio.manners import Limits
from tests.gateway.test_radio import Sink
from tests.home.light_box import LightBox
from tools.home import bleak_backend
from tools.home.air import Air

KEY = bytes(range(16))
PATIENCE_S = 60.0
TIMES = RadioTimes(pause_s=0.2, backoff_max_s=1.0, poll_s=2.0, answer_s=1.0).patient(3)
LIMITS = Limits(pause_ms=200, backoff_max_ms=1000, turn_ms=500, session_ms=5000)


class Home:
    """An air, boxes on it, a gateway's sink."""

    def __init__(self, air: Air, hci: str, folder: Path) -> None:
        self.air = air
        self.hci = hci
        self.folder = folder
        self.sink = Sink()
        self.boxes: list[LightBox] = []
        self.most_links = 0

    async def box(self, number: int, records: int = 3, key: bytes = KEY) -> LightBox:
        """One more box, advertising."""
        box = LightBox(self.air, number, key, records)
        self.boxes.append(box)
        await box.appear()
        return box

    @contextlib.asynccontextmanager
    async def gateway(self, known: int) -> AsyncIterator[RadioSource]:
        """The production radio with `known` devices in its configuration."""
        keys = {f"box-{n}": KEY for n in range(1, known + 1)}
        source = RadioSource(
            keys, bleak_backend, self.sink, hci=self.hci, times=TIMES, limits=LIMITS
        )
        task = asyncio.create_task(source.run())
        try:
            yield source
            assert not task.done(), "run() ended by itself"
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, what: Callable[[], bool], why: str) -> None:
        """Wait for it, counting links meanwhile."""
        end = time.monotonic() + PATIENCE_S
        while not what():
            self.most_links = max(self.most_links, len(self.air.gateway.le_connections))
            assert time.monotonic() < end, f"{why}; told: {self.sink.said[-20:]}"
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def _home(folder: Path) -> AsyncIterator[Home]:
    air = Air(supervision_timeout_s=0.5)
    hci = await air.start(folder / "hci")
    home = Home(air, hci, folder)
    try:
        yield home
    finally:
        for box in home.boxes:
            await box.vanish_for_good()
        await air.stop()


def test_two_devices_at_once(tmp_path: Path) -> None:
    """Both are linked at the same time and stay so; each one's records come once, in order."""

    async def story() -> None:
        async with _home(tmp_path) as h:
            first, second = await h.box(1, 40), await h.box(2, 25)
            async with h.gateway(2):
                wanted = {"box-1": [*range(1, 41)], "box-2": [*range(1, 26)]}
                await h.until(lambda: h.sink.seqs == wanted, "records are missing")
                await h.until(lambda: h.sink.count("caught up") >= 4, "no poll")
                assert first.links == second.links == 1
                assert h.sink.count("up") == 2
            assert h.sink.count("down") == 0

    asyncio.run(story())


def test_twenty_known_of_which_eight_are_here(tmp_path: Path) -> None:
    """No more than four links at once; all eight are served, and served again, none forgotten."""

    async def story() -> None:
        async with _home(tmp_path) as h:
            for number in range(3, 19, 2):
                await h.box(number)
            async with h.gateway(20):
                await h.until(lambda: all(b.sessions >= 2 for b in h.boxes), "one is left out")
            sessions = [box.sessions for box in h.boxes]
            assert max(sessions) - min(sessions) <= 2, sessions
            assert h.most_links == 4
            assert h.sink.seqs == {box.device_id: [1, 2, 3] for box in h.boxes}
            made_room = h.sink.said.count(f"down {h.boxes[0].device_id} it made room for another "
                                          "device")  # fmt: skip
            assert made_room >= 1

    asyncio.run(story())


def test_adapter_lost_and_back(tmp_path: Path) -> None:
    """The adapter vanishes: told, every link down; it comes back: all goes on where it was."""

    async def story() -> None:
        async with _home(tmp_path) as h:
            box = await h.box(1, 5)
            async with h.gateway(1):
                await h.until(lambda: h.sink.count("caught up") > 0, "no link")
                plug = h.air._plugged
                assert plug
                h.air._servers.pop().close()
                plug.pull()
                await h.until(lambda: h.sink.count("down box-1 the HCI") == 1, "not noticed")
                await h.until(lambda: h.sink.count("trouble radio adapter: ") > 1, "not told")
                box.blobs.append(box._record(6))
                await h.air.gateway_hci(h.folder / "hci")
                await h.until(lambda: h.sink.seqs["box-1"] == [*range(1, 7)], "not back")
            assert h.sink.count("up") == 2

    asyncio.run(story())


def test_a_revoked_device_is_left_alone(tmp_path: Path) -> None:
    """Its link ends, its radio is not connected to again, its Hello is refused elsewhere."""

    async def story() -> None:
        async with _home(tmp_path) as h:
            box = await h.box(1)
            async with h.gateway(2) as source:
                await h.until(lambda: h.sink.count("caught up box-1") > 0, "no link")
                source.know({"box-2": KEY})
                await h.until(lambda: box.links == 0, "the link stands")
                assert h.sink.said.count("down box-1 the device was revoked") == 1
                other = await h.box(2)
                await h.until(lambda: h.sink.count("caught up box-2") > 0, "box-2 is not linked")
                await other.vanish_for_good()
                await h.until(lambda: h.sink.count("down box-2") == 1, "box-2 is still there")
                again = LightBox(h.air, 3, KEY)  # another radio, the same name
                again.device_id, again.hello = box.device_id, box.hello
                again._server._hello = box.hello
                h.boxes.append(again)
                await again.appear()
                told = f"trouble air {again.address}: device box-1 is not of this home"
                await h.until(lambda: h.sink.said.count(told) == 1, "the Hello was not refused")
                await asyncio.sleep(1)
            assert (box.sessions, again.sessions) == (1, 0)

    asyncio.run(story())


def test_a_wrong_key_twice_is_told_to_a_person(tmp_path: Path) -> None:
    """The first failed proof is a bad link, the second is told, once; the device stays known."""

    async def story() -> None:
        async with _home(tmp_path) as h:
            box = await h.box(1, key=bytes(16))
            async with h.gateway(1):
                await h.until(lambda: h.sink.count("trouble box-1") == 1, "nobody was told")
                assert "could not prove it twice" in h.sink.said[-1]
                await h.until(lambda: len(box._server.asked) >= 4, "it is not tried again")
                assert h.sink.count("trouble box-1") == 1
                assert not h.sink.seqs
                box.key = KEY
                await h.until(lambda: h.sink.count("caught up box-1") > 0, "it was given up")

    asyncio.run(story())
