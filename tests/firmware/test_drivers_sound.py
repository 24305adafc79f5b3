"""Both loudspeakers that pins.py may name, heard on the virtual board."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.home.box_process import box_at
from tools.home.machine.board import Board

HEARD_S = 20.0

# One tone after the other: the next begins when OK has been pressed and let go.
PROGRAM = """
import asyncio
import pins
pins.SOUND = "{kind}"
from board import Board
board = Board()
async def pressed():
    while not board.buttons()[0]:
        await asyncio.sleep_ms(5)
    while board.buttons()[0]:
        await asyncio.sleep_ms(5)
async def main():
    print(type(board.sound).__name__)
    for tone in {tones}:
        if tone:
            board.sound.play(*tone)
        else:
            board.sound.stop()
        await pressed()
asyncio.run(main())
"""
TONES = ((520, 1), (520, 3), (390, 2), (780, 2), (520, 0), (2000, 9), None, (520, 1))


async def hears(board: Board, wanted: dict[str, int] | None) -> None:
    """Returns when this is heard for a while; fails when it never is."""
    deadline_s = asyncio.get_running_loop().time() + HEARD_S
    times = 0
    while times < 5:
        assert asyncio.get_running_loop().time() < deadline_s, board.picture()["sound"]
        times = times + 1 if board.picture()["sound"] == wanted else 0
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(("kind", "driver"), [("pwm", "Sound"), ("i2s", "I2sSound")])
def test_tones(tmp_path: Path, kind: str, driver: str) -> None:
    """Either driver plays each pitch at each loudness until told otherwise, and is silent then."""

    async def story() -> None:
        async with box_at(tmp_path, PROGRAM.format(kind=kind, tones=TONES)) as (board, box):
            assert await box.line() == driver
            for tone in TONES:
                frequency_hz, loudness = tone or (0, 0)
                heard = {"frequency_hz": frequency_hz, "loudness": min(loudness, 3)}
                await hears(board, heard if loudness else None)
                board.button("ok", True)
                await asyncio.sleep(0.05)
                board.button("ok", False)

    asyncio.run(story())


def test_i2s_silence_is_at_once(tmp_path: Path) -> None:
    """`stop` shuts the amplifier down though samples are on their way, and writes no more."""
    program = """
import pins
pins.SOUND = "i2s"
from board import Board
board = Board()
board.sound.play(520, 3)
wait()
board.sound.stop()
print("stopped")
wait()
print("end")
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            await _until_sound(board)
            box.say()
            assert await box.line() == "stopped"
            assert board.picture()["sound"] is None
            box.say()
            assert await box.line() == "end"

    asyncio.run(story())


async def _until_sound(board: Board) -> None:
    deadline_s = asyncio.get_running_loop().time() + HEARD_S
    while board.picture()["sound"] is None:
        assert asyncio.get_running_loop().time() < deadline_s, "nothing is heard"
        await asyncio.sleep(0.005)


def test_i2s_pauses_when_the_program_stands_still(tmp_path: Path) -> None:
    """A program in one long call cannot hand over more: the tone ends by itself, and goes on."""
    program = """
import asyncio
import pins
pins.SOUND = "i2s"
from board import Board
board = Board()
async def main():
    board.sound.play(520, 2)
    wait()
    await asyncio.sleep(60)
asyncio.run(main())
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (board, box):
            await _until_sound(board)
            await hears(board, None)
            box.say()
            await hears(board, {"frequency_hz": 520, "loudness": 2})

    asyncio.run(story())
