"""A line on a bad day: a computer held up, ends that were lost, a stack that is stuck."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from gateway.calls.line import Digit, Ended, NoAnswer
from gateway.telephone import sip
from gateway.telephone.sip import SipLine
from tests.gateway.telephone import phones
from tools.home.sipp import Sipp
from tools.home.sipp_scenario import HangUp, Press, Step, Wait, answers, rings

SCAN = """{method} sip:anbu@127.0.0.1 SIP/2.0\r
Via: SIP/2.0/UDP 127.0.0.1:{at};branch=z9hG4bK{number}\r
From: <sip:stranger@127.0.0.1>;tag={number}\r
To: <sip:anbu@127.0.0.1>\r
Call-ID: scan{number}\r
CSeq: 1 {method}\r
Contact: <sip:stranger@127.0.0.1:{at}>\r
Max-Forwards: 70\r
Content-Length: 0\r
\r
"""
STUCK = """
import asyncio, time
from baresip.events import Event
from baresip.runtime import Runtime, lib
from gateway.telephone import sip_process
real = Runtime._on_native_event
def stuck(self, event, handle, payload):  # in the stack's own thread
    real(self, event, handle, payload)
    if event == lib.BP_EV_BASE + Event.CALL_DTMF_START:
        time.sleep(60)
Runtime._on_native_event = stuck
class Quick(Runtime):
    def __init__(self): super().__init__(command_timeout=0.3)
sip_process.Runtime = Quick
sip_process.said.BEAT_MS = 100
asyncio.run(sip_process.main())
"""


@pytest.mark.long
def test_a_computer_that_is_held_up_loses_no_key(tmp_path: Path) -> None:
    """Presses that are all read in one instant, after the process could not run, count each."""
    keys = "1122"
    steps: list[Step] = [Wait(300), *map(Press, keys), Wait(1_500), HangUp()]

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address) as line:
            call = await phones.opened(line)
            assert line.pid is not None
            os.kill(line.pid, signal.SIGSTOP)
            await asyncio.sleep(1.4)
            os.kill(line.pid, signal.SIGCONT)
            assert await phones.all_heard(call) == [*map(Digit, keys), Ended("")]

    phones.run(call())


@pytest.mark.long
def test_a_stack_whose_own_thread_is_stuck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers no order: its process ends, the call with it, as the line's fault; then anew.

    Nothing is left behind: no process, no folder of the stack's.
    """
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    steps: list[Step] = [Wait(50), Press("7"), Wait(20_000)]

    async def call() -> None:
        called = Sipp(tmp_path / "sipp", answers(steps, tmp_path))
        async with called:
            account = phones.account(called.address)
            line = SipLine(account, 1, command=(sys.executable, "-c", STUCK))
            await line.start()
            await phones.until_up(line)
            call, stuck = await phones.opened(line), line.pid
            ended = (await phones.all_heard(call))[-1]
            assert isinstance(ended, Ended)
            assert "ended (3)" in ended.why
            await phones.until_up(line)
            assert line.pid != stuck
            assert stuck is not None
            with pytest.raises(ProcessLookupError):
                os.kill(stuck, 0)
            await line.close()

    phones.run(call())
    assert not list(tmp_path.rglob("*baresip-*"))


@pytest.mark.long
def test_a_killed_stack_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the stack keeps on disk goes with it, however it ends."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    def kept() -> list[Path]:
        return list(tmp_path.rglob("*baresip-*"))

    async def live() -> None:
        async with phones.line_to("127.0.0.1:9") as line:
            assert kept()
            assert line.pid is not None
            os.kill(line.pid, signal.SIGKILL)
            await phones.until(lambda: "-9" in line.down)

    phones.run(live())
    assert not list(tmp_path.iterdir())


def test_a_dialling_that_was_given_up_is_hung_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is too slow to say what became of a call: nobody is rung for nothing."""
    monkeypatch.setattr(sip, "_GRACE_MS", 50)
    orders = tmp_path / "orders"
    script = """
import sys
print('{"beat":""}', flush=True)
for line in sys.stdin: print(line, end="", file=open(sys.argv[1], "a"), flush=True)
"""

    async def call() -> None:
        line = SipLine(phones.account("x"), 1, command=(sys.executable, "-c", script, str(orders)))
        await line.start()
        await phones.until_up(line)
        assert phones.is_dead(await line.dial(phones.NUMBER, 50))
        await phones.until(lambda: "hang_up" in orders.read_text(encoding="utf-8"))
        await line.close()

    phones.run(call())


@pytest.mark.long
def test_a_press_whose_end_was_lost(tmp_path: Path) -> None:
    """All three ends gone on the way: it hides one press of the same key, not those after it."""
    lost = Press("1", ends=False)
    steps: list[Step] = [Wait(50), lost, Wait(500), Press("1"), Wait(500), Press("1"), HangUp()]

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address) as line:
            heard = await phones.all_heard(await phones.opened(line))
        assert heard == [Digit("1"), Digit("1"), Ended("")]

    phones.run(call())


@pytest.mark.long
def test_a_hang_up_nobody_confirms_frees_the_line(tmp_path: Path) -> None:
    """A BYE that is lost holds no line: the next call is made at once."""
    steps: list[Step] = [Wait(60_000)]  # it takes no BYE

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address) as line:
            for _ in range(3):  # one after the other, on the one line there is
                assert await (await phones.opened(line)).hang_up() == b""
            assert line.down == ""

    phones.run(call())


@pytest.mark.long
def test_a_cancel_nobody_confirms_frees_the_line(tmp_path: Path) -> None:
    """Rings, and takes no CANCEL: it was not answered, and the next is called at once."""
    deaf = rings().replace('<recv request="CANCEL"/>', '<pause milliseconds="60000"/>')

    async def call() -> None:
        called = Sipp(tmp_path, deaf)
        async with called, phones.line_to(called.address) as line:
            for _ in range(3):
                assert await line.dial(phones.NUMBER, 200) == NoAnswer()

    phones.run(call())


@pytest.mark.long
def test_whoever_rings_the_line_and_gives_up_at_once_breaks_nothing() -> None:
    """An INVITE and its CANCEL in one breath, as scanners send them: the stack lives on."""

    async def ring() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1", 0))
            stranger.settimeout(5)
            at = stranger.getsockname()[1]
            async with phones.line_to(f"127.0.0.1:{at}", lines=3) as line:
                before = line.pid
                dialling = asyncio.create_task(line.dial(phones.NUMBER, 3_000))
                offer = await asyncio.to_thread(stranger.recv, 4096)
                contact = re.search(rb"Contact: <sip:anbu@127.0.0.1:(\d+)>", offer)
                assert contact is not None
                for number in range(30):
                    for method in ("INVITE", "CANCEL"):
                        said = SCAN.format(method=method, number=number, at=at).encode()
                        stranger.sendto(said, ("127.0.0.1", int(contact[1])))
                await asyncio.sleep(0.5)
                assert (line.pid, line.down) == (before, "")
                dialling.cancel()

    phones.run(ring())
