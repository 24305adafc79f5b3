"""`anbu bench box`: how soon the box answers a hand, at speed 1 with the slowest flash.

Knows: the order of the trials, what counts as an answer, which percentile is printed.
May not know: how the firmware does it.

The firmware as it is flashed, buses and flash at their data sheets' slowest (an erase 400 ms, a
page 3 ms), a gateway's production radio linked. A lid is opened while its light is lit and others
are lit too, so that the light's own blinking is never taken for an answer. A button is pressed
while the box sounds. The record's way into the flash and over the radio is timed apart: it is
never what a person waits for. `while_flushing` opens lids while another record is being written,
when the chip can do nothing else: the box's slowest answer, told and not averaged away.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from anbu_wire import messages as m
from anbu_wire.schedule import Schedule, Zone, encode_schedule, local_day, once
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio import RadioSource
from gateway.sync import Expected, TimeFields, commands
from tools.bench.percentile import percentile
from tools.bench.progress import Progress
from tools.bench.stack import MICROPYTHON, box
from tools.home import bleak_backend, provision
from tools.home.air import Air
from tools.home.firmware import ROOT, SIMULATION, build
from tools.home.machine.board import Board
from tools.home.provision import DEVICE_ID, Places

AIM_MS = 100.0
COMPARTMENTS = 28
PRESSES = 40
FLUSHING = 13  # pairs of lids, the second opened while the first one's record is written
_MODULES = ROOT / "build" / "mpy"
_PATIENCE_S = 60.0
_DUE_IN_S = 8
_ZONE = Zone(540, 0, 0)
_QUIET_S = 3.0  # longer than the records of one opening take to be written
_SHUT_AFTER_S = 1.3  # an opening is one when the lid stood open for a second

_Trials = dict[str, list[float]]


class _Desk:
    """The gateway's sink: keeps when records came, wishes one schedule after the other."""

    def __init__(self) -> None:
        self.schedule: tuple[int, bytes] | None = None
        self.on_box = 0
        self.ready = False
        self.came_s: dict[tuple[int, int], float] = {}  # (kind, compartment): when
        self._seqs: dict[int, int] = {}

    def last_known(self, device_id: str, epoch: int) -> int:
        del device_id
        return self._seqs.get(epoch, 0)

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        del device_id
        for record in records:
            self._seqs[epoch] = record.seq
            self.came_s[record.kind, record.compartment] = time.perf_counter()

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:
        del device_id, state
        self.ready = True

    def link_up(self, device_id: str) -> None:
        """Nothing to do: `caught_up` tells."""

    def link_down(self, device_id: str, why: str) -> None:
        """Nothing to do: it comes again."""

    def rests(self, device_id: str, seconds: int) -> None:
        """Nothing to do: on mains it does not."""

    def expected(self, _device_id: str) -> Expected:
        """A pill box."""
        return Expected()

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:
        del device_id
        return self.schedule

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        del device_id, crc
        self.on_box = version

    def clock_set(self, device_id: str) -> None:
        """Nothing to do."""

    def time_fields(self) -> TimeFields:
        return (_wall_s(), 0, *_ZONE)

    def trouble(self, part: str, why: str) -> None:
        print(f"bench: {part}: {why}", file=sys.stderr)


def _wall_s() -> int:
    return int(time.time()) - m.EPOCH_2000_UNIX_S


