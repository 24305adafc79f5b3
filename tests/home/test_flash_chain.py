"""The chain: real esptool flashes a virtual board, real MicroPython boots what stands in its flash.

The image is made of this tree by `anbu image`; the chips are simulated at register level; real
mpremote talks to the device over its serial line.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from anbu_wire import gatt
from tests.home.real_box import MICROPYTHON, until
from tools import cli
from tools.home.air import Air
from tools.home.flashed import FlashedDevice
from tools.home.machine.bare_board import BareBoard
from tools.home.machine.board import Board
from tools.home.machine.care_board import CareBoard
from tools.home.official import stand_in
from tools.home.virtual_board import VirtualBoard
from tools.technician import nvs_image
from tools.technician import partitions as p
from tools.technician.provisioning.identity import blobs, spare

DEVICE_ID = "AB-000777"


def made(folder: Path, board: p.Board) -> Path:
    """A device image of this tree, by the command."""
    micropython, image = folder / "micropython.bin", folder / "device.img"
    micropython.write_bytes(stand_in(board.chip.name))
    accept = sha256(micropython.read_bytes()).hexdigest()
    words = ["--micropython", str(micropython), "--accept", accept]
    words += ["--new-key", str(folder / "key"), "--out", str(image)]
    assert cli.main(["image", board.target, "--board", board.name, *words]) == 0
    return image


def flashed(folder: Path, board: p.Board) -> VirtualBoard:
    """A board that holds that image and an identity, pulled out again."""
    bare = VirtualBoard(folder, board.chip.name, board.flash_mib, "24:0a:c4:00:00:07")
    with bare:
        assert cli.main(["flash", str(made(folder, board)), "--port", str(bare.port)]) == 0
    row = p.part(board.table, p.NVS)
    identity = {"device_id": DEVICE_ID.encode(), "device_key": bytes(range(16))}
    with bare.file.open("r+b") as file:
        file.seek(row.offset)
        file.write(nvs_image.encode({"anbu": identity}, row.size))
    return bare


class Bench:
    """A device with power, and what it says on the air."""

    def __init__(self, device: FlashedDevice, radio: Any) -> None:  # noqa: ANN401 - Bumble's
        self.device = device
        self._radio = radio

    @property
    def advertises(self) -> bool:
        """Whether the app runs: it advertises, and not a fault."""
        advertiser = self._radio.controller.le_legacy_advertiser
        data: bytes = getattr(advertiser, "advertising_data", None) or b""
        return data[:-1] == gatt.advertisement(0)[:-1] and not data[-1] & gatt.FAULT

    async def mpremote(self, *words: str) -> str:
        """What real mpremote prints; it starts the chip anew first, but after `resume`."""
        argv = ["-m", "mpremote", "connect", str(self.device.console), *words]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        out, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, out.decode()
        return out.decode()


@asynccontextmanager
async def powered(folder: Path, bare: VirtualBoard, board: BareBoard[Any]) -> AsyncIterator[Bench]:
    """The flashed board in its case: chips around it, air, power."""
    air = Air()
    own = folder / "device"
    own.mkdir()
    await board.start()
    await air.start(folder / "hci.sock")
    radio = air.add_box(board)
    device = FlashedDevice(bare.file, own, folder / "board.sock", MICROPYTHON)
    device.power_on()
    try:
        yield Bench(device, radio)
    finally:
        device.power_off()
        await air.stop()
        await board.stop()


async def judge(folder: Path, kind: p.Board, board: BareBoard[Any]) -> VirtualBoard:
    bare = await asyncio.to_thread(flashed, folder, kind)
    async with powered(folder, bare, board) as bench:
        await until(lambda: bench.advertises, bench.device.said.decode(errors="replace"))
        listed = await bench.mpremote("resume", "fs", "ls", ":/a")
        assert {"main.mpy", "head", "whole"} <= set(listed.split())
        loader = (await bench.mpremote("fs", "sha256sum", ":/main.py")).split()[-1]
        source = Path(__file__).parents[2] / "firmware/loader/main.py"
        assert loader == sha256(source.read_bytes()).hexdigest()
        asked = "import esp32; b = bytearray(32); n = esp32.NVS('anbu').get_blob('device_id', b)"
        assert DEVICE_ID in await bench.mpremote("exec", f"{asked}; print(bytes(b[:n]).decode())")
    return bare


def test_the_flashed_box_boots_and_answers(tmp_path: Path) -> None:
    """Image, flash, boot, advertisement, mpremote; what it counted stands in its flash again."""
    kind = p.BOARDS["pillbox-s3"]
    bare = asyncio.run(judge(tmp_path, kind, Board(tmp_path / "board.sock")))
    row = p.part(kind.table, p.NVS)
    store = nvs_image.decode(bare.flash[row.offset : row.end])
    assert store["anbu"]["device_id"] == DEVICE_ID.encode()
    assert store["anbu"]["boot"] == 1
    assert "anbu_slots" in store


@pytest.mark.long
def test_a_box_whose_nvs_was_wiped_lives_on(tmp_path: Path) -> None:
    """Only the second copy of its keys is left: it says so, starts anew, and is itself again."""
    kind = p.BOARDS["pillbox-s3"]
    bare = VirtualBoard(tmp_path, kind.chip.name, kind.flash_mib, "24:0a:c4:00:00:07")
    with bare:
        assert cli.main(["flash", str(made(tmp_path, kind)), "--port", str(bare.port)]) == 0
    own = {"device_id": DEVICE_ID.encode(), "device_key": bytes(range(16))}
    with bare.file.open("r+b") as file:
        file.seek(p.part(kind.table, p.KEYS).offset)
        file.write(spare(blobs({"anbu": own})))

    async def story() -> None:
        async with powered(tmp_path, bare, Board(tmp_path / "board.sock")) as bench:
            said = bench.device.said
            await until(lambda: b"they are back from their second copy" in said, str(said))
            await until(lambda: bench.advertises, str(said))

    asyncio.run(story())
    row = p.part(kind.table, p.NVS)
    store = nvs_image.decode(bare.flash[row.offset : row.end])["anbu"]
    assert own.items() <= store.items()
    assert store["boot"] == 2


@pytest.mark.long
def test_the_flashed_plug_boots_and_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for a care node: ESP32-C3, 4 MiB."""
    monkeypatch.setattr("sys.stdin.readline", lambda: "isolated\n")
    board = CareBoard(tmp_path / "board.sock", "care-node")
    asyncio.run(judge(tmp_path, p.BOARDS["care-node"], board))
