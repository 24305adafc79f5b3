"""What the judge is shown: a box is found, proves itself, hands over its log, and loses nothing.

Knows: the virtual air, the box, the machine; what each stage waits for and how long.
May not know: what is to be held against what was seen (test_bluez.py does).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bumble import att

from anbu_wire import messages as m
from anbu_wire.schedule import TIME_CRITICAL, UTC, Schedule, encode_schedule, once
from tests.bluez.box import LID_S, RealBox
from tests.bluez.image import ROOT, Image
from tests.bluez.vm import Fact, Machine, VmError
from tools.home.air import Air

RECORDS = 1000
BOOT_S = 180.0
STAGE_S = 120.0
PUSHED_LIDS = 10
AWAY_LIDS = 3
LOOK_S = 0.005
QUIET_S = 1.0  # whatever was under way has arrived
DAY_S = 86_400
LINE_CHARACTERS = 400

Say = Callable[[str], None]
Lose = Callable[[int], Awaitable[None]]
Regain = Callable[[int], Awaitable[None]]


class Story:
    """One run. `stages` holds what each stage saw, `failed` why it went no further."""

    def __init__(self, folder: Path, image: Image, say: Say) -> None:
        self._folder = folder
        self._image = image
        self._say = say
        self._began_s = time.monotonic()
        self.stages: dict[str, dict[str, Any]] = {}
        self.failed = ""
        self.at_box: dict[int, bytes] = {}
        self.at_gateway: list[bytes] = []
        self.air = Air()
        self.box = RealBox(folder, RECORDS)
        self.machine = Machine(folder / "hci", lambda text: self._line("vm", text))

    def _line(self, who: str, text: str) -> None:
        if len(text) > LINE_CHARACTERS:
            text = f"{text[:LINE_CHARACTERS]}... ({len(text)} characters)"
        self._say(f"{time.monotonic() - self._began_s:7.2f} {who:5} {text}")

    async def run(self) -> None:
        """All stages, then everything is ended."""
        try:
            await self._set_up()
            await self._meet()
            await self._sync()
            await self._pushes()
            for stage, lose, regain in self._losses():
                await self._lose(stage, lose, regain)
            await self._settle()
        except VmError as error:
            self.failed = str(error)
            self._line("story", f"FAILED {error}")
        finally:
            await self.machine.stop()
            await self.box.close()
            await self.air.stop()
            await self.box.board.stop()

    def _seen(self, stage: str, **what: Any) -> None:  # noqa: ANN401  # whatever was measured
        self.stages[stage] = what
        self._line("story", f"{stage}: {json.dumps(what, ensure_ascii=False)}")

    # --- before -----------------------------------------------------------------------------

    async def _set_up(self) -> None:
        self._line("story", f"a box with {RECORDS} records in its log")
        self.box.prepare()
        self._look_into_the_box()
        await self.air.start(self._folder / "hci")
        await self.box.board.start()
        self.radio = self.air.add_box(self.box.board)
        await self.box.start()
        initrd = self._image.with_files(self._folder / "initrd", self._files())
        self._line("story", "the machine is switched on")
        on_s = time.monotonic()
        await self.machine.start(self._image.kernel, initrd)
        adapter = await self._until("adapter", limit_s=BOOT_S)
        self._seen("boot", seconds=round(adapter["heard_s"] - on_s, 1), **_without(adapter))

    def _files(self) -> list[tuple[str, bytes, bool]]:
        """What goes into the machine: the gateway, the wire language, the judge and its orders."""
        found = [
            (f"srv/anbu/{path.relative_to(ROOT)}", path.read_bytes(), False)
            for root in ("gateway", "firmware/lib/anbu_wire", "tests/bluez/guest")
            for path in sorted((ROOT / root).rglob("*.py"))
        ]
        version, blob = schedule()
        orders = {"device": self.box.device_id, "key": self.box.key.hex()}
        text = json.dumps({**orders, "version": version, "blob": blob.hex()})
        found.append(("srv/anbu/judge.json", text.encode(), False))
        found.append(("init", (ROOT / "tests/bluez/guest/init").read_bytes(), True))
        return found

    # --- the stages -------------------------------------------------------------------------

    async def _until(
        self, said: str, limit_s: float = STAGE_S, since: int = 0, **fields: object
    ) -> Fact:
        def wanted(fact: Fact) -> bool:
            if self.machine.facts.index(fact) < since or fact.get("said") != said:
                return False
            return all(fact.get(key) == value for key, value in fields.items())

        what = " ".join([said, *(f"{key}={value}" for key, value in fields.items())])
        return await self.machine.until(wanted, f"waiting for {what!r}", limit_s)

    async def _committed(self, newest: int) -> Fact:
        """The commit that brings the last of them."""
        return await self.machine.until(
            lambda fact: fact.get("said") == "commit" and fact["last"] >= newest,
            f"record {newest} is not committed",
            STAGE_S,
        )

    @property
    def newest(self) -> int:
        """The highest record committed so far."""
        return max([0, *(int(fact["last"]) for fact in self.machine.said("commit"))])

    async def _meet(self) -> None:
        heard = await self._until("heard")
        hello = await self._until("hello")
        up = await self._until("link up")
        self._seen("discovered", **_without(heard))
        self._seen("hello", **_without(hello))
        self._seen("authenticated", seconds=round(up["at_s"] - heard["at_s"], 2), **_without(up))

    async def _sync(self) -> None:
        up = await self._until("link up")
        last = await self._committed(RECORDS)
        on_box = await self._until("schedule on box")
        caught_up = await self._until("caught up")
        seconds = last["at_s"] - up["at_s"]
        self._seen(
            "synced",
            records=RECORDS,
            seconds=round(seconds, 2),
            records_per_s=round(RECORDS / seconds, 1),
            schedule=on_box["version"],
            newest=caught_up["newest"],
        )
        await asyncio.sleep(QUIET_S)  # the records that setting clock and schedule made
        self._look_into_the_box()

    async def _pushes(self) -> None:
        before, delays_ms = self.newest, []
        for number in range(PUSHED_LIDS):
            for is_open in (True, False):
                moved_s = time.monotonic()
                wanted = self.newest + 1
                self.box.board.lid(number, is_open)
                commit = await self._committed(wanted)
                delays_ms.append(round(1000 * (commit["heard_s"] - moved_s)))
            await asyncio.sleep(LID_S)  # no four lids within a second: that would be a fall
        delays_ms.sort()
        middle = delays_ms[len(delays_ms) // 2]
        records = self.newest - before
        self._look_into_the_box()
        self._seen("pushed", records=records, median_ms=middle, longest_ms=delays_ms[-1])

    # --- losing the link, in every way ------------------------------------------------------

    def _losses(self) -> list[tuple[str, Lose, Regain]]:
        """Stage, how the link is lost (done when it was noticed), how it may come again."""
        return [
            ("break", self._carried_away, self._carried_back),
            ("break while connecting", self._carried_away, self._carried_back_and_away),
            ("bluetoothd restarted", self._told("restart bluetoothd"), _nothing),
            ("bluetoothd crashed", self._told("crash bluetoothd"), _nothing),
            ("controller unplugged", self._unplugged, self._plugged),
            ("gateway killed", self._killed, _nothing),
        ]

    async def _lose(self, stage: str, lose: Lose, regain: Regain) -> None:
        """Lose the link, move lids meanwhile; everything arrives over the next link."""
        await asyncio.sleep(QUIET_S)
        began, before, lost_s = len(self.machine.facts), self.newest, time.monotonic()
        await lose(began)
        noticed_s = time.monotonic() - lost_s
        wanted = before + await self.box.lids(AWAY_LIDS)
        self._look_into_the_box()
        back_s = time.monotonic()
        await regain(began)
        up = await self._until("link up", since=began)
        commit = await self._committed(wanted)
        since = self.machine.facts[began:]
        self._seen(
            stage,
            noticed_s=round(noticed_s, 2),
            linked_again_s=round(up["heard_s"] - back_s, 2),
            records=commit["last"] - before,
            links=sum(fact["said"] == "link up" for fact in since),
            why=[fact["why"] for fact in since if fact["said"] == "link down"],
            troubles=[fact["why"] for fact in since if fact["said"] == "trouble"],
        )

    async def _carried_away(self, began: int) -> None:
        self.radio.out_of_range(True)
        await self._until("link down", since=began)

    async def _carried_back(self, _began: int) -> None:
        self.radio.out_of_range(False)

    async def _carried_back_and_away(self, _began: int) -> None:
        """Out of range again while the next link is discovered, longer than that link lives."""
        self.radio.out_of_range(False)
        end_s = time.monotonic() + STAGE_S
        while not self._mtu_agreed():
            if time.monotonic() > end_s:
                raise VmError(f"nobody linked to the box within {STAGE_S:.0f} s")
            await asyncio.sleep(LOOK_S)
        self.radio.out_of_range(True)
        await asyncio.sleep(self.air.link.supervision_timeout_s + 0.5)
        self.radio.out_of_range(False)

    def _mtu_agreed(self) -> bool:
        """Whether a link is so far.

        Not earlier: a link that ends between its beginning and the exchange of features makes
        Debian's kernel 6.1.192 stop with a BUG in l2cap_chan_put, and bluetoothd with it.
        """
        device = self.radio.nimble._device  # the host inside the box's chip
        links = device.connections.values() if device else ()
        return any(link.att_mtu > att.ATT_DEFAULT_MTU for link in links)

    def _told(self, order: str) -> Lose:
        async def lose(began: int) -> None:
            self.machine.tell(order)
            await self._until("ended", since=began)
            await self._until("link down", since=began)

        return lose

    async def _unplugged(self, began: int) -> None:
        await self._told("unplug controller")(began)
        # Without power it falls silent; the line is a new one afterwards (qemu connects again).
        if self.air._plugged:
            self.air._plugged.pull()

    async def _plugged(self, began: int) -> None:
        self.machine.tell("plug controller")
        await self._until("back", since=began)

    async def _killed(self, began: int) -> None:
        self.machine.tell("kill gateway")
        await self._until("ended", since=began)

    # --- after ------------------------------------------------------------------------------

    def _look_into_the_box(self) -> None:
        """Remember the records its flash holds: what is acknowledged may be gone later."""
        self.at_box.update(self.box.records())

    async def _settle(self) -> None:
        await asyncio.sleep(QUIET_S)
        self.machine.tell("report")
        report = await self._until("report")
        self._look_into_the_box()
        data = bytes.fromhex(report["records"])
        size = m.RECORD_BYTES
        self.at_gateway = [data[at : at + size] for at in range(0, len(data), size)]
        self._seen("settled", at_gateway=len(self.at_gateway), seen_at_box=len(self.at_box))


async def _nothing(_began: int) -> None:
    """It comes again by itself."""


def schedule() -> tuple[int, bytes]:
    """A week of evening doses that begins tomorrow: nothing is due while the judge looks."""
    first_s = int(time.time()) - m.EPOCH_2000_UNIX_S + DAY_S
    first_day = first_s // DAY_S
    entries = [
        once((first_day + day, 2), 4 * day + 2, first_s + day * DAY_S, (60, 60, 60), TIME_CRITICAL)
        for day in range(7)
    ]
    return 7, encode_schedule(Schedule(UTC, entries))


def _without(fact: Fact) -> Fact:
    return {key: value for key, value in fact.items() if key not in {"said", "at_s", "heard_s"}}
