"""The gateway's own life: an absence is told with its real times, and a hanging loop is silence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.app import Gateway
from gateway.app import alive as alive_of
from gateway.app.loops import Decider
from gateway.channels.heartbeat import PROGRESS_MS
from gateway.config.load import HeartbeatSettings
from gateway.events import GatewayStarted, IncidentOpened, PartFailed
from tests.gateway.home_facts import at
from tests.gateway.test_app import Home, HouseClock, SilentBackend, in_loop, running, until
from tools.home.gsm import VirtualModem

SOON_MIN = 0.001  # of a heartbeat: 60 ms


# --- an absence ----------------------------------------------------------------------------


@in_loop
async def test_an_absence_is_told_with_its_real_times(tmp_path: Path) -> None:
    """Off from 12:00 until 13:40: the next process tells exactly that, on her daughter's phone."""
    home = Home(tmp_path, HouseClock(at("12:00")))
    async with running(home) as gateway:
        await until(gateway.alive.last_ms)
    last_ms = gateway.alive.last_ms()
    assert last_ms is not None
    assert at("12:00") <= last_ms < at("12:01")
    home.clock.set(at("13:40"))
    async with running(home) as again:
        await until(lambda: home.daughter.inbox)
        began = [fact for fact in home.told if isinstance(fact, GatewayStarted)][-1]
        (lost,) = [fact for fact in home.told if isinstance(fact, IncidentOpened)]
        assert (lost.worry, lost.key, lost.person_id) == ("lost_sight", f"lost/{last_ms}", "")
        assert began.last_alive_ms == last_ms
        assert "12:00~13:40" in home.daughter.inbox[0].body
        assert again.hub.home.household.sight.absences == [(last_ms, began.at_ms)]


@in_loop
async def test_a_quick_restart_and_a_first_start_are_no_absence(tmp_path: Path) -> None:
    """Nobody is told of an update that took minutes, nor of the very first start."""
    home = Home(tmp_path, HouseClock(at("12:00")))
    async with running(home) as gateway:
        await until(gateway.alive.last_ms)
    home.clock.set(at("12:09"))
    async with running(home) as again:
        await until(lambda: (again.alive.last_ms() or 0) >= at("12:09"))
        again.decider.settle()
    assert [fact for fact in home.told if isinstance(fact, IncidentOpened)] == []


@in_loop
async def test_it_marks_that_it_lives_while_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file follows the clock, so that an absence is not told longer than it was."""
    monkeypatch.setattr(alive_of, "EVERY_S", 0.02)
    home = Home(tmp_path, HouseClock(at("12:00")))
    async with running(home) as gateway:
        home.clock.set(at("14:00"))
        await until(lambda: (gateway.alive.last_ms() or 0) >= at("14:00"))
    assert home.gateway().alive.last_ms() == gateway.alive.last_ms()


# --- the watch outside ----------------------------------------------------------------------


class StoppedClock(HouseClock):
    """Its monotonic side stands where the test puts it: loops are late by it alone."""

    def __init__(self, now_ms: int) -> None:
        super().__init__(now_ms)
        self.ran_ms = 0

    def monotonic_ms(self) -> int:
        return self.ran_ms


class Watch:
    """A local server that notes each path it is asked, and what it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split()[0])
        self.seen.append((head.split()[1], (await reader.readexactly(length)).decode()))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
        await writer.drain()
        writer.close()

    def beats(self) -> int:
        """How often it was told how it is, well or ill."""
        return sum(path in ("/uuid", "/uuid/fail") for path, _body in self.seen)


@contextlib.asynccontextmanager
async def watched(home: Home) -> AsyncIterator[tuple[Gateway, Watch]]:
    """A gateway at work, without a modem, that tells a watch outside very often."""
    watch = Watch()
    server = await asyncio.start_server(watch.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/uuid"
    beat = HeartbeatSettings(url, SOON_MIN)  # type: ignore[arg-type]
    config = replace(home.config(), heartbeat=beat)
    gateway = Gateway(config, SilentBackend(), tell=home.told.append, clock=home.clock)
    async with server:
        work = asyncio.create_task(gateway.run())
        try:
            yield gateway, watch
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work


def go_round(gateway: Gateway) -> None:
    """Whoever waits for something to do looks again."""
    for event in (gateway.hub.news, gateway.hub.mail, gateway.hub.orders):
        event.set()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, StoppedClock(at("12:00")))


def later(home: Home) -> None:
    """So long goes by that a loop which did not go round hangs."""
    assert isinstance(home.clock, StoppedClock)
    home.clock.ran_ms += PROGRESS_MS + 1


@in_loop
async def test_the_watch_is_told_that_all_loops_go_round(home: Home) -> None:
    """Started, then again and again, by loops that were asked to look; and nobody's name."""
    async with watched(home) as (gateway, watch):
        await until(lambda: watch.beats() >= 2)
        later(home)
        assert gateway.hub.progress.hanging() == ["decide", "orders", "send"]
        go_round(gateway)
        await until(lambda: not gateway.hub.progress.hanging())
        before = watch.beats()
        await until(lambda: watch.beats() > before + 1)
    assert watch.seen[0][0] == "/uuid/start"
    said = "".join(body for _path, body in watch.seen)
    assert "decide=0s orders=0s send=0s" in said
    assert "김순자" not in said
    assert "AB-000001" not in said


@in_loop
async def test_a_hanging_loop_stops_the_heartbeat(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other loop goes round, this one waits for ever: the watch hears nothing any more."""
    stuck = asyncio.Event()

    async def hang(_self: Decider) -> None:
        await stuck.wait()

    monkeypatch.setattr(Decider, "run", hang)
    async with watched(home) as (gateway, watch):
        await until(lambda: watch.beats() >= 1)
        later(home)
        go_round(gateway)
        await until(lambda: gateway.hub.progress.hanging() == ["decide"])
        await asyncio.sleep(0.1)  # a beat that was under way
        silent = len(watch.seen)
        await asyncio.sleep(0.5)  # eight times its interval
        assert len(watch.seen) == silent


@in_loop
async def test_a_gateway_with_all_its_parts_is_well(home: Home) -> None:
    """With a modem that is ready the watch hears no failure any more."""
    modem = VirtualModem(home.folder / "modem", home.carrier, "+821000000000")
    await modem.start()
    async with watched(home) as (gateway, watch):
        await until(lambda: gateway.modem.why is None)
        await until(lambda: watch.seen and watch.seen[-1][0] == "/uuid")
        assert watch.seen[-1][1].startswith("failed=none linked=0\n")
    await modem.stop()


@in_loop
async def test_a_failed_part_is_told_as_such(home: Home) -> None:
    """A modem that is not there is no silence: the watch hears which part it is."""
    async with watched(home) as (_gateway, watch):
        await until(lambda: any(isinstance(fact, PartFailed) for fact in home.told))
        await until(lambda: any(path == "/uuid/fail" for path, _body in watch.seen))
    body = next(body for path, body in watch.seen if path == "/uuid/fail")
    assert body.startswith("failed=modem linked=0\n")