class _Bench:
    """A box, its board, and somebody with quick hands."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.places = Places(root)
        self.board = Board(self.places.board, on_change=self._moved)
        self.air = Air()
        self.desk = _Desk()
        self.chance = chance
        self._news = asyncio.Event()
        folder = build("pillbox", _MODULES)
        self.box = box(self.places, folder, lambda _line: None, ANBU_FLASH_TIMES="maximum")
        self.source: RadioSource | None = None
        self._radio: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        provision.provision(self.places, MICROPYTHON, SIMULATION)
        key = bytes.fromhex(self.places.key.read_text(encoding="ascii"))
        await self.board.start()
        hci = await self.air.start(self.places.hci)
        self.air.add_box(self.board)
        await self.box.start()
        times = RadioTimes(pause_s=0.5, backoff_max_s=2.0)
        self.source = RadioSource({DEVICE_ID: key}, bleak_backend, self.desk, hci=hci, times=times)
        self._radio = asyncio.create_task(self.source.run())
        await self.until(lambda: self.desk.ready)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._radio is not None:
            self._radio.cancel()
            await asyncio.gather(self._radio, return_exceptions=True)
        await self.box.kill()
        await self.air.stop()
        await self.board.stop()

    # --- seeing ---

    def _moved(self) -> None:
        self._news.set()

    async def until(self, what: Any) -> float:  # noqa: ANN401  # any predicate
        """When it became true, in seconds. Raises TimeoutError."""
        async with asyncio.timeout(_PATIENCE_S):
            while not what():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.05)
                except TimeoutError:
                    continue
        return time.perf_counter()

    def lit(self, lid: int) -> bool:
        """Whether that lid says "take" at this moment."""
        red, green, blue = self.board.picture()["lights"][lid]
        return bool(blue > max(red, green))

    def any_lit(self, but: int) -> bool:
        """Whether another lid says so."""
        return any(self.lit(lid) for lid in range(COMPARTMENTS) if lid != but)

    def sounds(self) -> bool:
        """Whether it sounds at this moment."""
        return self.board.picture()["sound"] is not None

    # --- doing ---

    async def all_due(self, version: int) -> None:
        """A new schedule makes every lid due, and waits for all lights and the flash's rest."""
        due_s = _wall_s() + _DUE_IN_S
        day = local_day(_ZONE, due_s)
        first = version * COMPARTMENTS  # every slot id is new
        slots = [once((day, first + lid), lid, due_s, (0, 600, 0)) for lid in range(COMPARTMENTS)]
        self.desk.schedule = (version, encode_schedule(Schedule(_ZONE, slots)))
        source = self.source
        if source is None:
            raise RuntimeError("the bench was not entered")
        source.schedule_changed(DEVICE_ID)
        await self.until(lambda: self.desk.on_box == version)
        await self.until(lambda: all(self.lit(lid) for lid in range(COMPARTMENTS)))
        await asyncio.sleep(_QUIET_S)

    async def lights_up(self, lid: int) -> None:
        """Returns when its light has just come on."""
        await self.until(lambda: not self.lit(lid))
        await self.until(lambda: self.lit(lid))

    async def opening(self, lid: int) -> tuple[float, float]:
        """When it was opened (s), and how long (ms) until its light no longer says "take"."""
        began_s = time.perf_counter()
        self.board.lid(lid, True)
        ended_s = await self.until(lambda: not self.lit(lid) and self.any_lit(lid))
        return began_s, (ended_s - began_s) * 1000

    async def shut(self, lid: int) -> None:
        """Shuts it after an opening that counts."""
        await asyncio.sleep(_SHUT_AFTER_S)
        self.board.lid(lid, False)

    async def pressing(self) -> float:
        """Milliseconds from OK, pressed while it sounds, until it is silent for good."""
        source = self.source
        if source is None:
            raise RuntimeError("the bench was not entered")
        await source.command(DEVICE_ID, commands.locate(60))
        await self.until(lambda: not self.sounds())
        await self.until(self.sounds)
        await asyncio.sleep(self.chance.uniform(0, 0.08))
        began_s = time.perf_counter()
        self.board.button("ok", True)
        silent_s = await self.until(lambda: not self.sounds())
        while time.perf_counter() < silent_s + 0.7:  # longer than the pause of its rhythm
            await asyncio.sleep(0.01)
            if self.sounds():
                silent_s = await self.until(lambda: not self.sounds())
        self.board.button("ok", False)
        return (silent_s - began_s) * 1000


