"""`anbu verify careplug` on a real plug: its firmware and chips, the production radio, a bench.

Knows: the virtual plug, the dialogue by its script. May not know: how gains are found.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest

from gateway.sources.conversation import Sink
from gateway.sources.radio import Broadcasts, RadioSource
from gateway.sync import Expected
from gateway.sync.kinds import plug_at
from tests.gateway.test_broadcasts import Ear
from tests.home.radio_home import TIMES, RecordingSink
from tests.home.real_box import until
from tools.home import bleak_backend
from tools.home.air import Air
from tools.home.device import PLUG_HEAP
from tools.home.firmware import SIMULATION
from tools.home.plug import PlugDevice
from tools.home.provision import Places, provision
from tools.home.story import Plug
from tools.technician import verify_link, verify_steps
from tools.technician.verify_steps import Verify

MICROPYTHON = str(Path(sys.executable).with_name("micropython"))
NODE = Plug("CP-000001", "care-node", "주방", "pzem004t")


class Bench:
    """A plug in its air; `key` as the gateway has it."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder).of(NODE.device_id)
        provision(self.places, MICROPYTHON, SIMULATION, NODE.device_id)
        self.plug = PlugDevice(NODE, self.places, _argv, 100.0, 1)
        self.plug.write_store()
        self.air = Air(supervision_timeout_s=0.5)
        self.hci = ""

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.places.key.read_text(encoding="ascii"))

    def source(self, devices: Mapping[str, bytes], sink: Sink) -> RadioSource:
        return RadioSource(devices, bleak_backend, sink, hci=self.hci, times=TIMES)


def _argv(folder: Path) -> list[str]:
    return [MICROPYTHON, "-X", f"heapsize={PLUG_HEAP}", str(folder / "start.py")]


@contextlib.asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    """A node with everything: a meter, a light sensor, a button."""
    made = Bench(folder)
    try:
        made.hci = await made.air.start(folder / "hci")
        await made.plug.place(made.air)
        await made.plug.start()
        yield made
    finally:
        await made.plug.kill()
        await made.air.stop()
        await made.plug.board.stop()


class Technician:
    """Does what she is asked for; answers `watts` and `volts` by her reference meter."""

    def __init__(self, board: Bench, watts: float, volts: float) -> None:
        self._care = board.plug.care
        self._numbers = {"Watts": watts, "Volts": volts}
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)
        if text.startswith("Press the plug's button"):
            self._care.button(pressed=True)

    def ask(self, question: str) -> str:
        word = question.split(maxsplit=1)[0]
        if word in self._numbers:
            return str(self._numbers[word])
        doings: dict[str, Callable[[], None]] = {
            "meter,": lambda: self._care.watts(1000.0),
            "Shine": lambda: self._care.lux(400.0),
            "Cover": lambda: self._care.lux(0.5),
        }
        doings.get(word, lambda: None)()
        return "isolated"

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few readings, hardly slower than the meter has new ones."""
    monkeypatch.setattr(verify_steps, "READINGS", 4)
    monkeypatch.setattr(verify_steps, "PERIOD_S", 0.6)


def verified(board: Bench, technician: Technician) -> Verify:
    """The whole dialogue, in a thread as `anbu verify` has it for itself."""
    with verify_link.linked(NODE.device_id, board.key, board.source, technician.say) as plug:
        verify = Verify(NODE.device_id, plug, technician)
        verify.run()
    return verify


def gains(board: Bench) -> dict[str, int]:
    """The user gains that hold now."""
    with verify_link.linked(NODE.device_id, board.key, board.source, print) as plug:
        values = plug.parameters()
    return {name: values[f"{name}_gain"] for name in ("voltage", "current", "power")}


@pytest.mark.long
def test_a_real_plug_is_calibrated_and_tells_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The meter says 1000 W at 230 V, the reference 980 W at 226 V: from then on the plug too.

    Its factory gains, its log and its clock are as before; the gains hold after a restart.
    """
    _hurry(monkeypatch)

    async def story() -> None:
        async with bench(tmp_path) as board:
            technician = Technician(board, 980.0, 226.0)
            verify = await asyncio.to_thread(verified, board, technician)
            assert verify.record.passed, "\n".join(technician.said)
            assert [step.passed for step in verify.record.steps] == [True] * 8
            await board.plug.resets()
            assert await asyncio.to_thread(gains, board) == verify.record.gains

    asyncio.run(story())


class Home(RecordingSink):
    """A home with this plug."""

    def expected(self, device_id: str) -> Expected:
        return plug_at(37.57, 126.98)


@pytest.mark.long
def test_a_real_plug_is_synced_and_heard(tmp_path: Path) -> None:
    """Its log arrives, it knows where it stands; its broadcasts open with its other key only."""

    async def story() -> None:
        async with bench(tmp_path) as board:
            sink, ear = Home(), Ear()
            key = bytes.fromhex(board.places.bthome_key.read_text(encoding="ascii"))
            ears = Broadcasts({NODE.device_id: key}, ear)
            source = RadioSource(
                {NODE.device_id: board.key},
                bleak_backend,
                sink,
                hci=board.hci,
                times=TIMES,
                broadcasts=ears,
            )
            task = asyncio.create_task(source.run())
            try:
                await until(lambda: sink.count("caught up") > 0, "never caught up")
                assert sink.seqs == [*range(1, len(sink.seqs) + 1)]
                assert sink.count("trouble") == 0, sink.said
                radio = board.plug.radio
                assert radio is not None
                advertiser = radio.controller.le_legacy_advertiser

                def broadcasts() -> bool:
                    data: bytes = advertiser.advertising_data
                    if data[5:7] != b"\xd2\xfc":
                        return False
                    address = str(advertiser.address).split("/")[0]
                    return ears.take(address, data[7:]) == NODE.device_id

                await asyncio.wait_for(_soon(broadcasts), 90)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())


async def _soon(what: Callable[[], bool]) -> None:
    while not what():  # noqa: ASYNC110 - the air has no event for it
        await asyncio.sleep(0.05)
