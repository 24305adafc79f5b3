"""The real radio code of both ends over the virtual air: real frames, real GATT, real processes.

Knows: the box's edge, the gateway's radio source, the air between them and its faults.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bleak import BleakScanner
from bleak.exc import BleakError

from anbu_wire import gatt, schedule
from tests.home.radio_home import DEVICE_ID, KEY, PATIENCE_S, ROOT, Home, home, stranger
from tools.home import bleak_backend
from tools.home.nimble import LOST, NO_MEMORY, SENT


def test_what_a_stranger_hears_and_reads(tmp_path: Path) -> None:
    """The advertisement names nobody; Hello, Device Information and Battery can be read."""

    async def story() -> None:
        async with home(tmp_path) as h:
            await bleak_backend.open(h.hci)
            found = await BleakScanner.discover(
                timeout=1.0, return_adv=True, backend=bleak_backend.scanner_class
            )
            ((_device, adv),) = found.values()
            assert adv.local_name is None
            assert adv.service_uuids == [gatt.SERVICE_UUID]
            told = {gatt.COMPANY_ID: gatt.manufacturer_data(gatt.CONNECT_PLEASE)}
            assert adv.manufacturer_data == told
            client = await stranger(h.hci)
            hello = bytes(await client.read_gatt_char(gatt.HELLO_UUID))
            assert gatt.decode_hello(hello)[3] == DEVICE_ID
            serial = await client.read_gatt_char(f"{gatt.SERIAL_NUMBER:04x}")
            assert bytes(serial) == DEVICE_ID.encode()
            assert bytes(await client.read_gatt_char(f"{gatt.BATTERY_LEVEL:04x}")) == b"\x5a"
            assert client.mtu_size == gatt.MTU
            await client.disconnect()
            await bleak_backend.close()

    asyncio.run(story())


def test_records_schedule_and_pushes_arrive_once_in_order(tmp_path: Path) -> None:
    """Found, proved, synced: every record is committed once, in order, then acknowledged."""

    async def story() -> None:
        async with home(tmp_path, records=40) as h:
            h.sink.schedule = (7, bytes(schedule.MAX_BYTES))
            async with h.gateway() as source:
                await h.until_synced(40)
                await h.until(lambda: "schedule 7" in h.sink.said, "no schedule on the box")
                h.box.push(12)
                await h.until_synced(52)
                h.sink.schedule = (8, bytes(schedule.HEAD_BYTES))
                source.schedule_changed(DEVICE_ID)
                await h.until(lambda: "schedule 8" in h.sink.said, "no new schedule on the box")
            assert h.sink.seqs == list(range(1, 53))
            assert f"schedule 7 {schedule.MAX_BYTES}" in h.box.lines
            assert h.sink.count("up") == 1

    asyncio.run(story())


def test_out_of_range_and_back(tmp_path: Path) -> None:
    """A link that breaks is told; what happened meanwhile comes with the next link, once."""

    async def story() -> None:
        async with home(tmp_path, records=5) as h, h.gateway():
            await h.until_synced(5)
            h.radio.out_of_range(True)
            await h.until(lambda: h.sink.count("down") == 1, "the break was not told")
            h.box.push(20)
            h.radio.out_of_range(False)
            await h.until_synced(25)
            assert h.sink.seqs == list(range(1, 26))
            assert h.sink.count("up") == 2

    asyncio.run(story())


def test_a_short_absence_loses_nothing(tmp_path: Path) -> None:
    """Back within the supervision timeout: the link layer repeats, the session goes on."""

    async def story() -> None:
        async with home(tmp_path, records=5) as h, h.gateway():
            await h.until_synced(5)
            h.air.link.supervision_timeout_s = 30  # however slow this machine is
            h.air.out_of_range(True)
            h.box.push(3)
            await asyncio.sleep(0.1)
            h.air.out_of_range(False)
            await h.until_synced(8)
            assert h.sink.count("up") == 1
            assert h.sink.count("down") == 0

    asyncio.run(story())


@pytest.mark.parametrize("fate", [LOST, NO_MEMORY])
def test_notifications_that_do_not_arrive(tmp_path: Path, fate: str) -> None:
    """Lost in the stack or refused for want of memory: all records come, once and in order."""

    async def story() -> None:
        chance = random.Random(20)
        async with home(tmp_path, records=60) as h, h.gateway():
            await h.until(lambda: h.sink.count("up") == 1, "no link")
            h.radio.nimble.fate = lambda _value: fate if chance.random() < 0.1 else SENT
            h.box.push(20)
            await h.until_synced(80)
            assert h.sink.seqs == list(range(1, 81))

    asyncio.run(story())


def test_everything_works_at_the_smallest_mtu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A central that never asks for more than 23 bytes gets all records and leaves a schedule."""

    async def story() -> None:
        async with home(tmp_path, records=20) as h:
            h.sink.schedule = (2, bytes(schedule.HEAD_BYTES + 5 * schedule.ENTRY_BYTES))
            async with h.gateway():
                await h.until_synced(20)
                await h.until(lambda: "schedule 2" in h.sink.said, "no schedule on the box")

    monkeypatch.setattr(bleak_backend, "MTU", 23)
    asyncio.run(story())


