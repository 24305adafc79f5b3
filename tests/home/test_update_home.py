"""An update by air to the real firmware: real radio stacks, real littlefs, real loader (P14)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from anbu_wire import messages as m
from gateway.sources.radio import NotReached, RadioSource
from gateway.sync.commands import READ_VITALS
from gateway.sync.sending import Outcome, Sending
from tests.home.loaded_box import LoadedBox
from tests.home.radio_home import DEVICE_ID, KEY, TIMES
from tests.home.real_box import Sink
from tools.home import bleak_backend
from tools.home.air import Air
from tools.home.machine.board import Board
from tools.technician import image
from tools.technician.signing import public_bytes

OLD, NEW = 1, 2
PATIENCE_S = 90.0


async def send(source: RadioSource, sending: Sending, until: Outcome) -> None:
    """Whatever breaks in between, until that outcome."""
    end = time.monotonic() + PATIENCE_S
    while sending.outcome != until:
        assert time.monotonic() < end, (sending.outcome, sending.why, sending.offset)
        command = sending.next()
        if command is None:
            await asyncio.sleep(0.5)
            sending.again()
            continue
        try:
            sending.take(await source.command(DEVICE_ID, command, 20))
        except NotReached:
            sending.again()


async def update(folder: Path, measured: dict[str, float]) -> Sink:
    key = ec.generate_private_key(ec.SECP256R1())
    box, sink = LoadedBox(folder, DEVICE_ID, KEY), Sink()
    box.flash(image.make("pillbox", OLD, key, None), public_bytes(key))
    air, board = Air(supervision_timeout_s=2), Board(folder / "board", watchdog_slack=5)
    try:
        hci = await air.start(folder / "hci")
        await board.start()
        air.add_box(board)
        await box.start(folder / "board")
        source = RadioSource({DEVICE_ID: KEY}, bleak_backend, sink, hci=hci, times=TIMES)
        radio = asyncio.create_task(source.run())
        try:
            bundle = image.make("pillbox", NEW, key, None)
            await _send_and_measure(source, sink, bundle, measured)
        finally:
            radio.cancel()
            await asyncio.gather(radio, return_exceptions=True)
        assert box.starts == 2, box.lines
    except BaseException:
        print(measured, sink.said, box.lines)
        raise
    finally:
        await box.power_off()
        await air.stop()
        await board.stop()
    return sink


async def _send_and_measure(
    source: RadioSource, sink: Sink, bundle: bytes, measured: dict[str, float]
) -> None:
    vitals = await source.command(DEVICE_ID, READ_VITALS, 60)
    measured["heap free before"] = vitals.fields["heap_free_bytes"]
    sending = Sending(bundle)
    started = time.monotonic()
    await send(source, sending, Outcome.STAGED)
    measured["bytes"] = sending.size_bytes
    measured["seconds"] = round(time.monotonic() - started, 1)
    vitals = await source.command(DEVICE_ID, READ_VITALS, 20)
    measured["heap free staged"] = vitals.fields["heap_free_bytes"]
    sending.again()
    await send(source, sending, Outcome.CONFIRMED)
    vitals = await source.command(DEVICE_ID, READ_VITALS, 60)
    measured["heap free after"] = vitals.fields["heap_free_bytes"]
    assert vitals.fields["boot"] == 2
    async with asyncio.timeout(PATIENCE_S):  # the record of the outcome is pushed
        while not sink.values(m.UPDATE_RESULT):  # noqa: ASYNC110 - the radio brings it
            await asyncio.sleep(0.1)
    await asyncio.sleep(3)  # and nothing comes after it that should not


@pytest.mark.timeout(240)
def test_the_real_firmware_is_updated_by_air(tmp_path: Path) -> None:
    """Sent in sealed chunks, staged, started by the loader, confirmed by the gateway's session.

    The log goes on: both starts and the outcome are in it, and no record is missing.
    """
    measured: dict[str, float] = {}
    sink = asyncio.run(update(tmp_path, measured))
    print(measured)
    assert sink.values(m.UPDATE_RESULT) == [NEW]
    kinds = [record.kind for record in sink.records]
    assert kinds.count(m.BOOT) == 2
    assert sink.seqs == list(range(1, len(sink.seqs) + 1))
