"""What goes wrong on a line: the account, the provider, the stack's process. Never the gateway."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.calls.line import Digit, Ended
from gateway.telephone import said, sip
from gateway.telephone.sip import SipLine
from tests.gateway.telephone import phones, registrar
from tests.tree import ROOT
from tools.home.sipp import Sipp, free_port
from tools.home.sipp_scenario import Press, Step, Wait, answers, rings


@pytest.mark.long
def test_a_registered_account(tmp_path: Path) -> None:
    """With a password the line is good once the provider has checked it, digest and all."""

    async def register() -> None:
        provider = Sipp(tmp_path, registrar.registers(), "-m", "1")
        account = phones.line_to(provider.address, password=registrar.PASSWORD)
        async with provider, account:
            assert await provider.ends() == 0

    phones.run(register())


@pytest.mark.long
@pytest.mark.parametrize(
    "scenario", [registrar.refuses("403 Forbidden"), registrar.registers("another")]
)
def test_a_refused_account_is_a_dead_line(tmp_path: Path, scenario: str) -> None:
    """An account that is not known, or a wrong password: the line says so and nobody is called."""

    async def register() -> str:
        changes: list[str] = []
        async with Sipp(tmp_path, scenario) as provider:
            account = phones.account(provider.address, password=registrar.PASSWORD)
            line = SipLine(account, 1, changes.append)
            await line.start()
            await phones.until(lambda: "403" in line.down)
            assert phones.is_dead(await line.dial(phones.NUMBER, 100))
            await line.close()
        return changes[-1]

    assert "403 Forbidden" in phones.run(register())


@pytest.mark.long
def test_a_provider_that_is_gone(tmp_path: Path) -> None:
    """Nobody at the address: no ring, no answer, and it is the line's fault."""

    async def call() -> None:
        async with phones.line_to(f"127.0.0.1:{free_port()}") as line:
            assert phones.is_dead(await line.dial(phones.NUMBER, 300))
        async with Sipp(tmp_path, rings()) as called, phones.line_to(called.address) as line:
            dialling = asyncio.create_task(line.dial(phones.NUMBER, 60_000))
            await asyncio.sleep(0.1)
            assert line.pid is not None
            os.kill(line.pid, signal.SIGKILL)
            assert phones.is_dead(await dialling)

    phones.run(call())


@pytest.mark.long
def test_the_stack_is_killed_in_a_call(tmp_path: Path) -> None:
    """The call ends and says that it was not her; the line is dead, comes back, and calls again."""
    steps: list[Step] = [Wait(50), Press("7"), Wait(20_000)]

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address, lines=2) as line:
            call, before = await phones.opened(line), line.pid
            assert await call.heard(phones.PATIENCE_MS) == Digit("7")
            assert before is not None
            os.kill(before, signal.SIGKILL)
            ended = await call.heard(phones.PATIENCE_MS)
            assert isinstance(ended, Ended)
            assert ended.why
            assert phones.is_dead(await line.dial(phones.NUMBER, 100))
            await phones.until_up(line)
            assert line.pid != before
            assert await (await phones.opened(line)).heard(phones.PATIENCE_MS) == Digit("7")
            assert await call.heard(1) == ended  # the old call stays over

    phones.run(call())


@pytest.mark.long
def test_a_stack_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that says nothing any more is killed, and its calls end."""
    monkeypatch.setattr(said, "SILENT_MS", 300)
    monkeypatch.setattr(sip, "_CLOSE_S", 0.1)
    script = """
