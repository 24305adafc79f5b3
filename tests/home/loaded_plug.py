"""A care plug as it leaves the bench, on the air, with the production radio that may update it.

Knows: LoadedBox (loader, slots, keys), a care plug's board, how an update is sent over and over.
May not know: what a test wants of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from anbu_wire import gatt
from anbu_wire import messages as m
from gateway.sources.radio import NotReached, RadioSource
from gateway.sync import Command, Expected
from gateway.sync.commands import Answer
from gateway.sync.sending import Outcome, Sending
from tests.home.loaded_box import LoadedBox
from tests.home.radio_home import TIMES
from tests.home.real_box import Sink, until
from tools.home import bleak_backend
from tools.home.air import Air
from tools.home.machine.care_board import CareBoard
from tools.technician import image
from tools.technician.signing import PrivateKey, public_bytes

PLUG_ID, KEY = "AB-000002", bytes(range(16))
HEAP = "200K"
OLD, NEW = 1, 2
PATIENCE_S = 60.0


class PlugSink(Sink):
    """A gateway that expects a plug."""

    def expected(self, device_id: str) -> Expected:
        return Expected(gatt.CARE_PLUG)


class LoadedPlug:
    """What a test needs; `key` signs what it takes."""

    def __init__(self, folder: Path, board: str, meter: str | None, chip: int | None) -> None:
        self.name = board
        self.key: PrivateKey = ec.generate_private_key(ec.SECP256R1())
        self.sink = PlugSink()
        self._folder = folder
        noted: dict[str, bytes | int] = {"bthome_key": bytes(16), "bthome_count": 0}
        if chip is not None:
            noted["meter"] = chip
        self.process = LoadedBox(folder, PLUG_ID, KEY, HEAP, noted)
        self.board = CareBoard(folder / "board", board, meter=meter, watchdog_slack=5)
        self.source: RadioSource
        self.heap_free: list[int] = []

    @contextlib.asynccontextmanager
    async def at_home(self) -> AsyncIterator[LoadedPlug]:
        """The power comes, the gateway listens; everything ends with it."""
        bundle = image.make("careplug", OLD, self.key, None, self.name)
        self.process.flash(bundle, public_bytes(self.key))
        air = Air(supervision_timeout_s=0.5)
        hci = await air.start(self._folder / "hci")
        await self.board.start()
        air.add_box(self.board)
        await self.process.start(self._folder / "board")
        self.source = RadioSource({PLUG_ID: KEY}, bleak_backend, self.sink, hci=hci, times=TIMES)
        radio = asyncio.create_task(self.source.run())
        try:
            yield self
        except BaseException:
            print(self.sink.said[-40:], "\n".join(self.process.lines[-40:]), sep="\n")
            raise
        finally:
            radio.cancel()
            await asyncio.gather(radio, return_exceptions=True)
            await self.process.power_off()
            await air.stop()
            await self.board.stop()

    async def power_cut(self) -> None:
        """The mains go for a moment."""
        self.board.power_cut()
        await self.process.power_cut(self._folder / "board")

    async def press(self, times: int) -> None:
        """A finger on the button: so many presses are on record then."""
        self.board.button(True)
        await asyncio.sleep(0.3)
        self.board.button(False)
        await until(lambda: len(self.sink.values(m.OK_PRESSED)) == times, "no press was told")

    async def ask(self, command: Command) -> Answer:
        """Asks until it is answered, whatever restart lies in between."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with contextlib.suppress(NotReached):
                    return await self.source.command(PLUG_ID, command, 20)
                await asyncio.sleep(0.1)

    async def send(self, sending: Sending, until: Outcome, up_to: int = 1 << 30) -> None:
        """Sends until that outcome, or so many bytes are there; whatever breaks in between."""
        end = time.monotonic() + PATIENCE_S
        while sending.outcome != until and sending.offset < up_to:
            assert time.monotonic() < end, (sending.outcome, sending.why, sending.offset)
            command = sending.next()
            if command is None:
                assert sending.outcome != Outcome.REFUSED, sending.why
                await asyncio.sleep(0.5)
                sending.again()
                continue
            try:
                sending.take(await self.source.command(PLUG_ID, command, 20))
            except NotReached:
                sending.again()

    def bundle(self, version: int = NEW, board: str | None = None) -> bytes:
        """A genuine bundle of this tree."""
        return image.make("careplug", version, self.key, None, board or self.name)

    def kinds(self) -> list[tuple[int, int]]:
        """(kind, value) of every record the gateway has."""
        return [(record.kind, record.value) for record in self.sink.records]

    def whole(self) -> bool:
        """Whether no record is missing and none was refused."""
        seqs = self.sink.seqs
        refused = bool(self.sink.values(m.RECORDS_LOST))
        return seqs == list(range(1, len(seqs) + 1)) and not refused
