"""One device of the house: its chips, its flash, its process and its radio.

Knows: how the firmware of a target is started over a board, what its process says of its heap.
May not know: which chips these are, the gateway, a story.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.home.firmware import MODULES, build
from tools.home.machine.requests import ResetCause
from tools.home.processes import Child

if TYPE_CHECKING:
    from tools.home.air import Air, BoxRadio
    from tools.home.machine.bare_board import BareBoard
    from tools.home.provision import Places

HEAP = "320K"  # of the 64-bit build: about 160 KB on the chip
PLUG_HEAP = "200K"


class Device:
    """A box or a plug. Its board is there from the start; `plug_in` gives it power and air."""

    def __init__(
        self,
        device_id: str,
        places: Places,
        board: BareBoard[Any],
        argv: Callable[[Path], list[str]],
        *,
        target: str = "pillbox",
        instead: Mapping[str, Path] | None = None,
        speed: int = 1,
    ) -> None:
        """`argv(folder)`: the interpreter's command line for the firmware in that folder."""
        self.device_id = device_id
        self.places = places
        self.board = board
        self.heap: dict[str, int] = {}
        self.heaps_bytes: list[int] = []  # in use after collection, as told each ten minutes
        self.radio: BoxRadio | None = None
        self.firmware = build(target, MODULES, instead=instead or {})
        environment = {
            **os.environ,
            "MICROPYPATH": f"{self.firmware}:.frozen",
            "ANBU_BOARD": str(places.board),
            "ANBU_FLASH": str(places.flash),
        }
        errors = places.errors("box")
        self.process = Child(argv(self.firmware), environment, errors, self._said, speed)

    def write_store(self) -> None:
        """What else than its keys provisioning writes into its store: nothing for a box."""

    async def place(self, air: Air) -> None:
        """The board stands in the house and has its radio; there is no power yet."""
        await self.board.start()
        self.radio = air.add_box(self.board)

    async def start(self) -> None:
        """There is power: the firmware begins."""
        await self.process.start()

    async def kill(self) -> None:
        """The process ends as by a power cut; the chips are as they were."""
        await self.process.kill()

    async def lose_power(self) -> None:
        """Whatever has no battery of its own is dead until `start`."""
        self.board.power_cut()
        await self.process.kill()

    async def resets(self) -> None:
        """The processor starts anew, as after a watchdog; every other chip keeps its power."""
        self.board.will_reset(ResetCause.WATCHDOG)
        await self.process.kill()
        await self.process.start()

    def flash_breaks(self, broken: bool) -> None:
        """The flash takes nothing more, or works again; what stands there stays."""
        mark = self.places.flash / "broken"
        mark.touch() if broken else mark.unlink()

    def _said(self, text: str) -> None:
        match text.split():
            case ["heap", used, free]:
                self.heaps_bytes.append(int(used))
                self.heap = {"used_bytes": int(used), "free_bytes": int(free)}
                return
        with self.places.errors("box").open("a", encoding="utf-8") as file:
            file.write(text + "\n")
