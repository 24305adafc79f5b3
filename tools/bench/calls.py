"""`anbu bench calls`: does every key arrive once, how soon does a call stand, how many at once.

Knows: the two parts and how they are told. May not know: how a call is made or answered.

The line is the gateway's own, process and all; SIPp is the called party and presses keys in every
call while a sentence is played to it. Set-up is from `dial` to the open call; SIPp answers at once.
For the second part the stack's process is held on one core, SIPp takes another.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from gateway.calls.line import Digit, Ended
from gateway.telephone.said import SipAccount
from gateway.telephone.sip import SipCall, SipLine
from tools.bench.percentile import percentile
from tools.bench.progress import Progress
from tools.home.sipp import LOOPBACK, Sipp
from tools.home.sipp_scenario import Press, Step, Wait, answers, tone

KEYS = "1122334567890*#"
AT_ONCE = 40
STAIRS = (25, 50, 100, 150, 200, 300)
ONCE_AIM, SETUP_AIM_MS = 0.999, 100.0
_ALL_AT_ONCE = max(STAIRS)
_NUMBER = "01012345678"
_RING_MS, _PATIENCE_MS = 10_000, 5_000
_SENTENCE_MS = 2_000
_MORE_MS = 300
_LIFE_S = 2.0  # some way below what a call takes: as many as may be open soon are


@dataclass(slots=True)
class Made:
    """What came of many calls."""

    calls: int = 0
    not_opened: int = 0
    pressed: int = 0
    once: int = 0  # keys that were heard, once and in their place
    setups_ms: list[float] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """As one object."""
        setups = self.setups_ms or [0.0]
        return {
            "calls": self.calls,
            "not_opened": self.not_opened,
            "keys_pressed": self.pressed,
            "keys_once": self.once,
            "once_share": round(self.once / max(1, self.pressed), 6),
            "setup_ms": {
                "p50": round(percentile(setups, 50), 1),
                "p99": round(percentile(setups, 99), 1),
                "last": round(max(setups), 1),
            },
        }

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it."""
        told = self.report()
        good = told["once_share"] >= ONCE_AIM and not self.not_opened
        return bool(good and told["setup_ms"]["p99"] <= SETUP_AIM_MS)


def in_place(heard: str, pressed: str) -> int:
    """How many of the pressed keys were heard once and in order; a key too many counts against."""
    kept = 0
    for was, is_ in zip(pressed, heard, strict=False):
        if was != is_:
            break
        kept += 1
    return max(0, kept - max(0, len(heard) - len(pressed)))


async def _one(line: SipLine, made: Made, sentence: str, keys: str) -> None:
    made.calls += 1
    made.pressed += len(keys)
    began_s = time.perf_counter()
    call = await line.dial(_NUMBER, _RING_MS)
    if not isinstance(call, SipCall):
        made.not_opened += 1
        return
    made.setups_ms.append((time.perf_counter() - began_s) * 1000)
    await call.play([sentence])
    heard = ""
    while len(heard) < len(keys):
        one = await call.heard(_PATIENCE_MS)
        if one is None or isinstance(one, Ended):
            break
        if isinstance(one, Digit):
            heard += one.key
            await call.play([sentence])
    while isinstance(one := await call.heard(_MORE_MS), Digit):  # a key too many would be heard now
        heard += one.key
    await call.hang_up()
    made.once += in_place(heard, keys)


async def _many(
    line: SipLine, calls: int, at_once: int, sentence: str, keys: str, progress: Progress, name: str
) -> Made:
    """So many calls, begun one after the other: a queue does not begin all in one instant."""
    made, turn = Made(), asyncio.Semaphore(at_once)
    tasks = set()

    async def one() -> None:
        try:
            await _one(line, made, sentence, keys)
        finally:
            turn.release()
        progress.at(name, made.calls, calls)

    for _ in range(calls):
        await turn.acquire()
        tasks.add(asyncio.create_task(one()))
        await asyncio.sleep(_LIFE_S / at_once)
    await asyncio.gather(*tasks)
    return made


