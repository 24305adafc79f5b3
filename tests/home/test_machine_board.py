"""The board over its socket, with a client of the test's own."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.home.box_process import board_at
from tools.home.machine.board import Board
from tools.home.machine.pin_numbers import pin

FALLING, RISING = 2, 1


class Client:
    """The box's end of the link, in CPython."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def frame(self) -> tuple[int, bytes]:
        head = await asyncio.wait_for(self.reader.readexactly(3), 10)
        size, kind = struct.unpack("<HB", head)
        return kind, await self.reader.readexactly(size)

    async def ask(self, kind: int, payload: bytes = b"") -> tuple[int, bytes]:
        self.writer.write(struct.pack("<HB", len(payload), kind) + payload)
        return await self.frame()

    async def i2c(self, address: int, data: bytes, count: int) -> bytes:
        _kind, answer = await self.ask(0x24, struct.pack("<BBH", 0, address, count) + data)
        return answer


@asynccontextmanager
async def client_of(folder: Path) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_unix_connection(folder / "board.sock"))
    await client.ask(0x25, bytes((0, pin("I2C_SDA"), pin("I2C_SCL"))))
    try:
        yield client
    finally:
        client.writer.close()


async def gone(board: Board) -> None:
    away = asyncio.Event()
    board.on_box(lambda connected: None if connected else away.set())
    if board.box_connected:
        await asyncio.wait_for(away.wait(), 10)


def test_requests_and_refusals(tmp_path: Path) -> None:
    """Every request gets one answer of its type; nonsense is refused in words, and life goes on."""

    async def story() -> None:
        async with board_at(tmp_path), client_of(tmp_path) as client:
            assert await client.ask(0x22, bytes((pin("MAINS_PRESENT"),))) == (0xA2, b"\x01")
            kind, why = await client.ask(0x3F)
            assert (kind, b"0x3f" in why) == (0xFF, True)
            assert (await client.ask(0x21, b"\x01"))[0] == 0xFF
            assert await client.ask(0x2A) == (0xAA, b"\x01")

    asyncio.run(story())


def test_wrong_bus_pins_reach_nobody(tmp_path: Path) -> None:
    """An I2C bus on other pins than the board's is not acknowledged."""

    async def story() -> None:
        async with board_at(tmp_path), client_of(tmp_path) as client:
            assert (await client.i2c(0x20, b"\0", 1)) == b"\x00\xff"
            assert (await client.i2c(0x22, b"\0", 1)) == b"\x01"
            await client.ask(0x25, bytes((0, 1, 2)))
            assert (await client.i2c(0x20, b"\0", 1)) == b"\x01"

    asyncio.run(story())


def test_edges_come_as_events(tmp_path: Path) -> None:
    """A pressed button is told when its falling edge was asked for."""

    async def story() -> None:
        async with board_at(tmp_path) as board, client_of(tmp_path) as client:
            await client.ask(0x20, bytes((pin("BUTTON_OK"), 0, 2)))
            await client.ask(0x23, bytes((pin("BUTTON_OK"), FALLING)))
            board.button("ok", True)
            board.button("ok", False)
            board.button("ok", True)
            for _ in range(2):
                assert await client.frame() == (0x40, bytes((pin("BUTTON_OK"), 0)))

    asyncio.run(story())


def test_restart_keeps_chips_and_resets_pins(tmp_path: Path) -> None:
    """When the process dies the expander keeps its registers, lights and sound go out."""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            seen: list[bool] = []
            board.on_box(seen.append)
            async with client_of(tmp_path) as client:
                await client.i2c(0x20, b"\x0c\x7f", 0)
                await client.ask(0x20, bytes((pin("LIGHTS_POWER"), 1, 0)))
                await client.ask(0x27, bytes((pin("LIGHTS_DATA"),)) + b"\x09" * 84)
                assert board.picture()["lights"] == [[9, 9, 9]] * 28
                await client.ask(0x29)
            await gone(board)
            assert board.picture()["lights"] == [[0, 0, 0]] * 28
            async with client_of(tmp_path) as client:
                assert await client.i2c(0x20, b"\x0c", 1) == b"\x00\x7f"
                assert await client.ask(0x2A) == (0xAA, b"\x02")
            await gone(board)
            assert seen == [True, False, True, False]

    asyncio.run(story())


def test_power_cut(tmp_path: Path) -> None:
    """A power cut resets the chips and drops the process, the clock runs on, lids stay."""

    async def story() -> None:
        async with board_at(tmp_path) as board:
            board.lid(0, True)
            async with client_of(tmp_path) as client:
                await client.i2c(0x20, b"\x0c\x7f", 0)
                await client.ask(0x29)
                before = await client.i2c(0x68, b"\x02", 5)
                board.power_cut()
                await gone(board)
            async with client_of(tmp_path) as client:
                assert await client.i2c(0x20, b"\x0c", 1) == b"\x00\x00"
                assert (await client.i2c(0x68, b"\x02", 5))[2:] == before[2:]
                assert (await client.i2c(0x68, b"\x0f", 1))[1] & 0x80 == 0
                assert await client.ask(0x2A) == (0xAA, b"\x01")
            assert board.picture()["lids"][0]

    asyncio.run(story())


def test_a_newer_process_takes_the_place(tmp_path: Path) -> None:
    """A second connection ends the first one and is served."""

    async def story() -> None:
        async with (
            board_at(tmp_path) as board,
            client_of(tmp_path) as old,
            client_of(tmp_path) as new,
        ):
            assert await old.reader.read() == b""
            assert (await new.ask(0x22, b"\x01"))[0] == 0xA2
            assert board.box_connected

    asyncio.run(story())


def test_routes_and_events_for_the_radio(tmp_path: Path) -> None:
    """Routed requests reach their handler, events reach the box, and nobody when it is gone."""

    async def radio(kind: int, payload: bytes) -> bytes:
        await asyncio.sleep(0)
        return bytes((kind,)) + payload

    async def story() -> None:
        async with board_at(tmp_path) as board:
            board.route(range(0x10, 0x20), radio)
            assert not await board.event(0x50, b"nobody")
            async with client_of(tmp_path) as client:
                assert await client.ask(0x12, b"abc") == (0x92, b"\x12abc")
                assert await board.event(0x51, b"irq")
                assert await client.frame() == (0x51, b"irq")

    asyncio.run(story())


def test_alarm_pulls_its_line(tmp_path: Path) -> None:
    """An alarm of the clock chip comes as an edge without anybody reading the chip."""

    async def story() -> None:
        async with board_at(tmp_path), client_of(tmp_path) as client:
            await client.ask(0x20, bytes((pin("RTC_INT"), 0, 2)))
            await client.ask(0x23, bytes((pin("RTC_INT"), FALLING)))
            await client.i2c(0x68, b"\x07\x80\x80\x80\x80", 0)
            await client.i2c(0x68, b"\x0e\x05\x00", 0)
            assert await client.frame() == (0x40, bytes((pin("RTC_INT"), 0)))

    asyncio.run(story())


def test_picture_is_json_and_changes_are_told(tmp_path: Path) -> None:
    """Each hand on the box changes the picture, which is plain JSON, and is told."""
    told: list[int] = []
    board = Board(tmp_path / "s", on_change=lambda: told.append(1), battery_percent=70)
    board.lid(27, True)
    board.mains(False)
    board.battery(41)
    picture = json.loads(json.dumps(board.picture()))
    assert picture["lids"] == [False] * 27 + [True]
    assert (picture["mains"], picture["battery_percent"], picture["sound"]) == (False, 41, None)
    assert len(told) == 3
