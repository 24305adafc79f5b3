"""The whole pill box under siege through a dose's time: run by test_adversary.py under faketime.

Knows: the house, what the adversary can do, what must be seen. May not know: how any of it is done.
Prints its expectations as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from anbu_wire import messages as m
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.session import CHALLENGE, CONFIRM, GATEWAY, Session
from tools.home import provision
from tools.home.adversary import Sniffer, leaks
from tools.home.firmware import SIMULATION
from tools.home.house import House
from tools.home.impostors import Stranger
from tools.home.inside import _counts
from tools.home.stories import seen
from tools.home.story import Score, Story

BLOCK_BYTES = 4096
_SCHEDULE = (
    "import vfs, esp32\n"
    "p = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='log')[0]\n"
    "vfs.mount(vfs.VfsLfs2(p, progsize=256, readsize=32), '/log')\n"
    "print(open('/log/schedule', 'rb').read().hex())\n"
)


def records_in(flash: Path) -> dict[int, bytes]:
    """Every whole record in the raw bytes of the log partition, by number."""
    data = b"".join(path.read_bytes() for path in flash.glob("*log*"))
    found = {}
    for block in range(0, len(data), BLOCK_BYTES):
        if data[block : block + BLOCK_BYTES] == b"\xff" * BLOCK_BYTES:
            continue
        for at in range(block, block + BLOCK_BYTES):
            with contextlib.suppress(RemoteProtocolError):
                blob = data[at : at + m.RECORD_BYTES]
                found[m.decode_record(blob).seq] = blob
    found.pop(0, None)
    return found


class Siege:
    """Takes the link whenever it can and does everything to the box that needs no key."""

    def __init__(self, house: House, sniffer: Sniffer) -> None:
        radio = house.air.add_radio("mallory", "66:66:66:00:00:01")
        address = str(house.air.boxes[0].controller.public_address).partition("/")[0]
        self.mallory = Stranger(radio, address)
        self._written = [o.frame for o in sniffer.frames if o.from_gateway]
        self._chance = random.Random(3)
        self.attacks = 0

    async def run(self) -> None:
        """One attack after the other until cancelled."""
        ways: tuple[Callable[[], Awaitable[None]], ...] = (
            self._garbage, self._replay, self._lie, self._flood, self._silence,
        )  # fmt: skip
        while True:
            for attack in ways:
                if await self.mallory.connect(600):
                    await attack()
                    await self.mallory.sent_away(120)
                    await self.mallory.leave()
                    self.attacks += 1
                await asyncio.sleep(0.5)

    async def _garbage(self) -> None:
        for _ in range(5):
            await self.mallory.write(self._chance.randbytes(self._chance.randint(0, 244)))

    async def _replay(self) -> None:
        for frame in self._written:
            if not await self.mallory.say(frame):
                return

    async def _lie(self) -> None:
        liar = Session(GATEWAY, bytes(16), provision.DEVICE_ID, 1)
        await self.mallory.say(liar.start(os.urandom(16)))
        await self.mallory.answered(timeout_s=60)
        await self.mallory.say(bytes((CONFIRM,)) + os.urandom(32))

    async def _flood(self) -> None:
        pieces = [bytes((n & 0x3F, n)) for n in range(40)]
        await asyncio.gather(*(self.mallory.write(p, response=False) for p in pieces))

    async def _silence(self) -> None:
        await self.mallory.say(bytes((CHALLENGE, m.PROTOCOL_VERSION)) + os.urandom(16))


async def _script(house: House, score: Score) -> None:
    lid = seen.compartment(house, "evening")
    sniffer = Sniffer(house.air.link)
    await seen.moved_in(house, score, by="18:29:00")
    house.air.out_of_range(True)  # the gateway hears nothing but noise
    down = await house.heard("link_down", "18:29:30")
    score.expect("the gateway notices", down, down)
    before = len(records_in(house.places.flash))
    pid = house.box.pid
    siege = Siege(house, sniffer)
    attacking = asyncio.create_task(siege.run())
    await house.until("18:33:00")
    light = await seen.lit(house, lid)
    score.expect("the lid lights though somebody sits on the link", sum(light) > 0, light)
    house.board.lid(lid, True)
    await house.pause(20)
    house.board.lid(lid, False)
    await house.pause(60)
    grown = records_in(house.places.flash)
    kinds = {m.decode_record(blob).kind for blob in grown.values()}
    wanted = {m.SLOT_PROMPTED, m.SLOT_TAKEN, m.LID_OPENED}
    score.expect("the log grows", len(grown) > before and wanted <= kinds, (before, len(grown)))
    house.air.out_of_range(False)  # both want the box now
    await house.pause(120)
    attacking.cancel()
    await asyncio.gather(attacking, return_exceptions=True)
    await siege.mallory.leave()
    score.expect("there were attacks of every kind", siege.attacks >= 5, siege.attacks)
    taken = await house.heard("device_record", "18:55:00", record_kind=m.SLOT_TAKEN)
    score.expect("afterwards the gateway has the dose", taken, taken)
    await house.pause(60)
    seen.nothing_lost(house, score)
    silent = house.count("incident_opened", worry="device_unseen")  # it was, for minutes
    alarms = house.count("incident_opened") - silent
    score.expect("nobody was alarmed but of the silence", not alarms, house.guardian.inbox)
    score.expect("the box never started anew", house.box.pid == pid and house.box.running)
    boots = seen.records(house, m.BOOT)
    score.expect("by its own log too", boots == 1, boots)
    told = {payload for _, _, payload in sniffer.advertisements}
    score.expect("every advertisement says the same", len(told) == 1, told)
    house.heard_on_air = sniffer.everything()  # type: ignore[attr-defined]


STORY = Story("siege", "a stranger on the link through a dose", "2026-03-02 18:18", _script)


async def main(root: Path) -> None:
    """Run it, then look at flash, database and what was heard."""
    score = Score()
    house = House(root, STORY, int(os.environ["ANBU_SPEED"]))
    async with house:
        await _script(house, score)
    counts = _counts(house)
    same = counts["events_in_log"] == counts["events_at_box"] and not counts["duplicates"]
    score.expect("every event once in the database", same, counts)
    heard: bytes = house.heard_on_air  # type: ignore[attr-defined]
    key = bytes.fromhex(house.places.key.read_text(encoding="ascii"))
    plan = provision._flash_script(house.places, house._interpreter, SIMULATION, _SCHEDULE)
    records = records_in(house.places.flash)
    secrets = [key, bytes.fromhex(plan)[8:], *records.values()]
    found = leaks(heard, secrets)
    enough = len(heard) > 1000 and len(records) > 5 and len(plan) > 32
    score.expect("no plain text on the air", enough and not found, (len(heard), found))
    report = [{"what": e.what, "held": e.held, "seen": e.seen} for e in score.expectations]
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