async def _up(line: SipLine) -> None:
    while line.down:  # noqa: ASYNC110  # another process makes it so
        await asyncio.sleep(0.01)


def _worked_s(pid: int) -> float | None:
    """Processor seconds the process has had; None where it is gone: it broke under its calls."""
    if not Path(f"/proc/{pid}/stat").exists():
        return None
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measured(calls: int, stairs: tuple[int, ...], folder: Path, keys: str) -> dict[str, Any]:
    """Both parts, as one object."""
    progress = Progress()
    sentence = tone(folder / "sentence.wav", _SENTENCE_MS)
    steps: list[Step] = [Wait(100), *map(Press, keys)]
    called = Sipp(folder, answers(steps, folder), "-l", str(_ALL_AT_ONCE + AT_ONCE))
    async with called:
        account = SipAccount(
            "anbu", LOOPBACK, called.address, "udp", media_encrypted=False, interface=LOOPBACK
        )
        line = SipLine(account, _ALL_AT_ONCE)
        await line.start()
        try:
            await _up(line)
            progress.begin("calls")
            made = await _many(line, calls, AT_ONCE, sentence, keys, progress, "calls")
            progress.begin("at once on one core")
            climbed = [await _stair(line, n, sentence, keys, progress) for n in stairs]
            progress.end()
        finally:
            await line.close()
    whole = [row["at_once"] for row in takewhile(lambda row: row["holds"], climbed)]
    return {
        **made.report(),
        "holds": made.holds,
        "one_core": climbed,
        "calls_at_once_on_one_core": max(whole, default=0),
    }


async def _stair(
    line: SipLine, at_once: int, sentence: str, keys: str, progress: Progress
) -> dict[str, Any]:
    """So many calls at the same time, the stack's process on one core."""
    await _up(line)  # it may have broken under the stair before
    pid = line.pid or 0
    for task in Path(f"/proc/{pid}/task").iterdir():  # noqa: ASYNC240  # a list in memory
        os.sched_setaffinity(int(task.name), {0})
    worked_s, began_s = _worked_s(pid), time.perf_counter()
    made = await _many(line, at_once, at_once, sentence, keys, progress, "at once on one core")
    ended_s, took_s = _worked_s(pid), time.perf_counter() - began_s
    told = made.report()
    return {
        "at_once": at_once,
        "core_share": _share(worked_s, ended_s, took_s),
        "once_share": told["once_share"],
        "setup_p99_ms": told["setup_ms"]["p99"],
        "not_opened": made.not_opened,
        "holds": made.once == made.pressed and not made.not_opened,
    }


def _share(began_s: float | None, ended_s: float | None, took_s: float) -> float | None:
    return None if began_s is None or ended_s is None else round((ended_s - began_s) / took_s, 2)


def run(calls: int, *, as_json: bool) -> int:
    """Measure and tell; 1 where a key was lost or doubled too often, or a call stood too late."""
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(measured(calls, STAIRS, Path(folder), KEYS))
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        _tell(told)
    return 0 if told["holds"] else 1


def _percent(share: float | None) -> str:
    return f"{share:.0%}" if share is not None else "?"


def _tell(told: dict[str, Any]) -> None:
    setup = told["setup_ms"]
    print(f"{told['calls']} calls, {told['not_opened']} not opened")
    print(f"{told['keys_once']} of {told['keys_pressed']} keys heard once and in order")
    print(f"set-up p50 {setup['p50']} ms, p99 {setup['p99']} ms, the last {setup['last']} ms")
    for row in told["one_core"]:
        print(
            f"{row['at_once']:4} at once: {_percent(row['core_share'])} of a core, "
            f"{row['once_share']:.2%} of the keys once, set-up p99 {row['setup_p99_ms']} ms, "
            f"{row['not_opened']} not opened"
        )
    print(f"calls at once on one core, every key right: {told['calls_at_once_on_one_core']}")
