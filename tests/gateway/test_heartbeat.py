"""The dead-man switch: what a watch outside sees of a gateway that lives, is ill, or hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from gateway.app.alive import Alive
from gateway.channels.heartbeat import PROGRESS_MS, Heartbeat, Progress

Seen = list[tuple[str, str, str]]  # (method, path, body)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.ms = 1_000_000

    def now_ms(self) -> int:
        """What it shows."""
        return self.ms


async def _watch(seen: Seen, status: str, work: Callable[[str], Awaitable[None]]) -> None:
    """A local server that notes what it is asked and answers with a status, while `work` runs."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _version = head.split("\r\n")[0].split()
        length = next(
            int(line.split(":")[1])
            for line in head.lower().split("\r\n")
            if line.startswith("content-length")
        )
        seen.append((method, path, (await reader.readexactly(length)).decode()))
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nOK".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        await work(f"http://127.0.0.1:{port}/uuid")


def _told(
    *, good: bool = True, hang_ms: int = 0, status: str = "200 OK"
) -> tuple[Seen, list[bool]]:
    """What the watch saw of one start and one beat, and what each call returned."""
    seen: Seen = []
    answers: list[bool] = []

    async def work(url: str) -> None:
        clock = Clock()
        progress = Progress(clock.now_ms, ["decide", "send"])
        beat = Heartbeat(url, 60, progress, lambda: (good, "box=up"))
        answers.append(await beat.ping("/start", "started"))
        clock.ms += hang_ms
        progress.beat("decide")
        answers.append(await beat.tell())

    asyncio.run(_watch(seen, status, work))
    return seen, answers


def test_the_watch_hears_start_and_health() -> None:
    """It is told the beginning, then that all is well, with a short body and no name in it."""
    seen, answers = _told()
    assert [(m, p) for m, p, _b in seen] == [("POST", "/uuid/start"), ("POST", "/uuid")]
    assert seen[1][2] == "box=up\ndecide=0s send=0s\n"
    assert answers == [True, True]


def test_an_ill_part_is_a_fail() -> None:
    """A modem that does not work is told at once, not by silence."""
    seen, _answers = _told(good=False)
    assert seen[-1][1] == "/uuid/fail"


def test_a_loop_that_hangs_is_silence() -> None:
    """One loop goes round, the other does not: nothing is said, so the watch outside notices."""
    seen, answers = _told(hang_ms=PROGRESS_MS + 1)
    assert [path for _m, path, _b in seen] == ["/uuid/start"]
    assert answers == [True, False]
    assert len(_told(hang_ms=PROGRESS_MS)[0]) == 2


def test_a_watch_that_refuses_is_noticed() -> None:
    """An address that nobody knows is no success."""
    assert _told(status="404 Not Found")[1] == [False, False]


def test_no_network_stops_nothing() -> None:
    """Nothing listens: the beat says so and goes on."""
    progress = Progress(Clock().now_ms, ["decide"])
    beat = Heartbeat("http://127.0.0.1:1/uuid", 60, progress, lambda: (True, ""))
    assert asyncio.run(beat.tell()) is False


def test_a_loop_that_nobody_named_is_a_mistake() -> None:
    """A loop that is misspelt would never be missed."""
    with pytest.raises(KeyError, match="dceide"):
        Progress(Clock().now_ms, ["decide"]).beat("dceide")


# --- since when nobody looked ------------------------------------------------------------------


def test_the_next_process_knows_when_the_last_was_at_work(tmp_path: Path) -> None:
    """The file is beside the database; none, a broken one or one of the future says nothing."""
    clock = Clock()
    alive = Alive(tmp_path / "anbu.db", clock.now_ms)
    assert alive.last_ms() is None
    alive.mark()
    clock.ms += 5
    assert Alive(tmp_path / "anbu.db", clock.now_ms).last_ms() == 1_000_000
    clock.ms = 999_999
    assert alive.last_ms() is None
    (tmp_path / "anbu.db.alive").write_text("half")
    assert alive.last_ms() is None


def test_a_disk_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """No folder, no file: the gateway works on."""
    alive = Alive(tmp_path / "gone" / "anbu.db", Clock().now_ms)
    alive.mark()
    assert alive.last_ms() is None
