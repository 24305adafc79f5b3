"""A care plug is updated by air: the real firmware, loader, radio stacks, in the chip's heap (P14).

It has no room to sense and to take an update: it starts anew for it, and again afterwards.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from anbu_wire import bundle as b
from anbu_wire import messages as m
from gateway.sync.commands import READ_METER, READ_VITALS
from gateway.sync.sending import REFUSED, Outcome, Sending
from tests.home.loaded_plug import NEW, LoadedPlug
from tests.home.real_box import until
from tools.technician import image

BOARDS = [
    ("metering-plug", None, None),
    pytest.param("care-node", "pzem004t", 3, marks=pytest.mark.long),
]


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("board", "meter", "chip"), BOARDS)
def test_a_plug_is_updated_by_air(
    tmp_path: Path, board: str, meter: str | None, chip: int | None
) -> None:
    """Asked, started anew for it, sent, staged, on trial, confirmed; it senses before and after."""

    async def story() -> None:
        async with LoadedPlug(tmp_path, board, meter, chip).at_home() as plug:
            plug.board.watts(1800.0)
            await until(lambda: bool(plug.sink.values(m.MAINS_BACK)), "it never came")
            measured = {"before": (await plug.ask(READ_VITALS)).fields["heap_free_bytes"]}
            sending = Sending(plug.bundle())
            await plug.send(sending, Outcome.STAGED, 20_000)
            measured["receiving"] = (await plug.ask(READ_VITALS)).fields["heap_free_bytes"]
            await plug.press(1)
            started = time.monotonic()
            await plug.send(sending, Outcome.STAGED)
            measured["bytes"] = sending.size_bytes
            measured["ms"] = round(1000 * (time.monotonic() - started))
            sending.again()
            await plug.send(sending, Outcome.CONFIRMED)
            await until(lambda: plug.sink.values(m.UPDATE_RESULT) == [NEW], "nothing was told")
            await plug.ask(READ_METER)
            measured["after"] = (await plug.ask(READ_VITALS)).fields["heap_free_bytes"]
            print(board, measured)
            assert plug.process.starts == 3, plug.process.lines
            kinds = [kind for kind, _value in plug.kinds()]
            assert kinds.count(m.BOOT) == 3
            assert kinds.count(m.MAINS_BACK) == 1
            assert plug.whole()

    asyncio.run(story())


@pytest.mark.long
@pytest.mark.timeout(240)
def test_what_is_not_for_this_board_or_not_signed_here_is_refused(tmp_path: Path) -> None:
    """A bundle of the other board, and one by another key: each refused, with the reason in words.

    Then it senses again, in the version it had, and a press meanwhile is not lost.
    """

    async def story() -> None:
        async with LoadedPlug(tmp_path, "care-node", None, None).at_home() as plug:
            await until(lambda: bool(plug.sink.values(m.MAINS_BACK)), "it never came")
            other_key = ec.generate_private_key(ec.SECP256R1())
            for starts, (why, data) in enumerate(
                (
                    (b.WRONG_BOARD, plug.bundle(board="metering-plug")),
                    (b.WRONG_KEY, image.make("careplug", NEW, other_key, None, "care-node")),
                )
            ):
                sending = Sending(data)
                await plug.send(sending, Outcome.REFUSED)
                assert sending.why == REFUSED[why]
                await plug.press(starts + 1)
                await until(lambda n=2 * starts + 3: plug.process.starts == n, "it stays")  # type: ignore[misc]
                assert (await plug.ask(READ_METER)).ok
            assert not plug.sink.values(m.UPDATE_RESULT)
            assert plug.whole()

    asyncio.run(story())


@pytest.mark.timeout(240)
@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 103])  # 103: its head was once read back in too many copies
def test_a_power_cut_at_a_drawn_byte(tmp_path: Path, seed: int) -> None:
    """It starts into ordinary life, and the sender goes on behind the last whole file, not at 0."""

    async def story() -> None:
        async with LoadedPlug(tmp_path, "metering-plug", None, None).at_home() as plug:
            await until(lambda: bool(plug.sink.values(m.MAINS_BACK)), "it never came")
            sending = Sending(plug.bundle())
            await plug.send(sending, Outcome.STAGED, Random(seed).randrange(15_000, 70_000))
            await plug.power_cut()
            await until(lambda: len(plug.sink.values(m.MAINS_BACK)) == 2, "no ordinary life")
            assert (await plug.ask(READ_METER)).ok
            sending.again()
            await plug.send(sending, Outcome.STAGED, 1)  # asks, and is answered by the other life
            assert sending.offset > 8_000
            await plug.send(sending, Outcome.STAGED)
            sending.again()
            await plug.send(sending, Outcome.CONFIRMED)
            await until(lambda: plug.sink.values(m.UPDATE_RESULT) == [NEW], "nothing was told")
            assert plug.whole()

    asyncio.run(story())