import sys, time, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.stdin.readline(); print('{"beat":""}', flush=True); sys.stdin.readline()
print('{"call":1,"is":"open","why":""}', flush=True); time.sleep(60)
"""

    async def call() -> None:
        line = SipLine(phones.account("x"), 1, command=(sys.executable, "-c", script))
        await line.start()
        await phones.until_up(line)
        call, hung = await phones.opened(line), line.pid
        ended = await call.heard(phones.PATIENCE_MS)
        assert isinstance(ended, Ended)
        assert "hung" in ended.why
        await phones.until_up(line)
        assert line.pid != hung
        await line.close()

    phones.run(call())


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("", "ended (0)"),
        ("import os; os.abort()", "ended (-6)"),
        ("print('x' * 3000000)", "hung"),  # a line without end
        ("print('Segmentation fault'); print('[1]'); print('null'); raise SystemExit(9)", "(9)"),
    ],
)
def test_a_stack_that_never_comes_up(
    monkeypatch: pytest.MonkeyPatch, script: str, why: str
) -> None:
    """It is started again and again, more and more slowly; what it chatters is no answer."""
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr("gateway.telephone.sip.asyncio.sleep", sleep)

    async def lives() -> None:
        line = SipLine(phones.account("x"), 1, command=(sys.executable, "-c", script))
        await line.start()
        while len(slept) < 3:
            await real(0.01)
            assert line.down
        assert why in line.down
        await line.close()

    phones.run(lives())
    assert slept[:3] == [1, 2, 4]


GARBLED = """
import json, sys
def say(line): print(line, flush=True)
sys.stdin.readline()
for line in ('{"call":[],"is":"open"}', '{"call":{},"heard":"digit"}', "[" * 200_000):
    say(line)
say('{"beat":""}')
sys.stdin.readline()
say('{"call":1,"is":"open","why":""}')
for line in ('{"call":1,"pcm":5}', '{"call":1,"pcm":"?"}', '{"call":1,"pcm":"AAA"}'):
    say(line)
say('{"call":1,"heard":"digit","key":"5"}')
say(json.dumps({"call": 1, "heard": "ended", "why": "gone\\n" + "x" * 90_000}))
sys.stdin.readline()
"""


def test_what_a_broken_stack_says_breaks_nothing_here() -> None:
    """Lines that are none, sound that is none, a reason without end: the call goes on, and ends."""

    async def call() -> None:
        line = SipLine(phones.account("x"), 1, command=(sys.executable, "-c", GARBLED))
        await line.start()
        await phones.until_up(line)
        opened = await phones.opened(line)
        assert await opened.heard(phones.PATIENCE_MS) == Digit("5")
        ended = await opened.heard(phones.PATIENCE_MS)
        assert isinstance(ended, Ended)
        assert ended.why.isprintable()
        assert len(ended.why) <= said.WHY_MOST
        await line.close()

    phones.run(call())


def test_no_program_to_start() -> None:
    """A stack that cannot be started at all is a dead line, not a dead gateway."""

    async def lives() -> str:
        line = SipLine(phones.account("x"), 1, command=("/nowhere/python",))
        await line.start()
        await phones.until(lambda: "starting" not in line.down)
        why = line.down
        await line.close()
        return why

    assert "cannot be started" in phones.run(lives())


def test_a_stack_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line says what to install, and no process is started over and over again for it."""
    monkeypatch.setattr(sip, "_STACK", "no_such_stack")

    async def lives() -> tuple[str, int | None]:
        line = SipLine(phones.account("x"), 1)
        await line.start()
        await phones.until(lambda: "starting" not in line.down)
        seen = line.down, line.pid
        await line.close()
        return seen

    why, pid = phones.run(lives())
    assert "is not installed: python -m pip install" in why
    assert pid is None


@pytest.mark.long
def test_the_password_stands_in_no_list_of_processes(tmp_path: Path) -> None:
    """Neither the arguments nor the environment of the process carry it."""

    async def look() -> None:
        async with Sipp(tmp_path, registrar.registers()) as provider:
            account = phones.line_to(provider.address, password=registrar.PASSWORD)
            async with account as line:
                process = Path(f"/proc/{line.pid}")
                seen = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
                assert b"sip_process" in seen
                assert registrar.PASSWORD.encode() not in seen

    phones.run(look())


@pytest.mark.long
def test_the_stack_does_not_outlive_a_killed_gateway(tmp_path: Path) -> None:
    """A gateway that vanishes in a call takes its calls with it: the called one is hung up on."""
    script = """
import asyncio, sys
from tests.gateway.telephone import phones
async def main():
    async with phones.line_to(sys.argv[1]) as line:
        call = await phones.opened(line)
        print(line.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""

    async def call() -> None:
        async with Sipp(tmp_path, answers([], tmp_path), "-m", "1") as called:
            gateway = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", script, called.address),
                cwd=ROOT,
                stdout=subprocess.PIPE,
            )
            assert gateway.stdout is not None
            stack = int(await gateway.stdout.readline())
            gateway.kill()
            await gateway.wait()
            assert await called.ends() == 0  # SIPp had its BYE
            await phones.until(lambda: not Path(f"/proc/{stack}").exists())

    phones.run(call())
