"""`anbu verify pillbox` on a flashed box: its own drivers by the REPL, real mpremote, real air.

The technician's hands are on the simulated board: she opens the lid that she sees lit, counts the
lids that are dark and the tones that sounded. May not know: what the test wants of her.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.home.real_box import MICROPYTHON, until
from tests.home.test_flash_chain import DEVICE_ID, Bench, flashed
from tools import cli
from tools.home.air import Air
from tools.home.flashed import FlashedDevice
from tools.home.machine.board import Board
from tools.technician import partitions as p
from tools.technician.factory import ear, kept, steps

KIND = p.BOARDS["pillbox-s3"]


class Technician:
    """Hands, eyes and ears at one board. `swapped`: two lids whose sensors are crossed."""

    def __init__(self, board: Board, swapped: tuple[int, int] | None = None) -> None:
        self._board = board
        self._swapped = swapped or (0, 0)
        self._tones = 0
        self._loud = False
        self._shown: list[list[int]] = []
        self.loop = asyncio.get_running_loop()

    def looks(self) -> None:
        """Something on the board changed."""
        picture = self._board.picture()
        loud = picture["sound"] is not None
        self._tones += loud and not self._loud
        self._loud = loud
        lit = [n for n, colour in enumerate(picture["lights"]) if any(colour)]
        if len(lit) == 1 and picture["lights"] != self._shown:
            self.loop.call_later(0.02, self._opens, self._sensor(lit[0]))
        self._shown = picture["lights"]

    def _sensor(self, lid: int) -> int:
        one, other = self._swapped
        return other if lid == one else one if lid == other else lid

    def _opens(self, lid: int) -> None:
        self._board.lid(lid, True)
        self.loop.call_later(0.1, self._board.lid, lid, False)

    def hears(self, line: str) -> None:
        """What she does when the terminal says something."""
        doings: dict[str, tuple[Callable[[bool], None], float]] = {
            "Press OK": (lambda down: self._board.button("ok", down), 0.3),
            "Press HELP": (lambda down: self._board.button("help", down), 0.3),
            "Lean the box": (self._board.tilt, 0.3),
        }
        for word, (do, seconds) in doings.items():
            if line.startswith(word):
                self.loop.call_soon_threadsafe(do, True)
                self.loop.call_soon_threadsafe(self.loop.call_later, seconds, do, False)

    def answers(self, question: str) -> str:
        """What she types."""
        if "How many are dark" in question:
            time.sleep(0.1)
            return str(sum(not any(colour) for colour in self._board.picture()["lights"]))
        if "How many tones" in question:
            return str(self._tones)
        if "Milliamperes" in question:
            return "96,5"
        return ""


def each(watching: list[Callable[[], None]]) -> None:
    """Calls them all."""
    for look in watching:
        look()


@asynccontextmanager
async def on_the_bench(
    folder: Path,
) -> AsyncIterator[tuple[Bench, Board, str, list[Callable[[], None]]]]:
    """A flashed box with power, its board, the bench's adapter, who watches the board."""
    bare = await asyncio.to_thread(flashed, folder, KIND)
    air = Air()
    watching: list[Callable[[], None]] = []
    board = Board(folder / "board.sock", lambda: each(watching))
    own = folder / "device"
    own.mkdir()
    await board.start()
    hci = await air.start(folder / "hci.sock")
    radio = air.add_box(board)
    device = FlashedDevice(bare.file, own, folder / "board.sock", MICROPYTHON)
    device.power_on()
    bench = Bench(device, radio)
    try:
        yield bench, board, hci, watching
    finally:
        device.power_off()
        await air.stop()
        await board.stop()


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """One reading of the air is enough, and nobody prints."""
    monkeypatch.setattr(ear, "ENOUGH", 1)
    monkeypatch.setattr(steps, "TONE_S", 0.15)
    monkeypatch.setattr(steps, "CLOCK_S", 1.5)
    monkeypatch.setattr(kept, "pdf", lambda _pages, _sheets: b"%PDF")


async def verified(
    folder: Path, monkeypatch: pytest.MonkeyPatch, swapped: tuple[int, int] | None = None
) -> tuple[int, dict[str, object], bool]:
    """The command's exit code, its record, whether the app runs again afterwards."""
    async with on_the_bench(folder) as (bench, board, hci, watching):
        await until(lambda: bench.advertises, bench.device.said.decode(errors="replace"))
        technician = Technician(board, swapped)
        watching.append(technician.looks)

        def asked(said: object, question: str) -> str:
            return technician.answers(question)

        def told(said: object, text: str, *, end: str = "\n") -> None:
            print(text)
            technician.hears(text)

        monkeypatch.setattr("tools.technician.said.Said.ask", asked)
        monkeypatch.setattr("tools.technician.said.Said.say", told)
        words = ["verify", "pillbox", "--port", str(bench.device.console), "--operator", "Kim"]
        words += ["--backend", "tools.home.bleak_backend", "--hci", hci]
        out = folder / "records"
        code = await asyncio.to_thread(cli.main, [*words, "--out", str(out)])
        await until(lambda: bench.advertises, "the app did not start again")
        record = json.loads(next(out.glob("*.json")).read_text(encoding="utf-8"))
        return code, record, next(out.glob("*.pdf")).read_bytes() == b"%PDF"


@pytest.mark.long
def test_a_good_box_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step of a flashed box passes; the record says who, what and by whom; its app runs."""
    hurry(monkeypatch)
    code, record, printed = asyncio.run(verified(tmp_path, monkeypatch))
    rows = [(step["name"], step["passed"], step["told"]) for step in record["steps"]]  # type: ignore[attr-defined]
    assert code == 0, rows
    assert record["passed"] is True
    assert printed
    assert record["about"]["device_id"] == DEVICE_ID  # type: ignore[index]
    assert record["operator"] == "Kim"
    assert len([row for row in rows if row[0].startswith("lid ")]) == 28
    assert threading.active_count() < 20


@pytest.mark.long
def test_crossed_lids_are_found_and_the_app_runs_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sensors are wired crosswise: both lids fail and are named, exit 1, the rest passes."""
    hurry(monkeypatch)
    code, record, _ = asyncio.run(verified(tmp_path, monkeypatch, swapped=(4, 5)))
    bad = [step["name"] for step in record["steps"] if step["passed"] is False]  # type: ignore[attr-defined]
    assert code == 1
    assert bad == ["lid Tue 화 morning 아침", "lid Tue 화 noon 점심"]
