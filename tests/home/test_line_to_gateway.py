"""From a bare board to a dose at the gateway: image, bench-line, boot, enrolment file, lid.

Everything is the product's: `anbu image` of this tree, real esptool, the flashed bytes in real
MicroPython over simulated chips, the whole gateway with its own radio. Nobody copies a key by hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.config import Config, RadioSettings
from gateway.enrolling import PlaceDevice
from gateway.events import DeviceRecord, Event, ScheduleOnBox
from gateway.roster import Device, Person, Regimen, Roster
from tests.home.real_box import MICROPYTHON, until
from tests.home.test_flash_chain import made
from tools import cli
from tools.home import bleak_backend
from tools.home.air import Air
from tools.home.flashed import FlashedDevice
from tools.home.machine.board import Board
from tools.home.virtual_board import VirtualBoard
from tools.technician import partitions as p
from tools.technician.provisioning import hand_out

MACS = ("24:0a:c4:00:00:01", "24:0a:c4:00:00:02")
KIND = p.BOARDS["pillbox-s3"]
BY = "technician"


def noon() -> tuple[dt.datetime, str]:
    """Now where it is noon, and that time zone: the dose's day shall not end in the test."""
    hours = 12 - dt.datetime.now(dt.UTC).hour
    zone = f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=hours))), zone


def config(folder: Path, hci: str) -> tuple[Config, int]:
    """A home without a device, its dose due in twenty minutes; the lid of that dose."""
    now, zone = noon()
    due = (now + dt.timedelta(minutes=20)).strftime("%H:%M")
    roster = Roster(
        home_id="home-1",
        time_zone=zone,
        language="ko",
        persons=(Person("soonja", "김순자"),),
        regimens=(Regimen("soonja", ("noon",), due, 60, 60, 60),),
    )
    asked = Config(
        database=folder / "anbu.db",
        roster=roster,
        keys={},
        radio=RadioSettings("tools.home.bleak_backend", hci, 1.0),
        modem_port=str(folder / "no-modem"),
        modem_patience=1.0,
        web=None,
    )
    return asked, 4 * now.weekday() + 1


def batch(folder: Path, recipient: str, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Two boards through the line, sealed for this gateway: MAC → serial."""
    image = made(folder, KIND)
    capsys.readouterr()
    boards = [VirtualBoard(folder, KIND.chip.name, KIND.flash_mib, mac) for mac in MACS]
    with boards[0], boards[1]:
        ports = [word for board in boards for word in ("--port", str(board.port))]
        files = ["--ledger", str(folder / "ledger"), "--out", str(folder / "labels")]
        words = ["bench-line", str(image), *ports, *files, "--for", recipient, "--json"]
        assert cli.main(words) == 0
    devices = json.loads(capsys.readouterr().out)["devices"]
    return {device["mac"]: device["serial"] for device in devices}


@contextlib.asynccontextmanager
async def alive(folder: Path, mac: str, air: Air) -> AsyncIterator[Board]:
    """That board in its case, with power and air."""
    board = Board(folder / "board.sock")
    own = folder / "device"
    own.mkdir()
    await board.start()
    air.add_box(board)
    flash = folder / f"{mac.replace(':', '')}.flash"
    device = FlashedDevice(flash, own, folder / "board.sock", MICROPYTHON)
    device.power_on()
    try:
        yield board
    except BaseException:
        print(device.said.decode(errors="replace")[-2000:])
        raise
    finally:
        device.power_off()
        await board.stop()


async def live(
    folder: Path, told: list[Event], capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """The gateway first: it says for whom to seal; then the devices; then a hand at the lid."""
    air = Air(supervision_timeout_s=0.5)
    hci = await air.start(folder / "hci.sock")
    asked, lid = config(folder, hci)
    gateway = Gateway(asked, bleak_backend, tell=told.append)
    work = asyncio.create_task(gateway.run())
    bench = gateway.bench
    try:
        serials = await asyncio.to_thread(batch, folder, bench.recipient(), capsys)
        async with alive(folder, MACS[1], air) as board:
            sealed = next((folder / "labels").glob("*.age")).read_bytes()
            units = await asyncio.to_thread(bench.opened, sealed)
            bench.keep(tuple(unit.label for unit in units))
            place = PlaceDevice(Device(serials[MACS[1]], "pillbox", "soonja", "안방"), BY)
            await until(lambda: gateway.threads._loop is not None)
            await asyncio.to_thread(gateway.desk.enter, place)
            await until(
                lambda: any(isinstance(fact, ScheduleOnBox) for fact in told), "no schedule"
            )
            await asyncio.sleep(5)  # the box looks at a new schedule: the window is open then
            board.lid(lid, True)
            await asyncio.sleep(1.5)
            board.lid(lid, False)
            await until(lambda: any(_taken(fact) for fact in told), "no dose at the gateway")
    except BaseException:
        print(*told[-30:], sep="\n")
        raise
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await air.stop()
    return serials


def _taken(fact: Event) -> bool:
    return isinstance(fact, DeviceRecord) and fact.record_kind == wire.SLOT_TAKEN


@pytest.mark.long
@pytest.mark.timeout(180)
def test_the_first_dose_arrives_under_the_devices_own_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of a batch of two is enrolled by its file alone: schedule, lid, dose.

    Its records carry the serial that bench-line printed; of the other device nothing is heard.
    """
    monkeypatch.setattr(hand_out, "pdf", lambda _pages, _sheets: b"%PDF")
    told: list[Event] = []
    serials = asyncio.run(live(tmp_path, told, capsys))
    records = [fact for fact in told if isinstance(fact, DeviceRecord)]
    assert {record.device_id for record in records} == {serials[MACS[1]]}