async def _lids(bench: _Bench, rounds: int, progress: Progress, trials: _Trials) -> None:
    for number in range(1, rounds + 1):
        await bench.all_due(number)
        lids = list(range(COMPARTMENTS))
        bench.chance.shuffle(lids)
        for done, lid in enumerate(lids[:-1]):  # the last has no other light beside it
            key = (m.LID_OPENED, lid)
            bench.desk.came_s.pop(key, None)
            await bench.lights_up(lid)
            await asyncio.sleep(bench.chance.uniform(0, 0.3))
            began_s, answer_ms = await bench.opening(lid)
            trials["lid_to_light_ms"].append(answer_ms)
            came_s = await bench.until(lambda key=key: key in bench.desk.came_s)
            trials["opened_to_gateway_ms"].append((came_s - began_s) * 1000)
            await bench.shut(lid)
            await asyncio.sleep(_QUIET_S)
            progress.at("lids", done + (number - 1) * COMPARTMENTS, rounds * COMPARTMENTS)
        bench.board.lid(lids[-1], True)
        await bench.shut(lids[-1])
        await asyncio.sleep(_QUIET_S)


async def _flushing(bench: _Bench, version: int, progress: Progress, trials: _Trials) -> None:
    await bench.all_due(version)
    for done in range(FLUSHING):
        await bench.lights_up(2 * done)
        await bench.opening(2 * done)
        # That lid's record is on its way into the flash now.
        await asyncio.sleep(bench.chance.uniform(0.02, 0.2))
        _began_s, answer_ms = await bench.opening(2 * done + 1)
        trials["while_flushing_ms"].append(answer_ms)
        await asyncio.sleep(_QUIET_S)
        progress.at("while flushing", done, FLUSHING)


async def _buttons(bench: _Bench, progress: Progress, trials: _Trials) -> None:
    for done in range(PRESSES):
        trials["button_to_silence_ms"].append(await bench.pressing())
        await asyncio.sleep(_QUIET_S / 2)
        progress.at("buttons", done, PRESSES)


async def measure(root: Path, rounds: int, progress: Progress, seed: int) -> dict[str, Any]:
    """Runs every part; the report as one object."""
    trials: _Trials = {
        name: []
        for name in (
            "lid_to_light_ms",
            "button_to_silence_ms",
            "opened_to_gateway_ms",
            "while_flushing_ms",
        )
    }
    async with _Bench(root, random.Random(seed)) as bench:
        progress.begin("buttons")
        await _buttons(bench, progress, trials)
        progress.begin("lids")
        await _lids(bench, rounds, progress, trials)
        progress.begin("while flushing")
        await _flushing(bench, rounds + 1, progress, trials)
        progress.end()
    return {"bench": "box", "seed": seed, "aim_ms": AIM_MS, "cores": os.cpu_count()} | {
        name: _figures(values) for name, values in trials.items()
    }


def _figures(values: list[float]) -> dict[str, float]:
    return {
        "trials": len(values),
        "p50": round(percentile(values, 50), 1),
        "p99": round(percentile(values, 99), 1),
        "max": round(max(values), 1),
    }


def run(rounds: int, seed: int, *, as_json: bool) -> int:
    """Measures and prints; 0 when light and sound answer within AIM_MS (p99), else 1."""
    with tempfile.TemporaryDirectory(prefix="anbu-bench-") as folder:
        report = asyncio.run(measure(Path(folder), rounds, Progress(), seed))
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _tell(report)
    answers = ("lid_to_light_ms", "button_to_silence_ms")
    return 0 if all(report[name]["p99"] <= AIM_MS for name in answers) else 1


def _tell(report: dict[str, Any]) -> None:
    rows = {
        "lid_to_light_ms": "lid opened → its light off",
        "button_to_silence_ms": "OK pressed → silence",
        "opened_to_gateway_ms": "lid opened → record flushed, sent, with the gateway",
        "while_flushing_ms": "lid opened while a record is written → its light off",
    }
    for name, words in rows.items():
        figures = report[name]
        told = "   ".join(f"{key} {figures[key]}" for key in ("p50", "p99", "max"))
        print(f"{words:52} {told} ms   ({figures['trials']} trials)")
    print(f"aim: p99 ≤ {AIM_MS:.0f} ms for the first two; flash and buses at their slowest")