def test_garbage_ends_the_session_only(tmp_path: Path) -> None:
    """Whoever writes nonsense is disconnected; the firmware lives and serves the gateway."""

    async def one_bad_central(h: Home, chance: random.Random) -> None:
        client = await stranger(h.hci)

        async def write_garbage() -> None:
            for _ in range(1000):
                piece = chance.randbytes(chance.randint(0, 244))
                await client.write_gatt_char(gatt.CONTROL_UUID, piece, response=True)

        with pytest.raises(BleakError):  # sooner or later the box hangs up
            await write_garbage()
        await bleak_backend.close()

    async def story() -> None:
        chance = random.Random(4)
        async with home(tmp_path, records=5) as h:
            for _ in range(5):
                await one_bad_central(h, chance)
            assert h.box.alive
            async with h.gateway():
                await h.until_synced(5)

    asyncio.run(story())


def test_wrong_key_is_told_and_changes_nothing(tmp_path: Path) -> None:
    """A gateway with another key gets no record and is told why, once; the right one then works."""

    async def story() -> None:
        async with home(tmp_path, records=5) as h:
            async with h.gateway({DEVICE_ID: bytes(16)}):
                await h.until(lambda: h.sink.count("down") == 1, "nothing was told")
                await asyncio.sleep(2)
                assert h.sink.count("down") == 1
                assert "wrong proof" in h.sink.said[0]
            assert not h.sink.seqs
            async with h.gateway():
                await h.until_synced(5)

    asyncio.run(story())


def test_a_device_of_another_home_is_left_alone(tmp_path: Path) -> None:
    """A box that is not in the configuration is asked for its name once, told, and left alone."""

    async def story() -> None:
        async with home(tmp_path) as h, h.gateway({"other": KEY}):
            await h.until(lambda: h.sink.count("trouble") == 1, "the stranger was not told")
            await asyncio.sleep(2)
            assert len(h.sink.said) == 1
            assert "session" not in h.box.lines

    asyncio.run(story())


def test_the_box_restarts(tmp_path: Path) -> None:
    """A box whose process dies loses its link; a new process is found and synced again."""

    async def story() -> None:
        async with home(tmp_path, records=5) as h, h.gateway():
            await h.until_synced(5)
            await h.box.kill()
            await h.until(lambda: h.sink.count("down") == 1, "the dead box was not noticed")
            await h.box.start()
            await h.until(lambda: h.sink.count("up") == 2, "the new process was not found")
            h.box.push(2)
            await h.until_synced(7)

    asyncio.run(story())


def test_a_write_is_cut_at_the_buffer_and_answered_after_the_handler(tmp_path: Path) -> None:
    """Pieces of 244 bytes arrive whole only because the firmware asked for the room."""

    async def story() -> None:
        async with home(tmp_path) as h:
            client = await stranger(h.hci)
            values = h.radio.nimble._values
            control = client.services.get_characteristic(gatt.CONTROL_UUID)
            assert control
            assert values[control.handle].room_bytes == gatt.BUFFER_BYTES
            values[control.handle].room_bytes = 20
            await client.write_gatt_char(control, bytes(100), response=True)
            assert len(values[control.handle].data) == 20
            await bleak_backend.close()

    asyncio.run(story())


async def _gateway_process(h: Home, known: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "tests/home/radio_gateway.py"), h.hci, str(known)),
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'firmware/lib'}"},
        stdout=asyncio.subprocess.PIPE,
    )


async def _read_until(process: asyncio.subprocess.Process, last: str) -> list[str]:
    """The process's lines up to the first that ends with `last`."""
    assert process.stdout
    lines: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        while not (lines and lines[-1].endswith(last)):
            line = await process.stdout.readline()
            assert line, f"the gateway's process ended after {lines}"
            lines.append(line.decode().rstrip())
    return lines


def test_the_gateway_is_another_process(tmp_path: Path) -> None:
    """Over the HCI socket another process syncs; killed and started again it goes on after 20."""

    async def story() -> None:
        async with home(tmp_path, records=20) as h:
            first = await _gateway_process(h, 0)
            lines = await _read_until(first, " 20")
            assert lines[0] == "up"
            await h.until(lambda: "acknowledged 20" in h.box.lines, "not acknowledged")
            first.send_signal(signal.SIGKILL)
            await first.wait()
            h.box.push(3)
            second = await _gateway_process(h, 20)
            lines = await _read_until(second, " 23")
            first_commit = next(line for line in lines if line.startswith("committed"))
            assert first_commit.startswith("committed 21 ")
            second.kill()
            await second.wait()

    asyncio.run(story())


def test_sixty_times_faster_with_production_time_outs(tmp_path: Path) -> None:
    """In a house at x60 the production time-outs still hold; a silent stranger is sent away."""
    faketime = shutil.which("faketime")
    assert faketime, "faketime is missing: apt-get install faketime"
    story = [sys.executable, str(ROOT / "tests/home/radio_fast.py"), str(tmp_path)]
    path = f"{ROOT}:{ROOT / 'firmware/lib'}"
    done = subprocess.run(
        [faketime, "-f", "+0 x60", *story],
        env={**os.environ, "PYTHONPATH": path, "ANBU_SPEED": "60"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout.endswith("well\n"), done.stdout + done.stderr
